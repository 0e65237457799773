import numpy as np
import pytest
from scipy import ndimage
from sklearn.datasets import load_sample_images
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer

from mmlearn_edu.features import oriented_gradients, sobel_edges, sobel_gradients


def grey(n_images=2, shape=(9, 12), seed=0):
    return np.random.default_rng(seed).random((n_images, *shape))


def ramp(degrees, size=16, slope=0.02):
    """Brightness grows evenly in one direction: right, then clockwise on the screen."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    angle = np.deg2rad(degrees)
    return (0.5 + slope * (x * np.cos(angle) + y * np.sin(angle)))[None]


def pixel_by_pixel(image, n_orientations, grid):
    """HOG as one would tell it, without a single array operation."""
    height, width = image.shape
    at = lambda y, x: image[min(max(y, 0), height - 1), min(max(x, 0), width - 1)]  # noqa: E731
    rows, columns = np.array_split(range(height), grid), np.array_split(range(width), grid)
    out = np.zeros((grid, grid, n_orientations))
    for i, j in np.ndindex(grid, grid):
        for y in rows[i]:
            for x in columns[j]:
                across = sum(w * (at(y + s, x + 1) - at(y + s, x - 1)) for s, w in ((-1, 1), (0, 2), (1, 1)))
                down = sum(w * (at(y + 1, x + s) - at(y - 1, x + s)) for s, w in ((-1, 1), (0, 2), (1, 1)))
                position = np.rad2deg(np.arctan2(down, across)) % 180 / (180 / n_orientations)
                lower, share = int(position), position % 1
                out[i, j, lower % n_orientations] += (1 - share) * np.hypot(across, down)
                out[i, j, (lower + 1) % n_orientations] += share * np.hypot(across, down)
        out[i, j] /= len(rows[i]) * len(columns[j])
    return out.ravel()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(9, 12), (1, 7), (7, 1)], ids=["wide", "one row", "one column"])
def test_gradients_agree_with_scipy(shape, dtype):
    images = grey(shape=shape).astype(dtype)
    across, down = sobel_gradients(images)
    assert across.dtype == down.dtype == dtype
    for image, a, d in zip(images, across, down, strict=True):
        np.testing.assert_allclose(a, ndimage.sobel(image, 1, mode="nearest"), atol=1e-6)
        np.testing.assert_allclose(d, ndimage.sobel(image, 0, mode="nearest"), atol=1e-6)


def test_gradients_say_which_way_it_grows_brighter():
    for degrees, expected in [(0, (0.16, 0)), (90, (0, 0.16)), (180, (-0.16, 0)), (270, (0, -0.16))]:
        across, down = sobel_gradients(ramp(degrees))
        np.testing.assert_allclose((across[0, 8, 8], down[0, 8, 8]), expected, atol=1e-12)  # 8 times 0.02


@pytest.mark.parametrize(("n_orientations", "grid"), [(2, 1), (4, 2), (9, 3)])
def test_orientations_agree_with_a_slow_count(n_orientations, grid):
    images = grey(shape=(10, 13))
    expected = [pixel_by_pixel(image, n_orientations, grid) for image in images]
    out = oriented_gradients(images, n_orientations, grid)
    assert out.shape == (2, grid * grid * n_orientations)
    np.testing.assert_allclose(out, expected, atol=1e-12)
    single = oriented_gradients(images.astype(np.float32), n_orientations, grid)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, atol=1e-5)


@pytest.mark.parametrize("n_orientations", [4, 9])
def test_a_ramp_votes_for_its_angle(n_orientations):
    step = 180 / n_orientations
    for k in range(2 * n_orientations):  # light to dark and dark to light are the same edge
        inside = oriented_gradients(ramp(k * step, size=18), n_orientations, grid=3).reshape(9, n_orientations)[4]
        np.testing.assert_allclose(inside, 0.16 * np.eye(n_orientations)[k % n_orientations], atol=1e-12)
    between = oriented_gradients(ramp(1.25 * step, size=18), n_orientations, grid=3).reshape(9, -1)[4]
    np.testing.assert_allclose(between[1:3], [0.12, 0.04], atol=1e-12)  # three quarters and one quarter


def test_upright_by_hand_and_a_sloping_edge():
    step = np.zeros((1, 8, 8))
    step[:, :, 4:] = 1  # two columns of gradient 4, one in each cell
    np.testing.assert_allclose(oriented_gradients(step, 4, grid=2), [[1, 0, 0, 0] * 4])
    np.testing.assert_allclose(oriented_gradients(step.transpose(0, 2, 1), 4, grid=2), [[0, 0, 1, 0] * 4])
    lower_right = (np.add.outer(np.arange(8), np.arange(8)) > 7)[None].astype(float)  # an edge like /
    assert oriented_gradients(lower_right, 4, grid=1).argmax() == 1  # 45 degrees: brighter to the lower right


def test_votes_sum_to_the_edges_and_turn_with_the_picture():
    images = grey(3, (8, 8))
    votes = oriented_gradients(images, 8, grid=1)
    np.testing.assert_allclose(votes.sum(axis=1), sobel_edges(images).mean(axis=(1, 2)))
    turned = oriented_gradients(np.rot90(images, axes=(1, 2)), 8, grid=1)
    np.testing.assert_allclose(turned, np.roll(votes, 4, axis=1), atol=1e-12)  # 90 degrees are 4 of 8 steps
    np.testing.assert_allclose(oriented_gradients(images / 2 + 0.3, 8, grid=1), votes / 2, atol=1e-12)


def test_contrast_goes_with_a_normalizer():
    hog = make_pipeline(FunctionTransformer(oriented_gradients), Normalizer())
    images = grey(3, (16, 16))
    np.testing.assert_allclose(hog.fit_transform(images / 4), hog.fit_transform(images), atol=1e-12)


def test_a_photograph_and_a_flat_picture():
    photo = np.array(load_sample_images().images[0])[None, ::4, ::4]  # China: trees, a pagoda, sky
    out = oriented_gradients(photo, 9, grid=2).reshape(4, 9)
    np.testing.assert_allclose(oriented_gradients(photo / 255, 9, grid=2).reshape(4, 9), out)
    assert out[1].sum() < 0.5 * out[0].sum()  # the sky at the upper right has the fewest edges
    assert out[1].sum() == out.sum(axis=1).min()
    assert not oriented_gradients(np.full((2, 8, 8, 3), 90, dtype=np.uint8)).any()


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (grey(), {"n_orientations": 1}, "n_orientations=1, expected 2 or more; for the strength .* sobel_edges"),
        (grey(), {"grid": 10}, r"grid=10 not in 1\.\.9 for pictures of 9 x 12 pixels"),
        (grey()[0], {}, r"got \(9, 12\); for a single picture write image\[None\]"),
        (grey() * 255, {}, "divide by the largest possible value"),
        (np.full((1, 8, 8), np.inf), {}, "got float64 from inf to inf"),
        (np.zeros((0, 8, 8)), {}, r"expected at least one picture, got an array of shape \(0, 8, 8\)"),
    ],
)
def test_says_what_cannot_have_orientations(images, options, message):
    with pytest.raises(ValueError, match=message):
        oriented_gradients(images, **options)


@pytest.mark.parametrize("name", ["n_orientations", "grid"])
def test_says_what_is_counted_in_whole_numbers(name):
    with pytest.raises(TypeError, match=rf"{name}=3\.0 must be a whole number"):
        oriented_gradients(grey(), **{name: 3.0})


def test_says_that_pictures_differ_in_size_or_are_no_numbers():
    with pytest.raises(ValueError, match="the pictures differ in size; bring all to one height and width"):
        sobel_gradients([np.zeros((4, 4)), np.zeros((5, 4))])
    with pytest.raises(TypeError, match="expected an array of real numbers, got one of <U2"):
        sobel_gradients([[["高さ", "图"]]])
