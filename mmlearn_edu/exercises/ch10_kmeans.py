"""Chapter 10-kmeans: the objective, Lloyd's rounds, names of groups, and clusters that are not there."""

import functools
import itertools

import numpy as np

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
from mmlearn_edu.clustering import KMeans
from mmlearn_edu.evaluation import adjusted_rand_index, clustering_accuracy, normalized_mutual_information

CHAPTER = chapter("10-kmeans", "k-means: it always answers", minutes=50, needs=["00-start-here"])


# 1 The objective

LINE = [[0.0], [1.0], [5.0], [6.0]]  # the four samples that are worked by hand


def _labelled(rng, dtype):
    """Draw samples, centroids and any labels, right or wrong: the objective takes them as they come."""
    tiny = [np.array(LINE, dtype), np.array([[0], [4]], dtype), np.array([0, 0, 1, 1])]
    found = [case(*tiny, label="0, 1, 5, 6 around 0 and 4")]
    for n_samples, k, width in [(6, 2, 2), (40, 5, 3)]:
        X = rng.normal(2, 3, size=(n_samples, width)).astype(dtype)
        centroids = rng.normal(2, 3, size=(k, width)).astype(dtype)
        found.append(case(X, centroids, rng.integers(k, size=n_samples), label=f"{n_samples} samples, {k} centroids"))
    return found


def _cloud(rng, n_samples=20, k=3, width=2):
    X = rng.normal(size=(n_samples, width))
    return X, X[:k].copy(), rng.integers(k, size=n_samples)


def _quadruples(f, rng):
    X, centroids, labels = _cloud(rng)
    once, twice = f(X, centroids, labels), f(2 * X, 2 * centroids, labels)
    assert np.isclose(twice, 4 * once), f"Twice as far away gave {twice / once:.3g} times the objective, not 4 times."


def _moved_together(f, rng):
    X, centroids, labels = _cloud(rng)
    return bool(np.isclose(f(X + 5, centroids + 5, labels), f(X, centroids, labels)))


@exercise(
    "kmeans.objective",
    title="Measure how tight the groups are",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_labelled,
    compare=close(),
    laws=[
        law("twice as far away costs four times as much", _quadruples),
        law("samples and centroids that move together cost the same", _moved_together),
    ],
    mistakes=[
        mistake(
            "not-squared",
            lambda X, centroids, labels: np.sqrt(((X - centroids[labels]) ** 2).sum(axis=1)).sum(),
            "You added the distances. The objective adds the squared distances: take no square root.",
            seen="scikit-learn issue #9917: inertia_ described as the sum of distances",
        ),
        mistake(
            "mean-over-samples",
            lambda X, centroids, labels: ((X - centroids[labels]) ** 2).sum() / len(X),
            "You divided by the number of samples. The objective is the sum.",
            seen="Mathematics Stack Exchange question 4785701: a formula with 1/N, found among others",
        ),
        mistake(
            "mean-of-everything",
            lambda X, centroids, labels: ((X - centroids[labels]) ** 2).mean(),
            "You averaged over all numbers. Add them up: .sum() instead of .mean().",
            seen="expected slip, not yet seen: mean squared error from habit",
        ),
        mistake(
            "absolute",
            lambda X, centroids, labels: np.abs(X - centroids[labels]).sum(),
            "You added absolute differences. Square each difference before you add.",
            seen="expected slip, not yet seen: k-medians' objective",
        ),
        mistake(
            "signs-kept",
            lambda X, centroids, labels: (X - centroids[labels]).sum(),
            "You added the differences as they are, so plus and minus cancel. Square each difference first.",
            seen="expected slip, not yet seen: forgotten square",
        ),
        mistake(
            "sum-then-square",
            lambda X, centroids, labels: (X - centroids[labels]).sum() ** 2,
            "You added first and squared the total, so plus and minus cancel. Square each difference, then add.",
            seen="expected slip, not yet seen: order of operations",
        ),
        mistake(
            "one-per-sample",
            lambda X, centroids, labels: ((X - centroids[labels]) ** 2).sum(axis=1),
            "You returned one number per sample. The objective is one number in all: leave axis= away.",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "root-of-the-sum",
            lambda X, centroids, labels: np.linalg.norm(X - centroids[labels]),
            "That is the square root of the objective. Take no root at the end; np.linalg.norm takes one by itself.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "not-added",
            lambda X, centroids, labels: (X - centroids[labels]) ** 2,
            "The squares are right, but they are still a table. Add them all up to one number: .sum().",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-per-feature",
            lambda X, centroids, labels: ((X - centroids[labels]) ** 2).sum(axis=0),
            "You returned one number per feature. The objective is one number in all: .sum() without axis= "
            "(Python's own sum() adds rows only).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "caret",
            lambda X, centroids, labels: ((X - centroids[labels]) ^ 2).sum(),
            "In Python `^` is no power. Write ** 2.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "nearest-instead",
            lambda X, centroids, labels: ((X[:, None] - centroids) ** 2).sum(axis=2).min(axis=1).sum(),
            "You took the nearest centroid of each sample. Here `labels` says which centroid a sample belongs to.",
            seen="scikit-learn's documentation of inertia_: distances 'to their closest cluster center'",
        ),
        mistake(
            "labels-unused",
            lambda X, centroids, labels: ((X - centroids) ** 2).sum(),
            "X - centroids pairs row 0 with row 0, row 1 with row 1. First give every sample its own centroid: "
            "centroids[labels] has one row per sample.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "last-sample-only",
            lambda X, centroids, labels: ((X[-1] - centroids[labels[-1]]) ** 2).sum(),
            "Only the last sample is counted: `total = ...` in a loop starts anew each time. Write total += ...",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "first-sample-only",
            lambda X, centroids, labels: ((X[0] - centroids[labels[0]]) ** 2).sum(),
            "Only the first sample is counted: your `return` stands inside the loop. Move it to the left, below it.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "doubled",
            lambda X, centroids, labels: (2 * (X - centroids[labels])).sum(),
            "* 2 doubles. To square, write ** 2: then no sign is left.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-with-all",
            lambda X, centroids, labels: ((X - centroids[labels]) @ (X - centroids[labels]).T).sum(),
            "@ multiplied every sample's difference with every other one's. Square each entry by itself: "
            "difference**2.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "features-with-features",
            lambda X, centroids, labels: (X - centroids[labels]).T @ (X - centroids[labels]),
            "@ gave a table, features by features. One number is asked for: square each entry, then .sum().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "halved",
            lambda X, centroids, labels: ((X - centroids[labels]) ** 2).sum() / 2,
            "You divided by 2. The objective is the whole sum.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "features-cancel",
            lambda X, centroids, labels: ((X - centroids[labels]).sum(axis=1) ** 2).sum(),
            "You added the features of a sample before squaring, so plus and minus cancel. Square first, then add.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "features-cancel-per-sample",
            lambda X, centroids, labels: (X - centroids[labels]).sum(axis=1) ** 2,
            "Two things are missing: square before you add, and add up the samples as well, to one number.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "largest",
            lambda X, centroids, labels: ((X - centroids[labels]) ** 2).max(),
            "You returned the largest square. The objective adds them all: .sum().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "variance",
            lambda X, centroids, labels: np.var(X - centroids[labels]),
            "np.var subtracts a mean of its own and averages. Square the differences as they are, and add them up.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X, centroids, labels: np.linalg.norm(X - centroids[labels]) ** 2,
        lambda X, centroids, labels: np.einsum("ij,ij->", X - centroids[labels], X - centroids[labels]),
        lambda X, centroids, labels: sum(((X[labels == c] - centroids[c]) ** 2).sum() for c in range(len(centroids))),
        lambda X, centroids, labels: sum(
            float(np.square(x - centroids[c]).sum()) for x, c in zip(X, labels, strict=True)
        ),
    ],
    hints_for={
        **same_hints(
            [
                (
                    "Print X.shape, centroids.shape and centroids[labels].shape. Which of them can be subtracted row "
                    "by row?"
                ),
                (
                    "`difference` is made for you: one row per sample. Only the last line is yours: square it, add it "
                    "up."
                ),
                "difference = X - own                 # one row per sample\nreturn (difference ** ...).sum()",
            ],
            "raised",
            "caret",
            "labels-unused",
        ),
        **same_hints(
            [
                (
                    "By hand: 0 and 1 belong to 0; 5 and 6 belong to 4. What are the four distances? What do their "
                    "squares add up to?"
                ),
                "Every difference is squared by itself; only then are all of them added. A root has no place here.",
                "(0 - 0)**2 + (1 - 0)**2 + (5 - 4)**2 + (6 - 4)**2 = 6",
            ],
            "twice as far away costs four times as much",
            "not-squared",
            "absolute",
            "signs-kept",
            "doubled",
        ),
    },
    hints=[
        "Look at `difference`: it has one row per sample, with plus and minus signs in it.",
        "Square every entry of `difference`, so that no sign is left, and add all of them up to one number.",
        "own = centroids[labels]\ndifference = X - own\nreturn (difference ...).sum()",
    ],
    forbids=["sklearn.cluster", "mmlearn_edu.clustering"],
)
def objective(X, centroids, labels):
    """Add up the squared distances from every sample to the centroid of its group.

    X has shape (n_samples, n_features), centroids (k, n_features), labels (n_samples,)
    with values 0..k-1. Return one number. Fill in the one blank.
    """
    # 1 the centroid of each sample: (n_samples, n_features)
    own = centroids[labels]
    difference = X - own
    # 2 square, then add
    ### BEGIN SOLUTION
    #: return ...
    return (difference**2).sum()
    ### END SOLUTION


# 2 Assign


def _grid(rng, dtype, *shape):
    """Draw numbers in steps of a half: distances are exact in every dtype, and equal ones really are equal."""
    return (rng.integers(-12, 13, size=shape) / 2).astype(dtype)


def _to_assign(rng, dtype):
    tie = [np.array([[0], [1], [5], [6]], dtype), np.array([[0], [10]], dtype)]
    found = [case(*tie, label="0, 1, 5, 6 around 0 and 10: the 5 is a tie")]
    for n_samples, k, width in [(6, 3, 2), (40, 5, 3)]:
        X, centroids = _grid(rng, dtype, n_samples, width), _grid(rng, dtype, k, width)
        found.append(case(X, centroids, label=f"{n_samples} samples, {k} centroids"))
    return found


def _whole_numbers(f, rng):
    labels = np.asarray(f(rng.normal(size=(9, 2)), rng.normal(size=(3, 2))))
    assert labels.dtype.kind in "iu", f"They are of type {labels.dtype}: centroids[labels] would not work."


def _nearest_wins(f, rng):
    X, centroids = rng.normal(size=(30, 2)), rng.normal(size=(4, 2))
    labels = np.asarray(f(X, centroids)).astype(int)
    distances = np.linalg.norm(X[:, None] - centroids, axis=2)
    return bool((distances[np.arange(30), labels] <= distances.min(axis=1) + 1e-9).all())


def _best_not_reset(X, centroids):
    best, label, labels = np.inf, 0, []
    for x in X:
        for c, centroid in enumerate(centroids):
            if ((x - centroid) ** 2).sum() < best:
                best, label = ((x - centroid) ** 2).sum(), c
        labels.append(label)
    return np.array(labels)


@exercise(
    "kmeans.assign",
    title="Give every sample its nearest centroid",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_to_assign,
    compare=close(),
    laws=[
        law("labels are whole numbers, so that they can pick rows", _whole_numbers),
        law("no other centroid is nearer", _nearest_wins),
    ],
    mistakes=[
        mistake(
            "no-new-axis",
            lambda X, centroids: np.linalg.norm(X - centroids, axis=1).argmin(),
            "X - centroids pairs row 0 with row 0, row 1 with row 1. You need every sample against every centroid: "
            "give X a new axis, X[:, None] - centroids.",
            seen="met while trying this chapter out",
        ),
        mistake(
            "farthest",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).argmax(axis=1),
            "You picked the farthest centroid. Distances are small where things are near: argmin.",
            seen="hil-se/fds issue #40: np.argmax where np.argmin was meant, in a k-means assignment",
        ),
        mistake(
            "wrong-axis",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=0),
            "You found the nearest sample of each centroid. Ask for each sample: a table with one row per sample, "
            "X[:, None] - centroids, and its smallest entry in each row, argmin(axis=1).",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "distances-returned",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).min(axis=1),
            "You returned how far the nearest centroid is. Return which one it is: argmin instead of min.",
            seen="expected slip, not yet seen: min for argmin",
        ),
        mistake(
            "not-squared",
            lambda X, centroids: (X[:, None] - centroids).sum(axis=2).argmin(axis=1),
            "You added the differences with their signs, so they cancel. Square each one before you add.",
            seen="expected slip, not yet seen: forgotten square",
        ),
        mistake(
            "dot-product",
            lambda X, centroids: (X @ centroids.T).argmax(axis=1),
            "You took the largest dot product. It favours long centroids; the nearest one has the least distance.",
            seen="facebookresearch/swav issue #83: the largest dot product, which is right for unit vectors only",
        ),
        mistake(
            "manhattan",
            lambda X, centroids: np.abs(X[:, None] - centroids).sum(axis=2).argmin(axis=1),
            "You added absolute differences (Manhattan distance). k-means squares them.",
            seen="Cross Validated question 530891: k-means with Minkowski distances, p = 1 to 5",
        ),
        mistake(
            "last-of-equals",
            lambda X, centroids: len(centroids) - 1 - ((X[:, None] - centroids[::-1]) ** 2).sum(axis=2).argmin(axis=1),
            "Of two equally near centroids you took the last. The rule here: the lowest index wins, as argmin does.",
            seen="expected slip, not yet seen: `<=` for `<` in a hand-written loop",
        ),
        mistake(
            "one-for-all",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(),
            "argmin() without an axis looks for one smallest entry in the whole table. Ask each row: argmin(axis=1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "table-returned",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2),
            "You returned the table of squared distances. Step 2 is missing: where is the smallest entry of each row?",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "centroids-added-up",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=1).argmin(axis=1),
            "You added over the centroids (axis 1). A distance adds over the features, the last axis: sum(axis=2).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "centroids-returned",
            lambda X, centroids: centroids[((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)],
            "You returned the nearest centroids themselves. Return their numbers, 0..k-1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "counts-from-one",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1) + 1,
            "Your labels start at 1. Rows are counted from 0.",
            seen="expected slip, not yet seen: MATLAB and R count from 1",
        ),
        mistake(
            "first-sample-only",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)[:1],
            "Only the first sample got a label: your `return` stands inside the loop. Move it to the left, "
            "below the loop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "features-not-added",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).argmin(axis=1),
            "You compared the centroids in each feature by itself. First add the squares of a sample's "
            "features: .sum(axis=2).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "everything-added",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum().argmin(),
            ".sum() without an axis leaves one number, and nothing to compare. Add over the features only: "
            ".sum(axis=2).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "best-not-reset",
            _best_not_reset,
            "`best` keeps the distance of the sample before. Set it back to np.inf for every sample, inside "
            "the outer loop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "smallest-dot-product",
            lambda X, centroids: (X @ centroids.T).argmin(axis=1),
            "A dot product is no distance: it is small where directions differ. Subtract, square and add up: "
            "((X[:, None] - centroids) ** 2).sum(axis=2).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-places",
            lambda X, centroids: ((X[:, None] - centroids) ** 2).sum(axis=2).argsort(axis=1),
            "You ranked all centroids for each sample. Return the nearest only: argmin instead of argsort.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X, centroids: np.linalg.norm(X[:, None] - centroids[None], axis=2).argmin(axis=1),
        lambda X, centroids: np.argmin((centroids**2).sum(axis=1) - 2 * X @ centroids.T, axis=1),
        lambda X, centroids: [min(range(len(centroids)), key=lambda c: ((x - centroids[c]) ** 2).sum()) for x in X],
        lambda X, centroids: np.stack([((X - c) ** 2).sum(axis=1) for c in centroids]).argmin(axis=0),
    ],
    hints_for={
        "labels are whole numbers, so that they can pick rows": [
            "Try `centroids[labels]` with your labels: an index must be a whole number.",
            "A label is a place, not a distance: `argmin` returns places, `min` returns distances.",
            "labels = distances.argmin(axis=...)",
        ],
        **same_hints(
            [
                (
                    "What shape does your table of distances have? It needs a row for every sample and a column for "
                    "every centroid."
                ),
                (
                    "X[:, None] has shape (n, 1, d). Minus centroids, (k, d), it becomes (n, k, d): every sample meets "
                    "every centroid."
                ),
                (
                    "differences = X[:, None] - centroids            # (n, k, d)\n"
                    "distances = (differences ** 2).sum(axis=...)    # (n, k)\n"
                    "return distances.argmin(axis=...)               # (n,)"
                ),
            ],
            "no-new-axis",
            "raised",
            "shape",
        ),
    },
    hints=[
        "You need every sample against every centroid: a table of shape (n_samples, k).",
        (
            "X[:, None] has shape (n_samples, 1, n_features); minus centroids it becomes (n_samples, k, n_features). "
            "Square, add up the features (the last axis), then ask each row where its smallest entry stands."
        ),
        "distances = ((X[:, None] - centroids) ** 2).sum(axis=...)\nreturn distances.argmin(axis=...)",
    ],
    forbids=["sklearn.cluster", "sklearn.metrics", "mmlearn_edu.clustering"],
)
def assign(X, centroids):
    """Give every sample the number of its nearest centroid.

    X has shape (n_samples, n_features), centroids (k, n_features). Return whole numbers
    0..k-1 of shape (n_samples,). Of two equally near centroids, the lower number wins.
    """
    # 1 squared distances of every sample to every centroid: (n_samples, k)
    ### BEGIN SOLUTION
    distances = ((X[:, None] - centroids) ** 2).sum(axis=2)
    ### END SOLUTION
    # 2 the number of the nearest centroid
    ### BEGIN SOLUTION
    return distances.argmin(axis=1)
    ### END SOLUTION


# 3 Move


def _to_move(rng, dtype):
    tiny = [np.array(LINE, dtype), np.array([0, 1, 1, 1]), np.array([[2], [1]], dtype)]
    lonely = [np.array(LINE, dtype), np.array([0, 0, 2, 2]), np.array([[0], [4], [9]], dtype)]
    found = [case(*tiny, label="0 | 1, 5, 6"), case(*lonely, label="nobody in the middle group")]
    for n_samples, k, width in [(8, 3, 2), (40, 5, 3)]:
        X, centroids = rng.normal(1, 3, size=(n_samples, width)), rng.normal(size=(k, width))
        labels = rng.permutation(np.arange(n_samples) % k)
        found.append(case(X.astype(dtype), labels, centroids.astype(dtype), label=f"{n_samples} samples, {k} groups"))
    return found


def _never_dearer(f, rng):
    X, centroids, labels = _cloud(rng)
    before, after = objective(X, centroids, labels), objective(X, np.asarray(f(X, labels, centroids)), labels)
    assert after <= before + 1e-9, f"The objective rose from {before:.4g} to {after:.4g}."


def _follows(f, rng):
    X, centroids, labels = _cloud(rng)
    moved, shifted = f(X, labels, centroids), f(X + 7, labels, centroids + 7)
    return bool(np.allclose(np.asarray(moved) + 7, shifted))


def _means(X, labels, k):
    """Mean of every group; 0 / 0 = NaN where a group is empty, as a plain mean would give."""
    member = labels == np.arange(k)[:, None]
    with np.errstate(invalid="ignore"):
        return (member @ X / member.sum(axis=1, keepdims=True)).astype(X.dtype)


def _moved_in_place(X, labels, centroids):
    for c in np.unique(labels):
        centroids[c] = X[labels == c].mean(axis=0)
    return centroids


def _first_group_only(X, labels, centroids):
    moved = centroids.copy()
    if (labels == 0).any():
        moved[0] = X[labels == 0].mean(axis=0)
    return moved


def _each_member(X, labels, centroids):
    moved = centroids.copy()
    for c in np.unique(labels):
        moved[c] = X[labels == c].mean(axis=1)
    return moved


def _one_number(X, labels, centroids):
    moved = centroids.copy()
    for c in np.unique(labels):
        moved[c] = X[labels == c].mean()
    return moved


def _each_group(X, labels, centroids, move):
    """Put what `move` makes of the members and the old centroid into the row of every group with members."""
    moved = centroids.copy()
    for c in np.unique(labels):
        moved[c] = move(X[labels == c], centroids[c])
    return moved


def _moved_the_given(X, labels, centroids):
    moved = centroids.copy()
    for c in np.unique(labels):
        centroids[c] = X[labels == c].mean(axis=0)
    return moved


def _asks_the_array(X, labels, centroids):
    moved = centroids.copy()
    for c in range(len(centroids)):
        members = X[labels == c]
        if members:
            moved[c] = members.mean(axis=0)
    return moved


def _some_groups(X, labels, centroids, groups):
    moved = centroids.copy()
    for c in groups:
        if (labels == c).any():
            moved[c] = X[labels == c].mean(axis=0)
    return moved


def _stops_at_empty(X, labels, centroids):
    empty = [c for c in range(len(centroids)) if c not in labels]
    return _some_groups(X, labels, centroids, range(min(empty, default=len(centroids))))


def _to_the_middle(X, labels, centroids):
    means = [X[labels == c] if (labels == c).any() else X for c in range(len(centroids))]
    return np.stack([members.mean(axis=0) for members in means])


@exercise(
    "kmeans.update",
    title="Move every centroid to the middle of its samples",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_to_move,
    compare=close(),
    laws=[
        law("moving the centroids never makes the objective larger", _never_dearer),
        law("if everything shifts, the centroids shift with it", _follows),
    ],
    mistakes=[
        mistake(
            "empty-is-nan",
            lambda X, labels, centroids: _means(X, labels, len(centroids)),
            "An empty group has no mean: 0 / 0 gives NaN. The rule here: its centroid stays where it was.",
            seen="EdoardoBotta/RQ-VAE-Recommender pull request #27: mean of an empty cluster, NaN ever after",
        ),
        mistake(
            "empty-is-dropped",
            lambda X, labels, centroids: np.stack([X[labels == c].mean(axis=0) for c in np.unique(labels)]),
            "You left empty groups out, so there are fewer centroids than before. An empty group's centroid stays.",
            seen="SergioFierens/ai4r pull request #18: an empty cluster is eliminated by default",
        ),
        mistake(
            "empty-is-zero",
            lambda X, labels, centroids: np.nan_to_num(_means(X, labels, len(centroids))),
            "You put an empty group's centroid at zero, a place no sample asked for. It stays where it was.",
            seen="jokofa/torch_kmeans pull request #13: zeros proposed for empty clusters",
        ),
        mistake(
            "one-number",
            _one_number,
            "You averaged over samples and features at once. Keep the features apart: mean over axis 0.",
            seen="PythonOT/POT pull request #840: np.mean(xc[i]) without axis makes class means constant",
        ),
        mistake(
            "first-group-only",
            _first_group_only,
            "Only group 0 has moved. Your `return` stands inside the loop: move it to the left, below the loop.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "overwritten",
            lambda X, labels, centroids: X[labels == len(centroids) - 1].mean(axis=0),
            "You return the mean of the last group only. Put each mean into its own row: moved[c] = ...",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "each-member",
            _each_member,
            "mean(axis=1) gives one number per member. A centroid has one number per feature: mean(axis=0).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "changes-input",
            _moved_in_place,
            "You wrote into the centroids you were given. Start from a copy: moved = centroids.copy().",
            seen="PythonOT/POT pull request #840: the caller's X was changed in place",
        ),
        mistake(
            "sums",
            lambda X, labels, centroids: np.where(
                np.isin(np.arange(len(centroids)), labels)[:, None],
                (labels == np.arange(len(centroids))[:, None]) @ X,
                centroids,
            ).astype(X.dtype),
            "You moved the centroids to the sums of their groups. Divide by the number of members: the mean.",
            seen="expected slip, not yet seen: forgotten division",
        ),
        mistake(
            "divided-by-all",
            lambda X, labels, centroids: _each_group(
                X, labels, centroids, lambda members, old: members.sum(axis=0) / len(X)
            ),
            "You divided by the number of all samples. Divide by those of the group: members.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "added-on",
            lambda X, labels, centroids: _each_group(
                X, labels, centroids, lambda members, old: old + members.mean(axis=0)
            ),
            "+= adds the mean to the old centroid. The mean takes its place: moved[c] = ...",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "median",
            lambda X, labels, centroids: _each_group(
                X, labels, centroids, lambda members, old: np.median(members, axis=0)
            ),
            "You took the median. The point with the least sum of squared distances is the mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mean-of-all",
            lambda X, labels, centroids: np.tile(X.mean(axis=0), (len(centroids), 1)).astype(X.dtype),
            "Every centroid went to the mean of all samples. Take the members of each group only: X[labels == c].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "sample-for-group",
            lambda X, labels, centroids: np.stack([np.full_like(X[c], X[c].mean()) for c in range(len(centroids))]),
            "X[c] is sample number c. The members of group c are X[labels == c].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "moved-the-given",
            _moved_the_given,
            "You moved the centroids you were given, and returned the copy, which did not move. Write into moved[c].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "array-as-condition",
            _asks_the_array,
            "`if` wants one True or False, and `members` is a whole array. Ask how many rows it has: len(members) > 0.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-member-stays",
            lambda X, labels, centroids: _each_group(
                X, labels, centroids, lambda members, old: members.mean(axis=0) if len(members) > 1 else old
            ),
            "A group with one single member did not move. One member is enough for a mean: len(members) > 0.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "last-group-left-out",
            lambda X, labels, centroids: _some_groups(X, labels, centroids, range(len(centroids) - 1)),
            "The last group did not move. range(n) stops before n: write range(len(centroids)), without - 1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-group-left-out",
            lambda X, labels, centroids: _some_groups(X, labels, centroids, range(1, len(centroids))),
            "Group 0 did not move. Groups are counted from 0: range(len(centroids)).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "stops-at-empty",
            _stops_at_empty,
            "At an empty group your loop ends, and the groups after it stay. Skip that group only: `continue` "
            "instead of `break`.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "empty-to-the-middle",
            _to_the_middle,
            "You moved an empty group's centroid to the mean of all samples. The rule here: it stays where it was.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X, labels, centroids: np.stack(
            [X[labels == c].mean(axis=0) if (labels == c).any() else old for c, old in enumerate(centroids)]
        ),
        lambda X, labels, centroids: np.where(
            np.isin(np.arange(len(centroids)), labels)[:, None],
            np.nan_to_num(_means(X, labels, len(centroids))),
            centroids,
        ),
    ],
    hints_for={
        "nan": [
            "A group can lose its last member. What is the mean of no rows?",
            "Ask first whether the group has members; where it has none, its centroid stays where it is.",
            "members = X[labels == c]\nif len(members) > 0:\n    moved[c] = ...",
        ],
        **same_hints(
            [
                "Print `centroids` before and after you call update. It should stay as it was.",
                "A name with = is no copy: moved = centroids is the same array under two names. Ask for a copy.",
                "moved = centroids.copy()\nmoved[c] = ...",
            ],
            "changes-input",
            "moved-the-given",
            "changed-input",
        ),
        **same_hints(
            [
                "Which group has no member in the call that failed? Where was its centroid, and where is it now?",
                (
                    "Start from a copy, and touch only the rows of groups with members. All others then stay by "
                    "themselves."
                ),
                "members = X[labels == c]\nif len(members) > 0:\n    moved[c] = ...",
            ],
            "empty-is-zero",
            "empty-is-dropped",
            "empty-to-the-middle",
        ),
    },
    hints=[
        "Take one group at a time. Which rows of X belong to group c, and how many are there?",
        (
            "X[labels == c] are the members of group c. If there are any, put the mean of each feature (axis 0) into "
            "row c of a copy of the centroids. If there are none, leave the row alone."
        ),
        (
            "moved = centroids.copy()\nfor c in range(len(centroids)):\n    members = X[...]\n"
            "    if len(members) > 0:\n        moved[c] = ...\nreturn moved"
        ),
    ],
    forbids=["sklearn.cluster", "mmlearn_edu.clustering"],
)
def update(X, labels, centroids):
    """Move every centroid to the mean of its samples.

    X has shape (n_samples, n_features), labels (n_samples,), centroids (k, n_features).
    Return new centroids; leave the given ones unchanged. An empty group's centroid stays.
    """
    # 1 start from a copy
    ### BEGIN SOLUTION
    moved = centroids.copy()
    ### END SOLUTION
    # 2 each group with members moves to their mean
    ### BEGIN SOLUTION
    for c in range(len(centroids)):
        members = X[labels == c]
        if len(members) > 0:
            moved[c] = members.mean(axis=0)
    return moved
    ### END SOLUTION


# 4 Repeat


def _to_run(rng, dtype):
    found = [case(np.array(LINE, dtype), np.array([[0], [1]], dtype), label="0, 1, 5, 6 from 0 and 1")]
    for n_samples, k, width in [(12, 2, 2), (60, 4, 2)]:
        X = _grid(rng, dtype, n_samples, width)
        found.append(case(X, X[:k].copy(), label=f"{n_samples} samples, {k} centroids"))
    X = _grid(rng, dtype, 12, 2)
    far = np.concatenate([X[:2], np.full((1, 2), 90, dtype)])
    found.append(case(X, far, label="a centroid too far away for any sample"))
    return found


_CLOSE = close()


def _end_state(expected, actual):
    """Compare the centroids, the labels, and the first and last objective; what lies between, the laws look at."""
    pair = isinstance(actual, tuple | list) and len(actual) >= 2
    problem = _CLOSE((*expected[:2], 0), (*actual[:2], 0) if pair else actual)
    if problem is None and len(actual) != len(expected):
        return Problem("length", f"You return {len(actual)} things; three are asked for: centroids, labels, history.")
    if problem is not None or len(expected) < 3:
        return problem
    if not np.size(actual[2]) and np.size(expected[2]):
        return Problem("history", "Your history is empty: note the objective once in every round.")
    if not np.size(expected[2]):
        return None if not np.size(actual[2]) else Problem("history", "")
    if np.asarray(actual[2]).dtype.kind not in "fiu":
        return Problem("history", "Your history holds something else than numbers. Does your `objective` return one?")
    ends = [[float(np.asarray(history).ravel()[i]) for i in (0, -1)] for history in (expected[2], actual[2])]
    if np.allclose(ends[0], ends[1], rtol=1e-4, atol=1e-5):
        return None
    came, asked = (f"from {first:.6g} to {last:.6g}" for first, last in (ends[1], ends[0]))
    words = f"Your history runs {came}; expected is {asked}."
    return Problem("history", words)


def _never_rises(f, rng):
    X = rng.normal(size=(80, 2))
    history = np.asarray(f(X, X[:5])[2])
    rises = np.flatnonzero(np.diff(history) > 1e-9)
    assert not len(rises), f"It rose from {history[rises[0]]:.4g} to {history[rises[0] + 1]:.4g}."


def _settled(f, rng):
    X = rng.normal(size=(80, 2))
    centroids, labels, _ = f(X, X[:5])
    labels = np.asarray(labels)
    at_rest = np.allclose(centroids, update(X, labels, np.asarray(centroids)))
    return bool(at_rest and (assign(X, centroids) == labels).all())


def _stops(f, rng):
    X = np.concatenate([rng.normal(size=(20, 2)), rng.normal(50, 1, size=(20, 2))])
    n_rounds = len(f(X, X[[0, -1]])[2])
    assert n_rounds <= 12, f"It took {n_rounds} rounds where a few are enough; stop as soon as no centroid moves."


def _obeys_max_iter(f, rng):
    X = rng.normal(size=(80, 2))
    n_rounds = len(f(X, X[:5], 2)[2])
    assert n_rounds <= 3, f"With max_iter=2 your history has {n_rounds} entries."


def _run(X, centroids, rounds=100):
    for _ in range(rounds):
        centroids = update(X, assign(X, centroids), centroids)
    return centroids


def _one_round(X, centroids, max_iter=100):  # noqa: ARG001
    labels = assign(X, centroids)
    return update(X, labels, centroids), labels, [objective(X, centroids, labels)]


def _never_moved(X, centroids, max_iter=100):  # noqa: ARG001
    labels = assign(X, centroids)
    return centroids, labels, [objective(X, centroids, labels)]


def _other_order(X, centroids, max_iter=100):
    centroids, labels, history = loop(X, centroids, max_iter)
    return labels, centroids, history


def _without_history(X, centroids, max_iter=100):
    return loop(X, centroids, max_iter)[:2]


def _rooted(X, centroids, max_iter=100):
    centroids, labels, history = loop(X, centroids, max_iter)
    return centroids, labels, np.sqrt(history)


def _noted_last(X, centroids, max_iter=100):
    centroids, labels, history = loop(X, centroids, max_iter)
    return centroids, labels, history[-1:]


def _noted_late(X, centroids, max_iter=100):
    history: list[float] = []
    for _ in range(max_iter):
        labels = assign(X, centroids)
        old, centroids = centroids, update(X, labels, centroids)
        history.append(float(objective(X, centroids, labels)))
        if np.array_equal(old, centroids):
            break
    return centroids, labels, history


def _compared_with_equals(X, centroids, max_iter=100):
    moved = centroids
    for _ in range(max_iter):
        moved = update(X, assign(X, centroids), centroids)
        if moved == centroids:
            break
    return moved


def _with_while(X, centroids, max_iter=100):
    labels = None
    history: list[float] = []
    while len(history) < max_iter:
        found = ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
        history.append(((X - centroids[found]) ** 2).sum())
        if labels is not None and (found == labels).all():
            break
        labels = found
        groups = [(X[labels == c], old) for c, old in enumerate(centroids)]
        centroids = np.stack([members.mean(axis=0) if len(members) else old for members, old in groups])
    return centroids, labels, np.array(history)


def _with_tolerance(X, centroids, max_iter=100):
    history: list[float] = []
    for _ in range(max_iter):
        labels = assign(X, centroids)
        history.append(float(objective(X, centroids, labels)))
        old, centroids = centroids, update(X, labels, centroids)
        if np.abs(centroids - old).max() == 0:
            break
    return [centroids, labels, history]


def _assigned_once(X, centroids, max_iter=100):
    labels = assign(X, centroids)
    history = []
    for _ in range(max_iter):
        history.append(objective(X, centroids, labels))
        moved = update(X, labels, centroids)
        if np.array_equal(moved, centroids):
            break
        centroids = moved
    return centroids, labels, history


def _rounds(X, centroids, max_iter, settled):
    """Repeat until `settled(moved, centroids)`, which may be asked wrongly."""
    history = []
    for _ in range(max_iter):
        labels = assign(X, centroids)
        history.append(objective(X, centroids, labels))
        moved = update(X, labels, centroids)
        if settled(moved, centroids):
            break
        centroids = moved
    return centroids, labels, history


def _empty_history(X, centroids, max_iter=100):
    return (*loop(X, centroids, max_iter)[:2], [])


def _summed_history(X, centroids, max_iter=100):
    centroids, labels, history = loop(X, centroids, max_iter)
    return centroids, labels, sum(history)


def _history_first(X, centroids, max_iter=100):
    centroids, labels, history = loop(X, centroids, max_iter)
    return history, centroids, labels


def _centroids_noted(X, centroids, max_iter=100):
    history = []
    for _ in range(max_iter):
        history.append(centroids)
        moved = update(X, assign(X, centroids), centroids)
        if np.array_equal(moved, centroids):
            break
        centroids = moved
    return centroids, assign(X, centroids), history


@exercise(
    "kmeans.loop",
    title="Repeat until nothing moves",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_to_run,
    compare=_end_state,
    laws=[
        law("the objective never rises from one round to the next", _never_rises),
        law("at the end every centroid is the mean of its samples, and every sample has its nearest", _settled),
        law("it stops when nothing moves any more", _stops),
        law("it obeys max_iter", _obeys_max_iter),
    ],
    mistakes=[
        mistake(
            "assign-unfinished",
            lambda X, centroids, max_iter=100: objective(X, centroids, None),
            "Your `assign` returns None, so nothing can follow. Finish it first, run its cell, then this one again.",
            seen="exercises done out of order",
        ),
        mistake(
            "update-unfinished",
            lambda X, centroids, max_iter=100: assign(X, None),
            "Your `update` returns None, so the second round has no centroids. Finish it first, run its cell, then "
            "this one again.",
            seen="exercises done out of order",
        ),
        mistake(
            "one-round",
            _one_round,
            "Only one round was run. A `return` inside the loop ends it, and so does centroids = moved above the line "
            "that compares the two.",
            seen="expected slip, not yet seen: return inside the loop",
        ),
        mistake(
            "never-moves",
            _never_moved,
            "The centroids you return are those you were given. Put the moved ones in their place, centroids = moved; "
            "and stop only where np.array_equal(moved, centroids).",
            seen="expected slip, not yet seen: the result of update() is thrown away",
        ),
        mistake(
            "other-order",
            _other_order,
            "You return labels first. Return centroids, labels, history, in this order.",
            seen="expected slip, not yet seen: scikit-learn's k_means returns centroids first, too",
        ),
        mistake(
            "no-history",
            _without_history,
            "You return centroids and labels, but no history. Note the objective in every round and return it third.",
            seen="expected slip, not yet seen: the third return value",
        ),
        mistake(
            "rooted-history",
            _rooted,
            "Your history holds square roots. Note the objective itself, the sum of squared distances.",
            seen="expected slip, not yet seen: distance for squared distance",
        ),
        mistake(
            "noted-after-moving",
            _noted_late,
            "You note the objective after the centroids have moved. Note it right after assign, before update.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "ambiguous-truth",
            _compared_with_equals,
            "moved == centroids gives one True or False per number, and `if` wants only one. Ask "
            "np.array_equal(moved, centroids).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "only-the-last",
            _noted_last,
            "Your history holds only the end. Start it before the loop, and append in every round.",
            seen="expected slip, not yet seen: history = [] inside the loop",
        ),
        mistake(
            "assigned-once",
            _assigned_once,
            "The labels are found once, before the loop, and never again. Ask `assign` anew in every round: "
            "move that line into the loop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "update-arguments-swapped",
            lambda X, centroids, max_iter=100: update(X, centroids, assign(X, centroids)),
            "The arguments of `update` are swapped. Its labels come second: update(X, labels, centroids).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "objective-arguments-swapped",
            lambda X, centroids, max_iter=100: objective(X, assign(X, centroids), centroids),
            "The arguments of `objective` are swapped. Its centroids come second: objective(X, centroids, labels).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "assign-arguments-swapped",
            lambda X, centroids, max_iter=100: objective(X, centroids, assign(centroids, X)),
            "The arguments of `assign` are swapped. The samples come first: assign(X, centroids).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-equal-is-enough",
            lambda X, centroids, max_iter=100: _rounds(X, centroids, max_iter, lambda moved, old: (moved == old).any()),
            "You stop as soon as one single number has not changed. All must be the same: "
            "np.array_equal(moved, centroids).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "history-stays-empty",
            _empty_history,
            "Nothing gets into your history. Note one number in every round: history.append(...). (+= joins "
            "lists, it does not add.)",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "summed-history",
            _summed_history,
            "You added the objectives up to one number. Keep one for each round, in a list: history.append(...).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "history-first",
            _history_first,
            "You return the history first. The order is: centroids, labels, history.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "centroids-noted",
            _centroids_noted,
            "Your history holds centroids. Note the objective of every round: history.append(objective(X, "
            "centroids, labels)).",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[_with_while, _with_tolerance],
    hints_for={
        "it stops when nothing moves any more": [
            "Print how far the centroids move in each round. After some rounds it is 0, and yours goes on.",
            "Compare the moved centroids with those before, all entries at once; leave where they are equal.",
            "if np.array_equal(moved, centroids):\n    break",
        ],
        **same_hints(
            [
                "Print `history` after every round. It should grow by one number, and never rise.",
                "An empty list before the loop; in every round one objective, right after assign and before update.",
                "history = []\nfor _ in range(max_iter):\n    labels = assign(X, centroids)\n    history.append(...)",
            ],
            "history",
            "only-the-last",
            "noted-after-moving",
            "summed-history",
            "history-stays-empty",
        ),
        **same_hints(
            [
                "Call your loop with max_iter=2 and count the rounds.",
                "The number of rounds is an argument: use it where the loop begins.",
                "for _ in range(max_iter):\n    ...",
            ],
            "it obeys max_iter",
        ),
    },
    hints=[
        (
            "You have all parts: assign, objective and update. Which of them needs what another one gives? If the "
            "error comes from inside one of them, mend that one first."
        ),
        (
            "In every round: labels from assign, the objective into the history, moved centroids from update. If they "
            "equal the old ones, break. Otherwise they become the centroids of the next round."
        ),
        (
            "history = []\nfor _ in range(max_iter):\n    labels = assign(...)\n    history.append(objective(...))\n"
            "    moved = update(...)\n    if np.array_equal(...):\n        break\n    centroids = moved\n"
            "return centroids, labels, history"
        ),
    ],
    forbids=["sklearn.cluster", "mmlearn_edu.clustering", "scipy.cluster"],
    equivalent_mutants={
        "if np.array_equal(moved, centroids):: np.array_equal(moved, centroids) -> np.array_equal(centroids, moved)": (
            "a equals b where b equals a"
        ),
    },
)
def loop(X, centroids, max_iter=100):
    """Repeat `assign` and `update` until no centroid moves; at most `max_iter` rounds.

    X has shape (n_samples, n_features); `centroids`, (k, n_features), is the start.
    Return three things: centroids, labels, and a history: the objective of every round,
    noted right after `assign`. It never rises, and at the end nothing wants to move.
    """
    ### BEGIN SOLUTION
    history = []
    for _ in range(max_iter):
        labels = assign(X, centroids)
        history.append(objective(X, centroids, labels))
        moved = update(X, labels, centroids)
        if np.array_equal(moved, centroids):
            break
        centroids = moved
    return centroids, labels, history
    ### END SOLUTION


# 5 Groups without names


def _two_groupings(rng, dtype):  # noqa: ARG001  (labels have no precision)
    names = np.array(["cat", "dog", "owl", "bee"])
    found = [
        case(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]), label="same groups, other names"),
        case(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2]), label="six samples"),
    ]
    for n_samples, k in [(20, 2), (60, 4)]:
        truth = rng.integers(k, size=n_samples)
        labels = np.where(rng.random(n_samples) < 0.7, (truth + 1) % k, rng.integers(k + 1, size=n_samples))
        found.append(case(names[truth], labels, label=f"{n_samples} samples, {k} names"))
    found.append(case(np.zeros(5, int), np.full(5, 3), label="one group, twice"))
    return found


def _renaming(f, rng):
    truth, labels = rng.integers(3, size=40), rng.integers(4, size=40)
    return bool(np.isclose(f(truth, labels), f(truth, rng.permutation(4)[labels])))


def _chance_is_zero(f, rng):
    scores = [f(rng.integers(2, size=60), rng.integers(9, size=60)) for _ in range(40)]
    assert abs(np.mean(scores)) < 0.03, f"Random labels score {np.mean(scores):.2f} on average."


def _together(labels):
    return (labels[:, None] == labels)[np.triu_indices(len(labels), k=1)]


def _rand(truth, labels):
    return (_together(truth) == _together(labels)).mean()


def _not_adjusted(truth, labels):
    a, b = _together(truth), _together(labels)
    return (a & b).mean() / max(1e-12, (a.mean() + b.mean()) / 2)


def _with_diagonal(truth, labels):
    a, b = (truth[:, None] == truth), (labels[:, None] == labels)
    both, chance, best = (a & b).mean(), a.mean() * b.mean(), (a.mean() + b.mean()) / 2
    return 1.0 if best == chance else (both - chance) / (best - chance)


def _unguarded(truth, labels):
    a, b = _together(truth), _together(labels)
    chance, best = a.mean() * b.mean(), (a.mean() + b.mean()) / 2
    return float("nan") if best == chance else ((a & b).mean() - chance) / (best - chance)


def _purity(truth, labels):
    return sum(np.unique(truth[labels == c], return_counts=True)[1].max() for c in np.unique(labels)) / len(truth)


def _scaled_to(truth, labels, best_of):
    a, b = _together(truth), _together(labels)
    both, chance, best = (a & b).mean(), a.mean() * b.mean(), best_of(a.mean(), b.mean())
    return 1.0 if best == chance else (both - chance) / (best - chance)


def _counted(truth, labels):
    a, b = _together(truth), _together(labels)
    both, chance, best = (a & b).sum(), a.sum() * b.sum(), (a.sum() + b.sum()) / 2
    return 1.0 if best == chance else (both - chance) / (best - chance)


def _no_brackets(truth, labels):
    a, b = _together(truth), _together(labels)
    both, chance, best = (a & b).mean(), a.mean() * b.mean(), (a.mean() + b.mean()) / 2
    return 1.0 if best == chance else both - chance / (best - chance)


def _apart_too(truth, labels):
    a, b = _together(truth), _together(labels)
    both, chance, best = (a == b).mean(), a.mean() * b.mean(), (a.mean() + b.mean()) / 2
    return 1.0 if best == chance else (both - chance) / (best - chance)


def _only_together(truth, labels):
    a, b = _together(truth), _together(labels)
    return (a & b).mean() - a.mean() * b.mean()


def _by_counts(truth, labels):
    counts = np.array([[np.sum((truth == t) & (labels == c)) for c in np.unique(labels)] for t in np.unique(truth)])
    pairs = lambda n: (n * (n - 1) / 2).sum()  # noqa: E731
    rows, columns = pairs(counts.sum(axis=1)), pairs(counts.sum(axis=0))
    chance = rows * columns / pairs(counts.sum())
    best = (rows + columns) / 2
    return 1.0 if best == chance else (pairs(counts) - chance) / (best - chance)


def _by_loops(truth, labels):
    a = [truth[i] == truth[j] for i, j in itertools.combinations(range(len(truth)), 2)]
    b = [labels[i] == labels[j] for i, j in itertools.combinations(range(len(truth)), 2)]
    both = np.mean([x and y for x, y in zip(a, b, strict=True)])
    chance, best = np.mean(a) * np.mean(b), (np.mean(a) + np.mean(b)) / 2
    return 1.0 if best == chance else (both - chance) / (best - chance)


def _from_shares(truth, labels, make, single=1.0):
    """Return what `make` makes of both, chance and best; `single` where best equals chance."""
    a, b = _together(truth), _together(labels)
    both, chance, best = (a & b).mean(), a.mean() * b.mean(), (a.mean() + b.mean()) / 2
    return single if best == chance else make(both, chance, best)


def _chance_is_both(truth, labels):
    a, b = _together(truth), _together(labels)
    both, best = (a & b).mean(), (a.mean() + b.mean()) / 2
    return 1.0 if best == both else 0.0


def _half_of_one(truth, labels):
    a, b = _together(truth), _together(labels)
    both, chance, best = (a & b).mean(), a.mean() * b.mean(), a.mean() + b.mean() / 2
    return 1.0 if best == chance else (both - chance) / (best - chance)


def _or_for_and(truth, labels):
    a, b = _together(truth), _together(labels)
    both, chance, best = (a | b).mean(), a.mean() * b.mean(), (a.mean() + b.mean()) / 2
    return 1.0 if best == chance else (both - chance) / (best - chance)


@exercise(
    "kmeans.score_labels",
    title="Compare groupings, whatever the groups are called",
    section=("scaled-text", "6 · Write it yourself"),
    points=2,
    cases=_two_groupings,
    compare=close(),
    laws=[
        law("renaming the groups changes nothing", _renaming),
        law("random labels score 0 on average", _chance_is_zero),
    ],
    mistakes=[
        mistake(
            "names-compared",
            lambda truth, labels: float(np.mean([str(t) == str(c) for t, c in zip(truth, labels, strict=True)])),
            "You compared names. Cluster 0 need not be class 0: ask which samples are together, not what they are "
            "called.",
            seen="Stack Overflow question 59346797: the labels of a clustering do not match the original ones",
        ),
        mistake(
            "no-chance",
            _not_adjusted,
            "You divided by the best possible share but did not take chance away. Subtract `chance` above and below.",
            seen="expected slip, not yet seen: half of the formula",
        ),
        mistake(
            "rand-index",
            _rand,
            "You counted the pairs on which both agree (the Rand index). Most pairs are apart in any two groupings, so "
            "it is high by chance. Use `both`, `chance` and `best`.",
            seen="Manning, Raghavan and Schütze, Introduction to Information Retrieval, 'Evaluation of clustering'",
        ),
        mistake(
            "diagonal-counted",
            _with_diagonal,
            "You also paired every sample with itself. Take each pair of different samples once.",
            seen="itsatefe/Pattern-Recognition, adjusted_rand_index: loops over all i and j, i = j included",
        ),
        mistake(
            "no-special-case",
            _unguarded,
            "With one single group in both, best equals chance and your last line is 0 / 0. Return 1.0 before it.",
            seen="met while trying this chapter out",
        ),
        mistake(
            "both-apart-too",
            _apart_too,
            "Your `both` also counts pairs that are apart in both (==). Count those that are together in both: &.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "best-is-one",
            lambda truth, labels: _scaled_to(truth, labels, lambda a, b: 1.0),
            "`best` is not 1: even the same grouping twice does not have every pair together. It is the average of "
            "the two single shares.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "best-is-larger",
            lambda truth, labels: _scaled_to(truth, labels, max),
            "For `best` you took one of the two single shares. Take the average of both.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "counts-for-shares",
            _counted,
            "You multiplied counts of pairs. Shares can be multiplied, counts cannot: .mean() instead of .sum().",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "no-brackets",
            _no_brackets,
            "Division comes before subtraction. Put the upper part in brackets: (both - chance) / (best - chance).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "and-for-arrays",
            lambda truth, labels: bool(_together(truth)) and bool(_together(labels)),
            "`and` wants one True or False on each side. For arrays write &, with one entry per pair.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "only-both",
            lambda truth, labels: (_together(truth) & _together(labels)).mean(),
            "That is `both`. Step 3 is missing: what luck gives becomes 0, the best possible becomes 1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "purity",
            _purity,
            "You gave every cluster its most frequent class (purity). One cluster per sample would score 1.",
            seen="Manning, Raghavan and Schütze, Introduction to Information Retrieval, 'Evaluation of clustering'",
        ),
        mistake(
            "not-divided",
            _only_together,
            "You took chance away, but the perfect score is not 1 yet. Divide by best - chance.",
            seen="expected slip, not yet seen: half of the formula",
        ),
        mistake(
            "half-of-one",
            _half_of_one,
            "Division comes before addition, so only the second share was halved. Put brackets: (... + ...) / 2.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-brackets-at-all",
            lambda truth, labels: _from_shares(truth, labels, lambda both, chance, best: both - chance / best - chance),
            "Division comes before subtraction. Both differences need brackets: (both - chance) / (best - chance).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "or-for-and",
            _or_for_and,
            "| means or: pairs together in at least one grouping. `both` wants pairs together in one and in "
            "the other: &.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "chance-is-half",
            lambda truth, labels: _from_shares(truth, labels, lambda both, chance, best: (both - 0.5) / (best - 0.5)),
            "Chance is not 0.5. Two groupings put a pair together by luck as often as the product of their "
            "shares says.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "zero-for-one-group",
            lambda truth, labels: _from_shares(
                truth, labels, lambda both, chance, best: (both - chance) / (best - chance), 0.0
            ),
            "One single group in both is perfect agreement: return 1.0 there, not 0.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "chance-and-best-swapped",
            lambda truth, labels: _from_shares(
                truth, labels, lambda both, chance, best: (both - best) / (chance - best)
            ),
            "`chance` and `best` have changed places. The product of the two shares is chance, their average is best.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "both-is-chance",
            lambda truth, labels: _from_shares(truth, labels, lambda both, chance, best: 0.0),
            "Your score is 0 whatever the groups: `both` is computed like `chance`. Count the pairs together "
            "in both: (in_truth & in_labels).mean().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "chance-is-both",
            _chance_is_both,
            "The mean of a product is `both` once more. For `chance` multiply the two means: "
            "in_truth.mean() * in_labels.mean().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "best-is-smaller",
            lambda truth, labels: _scaled_to(truth, labels, min),
            "For `best` you took the smaller of the two single shares. Take their average.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[_by_counts, _by_loops],
    hints_for={
        "random labels score 0 on average": [
            "Two random groupings put some pairs together by luck alone. What does your score say of them?",
            "Subtract from `both` what luck gives: the product of the two single shares; above and below the line.",
            "chance = in_truth.mean() * in_labels.mean()\nscore = (both - chance) / (... - chance)",
        ],
        **same_hints(
            [
                "Take five samples, all in one group, in both. What are `chance` and `best` then?",
                "Both are 1, so the last line divides 0 by 0. Decide this case before you divide.",
                "if best == chance:\n    return ...",
            ],
            "one group, twice",
            "no-special-case",
            "zero-for-one-group",
            "nan",
        ),
    },
    hints=[
        "You have two arrays of True and False, one entry per pair of samples. The mean of such an array is a share.",
        (
            "`both`: the share of pairs together in both groupings (&). `chance`: the product of the two single "
            "shares. `best`: their average. The score says where `both` lies between `chance` (0) and `best` (1)."
        ),
        (
            "both = (in_truth & in_labels).mean()\nchance = in_truth.mean() * ...\nbest = (... + ...) / 2\n"
            "if best == chance:\n    return 1.0\nreturn (both - ...) / (best - ...)"
        ),
    ],
    forbids=["sklearn.metrics", "mmlearn_edu.evaluation", "scipy.optimize"],
)
def score_labels(truth, labels):
    """Score how well two groupings agree, whatever the groups are called (adjusted Rand index).

    truth and labels have shape (n_samples,). Return one number: 1 for the same groups,
    0 on average for random ones. Where `best` equals `chance`, return 1.0.
    """
    # 1 for every pair of different samples: are the two together?
    pair = np.triu_indices(len(truth), k=1)
    in_truth = (truth[:, None] == truth)[pair]
    in_labels = (labels[:, None] == labels)[pair]
    # 2 the share of pairs together in both; what chance gives; the best possible
    ### BEGIN SOLUTION
    both = (in_truth & in_labels).mean()
    chance = in_truth.mean() * in_labels.mean()
    best = (in_truth.mean() + in_labels.mean()) / 2
    ### END SOLUTION
    # 3 chance becomes 0, the best possible 1
    ### BEGIN SOLUTION
    if best == chance:
        return 1.0
    return (both - chance) / (best - chance)
    ### END SOLUTION


# 6 How many groups?


def _runs(rng, dtype):  # noqa: ARG001
    """Labels of several runs for each k, more alike for some k than for others."""
    tiny = {
        3: np.array([[0, 0, 1, 2], [0, 1, 1, 2], [0, 1, 2, 2]]),
        2: np.array([[0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 1, 0]]),
    }
    tie = {3: np.array([[0, 1, 2, 0, 1], [2, 0, 1, 2, 0], [1, 2, 0, 1, 2]]), 4: np.array([[0, 1, 2, 3, 0]] * 3)}
    tie[2] = np.array([[0, 1, 1, 0, 1], [1, 1, 0, 0, 1], [0, 0, 1, 0, 1]])
    found = [case(tiny, label="three runs of k = 3 and k = 2"), case(tie, label="k = 4 and k = 3 agree perfectly")]
    for n_samples in (12, 40):
        drawn = {}
        for k in (2, 3, 5):
            base, noise = rng.integers(k, size=n_samples), rng.uniform(0.05, 0.6)
            moved = rng.random((4, n_samples)) < noise
            drawn[k] = np.where(moved, rng.integers(k, size=(4, n_samples)), (base + np.arange(4)[:, None]) % k)
        found.append(case(drawn, label=f"four runs, {n_samples} samples"))
    return found


def _any_names(f, rng):
    runs = {k: rng.integers(k, size=(3, 15)) for k in (2, 3)}
    renamed = {k: np.stack([rng.permutation(k)[row] for row in rows]) for k, rows in runs.items()}
    first, second = f(runs)[1], f(renamed)[1]
    return bool(np.allclose([first[k] for k in runs], [second[k] for k in runs]))


def _any_order(f, rng):
    runs = {k: rng.integers(k, size=(3, 15)) for k in (2, 3, 4)}
    return bool(f(runs)[0] == f(dict(reversed(runs.items())))[0])


def _pick(runs, agree, pairs=itertools.combinations, choose=max):
    stability = {k: float(np.mean([agree(a, b) for a, b in pairs(labels, 2)])) for k, labels in runs.items()}
    return choose(sorted(stability, reverse=True), key=stability.get), stability


def _first_only(labels, _):
    return [(labels[0], other) for other in labels[1:]]


def _with_itself(labels, _):
    return itertools.product(labels, repeat=2)


def _summed(runs):
    best, stability = _pick(runs, adjusted_rand_index)
    n_pairs = {k: len(labels) * (len(labels) - 1) // 2 for k, labels in runs.items()}
    return best, {k: stability[k] * n_pairs[k] for k in stability}


def _first_of_equals(labels_of, key):
    return max(sorted(labels_of), key=key)


def _by_a_table(runs):
    stability = {}
    for k in runs:
        table = np.array([[adjusted_rand_index(a, b) for b in runs[k]] for a in runs[k]])
        stability[k] = table[np.triu_indices(len(table), 1)].mean()
    best = max(stability.values())
    return max(k for k in stability if stability[k] == best), stability


def _off_diagonal(runs):
    stability = {}
    for k, labels in runs.items():
        scores = [adjusted_rand_index(a, b) for i, a in enumerate(labels) for j, b in enumerate(labels) if i != j]
        stability[k] = round(sum(scores) / len(scores), 12)
    keys = sorted(stability)[::-1]
    return keys[int(np.argmax([stability[k] for k in keys]))], stability


def _each_pair(runs, keep, choose=max):
    """Keep of every k what `keep` makes of the scores of its pairs."""
    stability = {}
    for k, labels in runs.items():
        stability[k] = keep([adjusted_rand_index(a, b) for a, b in itertools.combinations(labels, 2)])
    return choose(stability, key=lambda k: (stability[k], k)), stability


def _place_for_k(runs):
    stability = [float(np.mean(scores)) for scores in _each_pair(runs, list)[1].values()]
    return int(np.argmax(stability)), stability


def _first_k_only(runs):
    return _each_pair(dict([next(iter(runs.items()))]), np.mean)


def _counted_keys(runs):
    return {k: runs[k] for k in range(len(runs))}


def _divided_by_runs(runs):
    stability = {k: total / len(runs[k]) for k, total in _summed(runs)[1].items()}
    return max(stability, key=lambda k: (stability[k], k)), stability


@exercise(
    "kmeans.choose_k",
    title="Choose the number of groups",
    section=("scaled-text", "6 · Write it yourself"),
    points=2,
    cases=_runs,
    compare=close(),
    laws=[
        law("the names of the groups do not matter", _any_names),
        law("the order in which the k are listed does not matter", _any_order, hidden=True),
    ],
    mistakes=[
        mistake(
            "names-compared",
            lambda runs: _pick(runs, lambda a, b: (a == b).mean()),
            "You compared names with ==. Two runs may find the same groups and call them differently.",
            seen="Stack Overflow question 42874456: sum_of_true(label1 == label2) / 14",
        ),
        mistake(
            "least-stable",
            lambda runs: _pick(runs, adjusted_rand_index, choose=min),
            "You picked the k on which the runs agree least. The adjusted Rand index is high where they agree: max.",
            seen="expected slip, not yet seen: min as for an error",
        ),
        mistake(
            "only-k",
            lambda runs: _pick(runs, adjusted_rand_index)[0],
            "You return k alone. Return two things: the best k, and the dict of all stabilities.",
            seen="met while trying this chapter out",
        ),
        mistake(
            "with-itself",
            lambda runs: _pick(runs, adjusted_rand_index, pairs=_with_itself),
            "You also compared every run with itself, which always gives 1. Take pairs of different runs.",
            seen="expected slip, not yet seen: the diagonal of a table of pairs",
        ),
        mistake(
            "first-run-only",
            lambda runs: _pick(runs, adjusted_rand_index, pairs=_first_only),
            "You compared the first run with the others only. Take every pair of runs: itertools.combinations.",
            seen="expected slip, not yet seen: one reference run",
        ),
        mistake(
            "other-order",
            lambda runs: _pick(runs, adjusted_rand_index)[::-1],
            "You return the dict first. Return the best k, then the dict.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "largest-key",
            lambda runs: (max(runs), _pick(runs, adjusted_rand_index)[1]),
            "You returned the largest k: max() of a dict looks at its keys. Look at the values: max(..., key=...).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "score-for-k",
            lambda runs: (max(_pick(runs, adjusted_rand_index)[1].values()), _pick(runs, adjusted_rand_index)[1]),
            "You returned the highest stability itself. Return the k it belongs to.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "sums",
            _summed,
            "You added up the scores of the pairs. Stability is their mean, so that it stays at most 1.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "smaller-of-equals",
            lambda runs: _pick(runs, adjusted_rand_index, choose=_first_of_equals),
            "Of two equally stable k you took the smaller. The rule here: the larger one, because it says more.",
            seen="expected slip, not yet seen: max over a dict, which keeps the first of equals",
        ),
        mistake(
            "first-pair-only",
            lambda runs: _each_pair(runs, lambda scores: scores[0]),
            "You compared two runs only. Take every pair of them: itertools.combinations(labels, 2).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "last-pair-only",
            lambda runs: _each_pair(runs, lambda scores: scores[-1]),
            "Only the last pair counts: in the loop each score takes the place of the one before. Collect "
            "them, then average.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "scores-not-averaged",
            lambda runs: _each_pair(runs, list),
            "You kept the list of scores. The stability is one number for each k: their mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "place-for-k",
            _place_for_k,
            "np.argmax gives a place in your list, 0, 1, 2, ..., not k; and a dict {k: stability} is asked for.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "neighbours-only",
            lambda runs: _pick(runs, adjusted_rand_index, pairs=lambda labels, _: itertools.pairwise(labels)),
            "You compared each run with the next one only. Take every pair: itertools.combinations(labels, 2).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "spread",
            lambda runs: _each_pair(runs, np.std, min),
            "You measured how much the scores differ from each other. All may be equally bad: take their mean, "
            "and the largest.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "median",
            lambda runs: _each_pair(runs, np.median),
            "You took the median of the scores. The stability is their mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "best-pair",
            lambda runs: _each_pair(runs, max),
            "You kept the best pair of each k. One lucky pair says little: take the mean over all pairs.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-k-only",
            _first_k_only,
            "Only the first k was looked at: your `return` stands inside the loop. Move it to the left, below "
            "the loop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-argument",
            lambda runs: {k: adjusted_rand_index(labels) for k, labels in runs.items()},  # type: ignore[call-arg]
            "adjusted_rand_index compares two rows of labels: adjusted_rand_index(a, b). Go through the pairs of rows.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided-by-runs",
            _divided_by_runs,
            "You divided by the number of runs. There are more pairs than runs: take the mean of the scores.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "keys-counted",
            _counted_keys,
            "`runs` is a dictionary: its keys are the k, and they do not start at 0. Go through runs.items().",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[_by_a_table, _off_diagonal],
    hints_for={
        **same_hints(
            [
                (
                    "Print what you return. Is the first thing a k, such as 4? Is the second a dict, such as {2: 0.5, "
                    "4: 1.0}?"
                ),
                (
                    "Two things: the k, then the dict. max() of a dict compares keys, so tell it with key= what to "
                    "compare."
                ),
                "best = max(stability, key=lambda k: (stability[k], k))\nreturn ..., ...",
            ],
            "only-k",
            "other-order",
            "type",
            "largest-key",
            "score-for-k",
            "place-for-k",
        ),
        **same_hints(
            [
                "Two k may have the same stability. Which one do you return?",
                "max keeps the first of equals. Let it compare two things: the stability first, then k itself.",
                "best = max(stability, key=lambda k: (..., k))",
            ],
            "smaller-of-equals",
            "k = 4 and k = 3 agree perfectly",
        ),
    },
    hints=[
        "runs[k] holds one row of labels per run. Which rows can be compared with which?",
        (
            "itertools.combinations(labels, 2) gives every pair of rows once. Score each pair with "
            "adjusted_rand_index, average the scores, and keep the average under k. Then pick the k with the highest "
            "average."
        ),
        (
            "stability = {}\nfor k, labels in runs.items():\n"
            "    scores = [... for a, b in itertools.combinations(labels, 2)]\n"
            "    stability[k] = ...\nbest = max(stability, key=lambda k: (..., k))\nreturn best, stability"
        ),
    ],
    equivalent_mutants={
        "scores = [adjusted_rand_index(a, b) for a, b in itertools.combinations(labels, 2)]: "
        "adjusted_rand_index(a, b) -> adjusted_rand_index(b, a)": "the index is symmetric",
    },
)
def choose_k(runs):
    """Choose the number of groups on which repeated runs agree best.

    `runs` maps each k to an array of labels, (n_runs, n_samples), one row per run. The
    stability of k is the mean adjusted Rand index over all pairs of different runs.
    Return two things: the most stable k (the largest of equals), and a dict {k: stability}.
    """
    ### BEGIN SOLUTION
    stability = {}
    for k, labels in runs.items():
        scores = [adjusted_rand_index(a, b) for a, b in itertools.combinations(labels, 2)]
        stability[k] = np.mean(scores)
    best = max(stability, key=lambda k: (stability[k], k))
    return best, stability
    ### END SOLUTION


# 7 By hand, against Lloyd


@functools.cache
def _islands():
    """Return the widget of the notebook, and the least objective that four centroids can reach on its points."""
    from sklearn.datasets import make_blobs  # both are heavy, and only this exercise needs them

    from mmlearn_edu.widgets import drag_centroids

    centers = [[0, 0], [4, 0], [10, 0], [10, 5]]
    points, _ = make_blobs(120, centers=centers, cluster_std=0.7, random_state=0)
    widget = drag_centroids(points, k=4)
    widget.close()  # nobody looks at this one
    return widget, KMeans(n_clusters=4, random_state=0).fit(points).inertia_


_SAME = close(rtol=5e-3)  # read off the screen, and rounded


def _counts(objective):
    """Whether four centroids can reach it, and it is below the goal; typed numbers are rounded."""
    widget, lowest = _islands()
    return 0.99 * lowest <= objective < widget.goal


def _below_goal(expected, actual):
    """Accept any objective below the widget's goal that four centroids can reach."""
    problem = _SAME(expected, actual)
    if problem is None or problem.id != "value" or not _counts(expected):
        return problem
    if _counts(actual):
        return None
    widget, lowest = _islands()
    n_samples = len(widget.points)
    if 0.99 * lowest <= actual * n_samples <= 4 * widget.stuck:
        words = f"{actual:.6g} looks like the mean over {n_samples} samples. Type the sum, beside `Lowest so far`."
    elif actual < lowest:
        words = f"No four centroids reach {actual:.6g} on these points. Type the number beside `Lowest so far`."
    elif actual < widget.stuck:
        words = f"{actual:.6g} is lower than Lloyd's {widget.stuck:.4g}, but not below {widget.goal:g} yet."
    else:
        words = f"{actual:.6g} is not below {widget.goal:g}; Lloyd's algorithm gets stuck at {widget.stuck:.4g}."
    return Problem("value", words)


def _at_start():
    widget, _ = _islands()
    points, start = np.array(widget.points), np.array(widget.start)
    return float(objective(points, start, assign(points, start)))


@exercise(
    "kmeans.beat_lloyd",
    title="Beat Lloyd's algorithm by hand",
    section=("never-rises", "4 · Predict, run, explain"),
    kind="widget",
    points=1,
    compare=_below_goal,
    mistakes=[
        mistake(
            "lloyd-s-own",
            lambda: _islands()[0].stuck,
            "That is where Lloyd's algorithm stops. One cloud has several centroids while other clouds share one: "
            "carry one over.",
            seen="expected slip, not yet seen: pressing `Lloyd step` until nothing moves",
        ),
        mistake(
            "the-start",
            _at_start,
            "That is the objective at the start. Move a centroid first.",
            seen="expected slip, not yet seen: reading the number before anything moved",
        ),
        mistake(
            "per-sample",
            lambda: _islands()[1] / len(_islands()[0].points),
            "That is the objective for one sample on average. Type the sum, as the widget shows it.",
            seen="Cross Validated question 530891: inertia computed by np.mean",
        ),
        mistake(
            "the-goal",
            lambda: _islands()[0].goal,
            "That is the goal. Your own number has to be below it: move a centroid, and read `Lowest so far`.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    hints_for={
        **same_hints(
            [
                "Does every cloud have a centroid of its own? Count before you move anything.",
                (
                    "`Lloyd step` alone never carries a centroid across a gap. You can: take one from a cloud that has "
                    "two."
                ),
                "carry one over, press `Lloyd step` until nothing moves, then\nlowest = widget.answer",
            ],
            "the-start",
            "lloyd-s-own",
            "the-goal",
        ),
    },
    hints=[
        "Count the clouds, and count the centroids in each of them.",
        (
            "Take a centroid from a cloud that has more than one and carry it to clouds that share one. Then press "
            "`Lloyd step` a few times."
        ),
        "lowest = widget.answer",
    ],
    equivalent_mutants={
        "lowest = 120.0: 120.0 -> 121.0": "any number below the goal that can be reached counts",
        "lowest = 120.0: 120.0 -> 119.0": "any number below the goal that can be reached counts",
    },
)
def beat_lloyd():
    """Move the centroids until the objective is below the goal that the widget names, far below Lloyd's.

    Type the number beside `Lowest so far`, or write widget.answer.
    """
    ### BEGIN SOLUTION
    #: lowest = ...  # the number beside "Lowest so far", or widget.answer
    lowest = 120.0  # two clouds shared one centroid: bring them a second one
    ### END SOLUTION
    return lowest


# 8 The broken article


def _pictures(rng, dtype):
    """Pictures that cluster without doubt, and classes that do not quite follow: every right way scores the same."""
    found = []
    for n_samples, k, shape in [(8, 2, (2, 2, 1)), (20, 3, (4, 4, 1)), (24, 4, (3, 3, 3))]:
        size = int(np.prod(shape))
        # the same grey levels in another order: the mean of a picture tells nothing
        prototypes = np.stack([np.roll(np.arange(size), c * size // k) for c in range(k)])
        group = rng.permutation(np.arange(n_samples) % k)
        images = 10.0 * prototypes[group] + rng.normal(0, 0.3, size=(n_samples, size))
        if shape[-1] > 1:
            images.reshape(-1, shape[-1])[:, 0] = rng.normal(size=images.size // shape[-1])  # colours: not red alone
        y = (group + 1) % k
        swapped = rng.permutation(n_samples)[: n_samples // 4]
        y[swapped] = rng.integers(k, size=len(swapped))
        words = f"{n_samples} pictures of shape {shape}, {k} classes"
        found.append(case(images.reshape(-1, *shape).astype(dtype), y, k, 0, label=words))
    return found


def _noise(rng):
    return rng.normal(size=(30, 3, 3, 1)), rng.integers(5, size=30)


def _repeats(f, rng):
    images, y = _noise(rng)
    scores = [float(f(images, y, 5, 3)) for _ in range(3)]
    assert len(set(scores)) == 1, (
        f"Three calls with seed 3 gave {', '.join(f'{score:.3f}' for score in scores)}. Is the seed used?"
    )


def _class_names(f, rng):
    images, y = _noise(rng)
    return bool(np.isclose(f(images, y, 5, 1), f(images, rng.permutation(5)[y], 5, 1)))


def _sklearn_score(images, y, k, seed):
    from sklearn.cluster import KMeans as Theirs
    from sklearn.metrics import adjusted_rand_score

    rows = np.array([image.ravel() for image in images])
    return adjusted_rand_score(y, Theirs(k, n_init=10, random_state=seed).fit(rows).labels_)


def _flat(images):
    return images.reshape(len(images), -1)


def _one_channel(images, y, k, seed):
    return adjusted_rand_index(y, _groups(_flat(images[..., 0]), k, seed))


def _groups(X, k, seed):
    return KMeans(n_clusters=k, random_state=seed).fit_predict(X)


def _sized(images, y, k, seed, n_features):
    return adjusted_rand_index(y, _groups(images.reshape(len(images), n_features), k, seed))


def _fit_only(images, y, k, seed):
    return adjusted_rand_index(y, KMeans(n_clusters=k, random_state=seed).fit(_flat(images)))


@exercise(
    "kmeans.fix_article",
    title="Mend the article's clustering",
    section=("real-data", "5 · The same idea on real data"),
    points=2,
    cases=_pictures,
    compare=close(),
    laws=[
        law("the same seed gives the same score", _repeats),
        law("renaming the classes changes nothing", _class_names, hidden=True),
    ],
    mistakes=[
        mistake(
            "still-four-dimensional",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images, k, seed)),
            "KMeans still gets an array with four axes. It wants (n_samples, n_features): one row per picture.",
            seen="CuriseJia/ECCV24-FreeStyleRet issue #39: KMeans found an array with 3 axes",
        ),
        mistake(
            "names-compared",
            lambda images, y, k, seed: (_groups(_flat(images), k, seed) == y).mean(),
            "You still compare names with ==. Cluster 0 need not be class 0: use adjusted_rand_index(y, labels).",
            seen="taourl.com/read-4034203: accuracy_score(y_test, y_pred) of k-means labels",
        ),
        mistake(
            "pixels-as-samples",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images.reshape(-1, images.shape[-1]), k, seed)),
            "Every pixel became a sample: reshape(-1, channels). Keep one row per picture: reshape(len(images), -1).",
            seen="scikit-learn's example 'Color Quantization using K-Means', where it is right: (w * h, d)",
        ),
        mistake(
            "averaged-away",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images.mean(axis=(1, 2)), k, seed)),
            "You averaged each picture over its pixels: where the ink is, is gone. Keep all numbers: reshape.",
            seen="expected slip, not yet seen: global average pooling, taken from network code",
        ),
        mistake(
            "transposed",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images.reshape(-1, len(images)), k, seed)),
            "reshape(-1, len(images)) gives one column per picture, and mixes them. Rows are samples: "
            "reshape(len(images), -1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "all-in-one-row",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images.flatten(), k, seed)),
            "flatten() and ravel() put all pictures into one row. Keep the first axis, one row per picture: "
            "reshape(len(images), -1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-channel",
            _one_channel,
            "You kept the first channel only, which is enough for grey pictures and loses colours. Keep all numbers: "
            "reshape(len(images), -1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "squeezed",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images.squeeze(), k, seed)),
            "squeeze() drops axes of length 1 only; height and width are still there. One row per picture: "
            "reshape(len(images), -1).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "matched-accuracy",
            lambda images, y, k, seed: clustering_accuracy(y, _groups(_flat(images), k, seed)),
            "The best matching of names is free of names, too, but luck alone lifts it above 0. Use "
            "adjusted_rand_index here.",
            seen="wvangansbeke/Unsupervised-Classification issue #50: accuracy after Hungarian matching",
        ),
        mistake(
            "typed-64",
            lambda images, y, k, seed: _sized(images, y, k, seed, 64),
            "64 fits the digits only. Let NumPy count the numbers of a picture: reshape(len(images), -1).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "typed-1797",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images.reshape(1797, -1), k, seed)),
            "1797 fits this data set only. Count the pictures: len(images).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "typed-10",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(_flat(images), 10, seed)),
            "10 fits the digits only. The number of groups was given to you: n_clusters=k.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "channel-picked",
            lambda images, y, k, seed: adjusted_rand_index(y, _groups(images[..., 0], k, seed)),
            "images[..., 0] still has three axes. KMeans wants two: one row per picture, reshape(len(images), -1).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "channels-forgotten",
            lambda images, y, k, seed: _sized(images, y, k, seed, images.shape[1] * images.shape[2]),
            "Height times width leaves out the channels: it fits grey pictures only. Let -1 count all: "
            "reshape(len(images), -1).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mutual-information",
            lambda images, y, k, seed: normalized_mutual_information(y, _groups(_flat(images), k, seed)),
            "Mutual information does not look at names either, but luck alone lifts it above 0. Use "
            "adjusted_rand_index here.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "compared-with-itself",
            lambda images, y, k, seed: 1.0,
            "Your score is always 1. Is something compared with itself? Compare the true classes with the "
            "groups found: y, labels.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "fit-only",
            _fit_only,
            "fit() returns the fitted KMeans, not the groups. Write fit_predict(X), or take .labels_ of what "
            "fit() returns.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        _sklearn_score,
        lambda images, y, k, seed: adjusted_rand_index(
            KMeans(n_clusters=k, random_state=seed, n_init=12).fit(np.reshape(images, (images.shape[0], -1))).labels_, y
        ),
    ],
    hints_for={
        **same_hints(
            [
                "Call your function three times with the same seed and print the score. Which line draws at random?",
                "KMeans starts at random places. It takes the seed that you were given under the name random_state.",
                "labels = KMeans(n_clusters=k, random_state=...).fit_predict(X)",
            ],
            "the same seed gives the same score",
        ),
        **same_hints(
            [
                (
                    "Print X.shape just before KMeans. It should have two sizes, and the first should be the number of "
                    "pictures."
                ),
                "Keep the first axis and lay everything else out in a row: reshape, with -1 for the rest.",
                "X = images.reshape(len(images), ...)      # (n_samples, height * width * channels)",
            ],
            "raised",
            "still-four-dimensional",
            "channel-picked",
            "squeezed",
            "all-in-one-row",
        ),
        **same_hints(
            [
                "Swap the names of two groups by hand: labels 0 become 1 and 1 become 0. Does your score change?",
                "Compare who is together with whom. adjusted_rand_index does it, whatever the groups are called.",
                "labels = ...\nreturn adjusted_rand_index(..., ...)",
            ],
            "names-compared",
            "renaming the classes changes nothing",
        ),
    },
    hints=[
        "Three lines, three faults: one stops with a traceback, two only give a wrong number.",
        "Give KMeans one row per picture, give it the seed, and compare groupings instead of names.",
        (
            "X = images.reshape(len(images), ...)\nlabels = KMeans(n_clusters=k, random_state=...).fit_predict(X)\n"
            "return adjusted_rand_index(...)"
        ),
    ],
    equivalent_mutants={
        "return adjusted_rand_index(y, labels): adjusted_rand_index(y, labels) -> adjusted_rand_index(labels, y)": (
            "the index is symmetric"
        ),
        "X = images.reshape(len(images), -1): 1 -> 2": "NumPy works out the size for any negative number",
    },
    time_limit=10.0,
    seeds=20,
)
def article_score(images, y, k, seed):
    """Repair the article: put pictures into k groups, score them against the true classes.

    images has shape (n_samples, height, width, channels), y (n_samples,). Every line has a
    fault. Return the adjusted Rand index, the same at every call with the same seed.
    """
    # 1 one row per picture
    ### BEGIN SOLUTION
    #: X = images
    X = images.reshape(len(images), -1)
    ### END SOLUTION
    # 2 the same groups at every call
    ### BEGIN SOLUTION
    #: labels = KMeans(n_clusters=k).fit_predict(X)
    labels = KMeans(n_clusters=k, random_state=seed).fit_predict(X)
    ### END SOLUTION
    # 3 groupings compared, not names
    ### BEGIN SOLUTION
    #: return (labels == y).mean()
    return adjusted_rand_index(y, labels)
    ### END SOLUTION


@exercise(
    "kmeans.why_unnoticed",
    title="Say why comparing names goes unnoticed",
    section=("scaled-text", "6 · Write it yourself"),
    kind="choice",
    version=2,
    options={
        "a": "== raises an error only when the two arrays have different lengths.",
        "b": "KMeans sorts its labels by the size of the groups, so they match the classes most of the time.",
        "c": "A low accuracy proves that the data has no clusters.",
        "d": "The comparison runs without an error, and its low score looks like a hard data set.",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "Here the lengths agree, so nothing is raised. What does a reader make of the number?",
            seen="a distractor",
        ),
        mistake(
            "b",
            lambda: "b",
            "Labels follow the random start; nothing sorts them. See the two runs above.",
            seen="a distractor",
        ),
        mistake(
            "c",
            lambda: "c",
            "The same groups score far higher once names are left out. The number says nothing about the data.",
            seen="a distractor",
        ),
    ],
)
def why_unnoticed():
    """Say why comparing cluster names with == could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "d"
    ### END SOLUTION
    return answer


PREDICTIONS = [
    prediction(
        id="kmeans.restarts",
        prompt="Lloyd starts 200 times. How many percent of the runs end with the lowest objective of all?",
        unit="%",
        within=15,
        example=51.5,
        after="Every run stopped calmly at a place where nothing moves. That alone says nothing about quality.",
    ),
    prediction(
        id="kmeans.glue",
        prompt="The picture alone scores about 0.5. Put the sound's 130 numbers beside its 64 as they are. It ...",
        options={
            "a": "rises above 0.6: two senses know more than one",
            "b": "stays between 0.2 and 0.6",
            "c": "falls below 0.2",
        },
        outcome=lambda score: "c" if score < 0.2 else "b" if score < 0.6 else "a",
        example=0.06,
        after="A distance adds squares. The feature with the largest numbers decides, whatever it knows.",
    ),
    prediction(
        id="kmeans.scenes",
        prompt="Two groups, found again in nearly every run. What do they tell apart: shapes, sizes or colours?",
        options={
            "a": "one of them well: an adjusted Rand index above 0.4",
            "b": "one of them a little: 0.1 to 0.4",
            "c": "none: below 0.1",
        },
        outcome=lambda score: "a" if score > 0.4 else "c" if score < 0.1 else "b",
        example=0.02,
        after="Stable, a low objective, two neat groups, and no class behind them.",
    ),
]

QUESTIONS = [
    question(
        id="kmeans.q1",
        prompt="What does the k-means objective add up?",
        options={
            "a": "distances from samples to their centroids",
            "b": "distances from the centroids to the mean of all samples",
            "c": "squared distances from samples to their centroids",
        },
        answer="c",
        why="The square is why the best place for a centroid is the mean.",
        wrong={"a": "Without the square, the mean would not be the best centroid.", "b": "It never looks at them."},
    ),
    question(
        id="kmeans.q2",
        prompt="Lloyd's algorithm has stopped: no centroid moves. What do you know?",
        options={
            "a": "the objective cannot be lowered by assigning or moving alone",
            "b": "the objective is the lowest there is",
            "c": "the groups are real",
        },
        answer="a",
        why="It is a local minimum; another start may end lower.",
        wrong={"b": "About half of the random starts in chapter 10 stopped higher.", "c": "It stops on noise, too."},
    ),
    question(
        id="kmeans.q3",
        prompt="Two runs give labels [0, 0, 1] and [1, 1, 0]. Do they agree?",
        options={"a": "on no sample", "b": "on one sample", "c": "completely"},
        answer="c",
        why="The same samples are together; the names mean nothing.",
        wrong={"a": "You compared names.", "b": "Ask which samples are together."},
    ),
    question(
        id="kmeans.q4",
        prompt="One feature is in metres, one in millimetres. Which one decides a k-means clustering?",
        options={"a": "the one in metres", "b": "the one with the larger numbers", "c": "both alike"},
        answer="b",
        why="Distances add squares, so the largest numbers win. Scale first.",
        wrong={"a": "Its numbers are 1000 times smaller.", "c": "Only after scaling."},
    ),
    question(
        id="kmeans.q5",
        prompt="What adjusted Rand index do random labels get on average?",
        options={"a": "0", "b": "1 / k", "c": "0.5"},
        answer="a",
        why="Chance is taken away, whatever the number of groups.",
        wrong={"b": "That is about what matching names by luck gives.", "c": "Subtracting chance moves it to 0."},
    ),
    question(
        id="kmeans.q6",
        prompt="Runs on random halves of the data agree almost perfectly. What follows?",
        options={
            "a": "the clusters are the true classes",
            "b": "k is too small",
            "c": "the grouping is repeatable; whether it means anything is another question",
        },
        answer="c",
        why="The scenes' evenly spread greys were cut at the same place every time, and no class was behind it.",
        wrong={"a": "In the scenes they matched no class at all.", "b": "Agreement alone does not say so."},
    ),
    question(
        id="kmeans.q7",
        prompt="KMeans raises `Found array with dim 4`. What does it want?",
        options={
            "a": "(n_samples, n_features): one row per sample",
            "b": "(n_features, n_samples): one column per sample",
            "c": "a list of pictures",
        },
        answer="a",
        why="X.reshape(len(X), -1) keeps one row per sample.",
        wrong={"b": "Rows are samples everywhere in this book.", "c": "A list becomes the same array with four axes."},
    ),
]
