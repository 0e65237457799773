"""Chapter 09-similarity: cosine, Euclid and Manhattan, the best k, ties, recall, and spaces that do not meet."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import functools
from dataclasses import replace

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LinearRegression

from mmlearn_edu.checks.authoring import (
    case,
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
from mmlearn_edu.checks.comparators.kinds import kind_problem
from mmlearn_edu.checks.comparators.structure import Ranking
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.datasets import load_docstrings
from mmlearn_edu.features import CountVectorizer
from mmlearn_edu.similarity import cosine_similarity
from mmlearn_edu.widgets import nearest_items

CHAPTER = chapter("09-similarity", "Similarity: a search always answers", minutes=50, needs=["00-start-here"])

LIBRARY = ["mmlearn_edu.similarity", "mmlearn_edu.retrieval", "sklearn.metrics", "scipy.spatial"]


def _who_finds(found):
    often = {name for name, share in found.items() if share > 0.9}
    return "a" if len(often) == 3 else "b" if often == {"cosine"} else "c"


PREDICTIONS = [
    prediction(
        id="similarity.half_as_bright",
        prompt="300 digits are written half as bright: every pixel times 0.5. Each searches for its own original among "
        "all 1797. Which metric names it as the nearest?",
        options={
            "a": "all three, nearly always",
            "b": "cosine nearly always, Euclid and Manhattan rarely",
            "c": "Euclid and Manhattan nearly always, cosine rarely",
        },
        outcome=_who_finds,
        after="Half as bright, a row points the same way, and cosine sees only that. But half of the way to zero is a "
        "long way: some other digit, a faint one, lies nearer.",
        example={"cosine": 1.0, "Euclid": 0.3, "Manhattan": 0.2},
    ),
    prediction(
        id="similarity.same_width",
        prompt="Text, image, audio and clip have 8 columns each now. A caption searches the pictures by cosine. Of the "
        "five that it finds, how many have its size and shape? (By chance, 0.08.)",
        options={
            "a": "as many as when captions search captions",
            "b": "about half as many as that",
            "c": "about as many as by chance",
        },
        outcome=lambda share: "c" if share < 0.2 else "b" if share < 0.7 else "a",
        after="Column 3 of a caption and column 3 of a picture have nothing to do with each other. Cosine multiplies "
        "them all the same.",
        example=0.08,
    ),
]

QUESTIONS = [
    question(
        id="similarity.q1",
        prompt="A row of positive numbers is multiplied by 3. What happens to its cosine with the row it was before?",
        options={"a": "it is 3", "b": "it is 1/3", "c": "it is 1"},
        answer="c",
        why="Cosine divides by both lengths; only the direction is left, and it is the same.",
        wrong={"a": "No cosine is larger than 1.", "b": "The length is divided away."},
    ),
    question(
        id="similarity.q2",
        prompt="A query has no known word, so its row is all zeros. What is its cosine with a text, by our rule?",
        options={"a": "not a number", "b": "0", "c": "1"},
        answer="b",
        why="Zeros have no direction, so they are like nothing. Without a rule the formula gives 0 / 0.",
        wrong={
            "a": "That is 0 / 0 without a guard, and it spoils every sort after it.",
            "c": "1 would say that it points the same way as every text.",
        },
    ),
    question(
        id="similarity.q3",
        prompt="All rows have length 1. You rank by cosine, your friend by Euclid. How do your orders differ?",
        options={"a": "not at all", "b": "yours is reversed", "c": "in the ties only"},
        answer="a",
        why="The squared distance is then 2 - 2 cos: the larger the cosine, the smaller the distance.",
        wrong={
            "b": "Nearest first is the same item in both.",
            "c": "Equal cosines are equal distances here.",
        },
    ),
    question(
        id="similarity.q4",
        prompt="A table of words and a table of pixels have 300 columns each. Some text and some picture have a cosine "
        "of 0.8. What does it tell?",
        options={
            "a": "that they show the same thing",
            "b": "that they have 80 % in common",
            "c": "nothing, until somebody has shown that column j means the same in both",
        },
        answer="c",
        why="Same width is not same space. Cosine computes a number for any two rows of one width.",
        wrong={"a": "Two arbitrary rows of positive numbers often have a high cosine.", "b": "A cosine is no share."},
    ),
    question(
        id="similarity.q5",
        prompt="A broken model gives every pair the score 0.5. There are 100 pairs. What is recall@10, with ties in "
        "every order?",
        options={"a": "0.10", "b": "0.50", "c": "1.00"},
        answer="a",
        why="In a random order, the partner is among the first 10 of 100 one time in ten. That is chance.",
        wrong={
            "b": "The score itself does not matter, only who scores more.",
            "c": "So says who counts how many items are strictly better: none.",
        },
    ),
    question(
        id="similarity.q6",
        prompt="`top_k(scores, 5)` returns the five highest. You have Euclidean distances. What do you pass?",
        options={"a": "distances", "b": "-distances", "c": "distances[::-1]"},
        answer="b",
        why="Distances sort the other way round: the smallest is the nearest.",
        wrong={"a": "These are the five farthest.", "c": "That turns round the queries."},
    ),
    question(
        id="similarity.q7",
        prompt="A camera has six dead pixels, all white. Which metric is disturbed least?",
        options={"a": "Manhattan", "b": "Euclid", "c": "cosine"},
        answer="a",
        why="Manhattan counts a difference as it is. Euclid squares it, so that few large ones outweigh many small.",
        wrong={
            "b": "Squared, six large differences outweigh all the others.",
            "c": "The white pixels turn the row's direction, and enter the length squared.",
        },
    ),
    question(
        id="similarity.q8",
        prompt="Your search across two modalities names a best match for every query, with cosines near 0.8. What do "
        "you do before you believe it?",
        options={
            "a": "check that no cosine is negative",
            "b": "shuffle the pairs and compare the recall",
            "c": "search once more with Euclid",
        },
        answer="b",
        why="A search always answers. What it finds in shuffled pairs is chance; only more than that counts.",
        wrong={"a": "The sign says nothing about the pairs.", "c": "In spaces that do not meet, Euclid is as blind."},
    ),
]


def _rows(rng, dtype, *shape):
    """Draw rows of very different lengths, positive and negative."""
    return (rng.normal(size=shape) * np.geomspace(1, 5, shape[0])[:, None]).astype(dtype)


# similarity.compare_directions

SHORT = 1e-6  # the length of a row that is short, and yet not zero


def _direction_cases(rng, dtype):
    zeros = _rows(rng, dtype, 4, 3)
    zeros[2] = 0
    return [
        case(
            np.array([[3, 4], [0, 0]], dtype=dtype),
            np.array([[6, 8], [4, -3], [0, 0]], dtype=dtype),
            label="2 rows and 3 rows by hand, two of zeros",
        ),
        case(_rows(rng, dtype, 3, 5), _rows(rng, dtype, 4, 5), label="3 rows and 4 rows"),
        case(_rows(rng, dtype, 5, 5), _rows(rng, dtype, 5, 5), label="5 rows and 5 rows"),
        case(zeros, _rows(rng, dtype, 2, 3), label="a row of zeros among 4"),
        case(_rows(rng, dtype, 2, 3) * dtype(SHORT), _rows(rng, dtype, 3, 3), label="very short rows"),
        case(
            _rows(rng, dtype, 3, 8),
            _rows(rng, dtype, 2, 6),
            raises=ValueError,
            says=("8", "6", "columns"),
            label="8 columns and 6 columns",
        ),
    ]


def _length(X):
    return np.sqrt((np.asarray(X) ** 2).sum(axis=1, keepdims=True))


def _guarded(X, Y):
    if X.shape[1] != Y.shape[1]:
        raise ValueError(f"{X.shape[1]} columns and {Y.shape[1]} columns")


def _cosine(X, Y, length=_length, guard=_guarded, zero=1.0):
    """Compare directions, with the slips that the mistakes below need."""
    guard(X, Y)
    long_x, long_y = length(X), length(Y)
    if zero is not None:
        long_x, long_y = np.where(long_x == 0, zero, long_x), np.where(long_y == 0, zero, long_y)
    return (X / long_x) @ (Y / long_y).T


def _one_by_one(X, Y):
    _guarded(X, Y)
    return np.array([[_one_cosine(x, y) for y in Y] for x in X])


def _one_cosine(x, y):
    lengths = np.linalg.norm(x) * np.linalg.norm(y)
    return x @ y / lengths if lengths else 0.0


def _quiet(X, Y):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(_cosine(X, Y, zero=None))


def _loud(X, Y):
    with np.errstate(invalid="ignore"):
        return _cosine(X, Y, zero=None)


def _unguarded(X, Y):
    with np.errstate(invalid="ignore"):
        return X @ Y.T / (_length(X) * _length(Y).T)


def _cut(X, Y):
    width = min(X.shape[1], Y.shape[1])
    return _cosine(X[:, :width], Y[:, :width])


def _only_direction(f, rng):
    X, Y = _rows(rng, np.float64, 3, 4), _rows(rng, np.float64, 2, 4)
    same = np.allclose(f(X, Y), f(X * [[2.0], [0.5], [1000.0]], Y))
    return same or "A longer row got another cosine. Only the direction counts."


def _itself(f, rng):
    X = _rows(rng, np.float64, 4, 3)
    return np.allclose(np.diag(f(X, X)), 1) or "The cosine of a row with itself is 1."


@exercise(
    "similarity.compare_directions",
    title="Compare directions, zeros and widths minded",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_direction_cases,
    compare=close(),
    laws=[
        law("only the direction counts", _only_direction),
        law("a row has cosine 1 with itself", _itself),
    ],
    mistakes=[
        mistake(
            "zero-over-zero",
            _loud,
            "A row of zeros has length 0, and 0 / 0 is not a number. Divide such rows by 1 instead: "
            "np.where(length > 0, length, 1).",
            seen="scipy documentation: cosine distance of a zero vector is nan",
        ),
        mistake(
            "dot-product",
            lambda X, Y: (_guarded(X, Y), X @ Y.T)[1],
            "That is the dot product: it grows with the lengths of the rows. Divide every row by its length first.",
            seen="expected slip, not yet seen: not scaled",
        ),
        mistake(
            "one-side-only",
            lambda X, Y: (_guarded(X, Y), (X / np.where(_length(X) > 0, _length(X), 1)) @ Y.T)[1],
            "The rows of X have length 1 now, those of Y still have their own. Divide both.",
            seen="expected slip, not yet seen: the second table forgotten",
        ),
        mistake(
            "other-side-only",
            lambda X, Y: (_guarded(X, Y), X @ (Y / np.where(_length(Y) > 0, _length(Y), 1)).T)[1],
            "The rows of Y have length 1 now, those of X still have their own. Divide both.",
            seen="expected slip, not yet seen: the first table forgotten",
        ),
        mistake(
            "no-square-root",
            lambda X, Y: _cosine(X, Y, lambda Z: _length(Z) ** 2),
            "You divided by the squared length. The length is its square root.",
            seen="expected slip, not yet seen: square root forgotten",
        ),
        mistake(
            "lengths-of-columns",
            lambda X, Y: _cosine(X, Y, lambda Z: np.sqrt((Z**2).sum(axis=0, keepdims=True))),
            "You divided by the lengths of the columns. A sample is a row: sum over axis 1.",
            seen="expected slip, not yet seen: axis 0 for axis 1",
        ),
        mistake(
            "one-length-for-all",
            lambda X, Y: _cosine(X, Y, lambda Z: np.full((len(Z), 1), np.linalg.norm(Z))),
            "You divided all rows by one number, the length of the whole table: np.linalg.norm needs axis=1.",
            seen="numpy documentation: without an axis, norm is that of the whole matrix",
        ),
        mistake(
            "summed-not-measured",
            lambda X, Y: _cosine(X, Y, lambda Z: np.abs(Z).sum(axis=1, keepdims=True)),
            "You divided by the sum of the absolute values. The length is the root of the sum of squares.",
            seen="expected slip, not yet seen: L1 for L2",
        ),
        mistake(
            "plain-sum",
            lambda X, Y: _cosine(X, Y, lambda Z: Z.sum(axis=1, keepdims=True)),
            "You divided by the sum of the row. The length is the root of the sum of squares.",
            seen="expected slip, not yet seen: sum for length",
        ),
        mistake(
            "a-little-added",
            lambda X, Y: _cosine(X, Y, lambda Z: _length(Z) + Z.dtype.type(1e-8)),
            "You added a small number to every length. Very short rows get too small a cosine by that. "
            "Change the length of zeros only: np.where(length > 0, length, 1).",
            seen="torch documentation: cosine_similarity has eps=1e-08",
        ),
        mistake(
            "at-least-one",
            lambda X, Y: _cosine(X, Y, lambda Z: np.maximum(_length(Z), 1)),
            "Rows shorter than 1 keep their own length here. Only zeros may be divided by 1: np.where(length > 0, "
            "length, 1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "distance-returned",
            lambda X, Y: 1 - _cosine(X, Y),
            "That is 1 minus the cosine, a distance: 0 for the same direction. Return the cosine, 1 for the same.",
            seen="scipy documentation: cdist with metric='cosine' is one minus the cosine",
        ),
        mistake(
            "angle-returned",
            lambda X, Y: np.arccos(np.clip(_cosine(X, Y), -1, 1)),
            "That is the angle. Return its cosine: the dot product of rows of length 1.",
            seen="expected slip, not yet seen: one step too many",
        ),
        mistake(
            "zeros-like-all",
            lambda X, Y: np.where((_length(X) == 0) | (_length(Y) == 0).T, X.dtype.type(1), _cosine(X, Y)),
            "Your rows of zeros have cosine 1: as if they pointed the same way as all. They point nowhere: 0.",
            seen="expected slip, not yet seen: another rule for zeros",
        ),
        mistake(
            "guard-on-shape",
            lambda X, Y: _cosine(X, Y, guard=_shapes_guarded),
            "You compare whole shapes, so 2 rows and 3 rows are refused. Compare the numbers of columns alone: "
            "X.shape[1].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "cut-to-the-shorter",
            _cut,
            "You cut the wider table to the width of the other. Column j still means two things. Raise a ValueError.",
            seen="what section 5 shows: same width is not same space",
        ),
        mistake(
            "guard-left-out",
            lambda X, Y: _cosine(X, Y, guard=lambda X, Y: None),
            "With two widths, only NumPy complains, of a matmul. Raise your own ValueError before that: it names both "
            "widths and says `columns`.",
            seen="expected slip, not yet seen: left to the library",
        ),
        mistake(
            "zeros-unguarded",
            _unguarded,
            "Two things are missing. Rows of zeros give 0 / 0: divide them by 1. And two widths want a ValueError of "
            "your own, which says `columns`.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-length-unguarded",
            lambda X, Y: X @ Y.T / np.linalg.norm(X) / np.linalg.norm(Y),
            "You divided all rows by one number, the length of the whole table: np.linalg.norm needs axis=1. And two "
            "widths want a ValueError of your own, which says `columns`.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "guard-on-rows",
            lambda X, Y: _cosine(X, Y, guard=_rows_guarded),
            "You compare the numbers of rows. They may differ; the numbers of columns, shape[1], may not.",
            seen="expected slip, not yet seen: shape[0] for shape[1]",
        ),
    ],
    alternatives=[_one_by_one, _quiet, lambda X, Y: _cosine(X, Y, lambda Z: np.linalg.norm(Z, axis=1, keepdims=True))],
    hints_for=same_hints(
        [
            "Which rows come out as nan, or like all others? What is their length?",
            "Zeros have no direction. Divide them by 1 instead of 0: they stay zeros, and every dot product is 0.",
            "np.where(length > 0, ..., ...)      # the length, or what stands in for 0",
        ],
        "zero-over-zero",
        "zeros-like-all",
        "at-least-one",
        "nan",
    )
    | same_hints(
        [
            "Print the length of every row after you divided. Is each 1, in both tables?",
            "Length of a row: square, sum over axis 1, square root. keepdims=True leaves a column to divide by.",
            "length = np.sqrt((table**2).sum(axis=..., keepdims=True))",
        ],
        "dot-product",
        "one-side-only",
        "other-side-only",
        "no-square-root",
        "lengths-of-columns",
        "one-length-for-all",
        "summed-not-measured",
        "plain-sum",
        "shape",
    )
    | same_hints(
        [
            "What does your function do with 8 columns and 6 columns?",
            "Compare X.shape[1] with Y.shape[1] before anything else.",
            'if X.shape[1] != ...:\n    raise ValueError(f"{X.shape[1]} columns and {...} columns")',
        ],
        "cut-to-the-shorter",
        "guard-left-out",
        "guard-on-rows",
        "zeros-unguarded",
        "one-length-unguarded",
        "guard-on-shape",
        "8 columns and 6 columns",
    ),
    equivalent_mutants={
        "unit.append(table / np.where(length > 0, length, 1)): 1 -> 2": "zeros divided by 2 are zeros, too",
    },
    hints=[
        "Three steps: mind the widths, give every row length 1, multiply.",
        "A row of length 1 is the row divided by the root of its sum of squares. Which rows cannot be divided?",
        (
            "length = np.sqrt((table**2).sum(axis=1, keepdims=True))\n"
            "unit.append(table / np.where(length > 0, ..., ...))"
        ),
    ],
    forbids=LIBRARY,
)
def compare_directions(X, Y):
    """Return the cosine of every row of X with every row of Y: (n_X, n_Y).

    A row of zeros has no direction: its cosines are 0.
    Two widths are a ValueError that names both, and says "columns".
    """
    # 0 mind the widths
    ### BEGIN SOLUTION
    #: if ...:
    #:     raise ValueError(f"{X.shape[1]} columns and {Y.shape[1]} columns")
    if X.shape[1] != Y.shape[1]:
        raise ValueError(f"{X.shape[1]} columns and {Y.shape[1]} columns")
    ### END SOLUTION
    unit = []
    for table in (X, Y):
        # 1 length of every row, a column (n, 1); then divide, but not by 0
        length = np.sqrt((table**2).sum(axis=1, keepdims=True))
        ### BEGIN SOLUTION
        #: unit.append(table / ...)
        unit.append(table / np.where(length > 0, length, 1))
        ### END SOLUTION
    # 2 multiply and add, every row with every row
    ### BEGIN SOLUTION
    #: return ...
    return unit[0] @ unit[1].T
    ### END SOLUTION


def _shapes_guarded(X, Y):
    if X.shape != Y.shape:
        raise ValueError(f"{X.shape[1]} columns and {Y.shape[1]} columns")


def _rows_guarded(X, Y):
    if len(X) != len(Y):
        raise ValueError(f"{len(X)} rows and {len(Y)} rows")


# similarity.measure_distances

HAND_QUERY, HAND_ITEMS = [[3, 3]], [[6, 6], [1, 5], [3, 0]]


def _distance_cases(rng, dtype):
    return [
        case(
            np.array(HAND_QUERY, dtype=dtype),
            np.array(HAND_ITEMS, dtype=dtype),
            label="the query and the three items of section 3",
        ),
        case(_rows(rng, dtype, 2, 3), _rows(rng, dtype, 4, 3), label="2 rows and 4 rows"),
        case(_rows(rng, dtype, 5, 4), _rows(rng, dtype, 3, 4), label="5 rows and 3 rows"),
        case(_rows(rng, dtype, 3, 3), _rows(rng, dtype, 3, 3), label="3 rows and 3 rows"),
    ]


def _gaps(X, Y):
    return X[:, None] - Y[None]


def _euclid(gaps):
    return np.sqrt((gaps**2).sum(axis=2))


def _manhattan(gaps):
    return np.abs(gaps).sum(axis=2)


def _doubled(X, Y):
    with np.errstate(invalid="ignore"):
        return np.sqrt((_gaps(X, Y) * 2).sum(axis=2)), _manhattan(_gaps(X, Y))


def _expanded(X, Y):
    squared = (X**2).sum(axis=1)[:, None] - 2 * X @ Y.T + (Y**2).sum(axis=1)
    return np.sqrt(np.maximum(squared, 0)), np.array([np.abs(Y - x).sum(axis=1) for x in X])


def _there_and_back(f, rng):
    X, Y = _rows(rng, np.float64, 3, 4), _rows(rng, np.float64, 2, 4)
    return all(np.allclose(there, np.transpose(back)) for there, back in zip(f(X, Y), f(Y, X), strict=True))


def _moved_together(f, rng):
    X, Y = _rows(rng, np.float64, 3, 2), _rows(rng, np.float64, 2, 2)
    step = np.array([5, -7])
    return all(np.allclose(a, b) for a, b in zip(f(X, Y), f(X + step, Y + step), strict=True))


@exercise(
    "similarity.measure_distances",
    title="Measure all distances without a loop",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_distance_cases,
    compare=close(),
    laws=[
        law("as far there as back", _there_and_back),
        law("moving all rows together changes nothing", _moved_together),
    ],
    mistakes=[
        mistake(
            "no-square-root",
            lambda X, Y: ((_gaps(X, Y) ** 2).sum(axis=2), _manhattan(_gaps(X, Y))),
            "Your first answer is the squared distance. Take the square root of the sum.",
            seen="expected slip, not yet seen: square root forgotten",
        ),
        mistake(
            "root-of-each",
            lambda X, Y: (np.sqrt(_gaps(X, Y) ** 2).sum(axis=2), _manhattan(_gaps(X, Y))),
            "The root of a square is the absolute value, so this is Manhattan twice. Sum first, then take the root.",
            seen="expected slip, not yet seen: root inside the sum",
        ),
        mistake(
            "root-of-sizes",
            lambda X, Y: (np.sqrt(_manhattan(_gaps(X, Y))), _manhattan(_gaps(X, Y))),
            "You took the root of the summed sizes. Euclid squares every difference first, then sums, then takes "
            "the root.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "doubled-not-squared",
            _doubled,
            "gaps * 2 doubles the differences. To square them takes two stars: gaps**2.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "no-absolute-value",
            lambda X, Y: (_euclid(_gaps(X, Y)), _gaps(X, Y).sum(axis=2)),
            "Your Manhattan distances can be negative: steps to the left cancel steps to the right. Take np.abs first.",
            seen="expected slip, not yet seen: the sign left in",
        ),
        mistake(
            "squares-for-sizes",
            lambda X, Y: (_euclid(_gaps(X, Y)), (_gaps(X, Y) ** 2).sum(axis=2)),
            "Your second answer is the squared Euclidean distance. Manhattan adds up the sizes as they are: np.abs.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "absolute-value-last",
            lambda X, Y: (_euclid(_gaps(X, Y)), np.abs(_gaps(X, Y).sum(axis=2))),
            "You summed first, so steps to the left cancelled steps to the right. First np.abs, then the sum.",
            seen="expected slip, not yet seen: order of sum and absolute value",
        ),
        mistake(
            "swapped",
            lambda X, Y: (_manhattan(_gaps(X, Y)), _euclid(_gaps(X, Y))),
            "Both are right, in the wrong order: return euclid, manhattan.",
            seen="expected slip, not yet seen: order of what is returned",
        ),
        mistake(
            "means",
            lambda X, Y: (np.sqrt((_gaps(X, Y) ** 2).mean(axis=2)), np.abs(_gaps(X, Y)).mean(axis=2)),
            "You averaged over the features. A distance adds them up: sum, not mean.",
            seen="expected slip, not yet seen: mean for sum",
        ),
        mistake(
            "largest-difference",
            lambda X, Y: (_euclid(_gaps(X, Y)), np.abs(_gaps(X, Y)).max(axis=2)),
            "You took the largest difference (that is Chebyshev's distance). Manhattan adds them all up.",
            seen="expected slip, not yet seen: max for sum",
        ),
        mistake(
            "row-with-row",
            lambda X, Y: (np.sqrt(((X - Y) ** 2).sum(axis=1)), np.abs(X - Y).sum(axis=1)),
            "X - Y subtracts row 0 from row 0, row 1 from row 1. Every row must meet every row: X[:, None] - Y.",
            seen="expected slip, not yet seen: broadcasting forgotten",
        ),
        mistake(
            "turned-round",
            lambda X, Y: (_euclid(_gaps(Y, X)), _manhattan(_gaps(Y, X))),
            "Your tables are (n_Y, n_X). A row of X is a row of the answer: X[:, None] - Y[None].",
            seen="expected slip, not yet seen: the two tables changed places",
        ),
        mistake(
            "features-kept",
            lambda X, Y: (np.sqrt((_gaps(X, Y) ** 2).sum(axis=1)), np.abs(_gaps(X, Y)).sum(axis=1)),
            "You summed over the rows of Y. The features are the last axis of (n_X, n_Y, n_features): axis=2.",
            seen="expected slip, not yet seen: axis 1 for axis 2",
        ),
        mistake(
            "queries-summed",
            lambda X, Y: (np.sqrt((_gaps(X, Y) ** 2).sum(axis=0)), np.abs(_gaps(X, Y)).sum(axis=0)),
            "You summed over the rows of X. The features are the last axis of (n_X, n_Y, n_features): axis=2.",
            seen="expected slip, not yet seen: axis 0 for axis 2",
        ),
        mistake(
            "one-number",
            lambda X, Y: (np.sqrt((_gaps(X, Y) ** 2).sum()), np.abs(_gaps(X, Y)).sum()),
            "You summed over everything. Sum over the features only: axis=2.",
            seen="expected slip, not yet seen: sum without an axis",
        ),
        mistake(
            "euclid-only",
            lambda X, Y: _euclid(_gaps(X, Y)),
            "Euclid is right. Return Manhattan with it: euclid, manhattan.",
            seen="expected slip, not yet seen: half of the answer",
        ),
        mistake(
            "manhattan-only",
            lambda X, Y: _manhattan(_gaps(X, Y)),
            "Manhattan is right. Return Euclid with it, and first: euclid, manhattan.",
            seen="met while taking this chapter as a learner",
        ),
    ],
    alternatives=[
        _expanded,
        lambda X, Y: (
            np.array([[np.linalg.norm(x - y) for y in Y] for x in X]),
            np.array([[np.abs(x - y).sum() for y in Y] for x in X]),
        ),
    ],
    hints_for=same_hints(
        [
            "Print gaps.shape. Which axis are the features?",
            "X[:, None] is (n_X, 1, n_features); minus Y it stretches to (n_X, n_Y, n_features), as in chapter 00.",
            "gaps = X[:, None] - Y      # then sum over axis=...",
        ],
        "row-with-row",
        "turned-round",
        "features-kept",
        "queries-summed",
        "one-number",
        "raised",
        "shape",
    )
    | same_hints(
        [
            "Put in two rows that differ by (3, -3). Euclid is 4.24, Manhattan 6. What are yours?",
            "Euclid: square, sum, root. Manhattan: absolute value, sum. In this order.",
            "np.sqrt((gaps**2).sum(axis=2)), np.abs(...).sum(axis=2)",
        ],
        "no-square-root",
        "root-of-each",
        "root-of-sizes",
        "doubled-not-squared",
        "no-absolute-value",
        "squares-for-sizes",
        "absolute-value-last",
    ),
    hints=[
        "First all differences at once, then two ways to add them up.",
        "Give X an axis in the middle, and every row of X meets every row of Y.",
        "gaps = X[:, None] - ...\nreturn np.sqrt(...), np.abs(gaps).sum(axis=...)",
    ],
    forbids=LIBRARY,
)
def measure_distances(X, Y):
    """Return (euclid, manhattan), each (n_X, n_Y): how far every row of X is from every row of Y."""
    # subtract every row of Y from every row of X: (n_X, n_Y, n_features)
    ### BEGIN SOLUTION
    gaps = X[:, None] - Y
    ### END SOLUTION
    # Euclid: square, add up, root; Manhattan: sizes, add up
    ### BEGIN SOLUTION
    return np.sqrt((gaps**2).sum(axis=2)), np.abs(gaps).sum(axis=2)
    ### END SOLUTION


# similarity.foresee_changes

WORDS = ("same", "doubles", "other")


def _one_of_three(expected, actual):
    """Compare words; say which there are to who wrote another."""
    word = actual.strip().lower() if isinstance(actual, str) else actual
    if word is not None and word is not Ellipsis and word not in WORDS:
        return Problem("word", 'Write "same", "doubles" or "other".')
    return exact()(expected, word)


@exercise(
    "similarity.foresee_changes",
    title="Foresee what a longer vector changes",
    section=("change-text", "What changes when a vector doubles?"),
    kind="value",
    points=3,
    compare=each_key(_one_of_three),
    mistakes=[
        mistake(
            "cosine-grows",
            lambda: {"cosine, q doubled": "doubles", "cosine, both doubled": "doubles"},
            "Cosine divides by both lengths: however long a row is, its cosines stay.",
            seen="expected slip, not yet seen: cosine taken for a dot product",
        ),
        mistake(
            "cosine-other",
            lambda: {"cosine, q doubled": "other", "cosine, both doubled": "other"},
            "Cosine looks at directions only, and a doubled vector keeps its direction.",
            seen="expected slip, not yet seen: what cosine is blind to",
        ),
        mistake(
            "dot-is-cosine",
            lambda: {"dot, q doubled": "same", "dot, both doubled": "same"},
            "A dot product is not divided by anything: it grows with the lengths.",
            seen="expected slip, not yet seen: dot taken for cosine",
        ),
        mistake(
            "dot-doubles-once",
            lambda: {"dot, both doubled": "doubles"},
            "Each of the two brings a factor 2 into every product: it becomes four times as large.",
            seen="expected slip, not yet seen: 2 times 2",
        ),
        mistake(
            "one-end-moved",
            lambda: {"Euclid, q doubled": "doubles", "Manhattan, q doubled": "doubles"},
            "Only one end of the way has moved. From (1, 0) to (3, 0) it is 2; from (2, 0) to (3, 0) it is 1.",
            seen="expected slip, not yet seen: distance taken for length",
        ),
        mistake(
            "distance-blind-to-length",
            lambda: {
                "Euclid, q doubled": "same",
                "Manhattan, q doubled": "same",
                "Euclid, both doubled": "same",
            },
            "Distances go from point to point, and a doubled vector is another point. Only cosine is blind to length.",
            seen="expected slip, not yet seen: distances taken for angles",
        ),
        mistake(
            "zoom-unforeseen",
            lambda: {"Euclid, both doubled": "other"},
            "Doubling both is a zoom: every difference doubles, and so does the distance.",
            seen="expected slip, not yet seen: scale of a picture",
        ),
        mistake(
            "moved-apart",
            lambda: {"Euclid, both + (5, 5)": "other"},
            "Both points move by the same step, so the way between them stays as it was.",
            seen="expected slip, not yet seen: what distances are blind to",
        ),
        mistake(
            "cosine-blind-to-moves",
            lambda: {"cosine, both + (5, 5)": "same"},
            "Seen from zero, the two lie in other directions now: (1, 0) and (0, 1) become (6, 5) and (5, 6), "
            "and the cosine goes from 0 to 0.98.",
            seen="expected slip, not yet seen: cosine does depend on where zero is",
        ),
    ],
    hints_for=same_hints(
        [
            "Take q = (1, 0) and x = (3, 4). Write down the number before and after.",
            "From (1, 0) to (3, 4), then from (2, 0) to (3, 4): is the second way twice the first?",
            "Before: 2 and 4 to go. After: 1 and 4. Both doubled: 4 and 8.",
        ],
        "one-end-moved",
        "distance-blind-to-length",
        "zoom-unforeseen",
        "moved-apart",
    )
    | same_hints(
        [
            "Take q = (1, 0) and x = (0, 1): at right angles. Move both by (5, 5) and draw them.",
            "A cosine is a dot product divided by two lengths. Where does the factor 2 stay, where does it vanish?",
            "dot: 2 q · x.      cosine: 2 q · x / (2 |q| |x|)",
        ],
        "cosine-grows",
        "cosine-other",
        "dot-is-cosine",
        "dot-doubles-once",
        "cosine-blind-to-moves",
    ),
    hints=[
        "Do not guess: take q = (1, 0) and x = (3, 4), and compute each before and after.",
        "Which of them look at the direction, which at the point, which at both?",
        "cosine: directions. Euclid, Manhattan: the way between two points. dot: cosine times both lengths.",
    ],
)
def foresee_changes():
    """Say what becomes of each number, for most q and x: "same", "doubles" or "other" (anything else)."""
    ### BEGIN SOLUTION
    #: changes = {
    #:     "dot, q doubled": ...,
    #:     "cosine, q doubled": ...,
    #:     "Euclid, q doubled": ...,
    #:     "Manhattan, q doubled": ...,
    #:     "dot, both doubled": ...,
    #:     "cosine, both doubled": ...,
    #:     "Euclid, both doubled": ...,
    #:     "cosine, both + (5, 5)": ...,
    #:     "Euclid, both + (5, 5)": ...,
    #: }
    changes = {
        "dot, q doubled": "doubles",
        "cosine, q doubled": "same",
        "Euclid, q doubled": "other",
        "Manhattan, q doubled": "other",
        "dot, both doubled": "other",
        "cosine, both doubled": "same",
        "Euclid, both doubled": "doubles",
        "cosine, both + (5, 5)": "other",
        "Euclid, both + (5, 5)": "same",
    }
    ### END SOLUTION
    return changes


# similarity.pick_top


def _few_values(rng, dtype, *shape):
    return rng.integers(0, 5, size=shape).astype(dtype) / 4


def _top_cases(rng, dtype):
    return [
        case(np.array([[0.25, 0.75, 0.75, 0.5]], dtype=dtype), 3, label="1 query, 4 items, a tie"),
        case(rng.permuted(np.arange(24).reshape(3, 8), axis=1).astype(dtype), 2, label="3 queries, 8 items"),
        case(_few_values(rng, dtype, 4, 300), 10, label="4 queries, 300 items, many ties"),
        case(
            rng.permuted(np.array([[-2, -1, 0, 1, 2], [-4, -3, -2, -1, 0]], dtype=dtype), axis=1),
            5,
            label="scores below zero, all 5 items",
        ),
        case(np.full((2, 40), 0.5, dtype=dtype), 4, label="40 items that all score the same"),
        case(_few_values(rng, dtype, 5, 60), 1, label="5 queries, the best one"),
    ]


class _Top(Ranking):
    """Judge an order of columns; an order that is wrong only among equals is told."""

    def __call__(self, expected, actual):
        """Return where the order differs first, and why."""
        problem = kind_problem(expected, actual)
        if problem or close()(expected, actual) is None:
            return problem
        want, got = np.asarray(expected), np.asarray(actual)
        if got.dtype.kind not in "iu":
            words = "These are no column numbers but scores, or floats. Return columns: np.argsort, not np.sort."
            return Problem("scores", words)
        if self._tied(want, got)[want != got].all():
            query, place = (int(i[0]) for i in np.nonzero(want != got))
            return Problem(
                "tie",
                f"Query {query}: columns {want[query, place]} and {got[query, place]} score the same; the lower comes "
                'first. np.argsort keeps the order of equals only with kind="stable".',
            )
        if np.array_equal(np.sort(want, axis=1), np.sort(got, axis=1)):
            return Problem("order", "These are the best k of every query, but not best first.")
        return super().__call__(expected, actual)


def _stable(scores):
    return np.argsort(-scores, axis=1, kind="stable")


def _turned_over(scores, k):
    with np.errstate(divide="ignore"):
        return np.argsort(1 / scores, axis=1, kind="stable")[:, :k]


def _looked_up(scores, k):
    return np.array([[np.flatnonzero(row == score)[0] for score in -np.sort(-row)[:k]] for row in scores])


def _copies_in_a_row(f, rng):
    scores = np.repeat(_few_values(rng, np.float64, 2, 30), 2, axis=1)
    best = np.asarray(f(scores, 6))
    return np.array_equal(best[:, 1::2], best[:, ::2] + 1) or "Of two equal columns, the lower must stand first."


@exercise(
    "similarity.pick_top",
    title="Pick the best k, with a rule for ties",
    section=("ties-text", "The best k, and a rule for ties"),
    points=3,
    cases=_top_cases,
    compare=_Top(lambda scores, k: scores),
    laws=[law("of two equal columns the lower comes first", _copies_in_a_row)],
    mistakes=[
        mistake(
            "worst-first",
            lambda scores, k: np.argsort(scores, axis=1, kind="stable")[:, :k],
            "np.argsort sorts from small to large: these are the worst. Sort -scores.",
            seen="expected slip, not yet seen: argsort without a minus",
        ),
        mistake(
            "best-last",
            lambda scores, k: np.argsort(scores, axis=1, kind="stable")[:, -k:],
            "These are the last k of a sort from small to large: the best stands last, and so does the higher of "
            "equals. Sort -scores and take the first k.",
            seen="expected slip, not yet seen: argsort()[:, -k:], not turned round",
        ),
        mistake(
            "ties-turned-round",
            lambda scores, k: np.argsort(scores, axis=1, kind="stable")[:, ::-1][:, :k],
            "You turned a sort round, and with it the order of equals: now the highest column comes first. "
            "Sort -scores instead.",
            seen="expected slip, not yet seen: [::-1] in place of a minus",
        ),
        mistake(
            "turned-over",
            _turned_over,
            "1 / score puts every negative score before every positive one, and 0 has no such number. Sort -scores.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "looked-up-again",
            _looked_up,
            "You look every score up again, and equal scores find one column twice. Sort the columns themselves: "
            "np.argsort.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "counted-from-one",
            lambda scores, k: _stable(scores)[:, :k] + 1,
            "You counted the columns from 1. The first column is 0: no + 1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "scores-returned",
            lambda scores, k: -np.sort(-scores, axis=1)[:, :k],
            "These are the best scores. Return their columns: np.argsort, not np.sort.",
            seen="expected slip, not yet seen: sort for argsort",
        ),
        mistake(
            "queries-cut",
            lambda scores, k: _stable(scores)[:k],
            "[:k] cuts the rows: you kept k queries. Cut the columns: [:, :k].",
            seen="expected slip, not yet seen: the comma forgotten",
        ),
        mistake(
            "not-cut",
            lambda scores, k: _stable(scores),
            "You returned all items in order. Keep the first k of every row: [:, :k].",
            seen="expected slip, not yet seen: stopped after the sort",
        ),
        mistake(
            "queries-sorted",
            lambda scores, k: np.argsort(-scores, axis=0, kind="stable")[:k],
            "You sorted the queries for every item. Sort the items of every query: axis=1.",
            seen="expected slip, not yet seen: axis 0 for axis 1",
        ),
        mistake(
            "places-returned",
            lambda scores, k: np.argsort(_stable(scores), axis=1)[:, :k],
            "argsort of argsort gives the place of every item. The items at the first k places are asked for.",
            seen="expected slip, not yet seen: ranks for columns",
        ),
        mistake(
            "by-column-number",
            lambda scores, k: np.sort(_stable(scores)[:, :k], axis=1),
            "These are the right items, sorted by their column. Put the best first.",
            seen="expected slip, not yet seen: a mask, or a partition left as it is",
        ),
        mistake(
            "first-query-only",
            lambda scores, k: _stable(scores)[0, :k],
            "That is the answer to the first query. Return a row for every query.",
            seen="expected slip, not yet seen: [0] left in",
        ),
        mistake(
            "one-place-late",
            lambda scores, k: _stable(scores)[:, 1 : k + 1],
            "The best one is missing. Leaving out the first is right where items search among themselves, not here.",
            seen="expected slip, not yet seen: the habit of leaving out oneself",
        ),
        mistake(
            "best-twice",
            lambda scores, k: np.tile(scores.argmax(axis=1)[:, None], (1, k)),
            "You have the best item k times. Sort, and take k different ones.",
            seen="expected slip, not yet seen: argmax in a loop, the best never taken out",
        ),
    ],
    alternatives=[
        lambda scores, k: np.array([sorted(range(len(row)), key=(-row).__getitem__)[:k] for row in scores]),
        lambda scores, k: np.array([np.lexsort((np.arange(len(row)), -row))[:k] for row in scores]),
    ],
    hints_for=same_hints(
        [
            "Look at two items with the same score. Which column stands first in yours?",
            'Sort -scores, so that equals keep their order, and ask for a sort that keeps it: kind="stable".',
            'np.argsort(-scores, axis=..., kind="...")',
        ],
        "tie",
        "ties-turned-round",
        "looked-up-again",
        "of two equal columns the lower comes first",
    )
    | same_hints(
        [
            "Print the shape of what you return. Is it (n_queries, k)?",
            "Sort along a row, axis=1; then cut columns: a colon for all rows, a comma, and :k.",
            "...[:, :k]",
        ],
        "queries-cut",
        "not-cut",
        "queries-sorted",
        "first-query-only",
        "shape",
    ),
    equivalent_mutants={
        "return np.argsort(-scores, axis=1, kind='stable')[:, :k]: np.argsort(-scores, axis=1, kind='stable') -> "
        "np.argsort(-scores, kind='stable')": "the last axis is what argsort takes by itself",
        "return np.argsort(-scores, axis=1, kind='stable')[:, :k]: 'stable' -> 'stable_'": "the first letter counts",
    },
    hints=[
        "np.argsort says which columns to take, smallest number first. How do you make the best the smallest?",
        "There may be ties: read what np.argsort says of `kind`.",
        'np.argsort(..., axis=1, kind="stable")[..., :k]',
    ],
    forbids=LIBRARY,
)
def pick_top(scores, k):
    """Return the columns of the k highest scores of every row, best first: (n_queries, k).

    Among equal scores, the lowest column comes first.
    """
    ### BEGIN SOLUTION
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]
    ### END SOLUTION


# similarity.measure_recall


def _recall_cases(rng, dtype):
    distinct = rng.permuted(np.arange(36).reshape(6, 6), axis=1).astype(dtype)
    hand = np.array([[0.75, 0.25, 0.0], [0.75, 0.25, 0.5], [0.25, 0.5, 0.5]], dtype=dtype)
    best = distinct - 2 * np.tril(distinct, -1) + 40 * np.eye(6, dtype=dtype)
    return [
        case(hand, 1, label="3 queries: found, not found, a tie of two"),
        case(distinct, 2, label="6 queries, the best 2"),
        case(best, 3, label="6 queries, all found"),
        case(np.full((5, 5), 0.5, dtype=dtype), 2, label="a model that scores all pairs the same"),
        case(_few_values(rng, dtype, 12, 12), 3, label="12 queries, many ties, the best 3"),
        case(_few_values(rng, dtype, 9, 9), 4, label="9 queries, many ties, the best 4"),
    ]


def _recall(scores, k, share=None, axis=1):
    """Measure recall, with the slips that the mistakes below need: `share` says what better and tied items leave."""
    own = np.diag(scores)[:, None] if axis else np.diag(scores)
    better, tied = (scores > own).sum(axis=axis), (scores == own).sum(axis=axis)
    share = share or (lambda better, tied, k: np.clip((k - better) / tied, 0, 1))
    return float(np.mean(share(better, tied, k)))


def _drawn(scores, k):
    """Walk through the places of every tie."""
    total = 0.0
    for i, row in enumerate(scores):
        better, tied = int((row > row[i]).sum()), int((row == row[i]).sum())
        total += sum(place < k for place in range(better, better + tied)) / tied
    return total / len(scores)


def _by_position(scores, k):
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float((best == np.arange(len(scores))[:, None]).any(axis=1).mean())


def _own_as_a_row(scores, k):
    own = np.diag(scores)
    better, tied = (scores > own).sum(axis=1), (scores == own).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.clip((k - better) / tied, 0, 1).mean())


def _worse_counted(scores, k):
    return _recall(-scores, k)


class _FairRecall:
    """Compare two numbers; one that could come of breaking ties in some way is told."""

    def __init__(self, case=None):
        self.case = case

    def for_case(self, case):
        """Return the same rule for one call, whose scores tell what ties are worth."""
        return _FairRecall(case)

    def __call__(self, expected, actual):
        """Return what is wrong."""
        problem = close()(expected, actual)
        if problem is None or problem.id != "value" or self.case is None:
            return problem
        scores, k = (np.asarray(one) for one in self.case.args)
        worst = _recall(scores, k, lambda better, tied, k: better + tied <= k)
        best = _recall(scores, k, lambda better, tied, k: better < k)
        if not worst <= actual <= best:
            return problem
        words = (
            f"With ties broken in one way or another it is {worst:.3g} to {best:.3g}. Do not break them: count the "
            "share of orders in which the own item is found, (k - better) / tied, from 0 to 1."
        )
        return replace(problem, id="ties", message=words)


def _constant_is_chance(f, rng):
    found = f(np.full((8, 8), 0.3), 2)
    return np.isclose(found, 0.25) or "All 8 score the same, so the best 2 hold the own item 1 time in 4: 0.25."


def _order_is_no_clue(f, rng):
    scores, order = _few_values(rng, np.float64, 10, 10), rng.permutation(10)
    return np.isclose(f(scores, 3), f(scores[np.ix_(order, order)], 3))


@exercise(
    "similarity.measure_recall",
    title="Measure recall, ties in every order",
    section=("recall-at-text", "Recall@k"),
    points=3,
    cases=_recall_cases,
    compare=_FairRecall(),
    laws=[
        law("equal scores for all get chance, k / n", _constant_is_chance),
        law("the order of the items is no clue", _order_is_no_clue),
    ],
    mistakes=[
        mistake(
            "ties-for-you",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: better < k),
            "Ties count for you: a model that scores all pairs the same gets 1. Of `tied` items at the same score, "
            "only k - better find room among the first k: that share counts.",
            seen="met in published code: rank = number of items that score strictly more",
        ),
        mistake(
            "up-to-k",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: better <= k),
            "With k better items the own one is at place k + 1 at best: better < k. And ties count for you here: "
            "of `tied` items only k - better find room among the first k.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "mean-place",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: better + (tied - 1) / 2 < k),
            "You gave tied items their mean place, so a tie is in or out as a whole. Count the share of orders in "
            "which the own item is found: (k - better) / tied, from 0 to 1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-of-tied",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: (better < k) / tied),
            "You give a tie one place, 1 / tied. There are k - better places left for it: (k - better) / tied, "
            "from 0 to 1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "ties-against-you",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: better + tied <= k),
            "Ties count against you: the own item is put behind all that score the same. Count the share of orders in "
            "which it is found: (k - better) / tied, from 0 to 1.",
            seen="expected slip, not yet seen: >= in the count of better items",
        ),
        mistake(
            "ties-by-position",
            _by_position,
            "You sorted, so a tie is decided by the column: the position of an item becomes a clue. Count the share "
            "of orders in which it is found: (k - better) / tied, from 0 to 1.",
            seen="expected slip, not yet seen: argsort as the rule",
        ),
        mistake(
            "tie-counts-half",
            lambda scores, k: _recall(
                scores, k, lambda better, tied, k: ((better < k) + 1.0 * (better + tied <= k)) / 2
            ),
            "A tie counts half here, however many share it. With four items on two places it is (k - better) / tied.",
            seen="expected slip, not yet seen: half for every tie",
        ),
        mistake(
            "not-clipped",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: (k - better) / tied),
            "Without limits a query counts less than 0 or more than 1. Clip every share: np.clip(..., 0, 1).",
            seen="expected slip, not yet seen: the limits forgotten",
        ),
        mistake(
            "clipped-above-only",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: np.minimum((k - better) / tied, 1)),
            "A query that is not found counts less than 0. Clip from below, too: np.clip(..., 0, 1).",
            seen="expected slip, not yet seen: one limit forgotten",
        ),
        mistake(
            "clipped-below-only",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: np.maximum((k - better) / tied, 0)),
            "A query that is found counts more than 1. Clip from above, too: np.clip(..., 0, 1).",
            seen="expected slip, not yet seen: one limit forgotten",
        ),
        mistake(
            "divided-by-k",
            lambda scores, k: _recall(scores, k) / k,
            "You divided by k. That is the share of the items shown; recall is the share of the queries answered.",
            seen="expected slip, not yet seen: precision for recall",
        ),
        mistake(
            "one-place-too-many",
            lambda scores, k: _recall(scores, k + 1),
            "One place too many: with no better item the own one has k places to fall on. k - better, no + 1.",
            seen="expected slip, not yet seen: fence posts",
        ),
        mistake(
            "items-search",
            lambda scores, k: _recall(scores, k, axis=0),
            "You let the items search for the queries. A query is a row: compare along axis 1, with own as a column.",
            seen="expected slip, not yet seen: the diagonal stretched the other way",
        ),
        mistake(
            "own-as-a-row",
            _own_as_a_row,
            "Your own is a row, so item j of every query was compared with the own score of query j. Make it a "
            "column: np.diag(scores)[:, None].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "worse-counted",
            _worse_counted,
            "You counted the items that score less. A high score is near: count those that score more, scores > own.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "first-place-only",
            lambda scores, k: _recall(scores, 1),
            "That is recall@1. The own item may stand anywhere among the first k.",
            seen="expected slip, not yet seen: k unused",
        ),
        mistake(
            "summed",
            lambda scores, k: _recall(scores, k) * len(scores),
            "You summed over the queries. Recall is a share: take the mean.",
            seen="expected slip, not yet seen: sum for mean",
        ),
        mistake(
            "one-a-query",
            lambda scores, k: np.clip(
                (k - (scores > np.diag(scores)[:, None]).sum(axis=1))
                / (scores == np.diag(scores)[:, None]).sum(axis=1),
                0,
                1,
            ),
            "Right for every query. Return one number: the mean over the queries.",
            seen="expected slip, not yet seen: mean forgotten",
        ),
        mistake(
            "exactly-at-k",
            lambda scores, k: _recall(scores, k, lambda better, tied, k: better == k - 1),
            "You count who stands exactly at place k. Among the first k is enough.",
            seen="expected slip, not yet seen: == for <",
        ),
    ],
    alternatives=[_drawn],
    hints_for=same_hints(
        [
            "Four items share places 2 to 5, among them the own one, and k = 3. In what share of all orders is it in?",
            "`better` items are sure to stand before it. Of the k places, k - better are left for `tied` items.",
            "share = (k - better) / tied      # and never below ..., never above ...",
        ],
        "ties-for-you",
        "ties-against-you",
        "ties-by-position",
        "tie-counts-half",
        "up-to-k",
        "mean-place",
        "one-of-tied",
        "not-clipped",
        "clipped-above-only",
        "clipped-below-only",
        "ties",
        "equal scores for all get chance, k / n",
        "the order of the items is no clue",
    )
    | same_hints(
        [
            "Print own.shape. What does (n, n) > (n,) compare, and what (n, n) > (n, 1)?",
            "np.diag(scores)[:, None] is a column: every row is compared with its own score.",
            "better = (scores > own).sum(axis=...)",
        ],
        "items-search",
        "own-as-a-row",
        "shape",
    ),
    hints=[
        "For every query two numbers: how many items score more than its own, and how many the same.",
        "If ties come in every order, the own item is found in a share (k - better) / tied of them, from 0 to 1.",
        (
            "own = np.diag(scores)[:, None]\nbetter = (scores > own).sum(axis=1)\ntied = ...\n"
            "return np.clip(... / tied, 0, 1).mean()"
        ),
    ],
    forbids=[*LIBRARY, "mmlearn_edu.evaluation"],
)
def measure_recall(scores, k):
    """Return recall@k, one number: the share of queries whose own item is among the k best.

    scores is (n, n); item i belongs to query i.
    Equal scores count as the mean of all their orders.
    """
    ### BEGIN SOLUTION
    own = np.diag(scores)[:, None]
    better = (scores > own).sum(axis=1)
    tied = (scores == own).sum(axis=1)  # its own among them
    return np.clip((k - better) / tied, 0, 1).mean()
    ### END SOLUTION


# similarity.move_query

WORD_PAIR = ["graph", "edge"]
TEXTS = [307, 479, 124, 38, 743]


@functools.cache
def _counts():
    """Count two words in five texts: the items of the notebook's widget, (5, 2)."""
    texts = load_docstrings().X["text"][TEXTS]
    table = CountVectorizer().fit(texts)
    return table.transform(texts).toarray()[:, [table.vocabulary_[word] for word in WORD_PAIR]].astype(float)


@functools.cache
def _names():
    """Name the five texts as the notebook does."""
    return [name.rpartition(".")[2].replace("_", " ") for name in load_docstrings().latents["name"][TEXTS]]


def _says(place, metric):
    return nearest_items(place, _counts(), metric)


def _apart(place):
    return not set(_says(place, "cosine")) & set(_says(place, "euclidean"))


def _disagreement(expected, actual):
    """Accept any place where the two have no nearest item in common; say what they find there otherwise."""
    problem = kind_problem(np.zeros(2), actual)
    if problem:
        return _no_place(actual) or problem
    place = np.asarray(actual, dtype=float)
    if _apart(np.asarray(expected, dtype=float)):
        return None if _apart(place) else _agreed(place)
    return close()(expected, actual)


def _no_place(actual):
    if isinstance(actual, str):
        return Problem("text", "That is a text. Give the place, [x, y], or the widget itself, without quotes.")
    if isinstance(actual, int | float | np.number) and not isinstance(actual, bool):
        return Problem("one-number", "That is one number. A place has two, [x, y]: so many `graph`, so many `edge`.")
    return None


def _agreed(place):
    if not place.any():
        return Problem("origin", "At (0, 0) the query has no direction: to cosine all texts are equally near.")
    name = _names()[_says(place, "cosine")[0]]
    words = f"At ({place[0]:g}, {place[1]:g}) cosine and Euclid both find `{name}`."
    return Problem("agreed", words)


@exercise(
    "similarity.move_query",
    title="Find a query on which two metrics disagree",
    section=("widget-text", "7 · Move the query"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(counts=_counts(), label="the place")],
    compare=_disagreement,
    mistakes=[
        mistake(
            "no-direction",
            lambda counts: [0.0, 0.0],
            "At the origin the query has no direction: by our rule its cosine with every text is 0, a tie of all. "
            "So cosine does not disagree; it says nothing. Move away.",
            seen="expected slip, not yet seen: the zero vector taken for a place",
        ),
        mistake(
            "on-the-first",
            lambda counts: counts[0].tolist(),
            "You stand on a text. There the distance is 0 and the angle too: all metrics find it. Move away from it.",
            seen="expected slip, not yet seen: on an item",
        ),
        mistake(
            "on-the-second",
            lambda counts: counts[1].tolist(),
            "You stand on a text. There the distance is 0, and the angle too: all metrics find it. Go outwards from "
            "zero, in the same direction.",
            seen="expected slip, not yet seen: on an item",
        ),
        mistake(
            "in-the-middle",
            lambda counts: counts.mean(axis=0).round(1).tolist(),
            "In the middle of the five, cosine and Euclid agree. Go where a long and a short text point almost the "
            "same way.",
            seen="expected slip, not yet seen: the mean as a query",
        ),
    ],
    alternatives=[lambda counts: [9.0, 6.0], lambda counts: np.array([10.0, 5.5])],
    hints_for=same_hints(
        [
            "Which texts lie nearly in one direction, seen from zero, and how far apart are they?",
            "Two texts lie at almost one angle. Be near the long one, but exactly at the angle of the short one.",
            "place = [6 * ..., 3 * ...]      # the same factor twice: bridges, made longer",
        ],
        "agreed",
        "no-direction",
        "on-the-first",
        "on-the-second",
        "in-the-middle",
    ),
    equivalent_mutants={
        "place = 1.8 * counts[1]: 1.8 * counts[1] -> 1.8 / counts[1]": "another place where they disagree",
        "place = 1.8 * counts[1]: 1.8 -> 2.8": "another place where they disagree",
    },
    hints=[
        "Move the query with the arrow keys, and read after each step which text each metric names.",
        "Cosine wants the same direction, Euclid a short way. Go outwards along the direction of a short text.",
        "place = moving      # once the widget shows a tick",
    ],
)
def move_the_query(counts):
    """Find a place, [x, y], where cosine and Euclid name different nearest texts.

    Give the place, or the widget itself.
    """
    ### BEGIN SOLUTION
    #: place = ...  # [x, y], or the widget itself: place = moving
    place = 1.8 * counts[1]  # the direction of the second text, near the first
    ### END SOLUTION
    return place


# similarity.fix_article and why


def _linked(rng, n, n_known, wide=12):
    """Draw n pairs of texts and pictures that say the same four things, each in its own columns."""
    meaning = rng.normal(size=(n, 4)) + np.array([2, 0, 0, 0])
    return meaning @ rng.normal(size=(4, 4)), meaning @ rng.normal(size=(4, wide)), n_known


def _mixed(rng):
    """Draw known pairs, new pairs, and as many new rows of which text i and picture i do not belong together."""
    texts, images, n_known = _linked(rng, 58, 30, wide=60)
    texts[44:] = np.roll(texts[44:], 1, axis=0)
    return texts, images + 0.15 * rng.normal(size=images.shape), n_known


def _article_cases(rng, dtype):
    strangers = case(*_mixed(rng), label="58 rows: 30 known pairs, 14 new pairs, 14 new rows that are no pairs")
    return [
        case(*_linked(rng, 40, 25), label="40 pairs, 25 of them known"),
        case(*_linked(rng, 70, 30, wide=30), label="70 pairs, 30 of them known"),
        replace(strangers, truth=14),
    ]


def _found(scores):
    """Return for every row whether its own column is the highest."""
    return np.asarray(scores).argmax(axis=1) == np.arange(len(scores))


def _cosines(scores):
    return np.abs(scores).max() <= 1 + 1e-6


class _Partners:
    """Judge scores by whom they find, among the first `n_pairs` rows; a leak finds partners where there are none."""

    def __init__(self, judging=False, n_pairs=None):
        self.judging, self.n_pairs = judging, n_pairs

    def for_case(self, case):
        """Return the same rule, for judging a call."""
        return _Partners(judging=True, n_pairs=case.truth)

    def __call__(self, expected, actual):
        """Return what is wrong first."""
        problem = kind_problem(expected, actual)
        if problem:
            return problem
        if not self.judging:  # is this the mistake?
            both = all(_found(scores).mean() > 0.9 and _cosines(scores) for scores in (expected, actual))
            return None if both else close(rtol=1e-4, atol=1e-6)(expected, actual)
        if not _cosines(actual):
            return Problem("no-cosines", "Some scores are larger than 1, so they are no cosines.")
        n_pairs = self.n_pairs or len(actual)
        found, strangers = _found(actual)[:n_pairs].mean(), _found(actual)[n_pairs:]
        if found < 0.7:
            words = f"Only {found:.0%} of the new texts find their own picture; by chance it is {1 / len(actual):.0%}."
            return Problem("not-found", words)
        if strangers.any() and strangers.mean() > 0.5:
            words = "Some of these rows are strangers, and yet they find each other: you learned from new rows."
            return Problem("leak", words)
        return None


def _cut_to_width(table, width):
    return TruncatedSVD(width, random_state=0).fit_transform(table)


def _learned(texts, images, fitted, n_known):
    return cosine_similarity(texts[n_known:], images[n_known:] @ np.linalg.lstsq(images[:fitted], texts[:fitted])[0])


def _predicted(texts, images, n_known):
    model = LinearRegression().fit(images[:n_known], texts[:n_known])
    return cosine_similarity(texts[n_known:], model.predict(images[n_known:]))


def _backwards(texts, images, n_known):
    to_pixels = np.linalg.lstsq(texts[:n_known], images[:n_known])[0]
    return cosine_similarity(texts[n_known:] @ to_pixels, images[n_known:])


def _pictures_in_columns(f, rng):
    texts, images, n_known = _linked(rng, 30, 20)
    order = rng.permutation(10)
    turned = images.copy()
    turned[n_known:] = images[n_known:][order]
    same = np.allclose(np.asarray(f(texts, images, n_known))[:, order], f(texts, turned, n_known), atol=1e-6)
    return same or "New texts are rows, new pictures are columns: pictures in another order are columns in that order."


def _pairs_teach(f, rng):
    texts, images, n_known = _linked(rng, 30, 20)
    mixed = images.copy()
    mixed[:n_known] = np.roll(images[:n_known], 1, axis=0)
    same = np.allclose(f(texts, images, n_known), f(texts, mixed, n_known), atol=1e-6)
    return not same or "The known pairs were mixed up, and nothing changed: your function never looked at the pairs."


@exercise(
    "similarity.fix_article",
    title="Repair a search across two spaces",
    section=("debug-text", "8 · Debug the article"),
    points=3,
    cases=_article_cases,
    compare=_Partners(),
    laws=[
        law("the known pairs are what it learns from", _pairs_teach),
        law("another order of the new pictures is another order of the columns", _pictures_in_columns),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda texts, images, n_known: cosine_similarity(
                texts[n_known:], _cut_to_width(images, texts.shape[1])[n_known:]
            ),
            "Both have the same width, and still two spaces: SVD never saw which picture belongs to which text. "
            "Learn a map from the known pairs.",
            seen="our own listing of a published repair: SVD to the same width, then cosine",
        ),
        mistake(
            "both-cut",
            lambda texts, images, n_known: cosine_similarity(
                _cut_to_width(texts, texts.shape[1])[n_known:], _cut_to_width(images, texts.shape[1])[n_known:]
            ),
            "Now both went through an SVD, each through its own: column j still means two things. "
            "Learn a map from the known pairs.",
            seen="expected slip, not yet seen: the same cure twice",
        ),
        mistake(
            "columns-cut",
            lambda texts, images, n_known: cosine_similarity(texts[n_known:], images[n_known:, : texts.shape[1]]),
            "You kept the first columns of the pictures. They are pixels; the texts' columns are words.",
            seen="expected slip, not yet seen: cut to the same width",
        ),
        mistake(
            "padded",
            lambda texts, images, n_known: cosine_similarity(
                np.pad(texts[n_known:], ((0, 0), (0, images.shape[1] - texts.shape[1]))), images[n_known:]
            ),
            "Zeros made the texts as wide as the pictures. Column j still is a word in one and a pixel in the other.",
            seen="expected slip, not yet seen: padded to the same width",
        ),
        mistake(
            "cut-on-the-known",
            lambda texts, images, n_known: cosine_similarity(
                texts[n_known:],
                TruncatedSVD(texts.shape[1], random_state=0).fit(images[:n_known]).transform(images[n_known:]),
            ),
            "Fitting on known rows only is good manners, and still no word about pairs. Predict texts from pictures, "
            "and learn that from the known pairs.",
            seen="expected slip, not yet seen: a leak mended where there was another fault",
        ),
        mistake(
            "learned-from-all",
            lambda texts, images, n_known: _learned(texts, images, None, n_known),
            "You learned from new pairs, and those are what the search shall find. Learn from the first n_known rows "
            "alone.",
            seen="expected slip, not yet seen: fitted on test rows",
        ),
        mistake(
            "known-compared",
            lambda texts, images, n_known: _learned(texts, images, n_known, 0)[:n_known, :n_known],
            "You compare the known pairs. Learn from them, and compare the new ones: rows n_known and later.",
            seen="expected slip, not yet seen: the slice turned round",
        ),
        mistake(
            "all-compared",
            lambda texts, images, n_known: _learned(texts, images, n_known, 0),
            "You compare all rows. The known ones have done their work: return new texts against new pictures.",
            seen="expected slip, not yet seen: rows not cut",
        ),
        mistake(
            "dot-products",
            lambda texts, images, n_known: (
                texts[n_known:] @ (images[n_known:] @ np.linalg.lstsq(images[:n_known], texts[:n_known])[0]).T
            ),
            "The map is learned. Compare by cosine, or long predictions win.",
            seen="expected slip, not yet seen: not scaled",
        ),
    ],
    alternatives=[_predicted, _backwards],
    hints_for=same_hints(
        [
            "Mix up which picture belongs to which text, and run it again. Does your function notice?",
            "Chapter 00 taught each sense to speak: it learned, from pairs, to guess a scene's words from its picture.",
            "to_words = np.linalg.lstsq(images[:n_known], ...)[0]",
        ],
        "as-published",
        "both-cut",
        "columns-cut",
        "padded",
        "cut-on-the-known",
        "not-found",
        "the known pairs are what it learns from",
    )
    | same_hints(
        [
            "Which rows does your map learn from, and which does it compare? No row may do both.",
            "Slices: [:n_known] is what you may learn from, [n_known:] is what must be found.",
            "to_words = ...      # from images[:n_known] and texts[:n_known] only",
        ],
        "learned-from-all",
        "known-compared",
        "all-compared",
        "leak",
        "shape",
    )
    | same_hints(
        [
            "np.linalg.lstsq returns four things. Which of them is the table?",
            "The first: [0]. It turns rows as wide as its first argument into rows as wide as its second.",
            "to_words = np.linalg.lstsq(images[...], texts[...])[0]      # (columns of images, columns of texts)",
        ],
        "raised",
    ),
    hints=[
        "What in this function knows that picture 3 belongs to text 3?",
        "Learn from the first n_known pairs a table that turns pictures into texts: least squares, np.linalg.lstsq.",
        (
            "to_words = np.linalg.lstsq(images[...], texts[...])[0]\n"
            "return cosine_similarity(texts[n_known:], images[n_known:] @ ...)"
        ),
    ],
)
def match(texts, images, n_known):
    """Return the cosines of new texts (rows) with new pictures (columns).

    texts and images are two tables, one row a sample.
    The first n_known rows are known pairs: text i belongs to picture i.
    The others are new: whom they belong to is what the scores shall tell.
    """
    ### BEGIN SOLUTION
    #: svd = TruncatedSVD(texts.shape[1], random_state=0)
    #: images = svd.fit_transform(images)  # now both have the same width
    #: return cosine_similarity(texts[n_known:], images[n_known:])
    to_words = np.linalg.lstsq(images[:n_known], texts[:n_known])[0]
    return cosine_similarity(texts[n_known:], images[n_known:] @ to_words)
    ### END SOLUTION


@exercise(
    "similarity.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "8 · Debug the article"),
    kind="choice",
    points=1,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because SVD finds the columns that two tables have in common, and noise hid them",
        "b": "because cosine_similarity checks the widths, and equal widths are equal spaces",
        "c": "because 200 new pairs are too few to tell a good search from chance",
        "d": "because every caption got an answer with a high cosine, and no control was run",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "This SVD saw the pictures alone. It cannot know what they have in common with anything.",
            seen="expected slip, not yet seen: a wrong belief about SVD",
        ),
        mistake(
            "b",
            lambda: "b",
            "Equal widths are all it can check. What column j means is known to you, not to the function.",
            seen="expected slip, not yet seen: width taken for meaning",
        ),
        mistake(
            "c",
            lambda: "c",
            "200 are enough: mended, the same search goes from chance to its ceiling.",
            seen="expected slip, not yet seen: blaming the sample",
        ),
    ],
    hints=["What did a reader of the article see for every caption, and what would shuffled pairs have shown?"],
)
def why_unnoticed():
    """Say why the article's fault could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "d"
    ### END SOLUTION
    return answer
