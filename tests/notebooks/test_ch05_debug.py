"""What chapter 05 claims: its article fails, and misleads, as its text says; and its numbers hold over five seeds."""

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import load_spoken_digits, make_scenes
from mmlearn_edu.networks import DenseNetwork, ImageCNN, NetworkClassifier, prepare_images, torchvision, vgg16_features

MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
DIGITS = load_spoken_digits()
LOW, SEEN = DIGITS.y < 5, DIGITS.groups["writer"] < 7


def reference(name):
    return registry.get(f"cnn.{name}").reference


@pytest.fixture(scope="module")
def broken():
    """The article's features, as the learner's cell has them."""
    scope = {"np": np, "torch": torch, "MEAN": MEAN, "STD": STD}
    exec(stub_source(registry.get("cnn.fix_article")), scope)
    return scope["article_features"]


@pytest.fixture(scope="module")
def pictures():
    return make_scenes(6).X["image"], np.random.default_rng(0).normal(size=(8, 3, 3, 3))


def test_the_loud_fault_names_the_four_dimensions(broken, pictures):
    found = broken(*pictures)
    assert found.shape == (6, 8, 30, 30)
    with pytest.raises(ValueError, match=r"^Found array with dim 4, while dim <= 2 is required by KMeans\.$"):
        KMeans(2, n_init=1).fit_predict(found)
    KMeans(2, n_init=1, random_state=0).fit_predict(reference("fix_article")(*pictures))


def test_the_maps_of_vgg16_have_four_dimensions_too():
    assert vgg16_features(make_scenes(1).X["image"], weights="random").shape == (1, 7, 7, 512)


def test_the_silent_fault_runs_with_other_numbers_of_the_same_shape(broken, pictures):
    unprepared, mended = broken(*pictures).mean(axis=(2, 3)), reference("fix_article")(*pictures)
    assert unprepared.shape == mended.shape
    assert not np.allclose(unprepared, mended, rtol=0.5)


@pytest.mark.parametrize("seed", range(5))
def test_breaking_the_contract_costs_most_of_the_accuracy(seed):
    scenes = make_scenes(500, random_state=seed)
    small, colour = scenes.X["image"][:, ::2, ::2], scenes.latents["colour"]
    ready = (small / 255 - MEAN) / STD
    model = NetworkClassifier(ImageCNN, epochs=8, random_state=seed).fit(ready[:300], colour[:300])
    assert model.score(ready[300:], colour[300:]) > 0.9
    for wrong in (small / 255, small, ready[..., ::-1]):
        assert model.score(wrong[300:], colour[300:]) < 0.65, "most answers were right, now many are wrong"


def test_ours_and_torchvisions_preparation_agree():
    images = make_scenes(2).X["image"]
    contract = torchvision().models.VGG16_Weights.DEFAULT.transforms()
    assert (contract.mean, contract.std) == (MEAN.tolist(), STD.tolist())
    assert (contract.resize_size, contract.crop_size) == ([256], [224])
    torch.testing.assert_close(prepare_images(images), contract(torch.tensor(images).movedim(-1, 1)), atol=0.03, rtol=0)


def test_torch_refuses_numpy_while_it_keeps_gradients():
    with pytest.raises(RuntimeError, match="Can't call numpy\\(\\) on Tensor that requires grad"):
        ImageCNN((4, 4), 2).eval().features(torch.zeros(1, 4, 4)).numpy()


def test_vgg16_sees_212_pixels_and_ends_in_7_places():
    layers = [(3, 1), (3, 1), (2, 2)] * 2 + [(3, 1), (3, 1), (3, 1), (2, 2)] * 3
    side = 224
    for kernel, stride in layers:
        side = reference("count_places")(side, kernel, stride, 1 if kernel == 3 else 0)
    assert (reference("trace_field")(layers), side) == (212, 7)


def moved_about(images, seed):
    moved, rng = np.zeros((len(images), 16, 16)), np.random.default_rng(seed)
    for canvas, image, (i, j) in zip(moved, images, rng.integers(0, 9, size=(len(images), 2)), strict=True):
        canvas[i : i + 8, j : j + 8] = image
    return moved


def scores_of(images, seed):
    """Score pixels, untrained, trained on 0 to 4, trained on the 100, as the notebook does, with labels of `seed`."""
    y, old = DIGITS.y, np.flatnonzero(LOW & SEEN)
    few = np.random.default_rng(seed).permutation(np.flatnonzero(~LOW & SEEN))[:100]
    test = np.flatnonzero(~LOW & ~SEEN)
    base = NetworkClassifier(ImageCNN, epochs=5, random_state=seed).fit(images[old], y[old])
    own = NetworkClassifier(ImageCNN, epochs=20, random_state=seed).fit(images[few], y[few])
    flat, untrained = images.reshape(len(images), -1), reference("freeze_features")(images, seed)
    tables = [flat, untrained, base.transform(images), own.transform(images)]
    return [reference("probe_features")(F[None], y, few, test)[0] for F in tables]


def test_in_place_pixels_beat_untrained_beats_trained_on_other_digits():
    found = np.array([scores_of(DIGITS.X["image"] / 255, seed) for seed in range(5)])
    pixels, untrained, other, own = found.T
    assert np.all(other < untrained - 0.04), found
    assert np.all(other < pixels - 0.1), found
    assert pixels.mean() > untrained.mean() + 0.01, found
    assert own.mean() > pixels.mean(), found
    assert np.all(other > 0.4), "still far above chance, 0.2"


@pytest.mark.parametrize("n_seeds", [2, pytest.param(5, marks=pytest.mark.slow)])
def test_moved_about_the_order_is_turned_round(n_seeds):
    found = np.array([scores_of(moved_about(DIGITS.X["image"] / 255, seed), seed) for seed in range(n_seeds)])
    pixels, untrained, other, own = found.T
    assert np.all(pixels < 0.32), found
    assert np.all(untrained > pixels + 0.15), found
    assert other.mean() > untrained.mean() + 0.03, found
    assert np.all(own > other), found


def test_dense_layers_cannot_follow_moved_digits():
    images = moved_about(DIGITS.X["image"] / 255, 0)
    scores = [
        NetworkClassifier(network, epochs=epochs, random_state=0)
        .fit(images[SEEN], DIGITS.y[SEEN])
        .score(images[~SEEN], DIGITS.y[~SEEN])
        for network, epochs in ((DenseNetwork, 30), (ImageCNN, 3))
    ]
    assert scores[0] < 0.5 < 0.75 < scores[1]
