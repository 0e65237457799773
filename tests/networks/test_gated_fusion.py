import pickle

import numpy as np
import pytest
import torch
from scipy.special import softmax
from sklearn.exceptions import NotFittedError
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks import GatedFusion
from mmlearn_edu.networks.gated_fusion import GatedNetwork
from mmlearn_edu.representations import PerModality
from tests.conformance import TwoHalves, TwoHalvesClassifier, contract

QUICK = {"n_components": 16, "epochs": 20, "batch_size": 32}


@contract(
    TwoHalves(GatedFusion(epochs=1, random_state=0)),
    TwoHalvesClassifier(GatedFusion(hidden=(16,), modality_dropout=0.3, validation_share=0, epochs=20, random_state=0)),
)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def three(n_samples=900, seed=0):
    """Draw three classes as clouds in two modalities, and a third modality that knows nothing."""
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=n_samples)
    widths = {"image": 6, "sound": 4}
    clouds = {name: rng.normal(size=(3, w))[y] + rng.normal(size=(n_samples, w)) for name, w in widths.items()}
    return Modalities({**clouds, "noise": rng.normal(size=(n_samples, 5))}), np.array(["a", "b", "c"])[y]


def only(X, *names):
    return Modalities({name: X[name] for name in names})


def without(X, name):
    """Take a modality away: the rows that stay are rubbish, and marked."""
    return Modalities({**dict(X.items()), name: np.full_like(X[name], np.nan)}, {name: np.ones(len(X), dtype=bool)})


@pytest.fixture(scope="module")
def data():
    X, y = three()
    return only(X, "image", "sound"), y


@pytest.fixture(scope="module")
def fitted(data):
    return GatedFusion(**{**QUICK, "epochs": 3}, random_state=0).fit(*data)


@pytest.mark.parametrize("seed", range(5))
def test_learns_what_is_there_to_learn_and_nothing_else(seed):
    X, y = three(seed=seed)
    X, shuffled = only(X, "image", "sound"), np.random.default_rng(seed).permutation(y[:500])
    model = GatedFusion(**QUICK, random_state=seed)
    assert model.fit(X[:500], y[:500]).score(X[500:], y[500:]) > 0.85  # measured: .91 to .99
    assert model.fit(X[:500], shuffled).score(X[500:], y[500:]) < 0.45


@pytest.mark.parametrize("seed", range(5))
def test_the_gate_moves_away_from_noise(seed):
    X, y = three(seed=seed)
    X = only(X, "noise", "image")
    model = GatedFusion(**QUICK, random_state=seed).fit(X[:500], y[:500])
    noise, image = model.gates(X[500:]).mean(axis=0)
    assert noise < 0.3 < 0.7 < image  # measured: noise .08 to .21


def test_the_gate_looks_at_each_sample():
    """Cover the lens for half the pictures: every pixel of those is one and the same dark value."""
    X, y = three()
    covered = np.arange(len(y)) % 2 == 0
    X = Modalities({"image": np.where(covered[:, None], -3.0, X["image"]), "sound": X["sound"]})
    gates = GatedFusion(**QUICK, random_state=0).fit(X[:500], y[:500]).gates(X[500:])
    assert gates[~covered[500:], 0].mean() > gates[covered[500:], 0].mean() + 0.3


def test_by_hand():
    """Gates of 3/4 and 1/4; the views are tanh of one number each."""
    X = {"a": [[0.5]], "b": [[2.0]]}
    tiny = GatedFusion(1, epochs=1, random_state=0).fit({"a": [[0.0], [1.0]], "b": [[0.0], [1.0]]}, [0, 1])
    weights = {
        "views.0.0.weight": [[2.0]], "views.0.0.bias": [0.0], "views.1.0.weight": [[0.0]], "views.1.0.bias": [-1.0],
        "gate.weight": [[0.0, 0.0], [2.0, -0.5]], "gate.bias": [np.log(3.0), 0.0],
        "output.weight": [[0.0], [1.0]], "output.bias": [0.0, 0.0],
    }  # fmt: skip
    tiny.network_.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    np.testing.assert_allclose(tiny.gates(X), [[0.75, 0.25]], rtol=1e-6)  # softmax(ln 3, 2 x 0.5 - 0.5 x 2)
    h = 0.75 * np.tanh(1.0) + 0.25 * np.tanh(-1.0)
    np.testing.assert_allclose(tiny.transform(X), [[h]], rtol=1e-6)
    np.testing.assert_allclose(tiny.predict_proba(X), softmax([[0.0, h]], axis=1), rtol=1e-6)
    np.testing.assert_array_equal(tiny.predict(X), [1])
    silent = Modalities({"a": [[0.5]], "b": [[np.nan]]}, {"b": [True]})
    np.testing.assert_array_equal(tiny.gates(silent), [[1.0, 0.0]])
    np.testing.assert_allclose(tiny.transform(silent), [[np.tanh(1.0)]], rtol=1e-6)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_layers_are_the_formula(dtype, tolerance):
    """Against NumPy in float64, with a hidden layer and modalities missing here and there."""
    torch.manual_seed(0)
    network = GatedNetwork([3, 2, 4], (5,), 6, 4).to(dtype)
    present = np.array([[1, 1, 1], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 0]], dtype=bool)
    rng = np.random.default_rng(0)
    X = [rng.normal(size=(5, width)).astype(str(dtype)[6:]) for width in (3, 2, 4)]
    w = {name: weight.detach().double().numpy() for name, weight in network.named_parameters()}

    def layer(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    views = [np.tanh(layer(np.maximum(layer(x, f"views.{m}.0"), 0), f"views.{m}.2")) for m, x in enumerate(X)]
    blanked = np.hstack([np.where(present[:, [m]], x, 0) for m, x in enumerate(X)])
    g = softmax(np.where(present, layer(blanked, "gate"), -np.inf), axis=1)
    h = sum(g[:, [m]] * view for m, view in enumerate(views))
    blocks, here = [torch.tensor(x) for x in X], torch.tensor(present)
    with torch.no_grad():
        np.testing.assert_allclose(network.gates(blocks, here), g, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(network.fuse(blocks, here), h, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(network(blocks, here), layer(h, "output"), rtol=tolerance, atol=tolerance)


def test_gradients():
    """In float64; what is absent gets none."""
    torch.manual_seed(0)
    network = GatedNetwork([3, 2], (), 4, 3).double()
    blocks = tuple(torch.randn(4, width, dtype=torch.float64, requires_grad=True) for width in (3, 2))
    present = torch.tensor([[True, True], [True, False], [False, True], [True, True]])
    assert torch.autograd.gradcheck(lambda *x: network(list(x), present), blocks)
    network(list(blocks), present).sum().backward()
    assert blocks[1].grad[1].abs().max() == 0
    assert blocks[1].grad[0].abs().max() > 0


def test_rows_that_lack_a_modality():
    """They are learnt from and told apart all the same; what stands there does not matter."""
    X, y = three()
    X, rows = only(X, "image", "sound"), np.arange(900)
    missing = {"image": rows % 4 == 1, "sound": rows % 2 == 0}
    rubbish = {name: np.where(mask[:, None], [[np.nan], [1e9]] * 450, X[name]) for name, mask in missing.items()}
    blank = {name: np.where(mask[:, None], 0, X[name]) for name, mask in missing.items()}
    ours, same = (
        GatedFusion(**QUICK, random_state=0).fit(Modalities(arrays, missing)[:500], y[:500])
        for arrays in (rubbish, blank)
    )
    np.testing.assert_array_equal(ours.predict_proba(X), same.predict_proba(X))
    there = Modalities(rubbish, missing)[500:]
    gates = ours.gates(there)
    np.testing.assert_allclose(gates.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(gates[:, 0] == 0, missing["image"][500:])
    np.testing.assert_array_equal(gates[:, 1] == 0, missing["sound"][500:])
    assert ours.score(there, y[500:]) > 0.7


def test_modality_dropout_wakes_a_lazy_modality():
    """A sound that tells all leaves the image little to do: alone, it knows less than it could."""
    alone = {0.0: [], 0.4: []}
    for seed in range(2):
        X, y = three(seed=seed)
        clear = Modalities({"image": X["image"], "sound": 6 * np.eye(3)[np.searchsorted(["a", "b", "c"], y)]})
        for share, scores in alone.items():
            model = GatedFusion(**QUICK, modality_dropout=share, random_state=seed).fit(clear[:500], y[:500])
            assert model.score(clear[500:], y[500:]) == 1
            scores.append(model.score(without(clear[500:], "sound"), y[500:]))
    assert np.mean(alone[0.4]) > np.mean(alone[0.0]) + 0.03


def test_the_history_is_the_loss_it_minimises(data, fitted):
    history = fitted.history_
    assert len(history.train) == len(history.validation) == 3
    assert history.train == sorted(history.train, reverse=True)
    X, y = data
    assert log_loss(y, fitted.predict_proba(X)) == pytest.approx(history.validation[-1], rel=0.2)


def test_one_seed_one_result_and_float32(data, fitted):
    (X, y), state = data, torch.get_rng_state()
    for arrays in (X, {name: a.astype(np.float32) for name, a in X.items()}):
        again = GatedFusion(**{**QUICK, "epochs": 3}, random_state=0).fit(arrays, y.tolist())
        np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))
    assert torch.equal(torch.get_rng_state(), state)
    assert {f(X).dtype for f in (fitted.gates, fitted.transform, fitted.predict_proba)} == {np.dtype(np.float32)}
    other = GatedFusion(**{**QUICK, "epochs": 3}, random_state=1).fit(X, y)
    assert not np.allclose(other.predict_proba(X), fitted.predict_proba(X), atol=0.1)


def test_the_order_of_names_does_not_matter(data, fitted):
    lost = without(data[0][:5], "sound")
    turned = Modalities({name: lost[name] for name in reversed(lost.names)}, lost.missing)
    np.testing.assert_array_equal(fitted.predict_proba(turned), fitted.predict_proba(lost))
    np.testing.assert_array_equal(fitted.gates(turned), [[1, 0]] * 5)


def test_pickled_it_says_the_same(data, fitted):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(data[0]), fitted.predict_proba(data[0]))
    assert again.history_ == fitted.history_


def test_works_in_a_pipeline_a_search_and_a_table(data):
    X, y = data[0][:90], data[1][:90]
    scale = PerModality({name: StandardScaler() for name in X.names})
    pipeline = make_pipeline(scale, GatedFusion(4, epochs=10, learning_rate=0.03, random_state=0))
    assert cross_val_score(pipeline, X, y, cv=2).min() > 0.5
    search = GridSearchCV(pipeline, {"gatedfusion__epochs": [1, 30]}, cv=2).fit(X, y)
    assert search.best_params_ == {"gatedfusion__epochs": 30}
    table = GatedFusion(2, epochs=1, random_state=0).set_output(transform="pandas").fit_transform(X, y)
    assert list(table.columns) == ["gatedfusion0", "gatedfusion1"]
    assert list(search.best_estimator_.classes_) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "X",
    [
        {"only": np.eye(4)},
        {"a": np.ones((4, 1)), "b": np.zeros((4, 3)), "声音.x": [[1.0]] * 4, "keys": [[5.0]] * 4},
        {"wide": np.eye(4, 200), "narrow": np.ones((4, 1))},
    ],
    ids=["one modality", "four, strange names", "wide and constant"],
)
def test_shapes_out_of_the_ordinary(X):
    model = GatedFusion(epochs=2, modality_dropout=0.5, random_state=0).fit(X, ["猫", "狗", "猫", "狗"])
    assert model.gates(X).shape == (4, len(X))
    assert model.predict(Modalities(X)[0]) in ["猫", "狗"]
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1, atol=1e-6)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same(data, monkeypatch):
    (X, y), scores = data, {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        model = GatedFusion(**QUICK, modality_dropout=0.3, random_state=0).fit(X[:500], y[:500])
        assert {weight.device.type for weight in model.network_.parameters()} == {"cpu"}
        scores[place] = model.score(X[500:], y[500:])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.05)  # other random numbers hide other rows


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_components": True}, "n_components=True, expected a whole number, 1 or more"),
        ({"n_components": 0}, "n_components=0, expected a whole number, 1 or more"),
        ({"hidden": (8, 0)}, r"hidden=\(8, 0\), expected a tuple"),
        ({"modality_dropout": 1}, r"modality_dropout=1 not in \[0, 1\); 0.3 hides each modality three times in ten"),
        ({"batch_size": 0}, "batch_size=0, expected a whole number"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        GatedFusion(**settings).fit({"a": np.ones((4, 2))}, [0, 1, 0, 1])


def test_says_what_is_wrong_with_the_data(data, fitted):
    X, y = data[0][:4], ["a", "b", "a", "b"]
    with pytest.raises(ValueError, match="all 4 samples are of one class, a; a classifier needs at least two"):
        fitted.fit(X, ["a"] * 4)
    with pytest.raises(ValueError, match="requires y to be passed"):
        fitted.fit(X)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        fitted.fit(X, y[:3])
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        fitted.fit(X, [0.1, 0.2, 0.3, 0.4])
    with pytest.raises(ValueError, match="Input y contains NaN"):
        fitted.fit(X, [0.0, np.nan, 1.0, 1.0])
    with pytest.raises(ValueError, match="Input sound contains NaN"):
        fitted.fit({"image": X["image"], "sound": np.nan * X["sound"]}, y)
    with pytest.raises(ValueError, match="sample 2 has no modality at all; drop such samples first"):
        fitted.gates(Modalities(dict(X.items()), dict.fromkeys(X.names, np.arange(4) == 2)))
    for method in ("gates", "predict", "predict_proba", "transform"):
        with pytest.raises(NotFittedError, match="This GatedFusion instance is not fitted yet"):
            getattr(GatedFusion(), method)(X)
    for method in (fitted.gates, fitted.predict, fitted.predict_proba):
        with pytest.raises(ValueError, match=r"was fitted on n_features .* got \{'image': 6\}"):
            method({"image": X["image"]})
    with pytest.raises(FloatingPointError, match="the steps were too long"):
        GatedFusion(learning_rate=1e37).fit(X, y)
