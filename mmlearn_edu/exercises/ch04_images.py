"""Chapter 04-images: hue, saturation and value; histograms; Sobel's edges; patches that remember their picture."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import colorsys
import functools
from dataclasses import replace

import numpy as np
from sklearn.datasets import load_sample_image
from sklearn.feature_extraction.image import extract_patches_2d

from mmlearn_edu.checks.authoring import (
    case,
    chapter,
    close,
    exercise,
    law,
    mistake,
    prediction,
    question,
    same_hints,
)
from mmlearn_edu.checks.comparators.kinds import as_numbers
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.features import image_patches, rgb_to_hsv

CHAPTER = chapter("04-images", "Colour, edges, patches", minutes=50, needs=["00-start-here"])

OURS = "mmlearn_edu.features.image"

PREDICTIONS = [
    prediction(
        id="images.mean_hue",
        prompt="You take the hue of every pixel of a red circle, and average these numbers. What colour is the mean?",
        options={
            "a": "red",
            "b": "grey: the hues cancel out",
            "c": "a colour that is nowhere in the circle",
        },
        outcome=lambda hue: "a" if min(hue, 1 - hue) < 1 / 12 else "c",
        after="Red lies where the circle of hues begins and ends. Half of the reds are a little above 0, half a little "
        "below 1, and the mean of 0 and 1 is the opposite of red.",
        example=0.47,
    ),
    prediction(
        id="images.shuffled_pixels",
        prompt="You shuffle all pixels of a picture, and describe it anew. What do the numbers say?",
        options={
            "a": "the hue histogram is the same to the last digit, the edges change",
            "b": "both change a little",
            "c": "the hue histogram gets flatter, the edges stay",
        },
        outcome=lambda same: "a" if same else "b",
        after="A histogram counts pixels, wherever they are. An edge is a difference between neighbours, and the "
        "neighbours are new.",
        example=True,
    ),
]

QUESTIONS = [
    question(
        id="images.q1",
        prompt="Two reds have hue 0.98 and 0.02. What is the mean of the two numbers, and which colour is it?",
        options={"a": "0: red", "b": "0.5: cyan", "c": "1: red"},
        answer="b",
        why="As numbers they lie far apart, on the circle of hues side by side. Average directions, not numbers.",
        wrong={
            "a": "That is the mean on the circle. The mean of the numbers does not know that 1 is 0 again.",
            "c": "(0.98 + 0.02) / 2 is one half.",
        },
    ),
    question(
        id="images.q2",
        prompt="What does a colour histogram of a picture not know?",
        options={
            "a": "where the green is",
            "b": "how much of the picture is green",
            "c": "that there is some green",
        },
        answer="a",
        why="It counts pixels, wherever they are: shuffle them, and it stays the same.",
        wrong={"b": "It counts just that.", "c": "One bin would be empty without it."},
    ),
    question(
        id="images.q3",
        prompt="Three channels are stored blue first, and you read them red first. Which colour comes out right?",
        options={"a": "red", "b": "yellow", "c": "green"},
        answer="c",
        why="Green is in the middle either way. Red and blue change places, and so do yellow and cyan.",
        wrong={"a": "Red comes out blue.", "b": "Yellow, red with green, comes out as blue with green: cyan."},
    ),
    question(
        id="images.q4",
        prompt="A grey picture is black on the left, white on the right. Where is Sobel's `across` largest?",
        options={"a": "in the white half", "b": "at the border of the picture", "c": "where black meets white"},
        answer="c",
        why="It is a difference of neighbours: 0 wherever they are equal, black or white.",
        wrong={
            "a": "All neighbours are equal there.",
            "b": "Beyond the border the picture is continued by its outermost pixels, so nothing changes.",
        },
    ),
    question(
        id="images.q5",
        prompt="You cut 10 pictures of 32 x 32 pixels into patches of 8 x 8, side by side. How many are there?",
        options={"a": "40", "b": "160", "c": "6250"},
        answer="b",
        why="4 rows of 4 patches in each picture, and 10 pictures.",
        wrong={"a": "That is one row of each picture.", "c": "That is one patch at every pixel: they overlap."},
    ),
    question(
        id="images.q6",
        prompt="Which numbers find shapes best among the scenes, wherever a shape lies?",
        options={
            "a": "all pixels",
            "b": "how much of the picture has which hue",
            "c": "how much of the edges runs which way",
        },
        answer="c",
        why="It forgets the place and the colour and keeps the outline.",
        wrong={
            "a": "The same shape a few pixels further has other pixels.",
            "b": "A red circle and a red cross have the same hues.",
        },
    ),
    question(
        id="images.q7",
        prompt="What is the hue of a grey pixel?",
        options={"a": "none: it is set to 0 by agreement", "b": "0.5, in the middle", "c": "its brightness"},
        answer="a",
        why="Red, green and blue are equal, so no direction on the circle is left: chroma is 0.",
        wrong={"b": "0.5 is cyan.", "c": "That is its value."},
    ),
    question(
        id="images.q8",
        prompt="Every patch of 8 x 8 gets the label of its picture. What do you need besides the patches?",
        options={
            "a": "the index of the picture each came from",
            "b": "the mean colour of each patch",
            "c": "nothing: patches keep the order of the labels",
        },
        answer="a",
        why="`labels[source]` has one label for each patch.",
        wrong={
            "b": "Two pictures may share a colour.",
            "c": "There are more patches than labels; the order alone does not line them up.",
        },
    ),
]


def _quiet(function):
    """Let a formula divide by zero in silence: what comes out is what a learner's comes to."""

    @functools.wraps(function)
    def answer(*args):
        with np.errstate(divide="ignore", invalid="ignore"):
            return function(*args)

    return answer


# images.to_hsv


_CORNERS = np.array(
    [[0, 0, 0], [1, 1, 1], [0.4, 0.4, 0.4], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0.5], [0.8, 0.2, 0.3]]
)


def _colour_cases(rng, dtype):
    return [
        case(np.array([0.2, 0.4, 0.8], dtype), label="1 pixel, a blue"),
        case(np.array([[0.9, 0.3, 0.1], [0.9, 0.1, 0.5], [0.2, 0.6, 0.3]], dtype), label="3 pixels"),
        case(_CORNERS.astype(dtype), label="8 pixels, among them black, white and a grey"),
        case(rng.uniform(0.05, 1, (3, 4, 3)).astype(dtype), label="a picture of 3 x 4 pixels"),
    ]


def _hsv(rgb, hue=lambda sixths: sixths / 6 % 1, blue=4, grey=1, black=1, value=None, saturation=None):
    """Convert with the slips that the mistakes below need."""
    red, green, blue_channel = np.moveaxis(rgb, -1, 0)
    largest, smallest = rgb.max(axis=-1), rgb.min(axis=-1)
    chroma = largest - smallest
    step = np.where(chroma > 0, chroma, grey)
    sixths = np.select(
        [largest == red, largest == green],
        [(green - blue_channel) / step, 2 + (blue_channel - red) / step],
        blue + (red - green) / step,
    )
    found = chroma / np.where(largest > 0, largest, black) if saturation is None else saturation(chroma, largest)
    return np.stack([hue(sixths), found, largest if value is None else value(rgb)], axis=-1)


def _one_by_one(rgb):
    flat = [colorsys.rgb_to_hsv(*map(float, pixel)) for pixel in rgb.reshape(-1, 3)]
    return np.array(flat).reshape(rgb.shape)


def _same_colours(expected, actual):
    """Compare colours: hue 0 and hue 1 are one colour."""
    got = as_numbers(actual)
    if got is not None and got.dtype.kind == "f" and got.shape == expected.shape and got.shape[-1] == 3:
        got = got.copy()
        once_round = np.abs(np.abs(got[..., 0] - expected[..., 0]) - 1) < 1e-5
        got[..., 0] = np.where(once_round & (got[..., 0] > 0.5) & (got[..., 0] <= 1), expected[..., 0], got[..., 0])
        actual = got
    problem = close()(expected, actual)
    if problem is None or problem.id != "values":
        return problem
    hue, saturation, value = (close()(expected[..., i], np.asarray(actual)[..., i]) is not None for i in range(3))
    said = {
        (True, False, False): "The hue is wrong; saturation and value are right.",
        (False, True, False): "The saturation is wrong; hue and value are right.",
        (True, True, False): "Hue and saturation are wrong. Both need chroma: look there first.",
    }.get((hue, saturation, value), problem.message)
    return replace(problem, message=said)


def _brighter(f, rng):
    rgb = rng.uniform(0.1, 0.9, (5, 3))
    dim, half = f(rgb), f(rgb / 2)
    return np.allclose(dim[:, :2], half[:, :2]) and np.allclose(dim[:, 2], 2 * half[:, 2])


def _round(f, rng):
    rgb = rng.uniform(0.1, 0.9, (6, 3))
    turned = np.asarray(f(rgb[:, [2, 0, 1]]))[:, 0] - np.asarray(f(rgb))[:, 0]
    return np.allclose(turned % 1, 1 / 3)


@exercise(
    "images.to_hsv",
    title="Turn red, green, blue into hue, saturation, value",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_colour_cases,
    compare=_same_colours,
    laws=[
        law("half the light: half the value, the same hue and saturation", _brighter),
        law("red to green, green to blue, blue to red: a third of the circle further", _round),
    ],
    mistakes=[
        mistake(
            "chroma-upside-down",
            _quiet(lambda rgb: _chroma_given(rgb, rgb.min(axis=-1) - rgb.max(axis=-1))),
            "Your chroma is negative: you took the smallest minus the largest. Turn it round: value - "
            "rgb.min(axis=-1).",
            seen="expected slip, not yet seen: the order of a difference",
        ),
        mistake(
            "smallest-for-chroma",
            _quiet(lambda rgb: _chroma_given(rgb, rgb.min(axis=-1))),
            "Your chroma is the smallest of the three. It is how far they lie apart: the largest minus the smallest.",
            seen="expected slip, not yet seen: the difference forgotten",
        ),
        mistake(
            "smallest-of-all-pixels",
            _quiet(lambda rgb: _chroma_given(rgb, rgb.max(axis=-1) - rgb.min())),
            "rgb.min() is the smallest number of the whole picture. Every pixel has its own: axis=-1.",
            seen="expected slip, not yet seen: min without an axis",
        ),
        mistake(
            "value-for-chroma",
            _quiet(lambda rgb: _chroma_given(rgb, rgb.max(axis=-1))),
            "Your chroma is the largest of the three. Subtract the smallest from it: a grey has chroma 0.",
            seen="expected slip, not yet seen: stopped half-way",
        ),
        mistake(
            "blue-without-its-4",
            lambda rgb: _hsv(rgb, blue=0),
            "Blues came out as reds. Blue stands at 4 sixths of the circle: 4 + (red - green) / step.",
            seen="expected slip, not yet seen: the offset left out",
        ),
        mistake(
            "blue-at-3",
            lambda rgb: _hsv(rgb, blue=3),
            "Your blues begin at 3 sixths, which is cyan. Red 0, green 2, blue 4: two sixths between neighbours.",
            seen="expected slip, not yet seen: counted 0, 2, 3",
        ),
        mistake(
            "blue-turned-round",
            lambda rgb: _blue(rgb, lambda red, green, blue, step: 4 + (green - red) / step),
            "Near blue you go round the wrong way. From blue the circle goes on towards red: (red - green).",
            seen="expected slip, not yet seen: the order of a difference",
        ),
        mistake(
            "negative-hue",
            lambda rgb: _hsv(rgb, hue=lambda sixths: sixths / 6),
            "A red towards magenta got a negative hue. Hue goes round: % 1 brings it back into 0 to 1.",
            seen="bevyengine/bevy pull request #24454: rgb_to_hsv returning a negative hue",
        ),
        mistake(
            "sixths-for-hue",
            lambda rgb: _hsv(rgb, hue=lambda sixths: sixths % 6),
            "Your hue counts sixths, from 0 to 6. Divide by 6: once round is 1.",
            seen="expected slip, not yet seen: the last division left out",
        ),
        mistake(
            "degrees",
            lambda rgb: _hsv(rgb, hue=lambda sixths: 60 * sixths % 360),
            "Your hue is in degrees. Here once round is 1, not 360.",
            seen="expected slip, not yet seen: the textbook's 60 degrees",
        ),
        mistake(
            "grey-nan",
            _quiet(lambda rgb: _hsv(rgb, grey=0)),
            "A grey has chroma 0, and you divided by it. Divide by `step`, which is 1 there.",
            seen="pjreddie/darknet pull request #1236: rgb_to_hsv is nan where r = g = b",
        ),
        mistake(
            "black-nan",
            _quiet(lambda rgb: _hsv(rgb, black=0)),
            "Black has value 0, and 0 / 0 is NaN. Divide by 1 where the value is 0: np.where(value > 0, value, 1).",
            seen="graypegg/chromatism issue #35: division by zero when V = 0, saturation NaN",
        ),
        mistake(
            "smallest-of-all-and-black-nan",
            _quiet(lambda rgb: _two_slips(rgb)),
            "Two slips: rgb.min() is the smallest number of the whole picture, and every pixel has its own, "
            "axis=-1; and "
            "black has value 0: divide by np.where(value > 0, value, 1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "chroma-for-saturation",
            lambda rgb: _hsv(rgb, saturation=lambda chroma, value: chroma),
            "That is the chroma itself. Saturation is its share of the value: a dark red is as saturated as a "
            "bright one.",
            seen="expected slip, not yet seen: the division left out",
        ),
        mistake(
            "saturation-upside-down",
            _quiet(lambda rgb: _hsv(rgb, saturation=lambda chroma, value: value / np.where(chroma > 0, chroma, 1))),
            "Your saturation is value / chroma. It is the other way round: chroma / value.",
            seen="expected slip, not yet seen: fraction upside down",
        ),
        mistake(
            "saturation-of-hsl",
            lambda rgb: _hsl(rgb),
            "That is the saturation of another model, HSL, which compares with the lightness. Here: chroma / value.",
            seen="expected slip, not yet seen: HSL for HSV",
        ),
        mistake(
            "saturation-times-value",
            lambda rgb: _hsv(rgb, saturation=lambda chroma, value: chroma * value),
            "You multiplied chroma by the value. A share is a division: chroma / value.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "saturation-by-step",
            lambda rgb: _hsv(rgb, saturation=lambda chroma, value: chroma / np.where(chroma > 0, chroma, 1)),
            "You divided chroma by itself: everything with a colour got saturation 1. Divide by the value.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "mean-for-value",
            lambda rgb: _hsv(rgb, value=lambda rgb: rgb.mean(axis=-1)),
            "Your value is the mean of red, green and blue. Value is the largest of the three.",
            seen="expected slip, not yet seen: brightness for value",
        ),
        mistake(
            "channels-in-front",
            lambda rgb: np.moveaxis(_hsv(rgb), -1, 0) if rgb.ndim > 1 else _hsv(rgb),
            "Hue, saturation and value came out along the first axis. They belong last: np.stack(..., axis=-1).",
            seen="expected slip, not yet seen: np.stack without an axis",
        ),
        mistake(
            "blue-first",
            lambda rgb: _hsv(rgb[..., ::-1]),
            "You read the channels as blue, green, red. Here red comes first.",
            seen="EdjeElectronics' object detection tutorial, issue #369: an OpenCV sneaky bug, BGR",
        ),
        mistake(
            "one-pixel-only",
            lambda rgb: _for_one_pixel(rgb),
            "This works for one pixel, not for many: Python's min(), max() and `if` want single numbers. Take "
            "rgb.min(axis=-1), and np.where for a choice.",
            seen="min(red, green, blue), as section 3 has it for one pixel",
        ),
        mistake(
            "smallest-down-the-pixels",
            _quiet(lambda rgb: _chroma_given(rgb, rgb.max(axis=-1) - rgb.min(axis=0))),
            "rgb.min(axis=0) goes along the first axis, from pixel to pixel. Red, green and blue lie along the "
            "last: axis=-1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "blue-copied-from-red",
            lambda rgb: _blue(rgb, lambda red, green, blue, step: 4 + (green - blue) / step),
            "(green - blue) belongs to near_red. Near blue the other two are red and green: 4 + (red - green) / step.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "blue-copied-from-green",
            lambda rgb: _blue(rgb, lambda red, green, blue, step: 4 + (blue - red) / step),
            "(blue - red) belongs to near_green. Near blue the other two are red and green: 4 + (red - green) / step.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "blue-without-brackets",
            lambda rgb: _blue(rgb, lambda red, green, blue, step: 4 + red - green / step),
            "Only green was divided: `/` binds more strongly than `-`. Write brackets: 4 + (red - green) / step.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "blue-brackets-too-wide",
            lambda rgb: _blue(rgb, lambda red, green, blue, step: (4 + red - green) / step),
            "You divided the 4 as well. Only the difference is divided: 4 + (red - green) / step.",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[rgb_to_hsv, _one_by_one, lambda rgb: _by_masks(rgb)],
    equivalent_mutants={
        "step = np.where(chroma > 0, chroma, 1): 1 -> 2": "where chroma is 0 so is what is divided",
        "saturation = chroma / np.where(value > 0, value, 1): 1 -> 2": "where value is 0 so is chroma",
    },
    hints_for=same_hints(
        [
            "Take a bright grey: its three numbers are equal. What is your chroma of it, and what should it be?",
            "Chroma is how far the three numbers lie apart. value is already the largest; subtract the smallest.",
            "chroma = value - rgb.min(axis=-1)",
        ],
        "chroma-upside-down",
        "smallest-for-chroma",
        "smallest-down-the-pixels",
        "smallest-of-all-pixels",
        "value-for-chroma",
    )
    | same_hints(
        [
            "Pure blue is (0, 0, 1). How many sixths does your line give it? It should be 4.",
            (
                "The line for green reads 2 + (blue - red) / step. Each channel goes on to the next: red, green, "
                "blue, red."
            ),
            "4 + (red - green) / step",
        ],
        "blue-without-its-4",
        "blue-copied-from-red",
        "blue-copied-from-green",
        "blue-without-brackets",
        "blue-brackets-too-wide",
        "blue-at-3",
        "blue-turned-round",
    )
    | same_hints(
        [
            "Try black, (0, 0, 0), and a dark red, (0.2, 0, 0). Which saturation do they get?",
            "Saturation is the share that chroma has of the value. Only black needs care: its value is 0.",
            "saturation = chroma / np.where(value > 0, value, 1)",
        ],
        "black-nan",
        "chroma-for-saturation",
        "saturation-by-step",
        "saturation-upside-down",
    ),
    hints=[
        "Three blanks. Go through section 3 with one pixel beside you: which line is which step?",
        (
            "2: how far the three lie apart. 3: blue stands at 4 sixths, and the other two say how far to which side. "
            "4: chroma as a share of the value."
        ),
        (
            "chroma = value - rgb.min(axis=...)\n"
            "... 4 + (... - green) / step\n"
            "saturation = chroma / np.where(value > 0, ..., 1)"
        ),
    ],
    forbids=["colorsys", "matplotlib.colors", f"{OURS}.colour"],
)
def to_hsv(rgb):
    """Turn red, green, blue into hue, saturation, value: all in [0, 1], shape (..., 3) as before."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    # 1 value: the largest of the three
    value = rgb.max(axis=-1)
    # 2 chroma: the largest minus the smallest
    ### BEGIN SOLUTION
    #: chroma = ...
    chroma = value - rgb.min(axis=-1)
    ### END SOLUTION
    # 3 hue: the largest says which third; the other two, how far to which side
    step = np.where(chroma > 0, chroma, 1)  # a grey has no hue: it gets 0
    ### BEGIN SOLUTION
    #: near_red, near_green, near_blue = (green - blue) / step, 2 + (blue - red) / step, ...
    near_red, near_green, near_blue = (green - blue) / step, 2 + (blue - red) / step, 4 + (red - green) / step
    ### END SOLUTION
    hue = np.select([value == red, value == green], [near_red, near_green], near_blue) / 6 % 1
    # 4 saturation: chroma as a share of the value; black has none
    ### BEGIN SOLUTION
    #: saturation = ...
    saturation = chroma / np.where(value > 0, value, 1)
    ### END SOLUTION
    return np.stack([hue, saturation, value], axis=-1)


def _two_slips(rgb):
    found, value = _chroma_given(rgb, rgb.max(axis=-1) - rgb.min()), rgb.max(axis=-1)
    found[..., 1] = (value - rgb.min()) / value
    return found


def _chroma_given(rgb, chroma):
    """Go on with a chroma that is wrong, as the lines of the stub do."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    value = rgb.max(axis=-1)
    step = np.where(chroma > 0, chroma, 1)
    near = (green - blue) / step, 2 + (blue - red) / step, 4 + (red - green) / step
    hue = np.select([value == red, value == green], near[:2], near[2]) / 6 % 1
    return np.stack([hue, chroma / np.where(value > 0, value, 1), value], axis=-1)


def _blue(rgb, sixths):
    found, largest = _hsv(rgb), rgb.max(axis=-1)
    red, green, blue = np.moveaxis(rgb, -1, 0)
    chroma = largest - rgb.min(axis=-1)
    hue = sixths(red, green, blue, np.where(chroma > 0, chroma, 1)) / 6 % 1
    found[..., 0] = np.where((largest == blue) & (largest > red) & (largest > green), hue, found[..., 0])
    return found


def _for_one_pixel(rgb):
    red, green, blue = np.moveaxis(rgb, -1, 0)
    return _chroma_given(rgb, max(red, green, blue) - min(red, green, blue))


def _hsl(rgb):
    found = _hsv(rgb)
    largest, smallest = rgb.max(axis=-1), rgb.min(axis=-1)
    room = 1 - np.abs(largest + smallest - 1)
    found[..., 1] = (largest - smallest) / np.where(room > 0, room, 1)
    return found


def _by_masks(rgb):
    """Convert by overwriting: an answer that is right, and written another way."""
    rgb = np.asarray(rgb, float)
    low, high = rgb.min(-1), rgb.max(-1)
    chroma, hue = high - low, np.zeros(rgb.shape[:-1])
    for channel, (one, other) in enumerate([(1, 2), (2, 0), (0, 1)]):
        here = (rgb[..., channel] == high) & (chroma > 0)
        hue[here] = (2 * channel + (rgb[..., one] - rgb[..., other])[here] / chroma[here]) / 6
    saturation = np.divide(chroma, high, out=np.zeros_like(high), where=high > 0)
    return np.stack([np.where(hue < 0, hue + 1, hue), saturation, high], -1)


# images.make_histogram


def _histogram_cases(rng, dtype):
    found = [
        case(np.array([0.1, 0.3, 0.35, 1.0], dtype), 4, label="4 values, 4 bins"),
        case(np.array([0.55, 0.05, 0.65, 0.45, 0.7], dtype), 5, label="5 values, 5 bins, the last bin empty"),
        case(np.full(3, 0.3, dtype), 2, label="3 equal values, 2 bins"),
    ]
    for shape, n_bins in [((4, 6), 8), ((5, 3), 12)]:
        values = (rng.integers(n_bins, size=shape) + rng.uniform(0.55, 0.95, shape)) / n_bins
        values[0, 0], values[-1, -1] = 1, 0
        values[1, 1] = 0.5  # on the border of two bins
        found.append(case(values.astype(dtype), n_bins, label=f"{shape[0]} x {shape[1]} values, {n_bins} bins"))
    return found


def _shares(values, n_bins, places=None, longest=None):
    bins = (values * n_bins).astype(int) if places is None else places
    return np.bincount(np.minimum(bins, n_bins - 1 if longest is None else longest).ravel(), minlength=n_bins)


@exercise(
    "images.make_histogram",
    title="Count which share of a picture has which hue",
    section=("histogram-text", "5 · How much of which colour"),
    points=2,
    cases=_histogram_cases,
    laws=[
        law(
            "the shares sum to 1",
            lambda f, rng: abs(np.sum(f(rng.random((7, 5)), 6)) - 1) < 1e-9,
        ),
        law("blind to the order of the pixels", lambda f, rng: _blind(f, rng)),
    ],
    mistakes=[
        mistake(
            "counts-not-shares",
            lambda values, n_bins: _shares(values, n_bins),
            "These are counts, and they are right. Divide by the number of values: a share does not depend on "
            "the size of "
            "the picture.",
            seen="expected slip, not yet seen: step 3 left out",
        ),
        mistake(
            "one-falls-out",
            lambda values, n_bins: _shares(values, n_bins, longest=10**6) / values.size,
            "The value 1 got a bin of its own, behind the last. The last bin includes 1: np.minimum(bins, n_bins - 1).",
            seen="expected slip, not yet seen: 1 * n_bins is n_bins",
        ),
        mistake(
            "no-minlength",
            lambda values, n_bins: (
                np.bincount(np.minimum((values * n_bins).astype(int), n_bins - 1).ravel()) / values.size
            ),
            "Empty bins at the end are missing, so pictures get rows of different lengths: minlength=n_bins.",
            seen="expected slip, not yet seen: np.bincount stops at the largest",
        ),
        mistake(
            "rounded",
            lambda values, n_bins: _shares(values, n_bins, np.rint(values * n_bins).astype(int)) / values.size,
            "You rounded to the nearest bin. Bin 0 goes from 0 to 1 / n_bins: cut off, .astype(int).",
            seen="expected slip, not yet seen: round for cut off",
        ),
        mistake(
            "one-bin-less",
            lambda values, n_bins: _shares(values, n_bins, (values * (n_bins - 1)).astype(int)) / values.size,
            "You multiplied by n_bins - 1: then only the value 1 reaches the last bin. Multiply by n_bins.",
            seen="expected slip, not yet seen: a way to keep 1 inside",
        ),
        mistake(
            "range-of-the-data",
            lambda values, n_bins: np.histogram(values, n_bins)[0] / values.size,
            "Your bins go from the smallest to the largest value, so every picture has other bins. "
            "They go from 0 to 1: range=(0, 1).",
            seen="scikit-image pull request #1291: float histograms get bins between 0 and 1",
        ),
        mistake(
            "range-and-rows",
            lambda values, n_bins: np.histogram(values, n_bins)[0] / len(values),
            "Two slips: your bins go from the smallest to the largest value, not from 0 to 1, range=(0, 1); and "
            "len(values) counts rows, not pixels: values.size.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "density",
            lambda values, n_bins: np.histogram(values, n_bins, (0, 1), density=True)[0],
            "That is a density: share divided by width of the bin. Return the shares: they sum to 1.",
            seen="expected slip, not yet seen: density=True",
        ),
        mistake(
            "index-past-the-end",
            lambda values, n_bins: _loop_without_end(values, n_bins),
            "The value 1 asks for bin number n_bins, which does not exist: bins count from 0. The last bin includes 1: "
            "np.minimum(bins, n_bins - 1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "divided-by-rows",
            lambda values, n_bins: _shares(values, n_bins) / len(values),
            "You divided by the number of rows. Count all pixels: values.size.",
            seen="expected slip, not yet seen: len of a picture",
        ),
        mistake(
            "divided-by-bins",
            lambda values, n_bins: _shares(values, n_bins) / n_bins,
            "You divided by the number of bins. A share is a part of the pixels: values.size.",
            seen="expected slip, not yet seen: the wrong number below the line",
        ),
        mistake(
            "largest-to-1",
            lambda values, n_bins: _shares(values, n_bins) / _shares(values, n_bins).max(),
            "Your largest bin is 1. Divide by the number of values instead, so that all bins sum to 1.",
            seen="expected slip, not yet seen: divided by the maximum",
        ),
        mistake(
            "bins-returned",
            lambda values, n_bins: np.minimum((values * n_bins).astype(int), n_bins - 1),
            "You say for every pixel in which bin it lies. Now count: how many lie in bin 0, in bin 1, ...?",
            seen="expected slip, not yet seen: stopped after step 1",
        ),
        mistake(
            "rows-not-flat",
            lambda values, n_bins: (
                np.bincount(np.minimum((values * n_bins).astype(int), n_bins - 1), minlength=n_bins) / values.size
            ),
            "np.bincount takes one row of numbers, and a picture has rows and columns. Make it flat first: "
            "bins.ravel().",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "border-in-two-bins",
            lambda values, n_bins: _by_comparing(values, n_bins, np.less_equal),
            "A value on the border of two bins was counted twice. A bin includes its left end, not its right "
            "one: >= and <. Only the last includes both.",
            seen="met while taking this chapter as a learner: it passed",
        ),
        mistake(
            "right-ends",
            lambda values, n_bins: _by_comparing(values, n_bins, np.less_equal, np.greater),
            "Your bins include their right end, and 0 is in none of them. A bin includes its left end: >= and <. "
            "Only the last includes both.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-in-no-bin",
            lambda values, n_bins: _shares(values, n_bins, longest=10**6)[:n_bins] / values.size,
            "The value 1 is in no bin, so the shares sum to less than 1. The last bin includes it: "
            "np.minimum(bins, n_bins - 1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "bins-from-1",
            lambda values, n_bins: _digitized(values, n_bins),
            "np.digitize counts bins from 1, and gives the value 1 a bin of its own. Hand it the inner borders "
            "only: np.linspace(0, 1, n_bins + 1)[1:-1].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "rounded-up",
            lambda values, n_bins: _shares(values, n_bins, np.ceil(values * n_bins).astype(int)) / values.size,
            "You rounded up, so bin 0 holds nothing but zeros. Bin 0 goes from 0 to 1 / n_bins: cut off, .astype(int).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "not-whole",
            lambda values, n_bins: np.bincount((values * n_bins).ravel(), minlength=n_bins),
            "Your bins are no whole numbers, so np.bincount refuses. Cut them off: (values * n_bins).astype(int).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "empty-bins-missing",
            lambda values, n_bins: _of_full_bins(values, n_bins),
            "np.unique leaves empty bins out, so nobody knows which share is whose. np.bincount(..., "
            "minlength=n_bins) keeps them.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "in-percent",
            lambda values, n_bins: 100 * _shares(values, n_bins) / values.size,
            "Your shares sum to 100. Here they are parts of 1: leave out the 100.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "loop-over-rows",
            lambda values, n_bins: _loop_over_rows(values, n_bins),
            "A loop over a picture gives rows, not values. Make it flat first: for value in values.ravel().",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[
        lambda values, n_bins: np.histogram(values, n_bins, (0, 1))[0] / values.size,
        lambda values, n_bins: _in_a_loop(values, n_bins),
    ],
    equivalent_mutants={
        "bins = np.minimum((values * n_bins).astype(int), n_bins - 1): np.minimum((values * n_bins).astype(int), "
        "n_bins - 1) -> np.minimum(n_bins - 1, (values * n_bins).astype(int))": "the smaller of two, either way",
    },
    hints_for=same_hints(
        [
            "How many numbers do you return for n_bins=4 if one value is 1, and if no value is above 0.5?",
            "Two corners: the value 1 belongs into the last bin; and a bin that nobody is in still has a place.",
            "bins = np.minimum(bins, n_bins - 1)\ncounts = np.bincount(bins.ravel(), minlength=n_bins)",
        ],
        "one-in-no-bin",
        "empty-bins-missing",
        "one-falls-out",
        "no-minlength",
    )
    | same_hints(
        [
            "Print your bin of 0.3 and of 0.35 for n_bins=4. Both lie between 0.25 and 0.5: bin 1.",
            "Bin j goes from j / n_bins to (j + 1) / n_bins, whatever the values are. Multiply, then cut off.",
            "bins = (values * n_bins).astype(int)",
        ],
        "border-in-two-bins",
        "right-ends",
        "rounded-up",
        "not-whole",
        "rounded",
        "one-bin-less",
        "range-of-the-data",
    ),
    hints=[
        "Three steps: which bin is each value in, how many are in each bin, which share of all is that?",
        (
            "values * n_bins, cut off by .astype(int), is the bin; only 1 needs care. np.bincount counts whole "
            "numbers of a "
            "flat array; minlength= keeps empty bins."
        ),
        (
            "bins = np.minimum((values * n_bins).astype(int), ...)\n"
            "counts = np.bincount(bins.ravel(), minlength=...)\nreturn counts / ..."
        ),
    ],
    forbids=[f"{OURS}.colour"],
)
def make_histogram(values, n_bins):
    """Return which share of the values lies in each of n_bins equal bins of [0, 1]: shape (n_bins,).

    values, of any shape, lie in [0, 1]. A bin includes its left end; the last one also includes 1.
    """
    # 1 which bin, from 0?
    ### BEGIN SOLUTION
    bins = np.minimum((values * n_bins).astype(int), n_bins - 1)
    ### END SOLUTION
    # 2 count
    ### BEGIN SOLUTION
    counts = np.bincount(bins.ravel(), minlength=n_bins)
    ### END SOLUTION
    # 3 share
    ### BEGIN SOLUTION
    return counts / values.size
    ### END SOLUTION


def _blind(f, rng):
    values = rng.random((6, 6))
    return np.array_equal(f(values, 5), f(rng.permutation(values.ravel()).reshape(9, 4), 5))


def _loop_without_end(values, n_bins):
    counts = np.zeros(n_bins)
    for value in values.ravel():
        counts[int(value * n_bins)] += 1
    return counts / values.size


def _by_comparing(values, n_bins, right, left=np.greater_equal):
    borders = np.arange(n_bins + 1) / n_bins
    return np.array([np.mean(left(values, borders[j]) & right(values, borders[j + 1])) for j in range(n_bins)])


def _digitized(values, n_bins):
    return np.bincount(np.digitize(values.ravel(), np.linspace(0, 1, n_bins + 1)), minlength=n_bins) / values.size


def _of_full_bins(values, n_bins):
    counts = _shares(values, n_bins)
    return counts[counts > 0] / values.size


def _loop_over_rows(values, n_bins):
    counts = np.zeros(n_bins)
    for value in values:
        counts[min(int(value * n_bins), n_bins - 1)] += 1
    return counts / len(values)


def _in_a_loop(values, n_bins):
    counts = [0] * n_bins
    for value in values.ravel().tolist():
        counts[min(int(value * n_bins), n_bins - 1)] += 1
    return [count / values.size for count in counts]


# images.find_edges


def _edge_cases(rng, dtype):
    step = np.array([[0, 0, 1, 1]] * 3, dtype)
    return [
        case(step, label="3 x 4 pixels, black to white"),
        case(step.T.copy(), label="4 x 3 pixels, black above, white below"),
        case(rng.random((5, 6)).astype(dtype), label="5 x 6 pixels"),
        case(rng.random((8, 3)).astype(dtype), label="8 x 3 pixels"),
    ]


def _slopes(grey, border="edge", middle=2, side=1):
    padded = np.pad(grey, 1, mode=border)
    smooth = side * padded[:-2] + middle * padded[1:-1] + side * padded[2:]
    turned = side * padded[:, :-2] + middle * padded[:, 1:-1] + side * padded[:, 2:]
    return smooth[:, 2:] - smooth[:, :-2], turned[2:] - turned[:-2]


def _same_smooth(grey):
    padded = np.pad(grey, 1, mode="edge")
    smooth = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return np.hypot(smooth[:, 2:] - smooth[:, :-2], smooth[2:] - smooth[:-2])


def _to_the_next(grey):
    padded = np.pad(grey, 1, mode="edge")
    smooth = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    turned = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return smooth[:, 2:] - smooth[:, 1:-1], turned[2:] - turned[1:-1]


def _across(grey, columns):
    padded = np.pad(grey, 1, mode="edge")
    smooth = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return np.abs(smooth[:, 2:] - smooth[:, columns])


def _kernel_loop(grey):
    padded = np.pad(grey, 1, mode="edge")
    kernel, (height, width) = np.outer([1, 2, 1], [-1, 0, 1]), grey.shape
    found = np.zeros(grey.shape)
    for i in range(height):
        for j in range(width):
            part = padded[i : i + 3, j : j + 3]
            found[i, j] = np.sqrt((part * kernel).sum() ** 2 + (part * kernel.T).sum() ** 2)
    return found


def _quarter(f, rng):
    grey = rng.random((5, 7))
    return np.allclose(f(np.rot90(grey)), np.rot90(f(grey)))


@exercise(
    "images.find_edges",
    title="Find edges with Sobel's two kernels",
    section=("kernel-text", "6 · Where brightness changes"),
    points=3,
    cases=_edge_cases,
    laws=[
        law(
            "a flat picture has no edge, not even at its border",
            lambda f, rng: np.allclose(f(np.full((4, 5), 0.7)), 0),
        ),
        law("a quarter turn of the picture turns its edges along", _quarter),
    ],
    mistakes=[
        mistake(
            "across-only",
            lambda grey: np.abs(_slopes(grey)[0]),
            "You found the change across only. A roof's edge runs from left to right: take the change down too.",
            seen="scipy issue #18425: ndimage.sobel, one direction, taken for the magnitude",
        ),
        mistake(
            "not-turned",
            lambda grey: np.hypot(_slopes(grey)[0], _slopes(grey)[0]),
            "Your `down` is `across` once more. Turn every slice: rows become columns and columns rows.",
            seen="expected slip, not yet seen: copied and not changed",
        ),
        mistake(
            "smoothed-twice",
            lambda grey: _same_smooth(grey),
            "You subtracted rows of the same `smooth`, which is smoothed down the rows already. For `down`, smooth "
            "`padded` anew, across the columns.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "next-neighbour",
            lambda grey: np.hypot(*_to_the_next(grey)),
            "You subtracted the pixel itself. Subtract the neighbour on the other side: smooth[:, 2:] - "
            "smooth[:, :-2].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "sum-of-sizes",
            lambda grey: np.abs(_slopes(grey)[0]) + np.abs(_slopes(grey)[1]),
            "You added the two changes. The length of an arrow is the root of the sum of squares: np.hypot.",
            seen="expected slip, not yet seen: |across| + |down| for the length",
        ),
        mistake(
            "signed-sum",
            lambda grey: sum(_slopes(grey)),
            "You added the two changes with their signs, so they can cancel out. Take the length: "
            "np.hypot(across, down).",
            seen="c2siorg/imagelab pull request #110: addWeighted(sobel_x, 0.5, sobel_y, 0.5)",
        ),
        mistake(
            "no-root",
            lambda grey: _slopes(grey)[0] ** 2 + _slopes(grey)[1] ** 2,
            "You returned the sum of squares. The length is its square root.",
            seen="expected slip, not yet seen: the root forgotten",
        ),
        mistake(
            "two-forgotten",
            lambda grey: np.hypot(*_slopes(grey, middle=1)),
            "You smoothed by 1 1 1. Sobel's middle counts double: 1 2 1.",
            seen="expected slip, not yet seen: Prewitt's kernel",
        ),
        mistake(
            "not-smoothed",
            lambda grey: np.hypot(*_slopes(grey, middle=1, side=0)),
            "You subtracted neighbours and did not smooth. First 1 2 1 along one axis, then the difference along "
            "the other.",
            seen="expected slip, not yet seen: step left out",
        ),
        mistake(
            "smoothed-to-1",
            lambda grey: np.hypot(*_slopes(grey, middle=0.5, side=0.25)),
            "Everything is right but for a factor: you divided by 4. Here 1 2 1 is not divided.",
            seen="clEsperanto/clij-opencl-kernels issue #37: not normalised, unlike scikit-image",
        ),
        mistake(
            "np-gradient",
            lambda grey: np.hypot(*np.gradient(grey)),
            "np.gradient halves the difference and does not smooth. Build Sobel's from the padded picture.",
            seen="expected slip, not yet seen: np.gradient for Sobel",
        ),
        mistake(
            "border-cut",
            lambda grey: np.hypot(*_slopes(grey))[1:-1, 1:-1],
            "Your edges are two rows and columns short. Work on `padded`, which is larger by one pixel on each side.",
            seen="slhck/siti issue #6: Sobel without border extension",
        ),
        mistake(
            "border-black",
            lambda grey: np.hypot(*_slopes(grey, "constant")),
            'You continued the picture by black, so its border became an edge. Copy the outermost pixels: mode="edge".',
            seen="typed while answering this chapter as a newcomer: np.pad without a mode",
        ),
        mistake(
            "border-wrapped",
            lambda grey: np.hypot(*_slopes(grey, "wrap")),
            "Your left border meets the right one: np.roll, or padding by wrap, goes round. "
            'Copy the outermost pixels: mode="edge".',
            seen="expected slip, not yet seen: np.roll for a shift",
        ),
        mistake(
            "border-mirrored",
            lambda grey: np.hypot(*_slopes(grey, "reflect")),
            'mode="reflect" leaves the outermost pixel out when it mirrors. Copy it: mode="edge".',
            seen="expected slip, not yet seen: NumPy's reflect is not SciPy's",
        ),
        mistake(
            "two-columns",
            lambda grey: _across(grey, slice(None, 2)),
            "smooth[:, :2] are the first two columns. With a minus it is all but the last two, the left "
            "neighbours: smooth[:, :-2].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "not-shifted",
            lambda grey: _across(grey, slice(None)),
            "You subtracted the whole of `smooth`, which is two columns wider. The left neighbours are smooth[:, :-2].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "next-neighbour-across",
            lambda grey: np.hypot(_to_the_next(grey)[0], _slopes(grey)[1]),
            "In `across` you subtracted the pixel itself. Subtract the neighbour on the other side: smooth[:, "
            "2:] - smooth[:, :-2].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "down-not-smoothed",
            lambda grey: np.hypot(_slopes(grey)[0], _slopes(grey, middle=1, side=0)[1]),
            "`across` is smoothed, your `down` is not. Smooth `padded` across the columns, 1 2 1, before you "
            "subtract rows.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "two-forgotten-down",
            lambda grey: np.hypot(_slopes(grey)[0], _slopes(grey, middle=1)[1]),
            "For `down` you smoothed by 1 1 1. The middle counts double there too: 1 2 1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "turned-afterwards",
            lambda grey: np.hypot(_slopes(grey)[0], _slopes(grey)[0].T),
            "across.T turns the finished numbers round: the same changes at other pixels, and of another shape. "
            "Turn the slices: rows become columns and columns rows.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "arrow-for-length",
            lambda grey: _slopes(grey),
            "You returned both parts of the arrow. Return its length, one number for each pixel: "
            "np.hypot(across, down).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "larger-of-two",
            lambda grey: np.abs(_slopes(grey)).max(axis=0),
            "You took the larger of the two changes. A slanting edge changes both ways: the length is "
            "np.hypot(across, down).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "angle-for-length",
            lambda grey: np.arctan2(*_slopes(grey)[::-1]),
            "That is the angle of the arrow, where the edge points. How steep it is, is its length: "
            "np.hypot(across, down).",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[_kernel_loop, lambda grey: np.sqrt(np.square(_slopes(grey)).sum(axis=0))],
    equivalent_mutants={
        "return np.hypot(across, down): np.hypot(across, down) -> np.hypot(down, across)": "a sum of squares may be "
        "turned round",
    },
    hints_for=same_hints(
        [
            "Give it a picture of one grey only. Which pixels call themselves an edge, and how large is the result?",
            (
                "`padded` is there already, with copies of the outermost pixels: take every slice from it, none from "
                "`grey`."
            ),
            'padded = np.pad(grey, 1, mode="edge")      # (height + 2, width + 2)',
        ],
        "border-cut",
        "border-black",
        "border-wrapped",
        "border-mirrored",
    )
    | same_hints(
        [
            "Turn the picture by a quarter. Do your edges turn along?",
            "`down` is `across` with rows and columns exchanged, in all slices of both lines.",
            (
                "smooth = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]\n"
                "down = smooth[2:] - ...      # the rows now"
            ),
        ],
        "down-not-smoothed",
        "two-forgotten-down",
        "turned-afterwards",
        "across-only",
        "not-turned",
    ),
    hints=[
        "`across` smooths down the rows and subtracts columns. What does `down` do?",
        "For `down`, smooth across the columns, 1 2 1, and subtract rows. Then np.hypot(across, down).",
        (
            "across = smooth[:, 2:] - smooth[:, :-2]\n"
            "smooth = padded[:, :-2] + ... + padded[:, 2:]\ndown = smooth[2:] - ...\nreturn np.hypot(..., ...)"
        ),
    ],
    forbids=["scipy.ndimage", "scipy.signal", f"{OURS}.edges"],
)
def find_edges(grey):
    """Return the length of Sobel's gradient at every pixel of a grey picture: the same shape."""
    # 1 continue: copies of the outermost pixels, one on every side
    padded = np.pad(grey, 1, mode="edge")
    # 2 across: smooth 1 2 1 down the rows, then subtract the left neighbour from the right one
    smooth = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    ### BEGIN SOLUTION
    #: across = smooth[:, 2:] - ...
    across = smooth[:, 2:] - smooth[:, :-2]
    ### END SOLUTION
    # 3 down: the same with rows and columns exchanged
    ### BEGIN SOLUTION
    smooth = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    down = smooth[2:] - smooth[:-2]
    ### END SOLUTION
    # 4 length: of the arrow (across, down)
    ### BEGIN SOLUTION
    return np.hypot(across, down)
    ### END SOLUTION


# images.cut_patches


def _patch_cases(rng, dtype):
    numbered = np.arange(2 * 4 * 4).reshape(2, 4, 4).astype(dtype)
    return [
        case(numbered, 2, label="2 pictures of 4 x 4, size 2"),
        case(rng.random((3, 5, 8)).astype(dtype), 2, label="3 pictures of 5 x 8, size 2: a row is left over"),
        case(rng.random((2, 6, 7, 3)).astype(dtype), 3, label="2 pictures in colour of 6 x 7, size 3"),
        case(rng.random((1, 4, 4)).astype(dtype), 4, label="1 picture, as large as a patch"),
    ]


def _two_answers(expected, actual):
    """Compare patches and source; say to who returned one thing that there are two."""
    one = isinstance(actual, np.ndarray) or (isinstance(actual, list | tuple) and len(actual) != 2)
    if isinstance(expected, tuple) and one:
        return Problem("one-answer", "Two answers are expected, and yours is one. Return both: patches, source.")
    return close()(expected, actual)


def _cut(images, size, step=None, rest=0, columns_first=False):
    """Return (picture, place, patch) of every patch."""
    step, (height, width) = step or size, images.shape[1:3]
    tops, lefts = range(0, height - size + 1 - rest, step), range(0, width - size + 1 - rest, step)
    places = [(top, left) for top in tops for left in lefts]
    if columns_first:
        places = [(top, left) for left in lefts for top in tops]
    return [
        (i, number, image[top : top + size, left : left + size])
        for i, image in enumerate(images)
        for number, (top, left) in enumerate(places)
    ]


def _parts(found, source=lambda i, number: i):
    return np.array([patch for _, _, patch in found]), np.array([source(i, number) for i, number, _ in found])


def _by_reshape(images, size):
    n, rows, columns = len(images), images.shape[1] // size, images.shape[2] // size
    whole = images[:, : rows * size, : columns * size]
    squares = whole.reshape(n, rows, size, columns, size, *images.shape[3:]).swapaxes(2, 3)
    return squares.reshape(-1, size, size, *images.shape[3:]), np.repeat(np.arange(n), rows * columns)


def _runs_of_pixels(images, size):
    patches = images.reshape(-1, size, size, *images.shape[3:])
    return patches, np.repeat(np.arange(len(images)), len(patches) // len(images))


def _rest_kept(images, size):
    height, width = images.shape[1:3]
    places = [(top, left) for top in range(0, height, size) for left in range(0, width, size)]
    patches = [image[top : top + size, left : left + size] for image in images for top, left in places]
    return np.array(patches), np.repeat(np.arange(len(images)), len(places))


def _only_with_axes(images, size, n_axes):
    if n_axes == 4:
        _, _, _, _ = images.shape
    else:
        _, _, _ = images.shape
    return _by_reshape(images, size)


def _places_of(images, size, shape):
    found = [
        (image[top : top + size, left : left + size], i)
        for i, image in enumerate(images)
        for top in range(0, shape[0] - size + 1, size)
        for left in range(0, shape[1] - size + 1, size)
    ]
    return np.array([patch for patch, _ in found]), np.array([i for _, i in found])


def _slices(images, size, along):
    found = [
        (image[along(top), along(left)], i)
        for i, image in enumerate(images)
        for top in range(0, images.shape[1] - size + 1, size)
        for left in range(0, images.shape[2] - size + 1, size)
    ]
    return np.array([patch for patch, _ in found]), np.array([i for _, i in found])


def _corners(images, size):
    patches, _ = _by_reshape(images, size)
    tops, lefts = range(0, images.shape[1] - size + 1, size), range(0, images.shape[2] - size + 1, size)
    return patches, np.array([(top, left) for _ in images for top in tops for left in lefts])


def _remembers(f, rng):
    patches, source = f(np.arange(3.0)[:, None, None] * np.ones((3, 4, 6)), 2)
    return np.array_equal(np.asarray(patches)[:, 0, 0], source)


@exercise(
    "images.cut_patches",
    title="Cut patches that remember their picture",
    section=("patches-text", "8 · Patches: a little of where"),
    points=3,
    cases=_patch_cases,
    compare=_two_answers,
    laws=[
        law("picture i is all i: every patch shows its own source", _remembers),
        law(
            "every picture gives equally many patches",
            lambda f, rng: np.array_equal(np.bincount(f(rng.random((4, 7, 5)), 2)[1]), [6] * 4),
        ),
    ],
    mistakes=[
        mistake(
            "no-source",
            lambda images, size: _by_reshape(images, size)[0],
            "The patches are right, but nobody knows whose they are. Return two arrays: patches, source.",
            seen="scikit-learn's PatchExtractor returns patches alone",
        ),
        mistake(
            "place-for-source",
            lambda images, size: _parts(_cut(images, size), lambda i, number: number),
            "Your source is the place within the picture. Return the index of the picture: the first loop's counter.",
            seen="expected slip, not yet seen: the wrong counter",
        ),
        mistake(
            "source-is-a-number-of-its-own",
            lambda images, size: (_by_reshape(images, size)[0], np.arange(len(_by_reshape(images, size)[0]))),
            "Your source numbers the patches. Patches of one picture share one number, the index of their picture.",
            seen="expected slip, not yet seen: len(patches) counted",
        ),
        mistake(
            "source-from-1",
            lambda images, size: _parts(_cut(images, size), lambda i, number: i + 1),
            "Your first picture is number 1. Indices count from 0: only then does labels[source] work.",
            seen="expected slip, not yet seen: counted from 1",
        ),
        mistake(
            "source-in-turn",
            lambda images, size: (
                _by_reshape(images, size)[0],
                np.arange(len(_by_reshape(images, size)[0])) % len(images),
            ),
            "Your source goes 0, 1, 0, 1, but the patches come picture after picture: np.repeat, not np.tile.",
            seen="expected slip, not yet seen: np.tile for np.repeat",
        ),
        mistake(
            "runs-of-pixels",
            lambda images, size: _runs_of_pixels(images, size),
            "reshape alone cuts runs of neighbouring numbers, not squares: a patch got pixels of one row behind "
            "another. "
            "Slice rows and columns.",
            seen="expected slip, not yet seen: reshape(-1, size, size)",
        ),
        mistake(
            "overlapping",
            lambda images, size: _parts(_cut(images, size, step=1)),
            "You start a patch at every pixel, so they overlap. Side by side means a step of `size`.",
            seen="scikit-learn issue #12657: extract_patches_2d is for overlapping patches",
        ),
        mistake(
            "rest-kept",
            lambda images, size: _rest_kept(images, size),
            "At the right and lower border your patches are too small: a slice past the end is cut off in silence. "
            "Stop where a whole patch fits: height - size + 1.",
            seen="expected slip, not yet seen: range(0, height, size)",
        ),
        mistake(
            "last-missing",
            lambda images, size: _parts(_cut(images, size, rest=1)),
            "The last row and column of patches are missing: range stops before its end. Go to height - size + 1.",
            seen="expected slip, not yet seen: one too few",
        ),
        mistake(
            "one-list-for-each-picture",
            lambda images, size: _nested(images, size),
            "You made a list for every picture. Put all patches into one row, (n_patches, ...), and say in "
            "`source` whose "
            "each one is.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "columns-first",
            lambda images, size: _parts(_cut(images, size, columns_first=True)),
            "You go down the columns first. Go row by row: the loop over `top` outside, over `left` inside.",
            seen="expected slip, not yet seen: loops exchanged",
        ),
        mistake(
            "rows-for-columns",
            lambda images, size: _square(images, size),
            "You took the height for the width too. A picture is (height, width): images.shape[1] and images.shape[2].",
            seen="expected slip, not yet seen: square pictures only",
        ),
        mistake(
            "first-picture-only",
            lambda images, size: _parts(_cut(images[:1], size)),
            "Only the first picture was cut: a return inside the loop ends it. Return after all pictures.",
            seen="expected slip, not yet seen: return indented too far",
        ),
        mistake(
            "colour-only",
            lambda images, size: _only_with_axes(images, size, 4),
            "You take four numbers out of images.shape, but grey pictures have three. Take height and width "
            "alone: images.shape[1:3].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "grey-only",
            lambda images, size: _only_with_axes(images, size, 3),
            "You take three numbers out of images.shape, but pictures in colour have four. Take height and width "
            "alone: images.shape[1:3].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "pictures-for-height",
            lambda images, size: _places_of(images, size, images.shape[:2]),
            "images.shape[:2] is the number of pictures and the height. Height and width are images.shape[1:3].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "size-for-end",
            lambda images, size: _slices(images, size, lambda start: slice(start, size)),
            "A slice goes from its start to its end, and your end is always `size`. It is top + size and left + size.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "steps-of-one",
            lambda images, size: _slices(images, size, lambda start: slice(start // size, start // size + size)),
            "Patch number r does not start at pixel r but at r * size: yours overlap.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "source-once",
            lambda images, size: (_by_reshape(images, size)[0], np.arange(len(images))),
            "Your source has one number for each picture. It needs one for each patch: append i where you append "
            "the patch.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "source-first",
            lambda images, size: _by_reshape(images, size)[::-1],
            "Both are right, in the wrong order: return patches, source.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "corner-for-source",
            lambda images, size: _corners(images, size),
            "Your source says where in the picture a patch lies. Return the index of the picture: the first "
            "loop's counter.",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[
        _by_reshape,
        lambda images, size: image_patches(images, size, stride=size),
        lambda images, size: _as_lists(images, size),
    ],
    equivalent_mutants={
        "return (np.array(patches), np.array(source)): np.array(patches) -> patches": "a list of equal patches will do",
        "return (np.array(patches), np.array(source)): np.array(source) -> source": "a list of indices will do",
    },
    hints_for=same_hints(
        [
            (
                "How many patches has a picture of 5 x 8 with size 2, and how many do you make? Two rows of four: one "
                "row of pixels is left over."
            ),
            "The last patch that fits starts at height - size. range needs one more to reach it.",
            "range(0, height - size + 1, size)",
        ],
        "rest-kept",
        "last-missing",
        "overlapping",
        "pictures-for-height",
        "rows-for-columns",
    )
    | same_hints(
        [
            "Make picture 0 all zeros and picture 1 all ones. Does your source say what the patches show?",
            "When you keep a patch, keep the index of its picture at the same time.",
            "patches.append(...)\nsource.append(i)      # i from enumerate(images)",
        ],
        "source-once",
        "corner-for-source",
        "no-source",
        "place-for-source",
        "source-is-a-number-of-its-own",
        "source-from-1",
        "source-in-turn",
        "one-answer",
    ),
    hints=[
        "Three loops: over pictures with their index, over the rows where a patch starts, over the columns.",
        "range(0, height - size + 1, size) are the starts. A patch is image[top : top + size, left : left + size].",
        (
            "for i, image in enumerate(images):\n    for top in range(0, ..., size):\n"
            "        for left in range(0, ..., size):\n"
            "            patches.append(image[top : ..., left : ...])\n            source.append(...)\n"
            "return np.array(patches), np.array(source)"
        ),
    ],
    forbids=[f"{OURS}.patches", "sklearn.feature_extraction.image"],
)
def cut_patches(images, size):
    """Cut every picture into squares side by side; return patches, and source: whose each one is.

    images: (n, height, width) or (n, height, width, 3).
    patches: (n_patches, size, size) or (n_patches, size, size, 3). source: (n_patches,), indices of images.
    Picture after picture, row by row; what is left over at the right and lower border is in no patch.
    """
    ### BEGIN SOLUTION
    patches, source = [], []
    height, width = images.shape[1:3]
    for i, image in enumerate(images):
        for top in range(0, height - size + 1, size):
            for left in range(0, width - size + 1, size):
                patches.append(image[top : top + size, left : left + size])
                source.append(i)
    return np.array(patches), np.array(source)
    ### END SOLUTION


def _square(images, size):
    side = images.shape[1]
    return _parts(_cut(images[:, :, :side], size)) if side <= images.shape[2] else _parts(_cut(images, size))


def _nested(images, size):
    patches, _ = _by_reshape(images, size)
    return patches.reshape(len(images), -1, *patches.shape[1:]), np.arange(len(images))


def _as_lists(images, size):
    found = _cut(images, size)
    return [patch.tolist() for _, _, patch in found], [i for i, _, _ in found]


# images.count_orientations


def _arrow_cases(rng, dtype):
    flat = np.zeros((2, 3), dtype)
    return [
        case(np.array([[3, 0], [0, -1]], dtype), np.array([[0, 2], [0, 1]], dtype), label="2 x 2 pixels"),
        case(rng.normal(size=(5, 6)).astype(dtype), rng.normal(size=(5, 6)).astype(dtype), label="5 x 6 pixels"),
        case(flat, flat.copy(), label="a flat picture"),
        case(
            -np.abs(rng.normal(size=(4, 4))).astype(dtype), rng.normal(size=(4, 4)).astype(dtype), label="4 x 4 pixels"
        ),
    ]


def _votes(across, down, place=None, weight=None):
    length = np.hypot(across, down)
    degrees = np.degrees(np.arctan2(down, across))
    nearest = np.rint(degrees / 45).astype(int) % 4 if place is None else place(degrees)
    votes = np.bincount(nearest.ravel(), (length if weight is None else weight(length)).ravel(), minlength=4)
    return votes / (votes.sum() or 1)


@exercise(
    "images.count_orientations",
    title="Describe a shape by which way its edges run",
    section=("orientations-text", "Four numbers for a shape (optional)"),
    points=2,
    cases=_arrow_cases,
    laws=[
        law("the negative of a picture has the same orientations", lambda f, rng: _negative(f, rng)),
        law("twice the contrast changes nothing", lambda f, rng: _contrast(f, rng)),
    ],
    mistakes=[
        mistake(
            "not-weighed",
            lambda across, down: _votes(across, down, weight=lambda length: (length > 0).astype(float)),
            "Every pixel has one vote. Let it vote with the length of its arrow, or noise outvotes the edges: "
            "weights=.",
            seen="expected slip, not yet seen: np.bincount without weights",
        ),
        mistake(
            "noise-votes",
            lambda across, down: _votes(across, down, weight=np.ones_like),
            "Every pixel has one vote, flat ones too. Let it vote with the length of its arrow: weights=.",
            seen="expected slip, not yet seen: np.bincount without weights",
        ),
        mistake(
            "cut-off",
            lambda across, down: _votes(across, down, lambda degrees: (degrees % 180 // 45).astype(int) % 4),
            "You cut off, so 179 degrees went to 135. It is nearer to 180, which is 0 again: round, then % 4.",
            seen="expected slip, not yet seen: floor for round",
        ),
        mistake(
            "radians-for-degrees",
            lambda across, down: _votes(
                across, down, lambda degrees: np.rint(np.radians(degrees) / 45).astype(int) % 4
            ),
            "np.arctan2 returns radians, at most 3.14: divided by 45 all are bin 0. Turn them into degrees first: "
            "np.degrees.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "across-and-down-exchanged",
            lambda across, down: _votes(down, across),
            "An arrow to the right came out as 90 degrees. np.arctan2 takes the vertical part first: "
            "np.arctan2(down, across).",
            seen="expected slip, not yet seen: arctan2(x, y)",
        ),
        mistake(
            "signs-dropped",
            lambda across, down: _votes(np.abs(across), np.abs(down)),
            "You dropped the signs of both parts, so / and \\ became one. Only opposite arrows are the same: % 4.",
            seen="expected slip, not yet seen: np.abs to fold",
        ),
        mistake(
            "angle-without-sign",
            lambda across, down: _votes(across, down, lambda degrees: np.rint(np.abs(degrees) / 45).astype(int) % 4),
            "You dropped the sign of the angle: -45 is opposite to 135, not to 45. Leave the sign to % 4.",
            seen="expected slip, not yet seen: np.abs to fold",
        ),
        mistake(
            "not-shares",
            _quiet(lambda across, down: _votes(across, down) * np.hypot(across, down).sum()),
            "These are the votes, and they are right. Divide by their sum, so that contrast does not matter.",
            seen="expected slip, not yet seen: last step left out",
        ),
        mistake(
            "flat-nan",
            _quiet(lambda across, down: _votes(across, down) / np.hypot(across, down).any()),
            "A flat picture has no votes, and 0 / 0 is NaN. Return zeros there: divide by 1.",
            seen="expected slip, not yet seen: 0 / 0",
        ),
        mistake(
            "squared",
            lambda across, down: _votes(across, down, weight=np.square),
            "You weighed by the squared length. Take the length itself: np.hypot(across, down).",
            seen="expected slip, not yet seen: the root forgotten",
        ),
        mistake(
            "not-folded",
            lambda across, down: _votes(across, down, lambda degrees: np.rint(degrees / 45).astype(int)),
            "Angles go from -180 to 180 degrees, so some of your bins lie below 0. % 4 brings opposite arrows "
            "together, and all bins into 0 to 3.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "five-bins",
            lambda across, down: _votes(across, down, lambda degrees: np.rint(degrees % 180 / 45).astype(int)),
            "An angle near 180 was rounded to bin 4, which does not exist: 180 degrees are 0 again. Take % 4 "
            "after rounding.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "quarter-turns",
            lambda across, down: _votes(across, down, lambda degrees: np.rint(degrees / 90).astype(int) % 4),
            "You divided by 90, a quarter turn. From one direction to the next it is 45 degrees.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "divided-by-pixels",
            lambda across, down: _votes(across, down) * np.hypot(across, down).mean(),
            "You divided by the number of pixels, so the numbers still grow with the contrast. Divide by the sum "
            "of the votes.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "rows-not-flat",
            lambda across, down: np.bincount(np.zeros(across.shape, int), minlength=4),
            "np.bincount takes one row of numbers, and a picture has rows and columns. Make both flat: .ravel().",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "no-minlength",
            lambda across, down: _without_empty_ends(across, down),
            "Where nobody votes for 135 degrees you return fewer than 4 numbers: minlength=4.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "sum-of-sizes",
            lambda across, down: _votes(across, down, weight=lambda _: np.abs(across) + np.abs(down)),
            "You weighed by |across| + |down|, which makes slanting arrows too long. The length is "
            "np.hypot(across, down).",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[
        lambda across, down: _by_axes(across, down),
        lambda across, down: _by_complex(across, down),
    ],
    equivalent_mutants={
        "return votes / (votes.sum() or 1): 1 -> 2": "no votes, divided by 2, are no votes",
        "votes = np.bincount(nearest.ravel(), np.hypot(across, down).ravel(), minlength=4): np.hypot(across, down) -> "
        "np.hypot(down, across)": "a sum of squares may be turned round",
    },
    hints_for=same_hints(
        [
            "Where do an arrow to the left, 180 degrees, and one of 179 degrees go? To bin 0, both.",
            "Divide the degrees by 45, round to the nearest whole number, and let % 4 bring opposite arrows together.",
            "nearest = np.rint(degrees / 45).astype(int) % 4",
        ],
        "not-folded",
        "five-bins",
        "cut-off",
        "signs-dropped",
        "angle-without-sign",
    ),
    hints=[
        "Three steps: the angle of every arrow, the nearest of four orientations, the votes of each.",
        (
            "np.degrees(np.arctan2(down, across)) is the angle. np.bincount(nearest, weights) adds up votes of flat "
            "arrays."
        ),
        (
            "nearest = np.rint(np.degrees(np.arctan2(..., ...)) / 45).astype(int) % 4\n"
            "votes = np.bincount(nearest.ravel(), np.hypot(across, down).ravel(), minlength=4)\nreturn votes / ..."
        ),
    ],
    forbids=[f"{OURS}.edges"],
)
def count_orientations(across, down):
    """Return which share of the arrows points which way: 4 numbers, near 0, 45, 90 and 135 degrees.

    Every pixel votes for the nearest one, with the length of its arrow (across, down).
    Opposite arrows are the same: 180 degrees are 0 again. A flat picture gets zeros.
    """
    ### BEGIN SOLUTION
    nearest = np.rint(np.degrees(np.arctan2(down, across)) / 45).astype(int) % 4
    votes = np.bincount(nearest.ravel(), np.hypot(across, down).ravel(), minlength=4)
    return votes / (votes.sum() or 1)
    ### END SOLUTION


def _negative(f, rng):
    across, down = rng.normal(size=(2, 5, 5))
    return np.allclose(f(across, down), f(-across, -down))


def _contrast(f, rng):
    across, down = rng.normal(size=(2, 5, 5))
    return np.allclose(f(across, down), f(2 * across, 2 * down))


def _without_empty_ends(across, down):
    nearest = np.rint(np.degrees(np.arctan2(down, across)) / 45).astype(int) % 4
    votes = np.bincount(nearest.ravel(), np.hypot(across, down).ravel())
    return votes / (votes.sum() or 1)


def _by_axes(across, down):
    """Vote by the largest projection on the four directions."""
    angles = np.radians([0, 45, 90, 135])
    along = np.abs(across[..., None] * np.cos(angles) + down[..., None] * np.sin(angles))
    votes = np.array([np.hypot(across, down)[along.argmax(axis=-1) == k].sum() for k in range(4)])
    return votes / (votes.sum() if votes.any() else 1)


def _by_complex(across, down):
    arrows = across + 1j * down
    nearest = np.round(np.angle(arrows**2) / (np.pi / 2)) % 4
    votes = np.array([np.abs(arrows)[nearest == k].sum() for k in range(4)])
    return votes / votes.sum() if votes.any() else votes


# images.find_threshold


@functools.cache
def flower():
    """Return the photograph of a flower, (78, 80, 3), and which pixels an ellipse drawn by eye calls flower."""
    photograph = load_sample_image("flower.jpg")[60:372:4, 150:470:4]
    row, column = np.mgrid[:78, :80]
    return photograph, ((column - 39.5) / 34.5) ** 2 + ((row - 40.25) / 34) ** 2 <= 1


def _closeness(centre=1 / 24):
    hue = rgb_to_hsv(flower()[0])[..., 0]
    gap = np.abs(hue - centre)
    return 1 - 2 * np.minimum(gap, 1 - gap)


def _overlap(threshold):
    called, truth = _closeness() >= threshold, flower()[1]
    return float((called & truth).sum() / (called | truth).sum())


def _reaches(expected, actual):
    """Accept every threshold that reaches the goal; of the others say what they miss."""
    problem = close()(expected, actual)
    if problem is None or problem.id != "value":
        return problem
    number, called = float(actual), _closeness() >= float(actual)
    if _overlap(number) >= 0.9:
        return None if _overlap(float(expected)) >= 0.9 else problem
    truth = flower()[1]
    overlap = _overlap(number)
    if (called & ~truth).sum() > (truth & ~called).sum():
        return Problem(
            "too-much-called",
            f"At {number:.3g} the intersection over union is {overlap:.2f}: too many leaves are called flower. "
            "Move it up.",
        )
    return Problem(
        "too-little-called",
        f"At {number:.3g} the intersection over union is {overlap:.2f}: too much of the flower is missed. Move it "
        "down.",
    )


@exercise(
    "images.find_threshold",
    title="Find a flower by its hue",
    section=("widget-text", "9 · Find the flower by its hue"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(label="the threshold")],
    compare=_reaches,
    mistakes=[
        mistake(
            "everything-is-flower",
            lambda: 0.0,
            "At 0 every pixel is called flower. The union is the whole picture then: move the threshold up.",
            seen="expected slip, not yet seen: the end of the slider",
        ),
        mistake(
            "nothing-is-flower",
            lambda: 1.0,
            "At 1 only the exact hue is called flower, hardly a pixel. Move the threshold down.",
            seen="expected slip, not yet seen: the other end of the slider",
        ),
        mistake(
            "the-goal",
            lambda: 0.9,
            "0.9 is the goal, the intersection over union. The answer is the threshold at which you reach it.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
        mistake(
            "the-goal-in-percent",
            lambda: 90.0,
            "That is the goal in percent. The answer is the threshold at which you reach it, between 0 and 1.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
    ],
    alternatives=[lambda: 0.5, lambda: 0.8, lambda: 0.84],
    hints_for=same_hints(
        [
            "Watch the number called intersection over union while you move. Where does it stop rising?",
            (
                "Leaves are the bars on the left, petals those on the right. A good threshold stands in the gap "
                "between them."
            ),
            "threshold = moving      # reads the number from the widget",
        ],
        "everything-is-flower",
        "nothing-is-flower",
        "the-goal",
        "too-much-called",
        "too-little-called",
    ),
    hints=[
        "Two hills: leaves and petals. Where is the valley?",
        "Put the threshold between the hills with the arrow keys, until the widget marks the goal as met.",
        "threshold = moving      # reads the number from the widget",
    ],
)
def find_threshold():
    """Move the threshold until intersection over union is at least 0.9; the answer is the threshold."""
    ### BEGIN SOLUTION
    #: threshold = ...  # the number you found, or the widget itself: threshold = moving
    threshold = 0.7
    ### END SOLUTION
    return threshold


# images.fix_article and why


def _file_cases(rng, dtype):
    return [
        case(_files(rng, 2, 4, 4), 2, label="2 pictures of 4 x 4, size 2"),
        case(_files(rng, 4, 6, 9), 3, label="4 pictures of 6 x 9, size 3"),
        case(_files(rng, 9, 8, 8), 4, label="9 pictures of 8 x 8, size 4"),
    ]


def _files(rng, n, height, width):
    """Draw pictures of one colour each, with grain, blue first as OpenCV has them."""
    colour = rng.permutation(np.array([[230, 40, 60], [60, 220, 90], [50, 70, 240], [235, 200, 40]]))
    plain = colour[np.arange(n) % 4][:, None, None, :]
    return np.clip(plain + rng.integers(-40, 40, (n, height, width, 3)), 0, 255).astype(np.uint8)


def _article(files, size, channels=True, patches=True):
    """Describe as the article does, or with one of its two faults mended."""
    pictures = files[..., ::-1] if channels else files
    if patches:
        pieces, source = image_patches(pictures, size, stride=size)
        return rgb_to_hsv(pieces.mean(axis=(1, 2)) / 255)[:, 0], source
    pieces = extract_patches_2d(pictures, (size, size))
    colours = pieces.reshape(len(pieces), -1, 3).mean(axis=1)
    return rgb_to_hsv(colours / 255)[:, 0], np.arange(len(pieces)) * len(files) // len(pieces)


def _turned(files, size, pictures):
    pieces, source = image_patches(pictures, size, stride=size)
    return rgb_to_hsv(pieces.mean(axis=(1, 2)) / 255)[:, 0], source


def _with_stride_8(files, size):
    pieces, source = image_patches(files[..., ::-1], size)
    return rgb_to_hsv(pieces.mean(axis=(1, 2)) / 255)[:, 0], source


def _every_place(files, size):
    found = [extract_patches_2d(picture, (size, size)) for picture in files[..., ::-1]]
    source = np.repeat(np.arange(len(files)), len(found[0]))
    return rgb_to_hsv(np.concatenate(found).mean(axis=(1, 2)) / 255)[:, 0], source


def _described(files, size, axes=None):
    pieces, source = image_patches(files[..., ::-1], size, stride=size)
    if axes is None:
        return rgb_to_hsv(pieces.mean(axis=(1, 2)) / 255), source
    return rgb_to_hsv(pieces.mean(axis=axes) / 255)[:, 0], source


def _mean_hue(files, size):
    pieces, source = image_patches(files[..., ::-1], size, stride=size)
    return rgb_to_hsv(pieces)[..., 0].mean(axis=(1, 2)), source


def _red_and_blue(f, rng):
    files = np.zeros((2, 4, 4, 3), np.uint8)
    files[0, ..., 2], files[1, ..., 0] = 255, 255  # red last, blue first
    hue, source = f(files, 2)
    return np.allclose(hue, np.where(np.asarray(source) == 0, 0, 2 / 3))


def _alone(f, rng):
    files = _files(rng, 5, 4, 6)
    return np.allclose(f(files[:2], 2)[0], np.asarray(f(files, 2)[0])[:12])


@exercise(
    "images.fix_article",
    title="Repair patches that see blue for red",
    section=("debug-text", "10 · Debug the article"),
    points=3,
    cases=_file_cases,
    laws=[
        law("a red picture is found red, a blue one blue", _red_and_blue),
        law("another picture changes no patch of the first ones", _alone),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda files, size: _article(files, size, channels=False, patches=False),
            "Both faults are still there: blue is read as red, and one patch is cut through several pictures.",
            seen="leonard-seydoux/scatnet issue #2: extract_patches is gone, extract_patches_2d proposed in its place",
        ),
        mistake(
            "blue-first-still",
            lambda files, size: _article(files, size, channels=False),
            "The patches are mended. But blue is still read as red: turn the channels round, files[..., ::-1].",
            seen="bencevans/rust-opencv-yolov5 pull request #30: OpenCV loads BGR, the model expects RGB",
        ),
        mistake(
            "stack-cut-as-one-picture",
            lambda files, size: _article(files, size, patches=False),
            "The channels are mended. But extract_patches_2d takes a stack for one picture: its patches go through "
            "several pictures. Use image_patches.",
            seen="what extract_patches_2d of the pinned scikit-learn does with (n, height, width, 3)",
        ),
        mistake(
            "mirrored",
            lambda files, size: _turned(files, size, files[:, :, ::-1]),
            "[:, :, ::-1] turns the columns: it mirrors every picture. The channels are the last axis: [..., ::-1].",
            seen="expected slip, not yet seen: the slice that is right for a single picture",
        ),
        mistake(
            "order-of-pictures",
            lambda files, size: _turned(files, size, files[::-1]),
            "[::-1] turns the order of the pictures. The channels are the last axis: [..., ::-1].",
            seen="expected slip, not yet seen: the first axis turned",
        ),
        mistake(
            "upright-turned",
            lambda files, size: _turned(files, size, files[:, ::-1]),
            "[:, ::-1] turns the rows: every picture stands on its head. The channels are the last axis: [..., ::-1].",
            seen="expected slip, not yet seen: the second axis turned",
        ),
        mistake(
            "a-patch-at-every-pixel",
            _every_place,
            "Every patch lies in one picture now, but one starts at every pixel, so they overlap. Lay them side "
            "by side: "
            "image_patches(..., stride=size).",
            seen="scikit-learn issue #26040: patches that do not overlap asked for",
        ),
        mistake(
            "size-forgotten",
            lambda files, size: _turned(files, 8, files[..., ::-1]),
            "You left out the size, so image_patches took its own, 8. Hand both over: image_patches(rgb, size, "
            "stride=size).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "stride-forgotten",
            lambda files, size: _with_stride_8(files, size),
            "You left out the step, so image_patches took its own, 8 pixels. Side by side is a step of size: "
            "image_patches(rgb, size, stride=size).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "mean-of-hues",
            _mean_hue,
            "You averaged hues. Hue is a circle: average the colours first, then take the hue of the mean.",
            seen="nickustinov/itsyhome-macos pull request #160: reds at 350 and 10 degrees averaged to 180, cyan",
        ),
        mistake(
            "hsv-for-hue",
            lambda files, size: _described(files, size),
            "You returned hue, saturation and value of every patch. The hue is the first of the three: [:, 0].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "mean-of-rows-only",
            lambda files, size: _described(files, size, 1),
            "mean(axis=1) averages over the rows of a patch alone. Average over its columns too: mean(axis=(1, 2)).",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[
        lambda files, size: _article(files, size),
        lambda files, size: _by_the_chapter(files, size),
    ],
    equivalent_mutants={
        "return (rgb_to_hsv(colours / 255)[:, 0], source): 255 -> 256": "hue does not depend on the brightness",
    },
    hints_for=same_hints(
        [
            "Make one picture all red: files[..., 2] = 255, everything else 0. Which hue do you find?",
            "The last axis holds blue, green, red. Turn just that axis round, before anything else.",
            "rgb = files[..., ::-1]",
        ],
        "blue-first-still",
        "mirrored",
        "order-of-pictures",
        "upright-turned",
        "a red picture is found red, a blue one blue",
    )
    | same_hints(
        [
            "Print patches.shape. What is 3 times the width of a picture doing there?",
            "extract_patches_2d takes one picture. image_patches takes a stack, and returns the source as well.",
            "patches, source = image_patches(rgb, size, stride=size)      # side by side, each in one picture",
        ],
        "stack-cut-as-one-picture",
        "a-patch-at-every-pixel",
        "another picture changes no patch of the first ones",
    ),
    hints=[
        "Two faults. Print the hue of a red picture; then print patches.shape.",
        (
            "Turn the last axis round, since OpenCV stores blue first. Then cut each picture by itself: image_patches "
            "returns patches and source."
        ),
        (
            "rgb = files[..., ::-1]\npatches, source = image_patches(..., size, stride=size)\n"
            "colours = patches.mean(axis=(1, 2))\nreturn rgb_to_hsv(colours / 255)[:, 0], ..."
        ),
    ],
)
def article_patches(files, size):
    """Return the hue of every patch's mean colour, and the index of its picture.

    files are pictures as cv2.imread has them, blue first, uint8 of shape (n, height, width, 3).
    The patches lie side by side, in the order of `image_patches`.
    """
    ### BEGIN SOLUTION
    #: patches = extract_patches_2d(files, (size, size))
    #: colours = patches.reshape(len(patches), -1, 3).mean(axis=1)
    #: source = np.arange(len(patches)) * len(files) // len(patches)
    #: return rgb_to_hsv(colours / 255)[:, 0], source
    rgb = files[..., ::-1]
    patches, source = image_patches(rgb, size, stride=size)
    colours = patches.mean(axis=(1, 2))
    return rgb_to_hsv(colours / 255)[:, 0], source
    ### END SOLUTION


def _by_the_chapter(files, size):
    patches, source = cut_patches(files[..., [2, 1, 0]], size)
    return to_hsv(patches.mean(axis=(1, 2)) / 255)[..., 0], source


@exercise(
    "images.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "10 · Debug the article"),
    kind="choice",
    points=1,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because hue is a circle: if you go round it far enough, red and blue are the same hue after all",
        "b": "because every hue lies in [0, 1], every patch has a source, and green pictures come out green",
        "c": "because scikit-learn warns only once, and the warning scrolled away",
        "d": "because the mean colour of a patch is always grey",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "On the circle red and blue are a third apart: 0 and 2/3. Only 0 and 1 are the same.",
            seen="expected slip, not yet seen: a wrong belief about hue",
        ),
        mistake(
            "c",
            lambda: "c",
            "The old function is gone with an ImportError; the new one takes any array and gives no warning.",
            seen="expected slip, not yet seen: a wrong belief about warnings",
        ),
        mistake(
            "d",
            lambda: "d",
            "A patch within one shape has its colour. The red circle came out blue, not grey.",
            seen="expected slip, not yet seen: a wrong belief about means",
        ),
    ],
    hints=["Which picture would you have tried it on? Look at what the article prints for a green one."],
)
def why_unnoticed():
    """Say why the two faults could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "b"
    ### END SOLUTION
    return answer
