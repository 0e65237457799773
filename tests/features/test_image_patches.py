import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_sample_images
from sklearn.feature_extraction.image import extract_patches_2d

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import image_patches


def pictures(shape=(2, 6, 7), dtype=np.uint8):
    return np.random.default_rng(0).integers(0, 256, size=shape).astype(dtype)


@pytest.mark.parametrize("shape", [(2, 6, 7), (3, 7, 6, 3), (1, 3, 5, 4)], ids=["grey", "colour", "four channels"])
def test_every_patch_agrees_with_scikit_learn(shape):
    images = pictures(shape)
    patches, source = image_patches(images, size=3, stride=1)
    expected = [extract_patches_2d(image, (3, 3)) for image in images]
    np.testing.assert_array_equal(patches, np.concatenate(expected))
    np.testing.assert_array_equal(source, np.repeat(range(len(images)), len(expected[0])))


def test_steps_agree_with_torch_on_a_photograph():
    photos = np.stack(load_sample_images().images)[:, ::8, ::8].astype(np.float32)
    patches, source = image_patches(photos, size=8, stride=5)
    unfolded = torch.from_numpy(photos.transpose(0, 3, 1, 2)).unfold(2, 8, 5).unfold(3, 8, 5)
    np.testing.assert_array_equal(patches, unfolded.permute(0, 2, 3, 4, 5, 1).reshape(-1, 8, 8, 3))
    assert patches.dtype == np.float32
    assert np.bincount(source).tolist() == [len(patches) // 2] * 2


def test_side_by_side_they_are_the_picture_again():
    images = make_scenes(5).X["image"]
    patches, source = image_patches(images, size=8, stride=8)
    assert (patches.shape, patches.dtype) == ((80, 8, 8, 3), np.uint8)
    for i, image in enumerate(images):
        rows = patches[source == i].reshape(4, 4, 8, 8, 3)
        np.testing.assert_array_equal(rows.transpose(0, 2, 1, 3, 4).reshape(32, 32, 3), image)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 12))
def test_there_are_as_many_as_the_formula_says(height, width, size, stride):
    images = np.arange(2 * height * width).reshape(2, height, width)
    if size > min(height, width):
        with pytest.raises(ValueError, match=f"size={size} not in 1"):
            image_patches(images, size, stride)
        return
    patches, source = image_patches(images, size, stride)
    n_rows, n_columns = 1 + (height - size) // stride, 1 + (width - size) // stride
    assert len(patches) == len(source) == 2 * n_rows * n_columns
    corners = [images[i, r * stride, c * stride] for i in range(2) for r in range(n_rows) for c in range(n_columns)]
    np.testing.assert_array_equal(patches[:, 0, 0], corners)


@pytest.mark.parametrize("size", [3, 6], ids=["many", "the whole picture"])
def test_patches_are_a_copy(size):
    images = pictures((2, 6, 6))
    before = images.copy()
    patches, _ = image_patches(images, size)
    patches[:] = 0
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (pictures()[0], {}, r"got \(6, 7\); for a single picture write image\[None\]"),
        (pictures((0, 8, 8)), {}, r"got \(0, 8, 8\)"),
        (pictures(), {}, r"size=8 not in 1\.\.6 for pictures of 6 x 7 pixels"),
        (pictures(), {"size": 0}, r"size=0 not in 1\.\.6"),
        (pictures(), {"size": 2, "stride": 0}, "stride=0, expected a step of 1 pixel or more"),
        ([pictures()[0], pictures()[0].T], {}, "the pictures differ in size"),
    ],
)
def test_says_which_patches_there_can_be(images, options, message):
    with pytest.raises(ValueError, match=message):
        image_patches(images, **options)
