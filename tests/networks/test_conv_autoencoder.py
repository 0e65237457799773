import pickle

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

from mmlearn_edu.datasets import load_spoken_digits, make_scenes
from mmlearn_edu.networks import ConvAutoencoder
from mmlearn_edu.networks.autoencoder import EncoderDecoder
from mmlearn_edu.networks.conv_autoencoder import conv_decoder, conv_encoder
from tests.conformance import contract


class OnePixelHigh(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Present every row of a matrix as a picture of one pixel's height, so that scikit-learn can check it."""

    def __init__(self, pictures=None):
        self.pictures = pictures

    def _draw(self, X):
        return 1 / (1 + np.exp(-np.clip(X, -50, 50)))[:, None, :]

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=[np.float64, np.float32])
        self.pictures_ = clone(self.pictures).fit(self._draw(X), y)
        self._n_features_out = len(self.pictures_.get_feature_names_out())
        return self

    def transform(self, X):
        check_is_fitted(self)
        return self.pictures_.transform(self._draw(validate_data(self, X, dtype=[np.float64, np.float32], reset=False)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if self.pictures is not None:
            tags.transformer_tags = get_tags(self.pictures).transformer_tags
        return tags


@contract(OnePixelHigh(ConvAutoencoder(channels=(4,), noise=0.1, epochs=2, random_state=0)))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    return (load_digits().images / 16).astype(np.float32)


@pytest.fixture(scope="module")
def fitted(digits):
    return ConvAutoencoder(channels=(8,), epochs=2, random_state=0).fit(digits)


def explained(autoencoder, images):
    """Share of the variance that is drawn again: 0 for one that always draws the mean picture, 1 for a perfect one."""
    return 1 + autoencoder.score(images) / ((images - images.mean(axis=0)) ** 2).mean()


@pytest.mark.parametrize("seed", range(5))
def test_learns_what_is_there_to_learn_and_nothing_else(digits, seed):
    """Shuffling each picture's pixels on their own leaves every number, and no more to say than how much ink it has."""
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(digits.reshape(-1, 64), axis=1).reshape(digits.shape)
    here, there = np.split(rng.permutation(len(digits)), [1200])
    settings = {"epochs": 10, "random_state": seed}
    assert explained(ConvAutoencoder(4, **settings).fit(digits[here]), digits[there]) > 0.35  # measured: .43 to .46
    assert explained(ConvAutoencoder(4, **settings).fit(shuffled[here]), shuffled[there]) < 0.1


def test_more_numbers_draw_better(digits):
    """On digits held out; the mean picture explains 0."""
    settings = {"channels": (16,), "epochs": 12, "random_state": 0}
    found = [explained(ConvAutoencoder(k, **settings).fit(digits[:1200]), digits[1200:]) for k in (1, 4, 16)]
    assert found[0] > 0.05
    assert (np.diff(found) > 0.1).all()


def test_noise_teaches_to_remove_noise(digits):
    rng = np.random.default_rng(0)
    noisy = np.clip(digits + 0.3 * rng.normal(size=digits.shape), 0, 1).astype(np.float32)
    error = {}
    for noise in (0.0, 0.3):
        settings = {"channels": (16,), "epochs": 20, "random_state": 0}
        autoencoder = ConvAutoencoder(64, noise=noise, **settings).fit(digits[:1200])
        drawn = autoencoder.inverse_transform(autoencoder.transform(noisy[1200:]))
        error[noise] = ((drawn - digits[1200:]) ** 2).mean()
    assert error[0.3] < 0.9 * error[0.0]
    assert error[0.3] < 0.8 * ((noisy - digits)[1200:] ** 2).mean()


@pytest.mark.parametrize(
    ("shape", "halved"),
    [((8, 8), [(4, 4), (2, 2)]), ((7, 5), [(4, 3), (2, 2)]), ((9, 6), [(5, 3), (3, 2)]), ((1, 1), [(1, 1), (1, 1)])],
)
def test_every_layer_has_the_shape_it_claims(shape, halved):
    """Convolutions halve, rounded up; transposed ones go through the same sizes."""
    there = conv_encoder((3, *shape), (4, 6), 5)
    back = conv_decoder((3, *shape), (4, 6), 5)
    sizes = {}
    for network, x in ((there, torch.zeros(2, 3, *shape)), (back, torch.zeros(2, 5))):
        for layer in network:
            x = layer(x)
            sizes.setdefault(type(layer).__name__, []).append(tuple(x.shape[1:]))
    assert sizes["Conv2d"] == [(4, *halved[0]), (6, *halved[1])]
    assert sizes["Unflatten"] == [(6, *halved[1])]
    assert sizes["ConvTranspose2d"] == [(4, *halved[0]), (3, *shape)]
    assert sizes["Linear"] == [(5,), (6 * halved[1][0] * halved[1][1],)]
    kernels = [tuple(layer.weight.shape[2:]) for layer in [*there, *back] if "Conv" in type(layer).__name__]
    assert kernels == [(3, 3)] * 4


def test_the_first_layer_is_a_convolution(digits, fitted):
    """Against SciPy; and moving the picture by two pixels moves the maps by one."""
    first = fitted.network_.encoder[0]
    maps = first(torch.from_numpy(digits[:1, None])).detach().numpy()[0]
    for kernel, bias, ours in zip(first.weight.detach().numpy(), first.bias.detach().numpy(), maps, strict=True):
        theirs = correlate2d(digits[0], kernel[0], mode="same")[::2, ::2] + bias
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    blank = np.zeros((1, 1, 12, 12), dtype=np.float32)
    here, moved = blank.copy(), blank.copy()
    here[0, 0, 2:8, 2:8] = moved[0, 0, 4:10, 4:10] = digits[0, :6, :6]
    with torch.no_grad():
        a, b = first(torch.from_numpy(here)), first(torch.from_numpy(moved))
    np.testing.assert_array_equal(a[:, :, :5, :5], b[:, :, 1:, 1:])


@pytest.mark.parametrize("shape", [(6, 6), (5, 7)])
def test_the_way_back_is_the_transpose(shape):
    """With the weights of the way there, <conv x, y> = <x, transposed conv y> for all x and y."""
    there = conv_encoder((1, *shape), (4,), 2)[0].double()
    back = conv_decoder((1, *shape), (4,), 2)[3].double()
    x = torch.randn(1, 1, *shape, dtype=torch.float64)
    with torch.no_grad():
        forward = there(x) - there.bias[:, None, None]
        y = torch.randn_like(forward)
        back.weight.copy_(there.weight)
        backward = back(y) - back.bias[:, None, None]
    torch.testing.assert_close((forward * y).sum(), (x * backward).sum())


def test_gradients():
    torch.manual_seed(0)
    shape = ((2, 5, 4), (3,), 2)
    network = EncoderDecoder(conv_encoder(*shape), conv_decoder(*shape)).double()
    x = torch.rand(2, 2, 5, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(network, (x,))


def test_by_hand():
    """One white pixel, no convolution: the code is 2 x 1 + 0.5; what would be blacker than black is black."""
    tiny = ConvAutoencoder(1, channels=(), epochs=1, random_state=0).fit(np.zeros((2, 1, 2)))
    weights = {
        "encoder.1.weight": [[2.0, 3.0]], "encoder.1.bias": [0.5],
        "decoder.0.weight": [[0.2], [-1.0]], "decoder.0.bias": [0.0, 0.0],
    }  # fmt: skip
    tiny.network_.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    np.testing.assert_array_equal(tiny.transform([[[1.0, 0.0]]]), [[2.5]])
    np.testing.assert_array_equal(tiny.inverse_transform([[2.5]]), [[[0.5, 0.0]]])
    assert tiny.score([[[1.0, 0.0]]]) == -0.125


@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (8, 8, 1), (9, 6, 3), (2, 13, 4), (32, 32, 3)])
def test_pictures_come_back_in_their_shape(shape):
    images = np.random.default_rng(0).random((4, *shape))
    autoencoder = ConvAutoencoder(3, channels=(4, 4, 4), epochs=1, random_state=0).fit(images)
    drawn = autoencoder.inverse_transform(autoencoder.transform(images))
    assert drawn.shape == images.shape
    assert drawn.dtype == np.float32
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert autoencoder.transform(images[:1]).shape == (1, 3)


def test_each_colour_has_its_own_place():
    """Pictures all red and all blue; drawn again, red is still red."""
    images = np.zeros((40, 4, 4, 3))
    images[::2, :, :, 0] = images[1::2, :, :, 2] = 1
    autoencoder = ConvAutoencoder(2, channels=(8,), learning_rate=0.01, epochs=60, random_state=0).fit(images)
    drawn = autoencoder.inverse_transform(autoencoder.transform(images[:2])).mean(axis=(1, 2))
    np.testing.assert_allclose(drawn, [[1, 0, 0], [0, 0, 1]], atol=0.3)


def test_takes_what_our_loaders_give():
    digits, scenes = load_spoken_digits().X["image"][:40], make_scenes(20).X["image"]
    for images in (digits, scenes):
        autoencoder = ConvAutoencoder(epochs=1, random_state=0).fit(images)
        np.testing.assert_array_equal(autoencoder.transform(images / 255), autoencoder.transform(images))
        assert autoencoder.inverse_transform(autoencoder.transform(images)).shape == images.shape


def test_the_history_is_the_error_it_minimises(digits, fitted):
    history = fitted.history_
    assert len(history.train) == len(history.validation) == 2
    assert history.train == sorted(history.train, reverse=True)
    assert -fitted.score(digits) == pytest.approx(history.validation[-1], rel=0.1)


def test_one_seed_one_result_and_float32(digits, fitted):
    state = torch.get_rng_state()
    backwards = np.ascontiguousarray(digits[::-1])[::-1]
    for images in (digits.astype(np.float64), backwards, digits[..., None]):
        again = ConvAutoencoder(channels=[np.int64(8)], epochs=2, random_state=0).fit(images)
        np.testing.assert_array_equal(again.transform(images), fitted.transform(digits))
    assert torch.equal(torch.get_rng_state(), state)
    assert fitted.transform(digits).dtype == np.float32
    other = ConvAutoencoder(channels=(8,), epochs=2, random_state=1).fit(digits)
    assert not np.allclose(other.transform(digits), fitted.transform(digits), atol=0.1)


def test_pickled_it_says_the_same(digits, fitted):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(digits), fitted.transform(digits))
    assert again.history_ == fitted.history_


def test_works_in_a_pipeline_a_search_and_a_table(digits):
    y = load_digits().target
    pipeline = make_pipeline(
        ConvAutoencoder(8, channels=(8,), epochs=5, random_state=0), LogisticRegression(C=100, max_iter=1000)
    )
    assert pipeline.fit(digits[:600], y[:600]).score(digits[600:800], y[600:800]) > 0.4
    table = clone(pipeline[0]).set_output(transform="pandas").fit_transform(digits[:30])
    assert list(table.columns) == [f"convautoencoder{i}" for i in range(8)]
    few = ConvAutoencoder(channels=(8,), epochs=8, random_state=0)
    search = GridSearchCV(few, {"n_components": [1, 16]}, cv=2).fit(digits[:500])
    assert search.best_params_ == {"n_components": 16}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same(digits, monkeypatch):
    scores = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        autoencoder = ConvAutoencoder(4, epochs=8, random_state=0).fit(digits[:1200])
        assert {weight.device.type for weight in autoencoder.network_.parameters()} == {"cpu"}
        scores[place] = explained(autoencoder, digits[1200:])
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.03)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_components": 0}, "n_components=0, expected a whole number, 1 or more"),
        ({"channels": 16}, "channels=16, expected a tuple of whole numbers, 1 or more"),
        ({"channels": (8, 0)}, r"channels=\(8, 0\), expected a tuple"),
        ({"noise": -0.1}, r"noise=-0\.1, expected a standard deviation, 0 or more"),
        ({"epochs": 0}, "epochs=0, expected a whole number"),
    ],
)
def test_says_which_setting_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        ConvAutoencoder(**settings).fit(np.ones((4, 2, 2)))


def test_says_what_is_wrong_with_the_pictures(digits, fitted):
    for wrong, words in [
        (digits[0], r"expected pictures of shape \(n_samples, H, W\) or .* got \(8, 8\); for one picture"),
        (16 * digits, r"uint8 in 0\.\.255 or floats in \[0, 1\], got float32 from 0\.0 to 16\.0; divide by"),
        (np.nan * digits, "got float32 from nan to nan; mark such pictures as missing"),
        (digits[:0], r"expected at least one picture, got an array of shape \(0, 8, 8\)"),
        (digits[:1], "a single picture"),
    ]:
        with pytest.raises(ValueError, match=words):
            ConvAutoencoder().fit(wrong)
    with pytest.raises(ValueError, match=r"fitted on pictures of shape \(8, 8\), got \(8, 7\); bring all to one"):
        fitted.transform(digits[:, :, 1:])
    with pytest.raises(ValueError, match="Z has 64 columns, expected n_components=2; pass what transform returned"):
        fitted.inverse_transform(np.ones((1, 64)))
    for method, argument in [("transform", digits), ("score", digits), ("inverse_transform", [[0.0, 0.0]])]:
        with pytest.raises(NotFittedError, match="This ConvAutoencoder instance is not fitted yet"):
            getattr(ConvAutoencoder(), method)(argument)
    with pytest.raises(TypeError, match="expected an array of real numbers"):
        fitted.score(["a picture"])
