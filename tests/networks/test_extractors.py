import numpy as np
import pytest
import torch
from torch import nn

from mmlearn_edu.networks import (
    WeightsUnavailable,
    extractors,
    prepare_clips,
    prepare_images,
    r3d_18_features,
    seeded,
    torchvision,
    vgg16_features,
    weights,
)

SHAPES = [(32, 32), (300, 500), (500, 301), (224, 224), (17, 260), (1, 1)]


def pictures(*shape, seed=0):
    return np.random.default_rng(seed).integers(256, size=shape, dtype=np.uint8)


# Preprocessing: torchvision's own transforms are the oracle


@pytest.mark.parametrize("shape", SHAPES)
def test_images_are_prepared_as_torchvision_does(shape):
    images = pictures(2, *shape, 3)
    theirs = torchvision().models.VGG16_Weights.DEFAULT.transforms()(torch.from_numpy(images).permute(0, 3, 1, 2))
    ours = prepare_images(images)
    assert ours.shape == (2, 3, 224, 224)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", [*SHAPES, (128, 171)])
def test_clips_are_prepared_as_torchvision_does(shape):
    clips = pictures(2, 3, *shape, 3)
    transforms = torchvision().models.video.R3D_18_Weights.DEFAULT.transforms()
    ours = prepare_clips(clips)
    assert ours.shape == (2, 3, 3, 112, 112)
    torch.testing.assert_close(ours, transforms(torch.from_numpy(clips).permute(0, 1, 4, 2, 3)), rtol=0, atol=1e-6)


def test_by_hand():
    red = np.zeros((1, 224, 224, 3), dtype=np.uint8)
    red[..., 0] = 255
    expected = [(1 - 0.485) / 0.229, -0.456 / 0.224, -0.406 / 0.225]
    np.testing.assert_allclose(prepare_images(red)[0, :, 100, 7], expected, rtol=1e-6)
    expected = [(1 - 0.43216) / 0.22803, -0.394666 / 0.22145, -0.37645 / 0.216989]
    np.testing.assert_allclose(prepare_clips(red[:, None])[0, :, 0, 50, 7], expected, rtol=1e-6)


def test_time_keeps_its_order():
    clips = np.zeros((1, 5, 8, 8, 3), dtype=np.uint8) + np.arange(5, dtype=np.uint8)[:, None, None, None] * 50
    assert prepare_clips(clips)[0, 0, :, 60, 60].diff().gt(0).all()


def test_grey_is_shown_in_all_three_colours():
    grey = pictures(2, 20, 30)
    assert torch.equal(prepare_images(grey), prepare_images(np.stack([grey] * 3, axis=-1)))
    films = pictures(2, 4, 20, 30)
    assert torch.equal(prepare_clips(films), prepare_clips(np.stack([films] * 3, axis=-1)))


# The networks


def test_vgg16_is_torchvisions_without_the_classifier():
    with torch.device("meta"):  # no memory, no time
        whole = torchvision().models.vgg16(weights=None)
    ours = extractors.Convolutions()
    theirs = {name: weight.shape for name, weight in whole.state_dict().items() if name.startswith("features")}
    assert {name: weight.shape for name, weight in ours.state_dict().items()} == theirs
    whole.features.to_empty(device="cpu").load_state_dict(ours.features.state_dict())
    X = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(ours(X), whole.features(X))


@pytest.fixture(scope="module")
def images():
    return pictures(3, 40, 30, 3)


@pytest.fixture(scope="module")
def maps(images):
    return vgg16_features(images, weights="random")


def test_maps_of_vgg16(images, maps):
    assert (maps.shape, maps.dtype) == ((3, 7, 7, 512), np.float32)
    assert maps.min() == 0
    assert 0.1 < maps.std() < 10  # a random network that keeps the size of its signal
    with seeded(0), torch.no_grad():
        network = extractors.Convolutions()
        expected = network(prepare_images(images[:1])).permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(maps[:1], expected, atol=0.02 * maps.max())  # a GPU rounds its factors to 10 bits


def test_batches_and_pooling_change_nothing(images, maps):
    pooled = vgg16_features(images, weights="random", pooled=True, batch_size=2)
    np.testing.assert_allclose(pooled, maps.mean(axis=(1, 2)), atol=0.02 * maps.max())
    assert pooled.shape == (3, 512)


def test_one_seed_one_network(images, maps):
    state = torch.get_rng_state()
    other = vgg16_features(images[:1], weights="random", random_state=1)
    assert torch.equal(torch.get_rng_state(), state)
    assert not np.allclose(other, maps[:1], atol=0.1 * maps.max())


def test_features_of_clips():
    clips = pictures(2, 4, 30, 40)
    found = r3d_18_features(clips, weights="random", batch_size=np.int64(1))
    assert (found.shape, found.dtype) == ((2, 512), np.float32)
    assert found.min() >= 0
    assert not np.allclose(found[0], found[1], atol=1e-4)
    backwards = r3d_18_features(clips[:1, ::-1], weights="random")
    assert not np.allclose(backwards, found[:1], atol=1e-4)  # it sees the order of time


# Where the weights come from


class Small(nn.Module):
    """A network as small as a file of weights in a test should be."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 2, 1), nn.AdaptiveAvgPool2d(7))

    def forward(self, X):
        return self.features(X)


def test_the_pretrained_weights_are_used(monkeypatch, images):
    published = Small()
    monkeypatch.setattr(extractors, "Convolutions", Small)
    file = {**published.state_dict(), "classifier.0.weight": torch.ones(4096, 2)}
    monkeypatch.setattr(extractors, "load_weights", lambda wanted, weights: file)
    with torch.no_grad():
        expected = published(prepare_images(images)).permute(0, 2, 3, 1)
    for kind in ("cached", "download"):
        np.testing.assert_allclose(vgg16_features(images, weights=kind), expected, rtol=0.01, atol=0.01)
    del file["features.0.bias"]
    with pytest.raises(RuntimeError, match=r"Missing key.*features\.0\.bias"):
        vgg16_features(images)


def test_a_file_of_the_size_of_r3d_18_fits():
    network = extractors._r3d_18()
    with torch.device("meta"):
        whole = torchvision().models.video.r3d_18(weights=None)
    assert set(whole.state_dict()) - set(network.state_dict()) == {"fc.weight", "fc.bias"}


def test_never_fetches_without_being_asked(monkeypatch, tmp_path, images):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(weights, "_download", lambda wanted: pytest.fail("it went to the network"))
    with pytest.raises(WeightsUnavailable, match=r"vgg16-397923af\.pth \(553 MB\) is not on this machine"):
        vgg16_features(images)
    with pytest.raises(WeightsUnavailable, match=r"r3d_18-b3b3357e\.pth \(134 MB\) is not on this machine"):
        r3d_18_features(pictures(1, 2, 8, 8))


# Words


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((2, 8, 8, 3)), r"images are float64 of shape \(2, 8, 8, 3\), expected uint8 of shape \(n, height"),
        (np.zeros((8, 8, 3), dtype=np.uint8), r"shape \(8, 8, 3\), .*; a single one is images\[None\], and values in"),
        (np.zeros((2, 3, 8, 8), dtype=np.uint8), r"shape \(2, 3, 8, 8\), expected"),
        (np.zeros((0, 8, 8, 3), dtype=np.uint8), r"shape \(0, 8, 8, 3\), expected"),
        (["图"], "images are <U1"),
        ([[1, 2], [3]], "images are not all of one shape; scale or cut them to one size first"),
    ],
)
def test_says_which_pictures_it_can_see(images, words):
    for see in (prepare_images, lambda images: vgg16_features(images, weights="random")):
        with pytest.raises(ValueError, match=words):
            see(images)


def test_says_which_clips_it_can_see():
    with pytest.raises(ValueError, match=r"clips are uint8 of shape \(4, 8, 8, 3\), expected uint8 of shape \(n, fra"):
        prepare_clips(np.zeros((4, 8, 8, 3), dtype=np.uint8))
    with pytest.raises(ValueError, match=r"clips are float32"):
        r3d_18_features(np.zeros((1, 4, 8, 8, 3), dtype=np.float32), weights="random")


def test_says_which_settings_there_are(images):
    with pytest.raises(ValueError, match="weights='imagenet', expected one of 'cached', 'download', 'random'"):
        vgg16_features(images, weights="imagenet")
    with pytest.raises(ValueError, match="random_state=None, expected a whole number; it draws"):
        vgg16_features(images, weights="random", random_state=None)
    with pytest.raises(ValueError, match="batch_size=0, expected a whole number, 1 or more"):
        vgg16_features(images, weights="random", batch_size=0)


def test_out_of_memory_names_the_batch_size(images, monkeypatch):
    def forward(self, X):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB")

    monkeypatch.setattr(extractors.Convolutions, "forward", forward)
    with pytest.raises(MemoryError, match=r"batch_size=16 is too large for the memory of .*; try batch_size=8"):
        vgg16_features(images, weights="random")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_sees_the_same(images, monkeypatch):
    found = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        found[place] = (
            vgg16_features(images, weights="random"),
            r3d_18_features(pictures(2, 4, 30, 40), weights="random"),
        )
    for cpu, cuda in zip(*found.values(), strict=True):
        np.testing.assert_allclose(cuda, cpu, atol=0.02 * cpu.max())  # cuDNN rounds the factors to 10 bits (TF32)
