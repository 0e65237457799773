import numpy as np
import pytest
from matplotlib.patches import Rectangle

from mmlearn_edu import plots

IMAGES = np.arange(5 * 4 * 6.0).reshape(5, 4, 6)
FOUND = np.array([[1, 2, 3], [0, 4, 2]])
RIGHT = np.array([[False, True, True], [False, False, False]])


def frames(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_each_row_is_a_query_and_what_was_found():
    ax = plots.neighbour_grid(IMAGES[:2], IMAGES[FOUND], RIGHT)
    drawn = [image.get_array()[0, 0] for image in ax.images]
    assert drawn == [IMAGES[i, 0, 0] for i in (0, 1, 2, 3, 1, 0, 4, 2)]
    assert {(image.norm.vmin, image.norm.vmax) for image in ax.images} == {(0, IMAGES.max())}  # one scale for all
    tops = [image.get_extent()[3] for image in ax.images]
    assert len(set(tops[:4])) == len(set(tops[4:])) == 1
    assert tops[4] >= tops[0] + 4  # below, not over it
    lefts = [image.get_extent()[0] for image in ax.images[:4]]
    assert min(np.diff(lefts)) >= 6


def test_right_and_wrong_differ_by_more_than_colour():
    ax = plots.neighbour_grid(IMAGES[:2], IMAGES[FOUND], RIGHT, names=["猫", "dog"])
    assert [text.get_text() for text in ax.texts] == ["猫", "✗ 1", "✓ 2", "✓ 3", "dog", "✗ 1", "✗ 2", "✗ 3"]
    assert [frame.get_linestyle() for frame in frames(ax)][:4] == ["-", "--", "-", "-"]
    assert plots.describe(ax).endswith("猫 has 2 right, first at rank 2; dog has 0 right.")


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_colour(dtype):
    colour = np.zeros((3, 4, 4, 3), dtype)
    ax = plots.neighbour_grid(colour[:1], colour[[[1, 2]]], [[1, 0]])
    assert len(ax.images) == 3
    ax.figure.canvas.draw()


def test_many_pictures_stay_within_a_cell():
    ax = plots.neighbour_grid(IMAGES[:1], IMAGES[np.zeros((1, 30), int)], np.ones((1, 30)))
    assert ax.figure.get_figwidth() <= 9


@pytest.mark.parametrize(
    ("queries", "found", "right"),
    [
        (IMAGES[0], IMAGES[FOUND], RIGHT),  # a single query
        (IMAGES[:2], IMAGES[[1, 2]], RIGHT),  # k is missing
        (IMAGES[:2], IMAGES[FOUND], RIGHT[:, :2]),
        (IMAGES[:2], IMAGES[FOUND], RIGHT[0]),
        (IMAGES[:2], IMAGES[FOUND][:, :, :3], RIGHT),  # of another height
        (IMAGES[:3], IMAGES[FOUND], RIGHT),
        (IMAGES[:2], np.zeros((2, 0, 4, 6)), np.zeros((2, 0))),
        (np.zeros((2, 4, 6, 2)), np.zeros((2, 3, 4, 6, 2)), RIGHT),  # two colours
    ],
)
def test_says_which_shapes_fit(queries, found, right):
    with pytest.raises(ValueError, match=r"expected queries \(n, height, width\[, 3\]\), found .* got"):
        plots.neighbour_grid(queries, found, right)


def test_one_name_each():
    with pytest.raises(ValueError, match="2 queries but 1 names; give one each, or none"):
        plots.neighbour_grid(IMAGES[:2], IMAGES[FOUND], RIGHT, names=["a"])
