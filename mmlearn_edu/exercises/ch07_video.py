"""Chapter 07-video: motion energy, shapes of 3-D convolutions, time turned round and shuffled, gains over seeds."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import functools
import itertools
from dataclasses import dataclass

import numpy as np

from mmlearn_edu.checks.authoring import (
    case,
    chapter,
    close,
    exact,
    exercise,
    law,
    mistake,
    nearest,
    prediction,
    question,
    same_hints,
)
from mmlearn_edu.checks.comparators.kinds import kind_problem, same_structure
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import reverse_time

CHAPTER = chapter("07-video", "Video: what only the order tells", minutes=50, needs=["00-start-here"])

OPPOSITE = {"left": "right", "right": "left", "up": "down", "down": "up"}
LEVELS = {"a": 0.25, "b": 0.5, "c": 1.0}


PREDICTIONS = [
    prediction(
        id="video.one_frame",
        prompt="Each film goes left, right, up or down, each about as often. A network may see the first frame of "
        "each. How often does it name the direction of new films?",
        options={"a": "about 0.25", "b": "about 0.50", "c": "nearly always"},
        outcome=nearest(LEVELS),
        after="A frame shows a shape at a place drawn at random. Nothing in it says where the shape goes next.",
        example=0.25,
    ),
    prediction(
        id="video.shuffled_time",
        prompt="Now the network sees all eight frames, but those of each film in a random order: no pixel is lost. "
        "How often is it right?",
        options={"a": "about 0.25", "b": "about 0.50", "c": "nearly always"},
        outcome=nearest(LEVELS),
        after="Whether the shape went across or up and down can still be seen. But a film to the left, played "
        "backwards, is a film to the right: in random order the two are the same. Above 0.50 there is only luck.",
        example=0.45,
    ),
]

QUESTIONS = [
    question(
        id="video.q1",
        prompt="You average the frames of a film, and of the same film played backwards. How do the two means differ?",
        options={"a": "they are mirror images", "b": "one is darker", "c": "not at all"},
        answer="c",
        why="A mean does not know the order of what it averages. So no classifier on it can tell the two apart.",
        wrong={
            "a": "Time was turned round, not the picture.",
            "b": "Both have the same frames, so the same sum at every pixel.",
        },
    ),
    question(
        id="video.q2",
        prompt="Four directions, equally frequent. A model is right in half of all films. What may it be blind to?",
        options={
            "a": "nothing: half is twice chance, so it sees the motion",
            "b": "the axis: across, or up and down",
            "c": "which of two ways along an axis",
        },
        answer="c",
        why="Who sees the axis and guesses the way is right half the time. Above chance is not the same as seeing.",
        wrong={
            "a": "Twice chance says that it sees something. Ask what.",
            "b": "Who is blind to the axis can be right half the time too, but a mean frame shows the axis.",
        },
    ),
    question(
        id="video.q3",
        prompt="`clips` has shape (16, 8, 32, 32): 16 grey films. `Conv3d` wants (n, channels, frames, height, width). "
        "Which shape do you give it?",
        options={"a": "(16, 8, 1, 32, 32)", "b": "(1, 16, 8, 32, 32)", "c": "(16, 1, 8, 32, 32)"},
        answer="c",
        why="One channel, grey, comes second: `clips[:, None]`.",
        wrong={
            "a": "That is 8 channels of one frame each: nothing is left that has an order in time.",
            "b": "That is one film whose 16 channels are your 16 films.",
        },
    ),
    question(
        id="video.q4",
        prompt="A film has 8 frames. A kernel of 3 frames moves by 1 frame, without padding. How many frames come out?",
        options={"a": "6", "b": "8", "c": "5"},
        answer="a",
        why="(8 - 3) / 1 + 1 = 6: the kernel starts at frames 0 to 5.",
        wrong={"b": "With a padding of 1 frame at both ends, yes.", "c": "Do not forget the + 1."},
    ),
    question(
        id="video.q5",
        prompt="You subtract neighbouring frames stored as uint8, and a pixel goes from 10 to 7. What do you get?",
        options={"a": "-3", "b": "253", "c": "an error"},
        answer="b",
        why="uint8 has no negative numbers: 7 - 10 wraps around to 256 - 3. Make floats first.",
        wrong={"a": "As floats, yes.", "c": "It happens in silence."},
    ),
    question(
        id="video.q6",
        prompt="You double your training set by films played backwards. What must you do with the labels of motion?",
        options={"a": "nothing", "b": "swap left and right, up and down", "c": "reverse their order"},
        answer="b",
        why="What went to the left now goes to the right. Augmented data with old labels teaches the opposite.",
        wrong={
            "a": "Then every film stands there once with a right label and once with a wrong one.",
            "c": "The films kept their places; only their frames were turned round.",
        },
    ),
    question(
        id="video.q7",
        prompt="Why is a model also trained on films with shuffled frames?",
        options={
            "a": "to see what it scores when everything but the order is there",
            "b": "to make the model more robust against films that come in another order",
            "c": "to get more training data",
        },
        answer="a",
        why="It is a control: what is lost by shuffling, only the order could have told.",
        wrong={
            "b": "As a control it is judged, not used.",
            "c": "The films are as many as before.",
        },
    ),
]


def _films(rng, *shape):
    """Draw grey films, uint8, of shape (n_clips, n_frames, height, width)."""
    return rng.integers(0, 256, size=shape, dtype=np.uint8)


def _light(*places, width=4):
    """Return a film of one line on which a light moves: (n_frames, 1, width), uint8."""
    return 200 * (np.arange(width) == np.array(places)[:, None, None]).astype(np.uint8)


# video.motion_energy


def _energy_cases(rng, dtype):
    return [
        case(_light(0, 1, 1)[None].repeat(2, axis=2), label="1 film of 3 frames: a light moves once"),
        case(_films(rng, 2, 4, 3, 5), label="2 films of 4 frames"),
        case(_films(rng, 5, 3, 4, 6), label="5 films of 3 frames"),
    ]


def _change(clips, axis=1):
    return np.diff(np.asarray(clips).astype(float), axis=axis)


def _energy_stays(f, rng):
    still = np.repeat(_films(rng, 2, 1, 4, 4), 3, axis=1)
    return np.allclose(f(still), 0) or "A film in which nothing changes has no motion energy."


def _energy_backwards(f, rng):
    clips = _films(rng, 2, 5, 4, 4)
    return np.allclose(np.asarray(f(clips[:, ::-1])), np.asarray(f(clips))[:, ::-1])


@exercise(
    "video.motion_energy",
    title="Measure how much moves from frame to frame",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_energy_cases,
    laws=[
        law("nothing moves, no energy", _energy_stays),
        law("played backwards, the same numbers come backwards", _energy_backwards),
    ],
    mistakes=[
        mistake(
            "wrapped-around",
            lambda clips: np.abs(np.diff(clips, axis=1)).mean(axis=(2, 3)),
            "You subtracted uint8: 7 - 10 is 253 there, in silence. Take `films`, which are floats, not `clips`.",
            seen="dwave-examples/image-segmentation issue #10: differences of uint8 pixels wrap around",
        ),
        mistake(
            "no-absolute-value",
            lambda clips: _change(clips).mean(axis=(2, 3)),
            "Where a shape leaves, pixels get darker; where it arrives, brighter. Without np.abs the two cancel.",
            seen="expected slip, not yet seen: the sign left in",
        ),
        mistake(
            "absolute-value-last",
            lambda clips: np.abs(_change(clips).mean(axis=(2, 3))),
            "You took the mean first, so darker and brighter cancelled. First np.abs, then the mean.",
            seen="expected slip, not yet seen: order of mean and absolute value",
        ),
        mistake(
            "between-neighbouring-columns",
            lambda clips: np.abs(_change(clips, axis=-1)).mean(axis=(2, 3)),
            "np.diff takes the last axis unless you say which: you compared neighbouring columns. "
            "Time is axis 1 of (n_clips, n_frames, height, width).",
            seen="expected slip, not yet seen: the default axis of np.diff",
        ),
        mistake(
            "between-neighbouring-rows",
            lambda clips: np.abs(_change(clips, axis=2)).mean(axis=(2, 3)),
            "You compared neighbouring rows of pixels. Time is axis 1 of (n_clips, n_frames, height, width).",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "between-films",
            lambda clips: np.abs(_change(clips, axis=0)).mean(axis=(2, 3)),
            "You subtracted one film from another. Subtract frames of the same film: axis 1.",
            seen="expected slip, not yet seen: axis 0 taken for time",
        ),
        mistake(
            "one-number-a-film",
            lambda clips: np.abs(_change(clips)).mean(axis=(1, 2, 3)),
            "You averaged over time as well, one number a film. Keep axis 1: one number for every step in time.",
            seen="expected slip, not yet seen: mean over all but the first axis",
        ),
        mistake(
            "one-number-for-all",
            lambda clips: np.abs(_change(clips)).mean(),
            "You averaged over everything. Average over height and width only: axis=(2, 3).",
            seen="expected slip, not yet seen: mean without an axis",
        ),
        mistake(
            "picture-kept",
            lambda clips: np.abs(_change(clips)).mean(axis=1),
            "You averaged over time, and a picture is left. Average over height and width: axis=(2, 3).",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "time-and-height",
            lambda clips: np.abs(_change(clips)).mean(axis=(1, 2)),
            "You averaged over time and height. Axes count from 0: the picture is axes 2 and 3.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "squares",
            lambda clips: (_change(clips) ** 2).mean(axis=(2, 3)),
            "You averaged squares. Another measure; here it is the mean absolute change, in grey levels: np.abs.",
            seen="expected slip, not yet seen: the mean square",
        ),
        mistake(
            "summed",
            lambda clips: np.abs(_change(clips)).sum(axis=(2, 3)),
            "You summed over the pixels. Take the mean, so that large and small pictures compare.",
            seen="expected slip, not yet seen: sum for mean",
        ),
        mistake(
            "from-the-first-frame",
            lambda clips: np.abs(clips[:, 1:].astype(float) - clips[:, :1]).mean(axis=(2, 3)),
            "You compared every frame with the first. Compare it with the one before: np.diff.",
            seen="expected slip, not yet seen: difference from frame 0",
        ),
        mistake(
            "scaled",
            lambda clips: np.abs(_change(clips)).mean(axis=(2, 3)) / 255,
            "Right, but scaled to [0, 1]. Here the answer is in grey levels: do not divide by 255.",
            seen="expected slip, not yet seen: divided by 255",
        ),
    ],
    alternatives=[
        lambda clips: np.abs(clips[:, 1:].astype(float) - clips[:, :-1]).mean(axis=(2, 3)),
        lambda clips: np.array([[np.abs(step).mean() for step in np.diff(clip.astype(int), axis=0)] for clip in clips]),
    ],
    hints_for=same_hints(
        [
            "Print clips.shape. Which number counts the frames, and which axis is that, from 0?",
            "np.diff(films, axis=1) has shape (n_clips, n_frames - 1, height, width). Which two axes are the picture?",
            "change = np.diff(films, axis=1)      # the next: which two axes are averaged away?",
        ],
        "shape",
        "between-neighbouring-columns",
        "between-neighbouring-rows",
        "between-films",
        "one-number-a-film",
        "picture-kept",
        "time-and-height",
    )
    | same_hints(
        [
            "A light leaves one pixel and arrives at another. What is the sum of the two changes?",
            "np.abs makes every change count, darker or brighter. It has to come before the mean.",
            "np.abs(change).mean(axis=...)",
        ],
        "no-absolute-value",
        "absolute-value-last",
    ),
    hints=[
        "Two steps: what changed from frame to frame, and how much that is on average over a picture.",
        "np.diff(films, axis=...) subtracts neighbours along one axis. mean(axis=(..., ...)) averages over two.",
        "change = np.diff(films, axis=...)\nreturn np.abs(change).mean(axis=(..., ...))",
    ],
    forbids=["mmlearn_edu.features.video", "mmlearn_edu.widgets"],
)
def motion_energy(clips):
    """Measure how much each frame differs from the one before: (n_clips, n_frames - 1), in grey levels.

    clips is uint8 of shape (n_clips, n_frames, height, width).
    The measure is the mean absolute change of a pixel.
    """
    films = clips.astype(float)  # uint8 has no numbers below 0
    # 1 look at neighbours in time; then average over the picture
    ### BEGIN SOLUTION
    #: change = np.diff(films, axis=...)
    #: return np.abs(...).mean(axis=...)
    change = np.diff(films, axis=1)
    return np.abs(change).mean(axis=(2, 3))
    ### END SOLUTION


# video.conv_shape


def _shape_cases(rng, dtype):
    found = [
        case((2, 1, 8, 32, 32), 4, (3, 3, 3), (1, 2, 2), (1, 1, 1), label="2 grey films, stride 2 in space"),
        case((1, 3, 16, 112, 112), 64, (3, 7, 7), (1, 2, 2), (1, 3, 3), label="1 film in colour, a kernel of 7 pixels"),
    ]
    for _ in range(4):
        kernel = tuple(rng.choice([1, 3, 5], size=3).tolist())
        sizes = (rng.integers(6, 12), rng.integers(12, 20), rng.integers(20, 30))
        stride = tuple(rng.integers(1, 4, size=3).tolist())
        padding = tuple(rng.integers(0, 3, size=3).tolist())
        shape = (int(rng.integers(4, 9)), int(rng.integers(2, 4)), *map(int, sizes))
        n_kernels = int(rng.integers(10, 17))
        found.append(case(shape, n_kernels, kernel, stride, padding, label=f"a batch of shape {shape}"))
    return found


def _sizes(shape, kernel, stride, padding, one):
    return [one(*numbers) for numbers in zip(shape[2:], kernel, stride, padding, strict=True)]


def _conv(one):
    """Make a wrong `conv_shape` from the size of one axis: ``one(size, kernel, stride, padding)``."""

    def answer(shape, n_kernels, kernel, stride, padding):
        return (shape[0], n_kernels, *_sizes(shape, kernel, stride, padding, one))

    return answer


def _size(size, k, s, p):
    return (size + 2 * p - k) // s + 1


def _by_starts(size, k, s, p):
    return len(range(0, size + 2 * p - k + 1, s))


PARTS = ["films", "channels", "frames", "rows of pixels", "columns of pixels"]


def _same_shape(expected, actual):
    """Compare two shapes; say which of the five numbers is wrong first."""
    problem = exact()(expected, actual)
    if problem is None or problem.id != "value" or len(expected) != 5 or np.shape(actual) != (5,):
        return problem
    wrong = next(i for i in range(5) if expected[i] != actual[i])
    words = f"Number {wrong + 1} of the five, {PARTS[wrong]}, is {actual[wrong]}, not {expected[wrong]}."
    return Problem("part-of-shape", words, problem.example)


def _one_by_one(f, rng):
    shape = (3, 2, *map(int, rng.integers(5, 20, size=3)))
    same = f(shape, 7, (1, 1, 1), (1, 1, 1), (0, 0, 0))
    return tuple(same) == (3, 7, *shape[2:]) or "A kernel of 1 frame and 1 pixel, stride 1, leaves every size as it is."


@exercise(
    "video.conv_shape",
    title="Foresee the shape that a convolution over time gives",
    section=("shapes-text", "Shapes"),
    points=2,
    cases=_shape_cases,
    compare=_same_shape,
    laws=[law("the smallest kernel changes no size", _one_by_one)],
    mistakes=[
        mistake(
            "no-plus-one",
            _conv(lambda size, k, s, p: (size + 2 * p - k) // s),
            "One too few along every axis: count the start too. Add 1 after the division.",
            seen="expected slip, not yet seen: fence posts",
        ),
        mistake(
            "plus-one-inside",
            _conv(lambda size, k, s, p: (size + 2 * p - k + 1) // s),
            "You added 1 before you divided by the stride. Divide first, round down, then add 1.",
            seen="expected slip, not yet seen: parentheses",
        ),
        mistake(
            "padded-once",
            _conv(lambda size, k, s, p: (size + p - k) // s + 1),
            "You added the padding once. Zeros are put on both sides: 2 times.",
            seen="expected slip, not yet seen: one side only",
        ),
        mistake(
            "no-padding",
            _conv(lambda size, k, s, p: (size - k) // s + 1),
            "The padding is missing. It makes the film longer and larger before the kernel moves: size + 2 * padding.",
            seen="expected slip, not yet seen: padding left out",
        ),
        mistake(
            "kernel-forgotten",
            _conv(lambda size, k, s, p: (size + 2 * p) // s + 1),
            "The kernel's own size is missing: it must fit in, so it can start at fewer places. Subtract it.",
            seen="expected slip, not yet seen: kernel left out",
        ),
        mistake(
            "rounded-up",
            _conv(lambda size, k, s, p: -(-(size + 2 * p - k) // s) + 1),
            "You rounded up. A kernel that does not fit any more is left out: round down with //.",
            seen="expected slip, not yet seen: ceil for floor",
        ),
        mistake(
            "not-whole",
            _conv(lambda size, k, s, p: (size + 2 * p - k) / s + 1),
            "Sizes are whole numbers. / gives a float; use //, which rounds down.",
            seen="expected slip, not yet seen: / for //",
        ),
        mistake(
            "no-parentheses",
            _conv(lambda size, k, s, p: size + 2 * p - k // s + 1),
            "// comes before + and -, so that only the kernel was divided. Put size + 2 * padding - kernel in "
            "parentheses.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "no-stride",
            _conv(lambda size, k, s, p: size + 2 * p - k + 1),
            "The stride is missing: with 2, every second start is left out. Divide by it before you add 1.",
            seen="expected slip, not yet seen: stride left out",
        ),
        mistake(
            "channels-kept",
            lambda shape, n_kernels, kernel, stride, padding: (
                *shape[:2],
                *_sizes(shape, kernel, stride, padding, _size),
            ),
            "You kept the channels that went in. Every kernel looks at all of them and makes one map: "
            "n_kernels channels come out.",
            seen="expected slip, not yet seen: in_channels for out_channels",
        ),
        mistake(
            "channels-times-kernels",
            lambda shape, n_kernels, kernel, stride, padding: (
                shape[0],
                shape[1] * n_kernels,
                *_sizes(shape, kernel, stride, padding, _size),
            ),
            "You multiplied channels and kernels. A kernel adds up over all channels: n_kernels maps come out.",
            seen="expected slip, not yet seen: a map for every pair",
        ),
        mistake(
            "first-three-sizes",
            lambda shape, n_kernels, kernel, stride, padding: (
                shape[0],
                n_kernels,
                *(_size(*numbers) for numbers in zip(shape[:3], kernel, stride, padding, strict=True)),
            ),
            "You took the first three numbers of shape: films, channels and frames. Time, height and width are the "
            "last three, shape[2:].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "first-number-for-all",
            lambda shape, n_kernels, kernel, stride, padding: (
                shape[0],
                n_kernels,
                *(_size(size, kernel[0], stride[0], padding[0]) for size in shape[2:]),
            ),
            "You used the kernel, stride and padding of time for all three axes. Each axis has its own: use zip.",
            seen="expected slip, not yet seen: kernel[0] for every axis",
        ),
        mistake(
            "sizes-only",
            lambda shape, n_kernels, kernel, stride, padding: tuple(_sizes(shape, kernel, stride, padding, _size)),
            "The three sizes are right. Put the number of films and of kernels before them: five numbers.",
            seen="expected slip, not yet seen: stopped at the sizes",
        ),
        mistake(
            "sizes-in-a-list",
            lambda shape, n_kernels, kernel, stride, padding: (
                shape[0],
                n_kernels,
                _sizes(shape, kernel, stride, padding, _size),
            ),
            "The numbers are right, but the sizes stand in a list of their own: unpack it with a star, *sizes.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "films-lost",
            lambda shape, n_kernels, kernel, stride, padding: (
                n_kernels,
                *_sizes(shape, kernel, stride, padding, _size),
            ),
            "The number of films is missing: it comes first, and a convolution does not change it.",
            seen="expected slip, not yet seen: the batch forgotten",
        ),
        mistake(
            "channels-last",
            lambda shape, n_kernels, kernel, stride, padding: (
                shape[0],
                *_sizes(shape, kernel, stride, padding, _size),
                n_kernels,
            ),
            "The channels stand at the end. torch has them second: (n, channels, frames, height, width).",
            seen="expected slip, not yet seen: the order of TensorFlow",
        ),
    ],
    alternatives=[
        _conv(_by_starts),
        lambda shape, n_kernels, kernel, stride, padding: [
            int(shape[0]),
            int(n_kernels),
            *((np.array(shape[2:]) + 2 * np.array(padding) - np.array(kernel)) // np.array(stride) + 1).tolist(),
        ],
    ],
    hints_for=same_hints(
        [
            "A row of 8, a kernel of 3, stride 2: write down where it can start. How many starts?",
            "From 0 to size + 2 * padding - kernel, every stride-th place: one division, rounded down, and the start.",
            "(size + 2 * p - k) // s + 1",
        ],
        "no-plus-one",
        "plus-one-inside",
        "rounded-up",
        "not-whole",
        "no-parentheses",
    )
    | same_hints(
        [
            "Which number of the five is the number of films, and which the number of maps?",
            "The films come through unchanged. Every kernel makes one map of all channels that go in.",
            "return (shape[0], n_kernels, *sizes)",
        ],
        "channels-kept",
        "sizes-only",
        "films-lost",
        "channels-last",
        "sizes-in-a-list",
        "first-three-sizes",
    ),
    equivalent_mutants={
        "sizes = [(size + 2 * p - k) // s + 1 for size, k, s, p in zip(shape[2:], kernel, stride, padding, "
        "strict=True)]: zip(shape[2:], kernel, stride, padding, strict=True) -> zip(shape[2:], kernel, stride, "
        "padding)": "all four have three numbers",
        "sizes = [(size + 2 * p - k) // s + 1 for size, k, s, p in zip(shape[2:], kernel, stride, padding, "
        "strict=True)]: True -> False": "all four have three numbers",
    },
    hints=[
        "Three axes, one formula: how often does a kernel fit, if it moves by the stride?",
        "zip(shape[2:], kernel, stride, padding) goes through time, height and width together.",
        (
            "sizes = [(size + 2 * p - k) // ... for size, k, s, p in zip(shape[2:], kernel, stride, padding)]\n"
            "return (shape[0], ..., *sizes)"
        ),
    ],
    forbids=["torch"],
)
def conv_shape(shape, n_kernels, kernel, stride, padding):
    """Say which shape comes out, as a tuple of 5: (n, n_kernels, frames, height, width).

    shape is (n, channels, frames, height, width).
    kernel, stride and padding have a number each for time, height and width.
    """
    # for each of the three axes: at how many places does the kernel fit?
    ### BEGIN SOLUTION
    sizes = [(size + 2 * p - k) // s + 1 for size, k, s, p in zip(shape[2:], kernel, stride, padding, strict=True)]
    ### END SOLUTION
    # as many films as before; one channel for every kernel
    ### BEGIN SOLUTION
    return (shape[0], n_kernels, *sizes)
    ### END SOLUTION


# video.play_backwards


def _backwards_cases(rng, dtype):
    names = np.array(list(OPPOSITE))
    return [
        case(np.stack([_light(0, 1, 2), _light(3, 2, 1)]), np.array(["right", "left"]), label="2 films of a light"),
        case(_films(rng, 4, 3, 2, 3), names, label="4 films, one for every direction"),
        case(_films(rng, 6, 5, 3, 4), names[[0, 2, 1, 1, 3, *rng.integers(0, 4, size=1)]], label="6 films of 5 frames"),
    ]


def _opposite(motion):
    return np.array([OPPOSITE[name] for name in motion])


def _one_after_the_other(motion):
    motion = np.asarray(motion).copy()
    for name in ("left", "right", "up", "down"):
        motion[motion == name] = OPPOSITE[name]
    return motion


def _only_across(motion):
    return np.array([OPPOSITE[name] if name in ("left", "right") else name for name in motion])


def _same_pair(expected, actual):
    """Compare films, then labels."""
    if not isinstance(expected, tuple):
        return close()(expected, actual)
    problem = same_structure(expected, actual)
    pairs = [] if problem else zip(expected, actual, strict=True)
    return problem or next((found for pair in pairs if (found := _same_part(*pair))), None)


def _same_part(want, got):
    return _labels_differ(want, got) if np.asarray(want).dtype.kind == "U" else close()(want, got)


def _labels_differ(want, got):
    problem = exact()(want, got)
    if problem is None or problem.id != "value":
        return problem
    return Problem("labels-differ", "The films are right, their labels are not.", problem.example)


def _twice_is_once(f, rng):
    clips, motion = _films(rng, 4, 3, 2, 3), np.array(list(OPPOSITE))
    films, labels = f(*f(clips, motion))
    return np.array_equal(films, clips) and list(labels) == list(motion)


@exercise(
    "video.play_backwards",
    title="Play films backwards, and label them again",
    section=("backwards-text", "Backwards"),
    points=2,
    cases=_backwards_cases,
    compare=_same_pair,
    laws=[law("backwards twice is as it was", _twice_is_once)],
    mistakes=[
        mistake(
            "labels-kept",
            lambda clips, motion: (clips[:, ::-1], motion),
            "The films run backwards, and still have their old labels. What went left goes right now: swap them.",
            seen="arunos728/MotionSqueeze issue #1: films flipped, labels with left and right kept",
        ),
        mistake(
            "films-kept",
            lambda clips, motion: (clips, _opposite(motion)),
            "The labels are swapped, the films are not. Turn the frames round: axis 1.",
            seen="expected slip, not yet seen: films forgotten",
        ),
        mistake(
            "films-in-reverse",
            lambda clips, motion: (clips[::-1], _opposite(motion)),
            "clips[::-1] is the last film first; each still runs forwards. Time is the second axis: clips[:, ::-1].",
            seen="expected slip, not yet seen: axis 0 taken for time",
        ),
        mistake(
            "films-and-labels-in-reverse",
            lambda clips, motion: (clips[::-1], _opposite(motion)[::-1]),
            "You put the last film first, and its label with it; each still runs forwards. Time is the second axis.",
            seen="expected slip, not yet seen: the whole list turned round",
        ),
        mistake(
            "mirrored",
            lambda clips, motion: (clips[..., ::-1], _opposite(motion)),
            "You mirrored every frame, left for right. That does not change up and down. Turn time round: axis 1.",
            seen="expected slip, not yet seen: flip of the last axis",
        ),
        mistake(
            "first-frame-lost",
            lambda clips, motion: (clips[:, :0:-1], _opposite(motion)),
            "Frame 0 is missing: a slice stops before its end, and [:0:-1] leaves 0 out. [::-1] takes all.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "all-axes",
            lambda clips, motion: (np.flip(clips), _opposite(motion)),
            "np.flip turns all axes round unless you say which: films, frames, rows and columns. Say axis=1.",
            seen="numpy documentation: the default of np.flip is to flip over all of the axes",
        ),
        mistake(
            "labels-in-reverse",
            lambda clips, motion: (clips[:, ::-1], motion[::-1]),
            "You reversed the list of labels, so films got those of others. Every film keeps its place; "
            "swap each label by itself.",
            seen="expected slip, not yet seen: [::-1] on the labels too",
        ),
        mistake(
            "swapped-one-after-the-other",
            lambda clips, motion: (clips[:, ::-1], _one_after_the_other(motion)),
            "You changed left to right, and then every right, the new ones too, to left. Swap both at once, "
            "for instance by a dict from name to opposite.",
            seen="expected slip, not yet seen: the second replacement undoes the first",
        ),
        mistake(
            "only-left-and-right",
            lambda clips, motion: (clips[:, ::-1], _only_across(motion)),
            "Left and right are swapped, up and down are not. Backwards, they change places too.",
            seen="expected slip, not yet seen: two of four labels",
        ),
        mistake(
            "labels-first",
            lambda clips, motion: (_opposite(motion), clips[:, ::-1]),
            "Both are right, in the wrong order: return films, labels.",
            seen="expected slip, not yet seen: order of what is returned",
        ),
        mistake(
            "films-only",
            lambda clips, motion: clips[:, ::-1],
            "The films are right. Return their labels too: films, labels.",
            seen="expected slip, not yet seen: half of the answer",
        ),
    ],
    alternatives=[
        lambda clips, motion: (np.flip(clips, axis=1), [OPPOSITE[name] for name in motion]),
        lambda clips, motion: (
            reverse_time(clips),
            np.where(
                np.isin(motion, ["left", "right"]),
                np.where(motion == "left", "right", "left"),
                np.where(motion == "up", "down", "up"),
            ),
        ),
    ],
    hints_for=same_hints(
        [
            "Which axis of (n_clips, n_frames, height, width) is time? What did you turn round?",
            "A slice with the step -1 runs backwards; a lone : in front of it leaves the films where they are.",
            "clips[:, ::-1]      # all films; their frames from the last to the first",
        ],
        "films-in-reverse",
        "films-and-labels-in-reverse",
        "mirrored",
        "all-axes",
    )
    | same_hints(
        [
            "Print the labels before and after. How many of each name, and which film has which?",
            "Swap every label by itself, all four names, and both of a pair at once: a dict can do it.",
            'opposite = {"left": "right", "right": "left", ...}      # then one look-up a film',
        ],
        "labels-kept",
        "swapped-one-after-the-other",
        "only-left-and-right",
        "labels-in-reverse",
        "labels-differ",
    ),
    equivalent_mutants={
        "return (films, np.array([opposite[name] for name in motion])): np.array([opposite[name] for name in motion]) "
        "-> [opposite[name] for name in motion]": "a list of the same names is as good",
    },
    hints=[
        "Two things change: the order of the frames, and what the film is called.",
        "For the films, a slice along axis 1. For the labels, a dict that leads from each name to its opposite.",
        ('opposite = {"left": "right", ...}\nreturn clips[:, ...], np.array([opposite[name] for name in ...])'),
    ],
)
def play_backwards(clips, motion):
    """Return (films, labels): every film from its last frame to its first, and the direction it goes now.

    clips is (n_clips, n_frames, height, width).
    motion is an array of "left", "right", "up" and "down", one a film.
    """
    # turn time round, in every film
    ### BEGIN SOLUTION
    films = clips[:, ::-1]
    ### END SOLUTION
    # name the direction anew, film by film
    ### BEGIN SOLUTION
    opposite = {"left": "right", "right": "left", "up": "down", "down": "up"}
    return films, np.array([opposite[name] for name in motion])
    ### END SOLUTION


# video.shuffle_time

_FILM, _FRAME = 1000, 100  # a numbered pixel is 1000 times its film, 100 times its frame, and its place


def _numbered(n_clips, n_frames, dtype):
    """Return films whose every pixel says its film, its frame and its place."""
    film, frame, row, column = np.ogrid[:n_clips, :n_frames, :3, :4]
    return (_FILM * film + _FRAME * frame + 4 * row + column).astype(dtype)


def _shuffle_cases(rng, dtype):
    return [
        case(_numbered(12, 6, dtype), int(rng.integers(1, 1000)), label="12 films of 6 numbered frames"),
        case(_numbered(9, 8, dtype), int(rng.integers(1, 1000)), label="9 films of 8 numbered frames"),
    ]


_SAID = {
    "films-mixed": "Film 0 holds frames of other films. Every film keeps its own frames.",
    "films-moved": "The films are whole, but in another order. Every film stays in its place.",
    "pixels-moved": "The pixels of a frame have changed places. Move whole frames.",
    "pixels-mixed": "A frame holds pixels of several frames. Move whole frames.",
    "frames-repeated": "A film shows a frame twice, and another never. Each frame comes once.",
    "as-they-were": "The frames come in their old order.",
    "turned-round": "The frames come in the reverse order.",
    "one-order-for-all": "All films have the same new order. Draw one for every film.",
    "each-its-own": "Each film has an order of its own.",
}


def _kind_of_order(films):
    """Say how numbered films were shuffled."""
    films = np.nan_to_num(np.asarray(films, dtype=float), nan=-1)
    whole = films.clip(-1, 1e6).round().astype(int)
    film, frame, place = whole // _FILM, whole % _FILM // _FRAME, whole % _FRAME
    if np.any(film != np.arange(len(films))[:, None, None, None]):
        return "films-moved" if np.all(film == film[:, :1, :1, :1]) else "films-mixed"
    if np.any(frame != frame[:, :, :1, :1]):
        return "pixels-mixed"
    if np.any(np.diff(place.reshape(*place.shape[:2], -1)) != 1):
        return "pixels-moved"
    orders, first = frame[:, :, 0, 0], np.arange(films.shape[1])
    if np.any(np.sort(orders, axis=1) != first):
        return "frames-repeated"
    if len(np.unique(orders, axis=0)) > 1:
        return "each-its-own" if len(np.unique(orders, axis=0)) > len(films) / 2 else "one-order-for-all"
    return (
        "as-they-were"
        if np.all(orders == first)
        else "turned-round"
        if np.all(orders == first[::-1])
        else ("one-order-for-all")
    )


@dataclass(frozen=True)
class _SameKindOfOrder:
    """Judge a shuffle by what it keeps; which order was drawn is free."""

    def __call__(self, expected, actual):
        """Return what was not kept."""
        problem = kind_problem(expected, actual)
        if problem or np.asarray(actual).dtype.kind not in "iuf":
            return problem or close()(expected, actual)
        want, got = _kind_of_order(expected), _kind_of_order(actual)
        return None if want == got else Problem(got, _SAID[got])


def _same_seed(f, rng):
    clips = _numbered(6, 6, float)
    return np.array_equal(f(clips, 3), f(clips, 3)) or "The same seed gave two different shuffles."


def _other_seed(f, rng):
    clips = _numbered(6, 6, float)
    return not np.array_equal(f(clips, 3), f(clips, 4)) or "Two seeds gave the same shuffle."


def _orders(clips, seed):
    rng = np.random.default_rng(seed)
    return np.array([rng.permutation(clips.shape[1]) for _ in clips])


def _drawn_in_place(clips, seed):
    rng = np.random.default_rng(seed)
    for clip in clips:
        rng.shuffle(clip)
    return clips


@exercise(
    "video.shuffle_time",
    title="Shuffle time, and nothing else",
    section=("shuffle-text", "Shuffled time"),
    points=3,
    cases=_shuffle_cases,
    compare=_SameKindOfOrder(),
    laws=[
        law("the same seed, the same shuffle", _same_seed),
        law("another seed, another shuffle", _other_seed),
    ],
    mistakes=[
        mistake(
            "one-order-for-all",
            lambda clips, seed: clips[:, np.random.default_rng(seed).permutation(clips.shape[1])],
            "All films got the same new order. A network can learn that order as well as the old one. "
            "Draw a permutation for every film, from one generator made before the loop.",
            seen="our own example 'motion': frames in one order for all films are still told apart, 0.93",
        ),
        mistake(
            "films-shuffled",
            lambda clips, seed: np.random.default_rng(seed).permutation(clips),
            "You shuffled the films: rng.permutation takes the first axis. Now film i no longer belongs to label i. "
            "Shuffle the frames within each film.",
            seen="numpy documentation: permutation of a multi-dimensional array shuffles along its first index",
        ),
        mistake(
            "frames-of-all-films",
            lambda clips, seed: (
                np.random.default_rng(seed).permutation(clips.reshape(-1, *clips.shape[2:])).reshape(clips.shape)
            ),
            "You shuffled the frames of all films together: a film now holds frames of others. Shuffle film by film.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "rows-shuffled",
            lambda clips, seed: (lambda rng: np.stack([rng.permutation(clip, axis=1) for clip in clips]))(
                np.random.default_rng(seed)
            ),
            "You moved pixels within their frames. One film alone is (n_frames, height, width): time is axis 0.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "pixels-shuffled",
            lambda clips, seed: np.random.default_rng(seed).permuted(clips, axis=1),
            "rng.permuted draws an order for every pixel: the frames are torn apart. Move whole frames.",
            seen="numpy documentation: permuted shuffles each slice independently of the others",
        ),
        mistake(
            "every-order-for-every-film",
            lambda clips, seed: clips[:, _orders(clips, seed)],
            "clips[:, orders] gives every film all the orders. Pair film i with order i: clip by clip, in a loop.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "frames-drawn-twice",
            lambda clips, seed: np.stack(
                [
                    clip[np.random.default_rng([seed, i]).integers(len(clip), size=len(clip))]
                    for i, clip in enumerate(clips)
                ]
            ),
            "Some frames come twice, others never. rng.integers and rng.choice draw with repeats; rng.permutation does "
            "not.",
            seen="expected slip, not yet seen: integers for permutation",
        ),
        mistake(
            "turned-round",
            lambda clips, seed: clips[:, ::-1].copy(),
            "You turned time round. That is an order too, and the same for all. Draw one at random for every film.",
            seen="expected slip, not yet seen: the last exercise once more",
        ),
        mistake(
            "not-shuffled",
            lambda clips, seed: clips.copy(),
            "The frames come in their old order. rng.permutation returns a new order, it does not change the old: "
            "use what it returns.",
            seen="expected slip, not yet seen: the result of rng.permutation thrown away",
        ),
        mistake(
            "in-place",
            _drawn_in_place,
            "You wrote into the films you were given, as rng.shuffle and clips[i] = ... do: they stay shuffled. Start "
            "from clips.copy(), or stack what rng.permutation returns.",
            seen="expected slip, not yet seen: shuffle for permutation",
        ),
    ],
    alternatives=[
        lambda clips, seed: (lambda rng: np.stack([rng.permutation(clip) for clip in clips]))(
            np.random.default_rng(seed)
        ),
        lambda clips, seed: np.take_along_axis(
            clips,
            np.random.default_rng(seed).random(clips.shape[:2]).argsort(axis=1)[:, :, None, None],
            axis=1,
        ),
        lambda clips, seed: _drawn_in_place(clips.copy(), seed),
    ],
    hints_for=same_hints(
        [
            "Take one film, clips[0]. How do you put its frames into a new order, and no other film's?",
            "rng.permutation(clip) returns the frames of one film in a new order. Do it film by film.",
            "np.stack([... for clip in clips])      # a new order inside, for every clip",
        ],
        "one-order-for-all",
        "films-shuffled",
        "pixels-shuffled",
        "frames-of-all-films",
        "rows-shuffled",
        "films-moved",
        "films-mixed",
        "pixels-moved",
        "pixels-mixed",
    ),
    equivalent_mutants={
        "return np.stack([clip[rng.permutation(len(clip))] for clip in clips]): np.stack([clip[rng.permutation(len("
        "clip))] for clip in clips]) -> [clip[rng.permutation(len(clip))] for clip in clips]": "a list of the same "
        "films is as good",
    },
    hints=[
        "Make one generator from the seed. Then go film by film, and draw an order for each.",
        "rng.permutation(5) is the numbers 0 to 4 in random order. An array of numbers picks frames: clip[order].",
        ("rng = np.random.default_rng(seed)\nreturn np.stack([clip[rng.permutation(...)] for clip in ...])"),
    ],
)
def shuffle_time(clips, seed):
    """Return the films with their frames in random order, one order for every film; the same shape.

    Every film stays in its place, so that its label still fits.
    It keeps its own frames, each once and whole.
    The same seed gives the same shuffle: rng = np.random.default_rng(seed).
    The films that came in are not changed.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return np.stack([clip[rng.permutation(len(clip))] for clip in clips])
    ### END SOLUTION


# video.gain_over_seeds


def _gain_cases(rng, dtype):
    found = [case(np.array([0.9, 1.0, 0.8], dtype), np.array([0.8, 0.5, 0.6], dtype), label="3 seeds")]
    for n in (5, 8):
        pooled = rng.uniform(0.3, 0.8, size=n)
        gains = rng.permutation(np.linspace(-0.05, 0.15, n))  # far less than what the seeds do to both
        found.append(case((pooled + gains).astype(dtype), pooled.astype(dtype), label=f"{n} seeds"))
    return found


def _shifted(f, rng):
    film, pooled = rng.random(6), rng.random(6)
    return np.allclose(f(film, pooled), f(film + 0.2, pooled + 0.2))


@exercise(
    "video.gain_over_seeds",
    title="Compare two models seed by seed",
    section=("gain-text", "By how much, for sure?"),
    points=2,
    cases=_gain_cases,
    laws=[law("what lifts both by the same changes nothing", _shifted)],
    mistakes=[
        mistake(
            "not-paired",
            lambda film, pooled: (np.mean(film) - np.mean(pooled), np.min(film) - np.min(pooled)),
            "The mean is right. For the smallest gain, subtract seed by seed first: the two worst scores may come "
            "from different seeds.",
            seen="expected slip, not yet seen: difference of the minima",
        ),
        mistake(
            "worst-against-best",
            lambda film, pooled: (np.mean(film) - np.mean(pooled), np.min(film) - np.max(pooled)),
            "The mean is right. You compared the worst of one with the best of the other; both are judged on the same "
            "films of a seed, so subtract seed by seed.",
            seen="expected slip, not yet seen: comparison across seeds",
        ),
        mistake(
            "largest",
            lambda film, pooled: (np.mean(film - pooled), np.max(film - pooled)),
            "That is the best seed. What holds for every seed is the smallest gain: min.",
            seen="expected slip, not yet seen: the best seed reported",
        ),
        mistake(
            "wrong-way-round",
            lambda film, pooled: (np.mean(pooled - film), np.min(pooled - film)),
            "You subtracted the film's score from the other. A gain is what the film has more: film - pooled.",
            seen="expected slip, not yet seen: sign",
        ),
        mistake(
            "without-sign",
            lambda film, pooled: (np.mean(np.abs(film - pooled)), np.min(np.abs(film - pooled))),
            "You dropped the sign. A seed at which the film is worse must count as a loss.",
            seen="expected slip, not yet seen: np.abs of a difference",
        ),
        mistake(
            "ratio",
            lambda film, pooled: (np.mean(film / pooled), np.min(film / pooled)),
            "You divided. Accuracies are compared by their difference, film - pooled.",
            seen="expected slip, not yet seen: a ratio of accuracies",
        ),
        mistake(
            "mean-only",
            lambda film, pooled: np.mean(film - pooled),
            "That is the mean gain. Return two numbers: the mean and the smallest.",
            seen="expected slip, not yet seen: half of the answer",
        ),
        mistake(
            "seed-of-the-smallest",
            lambda film, pooled: (np.mean(film - pooled), int(np.argmin(film - pooled))),
            "argmin says at which seed the gain is smallest. The gain itself is asked for: min.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "rounded",
            lambda film, pooled: (round(np.mean(film - pooled), 2), round(np.min(film - pooled), 2)),
            "Right, but rounded. Return the numbers as they are; round where you print them.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "gains-returned",
            lambda film, pooled: film - pooled,
            "These are the gains, seed by seed, and they are right. Return their mean and the smallest of them.",
            seen="expected slip, not yet seen: stopped at the differences",
        ),
        mistake(
            "smallest-first",
            lambda film, pooled: (np.min(film - pooled), np.mean(film - pooled)),
            "Both are right, in the wrong order: first the mean, then the smallest.",
            seen="expected slip, not yet seen: order of what is returned",
        ),
        mistake(
            "median",
            lambda film, pooled: (np.median(film - pooled), np.min(film - pooled)),
            "The smallest is right; the other is the median. Here the mean is asked for.",
            seen="expected slip, not yet seen: median for mean",
        ),
    ],
    alternatives=[
        lambda film, pooled: (sum(film - pooled) / len(film), min(film - pooled)),
        lambda film, pooled: [float(np.mean(film) - np.mean(pooled)), float(np.min(np.subtract(film, pooled)))],
        lambda film, pooled: np.array([np.mean(film - pooled), np.min(film - pooled)]),
    ],
    hints_for=same_hints(
        [
            "At which seed is the film's score worst, and at which the other's? Is it the same seed?",
            "film[i] and pooled[i] were judged on the same films. Make the array of differences first.",
            "gain = film - pooled      # one number a seed; then two summaries",
        ],
        "not-paired",
        "worst-against-best",
        "largest",
    ),
    hints=[
        "Position i of both arrays belongs to seed i: the same films, split the same way.",
        "Subtract the arrays: one gain a seed. A tuple of two numbers goes back.",
        "gain = ...\nreturn gain.mean(), gain....()",
    ],
)
def gain_over_seeds(film, pooled):
    """Return (mean gain, smallest gain): two numbers.

    film and pooled are arrays of accuracies, one entry a seed.
    Entry i of both was measured on the same films.
    The gain at a seed is how much more accurate film is there; below 0, it is less accurate.
    """
    ### BEGIN SOLUTION
    gain = film - pooled
    return gain.mean(), gain.min()
    ### END SOLUTION


# video.name_direction


def _direction_cases(rng, dtype):
    by_hand = np.array([[2, 0.1], [-2, 0.1], [0.1, -2], [0.1, 2]], dtype)
    slow = rng.uniform(0.05, 0.9, size=(12, 2)) * rng.choice([-1, 1], size=(12, 2))
    fast = slow * np.where(rng.random((12, 1)) < 0.5, [3, 1], [1, 3])
    return [
        case(by_hand, label="4 films, one for every direction"),
        case(np.concatenate([fast, -fast]).astype(dtype), label="24 films"),
        case(rng.normal(size=(40, 2)).astype(dtype), label="40 films"),
    ]


def _named(v, across, right, down):
    return np.where(across, np.where(right, "right", "left"), np.where(down, "down", "up"))


def _parts(v):
    vx, vy = np.asarray(v).T
    return vx, vy, np.abs(vx) > np.abs(vy)


def _in_quarters(v):
    angle = np.degrees(np.arctan2(v[:, 1], v[:, 0]))
    return np.array(["right", "down", "left", "up"])[(angle // 90).astype(int)]


def _same_names(expected, actual):
    """Compare names film by film; say which film is named wrong first."""
    problem = exact()(expected, actual)
    if problem is None or problem.id != "value":
        return problem
    if len(expected) != len(actual):
        words = (
            f"Films: {len(expected)}, names: {len(actual)}. v[:, 0] is the first number of every film, v[0] is film 0 "
            "alone. A return inside a loop ends it."
        )
        return Problem("how-many-names", words, problem.example)
    i = next(i for i in range(len(expected)) if expected[i] != actual[i])
    words = f"Film {i} goes {expected[i]}, and you say {actual[i]}. Films count from 0."
    return Problem("other-name", words, problem.example)


def _turned(f, rng):
    v = rng.normal(size=(20, 2))
    return [OPPOSITE.get(str(name)) for name in f(-v)] == [str(name) for name in f(v)]


@exercise(
    "video.name_direction",
    title="Name a direction from two numbers",
    section=("velocity-text", "Two numbers in place of a network (optional)"),
    points=1,
    cases=_direction_cases,
    compare=_same_names,
    laws=[law("the opposite velocity has the opposite name", _turned)],
    mistakes=[
        mistake(
            "up-for-down",
            lambda v: (lambda vx, vy, across: _named(v, across, vx > 0, vy < 0))(*_parts(v)),
            "Up and down have changed places. Row 0 of a picture is its top: y grows downwards.",
            seen="expected slip, not yet seen: y taken to grow upwards, as on paper",
        ),
        mistake(
            "left-for-right",
            lambda v: (lambda vx, vy, across: _named(v, across, vx < 0, vy > 0))(*_parts(v)),
            "Left and right have changed places. The first number counts to the right.",
            seen="expected slip, not yet seen: sign",
        ),
        mistake(
            "all-turned-round",
            lambda v: (lambda vx, vy, across: _named(v, across, vx < 0, vy < 0))(*_parts(v)),
            "All four are the opposite. The numbers count to the right and downwards.",
            seen="expected slip, not yet seen: both signs",
        ),
        mistake(
            "smaller-wins",
            lambda v: (lambda vx, vy, across: _named(v, ~across, vx > 0, vy > 0))(*_parts(v)),
            "You took the axis of the smaller number. A film goes along the axis where it is faster.",
            seen="expected slip, not yet seen: < for >",
        ),
        mistake(
            "signs-compared",
            lambda v: (lambda vx, vy, across: _named(v, vx > vy, vx > 0, vy > 0))(*_parts(v)),
            "You compared the numbers with their signs: -2 is less than 0.1, and still much faster. "
            "Compare their sizes, np.abs.",
            seen="expected slip, not yet seen: argmax without np.abs",
        ),
        mistake(
            "axes-swapped",
            lambda v: (lambda vx, vy, across: _named(v, ~across, vy > 0, vx > 0))(*_parts(v)),
            "You took the first number for down and the second for right. It is (to the right, downwards).",
            seen="expected slip, not yet seen: row before column",
        ),
        mistake(
            "quarters-begin-at-an-axis",
            _in_quarters,
            "Your quarters of the circle begin at an axis: 0 to 90 degrees is right. Each direction is the middle "
            "of its quarter, so right is -45 to 45.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "never-up-or-down",
            lambda v: (lambda vx, vy, across: np.where(vx > 0, "right", "left"))(*_parts(v)),
            "You looked at the first number only. Where the second is larger in size, the film goes up or down.",
            seen="expected slip, not yet seen: half of the answer",
        ),
        mistake(
            "never-left-or-right",
            lambda v: (lambda vx, vy, across: np.where(vy > 0, "down", "up"))(*_parts(v)),
            "You looked at the second number only. Where the first is larger in size, the film goes left or right.",
            seen="expected slip, not yet seen: half of the answer",
        ),
    ],
    alternatives=[
        lambda v: [
            ("right" if vx > 0 else "left") if abs(vx) > abs(vy) else ("down" if vy > 0 else "up") for vx, vy in v
        ],
        lambda v: np.array(["right", "left", "down", "up"])[
            (v @ np.array([[1, -1, 0, 0], [0, 0, 1, -1]], dtype=v.dtype)).argmax(axis=1)
        ],
    ],
    hints_for=same_hints(
        [
            "A film has the velocity (0.1, -2). Which way does it go on the screen? What does your function say?",
            "First which axis: the larger number in size. Then which way: its sign. y grows downwards.",
            'np.where(np.abs(v[:, 0]) > np.abs(v[:, 1]), ..., ...)      # then np.where(v[:, 1] > 0, "down", "up")',
        ],
        "up-for-down",
        "signs-compared",
        "smaller-wins",
        "axes-swapped",
    ),
    equivalent_mutants={
        "sideways = np.where(v[:, 0] > 0, 'right', 'left'): v[:, 0] > 0 -> v[:, 0] >= 0": "measured velocities are "
        "never exactly 0 where they decide",
        "upright = np.where(v[:, 1] > 0, 'down', 'up'): v[:, 1] > 0 -> v[:, 1] >= 0": "as above",
        "return np.where(np.abs(v[:, 0]) > np.abs(v[:, 1]), sideways, upright): np.abs(v[:, 0]) > np.abs(v[:, 1]) -> "
        "np.abs(v[:, 0]) >= np.abs(v[:, 1])": "nor are the two exactly equal",
    },
    hints=[
        "Two questions a film: along which axis, and which way along it?",
        "np.where(condition, one, other) picks for every film. One np.where may stand inside another.",
        (
            'sideways = np.where(v[:, 0] > 0, "right", "left")\n'
            "upright = np.where(...)\n"
            "return np.where(np.abs(...) > np.abs(...), sideways, upright)"
        ),
    ],
)
def name_direction(v):
    """Name the direction of every film: an array of "left", "right", "up", "down".

    v has shape (n_clips, 2): how fast things move to the right, and how fast downwards.
    The larger of the two, in size, decides.
    """
    ### BEGIN SOLUTION
    sideways = np.where(v[:, 0] > 0, "right", "left")
    upright = np.where(v[:, 1] > 0, "down", "up")
    return np.where(np.abs(v[:, 0]) > np.abs(v[:, 1]), sideways, upright)
    ### END SOLUTION


# video.motion_end


@functools.cache
def _stopping_film():
    """Return the widget's film, (16, 32, 32): 8 frames forth, 3 back, and then it stands still."""
    clip = make_scenes(12, random_state=7).X["clip"][10]
    back = reverse_time(clip[None])[0]
    return np.concatenate([clip, back[1:4], np.repeat(back[3:4], 5, axis=0)])


def _last_change(film):
    return int(np.flatnonzero(np.diff(film.astype(float), axis=0).any(axis=(1, 2)))[-1])


def _same_frame(expected, actual):
    """Compare frames; say what happens at the one that was given."""
    problem = close()(expected, actual)
    if problem is None or problem.id != "value" or not 0 <= float(actual) < 16 or actual != int(actual):
        return problem
    if actual > expected:
        return Problem("standing-still", f"Frame {actual:g} is the same as the one before it: nothing moves any more.")
    return Problem("still-moving", f"Frame {actual + 1:g} differs from frame {actual:g}: it still moves.")


@exercise(
    "video.motion_end",
    title="Find the frame where motion ends",
    section=("widget-text", "7 · Find the frame where motion ends"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(film=_stopping_film(), label="the frame")],
    compare=_same_frame,
    mistakes=[
        mistake(
            "turning-point",
            lambda film: 7,
            "There it turns round, and goes on. Scrub further, until nothing changes any more.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "first-still-frame",
            lambda film: _last_change(film) + 2,
            "One too late: this frame is the first that equals the one before it. (Or you counted from 1; frames "
            "count from 0.) The last frame that differs is asked for.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "last-step",
            _last_change,
            "One too early: entry t of the changes is the step from frame t to frame t + 1. The next frame still "
            "differs from this one.",
            seen="expected slip, not yet seen: the position in np.diff taken for the frame",
        ),
        mistake(
            "last-frame",
            lambda film: len(film) - 1,
            "That is the last frame of the film. It has stood still for a while by then: scrub back.",
            seen="expected slip, not yet seen: Home and End",
        ),
        mistake(
            "how-many-frames",
            lambda film: len(film),
            "That is how many frames there are. Give the number of one frame, counted from 0.",
            seen="expected slip, not yet seen: length for position",
        ),
    ],
    alternatives=[lambda film: float(_last_change(film) + 1)],
    hints_for=same_hints(
        [
            "Where does the line below the film reach 0? Go to that frame, and one back.",
            "The number beside `Change from the frame before` is 0 where nothing moved. Find the last that is not.",
            "frame = watching      # after Enter, which marks the frame that is shown",
        ],
        "turning-point",
        "first-still-frame",
        "last-step",
        "standing-still",
        "still-moving",
    ),
    hints=[
        "Press the right arrow again and again, and read how much changed since the frame before.",
        "Do not stop where it turns round: something changes there. You look for the last change.",
        "Or compute: the last position in frame_energy(film) that is more than 0, and 1 more.",
    ],
)
def last_moving_frame(film):
    """Find the frame where motion ends: the last that differs from the one before it. Frames count from 0.

    Give its number, or the widget itself.
    """
    ### BEGIN SOLUTION
    #: frame = ...  # the number you found, or the widget itself: frame = watching
    changed = (film[1:] != film[:-1]).any(axis=(1, 2))
    frame = np.flatnonzero(changed)[-1] + 1
    ### END SOLUTION
    return frame


# video.fix_article and why

STEPS = [(-1, 0), (1, 0), (0, -1), (0, 1)]


def _article_cases(rng, dtype):
    return [
        case(_light(0, 1, 2)[None], STEPS[:2], label="1 film of a light that goes right; left, right"),
        case(_films(rng, 3, 4, 5, 6), STEPS, label="3 films, 4 steps"),
        case(_films(rng, 2, 5, 7, 8), [(2, 1), (-3, 0), (0, 2)], label="2 films, steps of several pixels"),
    ]


def _left_over(clips, steps, pool=None, turned=False, swapped=False, last=None):
    """Return what each step leaves over, with the slips that the mistakes below need."""
    films = clips / 255
    if pool is not None:
        films = np.broadcast_to(pool(films), films.shape)
    return _over(films, steps, turned, swapped, last)


def _over(films, steps, turned=False, swapped=False, last=None):
    found = []
    for dx, dy in steps:
        before, after = (films[:, 1:], films[:, :-1]) if turned else (films[:, :-1], films[:, 1:])
        moved = np.roll(before, (dx, dy) if swapped else (dy, dx), axis=(2, 3))
        found.append((last or _mean_size)(after - moved))
    return np.stack(found, axis=1)


def _mean_size(rest):
    return np.abs(rest).mean(axis=(1, 2, 3))


def _turns_round(f, rng):
    clips = _films(rng, 2, 4, 5, 6)
    forth, back = np.asarray(f(clips, STEPS[:2])), np.asarray(f(clips[:, ::-1], STEPS[:2]))
    if np.allclose(forth, back):
        return "A film and the same film played backwards get the same numbers."
    return np.allclose(forth, back[:, ::-1])


def _explains(f, rng):
    frame = _films(rng, 1, 1, 6, 7)
    clips = np.concatenate([np.roll(frame, 2 * t, axis=3) for t in range(4)], axis=1)
    right = np.asarray(f(clips, [(2, 0)]))
    return np.allclose(right, 0) or "A film that does just this step must leave nothing over."


@exercise(
    "video.fix_article",
    title="Repair a feature that averages time away",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_article_cases,
    laws=[
        law("the step that a film makes leaves nothing over", _explains),
        law("played backwards, the opposite step takes over", _turns_round),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda clips, steps: _left_over(clips, steps, lambda films: films.mean(axis=1, keepdims=True)),
            "Time is still averaged away before anything looks at it: every frame is the mean frame, and left and "
            "right get the same number. Average last.",
            seen="mynlp/cst_captioning issue #11: features of all frames averaged into one vector a film",
        ),
        mistake(
            "median-frame",
            lambda clips, steps: _left_over(clips, steps, lambda films: np.median(films, axis=1, keepdims=True)),
            "A median over time forgets the order just as the mean does. Leave the frames as they are; average last.",
            seen="expected slip, not yet seen: another average",
        ),
        mistake(
            "brightest",
            lambda clips, steps: _left_over(clips, steps, lambda films: films.max(axis=1, keepdims=True)),
            "The maximum over time forgets the order just as the mean does. Leave the frames alone; average last.",
            seen="expected slip, not yet seen: maximum over time",
        ),
        mistake(
            "frames-repeated",
            lambda clips, steps: _over(np.repeat(clips / 255, clips.shape[1], axis=1), steps),
            "np.repeat shows each frame several times now, and between copies nothing moves. That line must go too.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "step-chosen",
            lambda clips, steps: _left_over(clips, steps).argmin(axis=1),
            "Time is mended. But you chose a step: here return what every step leaves over, np.stack(found, axis=1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "first-frame",
            lambda clips, steps: _left_over(clips, steps, lambda films: films[:, :1]),
            "Now every frame is the first one: nothing moves in it. Leave all frames as they are.",
            seen="expected slip, not yet seen: one frame for all",
        ),
        mistake(
            "compared-with-itself",
            lambda clips, steps: np.stack(
                [
                    np.abs(clips / 255 - np.roll(clips / 255, (dy, dx), axis=(2, 3))).mean(axis=(1, 2, 3))
                    for dx, dy in steps
                ],
                axis=1,
            ),
            "You compare each moved frame with itself, and no two moments ever meet. Compare it with the next frame: "
            "films[:, :-1] moved, films[:, 1:] not.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "averaged-before-its-size",
            lambda clips, steps: _left_over(
                clips, steps, last=lambda rest: np.abs(rest.mean(axis=1)).mean(axis=(1, 2))
            ),
            "Nearly. You average the rests over time before np.abs, so too bright and too dark cancel. "
            "First np.abs, then one mean.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "sign-kept",
            lambda clips, steps: _left_over(clips, steps, last=lambda rest: rest.mean(axis=(1, 2, 3))),
            "Time is mended. But np.abs is gone: what is left over, too bright and too dark, cancels.",
            seen="expected slip, not yet seen: the absolute value lost in the repair",
        ),
        mistake(
            "step-turned-round",
            lambda clips, steps: _left_over(clips, steps, turned=True),
            "Time is mended. But you move the later frame: each step is measured backwards. Move the earlier one.",
            seen="expected slip, not yet seen: before and after swapped",
        ),
        mistake(
            "steps-across",
            lambda clips, steps: _left_over(clips, steps, swapped=True),
            "Time is mended. But dx and dy have changed places: axis 2 is height, and moves by dy.",
            seen="expected slip, not yet seen: x before y",
        ),
        mistake(
            "grey-levels",
            lambda clips, steps: 255 * _left_over(clips, steps),
            "Time is mended. But the division by 255 is gone: the answer is meant for brightness in [0, 1].",
            seen="expected slip, not yet seen: scale lost in the repair",
        ),
        mistake(
            "mean-subtracted",
            lambda clips, steps: _left_over(clips, steps, lambda films: films - films.mean(axis=1, keepdims=True)),
            "You subtract the mean frame. Then direction is back, but a film no longer explains itself: "
            "what is left over is not 0. Leave the frames as they are.",
            seen="expected slip, not yet seen: background subtraction",
        ),
        mistake(
            "time-kept",
            lambda clips, steps: _left_over(clips, steps, last=lambda rest: np.abs(rest).mean(axis=(2, 3))),
            "Right up to the end: you no longer average over time at all. Average last, over axes 1, 2 and 3.",
            seen="expected slip, not yet seen: all averaging removed",
        ),
    ],
    alternatives=[
        _left_over,
        lambda clips, steps: np.array(
            [
                [
                    np.mean([np.abs(b - np.roll(a, (dy, dx), (0, 1))).mean() for a, b in itertools.pairwise(film)])
                    for dx, dy in steps
                ]
                for film in clips / 255
            ]
        ),
    ],
    hints_for=same_hints(
        [
            "Print films[0, 0] and films[0, 7] after the second line. How do they differ?",
            "Which line makes all frames equal? Is there another mean at the end that already pools over time?",
            "Compare neighbours in time first. The mean over axes (1, 2, 3) comes last, and is enough.",
        ],
        "as-published",
        "median-frame",
        "brightest",
        "first-frame",
        "frames-repeated",
        "averaged-before-its-size",
        "compared-with-itself",
        "the step that a film makes leaves nothing over",
        "played backwards, the opposite step takes over",
    ),
    hints=[
        "Give it a film and the same film played backwards, clips[:, ::-1]. Are the numbers the same?",
        "Averaging is fine after the frames were compared, not before. One line too many.",
        (
            "films = clips / 255\n"
            "found = []      # what stood between this line and the one above?\n"
            "for dx, dy in steps:\n"
            "    ...      # as it was: compare, np.abs, and the only mean"
        ),
    ],
)
def left_over(clips, steps):
    """Move every frame by a step, compare it with the next: what is left over, (n_clips, n_steps).

    clips is uint8 of shape (n_clips, n_frames, height, width).
    A step is (dx, dy), pixels to the right and downwards.
    What is left over is the mean absolute difference of brightness, 0 to 1,
    over all pixels and frames.
    """
    ### BEGIN SOLUTION
    #: films = clips / 255
    #: mean = films.mean(axis=1, keepdims=True)
    #: films = np.repeat(mean, films.shape[1], axis=1)  # average over time: less noise
    #: found = []
    #: for dx, dy in steps:
    #:     moved = np.roll(films[:, :-1], (dy, dx), axis=(2, 3))
    #:     found.append(np.abs(films[:, 1:] - moved).mean(axis=(1, 2, 3)))
    #: return np.stack(found, axis=1)
    films = clips / 255
    found = []
    for dx, dy in steps:
        moved = np.roll(films[:, :-1], (dy, dx), axis=(2, 3))
        found.append(np.abs(films[:, 1:] - moved).mean(axis=(1, 2, 3)))
    return np.stack(found, axis=1)
    ### END SOLUTION


@exercise(
    "video.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "8 · Debug the article"),
    kind="choice",
    points=1,
    version=2,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because np.argmin raises no error when two numbers are equal, and then answers at random",
        "b": "because the films are too short for the order to matter",
        "c": "because it scored twice chance: the axis survives, and nobody asked which half was wrong",
        "d": "because averaging really removes noise, so the score went up, and a rising score cannot be a loss",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "np.argmin takes the first of equal numbers, not one at random; and no error is half of the story: "
            "what made the score look good?",
            seen="expected slip, not yet seen: a wrong belief about ties",
        ),
        mistake(
            "b",
            lambda: "b",
            "Eight frames are enough: mended, the same function names every direction.",
            seen="expected slip, not yet seen: a wrong belief about length",
        ),
        mistake(
            "d",
            lambda: "d",
            "It removes noise, and the score fell from 1 to one half. With nothing beside it, one half looked good.",
            seen="expected slip, not yet seen: a wrong belief about noise",
        ),
    ],
    hints=["What is chance with four directions, what did the article score, and what would a reader have made of it?"],
)
def why_unnoticed():
    """Say why the article's fault could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "c"
    ### END SOLUTION
    return answer
