import pickle
from functools import partial

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from torch import nn

from mmlearn_edu.networks import DenseNetwork, NetworkClassifier
from tests.conformance import contract


@contract(NetworkClassifier(epochs=20, learning_rate=0.01))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    data = load_digits()
    return (data.images / 16).astype(np.float32), data.target


@pytest.fixture(scope="module")
def fitted(digits):
    return NetworkClassifier(epochs=3, random_state=0).fit(*digits)


def test_without_hidden_layers_it_is_logistic_regression():
    """The same objective has one minimum: on overlapping classes, long training meets the solver of scikit-learn."""
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=300)
    X = rng.normal(size=(300, 4)) + rng.normal(size=(3, 4))[y]
    settings = {"epochs": 500, "batch_size": 300, "learning_rate": 0.1, "validation_share": 0, "patience": 500}
    ours = NetworkClassifier(partial(DenseNetwork, hidden=()), **settings, random_state=0).fit(X, y)
    theirs = LogisticRegression(C=np.inf, tol=1e-8).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_learns_true_classes_and_no_shuffled_ones(digits, seed):
    X, y = digits
    rng = np.random.default_rng(seed)
    here, there = np.split(rng.permutation(len(X)), [1200])
    model = NetworkClassifier(epochs=12, random_state=seed)
    assert model.fit(X[here], y[here]).score(X[there], y[there]) > 0.9
    assert model.fit(X[here], rng.permutation(y[here])).score(X[there], y[there]) < 0.17  # chance is 0.1


class Sums(nn.Module):
    """Two scores: the sum of a sample, and 0. The one weight is never used."""

    def __init__(self, sample_shape, n_classes):
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))
        self.shapes = sample_shape, n_classes

    def features(self, X):
        return X.flatten(1)

    def forward(self, X):
        total = X.flatten(1).sum(dim=1)
        return torch.stack([total, 0 * total], dim=1) + 0 * self.unused


def test_by_hand():
    X = np.array([[[np.log(3), 0.0]], [[-1.0, 1.0]]])  # sums log 3 and 0
    model = NetworkClassifier(Sums, epochs=1, validation_share=0).fit(X, ["yes", "no"])
    assert model.classes_.tolist() == ["no", "yes"]
    assert model.network_.shapes == ((1, 2), 2)
    np.testing.assert_allclose(model.predict_proba(X), [[0.75, 0.25], [0.5, 0.5]], rtol=1e-6)
    assert model.predict(X + 1).tolist() == model.predict(X).tolist() == ["no", "no"]
    assert model.predict(X - 1).tolist() == ["yes", "yes"]
    np.testing.assert_allclose(model.transform(X), X[:, 0], rtol=1e-6)
    # cross entropy of "yes" at 1/4 and of "no" at 1/2
    assert model.history_.train == pytest.approx([(np.log(4) + np.log(2)) / 2])


def test_the_history_is_the_cross_entropy(digits, fitted):
    X, y = digits
    assert fitted.history_.train[0] > fitted.history_.train[-1]
    whole = NetworkClassifier(epochs=1, validation_share=0, learning_rate=1e-9, random_state=0).fit(X, y)
    assert whole.history_.train[0] == pytest.approx(log_loss(y, whole.predict_proba(X)), rel=1e-4)
    assert whole.history_.train[0] == pytest.approx(np.log(10), abs=0.1)  # who knows nothing


def test_probabilities_sum_to_one_even_when_scores_are_huge(digits, fitted):
    for X in (digits[0], 1e30 * digits[0]):
        p = fitted.predict_proba(X)
        assert p.shape == (len(X), 10)
        assert (p >= 0).all()
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
        assert fitted.predict(X).tolist() == p.argmax(axis=1).tolist()


def test_hands_out_the_layer_below_the_scores(digits, fitted):
    X, _ = digits
    Z = fitted.transform(X)
    assert Z.shape == (len(X), 64)
    assert Z.dtype == np.float32
    assert (Z >= 0).all()
    head = fitted.network_.head
    scores = Z @ head.weight.detach().numpy().T + head.bias.detach().numpy()
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(fitted.predict_proba(X), p / p.sum(axis=1, keepdims=True), atol=1e-5)
    names = fitted.get_feature_names_out()
    assert (len(names), names[0]) == (64, "networkclassifier0")


def test_a_linear_probe_on_frozen_features(digits):
    """What was learnt to tell even from odd helps to tell the digit."""
    X, y = digits
    model = NetworkClassifier(epochs=5, random_state=0).fit(X[:1000], y[:1000] % 2)
    probe = LogisticRegression(max_iter=1000).fit(model.transform(X[:1000]), y[:1000])
    assert probe.score(model.transform(X[1000:]), y[1000:]) > 0.8


def test_a_prediction_does_not_depend_on_its_neighbours(digits, monkeypatch):
    """Batch normalisation would let it, were the network not in eval mode."""
    X, y = digits
    model = NetworkClassifier(Normalised, epochs=2, random_state=0).fit(X, y)
    assert not model.network_.training
    whole = model.predict_proba(X[:50])
    np.testing.assert_allclose(model.predict_proba(X[:1]), whole[:1], atol=1e-6)
    monkeypatch.setattr("mmlearn_edu.networks.classifier.ROWS_AT_A_TIME", 7)
    np.testing.assert_allclose(model.predict_proba(X[:50]), whole, atol=1e-6)


class Normalised(nn.Sequential):
    def __init__(self, sample_shape, n_classes):
        n_inputs = int(np.prod(sample_shape))
        super().__init__(nn.Flatten(), nn.BatchNorm1d(n_inputs), nn.Linear(n_inputs, n_classes))


def test_one_seed_one_result(digits, fitted):
    state = torch.get_rng_state()
    again = NetworkClassifier(epochs=3, random_state=0).fit(*digits)
    np.testing.assert_array_equal(again.predict_proba(digits[0]), fitted.predict_proba(digits[0]))
    assert again.history_ == fitted.history_
    assert torch.equal(torch.get_rng_state(), state)
    other = NetworkClassifier(epochs=3, random_state=1).fit(*digits)
    assert np.abs(other.predict_proba(digits[0]) - fitted.predict_proba(digits[0])).max() > 0.1


def test_computes_in_float32_and_takes_arrays_that_torch_would_not(digits, fitted):
    X, y = digits
    backwards, read_only = np.ascontiguousarray(X[::-1])[::-1], X.copy()
    read_only.flags.writeable = False
    for other in (X.astype(np.float64), backwards, read_only, np.asfortranarray(X), X.tolist()):
        again = NetworkClassifier(epochs=3, random_state=0).fit(other, y)
        np.testing.assert_array_equal(again.predict_proba(other), fitted.predict_proba(X))


def test_pickled_and_cloned_it_says_the_same(digits, fitted):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(digits[0]), fitted.predict_proba(digits[0]))
    model = NetworkClassifier(partial(DenseNetwork, hidden=(8,)), epochs=1, random_state=0)
    assert clone(model).fit(*digits).transform(digits[0]).shape[1] == 8
    pickle.loads(pickle.dumps(model.fit(*digits)))


def test_works_in_a_pipeline_a_search_and_a_table(digits):
    X, y = digits[0][:200], digits[1][:200]
    model = NetworkClassifier(epochs=2, random_state=0)
    pipeline = make_pipeline(model, LogisticRegression()).set_output(transform="pandas")
    assert pipeline.fit(X, y)[:-1].transform(X).columns[-1] == "networkclassifier63"
    networks = [partial(DenseNetwork, hidden=hidden) for hidden in [(1,), (64,)]]
    grid = {"network": networks, "batch_size": [np.int64(16)], "epochs": [8]}
    search = GridSearchCV(model, grid, cv=2).fit(X, y)
    assert search.best_params_["network"] is networks[1]
    assert len(cross_val_score(model, X, y, cv=2)) == 2


@pytest.mark.parametrize(
    "X",
    [np.ones((20, 1)), np.ones((20, 3)), np.zeros((2, 3)), np.repeat([[1.0, 5.0]], 8, axis=0), np.eye(4, 200),
     np.ones((6, 2, 3, 4, 5))],
    ids=["one column", "constant", "two rows of zeros", "duplicates", "wide", "five axes"],
)  # fmt: skip
def test_shapes_out_of_the_ordinary(X):
    y = np.arange(len(X)) % 2
    model = NetworkClassifier(epochs=2, random_state=0).fit(X, y)
    assert model.predict(X).shape == (len(X),)
    assert np.isfinite(model.predict_proba(X)).all()


def test_classes_may_have_any_name(digits):
    names = np.array(["零", "一", "二"])[digits[1] % 3]
    model = NetworkClassifier(epochs=1).fit(digits[0], names)
    assert set(model.predict(digits[0])) <= {"零", "一", "二"}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_learns_as_well(digits, monkeypatch):
    X, y = digits
    scores = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        model = NetworkClassifier(epochs=12, random_state=0).fit(X[:1200], y[:1200])
        assert {weight.device.type for weight in model.network_.parameters()} == {"cpu"}
        scores[place] = model.score(X[1200:], y[1200:])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.03)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 0}, "epochs=0, expected a whole number"),
        ({"validation_share": 1.0}, r"validation_share=1.0 not in \[0, 1\)"),
        ({"network": partial(DenseNetwork, hidden=64)}, "hidden=64, expected a tuple of whole numbers, 1 or more"),
        ({"network": partial(DenseNetwork, hidden=(8, 0))}, r"hidden=\(8, 0\), expected a tuple"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        NetworkClassifier(**settings).fit(np.ones((4, 2)), [0, 1, 0, 1])


def three_scores(sample_shape, n_classes):
    return DenseNetwork(sample_shape, 3)


def no_module(sample_shape, n_classes):
    return np.sum


@pytest.mark.parametrize(
    ("network", "error", "words"),
    [
        (DenseNetwork((2,), 2), TypeError, r"expected what makes a network, .* a class such as ImageCNN, not an inst"),
        ("mlp", TypeError, "network='mlp', expected what makes a network"),
        (no_module, TypeError, r"no_module returned .*, expected a torch\.nn\.Module"),
        (three_scores, ValueError, r"three_scores gives \(1, 3\) for one sample, expected \(1, 2\): a score per class"),
    ],
)
def test_says_what_a_network_is(network, error, words):
    with pytest.raises(error, match=words):
        NetworkClassifier(network).fit(np.ones((4, 2)), [0, 1, 0, 1])


def test_says_that_a_network_has_no_features(digits):
    model = NetworkClassifier(Normalised, epochs=1).fit(*digits)
    with pytest.raises(AttributeError, match=r"Normalised has no method features\(X\), which transform needs; let it"):
        model.transform(digits[0])


def test_says_what_is_wrong_with_the_data(fitted):
    model, y = NetworkClassifier(epochs=1), [0, 1, 0, 1]
    with pytest.raises(ValueError, match="contains NaN"):
        model.fit(np.full((4, 2, 2), np.nan), y)
    with pytest.raises(ValueError, match="infinity or a value too large for dtype"):
        model.fit(np.full((4, 2, 2), np.inf), y)
    with pytest.raises(ValueError, match=r"shape=\(0, 2\)"):
        model.fit(np.ones((0, 2)), [])
    with pytest.raises(ValueError, match=r"sample_shape=\(0, 2\), expected a tuple of whole numbers, 1 or more"):
        model.fit(np.ones((4, 0, 2)), y)
    with pytest.raises(ValueError, match="turn words into numbers first"):
        model.fit([["a"], ["b"], ["c"], ["d"]], y)
    with pytest.raises(ValueError, match=r"all 4 samples are of one class, 7"):
        model.fit(np.ones((4, 2)), [7] * 4)
    with pytest.raises(ValueError, match=r"Found input variables with inconsistent numbers of samples: \[4, 3\]"):
        model.fit(np.ones((4, 2)), y[:3])
    with pytest.raises(ValueError, match=r"X has samples of shape \(8, 9\), but those of fit had \(8, 8\)"):
        fitted.predict(np.ones((1, 8, 9)))
    with pytest.raises(
        ValueError, match=r"of shape \(8,\), but those of fit had \(8, 8\); for a single sample write X\[Non"
    ):
        fitted.predict(np.ones((8, 8)))
    with pytest.raises(FloatingPointError, match="or scale the data to about 1 first"):
        NetworkClassifier(epochs=20, learning_rate=1e30, validation_share=0).fit(np.eye(4), y)
