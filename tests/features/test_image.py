import colorsys

import numpy as np
import pytest
from scipy import ndimage

from mmlearn_edu.features import colour_histogram, flatten_images, image_features, rgb_to_hsv, sobel_edges


def pictures(n_images=3, shape=(9, 12, 3), seed=0):
    return np.random.default_rng(seed).integers(0, 256, size=(n_images, *shape), dtype=np.uint8)


def test_hsv_agrees_with_the_standard_library():
    corners = np.array(np.meshgrid([0, 0.3, 1], [0, 0.3, 1], [0, 0.3, 1])).reshape(3, -1).T
    colours = np.vstack([corners, pictures().reshape(-1, 3) / 255])
    np.testing.assert_allclose(rgb_to_hsv(colours), [colorsys.rgb_to_hsv(*c) for c in colours], atol=1e-12)


def test_one_colour_alone():
    np.testing.assert_allclose(rgb_to_hsv([0.0, 0.5, 0.0]), [1 / 3, 1, 0.5])
    assert rgb_to_hsv(np.float32([0.1, 0.2, 0.3])).dtype == np.float32
    assert rgb_to_hsv(np.float16([0.1, 0.2, 0.3])).dtype == np.float64


def test_edges_of_colour_are_those_of_its_brightness():
    images = pictures()
    bright = images @ [0.299, 0.587, 0.114] / 255
    np.testing.assert_allclose(sobel_edges(images), sobel_edges(bright), atol=1e-12)
    single = sobel_edges((images / 255).astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, sobel_edges(bright), atol=1e-5)


def test_one_bin_holds_everything():
    np.testing.assert_allclose(colour_histogram(pictures(), 1), np.full((3, 3), 1 / 3))


def test_histogram_by_hand_and_by_numpy():
    images = pictures()
    for space, values in (("rgb", images / 255), ("hsv", rgb_to_hsv(images))):
        expected = [np.concatenate([np.histogram(v[..., c], 4, (0, 1))[0] for c in range(3)]) for v in values]
        np.testing.assert_allclose(colour_histogram(images, 4, space), np.array(expected) / (9 * 12 * 3))
    red = np.zeros((1, 2, 2, 3), dtype=np.uint8)
    red[..., 0] = 255
    np.testing.assert_allclose(colour_histogram(red, 2) * 3, [[0, 1, 1, 0, 1, 0]])


def test_histogram_sums_to_one_and_is_blind_to_where():
    images = pictures()
    histogram = colour_histogram(images)
    np.testing.assert_allclose(histogram.sum(axis=1), 1)
    shuffled = np.random.default_rng(1).permutation(images.reshape(3, -1, 3), axis=1).reshape(images.shape)
    np.testing.assert_array_equal(colour_histogram(shuffled), histogram)
    np.testing.assert_array_equal(colour_histogram(images[::-1]), histogram[::-1])


def test_edges_agree_with_scipy():
    grey = pictures(shape=(9, 12)) / 255
    expected = [np.hypot(ndimage.sobel(g, 0, mode="nearest"), ndimage.sobel(g, 1, mode="nearest")) for g in grey]
    np.testing.assert_allclose(sobel_edges(grey), expected, atol=1e-12)


def test_edges_by_hand():
    step = np.zeros((1, 5, 6))
    step[:, :, 3:] = 1
    np.testing.assert_allclose(sobel_edges(step)[0], np.tile([0, 0, 4, 4, 0, 0], (5, 1)))
    assert not sobel_edges(np.full((1, 4, 4, 3), 200, dtype=np.uint8)).any()  # flat, up to the border


def test_edges_turn_with_the_picture_and_ignore_brightness():
    grey = pictures(shape=(7, 7)) / 510
    np.testing.assert_allclose(sobel_edges(np.rot90(grey, axes=(1, 2))), np.rot90(sobel_edges(grey), axes=(1, 2)))
    np.testing.assert_allclose(sobel_edges(grey + 0.5), sobel_edges(grey), atol=1e-12)


def test_image_features_are_colours_then_edges_by_place():
    images = np.zeros((1, 8, 8, 3))
    images[:, :4, :4] = [1.0, 0.0, 0.0]
    out = image_features(images, n_bins=4, grid=2)
    np.testing.assert_allclose(out[:, :12], colour_histogram(images, 4, "hsv"))
    edges = sobel_edges(images)[0]
    np.testing.assert_allclose(
        out[0, 12:], [edges[:4, :4].mean(), edges[:4, 4:].mean(), edges[4:, :4].mean(), edges[4:, 4:].mean()]
    )
    assert image_features(pictures()).shape == (3, 40)


def test_bytes_and_shares_are_the_same_picture():
    images = pictures()
    for function in (flatten_images, colour_histogram, sobel_edges, image_features):
        np.testing.assert_allclose(function(images), function(images / 255))
    assert flatten_images(pictures(shape=(8, 8))).shape == (3, 64)
    assert flatten_images(images).max() <= 1


@pytest.mark.parametrize(
    ("function", "images", "message"),
    [
        (
            colour_histogram,
            np.ones((2, 8, 8)),
            r"red, green and blue in the last axis, shape \(\.\.\., 3\); got shape \(2, 8, 8\)",
        ),
        (
            colour_histogram,
            np.ones((8, 8, 3)),
            r"expected pictures of shape \(n, height, width, 3\), got \(8, 8, 3\); .* image\[None\]",
        ),
        (image_features, np.ones((8, 8, 3)), r"for a single one write image\[None\]"),
        (sobel_edges, np.ones((8, 8)), r"got \(8, 8\); for a single picture write image\[None\]"),
        (sobel_edges, np.ones((2, 8, 8, 4)), r"got \(2, 8, 8, 4\)"),
        (flatten_images, np.full((2, 8, 8), 16), r"got int64 from 16 to 16; divide by the largest"),
        (flatten_images, np.full((2, 8), np.nan), "from nan to nan; mark such pictures as missing first"),
        (flatten_images, np.array([[0.0, 1.5]]), r"from 0\.0 to 1\.5; divide by the largest possible value first"),
        (flatten_images, np.array([[-0.5, 1.0]]), r"from -0\.5 to 1\.0; mark such pictures"),
        (rgb_to_hsv, 0.5, r"at least one picture, got an array of shape \(\)"),
        (
            flatten_images,
            np.zeros((0, 8, 8), dtype=np.uint8),
            r"at least one picture, got an array of shape \(0, 8, 8\)",
        ),
    ],
)
def test_says_what_is_no_batch_of_pictures(function, images, message):
    with pytest.raises(ValueError, match=message):
        function(images)


def test_says_which_options_there_are():
    with pytest.raises(ValueError, match='space=\'lab\', expected "rgb" or "hsv"'):
        colour_histogram(pictures(), space="lab")
    with pytest.raises(ValueError, match="n_bins=0, expected 1 or more"):
        colour_histogram(pictures(), n_bins=0)
    with pytest.raises(ValueError, match=r"grid=10 not in 1\.\.9 for pictures of 9 x 12 pixels"):
        image_features(pictures(), grid=10)
