import pickle

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from mmlearn_edu.networks import Autoencoder
from mmlearn_edu.representations import PCA
from tests.conformance import contract


@contract(Autoencoder(epochs=20), Autoencoder(3, hidden=(8, 4), noise=0.1, validation_share=0, epochs=5))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    return (load_digits().data / 16).astype(np.float32)


@pytest.fixture(scope="module")
def fitted(digits):
    return Autoencoder(epochs=3, random_state=0).fit(digits)


def explained(autoencoder, X):
    """Share of the variance that is rebuilt: 0 for one that always answers with the mean, 1 for a perfect one."""
    return 1 + autoencoder.score(X) / ((X - X.mean(axis=0)) ** 2).mean()


def test_linear_layers_find_the_subspace_of_pca(digits):
    settings = {"hidden": (), "validation_share": 0, "batch_size": 128, "learning_rate": 0.01}
    linear = Autoencoder(3, **settings, epochs=250, patience=50, random_state=1).fit(digits)
    pca = PCA(3).fit(digits)
    decoder = linear.network_.decoder[0].weight.detach().numpy()
    assert np.degrees(subspace_angles(decoder, pca.components_.T)).max() < 5
    best = -((digits - pca.inverse_transform(pca.transform(digits))) ** 2).mean()
    assert best * 1.02 < linear.score(digits) <= best


@pytest.mark.parametrize("seed", range(5))
def test_learns_what_is_there_to_learn_and_nothing_else(digits, seed):
    """Shuffling each picture's pixels on their own leaves every number, and no two features that go together."""
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(digits, axis=1)
    here, there = np.split(rng.permutation(len(digits)), [1400])
    settings = {"epochs": 15, "random_state": seed}
    assert explained(Autoencoder(**settings).fit(digits[here]), digits[there]) > 0.33  # PCA: 0.28
    assert explained(Autoencoder(**settings).fit(shuffled[here]), shuffled[there]) < 0.03


def test_noise_teaches_to_remove_noise(digits):
    """With a code as wide as the data copying is the way to rebuild it, until noise makes that useless."""
    rng = np.random.default_rng(0)
    noisy = digits + 0.3 * rng.normal(size=digits.shape).astype(np.float32)
    error = {}
    for noise in (0.0, 0.3):
        autoencoder = Autoencoder(64, noise=noise, epochs=15, random_state=0).fit(digits[:1400])
        rebuilt = autoencoder.inverse_transform(autoencoder.transform(noisy[1400:]))
        error[noise] = ((rebuilt - digits[1400:]) ** 2).mean()
    assert error[0.3] < 0.75 * error[0.0]
    assert error[0.3] < 0.4 * 0.3**2  # a gain of 4 dB at least over the noisy pictures themselves


def test_by_hand():
    """Give the network weights; every number can be followed with pencil and paper."""
    X = np.array([[1.0, -2.0], [0.0, 3.0]], dtype=np.float32)
    tiny = Autoencoder(1, hidden=(2,), epochs=1, random_state=0).fit(X)
    weights = {
        "encoder.0.weight": [[1.0, 0.0], [0.0, 1.0]], "encoder.0.bias": [0.0, -1.0],
        "encoder.2.weight": [[1.0, 2.0]], "encoder.2.bias": [0.5],
        "decoder.0.weight": [[1.0], [-1.0]], "decoder.0.bias": [0.0, 2.0],
        "decoder.2.weight": [[1.0, 1.0], [0.0, 2.0]], "decoder.2.bias": [0.0, 0.0],
    }  # fmt: skip
    tiny.network_.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    Z = tiny.transform(X)
    np.testing.assert_array_equal(
        Z, [[1.5], [4.5]]
    )  # relu(1), relu(-3) -> 1 + 0 + 0.5; relu(0), relu(2) -> 0 + 4 + 0.5
    np.testing.assert_array_equal(tiny.inverse_transform(Z), [[2.0, 1.0], [4.5, 0.0]])
    assert tiny.score(X) == pytest.approx(-((1 + 9 + 4.5**2 + 9) / 4))


def test_the_history_is_the_error_it_minimises(digits):
    autoencoder = Autoencoder(epochs=4, random_state=0).fit(digits)
    history = autoencoder.history_
    assert len(history.train) == len(history.validation) == 4
    assert history.train == sorted(history.train, reverse=True)
    assert -autoencoder.score(digits) == pytest.approx(history.validation[-1], rel=0.1)


def test_one_seed_one_result(digits, fitted):
    state = torch.get_rng_state()
    again = Autoencoder(epochs=3, random_state=0).fit(digits)
    np.testing.assert_array_equal(again.transform(digits), fitted.transform(digits))
    assert torch.equal(torch.get_rng_state(), state)
    other = Autoencoder(epochs=3, random_state=1).fit(digits)
    assert not np.allclose(other.transform(digits), fitted.transform(digits), atol=0.1)


def test_computes_in_float32(digits, fitted):
    double = Autoencoder(epochs=3, random_state=0).fit(digits.astype(np.float64))
    for autoencoder in (double, fitted):
        assert autoencoder.transform(digits.astype(np.float64)).dtype == np.float32
        assert autoencoder.inverse_transform([[0.0, 1.0]]).dtype == np.float32
    np.testing.assert_array_equal(double.transform(digits), fitted.transform(digits))


def test_pickled_it_says_the_same(digits, fitted):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(digits), fitted.transform(digits))
    assert again.history_ == fitted.history_


def test_works_in_a_pipeline_a_search_and_a_table(digits):
    pipeline = make_pipeline(MinMaxScaler(), Autoencoder(epochs=2, random_state=0)).set_output(transform="pandas")
    assert list(pipeline.fit_transform(digits[:50]).columns) == ["autoencoder0", "autoencoder1"]
    search = GridSearchCV(Autoencoder(epochs=5, random_state=0), {"n_components": [1, 16]}, cv=2).fit(digits)
    assert search.best_params_ == {"n_components": 16}


@pytest.mark.parametrize(
    "X",
    [np.ones((20, 1)), np.ones((20, 3)), np.zeros((2, 3)), np.repeat([[1.0, 5.0]], 9, axis=0), np.eye(3, 200)],
    ids=["one column", "constant", "two rows of zeros", "duplicates", "wide"],
)
def test_shapes_out_of_the_ordinary(X):
    autoencoder = Autoencoder(epochs=2, random_state=0).fit(X)
    Z = autoencoder.transform(X)
    assert Z.shape == (len(X), 2)
    assert np.isfinite(autoencoder.inverse_transform(Z)).all()


def test_takes_arrays_that_torch_would_not(digits, fitted):
    backwards, read_only = np.ascontiguousarray(digits[::-1])[::-1], digits.copy()
    read_only.flags.writeable = False
    for X in (backwards, read_only, np.asfortranarray(digits)):
        again = Autoencoder(epochs=3, random_state=0).fit(X)
        np.testing.assert_array_equal(again.transform(X), fitted.transform(digits))
        assert again.score(X) == fitted.score(digits)
    codes = np.array([[0.0, 1.0], [2.0, 3.0]], dtype=np.float32)
    np.testing.assert_array_equal(fitted.inverse_transform(codes[::-1]), fitted.inverse_transform(codes)[::-1])


def test_takes_the_numbers_of_a_numpy_grid(digits, fitted):
    settings = {"batch_size": np.int64(64), "epochs": np.int64(3), "learning_rate": np.float64(3e-3)}
    again = Autoencoder(np.int64(2), hidden=[np.int64(128)], **settings, random_state=0).fit(digits)
    np.testing.assert_array_equal(again.transform(digits), fitted.transform(digits))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same(digits, monkeypatch):
    scores = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        autoencoder = Autoencoder(epochs=15, random_state=0).fit(digits[:1400])
        assert {weight.device.type for weight in autoencoder.network_.parameters()} == {"cpu"}
        scores[place] = explained(autoencoder, digits[1400:])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.02)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_components": 0}, "n_components=0, expected a whole number, 1 or more"),
        ({"n_components": 1.5}, r"n_components=1\.5, expected a whole number"),
        ({"hidden": 64}, "hidden=64, expected a tuple of whole numbers, 1 or more"),
        ({"hidden": (8, 0)}, r"hidden=\(8, 0\), expected a tuple"),
        ({"noise": -0.1}, r"noise=-0\.1, expected a standard deviation, 0 or more"),
        ({"noise": np.nan}, "noise=nan, expected"),
        ({"noise": "loud"}, "noise='loud', expected"),
        ({"epochs": 0}, "epochs=0, expected a whole number"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        Autoencoder(**settings).fit(np.ones((4, 2)))


def test_says_what_is_wrong_with_the_data(fitted):
    with pytest.raises(ValueError, match="contains NaN"):
        Autoencoder().fit([[1.0, np.nan], [0.0, 1.0]])
    with pytest.raises(ValueError, match="infinity or a value too large for dtype"):
        Autoencoder().fit([[1.0, np.inf], [0.0, 1.0]])
    with pytest.raises(ValueError, match="minimum of 2"):
        Autoencoder().fit([[1.0, 2.0]])
    with pytest.raises(ValueError, match="expecting 64 features"):
        fitted.transform([[1.0, 2.0]])
    with pytest.raises(ValueError, match="Z has 64 columns, expected n_components=2; pass what transform returned"):
        fitted.inverse_transform(np.ones((1, 64)))
    with pytest.raises(FloatingPointError, match="or scale the data to about 1 first"):
        Autoencoder().fit(1e30 * np.random.default_rng(0).normal(size=(20, 3)))
