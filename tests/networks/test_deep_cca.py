import pickle

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from torch import nn

from mmlearn_edu.fusion import AverageFusion, ConcatFusion
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks import DeepCCA, total_correlation
from mmlearn_edu.representations import CCA
from tests.conformance import SideBySide, TwoHalves, contract


@contract(
    TwoHalves(SideBySide(DeepCCA(1, hidden=(4,), epochs=2, random_state=0))),
    TwoHalves(SideBySide(DeepCCA(1, hidden=(), regularization=0.1, validation_share=0, epochs=2, random_state=0))),
)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def circles(n_samples=600, seed=0, dtype=np.float32):
    """Points on a circle, and on another that goes round twice as fast: the same angle, and no sum that agrees."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, size=n_samples)
    views = {
        "slow": np.column_stack([np.cos(angle), np.sin(angle), rng.normal(size=n_samples)]),
        "fast": np.column_stack([np.cos(2 * angle), np.sin(2 * angle)]),
    }
    return Modalities({name: a.astype(dtype) for name, a in views.items()})


QUICK = {"n_components": 2, "hidden": (32,), "epochs": 40, "learning_rate": 0.02}


@pytest.fixture(scope="module")
def fitted():
    return DeepCCA(**QUICK, random_state=0).fit(circles())


@pytest.mark.parametrize("seed", range(5))
def test_finds_what_is_common_where_anything_is(seed):
    """Linear CCA finds nothing here; and with the partners shuffled nobody does, on pairs held out."""
    X = circles(900, seed)
    here, there = X[:600], X[600:]
    assert DeepCCA(**QUICK, random_state=seed).fit(here).score(there) > 0.85
    assert abs(CCA(2).fit(here).score(there)) < 0.2
    order = np.random.default_rng(seed).permutation(600)
    shuffled = Modalities({"slow": here["slow"], "fast": here["fast"][order]})
    assert abs(DeepCCA(**QUICK, random_state=seed).fit(shuffled).score(there)) < 0.2


class Unmoved(nn.Module):
    """The identity, with one weight that moves nothing, because Adam wants one."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, X):
        return X + 0 * self.weight


@pytest.mark.parametrize("regularization", [1e-3, 0.2])
def test_with_networks_that_do_nothing_it_is_cca(regularization):
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(200, 3))
    X = {"a": hidden + rng.normal(size=(200, 3)), "b": hidden @ rng.normal(size=(3, 3)) + rng.normal(size=(200, 3))}
    deep = DeepCCA(3, regularization=regularization, encoders={"a": Unmoved, "b": Unmoved}, epochs=2).fit(X)
    cca = CCA(3, regularization).fit(X)
    np.testing.assert_allclose(deep.correlations_, cca.correlations_, atol=1e-5)
    for name in X:
        np.testing.assert_allclose(deep.transform(X)[name], cca.transform(X)[name], atol=1e-4)
    assert deep.score(X) == pytest.approx(cca.score(X), abs=1e-5)


def test_the_history_is_minus_the_total_correlation():
    X = circles(100)
    settings = {"epochs": 1, "learning_rate": 1e-9, "validation_share": 0, "random_state": 0}
    deep = DeepCCA(2, regularization=0.3, **settings).fit(X)
    with torch.no_grad():
        codes = [deep.encoders_[name](torch.from_numpy(X[name])) for name in X.names]
    assert deep.history_.train[0] == pytest.approx(-total_correlation(*codes, 0.3).item(), rel=1e-3)
    assert deep.correlations_.sum() == pytest.approx(-deep.history_.train[0], rel=1e-3)


def test_linear_networks_find_what_cca_finds():
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(500, 2))
    X = {name: hidden @ rng.normal(size=(2, 5)) + 0.5 * rng.normal(size=(500, 5)) for name in "ab"}
    settings = {"validation_share": 0, "epochs": 300, "patience": 100, "learning_rate": 0.02, "random_state": 0}
    deep = DeepCCA(2, hidden=(), **settings).fit(X)
    np.testing.assert_allclose(deep.correlations_, CCA(2, 0.001).fit(X).correlations_, atol=0.01)


def test_the_shared_space_is_white(fitted):
    Z = fitted.transform(circles())
    assert repr(Z) == "Modalities(slow: (600, 2), fast: (600, 2))"
    R = np.diag(fitted.correlations_)
    covariance = np.cov(np.hstack([Z["slow"], Z["fast"]]), rowvar=False)
    np.testing.assert_allclose(covariance, np.block([[np.eye(2), R], [R, np.eye(2)]]), atol=0.01)
    assert fitted.get_feature_names_out()["slow"].tolist() == ["slow_dcca0", "slow_dcca1"]
    assert {Z[name].dtype for name in Z.names} == {np.dtype(np.float32)}


def test_one_modality_alone_sparse_and_in_any_order(fitted):
    X = circles()
    np.testing.assert_allclose(
        fitted.transform({"fast": X["fast"][:3]})["fast"], fitted.transform(X)["fast"][:3], atol=1e-5
    )
    sparse = {"slow": np.asfortranarray(X["slow"]), "fast": csr_array(X["fast"])}
    again = DeepCCA(**QUICK, random_state=0).fit(sparse)
    np.testing.assert_array_equal(again.transform(sparse)["fast"], fitted.transform(X)["fast"])


def test_learns_from_complete_samples_and_marks_the_others():
    X = circles(300)
    lost = np.arange(300) % 5 == 2
    fast = X["fast"].copy()
    fast[lost] = np.nan
    holes = Modalities({"slow": X["slow"], "fast": fast}, missing={"fast": lost})
    deep, again = DeepCCA(**QUICK, random_state=0).fit(holes), DeepCCA(**QUICK, random_state=0).fit(X[~lost])
    Z = deep.transform(holes)
    np.testing.assert_allclose(Z["fast"][~lost], again.transform(X)["fast"][~lost], atol=1e-4)
    assert np.isnan(Z["fast"][lost]).all()
    assert np.isfinite(Z["slow"]).all()
    np.testing.assert_array_equal(Z.missing["fast"], lost)
    assert deep.score(holes) == pytest.approx(deep.score(X[~lost]))


def test_one_seed_one_result_in_float32_and_float64(fitted):
    state = torch.get_rng_state()
    again = DeepCCA(**QUICK, random_state=0).fit(circles(dtype=np.float64))
    np.testing.assert_array_equal(again.transform(circles())["slow"], fitted.transform(circles())["slow"])
    assert again.history_ == fitted.history_
    assert torch.equal(torch.get_rng_state(), state)
    other = DeepCCA(**QUICK, random_state=1).fit(circles())
    assert not np.allclose(other.transform(circles())["slow"], fitted.transform(circles())["slow"], atol=0.1)


def test_cloned_pickled_searched_and_in_a_pipeline(fitted):
    X = circles()
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(X)["slow"], fitted.transform(X)["slow"])
    assert clone(fitted).get_params() == fitted.get_params()
    settings = {"hidden": [(), (32,)], "batch_size": np.array([300])}
    search = GridSearchCV(clone(fitted), settings, cv=2).fit(X)
    assert search.best_params_ == {"hidden": (32,), "batch_size": 300}
    right = X["fast"][:, 0] > 0
    pipe = make_pipeline(clone(fitted), AverageFusion(), LogisticRegression())
    assert cross_val_score(pipe, X, right, cv=2).min() > 0.8
    table = make_pipeline(clone(fitted), ConcatFusion()).set_output(transform="pandas").fit_transform(X)
    assert table.shape == (600, 4)


def batches_of(deep, n_pairs):
    """Return the sizes of the batches to learn from and to hold out, as train cuts them."""
    n_held_out = deep._held_out(n_pairs)
    size = deep._batch_size(n_pairs - n_held_out, n_held_out)
    return [[len(part) for part in torch.split(torch.zeros(n), size)] for n in (n_pairs - n_held_out, n_held_out) if n]


def test_batches_are_cut_evenly():
    assert batches_of(DeepCCA(validation_share=0), 513) == [[257, 256]]
    assert batches_of(DeepCCA(validation_share=0), 512) == [[512]]
    assert batches_of(DeepCCA(), 1000) == [[450, 450], [100]]
    assert batches_of(DeepCCA(batch_size=6), 40) == [[6, 6, 6, 6, 6, 5], [5]]


@pytest.mark.parametrize(
    ("share", "n_pairs", "learnt", "held_out", "last"),
    [(0.1, 39, 34, 5, 4), (0.3, 70, 49, 21, 1), (0, 16, 16, 0, 4)],
)
def test_says_that_a_last_batch_is_too_small(share, n_pairs, learnt, held_out, last):
    words = f"{learnt} pairs to learn from and {held_out} held out leave a last batch of {last}, with batch_size=5; "
    with pytest.raises(ValueError, match=words + f"n_components=2 needs 5: try batch_size={learnt}"):
        DeepCCA(validation_share=share, batch_size=5).fit(circles(n_pairs))


def test_holds_out_enough_to_say_something():
    deep = DeepCCA(3, epochs=1, random_state=0)
    X = Modalities(
        {"a": np.random.default_rng(0).normal(size=(20, 4)), "b": np.random.default_rng(1).normal(size=(20, 4))}
    )
    assert len(deep.fit(X).history_.validation) == 1
    assert batches_of(deep, 20) == [[13], [7]]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same(monkeypatch):
    scores = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        deep = DeepCCA(**QUICK, random_state=0).fit(circles(900)[:600])
        assert {w.device.type for encoder in deep.encoders_.values() for w in encoder.parameters()} == {"cpu"}
        scores[place] = deep.score(circles(900)[600:])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.05)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_components": 0}, "n_components=0, expected a whole number, 1 or more"),
        ({"hidden": 64}, "hidden=64, expected a tuple of whole numbers, 1 or more"),
        ({"regularization": 0}, r"regularization=0 not in \(0, 1\]; 0\.001 is a good start"),
        ({"regularization": np.nan}, "regularization=nan not in"),
        ({"regularization": "much"}, "regularization='much' not in"),
        ({"batch_size": 4}, "batch_size=4, expected 5 or more with n_components=2: fewer pairs than numbers"),
        (
            {"n_components": 10},
            "n_samples=40 have both modalities; DeepCCA needs 21 or more to learn",
        ),
        ({"epochs": 0}, "epochs=0, expected a whole number"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        DeepCCA(**settings).fit(circles(40))


def test_says_what_is_wrong_with_the_data(fitted):
    X = circles(40)
    with pytest.raises(ValueError, match=r"DeepCCA takes two modalities, got \['slow'\]; pick two"):
        DeepCCA().fit({"slow": X["slow"]})
    with pytest.raises(ValueError, match="Input slow contains NaN"):
        DeepCCA().fit({"slow": np.full((40, 2), np.nan), "fast": X["fast"]})
    with pytest.raises(ValueError, match="n_samples=1 have both modalities; DeepCCA needs 5 or more"):
        DeepCCA().fit(X[:1])
    with pytest.raises(ValueError, match=r"n_components=2 not in 1\.\.0, the directions in which 'slow' varies"):
        DeepCCA(epochs=1).fit({"slow": np.zeros((40, 2)), "fast": X["fast"]})
    with pytest.raises(ValueError, match=r"fitted on \['slow', 'fast'\], not on 'sound'; leave it out"):
        fitted.transform({"sound": X["slow"]})
    with pytest.raises(ValueError, match=r"a sample of slow has shape \(2,\), DeepCCA was fitted on \(3,\); prepare"):
        fitted.transform({"slow": X["fast"]})
    with pytest.raises(ValueError, match=r"a correlation needs two modalities .* got \['slow'\] and 40"):
        fitted.score({"slow": X["slow"]})
    with pytest.raises(FloatingPointError, match="or scale the data to about 1 first"):
        DeepCCA(learning_rate=1e30).fit(X)
    for call in (DeepCCA().transform, DeepCCA().score):
        with pytest.raises(NotFittedError):
            call(X)
