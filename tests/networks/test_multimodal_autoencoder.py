import pickle

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks import MultimodalAutoencoder
from mmlearn_edu.networks.multimodal_autoencoder import JointAutoencoder
from tests.conformance import TwoHalves, contract

QUICK = {"hidden": (32,), "epochs": 15, "batch_size": 32}


@contract(
    TwoHalves(MultimodalAutoencoder(epochs=5, random_state=0)),
    TwoHalves(MultimodalAutoencoder(3, hidden=(), modality_dropout=0.3, validation_share=0, epochs=3, random_state=0)),
)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def pairs(n_samples=600, seed=0):
    """Draw two views of the same three latents, bent and with noise, about 85 % of whose variance they explain."""
    rng = np.random.default_rng(seed)
    latents = rng.normal(size=(n_samples, 3))
    views = {name: np.tanh(latents @ rng.normal(size=(3, width))) for name, width in [("image", 8), ("sound", 6)]}
    return Modalities({name: a + 0.3 * rng.normal(size=a.shape) for name, a in views.items()})


def without(X, name):
    """Take a modality away: the rows that stay are rubbish, and marked."""
    return Modalities({**dict(X.items()), name: np.full_like(X[name], np.nan)}, {name: np.ones(len(X), dtype=bool)})


def rebuilt(autoencoder, X):
    return autoencoder.inverse_transform(autoencoder.transform(X))


def explained(ours, truth):
    """Share of the variance: 0 for one that always answers with the mean, 1 for a perfect one."""
    return 1 - ((ours - truth) ** 2).mean() / truth.var(axis=0).mean()


@pytest.fixture(scope="module")
def fitted():
    return MultimodalAutoencoder(3, **{**QUICK, "epochs": 3}, random_state=0).fit(pairs())


@pytest.mark.parametrize("seed", range(5))
def test_rebuilds_a_modality_from_the_other_and_better_with_dropout(seed):
    """Where the pairs are torn apart there is nothing to learn about one from the other."""
    X = pairs(seed=seed)
    here, there = X[:400], X[400:]
    torn = Modalities({"image": here["image"], "sound": here["sound"][np.random.default_rng(seed).permutation(400)]})
    gain = {}
    for name, share, data in [("plain", 0.0, here), ("dropout", 0.4, here), ("torn", 0.4, torn)]:
        autoencoder = MultimodalAutoencoder(3, **QUICK, modality_dropout=share, random_state=seed).fit(data)
        gain[name] = [explained(rebuilt(autoencoder, without(there, m))[m], there[m]) for m in X.names]
    assert min(gain["dropout"]) > 0.35  # measured: .43 to .71
    assert np.greater(gain["dropout"], gain["plain"]).all()
    assert max(gain["torn"]) < 0.1


def test_the_code_is_joint():
    """It moves when a modality is shuffled, and what is rebuilt of the other follows."""
    X = pairs()
    autoencoder = MultimodalAutoencoder(3, **QUICK, random_state=0).fit(X)
    order = np.random.default_rng(0).permutation(len(X))
    Z = autoencoder.transform(X)
    for name in X.names:
        shuffled = {**dict(X.items()), name: X[name][order]}
        assert np.abs(autoencoder.transform(shuffled) - Z).mean() > 0.2 * Z.std()
        other = "sound" if name == "image" else "image"
        worse = explained(rebuilt(autoencoder, shuffled)[other], X[other])
        assert worse < explained(rebuilt(autoencoder, X)[other], X[other]) - 0.15


def test_learns_from_samples_that_lack_a_modality():
    """Half the sounds and a quarter of the images are missing, never both; what stands there does not matter."""
    X, rows = pairs(), np.arange(600)
    missing = {"sound": rows % 2 == 0, "image": rows % 4 == 1}
    rubbish = {name: np.where(mask[:, None], [[np.nan], [1e9]] * 300, X[name]) for name, mask in missing.items()}
    blank = {name: np.where(mask[:, None], 0, X[name]) for name, mask in missing.items()}
    ours, same = (
        MultimodalAutoencoder(3, **QUICK, random_state=0).fit(Modalities(arrays, missing)[:400])
        for arrays in (rubbish, blank)
    )
    np.testing.assert_array_equal(ours.transform(X), same.transform(X))
    there = X[400:]
    assert explained(rebuilt(ours, without(there, "sound"))["sound"], there["sound"]) > 0.3
    assert ours.score(Modalities(rubbish, missing)) > -0.3


def test_linear_layers_find_the_subspace_of_pca():
    """Two modalities of one width, side by side: the best linear code of both is that of PCA."""
    rng = np.random.default_rng(0)
    both = rng.normal(size=(300, 3)) @ rng.normal(size=(3, 10)) + 0.3 * rng.normal(size=(300, 10))
    both -= both.mean(axis=0)
    settings = {"hidden": (), "validation_share": 0, "learning_rate": 0.01, "epochs": 200, "patience": 50}
    X = {"left": both[:, :5], "right": both[:, 5:]}
    linear = MultimodalAutoencoder(3, **settings, random_state=0).fit(X)
    pca = PCA(3).fit(both)
    best = -((both - pca.inverse_transform(pca.transform(both))) ** 2).mean()
    assert best * 1.02 < linear.score(X) <= best * (1 - 1e-6)


def test_by_hand():
    """Give the network weights; every number can be followed with pencil and paper."""
    X = Modalities({"a": [[1.0, 2.0], [3.0, 0.0]], "b": [[4.0], [5.0]]}, {"b": [False, True]})
    tiny = MultimodalAutoencoder(1, hidden=(), weights={"a": 1, "b": 3}, epochs=1, random_state=0).fit(X)
    weights = {
        "encoders.0.0.weight": [[1.0, -1.0]], "encoders.0.0.bias": [0.5],
        "encoders.1.0.weight": [[2.0]], "encoders.1.0.bias": [0.0],
        "decoders.0.0.weight": [[1.0], [0.0]], "decoders.0.0.bias": [0.0, 1.0],
        "decoders.1.0.weight": [[-1.0]], "decoders.1.0.bias": [9.0],
    }  # fmt: skip
    tiny.network_.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    Z = tiny.transform(X)
    np.testing.assert_array_equal(Z, [[3.75], [3.5]])  # (-0.5 + 8) / 2; the second has no b: 3 + 0.5
    out = tiny.inverse_transform(Z)
    np.testing.assert_array_equal(out["a"], [[3.75, 1.0], [3.5, 1.0]])
    np.testing.assert_array_equal(out["b"], [[5.25], [5.5]])
    first = 0.25 * (2.75**2 + 1) / 2 + 0.75 * 1.25**2
    second = 0.25 * (0.5**2 + 1) / 2  # what the sample lacks is no error
    assert tiny.weights_ == {"a": 0.25, "b": 0.75}
    assert tiny.score(X) == pytest.approx(-(first + second) / 2)


def test_gradients():
    """In float64, with a modality missing here and there; the hidden layer is away from the kink of its ReLU."""
    torch.manual_seed(0)
    network = JointAutoencoder([3, 2], (4,), 2).double()
    blocks = [torch.randn(4, 3, dtype=torch.float64, requires_grad=True), torch.randn(4, 2, dtype=torch.float64)]
    blocks[1].requires_grad_()
    present = torch.tensor([[True, True], [True, False], [False, True], [True, True]])
    assert torch.autograd.gradcheck(lambda *x: tuple(network(list(x), present)), tuple(blocks))
    sum(out.sum() for out in network(blocks, present)).backward()
    assert blocks[1].grad[1].abs().max() == 0  # absent, it is not looked at
    assert blocks[1].grad[0].abs().max() > 0


def test_weights_choose_who_is_rebuilt_better():
    X = pairs()
    error = {}
    for name in X.names:
        weights = {other: 20.0 if other == name else 1.0 for other in X.names}
        out = rebuilt(MultimodalAutoencoder(1, **QUICK, weights=weights, random_state=0).fit(X), X)
        error[name] = {m: 1 - explained(out[m], X[m]) for m in X.names}
    assert error["image"]["image"] < error["sound"]["image"]
    assert error["sound"]["sound"] < error["image"]["sound"]


def test_the_history_is_the_error_it_minimises(fitted):
    history = fitted.history_
    assert len(history.train) == len(history.validation) == 3
    assert history.train == sorted(history.train, reverse=True)
    assert -fitted.score(pairs()) == pytest.approx(history.validation[-1], rel=0.1)


def test_one_seed_one_result_and_float32(fitted):
    X, state = pairs(), torch.get_rng_state()
    single = {name: a.astype(np.float32) for name, a in X.items()}
    for data in (X, single, {"image": csr_array(X["image"]), "sound": np.asfortranarray(X["sound"][::-1])[::-1]}):
        again = MultimodalAutoencoder(3, **{**QUICK, "epochs": 3}, random_state=0).fit(data)
        np.testing.assert_array_equal(again.transform(X), fitted.transform(X))
    assert torch.equal(torch.get_rng_state(), state)
    assert fitted.transform(X).dtype == np.float32
    assert {a.dtype for _, a in rebuilt(fitted, X).items()} == {np.dtype(np.float32)}
    other = MultimodalAutoencoder(3, **{**QUICK, "epochs": 3}, random_state=1).fit(X)
    assert not np.allclose(other.transform(X), fitted.transform(X), atol=0.1)


def test_the_order_of_names_does_not_matter(fitted):
    X = pairs()[:5]
    turned = {name: X[name] for name in reversed(X.names)}
    np.testing.assert_array_equal(fitted.transform(turned), fitted.transform(X))
    lost = without(X, "sound")
    turned = Modalities({name: lost[name] for name in reversed(X.names)}, lost.missing)
    np.testing.assert_array_equal(fitted.transform(turned), fitted.transform(lost))
    assert fitted.score(turned) == fitted.score(lost)


def test_pickled_it_says_the_same(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(pairs()), fitted.transform(pairs()))
    assert again.history_ == fitted.history_


def test_works_in_a_pipeline_a_search_and_a_table(fitted):
    X = pairs(60)
    y = (X["image"][:, 0] > 0).astype(int)
    pipeline = make_pipeline(MultimodalAutoencoder(2, hidden=(), epochs=2, random_state=0), LogisticRegression())
    assert cross_val_score(pipeline, X, y, cv=2).shape == (2,)
    table = pipeline[0].set_output(transform="pandas").fit_transform(X)
    assert list(table.columns) == ["multimodalautoencoder0", "multimodalautoencoder1"]
    linear = MultimodalAutoencoder(hidden=(), epochs=15, learning_rate=0.01, random_state=0)
    search = GridSearchCV(linear, {"n_components": [1, 8]}, cv=2).fit(X)
    assert search.best_params_ == {"n_components": 8}


@pytest.mark.parametrize(
    "X",
    [
        {"only": np.eye(4)},
        {"a": np.ones((2, 1)), "b": np.zeros((2, 3)), "声音.x": [[1.0], [2.0]], "keys": [[5.0], [6.0]]},
        {"wide": np.eye(3, 200), "narrow": np.repeat([[1.0]], 3, axis=0)},
    ],
    ids=["one modality", "four, strange names", "wide and constant"],
)
def test_shapes_out_of_the_ordinary(X):
    autoencoder = MultimodalAutoencoder(epochs=2, modality_dropout=0.5, random_state=0).fit(X)
    out = rebuilt(autoencoder, X)
    assert {name: a.shape for name, a in out.items()} == {name: np.shape(a) for name, a in X.items()}
    assert all(np.isfinite(a).all() for _, a in out.items())
    assert autoencoder.transform(Modalities(X)[0]).shape == (1, 2)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same(monkeypatch):
    X, scores = pairs(), {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        autoencoder = MultimodalAutoencoder(3, **QUICK, modality_dropout=0.3, random_state=0).fit(X[:400])
        assert {weight.device.type for weight in autoencoder.network_.parameters()} == {"cpu"}
        scores[place] = explained(rebuilt(autoencoder, without(X[400:], "sound"))["sound"], X[400:]["sound"])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.1)  # other random numbers hide other rows


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_components": 0}, "n_components=0, expected a whole number, 1 or more"),
        ({"hidden": 64}, "hidden=64, expected a tuple of whole numbers, 1 or more"),
        ({"modality_dropout": 1}, r"modality_dropout=1 not in \[0, 1\); 0.3 hides each modality three times in ten"),
        ({"modality_dropout": -0.1}, r"modality_dropout=-0\.1 not in"),
        ({"modality_dropout": "half"}, "modality_dropout='half' not in"),
        ({"modality_dropout": np.nan}, "modality_dropout=nan not in"),
        ({"weights": {"image": 1}}, r"weights for \['image'\], but the modalities are \['image', 'sound'\]"),
        ({"weights": {"image": 1, "sound": -1}}, "weights must be 0 or more, with a positive sum"),
        ({"epochs": 0}, "epochs=0, expected a whole number"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        MultimodalAutoencoder(**settings).fit(pairs(8))


def test_says_what_is_wrong_with_the_data(fitted):
    X = pairs(4)
    with pytest.raises(ValueError, match="Input sound contains NaN"):
        fitted.fit({"image": X["image"], "sound": np.nan * X["sound"]})
    with pytest.raises(ValueError, match="sound contains infinity or a value too large for dtype"):
        fitted.fit({"image": X["image"], "sound": 1e300 + X["sound"]})
    with pytest.raises(ValueError, match="sample 2 has no modality at all; drop such samples first"):
        fitted.transform(Modalities(dict(X.items()), dict.fromkeys(X.names, np.arange(4) == 2)))
    with pytest.raises(ValueError, match=r"was fitted on n_features \{'image': 8, 'sound': 6\}, got \{'image': 8\}"):
        fitted.score({"image": X["image"]})
    with pytest.raises(ValueError, match=r"got image of shape \(2, 8, 8\); make features of it first"):
        fitted.fit({"image": np.ones((2, 8, 8))})
    for method, argument in [("transform", X), ("score", X), ("inverse_transform", [[0.0, 0.0]])]:
        with pytest.raises(NotFittedError, match="This MultimodalAutoencoder instance is not fitted yet"):
            getattr(MultimodalAutoencoder(), method)(argument)
    with pytest.raises(ValueError, match="Z has 14 columns, expected n_components=3; pass what transform returned"):
        fitted.inverse_transform(np.ones((1, 14)))
    with pytest.raises(FloatingPointError, match="or scale the data to about 1 first"):
        MultimodalAutoencoder().fit({"image": 1e30 * X["image"]})
