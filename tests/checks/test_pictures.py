"""Pictures of counterexamples: drawn where numbers are hard to read, and only there."""

import base64
import io
import re
import tracemalloc
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from mmlearn_edu.checks.pictures import pictures

rng = np.random.default_rng(0)


def _images(markup):
    found = re.findall(r'<img src="data:(image/[a-z+]+);base64,([^"]+)"[^>]* alt="([^"]+)"', markup)
    return [(kind, base64.b64decode(data), words) for kind, data, words in found]


def _pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize("shape", [(), (3,), (3, 2), (7, 7, 7, 7, 2), (2, 500), (3, 3, 3)], ids=str)
def test_what_is_read_more_easily_is_not_drawn(shape):
    a = rng.normal(size=shape)
    assert pictures(a + 1, a) == ""


def test_other_shapes_kinds_and_nothing_but_nan_are_not_drawn():
    a = rng.normal(size=(20, 20))
    assert pictures(a, a[:10]) == ""
    assert pictures(a.astype(str), a) == ""
    assert pictures(a, np.full_like(a, np.nan)) == ""


def test_a_matrix_is_shown_beside_what_was_expected_with_the_difference():
    expected = np.linspace(0, 1, 64).reshape(8, 8)
    yours = expected.copy()
    yours[0, 0], yours[7, 7] = 0.5, 0.5
    mine, right, difference = _images(pictures(yours, expected))
    assert _pixels(right[1])[0, 0].tolist() == [0, 0, 0]
    assert _pixels(right[1])[7, 7].tolist() == [255, 255, 255]
    assert _pixels(mine[1])[0, 0].tolist() == [127, 127, 127]
    assert _pixels(difference[1])[0, 0].tolist() == [213, 94, 0], "too high is orange"
    assert _pixels(difference[1])[7, 7].tolist() == [0, 114, 178], "too low is blue"
    assert _pixels(difference[1])[3, 3].tolist() == [255, 255, 255], "right is white"
    assert "2 numbers, by at most 0.5" in difference[2]
    assert right[2].startswith("expected: shades of grey from 0 (black) to 1 (white)")


def test_of_several_images_the_one_that_differs_most():
    expected = rng.uniform(size=(5, 8, 8))
    yours = expected.copy()
    yours[3] = 1 - yours[3]
    assert _images(pictures(yours, expected)) == _images(pictures(yours[3], expected[3]))
    films = np.stack([expected, expected])
    changed = films.copy()
    changed[1, 3] = 1 - changed[1, 3]
    assert _images(pictures(changed, films)) == _images(pictures(changed[1, 3], films[1, 3]))


@pytest.mark.parametrize("scale", [1, 255])
def test_images_keep_their_colours(scale):
    expected = np.zeros((8, 8, 3))
    expected[..., 0] = scale
    mine, right = _images(pictures(expected[..., ::-1], expected))
    assert _pixels(right[1])[0, 0].tolist() == [255, 0, 0]
    assert _pixels(mine[1])[0, 0].tolist() == [0, 0, 255]


def test_a_curve_lies_over_the_other_and_keeps_its_peaks():
    expected = np.zeros(16_000)
    yours = expected.copy()
    yours[12_345] = 7.0
    ((kind, data, words),) = _images(pictures(yours, expected))
    assert kind == "image/svg+xml"
    wide, thin = [path.get("d") for path in ET.fromstring(data).iter("{http://www.w3.org/2000/svg}path")]
    heights = [float(point.split()[1]) for point in thin[1:].split(" L")]
    assert min(heights) == pytest.approx(6.0)
    assert len(heights) < 900
    assert len({float(point.split()[1]) for point in wide[1:].split(" L")}) == 1
    assert "16000 numbers between 0 and 7" in words


def test_nan_and_constants_are_drawn_without_a_warning():
    a = np.full((9, 9), 3.0)
    b = a.copy()
    b[0] = np.nan
    assert len(_images(pictures(b, a))) == 3
    assert len(_images(pictures(b.ravel(), a.ravel()))) == 1


def test_a_large_answer_gives_a_small_picture():
    a = rng.normal(size=(2000, 3000))
    markup = pictures(a + 1, a)
    assert len(markup) < 150_000
    assert 'width="160" height="107"' in markup


def test_colours_are_scaled_alike():
    expected = np.full((8, 8, 3), 0.5)
    mine, right = _images(pictures(expected * 255, expected))
    assert _pixels(right[1])[0, 0].tolist() == [127, 127, 127]
    assert _pixels(mine[1])[0, 0].tolist() == [255, 255, 255]


def test_extreme_numbers_cost_no_warning():
    big = np.full((10, 10), 1e308)
    assert len(_images(pictures(big, -big))) == 3
    assert len(_images(pictures(big.ravel(), -big.ravel()))) == 1
    assert pictures(big, big * 1j) == ""
    assert pictures(np.full((8, 8, 3), np.nan), np.ones((8, 8, 3))) == ""


def test_one_wrong_number_among_millions_is_seen():
    expected = np.zeros((3000, 2000))
    yours = expected.copy()
    yours[1234, 567] = -4.0
    *_, difference = _images(pictures(yours, expected))
    blue = np.argwhere((_pixels(difference[1]) != 255).any(axis=2))
    assert blue.tolist() == [[1234 * 160 // 3000, 567 * 107 // 2000]]
    assert _pixels(difference[1])[tuple(blue[0])].tolist() == [0, 114, 178]
    assert "1 number" in difference[2]
    assert "by at most 4" in difference[2]


@pytest.mark.parametrize("shape", [(6000, 6000), (4, 9_000_000), (36_000_000,), (40, 1000, 900), (3000, 4000, 3)])
def test_a_large_answer_costs_little_memory(shape):
    """Thirty-six million bytes are drawn with far less memory than one copy of them as floats (288 MB)."""
    expected = np.zeros(shape, dtype=np.uint8)
    yours = expected.copy()
    yours.flat[-1] = 1
    tracemalloc.start()
    assert "<img" in pictures(yours, expected)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def test_a_stretch_that_holds_nan_keeps_its_peak():
    expected = np.zeros(16_000)
    yours = expected.copy()
    yours[100], yours[101] = np.nan, 7.0
    ((_, data, _),) = _images(pictures(yours, expected))
    assert b" 6.0 L" in data


def test_of_a_stack_the_worst_may_be_all_nan():
    expected = np.zeros((3, 8, 8))
    yours = expected.copy()
    yours[1] = np.nan
    yours[2, 0, 0] = 1
    assert len(_images(pictures(yours, expected))) == 3
