import numpy as np
import pytest
import torch

from mmlearn_edu.features import global_average_pool


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5, 3, 7, 4), (1, 512, 7, 7), (2, 1, 1, 1)], ids=["few", "as VGG16", "one place"])
def test_agrees_with_torch(shape, dtype):
    maps = np.random.default_rng(0).normal(3, 2, size=shape).astype(dtype)
    expected = torch.nn.AdaptiveAvgPool2d(1)(torch.from_numpy(maps)).flatten(1).numpy()
    pooled = global_average_pool(maps)
    assert (pooled.shape, pooled.dtype) == (shape[:2], dtype)
    np.testing.assert_allclose(pooled, expected, rtol=1e-5 if dtype == np.float32 else 1e-12)


def test_by_hand():
    maps = [[[[1, 2, 3], [4, 5, 6]], [[-1, -1, -1], [1, 1, 1]]]]
    np.testing.assert_array_equal(global_average_pool(maps), [[3.5, 0]])


def test_does_not_care_where():
    maps = np.random.default_rng(0).random((2, 3, 5, 5))
    np.testing.assert_allclose(global_average_pool(np.roll(maps, (2, 1), axis=(2, 3))), global_average_pool(maps))


def test_takes_what_a_network_gives():
    with torch.no_grad():
        maps = torch.nn.Conv2d(3, 6, 3)(torch.rand(4, 3, 8, 8))
    np.testing.assert_allclose(global_average_pool(maps), maps.mean(dim=(2, 3)), rtol=1e-5, atol=1e-6)
    assert global_average_pool(maps.half()).dtype == np.float64  # half precision would lose digits


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        (np.ones((512, 7, 7)), r"got \(512, 7, 7\); for a single picture write maps\[None\]"),
        (np.ones((4, 512)), r"expected maps of shape \(n_images, n_channels, height, width\), got \(4, 512\)$"),
        (np.ones((4, 8, 0, 7)), r"got \(4, 8, 0, 7\)"),
        (np.full((1, 1, 2, 2), np.nan), "the maps hold NaN or infinite values; look at what went into the network"),
        (np.array([[[[np.inf, -np.inf]]]]), "the maps hold NaN or infinite values"),
    ],
)
def test_says_what_are_no_maps(maps, message):
    with pytest.raises(ValueError, match=message):
        global_average_pool(maps)


def test_says_what_is_no_number_and_what_differs_in_size():
    with pytest.raises(TypeError, match="expected an array of real numbers, got one of complex128"):
        global_average_pool(np.zeros((1, 1, 2, 2), dtype=complex))
    with pytest.raises(ValueError, match="the pictures differ in size"):
        global_average_pool([np.zeros((3, 7, 7)), np.zeros((3, 6, 7))])
