"""Chapter 00-start-here: shapes, pairs, predictions."""

# ruff: noqa: RUF015, ARG001  (answers are written for beginners)

from typing import Any

import numpy as np

from mmlearn_edu.checks.authoring import (
    case,
    cases,
    chapter,
    close,
    each_key,
    exact,
    exercise,
    law,
    mistake,
    prediction,
    question,
    same_hints,
)
from mmlearn_edu.checks.exercise import Case, Problem

CHAPTER = chapter("00-start-here", "Start here: shapes, pairs, predictions", minutes=45)


def _averaging(scores: dict[str, float]) -> str:
    """Say where the average landed, beside the best sense alone."""
    gain = scores["average"] - max(score for name, score in scores.items() if name != "average")
    return "a" if gain > 0.05 else "b" if gain > -0.05 else "c"


PREDICTIONS = [
    prediction(
        id="start.average",
        prompt="You average the codes of picture, sound and caption, number by number, and group the averages. "
        "How well will the groups match the digits?",
        options={
            "a": "clearly better than with the best sense alone (NMI higher by .05 or more)",
            "b": "about as well as with the best sense alone",
            "c": "clearly worse than with the best sense alone (NMI lower by .05 or more)",
        },
        outcome=_averaging,
        after="Number 1 of a picture's code and number 1 of a sound's have nothing to do with each other. "
        "Their average is a new number that says less about either.",
        example={"image": 0.5, "audio": 0.4, "text": 0.2, "average": 0.3},
    ),
    prediction(
        id="start.run_twice",
        prompt="The largest pixel is 255. A cell says `pixels = pixels / 255`. You run that cell twice. "
        "What is the largest pixel now?",
        options={
            "a": "1: the second run finds nothing left to do",
            "b": "about 0.004: it was divided twice",
            "c": "Python raises an error at the second run",
        },
        outcome=lambda largest: "a" if largest == 1 else "b",
        after="The cell reads `pixels` and writes `pixels`. Its second run starts from what the first one left behind.",
        example=1 / 255,
    ),
]

QUESTIONS = [
    question(
        id="start.q1",
        prompt="images.shape is (1797, 8, 8), one row per sample. How many images are there?",
        options={"a": "8", "b": "64", "c": "1797"},
        answer="c",
        why="The first axis counts the samples, in every array of this workbook.",
        wrong={"a": "8 is the height, and the width.", "b": "64 is the number of pixels in each image."},
    ),
    question(
        id="start.q2",
        prompt="A cell says `x = x + 1`. You run it three times by accident. What happened to x?",
        options={"a": "it grew by 1", "b": "it grew by 3", "c": "Python refused the second run"},
        answer="b",
        why="The kernel remembers x between runs. Restart the kernel and run all cells from the top to see the truth.",
        wrong={
            "a": "Every run starts from the x that the run before left.",
            "c": "Nothing stops you.",
        },
    ),
    question(
        id="start.q3",
        prompt="The groups found are [0, 0, 1, 1], the true ones [1, 1, 0, 0]. How many samples are grouped wrongly?",
        options={"a": "none", "b": "two", "c": "all four"},
        answer="a",
        why="The names of groups mean nothing. NMI, ARI and our accuracy all give full marks here.",
        wrong={"b": "Compare who is together with whom.", "c": "That is what == says, and == compares the names."},
    ),
    question(
        id="start.q4",
        prompt="What is the shape of an array of shape (3, 4) plus one of shape (3,)?",
        options={"a": "(3, 4)", "b": "(4, 3)", "c": "none: NumPy raises an error"},
        answer="c",
        why="Axes line up from the right: 4 meets 3, and neither is 1.",
        wrong={
            "a": "That lines the axes up from the left. NumPy starts at the right.",
            "b": "Broadcasting never swaps axes.",
        },
    ),
    question(
        id="start.q5",
        prompt="Why did averaging picture features with sound features lose to putting them side by side?",
        options={
            "a": "feature j of one does not mean what feature j of the other means",
            "b": "averaging rounds the numbers, and small differences between samples get lost",
            "c": "k-means cannot handle averages",
        },
        answer="a",
        why="An average makes sense only where the same column says the same thing in both.",
        wrong={"b": "Rounding is far too small to matter here.", "c": "k-means takes any matrix of numbers."},
    ),
    question(
        id="start.q6",
        prompt="A paper reports: 'our fused features reach an accuracy of .60'. What do you need to know first?",
        options={
            "a": "what chance gives, and what the best single modality gives",
            "b": "how long the training took",
            "c": "how many features there are",
        },
        answer="a",
        why="A score means something only beside what you would get without the effort.",
        wrong={
            "b": "Useful later; it cannot tell you whether .60 is good.",
            "c": "More can be better or worse.",
        },
    ),
    question(
        id="start.q7",
        prompt="blocks has shape (7, 7, 7, 512), vectors (7, 512): one row per sample in both. "
        "What does blocks + vectors do?",
        options={
            "a": "adds vector i to every place of sample i",
            "b": "adds vector i to column i of all samples",
            "c": "raises an error",
        },
        answer="b",
        why="From the right, 512 meets 512, and the 7 samples of vectors meet the 7 columns of blocks.",
        wrong={
            "a": "That needs vectors[:, None, None, :], so that samples meet samples.",
            "c": "It would with 8 samples. With 7 the shapes fit by accident.",
        },
    ),
    question(
        id="start.q8",
        prompt="X has shape (5, 8, 8). Which of these keeps one sample per row?",
        options={"a": "X.reshape(-1, 5).T", "b": "X.reshape(64, 5)", "c": "X.reshape(5, -1)"},
        answer="c",
        why="It keeps the first axis and lays all others side by side: (5, 64).",
        wrong={
            "a": "The shape is right, (5, 64), but every row holds pixels of all five samples.",
            "b": "64 rows are not 5 samples.",
        },
    ),
]


# Shapes, foreseen


def _shape_or_error(expected: Any, actual: Any) -> Problem | None:
    """Compare shapes without giving away whether a shape or an error is right."""
    if actual is Ellipsis:
        return Problem("blank-value", "Still a `...`.")
    if isinstance(actual, str):
        actual = actual.strip().lower().removesuffix("!")
    elif isinstance(actual, int | np.integer):
        return Problem("not-a-shape", "That is a number. A shape with one axis has a comma: (4,).")
    elif not isinstance(actual, tuple | list):
        return Problem("not-a-shape", 'Write a shape such as (2, 3), or the word "error".')
    if isinstance(actual, str) and actual != "error":
        return Problem("not-a-shape", 'Write a shape without quotes, such as (2, 3), or the word "error".')
    actual = tuple(actual) if isinstance(actual, list) else actual
    return None if exact()(expected, actual) is None else Problem(f"not {actual!r}", _look_again(expected, actual))


def _look_again(expected: Any, actual: Any) -> str:
    """Say where to look again; every wrong value has words of its own, so that none hides another."""
    if isinstance(expected, str) or isinstance(actual, str):
        return f"you wrote {actual!r}, and NumPy says otherwise."
    if len(expected) != len(actual):
        return f"you wrote {actual!r}; the result has as many axes as the longer of the two shapes."
    axis = next(i for i in range(1, len(expected) + 1) if exact()(expected[-i], actual[-i]) is not None)
    place = {1: "last", len(expected): "first"}.get(axis, "middle")
    return f"you wrote {actual!r}; look again at its {place} size: what meets what there?"


@exercise(
    "start.foresee_shapes",
    title="Foresee the shape that broadcasting gives",
    section=("by-hand", "3 · By hand"),
    kind="value",
    points=3,
    version=1,
    compare=each_key(_shape_or_error),
    mistakes=[
        mistake(
            "aligned-left",
            lambda: {"(3, 4) + (3,)": (3, 4)},
            "You lined up the axes from the left. NumPy starts at the right: in (3, 4) + (3,) the 4 meets the 3.",
            seen="Stack Overflow question 2104643: (4, 6) + (4,) should add to each column",
        ),
        mistake(
            "needs-as-many-axes",
            lambda: {"(3, 4) + (4,)": "error", "(5, 1, 3) + (4, 1)": "error"},
            "The two may differ in their number of axes. A missing axis, at the left, counts as 1.",
            seen="Stack Overflow question 2104643: may one rely on (2, 3, 4, 5) + (4, 5)?",
        ),
        mistake(
            "ones-refused",
            lambda: {"(3, 1) + (1, 4)": "error", "(4,) + (4, 1)": "error", "(9, 8, 8) - (9, 1, 1)": "error"},
            "An axis of size 1 fits any size: its one entry is used again and again.",
            seen="SciPy-user list, January 2006, 'Vector subtraction error': should row minus column not be an error?",
        ),
        mistake(
            "same-length-no-stretch",
            lambda: {"(4,) + (4, 1)": (4,)},
            "Both hold 4 numbers, but they lie along different axes: (4,) is a row, (4, 1) a column. Both stretch.",
            seen="pytorch issue #16045: predictions (n, 1), targets (n,), a loss over (n, n)",
        ),
        mistake(
            "column-kept",
            lambda: {"(4,) + (4, 1)": (4, 1)},
            "(4,) counts as (1, 4): a row. Its 4 meets the 1 of the column, so both stretch.",
            seen="question 'Numpy: Why is difference of a (2,1) array and a vertical matrix slice not a (2,1) array'",
        ),
        mistake(
            "tuples-joined",
            lambda: {"(3, 4) + (4,)": (3, 4, 4), "(3, 1) + (1, 4)": (3, 1, 1, 4), "(4,) + (4, 1)": (4, 4, 1)},
            "You joined the two tuples, as Python's + would. Here they are the shapes of two arrays that are added.",
            seen="common slip: the text of the task run as Python",
        ),
        mistake(
            "sizes-added",
            lambda: {"(3, 1) + (1, 4)": (4, 5), "(9, 8, 8) - (9, 1, 1)": (0, 7, 7)},
            "You calculated with the sizes. It is the numbers in the arrays that are added or subtracted; sizes are "
            "only compared, and a 1 stretches.",
            seen="common slip: + read as a sum of the shapes",
        ),
        mistake(
            "first-stays",
            lambda: {"(3, 1) + (1, 4)": (3, 1), "(5, 1, 3) + (4, 1)": (5, 1, 3)},
            "You kept the shape of the first array. A 1 in the first array stretches too.",
            seen="common slip: the result given the shape of the first array",
        ),
        mistake(
            "smaller-wins",
            lambda: {"(3, 1) + (1, 4)": (1, 1), "(9, 8, 8) - (9, 1, 1)": (9, 1, 1), "(5, 1, 3) + (4, 1)": (4, 1)},
            "An axis of size 1 stretches to the other size; nothing is ever made smaller.",
            seen="expected slip, not yet seen: the result given the shape of the second array",
        ),
        mistake(
            "matrix-product",
            lambda: {"(3, 4) + (4,)": (3,), "(4,) + (4, 1)": (1,)},
            "That is the shape of a matrix product (@). + adds number to number, and no axis disappears.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "second-stays",
            lambda: {"(3, 4) + (4,)": (4,), "(3, 1) + (1, 4)": (1, 4)},
            "You kept the shape of the second array. Axes that it lacks, and its ones, take the size of the first.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    hints_for={
        **same_hints(
            [
                "Write (3, 4) and the shorter shape below it, flush right. Which number stands below the 4?",
                (
                    "Only sizes that stand below each other meet. Two sizes that differ, neither of them 1, are an "
                    "error."
                ),
                "(3, 4)        (3, 4)\n   (4,)          (3,)\n\n4 meets ...   4 meets ...",
            ],
            "(3, 4) + (4,)",
            "(3, 4) + (3,)",
        ),
        **same_hints(
            [
                "Find every 1, and every place where the shorter shape has nothing. What stands above or below it?",
                "A 1, or nothing, takes the other size. That holds for both arrays: each may stretch the other.",
                "(5, 1, 3)     3 meets 1: 3\n   (4, 1)     1 meets 4: ...\n              5 meets nothing: ...",
            ],
            "(3, 1) + (1, 4)",
            "(4,) + (4, 1)",
            "(9, 8, 8) - (9, 1, 1)",
            "(5, 1, 3) + (4, 1)",
        ),
    },
    hints=[
        "Write the two shapes below each other, flush right. Look at one column at a time.",
        "Column by column: equal sizes stay. A 1, or nothing, takes the other size. Anything else is an error.",
        "(3, 4)\n   (4,)     4 meets 4: 4.   3 meets nothing: 3.   Result (3, 4).\n\nNow the same with the other five.",
    ],
)
def foresee_shapes():
    """Write down the shape of each result, or the word "error" where NumPy refuses."""
    # 1 flush right  # 2 compare  # 3 stretch the ones
    ### BEGIN SOLUTION
    #: foreseen = {
    #:     "(3, 4) + (4,)": ...,
    #:     "(3, 4) + (3,)": ...,
    #:     "(3, 1) + (1, 4)": ...,
    #:     "(4,) + (4, 1)": ...,
    #:     "(9, 8, 8) - (9, 1, 1)": ...,
    #:     "(5, 1, 3) + (4, 1)": ...,
    #: }
    foreseen = {
        "(3, 4) + (4,)": (3, 4),
        "(3, 4) + (3,)": "error",
        "(3, 1) + (1, 4)": (3, 4),
        "(4,) + (4, 1)": (4, 4),
        "(9, 8, 8) - (9, 1, 1)": (9, 8, 8),
        "(5, 1, 3) + (4, 1)": (5, 4, 3),
    }
    ### END SOLUTION
    return foreseen


# One row per sample


def _stacks(rng: np.random.Generator, dtype: Any) -> list[Case]:
    shapes = [(3, 2, 2), (3, 8, 8), (5, 4), (2, 3, 4, 5), (4,)]
    return [case(rng.integers(10, size=shape).astype(dtype), label=f"an array of shape {shape}") for shape in shapes]


def _keeps_sums(f, rng):
    X = rng.integers(10, size=(4, 3, 2)).astype(float)
    sums = np.asarray(f(X)).sum(axis=-1)
    return True if np.array_equal(sums, X.sum(axis=(1, 2))) else "The numbers in a row do not add up to its sample's."


def _one_sample_one_row(f, rng):
    X = rng.normal(size=(4, 3, 2))
    changed = X.copy()
    changed[1] += 1
    rows = (np.asarray(f(X)) != np.asarray(f(changed))).any(axis=-1)
    return True if rows.tolist() == [False, True, False, False] else "Changing sample 1 did not change row 1 alone."


@exercise(
    "start.to_2d",
    title="Lay each sample out as a row",
    section=("twice-see", "5 · Four modalities, one search"),
    points=2,
    version=1,
    cases=_stacks,
    compare=close(),
    laws=[
        law("every row adds up to what its sample adds up to", _keeps_sums),
        law("one sample, one row", _one_sample_one_row),
    ],
    mistakes=[
        mistake(
            "samples-mixed",
            lambda X: X.reshape(-1, len(X)).T,
            "The shape is right, but the samples are mixed: reshape fills rows first, and .T then deals the numbers "
            "out like cards. Give reshape the number of samples as its first size.",
            seen="question 'Why does .reshape(a, b) != .reshape(b, a).T?': images flattened as reshape(4, 2)",
        ),
        mistake(
            "features-first",
            lambda X: X.reshape(-1, len(X)),
            "You have one row per feature. Samples come first: the number of samples is the first size.",
            seen="question 'Why does .reshape(a, b) != .reshape(b, a).T?': images flattened as reshape(4, 2)",
        ),
        mistake(
            "one-long-line",
            lambda X: X.ravel(),
            "You flattened everything, samples included. Keep the first axis.",
            seen="expected slip, not yet seen: ravel or flatten where one row per sample is meant",
        ),
        mistake(
            "pooled",
            lambda X: X.reshape(len(X), -1).mean(axis=1, keepdims=True),
            "You have one average per sample. Keep every number: only the shape may change.",
            seen="expected slip, not yet seen: pooling taken for flattening",
        ),
        mistake(
            "column-order",
            lambda X: X.reshape(len(X), -1, order="F"),
            "Every row has its own sample's numbers, but in another order. Leave order= away.",
            seen="Stack Overflow question 11892358: reshape carried over from MATLAB, order='F'",
        ),
        mistake(
            "typed-64",
            lambda X: X.reshape(len(X), 64),
            "64 fits the digits only. Write -1: NumPy then counts whatever is left in each sample.",
            seen="michtesar/color_recognizer issue #6: reshape(1, 6912) fails for an image of another size",
        ),
        mistake(
            "whole-shape",
            lambda X: X.reshape(X.shape, -1),
            "X.shape holds all sizes. You need the first one only: X.shape[0], or len(X).",
            seen="expected slip, not yet seen: X.shape for X.shape[0]",
        ),
        mistake(
            "typed-1797",
            lambda X: X.reshape(1797, -1),
            "1797 fits this data set only. Ask the array how many samples it has: len(X).",
            seen="common slip: a number read off the screen",
        ),
        mistake(
            "two-minus-ones",
            lambda X: X.reshape(-1, -1),
            "NumPy can work out one size, not two: only one may be -1. Give the number of samples as the first.",
            seen="common slip: -1 in every blank",
        ),
        mistake(
            "second-size",
            lambda X: X.reshape(X.shape[1], -1),
            "X.shape[1] is the second size. Python counts from 0, and the samples are counted by X.shape[0].",
            seen="common slip: counting from 1",
        ),
        mistake(
            "all-numbers",
            lambda X: X.reshape(X.size, -1),
            "X.size counts all numbers of all samples. len(X) counts the samples.",
            seen="common slip: size for length",
        ),
        mistake(
            "images-only",
            lambda X: X.reshape(X.shape[0], X.shape[1] * X.shape[2]),
            "This works for images only. Let -1 count the rest: sounds (n, t) and clips (n, frames, h, w) work too.",
            seen="expected slip, not yet seen: height times width typed out",
        ),
        mistake(
            "last-size-kept",
            lambda X: X.reshape(-1, X.shape[-1]),
            "You kept the last size, so every row of pixels became a row of its own. Give the number of samples as the "
            "first size, and let -1 count the rest.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-row",
            lambda X: X.reshape(1, -1),
            "You put all samples into one single row. The first size is the number of rows: one per sample, len(X).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "last-size-first",
            lambda X: X.reshape(X.shape[-1], -1),
            "X.shape[-1] is the last size. The first one counts the samples: X.shape[0], or len(X).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "rows-of-64",
            lambda X: X.reshape(-1, 64),
            "64 is the number of pixels of a digit; other arrays have another. Write the number of samples "
            "first, then -1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-sample-measured",
            lambda X: X.reshape(len(X[0]), -1),
            "len(X[0]) measures the first sample. len(X) counts the samples.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-counted",
            lambda X: X.reshape(X.ndim, -1),
            "X.ndim counts the axes. len(X) counts the samples.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "round-brackets",
            lambda X: X.reshape(X.shape(0), -1),
            "X.shape is a tuple of sizes, no function. Pick its first entry with square brackets: X.shape[0].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "transposed-first",
            lambda X: X.T.reshape(len(X), -1),
            "X.T turns all axes round, so that the numbers of different samples get mixed. Leave .T away.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "sizes-without-brackets",
            lambda X: np.reshape(X, len(X), -1),  # type: ignore[call-overload]
            "np.reshape takes all sizes as one tuple, in brackets of their own: np.reshape(X, (n_samples, -1)).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "last-sample-only",
            lambda X: X[-1].ravel(),
            "Only the last sample came back: in the loop each row takes the place of the one before. Collect "
            "all rows in a list.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-sample-only",
            lambda X: X[0].ravel(),
            "Only the first sample came back: your `return` stands inside the loop. Move it to the left, below "
            "the loop.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X: X.reshape(X.shape[0], -1),
        lambda X: np.array([np.ravel(sample) for sample in X]),
        lambda X: X.reshape(len(X), int(np.prod(X.shape[1:]))),
    ],
    hints_for={
        **same_hints(
            [
                "The shape is right: look at one row. Do its numbers come from one sample?",
                (
                    "reshape fills one row after the other. With the samples as the first size, each row is one "
                    "sample; no .T is needed."
                ),
                (
                    "X = np.arange(8).reshape(2, 2, 2)      # sample 0 holds 0, 1, 2, 3\n"
                    "print(X.reshape(2, -1))                # row 0: 0, 1, 2, 3"
                ),
            ],
            "samples-mixed",
            "transposed-first",
            "one sample, one row",
            "every row adds up to what its sample adds up to",
        ),
        **same_hints(
            [
                (
                    "Compare the size that you gave with the shape in the message. Which of the two is the number of "
                    "samples?"
                ),
                "No number of your own works for pictures, sounds and clips alike. Ask the array: len(X).",
                "n_samples = len(X)      # 1797 pictures, 5 sounds, 2 clips: always right",
            ],
            "raised",
            "shape",
        ),
    },
    hints=[
        "Look at X.shape. Which of its numbers must stay as it is? The first: it counts the samples.",
        "reshape takes the new sizes. Give it the number of samples, then -1: 'whatever is left'.",
        "n_samples = len(X)\nreturn X.reshape(n_samples, ...)",
    ],
    equivalent_mutants={
        "return X.reshape(n_samples, -1): 1 -> 2": "NumPy reads every negative size as 'whatever is left'",
    },
)
def to_2d(X):
    """Lay each sample out as a row, in order: (n_samples, ...) -> (n_samples, n_features)."""
    # 1 how many samples?
    ### BEGIN SOLUTION
    #: n_samples = ...
    n_samples = len(X)
    ### END SOLUTION
    # 2 one row per sample; -1 means "whatever is left"
    ### BEGIN SOLUTION
    #: return X.reshape(..., -1)
    return X.reshape(n_samples, -1)
    ### END SOLUTION


# The same samples in every modality


def _paired(rng: np.random.Generator, dtype: Any) -> list[Case]:
    n = int(rng.integers(20, 40))
    few = n - int(rng.integers(1, 9))
    image, audio = rng.normal(size=(n, 8, 8)).astype(dtype), rng.normal(size=(n, 5)).astype(dtype)
    text = [f"caption {i}" for i in range(n)]
    return [
        case({"image": np.zeros((2, 3), dtype), "text": ["a zero", "a one"]}, label="two samples, two modalities"),
        case({"image": image, "audio": audio, "text": text}, label="three modalities that agree"),
        case({"audio": audio}, label="one modality alone"),
        case(
            {"image": np.zeros((3, 2), dtype), "text": ["a zero", "a one"]},
            label="three images, two texts",
            raises=ValueError,
            says=("text", "2", "3"),
        ),
        case(
            {"image": image, "audio": audio, "text": text[:few]},
            label=f"{n} images, {n} sounds, {few} texts",
            says=("text", str(few), str(n)),
            raises=ValueError,
        ),
        case(
            {"image": image, "audio": audio[:few], "text": text},
            label=f"{n} images, {few} sounds, {n} texts",
            says=("audio", str(few), str(n)),
            raises=ValueError,
        ),
        case(
            {"text": text[:few], "clip": image},
            label=f"{few} texts, {n} clips",
            says=("clip", str(n), str(few)),
            raises=ValueError,
        ),
    ]


def _never_raises(arrays):
    return len(next(iter(arrays.values())))


def _says_false(arrays):
    counts = [len(array) for array in arrays.values()]
    return counts[0] if len(set(counts)) == 1 else False


def _counts_by_shape(arrays):
    n_samples = next(iter(arrays.values())).shape[0]
    for name, array in arrays.items():
        if array.shape[0] != n_samples:
            raise ValueError(f"{name} has {array.shape[0]} rows, the first has {n_samples}")
    return n_samples


def _returns_true(arrays):
    counts = [len(array) for array in arrays.values()]
    return len(set(counts)) == 1


def _shortens(arrays):
    return min(len(array) for array in arrays.values())


def _only_shorter(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        if len(array) < n_samples:
            raise ValueError(f"{name} has {len(array)} rows, {first} has {n_samples}")
    return n_samples


def _counts_letters(arrays):
    first = list(arrays)[0]
    for name, array in arrays.items():
        if len(array) != len(first):
            raise ValueError(f"{name} has {len(array)} rows, {first} has {len(first)}")
    return len(first)


def _counts_modalities(arrays):
    first = list(arrays)[0]
    for name, array in arrays.items():
        if len(array) != len(arrays):
            raise ValueError(f"{name} has {len(array)} rows, {first} has {len(arrays)}")
    return len(arrays)


def _compares_the_array(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        if array != n_samples:
            raise ValueError(f"{name} has {len(array)} rows, {first} has {n_samples}")
    return n_samples


def _with_a_set(arrays):
    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1:
        raise ValueError(f"modalities differ in their number of samples: {counts}")
    return next(iter(counts.values()))


def _pair_by_pair(arrays):
    (first, one), *others = arrays.items()
    for name, other in others:
        if len(other) != len(one):
            raise ValueError(f"{name!r}: {len(other)} samples, but {first!r} has {len(one)}")
    return len(one)


def _asserts(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        assert len(array) == n_samples, f"{name} has {len(array)} rows, {first} has {n_samples}"
    return n_samples


def _any_exception(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        if len(array) != n_samples:
            raise Exception(f"{name} has {len(array)} rows, {first} has {n_samples}")
    return n_samples


def _first_by_number(arrays):
    return len(arrays[0])


def _says(arrays, words):
    """Complain with `words`, a text with places for the name and the two numbers."""
    n_samples = len(next(iter(arrays.values())))
    for name, array in arrays.items():
        if len(array) != n_samples:
            raise ValueError(words.format(name=name))
    return n_samples


def _returns_words(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        if len(array) != n_samples:
            return f"{name} has {len(array)} rows, {first} has {n_samples}"
    return n_samples


def _letters_of_each(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name in arrays:
        if len(name) != n_samples:
            raise ValueError(f"{name} has {len(name)} rows, {first} has {n_samples}")
    return n_samples


def _complains_when_equal(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        if len(array) == n_samples:
            raise ValueError(f"{name} has {len(array)} rows, {first} has {n_samples}")
    return n_samples


def _only_longer(arrays):
    first, n_samples = next((name, len(array)) for name, array in arrays.items())
    for name, array in arrays.items():
        if len(array) > n_samples:
            raise ValueError(f"{name} has {len(array)} rows, {first} has {n_samples}")
    return n_samples


@exercise(
    "start.same_rows",
    title="Name the modality whose rows do not match",
    section=("twice-see", "5 · Four modalities, one search"),
    points=3,
    version=1,
    cases=_paired,
    compare=close(),
    mistakes=[
        mistake(
            "never-complains",
            _never_raises,
            "Where the numbers differ, you return the first one all the same. Raise a ValueError there (a printed line "
            "is overlooked), and look where your `return` stands: inside the loop it ends after the first modality.",
            seen="PEP 618, on zip without strict: lengths differ and data is lost in silence",
        ),
        mistake(
            "cut-to-shortest",
            _shortens,
            "You take the smallest number. Cutting everything to it hides the fault: from the first gap on, "
            "sample i of one is not sample i of the other. Raise instead.",
            seen="TencentARC/UMT issue #29: video and sound features cropped to the shorter length",
        ),
        mistake(
            "returns-false",
            _says_false,
            "You return False. A caller who does not look at it goes on with wrong pairs: raise ValueError(...), "
            "which nobody can overlook.",
            seen="expected slip, not yet seen: a check that answers instead of stopping",
        ),
        mistake(
            "returns-truth",
            _returns_true,
            "You answer yes or no. Return the number of samples, and raise ValueError(...) where modalities differ.",
            seen="expected slip, not yet seen: a check that answers instead of stopping",
        ),
        mistake(
            "only-shorter",
            _only_shorter,
            "You complain about too few rows only. Too many are as wrong: test with !=.",
            seen="common slip: < where != is meant",
        ),
        mistake(
            "letters-counted",
            _counts_letters,
            "len(first) counts the letters of a name: `first` is the name, and arrays[first] is the array.",
            seen="common slip: a key taken for its value",
        ),
        mistake(
            "modalities-counted",
            _counts_modalities,
            "len(arrays) counts the modalities. The rows of the first one are len(arrays[first]).",
            seen="common slip: the dictionary's length",
        ),
        mistake(
            "rows-not-counted",
            _compares_the_array,
            "You compare the array itself with a number. Compare its number of rows: len(array).",
            seen="common slip: an array where its length is meant",
        ),
        mistake(
            "shape-of-a-list",
            _counts_by_shape,
            "A list of texts has no .shape. len(...) counts the rows of lists and of arrays.",
            seen="georgosgeorgos/few-shot-diffusion-models issue #10: value.shape[0] of a list",
        ),
        mistake(
            "asserts",
            _asserts,
            "`assert` raises an AssertionError, and Python leaves it out when it runs with -O. Here a "
            "ValueError is asked for: if len(array) != n_samples: raise ValueError(...).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "any-exception",
            _any_exception,
            "Exception is the name for errors of every kind. Say which kind it is: raise ValueError(...).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "index-for-name",
            _first_by_number,
            "`arrays` is a dictionary: its keys are names, and none is called 0. `first` holds the first name: "
            "arrays[first].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "says-nothing",
            lambda arrays: _says(arrays, "the numbers of rows differ"),
            "You complain at the right place, but the text does not say what differs. Put the name and both "
            'numbers into it. An f before the quotes fills them in: f"{name} has {len(array)} rows, ..."',
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-numbers",
            lambda arrays: _says(arrays, "{name} has another number of rows"),
            "Your error names the modality. Add the two numbers: how many rows it has, and how many the first has.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "words-returned",
            _returns_words,
            "You return the sentence, and the caller takes it for the answer. Write raise ValueError(...) "
            "instead of return.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "letters-of-each-name",
            _letters_of_each,
            "len(name) counts the letters of a name. len(array) counts the rows.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "complains-when-equal",
            _complains_when_equal,
            "You complain where the numbers agree. Complain where they differ: != instead of ==.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "only-longer",
            _only_longer,
            "You complain about too many rows only. Too few are as wrong: write != instead of >.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[_with_a_set, _pair_by_pair],
    hints_for={
        "no-error": [
            "A sentence that is printed or returned stops nobody: the next line runs on with the wrong rows.",
            "Write `raise ValueError(...)` where the lengths differ; it ends the function at once.",
            'if len(array) != n_samples:\n    raise ValueError(f"{name} has ...")',
        ],
        **same_hints(
            [
                (
                    "The last line of a traceback begins with a name, such as KeyError. Which name does yours begin "
                    "with?"
                ),
                "The task asks for a ValueError, so that a caller can wait for exactly this one. Raise it yourself.",
                "if len(array) != n_samples:\n    raise ValueError(...)",
            ],
            "wrong-error",
            "asserts",
            "any-exception",
        ),
        **same_hints(
            [
                "Read your error as somebody who has ten modalities. Which one is wrong, and by how much?",
                "Three things belong into the text: the name, its number of rows, and the number of the first.",
                'if ...:\n    raise ValueError(f"{name} has {...} rows, {first} has {...}")',
            ],
            "error-words",
            "says-nothing",
            "no-numbers",
        ),
    },
    hints=[
        "The loop gives you a name and its array, one pair at a time. What do you want to know about each array?",
        "Compare len(array) with n_samples. Where they differ, raise ValueError with a text that names all three.",
        """n_samples = len(arrays[first])
for name, array in arrays.items():
    if len(array) != ...:
        raise ValueError(f"{name} has {...} rows, {first} has {n_samples}")""",
    ],
)
def same_rows(arrays):
    """Return the number of samples, or raise a ValueError if a modality has another number.

    `arrays` maps names to arrays or lists, one row per sample. The error's text must hold three
    things: the name of a modality that differs from the first, its number of rows, the first's.
    """
    first = list(arrays)[0]
    # 1 count the rows of the first modality
    ### BEGIN SOLUTION
    #: n_samples = ...
    n_samples = len(arrays[first])
    ### END SOLUTION
    # 2 compare every modality with it; complain by name
    for name, array in arrays.items():
        ### BEGIN SOLUTION
        if len(array) != n_samples:
            raise ValueError(f"{name} has {len(array)} rows, {first} has {n_samples}")
        ### END SOLUTION
    return n_samples


# Hidden state


def _pixels(rng: np.random.Generator, dtype: Any) -> list[Case]:
    tiny = np.array([[0, 51], [204, 255]], dtype=np.uint8)
    image = rng.integers(200, size=(8, 8), dtype=np.uint8)
    night = rng.integers(2, size=(4, 4), dtype=np.uint8)
    return [
        case(tiny, 1, label="cell 2 run once"),
        case(tiny, 2, label="cell 2 run twice"),
        case(image, int(rng.integers(3, 9)), label="cell 2 run many times"),
        case(night, 1, label="an almost black image (0 and 1 only)"),
    ]


def _same_however_often(f, rng):
    pixels = rng.integers(256, size=(3, 3), dtype=np.uint8)
    once, often = np.asarray(f(pixels, 1)), np.asarray(f(pixels, 5))
    if np.array_equal(once, often):
        return True
    return f"The largest pixel is {once.max():.3g} after one run of cell 2, and {often.max():.3g} after five."


def _scaled_in_a_row(pixels, times):
    images = pixels
    for _ in range(times):
        images = np.divide(images, 255)
    return images


def _scaled_in_place(pixels, times):
    images = pixels
    for _ in range(times):
        images /= 255
    return images


def _scaled_unless_small(pixels, times):
    images = pixels
    for _ in range(times):
        if images.max() > 1:
            images = images / 255
    return images


def _scaled_by_own_maximum(pixels, times):
    return pixels / pixels.max()


def _reads_its_own(pixels, times):
    for _ in range(times):
        scaled = scaled / 255  # type: ignore[has-type]  # noqa: F821
    return scaled


@exercise(
    "start.repair_rerun",
    title="Repair a cell that must not run twice",
    section=("predict-text", "4 · Predict, run, explain"),
    points=2,
    version=1,
    cases=_pixels,
    compare=close(),
    laws=[law("once or five times, the same", _same_however_often)],
    mistakes=[
        mistake(
            "still-piles-up",
            _scaled_in_a_row,
            "Every run still divides what the run before left. Read from a name that the cell never writes: "
            "scaled = images / 255.",
            seen="jupytearth.org, 'Managing state': a = a*2, run again, changes again",
        ),
        mistake(
            "divided-in-place",
            _scaled_in_place,
            "/= changes the loaded image itself, and an image of whole numbers (uint8) cannot hold 0.5. "
            "Make a new array under a new name: scaled = images / 255.",
            seen="zhixuhao/unet issue #176: /= 255 on whole numbers, casting rule 'same_kind'",
        ),
        mistake(
            "guessed-by-maximum",
            _scaled_unless_small,
            "You ask the numbers whether they were scaled before. An almost black image (0 and 1) fools that question. "
            "A new name needs no question.",
            seen="a public Fashion-MNIST script (it trains ERMNeuralNetClassifier): if X.max() > 1: X = X / 255.",
        ),
        mistake(
            "returned-the-loaded-ones",
            lambda pixels, times: pixels,
            "You return what was loaded, not what was scaled. Return the name that cell 2 writes.",
            seen="expected slip, not yet seen: a new name in the cell, the old one in the return",
        ),
        mistake(
            "whole-numbers",
            lambda pixels, times: pixels // 255,
            "Whole numbers have no place for 0.2: // and astype(int) drop what is behind the point. Divide with a "
            "single /, and leave the result as it is.",
            seen="common slip: // for /",
        ),
        mistake(
            "own-maximum",
            _scaled_by_own_maximum,
            "You divide by the brightest pixel of this image. Then every image gets another scale; the range 0 to 255 "
            "is the same for all.",
            seen="yuanming-hu/fc4 issue #28: raw / raw.max(), the maximum of one image",
        ),
        mistake(
            "reads-its-own",
            _reads_its_own,
            "The cell reads `scaled` before anything has a value there. Read the loaded numbers: scaled = "
            "images / 255.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided-by-256",
            lambda pixels, times: pixels / 256,
            "There are 256 grey levels, but they run from 0 to 255. Divide by the largest, 255: then white is 1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "multiplied",
            lambda pixels, times: pixels * 255,
            "You multiplied. From 0..255 to 0..1 leads a division: images / 255.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[lambda pixels, times: pixels / 255, lambda pixels, times: pixels.astype(float) * (1 / 255)],
    hints_for={
        **same_hints(
            [
                "Follow one pixel, 255, by hand: what is it after the first run of cell 2, and after the second?",
                (
                    "The second run must find the same numbers as the first. So the cell must not write the name that "
                    "it reads."
                ),
                "scaled = images / 255      # reads images, writes scaled",
            ],
            "once or five times, the same",
            "still-piles-up",
            "cell 2 run twice",
            "cell 2 run many times",
        ),
        **same_hints(
            [
                (
                    "Print the largest pixel of an almost black picture before and after scaling. Can you tell the two "
                    "apart?"
                ),
                (
                    "The numbers cannot tell whether they were scaled. Two names can: one for the loaded picture, one "
                    "for the scaled."
                ),
                "scaled = images / 255      # whatever the largest pixel is",
            ],
            "an almost black image (0 and 1 only)",
        ),
    },
    hints=[
        "Which name does cell 2 read? Which does it write? What does its second run find there?",
        "Let cell 2 write a new name, `scaled`, and leave `images` alone. Return `scaled`.",
        "images = pixels\nfor _ in range(times):\n    scaled = ...\nreturn ...",
    ],
)
def rerun(pixels, times):
    """Repair cell 2, which somebody runs `times` times: the result must not depend on that."""
    # cell 1: load, values 0 to 255
    images = pixels
    # cell 2: scale to 0..1
    for _ in range(times):
        ### BEGIN SOLUTION
        #: images = images / 255  # repair this line
        scaled = images / 255
        ### END SOLUTION
    # what the next cell sees
    ### BEGIN SOLUTION
    #: return images  # and this one
    return scaled
    ### END SOLUTION


# The playground


_WIDGET_WORDS = ("does not broadcast", "already (5, 5)")


def _reached(expected: Any, actual: Any) -> Problem | None:
    """Compare what the playground shows with the goal; its answer may be words, which is no fault of the learner's."""
    if exact()(expected, actual) is None:
        return None
    if isinstance(actual, str) and actual not in _WIDGET_WORDS:
        return Problem("not-there", "that is a text. Write `playground`, without quotes, in place of the `...`.")
    if isinstance(actual, str):
        return Problem("not-there", f"not there yet: find two smaller shapes whose sum has shape {expected!r}.")
    if isinstance(actual, tuple | list) and any(isinstance(size, tuple | list) for size in actual):
        words = "type your two shapes into the fields of the widget; in this cell write `playground`."
        return Problem("not-there", words)
    if isinstance(actual, tuple | list) and len(actual) > len(expected):
        return Problem("not-there", f"the sum has {len(actual)} axes, and two are enough: leave one out.")
    return Problem("not-there", f"the answer so far is {actual!r}, and the task asks for {expected!r}.")


@exercise(
    "start.reach_shape",
    title="Find two shapes that reach a third",
    section=("by-hand", "3 · By hand"),
    kind="widget",
    points=1,
    version=1,
    cases=cases(case(label="the shape of the sum")),
    compare=_reached,
    mistakes=[
        mistake(
            "does-not-fit",
            lambda: "does not broadcast",
            "These two shapes do not fit: some axis has two different sizes, and neither is 1.",
            seen="expected slip, not yet seen: (5, 2) and (2, 5), as in a matrix product",
        ),
        mistake(
            "goal-typed-in",
            lambda: "already (5, 5)",
            "One of your shapes is (5, 5) itself. Find two smaller ones that stretch each other.",
            seen="expected slip, not yet seen: the shortest way",
        ),
        mistake(
            "nothing-stretched",
            lambda: (5,),
            "(5,) and (5,) are two rows: they meet on the same axis, and nothing stretches. Make one a column, (5, 1).",
            seen="expected slip, not yet seen: two vectors of one length",
        ),
        mistake(
            "two-columns",
            lambda: (5, 1),
            "You have a column. The other array must bring the 5 on the last axis.",
            seen="expected slip, not yet seen: both arrays made columns",
        ),
        mistake(
            "two-rows",
            lambda: (1, 5),
            "You have one row. The other array must bring a 5 on the first axis: make it a column, (5, 1).",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    hints_for={
        **same_hints(
            [
                "Find the axis, counted from the right, on which the two sizes differ.",
                "Two different sizes fit only if one of them is 1. Change one of the two to 1.",
                "(5, 1)\n(?, 5)      the 1 takes the 5",
            ],
            "does-not-fit",
        ),
    },
    hints=[
        "You need a 5 on both axes, and no array may bring both.",
        "Let one array be a column: its second size is 1.",
        "(5, 1) + (?,)",
    ],
)
def reach_shape():
    """Find two shapes, neither of them (5, 5), whose sum has shape (5, 5)."""
    ### BEGIN SOLUTION
    #: reached = ...
    reached = (5, 5)
    ### END SOLUTION
    return reached


# The article, repaired


def _blocks(rng: np.random.Generator, dtype: Any) -> list[Case]:
    """Draw small sums, which a learner can read, and large ones for grading; where n is w, a wrong sum is silent."""
    shapes = [(2, 1, 2, 1), (3, 1, 2, 1), (2, 2, 2, 2), (7, 7, 7, 5), (4, 3, 2, 5)]
    return [
        case(
            rng.integers(10, size=shape).astype(dtype),
            (rng.permutation(shape[0] * shape[3]) + 1).reshape(shape[0], shape[3]).astype(dtype) * 10,
            label=f"blocks {shape}, vectors {(shape[0], shape[3])}",
            hidden=shape[0] > 3,
        )
        for shape in shapes
    ]


def _touches_one_sample(f, rng):
    blocks, vectors = rng.normal(size=(4, 4, 4, 3)), rng.normal(size=(4, 3))
    changed = vectors.copy()
    changed[2] += 1
    moved = (np.asarray(f(blocks, vectors)) != np.asarray(f(blocks, changed))).reshape(4, -1).any(axis=1)
    if moved.tolist() == [False, False, True, False]:
        return True
    return f"A new vector for sample 2 changed the samples {np.flatnonzero(moved).tolist()}."


def _same_in_any_order(f, rng):
    blocks, vectors = rng.normal(size=(3, 3, 3, 2)), rng.normal(size=(3, 2))
    order = [2, 0, 1]
    return np.allclose(np.asarray(f(blocks, vectors))[order], f(blocks[order], vectors[order]))


def _add_in_a_loop(blocks, vectors):
    return np.stack([block + vector for block, vector in zip(blocks, vectors, strict=True)])


def _add_transposed(blocks, vectors):
    return (blocks.transpose(1, 2, 0, 3) + vectors).transpose(2, 0, 1, 3)


def _written_in_place(blocks, vectors):
    for i in range(len(blocks)):
        blocks[i] += vectors[i]
    return blocks


@exercise(
    "start.repair_sum",
    title="Add each vector to its own block",
    section=("by-hand", "3 · By hand"),
    points=3,
    version=1,
    cases=_blocks,
    compare=close(),
    laws=[
        law("the vector of one sample reaches that sample only", _touches_one_sample),
        law("samples may come in any order", _same_in_any_order, hidden=True),
    ],
    mistakes=[
        mistake(
            "lined-up-from-right",
            lambda blocks, vectors: np.add(blocks, vectors),
            "The sum still lines up from the right: the samples of `vectors` meet the columns of `blocks`. "
            "Put two axes of size 1 between the samples and the features of `vectors`.",
            seen="thinbug.com/q/58245025: why does Keras add image and text features of different shapes?",
        ),
        mistake(
            "one-axis-short",
            lambda blocks, vectors: blocks + vectors[:, None, :],
            "You put in one axis: (n, 1, c). Its samples now meet the rows of `blocks`. One more axis is needed.",
            seen="expected slip, not yet seen: one None too few",
        ),
        mistake(
            "ones-in-front",
            lambda blocks, vectors: blocks + vectors[None, None, :, :],
            "Ones in front change nothing: NumPy puts them there anyway. They belong between samples and features.",
            seen="common slip: the new axes at the wrong end",
        ),
        mistake(
            "ones-behind",
            lambda blocks, vectors: blocks + vectors[:, :, None, None],
            "Samples meet samples now, but the features of `vectors` meet the rows of `blocks`. "
            "Features stay last: put the ones between.",
            seen="common slip: the new axes at the wrong end",
        ),
        mistake(
            "sizes-typed-in",
            lambda blocks, vectors: blocks + vectors.reshape(7, 1, 1, 512),
            "7 and 512 fit the article only. vectors[:, None, None, :] takes every size from the array.",
            seen="common slip: sizes read off the screen",
        ),
        mistake(
            "first-vector-for-all",
            lambda blocks, vectors: blocks + vectors[0],
            "You add the vector of sample 0 to every sample. Each sample has a vector of its own.",
            seen="common slip: an index that makes the shapes fit",
        ),
        mistake(
            "one-vector-for-all",
            lambda blocks, vectors: blocks + vectors.mean(axis=0),
            "You add the average vector to every sample: no error any more, and no difference between samples either.",
            seen="expected slip, not yet seen: an axis averaged away until the shapes fit",
        ),
        mistake(
            "blocks-averaged",
            lambda blocks, vectors: blocks.mean(axis=(1, 2)) + vectors,
            "You averaged over height and width. That gives one row per sample, but the task keeps every place: "
            "the result has the shape of `blocks`.",
            seen="expected slip, not yet seen: pooling, which is right in another place",
        ),
        mistake(
            "axes-left-moved",
            lambda blocks, vectors: blocks.transpose(1, 2, 0, 3) + vectors,
            "You moved the samples next to the features, added, and forgot to move them back.",
            seen="expected slip, not yet seen: a transpose without its way back",
        ),
        mistake(
            "transposed",
            lambda blocks, vectors: blocks + vectors.T,
            ".T swaps the two axes of `vectors`, and it still has only two. It needs two more, of size 1, "
            "between them.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "seven-typed-in",
            lambda blocks, vectors: np.stack([blocks[i] + vectors[i] for i in range(7)]),
            "7 fits the article only. Count the samples: range(len(blocks)).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "last-picture-only",
            lambda blocks, vectors: blocks[-1] + vectors[-1],
            "Only the last picture came back: each turn of the loop replaces the one before. Collect them all, "
            "or leave the loop away and give `vectors` two axes of size 1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-picture-only",
            lambda blocks, vectors: blocks[0] + vectors[0],
            "Only the first picture came back: your `return` stands inside the loop. Move it to the left, "
            "below the loop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "written-in-place",
            _written_in_place,
            "+= writes into the blocks that you were given, and the caller still needs them. Make a new array: "
            "blocks + ...",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-vectors-added",
            lambda blocks, vectors: blocks + vectors.sum(axis=0),
            "You add the sum of all vectors to every sample. Each sample gets its own vector only.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-given-to-blocks",
            lambda blocks, vectors: blocks[:, None, None, :] + vectors,
            "`blocks` has its four axes already. It is `vectors` that lacks two: put the None there.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        _add_in_a_loop,
        _add_transposed,
        lambda blocks, vectors: blocks + vectors.reshape(len(vectors), 1, 1, -1),
        lambda blocks, vectors: blocks + np.expand_dims(vectors, (1, 2)),
    ],
    hints_for={
        "the vector of one sample reaches that sample only": [
            "Change one vector only and look which pictures change: more than one does.",
            "Samples must be the first axis of both arrays, and shapes are lined up from the right.",
            "vectors.shape  # (n, c): make it (n, 1, 1, c)",
        ],
        **same_hints(
            [
                "Write the shape of `blocks`, and below it the shape of what you add to it, flush right.",
                "Every pair of sizes must be equal, or one of them 1. Samples stand first in both, features last.",
                "blocks   (n, h, w, c)\nvectors  (n, 1, 1, c)",
            ],
            "raised",
            "shape",
        ),
    },
    hints=[
        "Write (7, 7, 7, 512) and (7, 512) below each other, flush right. Which 7 does the 7 of `vectors` meet?",
        "Samples must meet samples. Give `vectors` the shape (n, 1, 1, c): the two ones stretch over height and width.",
        "fused = blocks + vectors[:, ..., ..., :]     with None in both places",
    ],
)
def add_to_blocks(blocks, vectors):
    """Add vector i to all places of block i: (n, h, w, c) and (n, c) -> (n, h, w, c)."""
    # 1 line up the axes: samples must meet samples
    ### BEGIN SOLUTION
    #: fused = blocks + vectors  # the article's line: repair it
    fused = blocks + vectors[:, None, None, :]
    ### END SOLUTION
    return fused


@exercise(
    "start.why_silent",
    title="Say why a wrong sum stays silent",
    section=("by-hand", "3 · By hand"),
    kind="choice",
    points=1,
    version=2,
    cases=cases(case(label="your choice")),
    options={
        "a": "NumPy printed a warning, and warnings scroll away.",
        "b": "Both arrays have 512 features on their last axis, and two last axes of equal size must never be added.",
        "c": "The numbers were rounded, which hid the difference.",
        "d": "There happened to be as many samples as a block has columns, so the shapes fit.",
    },
    mistakes=[
        mistake(
            "warned",
            lambda: "a",
            "NumPy warned of nothing: to NumPy this is a correct sum.",
            seen="expected slip, not yet seen",
        ),
        mistake(
            "blames-512",
            lambda: "b",
            "The 512 features may and must meet: the repaired sum needs them too. Look at the sevens.",
            seen="expected slip, not yet seen",
        ),
        mistake(
            "blames-rounding",
            lambda: "c",
            "The wrong vectors were added, in full precision. Look at the sevens.",
            seen="expected slip, not yet seen",
        ),
    ],
)
def why_silent():
    """Choose why the fault in the article could go unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "d"
    ### END SOLUTION
    return answer
