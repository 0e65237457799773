"""Chapter 05-cnn-features: slide kernels, count places, trace what a number sees, pool, freeze, probe."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import itertools

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

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
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.networks import ImageCNN, prepare_images, seeded
from mmlearn_edu.widgets import edge_responses

CHAPTER = chapter("05-cnn-features", "CNN features: what training keeps and drops", minutes=50, needs=["00-start-here"])

SLIDING = ["torch.nn.functional", "torch.conv2d", "torch.nn.Conv2d", "scipy.signal", "scipy.ndimage"]
OURS = ["mmlearn_edu.widgets._kernels"]
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])  # ImageNet's red, green, blue
VGG16 = [(3, 1), (3, 1), (2, 2)] * 2 + [(3, 1), (3, 1), (3, 1), (2, 2)] * 3

PREDICTIONS = [
    prediction(
        id="cnn.vgg_sees",
        prompt="VGG16 turns a picture of 224 x 224 pixels into maps of 7 x 7 places. How wide is the square of pixels "
        "that one place depends on?",
        options={"a": "32 pixels, as 224 / 7 = 32", "b": "about 200 pixels", "c": "more than the 224 there are"},
        outcome=lambda width: "a" if width < 100 else "b" if width <= 224 else "c",
        after="The squares of neighbouring places overlap: they begin 32 pixels apart, and each is 212 wide.",
        example=212,
    ),
    prediction(
        id="cnn.best_features",
        prompt="Tell 5, 6, 7, 8 and 9 apart from 100 labelled pictures, with a linear classifier. Which description of "
        "a picture serves it best?",
        options={
            "a": "64 features of a network trained on 0, 1, 2, 3 and 4",
            "b": "64 features of the same network, never trained",
            "c": "the 64 bare pixels",
        },
        outcome=lambda best: {"trained on 0 to 4": "a", "untrained": "b", "pixels": "c"}[best],
        after="The training kept what tells 0 to 4 apart, and dropped much of the rest. A network that nobody trained "
        "drops less, and pixels drop nothing.",
        example="pixels",
    ),
]

QUESTIONS = [
    question(
        id="cnn.q1",
        prompt="A row of 10 pixels, a kernel of 3, stride 2, no padding. How many places?",
        options={"a": "4", "b": "5", "c": "8"},
        answer="a",
        why="(10 - 3) // 2 + 1 = 4: the kernel begins at pixel 0, 2, 4 and 6.",
        wrong={"b": "From pixel 8 the kernel would hang over the edge.", "c": "That is stride 1."},
    ),
    question(
        id="cnn.q2",
        prompt="What does torch's conv2d do with an asymmetric kernel?",
        options={
            "a": "it turns the kernel round, then slides it",
            "b": "it makes the kernel symmetric first",
            "c": "it slides the kernel as it is",
        },
        answer="c",
        why="Networks correlate. In mathematics, a convolution turns the kernel round first.",
        wrong={"a": "That is the convolution of mathematics.", "b": "A kernel is never changed while it slides."},
    ),
    question(
        id="cnn.q3",
        prompt="Three convolutions of 3 x 3, stride 1, one after the other. How wide is what one number sees?",
        options={"a": "3 pixels", "b": "7 pixels", "c": "9 pixels"},
        answer="b",
        why="1 + 2 + 2 + 2: every layer adds its kernel minus 1.",
        wrong={"a": "That is the first layer alone.", "c": "Neighbouring windows overlap, so 3 + 3 + 3 is too much."},
    ),
    question(
        id="cnn.q4",
        prompt="Maps have the shape (n, C, H, W) = (20, 64, 7, 7). What shape does global average pooling leave?",
        options={"a": "(20, 64)", "b": "(20, 49)", "c": "(20, 3136)"},
        answer="a",
        why="Each of 64 maps becomes one number, its average over 7 x 7 places.",
        wrong={"b": "That averages over the maps and keeps the places.", "c": "That is flattening: 64 x 7 x 7."},
    ),
    question(
        id="cnn.q5",
        prompt="You forget network.eval(), and the network has batch normalisation. What happens to a picture's "
        "features?",
        options={
            "a": "nothing, as long as torch computes no gradients",
            "b": "torch raises an error",
            "c": "they depend on the other pictures of the batch",
        },
        answer="c",
        why="In training mode the batch decides what mean 0 is. no_grad() does not change the mode.",
        wrong={"a": "Mode and gradients are two switches.", "b": "It runs, with other numbers."},
    ),
    question(
        id="cnn.q6",
        prompt="What is a linear probe?",
        options={
            "a": "a linear classifier trained on features that stay as they are",
            "b": "a network whose last layer is trained again together with all others",
            "c": "the first layer of a network, looked at alone",
        },
        answer="a",
        why="Its score says how much of the answer can be read off the features by weighted sums.",
        wrong={
            "b": "That is fine-tuning: there the features change.",
            "c": "A probe can be put on any layer, and it reads, it does not look.",
        },
    ),
    question(
        id="cnn.q7",
        prompt="A network was trained on one task. Are its features better for every other task than those of an "
        "untrained one?",
        options={
            "a": "yes: training can only add",
            "b": "no: it may have dropped what the other task needs",
            "c": "yes, if it was trained to the end and its loss no longer falls",
        },
        answer="b",
        why="Features trained to tell 0 to 4 apart told 5 to 9 apart worse than random ones did.",
        wrong={"a": "Whatever does not lower the loss may be thrown away.", "c": "The end of another task is no help."},
    ),
    question(
        id="cnn.q8",
        prompt="A pretrained network wants (x / 255 - mean) / std, and you give it x / 255. What do you see?",
        options={
            "a": "an error about the range",
            "b": "the same results: a constant does not matter",
            "c": "features of the right shape, and worse results",
        },
        answer="c",
        why="A network takes any numbers. Only a score beside the right preparation shows the loss.",
        wrong={
            "a": "No network checks its contract.",
            "b": "ReLU cuts at 0, so moving and stretching the input changes what gets through.",
        },
    ),
]


# cnn.count_places


def _place_cases(rng, dtype):
    """Draw sizes: with stride, one whose last pixels are left over, so that rounding shows."""
    kernel, stride, padding = (int(rng.integers(low, high)) for low, high in ((4, 7), (3, 5), (1, 3)))
    left_over = stride * int(rng.integers(4, 9)) + kernel - 2 * padding + int(rng.integers(1, stride - 1))
    return [
        case(8, 3, 1, 0, label="8 pixels, kernel 3"),
        case(8, 5, 1, 1, label="8 pixels, kernel 5, padding 1"),
        case(2 * int(rng.integers(5, 12)) + 1, 2, 2, 0, label="odd size, kernel 2, stride 2"),
        case(left_over, kernel, stride, padding, label="kernel, stride and padding at once"),
        case(3 * int(rng.integers(3, 9)) + 5, 3, 3, 0, label="two pixels left over, kernel 3, stride 3"),
    ]


@exercise(
    "cnn.count_places",
    title="Count the places a kernel fits",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_place_cases,
    laws=[
        law("a kernel of 1 fits everywhere", lambda f, rng: f(9, 1, 1, 0) == 9),
        law("one pixel more is one place more (stride 1)", lambda f, rng: f(13, 4, 1, 1) == f(12, 4, 1, 1) + 1),
    ],
    mistakes=[
        mistake(
            "no-plus-one",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride,
            "You counted the steps. There is one place more than there are steps: + 1, for where the kernel begins.",
            seen="expected slip, not yet seen: fence posts",
        ),
        mistake(
            "padding-once",
            lambda size, kernel, stride, padding: (size + padding - kernel) // stride + 1,
            "You added the padding once. It lies on both sides: `framed` has it already.",
            seen="expected slip, not yet seen: one side only",
        ),
        mistake(
            "padding-forgotten",
            lambda size, kernel, stride, padding: (size - kernel) // stride + 1,
            "You left the padding out. Count on the framed row: size + 2 * padding pixels.",
            seen="expected slip, not yet seen: size for framed",
        ),
        mistake(
            "stride-forgotten",
            lambda size, kernel, stride, padding: size + 2 * padding - kernel + 1,
            "That is stride 1. With a stride the kernel jumps: divide by it, before you add 1.",
            seen="expected slip, not yet seen: stride left out",
        ),
        mistake(
            "not-whole",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) / stride + 1,
            "There is no half place: a kernel that hangs over the edge does not count. Divide with //.",
            seen="expected slip, not yet seen: / for //",
        ),
        mistake(
            "rounded-up",
            lambda size, kernel, stride, padding: -(-(size + 2 * padding - kernel) // stride) + 1,
            "You rounded up: your last kernel hangs over the edge. Round down, with //.",
            seen="expected slip, not yet seen: ceil for floor",
        ),
        mistake(
            "one-inside",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel + 1) // stride,
            "You added 1 before you divided. Count the steps first, (framed - kernel) // stride, then add 1.",
            seen="expected slip, not yet seen: parentheses",
        ),
        mistake(
            "kernel-forgotten",
            lambda size, kernel, stride, padding: (size + 2 * padding) // stride,
            "You let the kernel begin anywhere, also where it hangs over the edge. Its last beginning is at "
            "framed - kernel.",
            seen="expected slip, not yet seen: pixels over stride",
        ),
        mistake(
            "one-too-many",
            lambda size, kernel, stride, padding: (size + 2 * padding) // stride + 1,
            "You left the kernel out: its last beginning is at framed - kernel, not at framed.",
            seen="expected slip, not yet seen: kernel left out",
        ),
        mistake(
            "rounded-to-nearest",
            lambda size, kernel, stride, padding: round((size + 2 * padding - kernel) / stride) + 1,
            "round goes up as well as down, and a kernel that hangs over the edge does not count. Round down, with //.",
            seen="typed by a fresh reader: round() passed at some sizes",
        ),
        mistake(
            "divided-by-kernel",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // kernel + 1,
            "You divided by the kernel. How far it moves is the stride: divide by that.",
            seen="expected slip, not yet seen: the wrong name in the blank",
        ),
        mistake(
            "no-parentheses",
            lambda size, kernel, stride, padding: size + 2 * padding - kernel // stride + 1,
            "Division comes first: you divided the kernel alone. Put framed - kernel into parentheses.",
            seen="expected slip, not yet seen: parentheses",
        ),
    ],
    alternatives=[
        lambda size, kernel, stride, padding: len(range(0, size + 2 * padding - kernel + 1, stride)),
        lambda size, kernel, stride, padding: int(np.floor((size + 2 * padding - kernel) / stride)) + 1,
    ],
    hints_for=same_hints(
        [
            "Draw the row, put the kernel to the far left, and move it by `stride` until it would hang over.",
            "Its beginnings are 0, stride, 2 * stride ... up to framed - kernel. How many numbers is that?",
            "steps = (framed - kernel) // ...\nplaces = steps + ...",
        ],
        "no-plus-one",
        "one-inside",
        "not-whole",
        "rounded-up",
        "values",
        "value",
    ),
    hints=[
        "How far can the kernel move before it hangs over the edge?",
        "The last beginning is framed - kernel. Divide by the stride, round down, and count the first place too.",
        "return (framed - kernel) // ... + 1",
    ],
    forbids=SLIDING,
)
def output_size(size, kernel, stride=1, padding=0):
    """Count a kernel's places along `size` pixels, with `padding` zeros before and behind them."""
    framed = size + 2 * padding
    # steps from the first place to the last, rounded down; then count the first place too
    ### BEGIN SOLUTION
    #: return (framed - ...) // ... + ...
    return (framed - kernel) // stride + 1
    ### END SOLUTION


# cnn.convolve_image


def _image_cases(rng, dtype):
    def draw(*shape):
        return rng.normal(size=shape).astype(dtype)

    return [
        case(draw(1, 3, 3), draw(1, 1, 2, 2), label="1 channel, 1 kernel of 2 x 2"),
        case(draw(2, 4, 6), draw(3, 2, 2, 3), label="2 channels, 3 kernels of 2 x 3"),
        case(draw(3, 7, 5), draw(2, 3, 3, 3), label="3 channels, 2 kernels of 3 x 3"),
    ]


def _slide(image, kernels, at=lambda kernels, window: np.sum(kernels * window, axis=(1, 2, 3)), last=0):
    """Slide as the reference does, with the slips that the mistakes below need."""
    (_, _, h, w), (_, height, width) = kernels.shape, image.shape
    maps = np.zeros((len(kernels), height - h + 1, width - w + 1))
    for i, j in itertools.product(range(height - h + 1 - last), range(width - w + 1 - last)):
        maps[:, i, j] = at(kernels, image[:, i : i + h, j : j + w])
    return maps


def _by_windows(image, kernels):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernels.shape[2:], axis=(1, 2))
    return np.einsum("cijhw,kchw->kij", windows, kernels)


def _by_shifts(image, kernels):
    (_, _, h, w), (_, height, width) = kernels.shape, image.shape
    shifted = [image[:, a : a + height - h + 1, b : b + width - w + 1] for a in range(h) for b in range(w)]
    flat = kernels.reshape(*kernels.shape[:2], h * w)
    return sum(np.tensordot(flat[:, :, n], part, axes=1) for n, part in enumerate(shifted))


def _corner(f, rng):
    image, kernel = rng.normal(size=(1, 5, 6)), np.zeros((1, 1, 2, 3))
    kernel[0, 0, 0, 0] = 1
    found = np.asarray(f(image, kernel))
    return np.allclose(found[0], image[0, :4, :4]) or (
        "A kernel with a single 1 at its top left should copy the top left pixel under it. Is yours turned round?"
    )


@exercise(
    "cnn.convolve_image",
    title="Slide kernels over all channels",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_image_cases,
    laws=[
        law("a 1 at the kernel's top left copies the pixel there", _corner),
        law("twice the picture gives twice the maps", lambda f, rng: _linear(f, rng)),
    ],
    mistakes=[
        mistake(
            "turned-round",
            lambda image, kernels: _slide(image, kernels[:, :, ::-1, ::-1]),
            "You turned the kernel round. That is the convolution of mathematics; networks slide it as it is.",
            seen="what scipy.signal.convolve2d does, and torch's conv2d does not",
        ),
        mistake(
            "upside-down",
            lambda image, kernels: _slide(image, kernels[:, :, ::-1]),
            "Your kernel stands on its head. Slide it as it is.",
            seen="expected slip, not yet seen: one axis turned",
        ),
        mistake(
            "first-channel-only",
            lambda image, kernels: _slide(image[:1], kernels[:, :1]),
            "You used the first channel only. A kernel has one layer per channel: multiply all of them, add all up.",
            seen="expected slip, not yet seen: image[0]",
        ),
        mistake(
            "mean-not-sum",
            lambda image, kernels: _slide(image, kernels, lambda k, w: np.mean(k * w, axis=(1, 2, 3))),
            "You averaged the products. Add them up.",
            seen="expected slip, not yet seen: mean for sum",
        ),
        mistake(
            "channels-averaged",
            lambda image, kernels: _slide(image, kernels) / len(image),
            "You averaged over the channels. Add them up, like everything under the kernel.",
            seen="expected slip, not yet seen: mean over channels",
        ),
        mistake(
            "last-places-missing",
            lambda image, kernels: _slide(image, kernels, last=1),
            "The last row and column of your maps are empty. range(n) already stops before n: no further - 1.",
            seen="expected slip, not yet seen: off by one",
        ),
        mistake(
            "all-kernels-added",
            lambda image, kernels: _slide(image, kernels, lambda k, w: np.sum(k * w)),
            "Every map holds the sum over all kernels. Keep them apart: add up over axes 1, 2, 3, not over axis 0.",
            seen="expected slip, not yet seen: np.sum without axis",
        ),
        mistake(
            "first-kernel-only",
            lambda image, kernels: _slide(image, kernels, lambda k, w: [np.sum(k[0] * w)] + [0] * (len(k) - 1)),
            "Only the first map is filled. Every kernel gets a map of its own: maps[:, i, j] takes all at once.",
            seen="expected slip, not yet seen: kernels[0]",
        ),
        mistake(
            "strongest-not-sum",
            lambda image, kernels: _slide(image, kernels, lambda k, w: np.max(k * w, axis=(1, 2, 3))),
            "You kept the largest product. That is a kind of pooling; here, add up.",
            seen="expected slip, not yet seen: max for sum",
        ),
        mistake(
            "kernel-left-out",
            lambda image, kernels: _slide(image, kernels, lambda k, w: np.full(len(k), np.sum(w))),
            "You added up the pixels of the window without the kernel. Multiply by the kernel first.",
            seen="expected slip, not yet seen: window.sum()",
        ),
        mistake(
            "row-of-pixels",
            lambda image, kernels: _slide(image, kernels, lambda k, w: np.sum(k * w, axis=(1, 2))),
            "After your sum one axis too many is left. kernels * window has axes (kernel, channel, row, column): add "
            "up over the last three, axis=(1, 2, 3).",
            seen="expected slip, not yet seen: the channel axis forgotten",
        ),
        mistake(
            "one-more-place",
            lambda image, kernels: _beyond(image, kernels),
            "Your loops go past the last place, where the window is cut off at the edge. The maps have n_rows by "
            "n_columns places.",
            seen="expected slip, not yet seen: looping over pixels",
        ),
        mistake(
            "last-channel-only",
            lambda image, kernels: _slide(image[-1:], kernels[:, -1:]),
            "Only the last channel is left: each channel wrote over the one before it. Add them up, with += or np.sum.",
            seen="typed by a fresh reader: four loops, and = for +=",
        ),
        mistake(
            "same-kernel-for-all",
            lambda image, kernels: _slide(image, kernels, lambda k, w: np.full(len(k), np.sum(k[0] * w))),
            "All your maps are alike: the first kernel is used for each. Map k belongs to kernels[k].",
            seen="typed by a fresh reader: kernels[0] in a loop over k",
        ),
        mistake(
            "first-row-only",
            lambda image, kernels: _first_row(_slide(image, kernels)),
            "Only the first row of your maps is filled: `return` stands inside the loop over i. Move it behind both.",
            seen="typed by a fresh reader: return indented",
        ),
        mistake(
            "negative-cut",
            lambda image, kernels: np.maximum(_slide(image, kernels), 0),
            "You set negative numbers to 0. That is ReLU, a step of its own: here, return the sums as they are.",
            seen="typed by a fresh reader: section 3 puts ReLU behind the sum",
        ),
        mistake(
            "nothing-written",
            lambda image, kernels: 0 * _slide(image, kernels),
            "Your maps are 0 everywhere: no sum was written into maps[:, i, j].",
            seen="typed by a fresh reader: half done, the window only",
        ),
    ],
    alternatives=[_by_windows, _by_shifts],
    hints_for=same_hints(
        [
            "Do the top left place by hand: which pixels of which channels lie under the kernel?",
            "image[:, i:i + h, j:j + w] is the window, (C, h, w). Times kernels, (K, C, h, w), it broadcasts.",
            "maps[:, i, j] = np.sum(kernels * window, axis=...)      # axes 1, 2 and 3 go, axis 0 stays",
        ],
        "first-channel-only",
        "all-kernels-added",
        "first-kernel-only",
        "row-of-pixels",
        "raised",
    )
    | same_hints(
        [
            "Give it a kernel with a single 1 in a corner. Which corner of the window comes out?",
            "No [::-1] anywhere: kernel[0, 0] meets the top left pixel of the window.",
            "window = image[:, i:i + h, j:j + w]\nmaps[:, i, j] = ...      # kernels as they are, times window",
        ],
        "turned-round",
        "upside-down",
        "a 1 at the kernel's top left copies the pixel there",
    ),
    hints=[
        "Two loops, over the rows i and the columns j of the maps. What lies under the kernel at (i, j)?",
        "Cut the window out of all channels, multiply by every kernel, and add up over channels, rows and columns.",
        (
            "for i in range(n_rows):\n    for j in range(n_columns):\n        window = image[:, i:i + h, j:j + w]\n"
            "        maps[:, i, j] = ..."
        ),
    ],
    forbids=[*SLIDING, *OURS],
)
def convolve(image, kernels):
    """Slide kernels, (K, C, h, w), over an image, (C, H, W): maps (K, H - h + 1, W - w + 1)."""
    h, w = kernels.shape[2:]
    n_rows, n_columns = image.shape[1] - h + 1, image.shape[2] - w + 1
    maps = np.zeros((len(kernels), n_rows, n_columns))
    # at every place: 1 lay the kernels on the window  2 multiply  3 add up
    ### BEGIN SOLUTION
    for i in range(n_rows):
        for j in range(n_columns):
            window = image[:, i : i + h, j : j + w]
            maps[:, i, j] = np.sum(kernels * window, axis=(1, 2, 3))
    ### END SOLUTION
    return maps


def _beyond(image, kernels):
    h, w = kernels.shape[2:]
    maps = np.zeros((len(kernels), image.shape[1] - h + 1, image.shape[2] - w + 1))
    for i, j in itertools.product(range(image.shape[1]), range(image.shape[2])):
        maps[:, i, j] = np.sum(kernels * image[:, i : i + h, j : j + w], axis=(1, 2, 3))
    return maps


def _first_row(maps):
    maps[:, 1:] = 0
    return maps


def _linear(f, rng):
    image, kernels = rng.normal(size=(2, 4, 4)), rng.normal(size=(1, 2, 2, 2))
    return np.allclose(2 * np.asarray(f(image, kernels)), f(2 * image, kernels))


# cnn.pool_maps


def _map_cases(rng, dtype):
    def draw(*shape):
        return rng.normal(2, 1, size=shape).astype(dtype)

    return [
        case(draw(1, 2, 2, 2), label="1 picture, 2 maps of 2 x 2"),
        case(draw(3, 4, 2, 5), label="3 pictures, 4 maps of 2 x 5"),
        case(draw(5, 3, 7, 7), label="5 pictures, 3 maps of 7 x 7"),
    ]


def _places_shuffled(f, rng):
    maps = rng.normal(size=(2, 3, 4, 4))
    shuffled = rng.permutation(maps.reshape(2, 3, 16), axis=2).reshape(maps.shape)
    return np.allclose(f(maps), f(shuffled)) or "Places were shuffled within the maps, and your features changed."


@exercise(
    "cnn.pool_maps",
    title="Average every map",
    section=("pool-text", "Pool"),
    points=1,
    cases=_map_cases,
    laws=[
        law("where something is does not count", _places_shuffled),
        law("the size of the picture does not count", lambda f, rng: np.shape(f(np.ones((2, 3, 9, 4)))) == (2, 3)),
    ],
    mistakes=[
        mistake(
            "channels-last",
            lambda maps: maps.mean(axis=(1, 2)),
            "You averaged over maps and rows, as if the channels came last. In torch they come first: rows and columns "
            "are axes 2 and 3.",
            seen="expected slip, not yet seen: (n, H, W, C) in mind",
        ),
        mistake(
            "flattened",
            lambda maps: maps.reshape(len(maps), -1),
            "You laid all places side by side: (n, C * H * W) numbers, and where something is still counts. Average "
            "each map to one number.",
            seen="expected slip, not yet seen: reshape(n, -1) as the repair of the 4-D error",
        ),
        mistake(
            "one-per-picture",
            lambda maps: maps.mean(axis=(1, 2, 3)),
            "You have one number per picture: the maps were averaged together. Keep axis 1.",
            seen="expected slip, not yet seen: one axis too many",
        ),
        mistake(
            "one-for-all",
            lambda maps: maps.mean(),
            "mean() without axis= averages everything to one number. Name the axes of the places.",
            seen="expected slip, not yet seen: no axis",
        ),
        mistake(
            "pictures-averaged",
            lambda maps: maps.mean(axis=0),
            "You averaged over the pictures. Every picture keeps its own row: axis 0 stays.",
            seen="expected slip, not yet seen: axis=0",
        ),
        mistake(
            "one-axis-left",
            lambda maps: maps.mean(axis=2),
            "You averaged the rows away, the columns are still there. Two axes go: axis=(2, 3).",
            seen="expected slip, not yet seen: one axis only",
        ),
        mistake(
            "other-axis-left",
            lambda maps: maps.mean(axis=3),
            "You averaged the columns away, the rows are still there. Two axes go: axis=(2, 3).",
            seen="expected slip, not yet seen: one axis only",
        ),
        mistake(
            "summed",
            lambda maps: maps.sum(axis=(2, 3)),
            "You added up: a larger picture would give larger features. Take the mean.",
            seen="expected slip, not yet seen: sum for mean",
        ),
        mistake(
            "largest-kept",
            lambda maps: maps.max(axis=(2, 3)),
            "You kept the largest number of each map. That is global *max* pooling; here, average.",
            seen="expected slip, not yet seen: max for mean",
        ),
        mistake(
            "axes-kept",
            lambda maps: maps.mean(axis=(2, 3), keepdims=True),
            "The axes of the places are still there, with length 1: (n, C, 1, 1). Drop keepdims.",
            seen="torch's AdaptiveAvgPool2d(1), which leaves (n, C, 1, 1)",
        ),
        mistake(
            "maps-averaged",
            lambda maps: maps.mean(axis=1),
            "You averaged the maps of a picture with each other, and the places are still there. It is the places that "
            "go: axis=(2, 3).",
            seen="typed by a fresh reader: axis=1",
        ),
    ],
    alternatives=[
        lambda maps: maps.reshape(*maps.shape[:2], -1).mean(axis=2),
        lambda maps: maps.mean(axis=3).mean(axis=2),
        lambda maps: np.einsum("nchw->nc", maps) / np.prod(maps.shape[2:]),
    ],
    hints_for=same_hints(
        [
            "Print maps.shape and the shape of what you return. Which axes should be gone?",
            "(n, C, H, W): axis 0 are pictures, axis 1 maps, axes 2 and 3 places. axis= names the axes that go.",
            "return maps.mean(axis=(..., ...))      # the two axes of the places",
        ],
        "channels-last",
        "pictures-averaged",
        "one-axis-left",
        "other-axis-left",
        "maps-averaged",
        "shape",
    )
    | same_hints(
        [
            "maps is a NumPy array here, not a tensor. What does NumPy call what torch calls dim?",
            "Two axes in one pair of parentheses: mean(axis=(a, b)). mean(a, b) and axis=[a, b] do not work.",
            "return maps.mean(axis=(..., ...))      # the two axes of the places",
        ],
        "raised",
    ),
    hints=[
        "One number per map: which two axes are the places?",
        "mean takes a pair of axes: axis=(a, b) averages over both.",
        "return maps.mean(axis=(..., ...))      # the two axes of the places",
    ],
    forbids=["mmlearn_edu.features", "torch.nn.AdaptiveAvgPool2d", "torch.nn.functional"],
)
def pool_maps(maps):
    """Average every map over its places: (n, C, H, W) -> (n, C)."""
    # one number per picture and map
    ### BEGIN SOLUTION
    return maps.mean(axis=(2, 3))
    ### END SOLUTION


# cnn.trace_field


def _layer_cases(rng, dtype):
    def draw(n):
        return [(int(rng.integers(2, 6)), int(rng.integers(1, 4))) for _ in range(n)]

    return [
        case([(3, 1)], label="one convolution of 3"),
        case([(3, 1), (3, 1), (3, 1)], label="three convolutions of 3"),
        case([(3, 1), (2, 2), (3, 1)], label="a pool of 2 between two convolutions"),
        case([(5, 2), *draw(2), (3, 1)], label="four layers"),
        case(VGG16, label="VGG16"),
    ]


def _field(layers, start=1, before=False, jump=lambda step, stride: step * stride):
    seen, step = start, 1
    for kernel, stride in layers:
        step = jump(step, stride) if before else step
        seen += (kernel - 1) * step
        step = step if before else jump(step, stride)
    return seen


def _unbracketed(layers):
    seen, step = 1, 1
    for kernel, stride in layers:
        seen, step = seen + kernel - step, step * stride
    return seen


def _backwards(layers):
    seen = 1
    for kernel, stride in reversed(layers):
        seen = (seen - 1) * stride + kernel
    return seen


def _by_steps(layers):
    steps = np.cumprod([1, *[stride for _, stride in layers]])[:-1]
    return int(1 + np.sum((np.array([kernel for kernel, _ in layers]) - 1) * steps))


@exercise(
    "cnn.trace_field",
    title="Trace what one number sees",
    section=("field-text", "Trace what a number sees"),
    points=2,
    cases=_layer_cases,
    laws=[
        law("a layer with a kernel of 1 sees nothing new", lambda f, rng: f([(3, 1), (1, 1)]) == f([(3, 1)])),
        law("the stride of the last layer does not matter", lambda f, rng: f([(3, 2), (4, 1)]) == f([(3, 2), (4, 5)])),
    ],
    mistakes=[
        mistake(
            "stride-forgotten",
            lambda layers: _field(layers, jump=lambda step, stride: step),
            "You forgot the strides. Behind a stride of 2, neighbours lie 2 pixels apart, so a later kernel reaches "
            "twice as far.",
            seen="expected slip, not yet seen: 1 + sum of (k - 1)",
        ),
        mistake(
            "kernels-added",
            lambda layers: sum(kernel for kernel, _ in layers),
            "You added the kernels up. Neighbouring windows overlap: a layer adds kernel - 1 neighbours, not kernel.",
            seen="expected slip, not yet seen: 3 + 3 = 6",
        ),
        mistake(
            "kernels-multiplied",
            lambda layers: int(np.prod([kernel for kernel, _ in layers])),
            "You multiplied the kernels. That would hold if windows did not overlap; they do. A layer adds "
            "(kernel - 1) * step.",
            seen="expected slip, not yet seen: 3 x 3 = 9",
        ),
        mistake(
            "stride-too-early",
            lambda layers: _field(layers, before=True),
            "You took a layer's own stride before its kernel. The stride moves the numbers that come out: it counts "
            "for the layers after it.",
            seen="expected slip, not yet seen: two lines swapped",
        ),
        mistake(
            "began-at-0",
            lambda layers: _field(layers, start=0),
            "You began at 0. Before any layer, one number sees one pixel: begin at 1.",
            seen="expected slip, not yet seen: seen = 0",
        ),
        mistake(
            "strides-added",
            lambda layers: _field(layers, jump=lambda step, stride: step + stride),
            "You added strides up. Two strides of 2 put neighbours 4 pixels apart, three 8: multiply.",
            seen="expected slip, not yet seen: + for *",
        ),
        mistake(
            "last-stride-only",
            lambda layers: _field(layers, jump=lambda step, stride: stride),
            "You kept the last stride only. The step multiplies from layer to layer: step = step * stride.",
            seen="expected slip, not yet seen: step = stride",
        ),
        mistake(
            "kernel-not-minus-one",
            lambda layers: 1 + _field([(kernel + 1, stride) for kernel, stride in layers], start=0),
            "You added kernel * step. One of the kernel's pixels was there already: (kernel - 1) * step.",
            seen="expected slip, not yet seen: no - 1",
        ),
        mistake(
            "strides-multiplied",
            lambda layers: int(np.prod([stride for _, stride in layers])),
            "That is how far apart neighbours lie, not how much each sees: squares overlap. Add (kernel - 1) * step "
            "for every layer.",
            seen="expected slip, not yet seen: 224 / 7 = 32",
        ),
        mistake(
            "stride-for-step",
            lambda layers: 1 + sum((kernel - 1) * stride for kernel, stride in layers),
            "You multiplied each kernel by its own stride. It is the strides of all layers *before* it, multiplied.",
            seen="expected slip, not yet seen: no step carried along",
        ),
        mistake(
            "written-over",
            lambda layers: _field(layers[-1:], start=0) * int(np.prod([stride for _, stride in layers[:-1]])),
            "Only what the last layer adds came back: every layer wrote over `seen`. Add to it, with +=.",
            seen="typed by a fresh reader: = for +=",
        ),
        mistake(
            "first-layer-only",
            lambda layers: _field(layers[:1]),
            "Only the first layer was traced: `return` stands inside the loop. Move it behind.",
            seen="typed by a fresh reader: return indented",
        ),
        mistake(
            "no-parentheses",
            lambda layers: _unbracketed(layers),
            "Multiplication comes first: in kernel - 1 * step only the 1 is multiplied. Write (kernel - 1) * step.",
            seen="typed by a fresh reader: parentheses",
        ),
        mistake(
            "squared",
            lambda layers: _field(layers) ** 2,
            "That is how many pixels the square holds. Asked is how wide it is.",
            seen="expected slip, not yet seen: a square, so squared",
        ),
    ],
    alternatives=[_backwards, _by_steps],
    hints_for=same_hints(
        [
            "Take (3, 1), (2, 2), (3, 1) on paper. How far apart are neighbours when the last layer begins?",
            "Carry two numbers along: `seen`, and `step`, the pixels between neighbours. Use step, then change it.",
            "for kernel, stride in layers:\n    seen += (kernel - 1) * ...\n    step = ...",
        ],
        "stride-forgotten",
        "stride-too-early",
        "strides-added",
        "last-stride-only",
        "stride-for-step",
        "strides-multiplied",
    ),
    hints=[
        "Before any layer one number sees 1 pixel, and neighbours lie 1 pixel apart. What does a layer do to both?",
        "A kernel reaches kernel - 1 neighbours further, each `step` pixels away. A stride multiplies the step.",
        "seen, step = 1, 1\nfor kernel, stride in layers:\n    seen += ...\n    step *= ...\nreturn seen",
    ],
)
def receptive_field(layers):
    """Return how many pixels wide the square is that one number of the last layer depends on.

    layers holds (kernel, stride) of every convolution and pooling, the first layer first.
    """
    ### BEGIN SOLUTION
    seen, step = 1, 1
    for kernel, stride in layers:
        seen += (kernel - 1) * step
        step *= stride
    return seen
    ### END SOLUTION


# cnn.freeze_features


def _batch_cases(rng, dtype):
    def draw(*shape):
        return rng.random(shape).astype(dtype)

    return [
        case(draw(3, 4, 4), int(rng.integers(99)), label="3 pictures of 4 x 4"),
        case(draw(6, 8, 8), int(rng.integers(99)), label="6 pictures of 8 x 8"),
        case(draw(4, 5, 7, 3), int(rng.integers(99)), label="4 colour pictures of 5 x 7"),
    ]


def _made(images, seed):
    with seeded(seed):
        network = ImageCNN(images.shape[1:], n_classes=10)
    return network, torch.tensor(images, dtype=torch.float32)


def _frozen(images, seed, layer="features", training=False):
    network, X = _made(images, seed)
    network.train(training)
    with torch.no_grad():
        return getattr(network, layer)(X).numpy()


def _with_gradients(images, seed):
    network, X = _made(images, seed)
    return network.eval().features(X).numpy()


def _eval_too_late(images, seed):
    network, X = _made(images, seed)
    with torch.no_grad():
        found = network.features(X)
    network.eval()
    return found.numpy()


def _detached(images, seed):
    network, X = _made(images, seed)
    return network.eval().features(X).detach().numpy()


def _by_inference_mode(images, seed):
    network, X = _made(images, seed)
    with torch.inference_mode():
        return network.train(False).maps(X).mean(dim=(2, 3)).numpy()


def _alone(f, rng):
    images = rng.random((5, 6, 6))
    same = np.allclose(np.asarray(f(images, 3))[:1], f(images[:1], 3), rtol=1e-3, atol=1e-5)
    return same or "The first picture alone has other features than in company. Which switch keeps a batch out of it?"


@exercise(
    "cnn.freeze_features",
    title="Freeze a network and read its features",
    section=("freeze-text", "Freeze"),
    points=2,
    cases=_batch_cases,
    compare=close(rtol=1e-3, atol=1e-5),
    laws=[law("a picture's features do not depend on the batch", _alone)],
    mistakes=[
        mistake(
            "left-in-training-mode",
            lambda images, seed: _frozen(images, seed, training=True),
            "The network is still in training mode: batch normalisation looks at the whole batch. Call network.eval() "
            "first.",
            seen="expected slip, not yet seen: eval() forgotten",
        ),
        mistake(
            "gradients-kept",
            _with_gradients,
            "torch still keeps what it needs for gradients, and then refuses numpy(). Compute the features inside "
            "`with torch.no_grad():`.",
            seen="RuntimeError: Can't call numpy() on Tensor that requires grad",
        ),
        mistake(
            "scores-not-features",
            lambda images, seed: _frozen(images, seed, "forward"),
            "network(X) returns the scores of the 10 classes. Ask for what lies below them: network.features(X).",
            seen="expected slip, not yet seen: network(X)",
        ),
        mistake(
            "maps-not-features",
            lambda images, seed: _frozen(images, seed, "maps"),
            "These are the maps, (n, 64, H, W). network.features(X) averages each of them: (n, 64).",
            seen="expected slip, not yet seen: network.maps",
        ),
        mistake(
            "scores-in-training-mode",
            lambda images, seed: _frozen(images, seed, "forward", training=True),
            "These are the scores of the 10 classes, and from training mode. network.eval() first, then "
            "network.features(X).",
            seen="expected slip, not yet seen: both at once",
        ),
        mistake(
            "transposed",
            lambda images, seed: _frozen(images, seed).T,
            "You have one row per feature. Return one row per picture: (n, 64), as network.features gives it.",
            seen="expected slip, not yet seen: transpose",
        ),
    ],
    alternatives=[_detached, _by_inference_mode],
    hints_for=same_hints(
        [
            "Compute the features of one picture alone, and of the same picture in a batch. Are they the same?",
            "torch.no_grad() switches gradients off, network.eval() the use of the batch. You need both.",
            "network.eval()\nwith torch.no_grad():\n    features = ...",
        ],
        "left-in-training-mode",
        "scores-in-training-mode",
        "a picture's features do not depend on the batch",
        "values",
    )
    | same_hints(
        [
            "Read the last line of the error: what does it ask you to do before numpy()?",
            "Nothing will be learnt here, so torch need not remember how the numbers came about.",
            "with torch.no_grad():\n    features = ...",
        ],
        "gradients-kept",
        "raised",
    ),
    hints=[
        "Two switches: one for the mode of the network, one for gradients.",
        "network.eval() before, and `with torch.no_grad():` around network.features(X).",
        "network.eval()\nwith ...:\n    features = ...",
    ],
    equivalent_mutants=dict.fromkeys(
        [f"network = ImageCNN(images.shape[1:], n_classes=10): 10 -> {n}" for n in (9, 11)],
        "the scores of the classes are computed behind the features, and drawn after them",
    ),
    time_limit=10.0,
    seeds=40,
)
def frozen_features(images, seed):
    """Describe images, (n, height, width) or with colours last, by an untrained network: (n, 64)."""
    with seeded(seed):
        network = ImageCNN(images.shape[1:], n_classes=10)
    X = torch.tensor(images, dtype=torch.float32)
    # evaluation mode; then, without gradients, network.features(X)
    ### BEGIN SOLUTION
    #: features = ...
    network.eval()
    with torch.no_grad():
        features = network.features(X)
    ### END SOLUTION
    return features.numpy()


# cnn.probe_features


def _probe_cases(rng, dtype):
    def draw(n_seeds, n, n_features, n_train):
        y = rng.permutation(np.arange(n) % 3)
        middles = rng.normal(size=(n_seeds, 3, n_features))
        features = 0.7 * middles[:, y] + rng.normal(size=(n_seeds, n, n_features))
        order = rng.permutation(n)
        return (features * rng.uniform(0.1, 9, n_features)).astype(dtype), y, order[:n_train], order[n_train : n - 5]

    return [
        case(*draw(2, 50, 3, 20), label="2 seeds, 20 pictures to learn from"),
        case(*draw(3, 70, 6, 24), label="3 seeds, 24 pictures to learn from"),
    ]


def _model():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def _probed(features, y, fit_on, score_on):
    return np.array([_model().fit(F[fit_on], y[fit_on]).score(F[score_on], y[score_on]) for F in features])


def _by_hand(features, y, train, test):
    scores = []
    for F in features:
        scaler = StandardScaler().fit(F[train])
        model = LogisticRegression(max_iter=1000).fit(scaler.transform(F[train]), y[train])
        scores.append(np.mean(model.predict(scaler.transform(F[test])) == y[test]))
    return scores


def _scaled_apart(features, y, train, test):
    found = []
    for F in features:
        model = LogisticRegression(max_iter=1000).fit(StandardScaler().fit_transform(F[train]), y[train])
        found.append(model.score(StandardScaler().fit_transform(F[test]), y[test]))
    return np.array(found)


def _fitted_once(features, y, train, test):
    model = _model().fit(features[0][train], y[train])
    return np.array([model.score(F[test], y[test]) for F in features])


def _not_cheated(f, rng):
    """Labels at random: nothing can be read off, whatever is said of the training rows."""
    features, y = rng.normal(size=(2, 400, 40)), np.arange(400) % 2
    found = np.asarray(f(features, rng.permutation(y), np.arange(60), np.arange(60, 400)), float)
    return bool(np.all(np.abs(found - 0.5) < 0.2)) or (
        f"The labels were random, and you report {found.max():.2f} for two classes. Score on rows not learnt from."
    )


@exercise(
    "cnn.probe_features",
    title="Probe features by a linear classifier",
    section=("probe-text", "7 · Which features serve another task?"),
    points=2,
    cases=_probe_cases,
    laws=[law("random labels score at chance", _not_cheated)],
    mistakes=[
        mistake(
            "scored-on-training",
            lambda features, y, train, test: _probed(features, y, train, train),
            "You scored the pictures that the probe learnt from. Score the test rows.",
            seen="expected slip, not yet seen: train twice",
        ),
        mistake(
            "fitted-on-test",
            lambda features, y, train, test: _probed(features, y, test, test),
            "You fitted on the test rows, so they are no test any more. Fit on the rows in `train`.",
            seen="expected slip, not yet seen: test twice",
        ),
        mistake(
            "swapped",
            lambda features, y, train, test: _probed(features, y, test, train),
            "You fitted on test and scored on train. It is the other way round.",
            seen="expected slip, not yet seen: train and test swapped",
        ),
        mistake(
            "fitted-on-all",
            lambda features, y, train, test: _probed(features, y, slice(None), test),
            "You fitted on all rows, the test rows among them. Fit on F[train] only.",
            seen="expected slip, not yet seen: fit(F, y)",
        ),
        mistake(
            "scored-on-all",
            lambda features, y, train, test: _probed(features, y, train, slice(None)),
            "You scored all rows, also those the probe learnt from. Score F[test] only.",
            seen="expected slip, not yet seen: score(F, y)",
        ),
        mistake(
            "mean-only",
            lambda features, y, train, test: _probed(features, y, train, test).mean(),
            "You returned the mean over the seeds. Return every score: how far they lie apart is part of the answer.",
            seen="expected slip, not yet seen: one number reported",
        ),
        mistake(
            "first-seed-only",
            lambda features, y, train, test: np.repeat(_probed(features[:1], y, train, test), len(features)),
            "Every score is that of the first seed. Use the features of each seed in turn.",
            seen="expected slip, not yet seen: features[0] in the loop",
        ),
        mistake(
            "last-seed-only",
            lambda features, y, train, test: _probed(features, y, train, test)[-1],
            "Only the last seed's score came back. Collect one score per seed, and return after the loop.",
            seen="expected slip, not yet seen: a name written over in a loop",
        ),
        mistake(
            "returned-in-the-loop",
            lambda features, y, train, test: _probed(features, y, train, test)[:1],
            "Only the first seed's score came back: `return` stands inside the loop. Move it behind.",
            seen="expected slip, not yet seen: return indented",
        ),
        mistake(
            "seeds-averaged",
            lambda features, y, train, test: np.repeat(
                _probed(np.mean(features, axis=0)[None], y, train, test), len(features)
            ),
            "You averaged the features of the seeds. Feature 5 of one network has nothing to do with feature 5 of "
            "another: probe each by itself.",
            seen="expected slip, not yet seen: features.mean(axis=0)",
        ),
        mistake(
            "share-wrong",
            lambda features, y, train, test: 1 - _probed(features, y, train, test),
            "That is the share of wrong answers. model.score gives the share of right ones.",
            seen="expected slip, not yet seen: errors",
        ),
        mistake(
            "counted",
            lambda features, y, train, test: _probed(features, y, train, test) * len(test),
            "You counted right answers. Divide by the number of test rows, or take model.score.",
            seen="expected slip, not yet seen: a sum",
        ),
        mistake(
            "scaled-apart",
            _scaled_apart,
            "You scaled the test rows by themselves. The model scales them as it learnt to on the training rows: give "
            "it F[test] as it is.",
            seen="expected slip, not yet seen: fit_transform on test",
        ),
        mistake(
            "fitted-once",
            _fitted_once,
            "The model learnt from the first seed's features only, and was scored on all. Fit inside the loop.",
            seen="typed by a fresh reader: fit before the loop",
        ),
        mistake(
            "in-percent",
            lambda features, y, train, test: 100 * _probed(features, y, train, test),
            "You multiplied by 100. Return the share, between 0 and 1, as model.score gives it.",
            seen="expected slip, not yet seen: percent",
        ),
    ],
    alternatives=[_by_hand, lambda features, y, train, test: _probed(features, y, train, test).tolist()],
    hints_for=same_hints(
        [
            "Which rows does the probe learn from, and which rows does it have to tell apart afterwards?",
            "For each F in features: model.fit(F[train], y[train]), then model.score on the test rows.",
            "model.fit(F[train], y[train])\nscores.append(model.score(F[...], y[...]))",
        ],
        "scored-on-training",
        "fitted-on-test",
        "swapped",
        "fitted-on-all",
        "scored-on-all",
        "random labels score at chance",
    )
    | same_hints(
        [
            "features holds one table per seed. Which shape has one of them, and which shape has y?",
            "Inside `for F in features:` use F, (n, n_features). Cut pictures and labels alike: F[train], y[train].",
            "for F in features:\n    model.fit(F[...], y[...])\n    scores.append(...)",
        ],
        "raised",
        "shape",
        "fitted-once",
    ),
    hints=[
        "One loop over the seeds. features[0] has the shape (n, n_features).",
        "Fit on the training rows of this seed's features, score on its test rows, keep the score.",
        "for F in features:\n    model.fit(..., ...)\n    scores.append(model.score(..., ...))\nreturn scores",
    ],
    equivalent_mutants=dict.fromkeys(
        [
            f"model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)): {change}"
            for change in ("LogisticRegression(max_iter=1000) -> LogisticRegression()", "1000 -> 1001", "1000 -> 999")
        ],
        "on tables this small the fit ends long before",
    ),
    time_limit=20.0,
    seeds=10,
)
def probe(features, y, train, test):
    """Fit a linear classifier on the rows `train`, score it on `test`: one accuracy per seed.

    features has the shape (n_seeds, n, n_features); train and test are row numbers.
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    scores = []
    ### BEGIN SOLUTION
    for F in features:
        model.fit(F[train], y[train])
        scores.append(model.score(F[test], y[test]))
    ### END SOLUTION
    return scores


# cnn.paint_edges


def _kind(kernel):
    """Say what a kernel finds: vertical edges, horizontal ones, even areas; None if it is no 3 x 3 numbers."""
    try:
        values = np.asarray(kernel, dtype=float)
    except (TypeError, ValueError):
        return None
    if values.shape != (3, 3) or not np.all(np.abs(values) < 1e6):
        return None
    vertical, horizontal, even = edge_responses(values)
    if max(vertical, horizontal, even) <= 1e-9:
        return "nothing"
    return vertical >= 1 - 1e-9, horizontal > 1e-9, even > 1e-9


def _finds_the_same(expected, actual):
    """Compare what two kernels find, not their numbers: many kernels are right."""
    found = _kind(actual)
    if found is None:
        return close()(np.asarray(expected, float), actual) or Problem("value", "Three rows of three numbers each.")
    if found == _kind(expected):
        return None
    vertical, horizontal, even = edge_responses(np.asarray(actual, float))
    return Problem(
        "responses", f"It responds with {vertical:g} to a vertical edge, {horizontal:g} to a horizontal one, {even:g} "
        "to an even area."
    )  # fmt: skip


@exercise(
    "cnn.paint_edges",
    title="Build a detector of vertical edges",
    section=("widget-text", "4 · Paint a kernel"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(label="the kernel")],
    compare=_finds_the_same,
    mistakes=[
        mistake(
            "turned",
            lambda: [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
            "This one finds horizontal edges. Turn it by 90 degrees: minus on one side, plus on the other.",
            seen="expected slip, not yet seen: rows for columns",
        ),
        mistake(
            "both-directions",
            lambda: [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
            "It finds edges of both directions. A row must read the same as the rows above and below it.",
            seen="expected slip, not yet seen: the outline kernel",
        ),
        mistake(
            "even-areas-too",
            lambda: [[0, 0, 1], [0, 0, 1], [0, 0, 1]],
            "It responds to an even area, where there is no edge. Its nine numbers have to add up to 0.",
            seen="expected slip, not yet seen: no minus",
        ),
        mistake(
            "even-area-only",
            lambda: [[0, 0, 0], [0, 0.5, 0], [0, 0, 0]],
            "It responds to an even area, and to vertical edges by less than 1. Take plus on one side, minus on the "
            "other, in whole numbers.",
            seen="expected slip, not yet seen: small numbers",
        ),
        mistake(
            "too-weak",
            lambda: [[-0.1, 0, 0.1], [-0.1, 0, 0.1], [-0.1, 0, 0.1]],
            "The response to a vertical edge is below 1. Use larger numbers: minus on one side, plus on the other.",
            seen="expected slip, not yet seen: small numbers",
        ),
        mistake(
            "finds-nothing",
            lambda: [[-1, 0, 1], [0, 0, 0], [1, 0, -1]],
            "It responds to none of the three: plus and minus cancel. Keep the minus on the same side in every row.",
            seen="typed by a fresh reader: plus and minus in opposite corners",
        ),
    ],
    alternatives=[lambda: [[1, 0, -1]] * 3, lambda: np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])],
    hints_for=same_hints(
        [
            "Look at the three responses below the widget. Which of them should be 0, and is not?",
            "An even area gives the sum of all nine numbers. A horizontal edge gives sums of whole rows.",
            "kernel = [[-1, ..., ...],\n          [-1, ..., ...],\n          [-1, ..., ...]]",
        ],
        "both-directions",
        "even-areas-too",
        "even-area-only",
        "responses",
    ),
    hints=[
        "At a vertical edge, left and right differ. Subtract one from the other.",
        "Minus in the left column, plus in the right one, the same in every row, so that each row adds up to 0.",
        "kernel = painting      # reads the numbers from the widget",
    ],
)
def vertical_kernel():
    """Give the kernel you painted: 3 rows of 3 numbers, or the widget itself."""
    ### BEGIN SOLUTION
    #: kernel = ...  # [[..., ..., ...], ...], or the widget itself: kernel = painting
    kernel = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]
    ### END SOLUTION
    return kernel


# cnn.fix_article and why


def _article_cases(rng, dtype):
    def draw(n, height, width, k):
        images = rng.integers(0, 256, size=(n, height, width, 3), dtype=np.uint8)
        return images, rng.normal(size=(k, 3, 3, 3)).astype(dtype)

    return [
        case(*draw(2, 4, 4, 2), label="2 pictures of 4 x 4, 2 kernels"),
        case(*draw(3, 6, 9, 4), label="3 pictures of 6 x 9, 4 kernels"),
    ]


def _maps(images, kernels, prepare):
    X = torch.tensor(prepare(images), dtype=torch.float32).movedim(-1, 1)
    return torch.relu(torch.nn.functional.conv2d(X, torch.tensor(kernels, dtype=torch.float32))).numpy()


def _standard(images):
    return (images / 255 - MEAN) / STD


def _own_standard(images):
    X = images / 255
    return (X - X.mean(axis=(0, 1, 2))) / X.std(axis=(0, 1, 2))


def _colours_last(images, kernels):
    X = torch.tensor(images / 255, dtype=torch.float32).movedim(-1, 1)
    X = (X - torch.tensor(MEAN)) / torch.tensor(STD)
    return _maps(X.movedim(1, -1).numpy(), kernels, lambda images: images).mean(axis=(2, 3))


def _resized(images, kernels):
    maps = torch.relu(torch.conv2d(prepare_images(images), torch.tensor(kernels, dtype=torch.float32)))
    return maps.mean(dim=(2, 3)).numpy()


def _by_numpy(images, kernels):
    X = np.moveaxis(_standard(images), -1, 1)
    return np.stack([np.maximum(_by_windows(image, kernels), 0).mean(axis=(1, 2)) for image in X])


def _in_torch(images, kernels):
    X = torch.tensor(images, dtype=torch.float32).movedim(-1, 1) / 255
    mean, std = (torch.tensor(values, dtype=torch.float32)[:, None, None] for values in (MEAN, STD))
    maps = torch.conv2d((X - mean) / std, torch.tensor(kernels, dtype=torch.float32)).relu()
    return maps.flatten(2).mean(dim=2)


@exercise(
    "cnn.fix_article",
    title="Repair features that break a contract",
    section=("debug-text", "8 · Debug the article"),
    points=3,
    cases=_article_cases,
    compare=close(rtol=1e-3, atol=1e-4),
    laws=[
        law("larger pictures give as many features", lambda f, rng: _as_many(f, rng)),
        law("the average colour of ImageNet gives nothing", lambda f, rng: _grey_is_zero(f, rng)),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda images, kernels: _maps(images, kernels, lambda images: images / 255),
            "Both faults are still there: 4-D maps come out, and /255 goes in where mean and std are wanted.",
            seen="published listings that give features of VGG16 to KMeans",
        ),
        mistake(
            "still-4-d",
            lambda images, kernels: _maps(images, kernels, _standard),
            "The pictures are prepared now. But maps still come out, (n, K, H, W), and KMeans wants a row per picture: "
            "average every map.",
            seen="ValueError: Found array with dim 4",
        ),
        mistake(
            "only-divided-by-255",
            lambda images, kernels: _maps(images, kernels, lambda images: images / 255).mean(axis=(2, 3)),
            "The shape is right. The numbers that go in are not: subtract MEAN, divide by STD.",
            seen="the second fault of the article, left in",
        ),
        mistake(
            "flattened",
            lambda images, kernels: _maps(images, kernels, _standard).reshape(len(images), -1),
            "Flattening makes KMeans run, but another size of picture gives another number of features, and places "
            "count. Average every map instead.",
            seen="expected slip, not yet seen: reshape(n, -1) as the repair of the 4-D error",
        ),
        mistake(
            "flattened-unprepared",
            lambda images, kernels: _maps(images, kernels, lambda images: images / 255).reshape(len(images), -1),
            "Flattening makes KMeans run, but places count then: average every map. And the pictures are still not "
            "prepared: subtract MEAN, divide by STD.",
            seen="expected slip, not yet seen: reshape(n, -1) as the repair of the 4-D error",
        ),
        mistake(
            "no-255",
            lambda images, kernels: _maps(images, kernels, lambda images: (images - MEAN) / STD).mean(axis=(2, 3)),
            "MEAN and STD are for pixels between 0 and 1. Divide by 255 first.",
            seen="expected slip, not yet seen: mean subtracted from 0..255",
        ),
        mistake(
            "std-forgotten",
            lambda images, kernels: _maps(images, kernels, lambda images: images / 255 - MEAN).mean(axis=(2, 3)),
            "You subtracted MEAN and forgot to divide by STD.",
            seen="expected slip, not yet seen: half of it",
        ),
        mistake(
            "mean-forgotten",
            lambda images, kernels: _maps(images, kernels, lambda images: images / 255 / STD).mean(axis=(2, 3)),
            "You divided by STD and forgot to subtract MEAN first.",
            seen="expected slip, not yet seen: half of it",
        ),
        mistake(
            "no-parentheses",
            lambda images, kernels: _maps(images, kernels, lambda images: images / 255 - MEAN / STD).mean(axis=(2, 3)),
            "Division comes first: you subtracted MEAN / STD. Put images / 255 - MEAN into parentheses.",
            seen="expected slip, not yet seen: parentheses",
        ),
        mistake(
            "own-mean-and-std",
            lambda images, kernels: _maps(images, kernels, _own_standard).mean(axis=(2, 3)),
            "You took the mean and std of these pictures. The contract names those the network was trained with: MEAN "
            "and STD.",
            seen="expected slip, not yet seen: StandardScaler in mind",
        ),
        mistake(
            "colours-turned",
            lambda images, kernels: _maps(images[..., ::-1], kernels, _standard).mean(axis=(2, 3)),
            "You turned the colours to blue, green, red. Leave red first.",
            seen="OpenCV reads pictures as BGR",
        ),
        mistake(
            "wrong-axis",
            lambda images, kernels: _maps(images, kernels, _standard).mean(axis=(1, 2)),
            "You averaged over maps and rows. The places are axes 2 and 3.",
            seen="expected slip, not yet seen: (n, H, W, C) in mind",
        ),
        mistake(
            "colours-not-last",
            _colours_last,
            "After movedim the colours are axis 1, and MEAN lines up with the last axis. Standardise before you move "
            "the axis.",
            seen="RuntimeError: The size of tensor a must match the size of tensor b",
        ),
        mistake(
            "largest-kept",
            lambda images, kernels: _maps(images, kernels, _standard).max(axis=(2, 3)),
            "You kept the largest number of each map. Average it, as in your `pool_maps`.",
            seen="expected slip, not yet seen: max for mean",
        ),
        mistake(
            "resized-too",
            lambda images, kernels: _resized(images, kernels),
            "prepare_images also brings pictures to 224 x 224, as VGG16 wants them. The kernels here take any size: "
            "only subtract MEAN and divide by STD.",
            seen="typed by a fresh reader: prepare_images, as in the contract's cell",
        ),
        mistake(
            "places-kept-as-ones",
            lambda images, kernels: _maps(images, kernels, _standard).mean(axis=(2, 3), keepdims=True),
            "The axes of the places are still there, with length 1: (n, K, 1, 1). Drop keepdim.",
            seen="typed by a fresh reader: keepdim=True",
        ),
    ],
    alternatives=[_by_numpy, _in_torch],
    hints_for=same_hints(
        [
            "Print X.min() and X.max(). What range do pictures prepared for VGG16 have, in section 6?",
            "Two things happen to a pixel after / 255. Colours are the last axis there, so MEAN and STD line up.",
            "X = (images / 255 - ...) / ...",
        ],
        "only-divided-by-255",
        "no-255",
        "std-forgotten",
        "mean-forgotten",
        "no-parentheses",
        "colours-not-last",
        "the average colour of ImageNet gives nothing",
    )
    | same_hints(
        [
            "KMeans wants (n_samples, n_features). Which shape do you return?",
            "One number per picture and map: what you wrote as `pool_maps`.",
            "return maps.mean(dim=(..., ...)).numpy()      # the two axes of the places",
        ],
        "still-4-d",
        "flattened",
        "wrong-axis",
        "places-kept-as-ones",
        "shape",
        "larger pictures give as many features",
    ),
    hints=[
        "The error names the shape that comes out. For the other fault, look at the numbers that go in.",
        "Two repairs: subtract MEAN and divide by STD before torch sees the pixels; average every map at the end.",
        "X = (images / 255 - ...) / ...\n...\nreturn maps.mean(dim=(..., ...)).numpy()",
    ],
    time_limit=10.0,
    seeds=60,
)
def article_features(images, kernels):
    """Describe images, (n, H, W, 3) in 0..255, by kernels, (K, 3, 3, 3): features (n, K)."""
    ### BEGIN SOLUTION
    #: X = images / 255
    #: X = torch.tensor(X, dtype=torch.float32).movedim(-1, 1)  # channels first
    #: maps = torch.relu(torch.conv2d(X, torch.tensor(kernels, dtype=torch.float32)))
    #: return maps.numpy()
    X = (images / 255 - MEAN) / STD
    X = torch.tensor(X, dtype=torch.float32).movedim(-1, 1)  # channels first
    maps = torch.relu(torch.conv2d(X, torch.tensor(kernels, dtype=torch.float32)))
    return maps.mean(dim=(2, 3)).numpy()
    ### END SOLUTION


def _as_many(f, rng):
    kernels = rng.normal(size=(4, 3, 3, 3))
    small, large = (np.shape(f(np.zeros((2, side, side, 3), np.uint8), kernels)) for side in (5, 8))
    return small == large == (2, 4) or f"Pictures of 5 x 5 gave {small}, of 8 x 8 {large}."


def _grey_is_zero(f, rng):
    average = np.tile(np.rint(255 * MEAN).astype(np.uint8), (1, 6, 6, 1))
    found = float(np.max(np.asarray(f(average, np.ones((1, 3, 3, 3))), float)))
    return found < 0.2 or f"A picture of ImageNet's average colour should be nearly 0 everywhere, and gave {found:.2f}."


@exercise(
    "cnn.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "8 · Debug the article"),
    kind="choice",
    points=1,
    version=2,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because dividing by 255 is the same as standardising, up to a constant that the first layer makes up for",
        "b": "because torch warns only when the batch is too large",
        "c": "because k-means repairs badly scaled features",
        "d": "because a network returns features of the right shape for any numbers, and no score stood beside them",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "It differs by more than a constant: every colour is moved and stretched, and ReLU cuts at 0. You saw the "
            "accuracy fall.",
            seen="expected slip, not yet seen: 'only a scale'",
        ),
        mistake(
            "b",
            lambda: "b",
            "torch has no warning for numbers out of range, whatever the batch. A network cannot know what you meant.",
            seen="expected slip, not yet seen: a wrong belief about warnings",
        ),
        mistake(
            "c",
            lambda: "c",
            "k-means takes features as they come, and always returns groups. That is why it hides the fault.",
            seen="expected slip, not yet seen: a wrong belief about k-means",
        ),
    ],
    hints=["What did the function return before the repair? Would anybody see from that array alone that it is wrong?"],
)
def why_unnoticed():
    """Say why the wrong preparation could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "d"
    ### END SOLUTION
    return answer
