"""A few pixels with their numbers, and the circle of hues."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from mmlearn_edu.plots import describe, hue_circle, image_grid, pixel_numbers

GREY = np.array([[0, 5], [9, 1]])


def written(ax):
    return [text.get_text() for text in ax.texts]


def rectangles(ax, filled):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_fill() == filled]


def test_every_pixel_says_its_number_and_is_as_bright_as_that():
    ax = pixel_numbers([GREY])
    assert written(ax) == ["0", "5", "9", "1", "grid 1"]
    shades = [patch.get_facecolor()[0] for patch in rectangles(ax, filled=True)]
    np.testing.assert_allclose(shades, GREY.ravel() / 9)


def test_a_pixel_in_colour_says_three_numbers_in_its_colour():
    ax = pixel_numbers([np.array([[[255, 0, 51]]], np.uint8), [[[1.0, 0.25, 0.0]]]], titles=["bytes", "shares"])
    assert written(ax) == ["255\n0\n51", "bytes", "1\n0.25\n0", "shares"]
    bytes_, shares = (patch.get_facecolor() for patch in rectangles(ax, filled=True))
    np.testing.assert_allclose(bytes_, (1, 0, 0.2, 1))
    np.testing.assert_allclose(shares, (1, 0.25, 0, 1))


def test_a_flat_grid_is_grey_and_negative_numbers_are_fine():
    assert rectangles(pixel_numbers([[[-3, -3]]]), filled=True)[0].get_facecolor() == (0.5, 0.5, 0.5, 1)


def test_the_frame_lies_on_the_first_grid_and_its_middle_on_the_last():
    ax = pixel_numbers([np.zeros((4, 5)), np.eye(3), np.zeros((4, 5))], frame=(1, 2, 3))
    window, middle = rectangles(ax, filled=False)
    assert (window.get_xy(), window.get_width()) == ((1.5, 0.5), 3)
    assert (middle.get_xy(), middle.get_width()) == ((6 + 4 + 3 - 0.5, 1.5), 1)  # row 2, column 3 of the last


@pytest.mark.parametrize(
    ("grids", "said"),
    [
        ([], "got shapes \\[\\]"),
        ([np.zeros(3)], "expected grids of shape"),
        ([np.zeros((2, 2, 4))], "expected grids of shape"),
        ([np.zeros((2, 16))], "at most 15 pixels"),
        ([np.zeros((0, 2))], "expected grids of shape"),
        ([[["a"]]], "expected grids of shape"),
    ],
)
def test_pixels_say_what_they_can_not_draw(grids, said):
    with pytest.raises(ValueError, match=said):
        pixel_numbers(grids)
    assert plt.get_fignums() == []


def test_titles_fit_the_grids():
    with pytest.raises(ValueError, match="1 grids but 2 titles"):
        pixel_numbers([GREY], titles=["a", "b"])


def test_hues_are_arrows_towards_their_colour():
    ax = hue_circle({"green": 1 / 3, "red": 0.0})
    green, _, red, _ = ax.lines
    np.testing.assert_allclose(np.column_stack(green.get_data())[1] / 0.68, [-0.5, np.sqrt(3) / 2])
    np.testing.assert_allclose(np.column_stack(red.get_data())[1], [0.68, 0])
    assert {"green 0.33", "red 0.00", "cyan 1/2"} <= set(written(ax))
    assert describe(ax).endswith("marked: green 0.33, red 0.00.")


def test_the_ring_has_the_colours_where_the_words_say():
    (ring,) = hue_circle({"red": 0}).images
    picture, middle = ring.get_array(), 200
    out = int(0.86 / 1.05 * 200)
    right, left = picture[middle, middle + out], picture[middle, middle - out]
    assert right[0] > 0.9
    assert max(right[1:3]) < 0.05
    assert left[0] < 0.05
    assert min(left[1:3]) > 0.9
    below = picture[middle + int(out * np.sin(np.pi / 3)), middle - out // 2]  # 240 degrees: blue
    assert below.argmax() in (2, 3)
    assert max(below[:2]) < 0.1
    assert picture[middle, middle, 3] == 0  # no colour in the middle


@pytest.mark.parametrize("hues", [{}, {"degrees": 359.0}, {"below": -0.01}, {"none": np.nan}])
def test_hues_are_shares_of_a_turn(hues):
    with pytest.raises(ValueError, match="divide degrees by 360"):
        hue_circle(hues)


def test_a_photograph_is_drawn_as_wide_as_asked_and_its_title_takes_no_more_room():
    wide = image_grid(np.zeros((2, 40, 60)), ["a", "b"], inches=3).figure
    assert wide.get_figwidth() == pytest.approx(6.2)
    assert wide.get_figheight() < 2.7
    plain = image_grid(np.zeros((2, 8, 8)), ["a", "b"]).figure
    np.testing.assert_allclose(plain.get_size_inches(), (2.0, 1.25))
