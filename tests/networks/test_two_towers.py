import pickle

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.evaluation import exact_ceiling, recall_at_k
from mmlearn_edu.features import CountVectorizer
from mmlearn_edu.fusion import ConcatFusion
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks import TwoTowers, infonce
from mmlearn_edu.networks._pairs import Encoders
from mmlearn_edu.networks.two_towers import Towers
from mmlearn_edu.representations import PerModality
from tests.conformance import SideBySide, TwoHalves, contract


@contract(
    TwoHalves(SideBySide(TwoTowers(3, hidden=(4,), epochs=2, random_state=0))),
    TwoHalves(
        SideBySide(TwoTowers(2, hidden=(), learn_temperature=False, validation_share=0, epochs=2, random_state=0))
    ),
)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def pairs(n_samples=300, seed=0, dtype=np.float32):
    """Two views of the same four numbers."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n_samples, 4))
    views = {"image": hidden @ rng.normal(size=(4, 8)), "text": hidden @ rng.normal(size=(4, 6))}
    return Modalities({name: a.astype(dtype) for name, a in views.items()})


QUICK = {"n_components": 8, "hidden": (32,), "epochs": 15, "learning_rate": 0.02}


@pytest.fixture(scope="module")
def fitted():
    return TwoTowers(**QUICK, random_state=0).fit(pairs())


@pytest.mark.parametrize("seed", range(5))
def test_finds_partners_where_there_are_any(seed):
    """With the partners shuffled, held-out pairs are at chance, 1 / 200."""
    X = pairs(700, seed)
    here, there = X[:500], X[500:]
    assert TwoTowers(**QUICK, random_state=seed).fit(here).score(there) > 0.6
    order = np.random.default_rng(seed).permutation(500)
    shuffled = Modalities({"image": here["image"], "text": here["text"][order]})
    assert TwoTowers(**QUICK, random_state=seed).fit(shuffled).score(there) < 0.03


def picture_network():
    layers = [nn.Conv2d(3, 8, 5, 2, 2), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(16 * 8 * 8, 8))


def scenes(n_samples):
    X = make_scenes(n_samples).X
    pictures = X["image"].transpose(0, 3, 1, 2) / np.float32(255)
    counts = CountVectorizer().fit_transform(X["text"])
    return Modalities({"image": pictures, "text": counts}), X["text"]


def test_pictures_with_a_network_of_their_own():
    """Small here; `docs/examples/retrieval_ceiling.py` comes near the ceiling."""
    X, captions = scenes(900)
    settings = {"encoders": {"image": picture_network}, "epochs": 12, "temperature": 0.2, "random_state": 0}
    towers = TwoTowers(8, **settings).fit(X[:700])
    ceiling = exact_ceiling(captions[700:].astype(str))
    assert 0.06 < towers.score(X[700:]) < ceiling  # chance is 0.005


@pytest.mark.parametrize("learn_temperature", [False, True])
def test_the_loss_is_infonce_of_the_codes(learn_temperature):
    X = pairs(60)
    settings = {"temperature": 0.5, "learn_temperature": learn_temperature, "batch_size": 100, "validation_share": 0}
    towers = TwoTowers(8, **settings, epochs=1, learning_rate=1e-9, random_state=0).fit(X)
    Z = {name: torch.from_numpy(codes) for name, codes in towers.transform(X).items()}
    assert towers.history_.train[0] == pytest.approx(infonce(Z["image"], Z["text"], 0.5).item(), rel=1e-5)
    assert towers.temperature_ == pytest.approx(0.5, rel=1e-5)


def test_the_temperature_is_learnt_or_kept(fitted):
    assert TwoTowers(**QUICK, learn_temperature=False, random_state=0).fit(pairs()).temperature_ == pytest.approx(0.07)
    assert 0.01 < fitted.temperature_ < 0.069
    hot = Towers([], temperature=0.011, learn_temperature=True)
    with torch.no_grad():
        hot.theta -= 100.0
    assert hot.temperature().item() == pytest.approx(0.01)


def test_codes_have_length_one_and_their_own_names(fitted):
    Z = fitted.transform(pairs())
    assert repr(Z) == "Modalities(image: (300, 8), text: (300, 8))"
    for name in Z.names:
        codes = Z[name]
        assert codes.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(codes, axis=1), 1, atol=1e-6)
    names = fitted.get_feature_names_out()
    assert names["text"].tolist() == [f"text_tower{i}" for i in range(8)]


def test_by_hand():
    """Give the towers weights: 3 and 4 become a code of length 1."""
    X = Modalities({"image": np.ones((4, 2)), "text": np.ones((4, 1))})
    towers = TwoTowers(2, hidden=(), epochs=1, random_state=0).fit(X)
    with torch.no_grad():
        for name, weight in {"image": [[3.0, 0.0], [0.0, 2.0]], "text": [[1.0], [0.0]]}.items():
            towers.encoders_[name][0][0].weight[:] = torch.tensor(weight)
            towers.encoders_[name][0][0].bias[:] = 0.0
    new = {"image": [[1.0, 2.0], [0.0, -5.0], [0.0, 0.0]], "text": [[7.0], [1.0], [-1.0]]}
    Z = towers.transform(new)
    np.testing.assert_allclose(Z["image"], [[0.6, 0.8], [0.0, -1.0], [0.0, 0.0]], atol=1e-7)
    np.testing.assert_allclose(Z["text"], [[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]], atol=1e-7)
    # cosines .6 .6 -.6 / 0 0 0 / 0 0 0: images find their text in 1/2, 1/3, 1/3 of all orders, texts in 1, 0, 1/2
    assert towers.score(new) == pytest.approx((7 / 18 + 1 / 2) / 2)


def test_rounding_decides_nothing(fitted, monkeypatch):
    """Copies of one caption, whose codes differ in the last digit in favour of the right one."""
    Z = np.full((4, 4), 0.5) + 1e-7 * np.eye(4)
    monkeypatch.setattr(TwoTowers, "transform", lambda towers, X: Modalities({"image": Z, "text": Z}))
    assert fitted.score(pairs(4)) == pytest.approx(1 / 4)


def test_score_is_the_recall_of_both_directions(fitted):
    new = pairs(100, seed=0)
    Z = fitted.transform(new)
    cosines = Z["image"].astype(float) @ Z["text"].T
    assert fitted.score(new) == pytest.approx((recall_at_k(cosines, 1) + recall_at_k(cosines.T, 1)) / 2, abs=0.02)
    twice = Modalities({name: np.repeat(a, 2, axis=0) for name, a in new.items()})
    assert fitted.score(twice) == pytest.approx(fitted.score(new) / 2)  # of two copies each is found half the time


def test_one_modality_alone(fitted):
    X = pairs()
    alone = fitted.transform({"text": X["text"][:3]})
    assert alone.names == ("text",)
    np.testing.assert_allclose(alone["text"], fitted.transform(X)["text"][:3], atol=1e-6)
    backwards = fitted.transform(Modalities({"text": X["text"], "image": X["image"]}))
    np.testing.assert_array_equal(backwards["image"], fitted.transform(X)["image"])


def test_a_bank_of_any_length(fitted):
    """It is encoded a part at a time."""
    X = pairs(2500)
    Z = fitted.transform(X)
    np.testing.assert_allclose(Z["image"][2400:], fitted.transform(X[2400:])["image"], atol=1e-6)


def test_learns_from_complete_samples_and_marks_the_others():
    X = pairs()
    lost = np.arange(300) % 5 == 2
    text = X["text"].copy()
    text[lost] = np.nan
    holes = Modalities({"image": X["image"], "text": text}, missing={"text": lost})
    towers = TwoTowers(**QUICK, random_state=0).fit(holes)
    again = TwoTowers(**QUICK, random_state=0).fit(X[~lost])
    Z = towers.transform(holes)
    np.testing.assert_allclose(Z["text"][~lost], again.transform(X)["text"][~lost], atol=1e-6)
    assert np.isnan(Z["text"][lost]).all()
    assert np.isfinite(Z["image"]).all()
    np.testing.assert_array_equal(Z.missing["text"], lost)
    assert towers.score(holes) == pytest.approx(towers.score(X[~lost]))
    nobody = towers.transform(Modalities({"text": text[:2]}, missing={"text": [True, True]}))
    assert np.isnan(nobody["text"]).all()


def test_sparse_counts_integers_and_any_order_of_memory(fitted):
    X = pairs()
    sparse = Modalities({"image": np.asfortranarray(X["image"]), "text": csr_array(X["text"])})
    again = TwoTowers(**QUICK, random_state=0).fit(sparse)
    np.testing.assert_array_equal(again.transform(sparse)["text"], fitted.transform(X)["text"])
    whole = {"image": np.eye(12, dtype=np.uint8), "text": np.arange(12)[:, None]}
    assert TwoTowers(2, epochs=1, random_state=0).fit(whole).transform(whole)["image"].dtype == np.float32


def test_one_seed_one_result_in_float32_and_float64(fitted):
    state = torch.get_rng_state()
    again = TwoTowers(**QUICK, random_state=0).fit(pairs(dtype=np.float64))
    np.testing.assert_array_equal(again.transform(pairs())["text"], fitted.transform(pairs())["text"])
    assert again.history_ == fitted.history_
    assert torch.equal(torch.get_rng_state(), state)
    other = TwoTowers(**QUICK, random_state=1).fit(pairs())
    assert not np.allclose(other.transform(pairs())["text"], fitted.transform(pairs())["text"], atol=0.1)


def test_networks_of_your_own_begin_as_random_state_says():
    X, _ = scenes(40)
    first, again, other = (
        TwoTowers(8, encoders={"image": picture_network}, epochs=1, random_state=seed).fit(X) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first.transform(X)["image"], again.transform(X)["image"])
    assert not np.allclose(first.transform(X)["image"], other.transform(X)["image"], atol=0.01)
    thawed = pickle.loads(pickle.dumps(first))
    np.testing.assert_array_equal(thawed.transform(X)["image"], first.transform(X)["image"])


def plain_network():
    """First weights that no seed decides, and a count of the batches it saw while learning."""
    linear = nn.Linear(8, 8)
    nn.init.eye_(linear.weight)
    nn.init.zeros_(linear.bias)
    return nn.Sequential(linear, nn.BatchNorm1d(8))


def test_random_state_decides_first_weights_and_also_batches():
    still = {"epochs": 1, "learning_rate": 1e-9}
    first, other = (TwoTowers(8, **still, random_state=seed).fit(pairs()) for seed in (0, 1))
    assert not np.allclose(first.transform(pairs())["text"], other.transform(pairs())["text"], atol=0.01)
    X = Modalities({"image": pairs()["image"], "text": pairs()["image"]})
    built = {"encoders": {"image": plain_network, "text": plain_network}, "epochs": 1}
    first, other = (TwoTowers(8, **built, random_state=seed).fit(X) for seed in (0, 1))
    assert first.history_ != other.history_
    once = TwoTowers(8, **built, batch_size=300, validation_share=0).fit(X)
    assert once.encoders_["image"][0][1].num_batches_tracked == 1  # trying it on two samples left no trace


def test_cloned_pickled_searched_and_in_a_pipeline(fitted):
    X = pairs()
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(X)["text"], fitted.transform(X)["text"])
    assert again.history_ == fitted.history_
    assert clone(fitted).get_params() == fitted.get_params()
    search = GridSearchCV(clone(fitted), {"n_components": [1, 8], "batch_size": np.array([64])}, cv=2).fit(X)
    assert search.best_params_ == {"n_components": 8, "batch_size": 64}
    scaled = PerModality({"image": StandardScaler(), "text": StandardScaler()})
    table = make_pipeline(scaled, clone(fitted), ConcatFusion()).set_output(transform="pandas").fit_transform(X)
    assert table.shape == (300, 16)


@pytest.mark.parametrize(
    "X",
    [np.ones((20, 1)), np.zeros((4, 3)), np.repeat([[1.0, 5.0]], 9, axis=0), np.eye(5, 200)],
    ids=["one column", "zeros", "duplicates", "wide"],
)
def test_shapes_out_of_the_ordinary(X):
    towers = TwoTowers(3, epochs=2, batch_size=3, random_state=0).fit({"image": X, "图": X})
    Z = towers.transform({"图": X[:1]})["图"]
    assert Z.shape == (1, 3)
    assert np.isfinite(Z).all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same(monkeypatch):
    scores = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        towers = TwoTowers(**QUICK, random_state=0).fit(pairs(700)[:500])
        assert {w.device.type for encoder in towers.encoders_.values() for w in encoder.parameters()} == {"cpu"}
        scores[place] = towers.score(pairs(700)[500:])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.05)


def flat():
    return nn.Flatten()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_components": 0}, "n_components=0, expected a whole number, 1 or more"),
        ({"hidden": 64}, "hidden=64, expected a tuple of whole numbers, 1 or more"),
        ({"temperature": 0.01}, r"temperature=0\.01, expected a number above 0\.01; 0\.07 is a good start"),
        ({"temperature": 0.0, "learn_temperature": False}, r"temperature=0\.0, expected a number above 0;"),
        ({"temperature": np.nan}, "temperature=nan, expected"),
        ({"temperature": "hot"}, "temperature='hot', expected"),
        ({"batch_size": 1}, "batch_size=1, expected 2 or more: one pair has no wrong answers"),
        ({"epochs": 0}, "epochs=0, expected a whole number"),
        ({"validation_share": 1}, r"validation_share=1 not in \[0, 1\)"),
        ({"encoders": {"image": nn.Linear(8, 32)}}, r"encoders\['image'\] is Linear, expected a function without"),
        ({"encoders": {"image": 3}}, r"encoders\['image'\] is int, expected a function"),
        ({"encoders": {"imgae": flat}}, r"encoders for \['imgae'\], but the modalities are \['image', 'text'\]"),
        ({"encoders": {"image": flat}}, r"makes \(2, 8\) of \(2, 8\), expected one row of n_components=32 numbers"),
        ({"encoders": {"image": picture_network}}, r"cannot take image of shape \(2, 8\): "),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        TwoTowers(**settings).fit(pairs(20))


def test_says_what_is_wrong_with_the_data(fitted):
    X = pairs(20)
    with pytest.raises(ValueError, match=r"TwoTowers takes two modalities, got \['image'\]; pick two"):
        TwoTowers().fit({"image": X["image"]})
    with pytest.raises(ValueError, match=r"two modalities, got \['image', 'text', 'sound'\]; pick two"):
        TwoTowers().fit({**dict(X.items()), "sound": X["text"]})
    with pytest.raises(TypeError, match="Modalities needs names"):
        TwoTowers().fit(X["image"])
    with pytest.raises(ValueError, match=r"got image of shape \(20, 2, 4\); make features of it first"):
        TwoTowers().fit({"image": X["image"].reshape(20, 2, 4), "text": X["text"]})
    with pytest.raises(ValueError, match="Input image contains NaN"):
        TwoTowers().fit({"image": np.full((20, 2), np.nan), "text": X["text"]})
    with pytest.raises(ValueError, match="Input text contains infinity or a value too large for dtype"):
        TwoTowers().fit({"image": X["image"], "text": np.full((20, 2), 1e300)})
    with pytest.raises(ValueError, match=r"text: could not .*; make numbers of the texts"):
        TwoTowers().fit({"image": X["image"], "text": np.array([["一只", "狗"]] * 20)})
    with pytest.raises(ValueError, match="n_samples=3 have both modalities; TwoTowers needs 2 or more to learn"):
        TwoTowers().fit(X[:3])
    with pytest.raises(ValueError, match=r"n_samples=1 have .* and 0 to hold out with validation_share=0; pass"):
        TwoTowers(validation_share=0).fit(X[:1])
    with pytest.raises(ValueError, match="n_samples=0 have both"):
        TwoTowers().fit(Modalities(dict(X.items()), missing={"text": np.ones(20, dtype=bool)}))
    with pytest.raises(ValueError, match=r"fitted on \['image', 'text'\], not on 'sound'; leave it out"):
        fitted.transform({"sound": X["image"]})
    with pytest.raises(ValueError, match=r"a sample of image has shape \(6,\), TwoTowers was fitted on \(8,\)"):
        fitted.transform({"image": X["text"]})
    with pytest.raises(ValueError, match=r"both of \['image', 'text'\], got \['image'\] and 20 complete"):
        fitted.score({"image": X["image"]})
    with pytest.raises(FloatingPointError, match="or scale the data to about 1 first"):
        TwoTowers(temperature=0.02, learning_rate=1e30).fit(X)
    for call in (TwoTowers().transform, TwoTowers().score):
        with pytest.raises(NotFittedError):
            call(X)
    with pytest.raises(NotFittedError):
        TwoTowers().get_feature_names_out()


def test_a_subclass_must_say_its_loss():
    class Unfinished(TwoTowers):
        _loss = TwoTowers.__mro__[1]._loss

    with pytest.raises(NotImplementedError, match="Unfinished needs a method _loss"):
        Unfinished().fit(pairs(20))
    assert [code.tolist() for code in Encoders([nn.Identity()])(torch.ones(1, 2))] == [[[1.0, 1.0]]]
