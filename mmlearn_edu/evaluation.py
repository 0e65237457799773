"""Scores that know what chance would give, and that do not care what a cluster is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

__all__ = [
    "accuracy",
    "adjusted_rand_index",
    "bootstrap_interval",
    "chance_level",
    "chance_scores",
    "clustering_accuracy",
    "contingency_matrix",
    "normalized_mutual_information",
]

Score = Callable[[NDArray[Any], NDArray[Any]], float]


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Share of samples whose predicted class is the true one, in [0, 1]; compare it with `chance_level`.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)

    Raises
    ------
    ValueError
        If the two are empty, not one-dimensional, or of different lengths.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy
    >>> accuracy(["cat", "dog", "cat"], ["cat", "cat", "cat"]).__round__(2)
    0.67
    """
    y_true, y_pred = _pair(y_true, y_pred)
    return float((y_true == y_pred).mean())


def chance_level(y: ArrayLike) -> float:
    """Accuracy of whoever always answers the most frequent class, without looking: in (0, 1].

    Parameters
    ----------
    y : array-like of shape (n_samples,)

    Examples
    --------
    >>> from mmlearn_edu.evaluation import chance_level
    >>> chance_level(["cat", "dog", "cat", "cat"])
    0.75
    """
    y = _labels(y, "y")
    return float(np.unique(y, return_counts=True)[1].max() / len(y))


def contingency_matrix(labels_true: ArrayLike, labels_pred: ArrayLike) -> NDArray[np.int64]:
    """Count the samples of every class (rows) in every cluster (columns), both in sorted order.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Returns
    -------
    ndarray of int of shape (n_classes, n_clusters)

    Examples
    --------
    >>> from mmlearn_edu.evaluation import contingency_matrix
    >>> contingency_matrix(["a", "a", "b"], [1, 0, 1])
    array([[1, 1],
           [0, 1]])
    """
    true, pred = _pair(labels_true, labels_pred)
    classes, rows = np.unique(true, return_inverse=True)
    clusters, columns = np.unique(pred, return_inverse=True)
    counts = np.zeros((len(classes), len(clusters)), dtype=np.int64)
    np.add.at(counts, (rows, columns), 1)
    return counts


def clustering_accuracy(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Accuracy after each cluster got the best class of its own (Hungarian matching), in (0, 1].

    With more clusters than classes the surplus clusters count as wrong. The best matching flatters:
    even shuffled labels score above ``1 / n_classes``; see `chance_scores`.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Examples
    --------
    >>> from mmlearn_edu.evaluation import clustering_accuracy
    >>> clustering_accuracy([0, 0, 1, 1], [7, 7, 3, 3])
    1.0
    """
    counts = contingency_matrix(labels_true, labels_pred)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(counts[rows, columns].sum() / counts.sum())


def adjusted_rand_index(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Agreement over pairs of samples, corrected for chance [1]_: 1 for the same groups, about 0 for random ones.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        In [-0.5, 1]; 1 also where there is only one way to group (all together, or all alone).

    References
    ----------
    .. [1] Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import adjusted_rand_index
    >>> adjusted_rand_index([0, 0, 1, 1], [7, 7, 3, 3])
    1.0
    >>> round(adjusted_rand_index([0, 0, 1, 1], [0, 1, 0, 1]), 6)
    -0.5
    """
    counts = contingency_matrix(labels_true, labels_pred).astype(np.float64)
    together = _pairs(counts)
    in_true, in_pred = _pairs(counts.sum(axis=1)), _pairs(counts.sum(axis=0))
    expected = in_true * in_pred / max(_pairs(counts.sum()), 1)
    best = (in_true + in_pred) / 2
    return 1.0 if best == expected else float((together - expected) / (best - expected))


def normalized_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Information the two groupings share, over the mean of their entropies: in [0, 1].

    Not corrected for chance: many small clusters score above 0 by accident.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        1 also where both put all samples into one group.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import normalized_mutual_information
    >>> normalized_mutual_information([0, 0, 1, 1], [7, 7, 3, 3])
    1.0
    >>> normalized_mutual_information([0, 0, 1, 1], [0, 1, 0, 1])
    0.0
    """
    joint = contingency_matrix(labels_true, labels_pred)
    joint = joint / joint.sum()
    h_true, h_pred, h_joint = _entropy(joint.sum(axis=1)), _entropy(joint.sum(axis=0)), _entropy(joint)
    if h_true == h_pred == 0:
        return 1.0
    return float(np.clip((h_true + h_pred - h_joint) / ((h_true + h_pred) / 2), 0, 1))


def chance_scores(
    score: Score, y_true: ArrayLike, y_pred: ArrayLike, *, n_permutations: int = 200, random_state: int | None = 0
) -> NDArray[np.float64]:
    """Score the same predictions handed to the wrong samples: what chance gives, sorted, of shape (n_permutations,).

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred : array-like of shape (n_samples,)
    n_permutations : int, default=200
    random_state : int or None, default=0

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, chance_scores
    >>> y = [0, 1] * 50
    >>> float(abs(chance_scores(accuracy, y, y).mean() - 0.5)) < 0.02
    True
    """
    y_true, y_pred = _pair(y_true, y_pred)
    random = np.random.default_rng(random_state)
    return np.sort([score(y_true, random.permutation(y_pred)) for _ in range(n_permutations)])


def bootstrap_interval(
    score: Score,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    level: float = 0.95,
    n_resamples: int = 500,
    random_state: int | None = 0,
) -> tuple[float, float]:
    """Interval in which the score would fall, had other samples been drawn (percentile bootstrap).

    It covers the luck of drawing these samples, not that of training once more.

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred : array-like of shape (n_samples,)
    level : float in (0, 1), default=0.95
    n_resamples : int, default=500
    random_state : int or None, default=0

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, bootstrap_interval
    >>> low, high = bootstrap_interval(accuracy, [1] * 100, [1] * 80 + [0] * 20)
    >>> 0.7 < low < 0.8 < high < 0.9
    True
    """
    if not 0 < level < 1:
        raise ValueError(f"{level=} not between 0 and 1; 0.95 is usual")
    y_true, y_pred = _pair(y_true, y_pred)
    random = np.random.default_rng(random_state)
    draws = random.integers(len(y_true), size=(n_resamples, len(y_true)))
    low, high = np.quantile([score(y_true[i], y_pred[i]) for i in draws], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _pair(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    true, pred = _labels(y_true, "the true labels"), _labels(y_pred, "the predicted labels")
    if len(true) != len(pred):
        raise ValueError(f"{len(true)} true labels and {len(pred)} predicted ones; give one of each per sample")
    return true, pred


def _labels(y: ArrayLike, name: str) -> NDArray[Any]:
    labels = np.asarray(y)
    if labels.ndim != 1 or len(labels) == 0:
        raise ValueError(f"{name} must have shape (n_samples,) with one label or more, got shape {labels.shape}")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ValueError(f"{name} hold NaN or infinity, which is no class; drop those samples first")
    return labels


def _pairs(counts: Any) -> float:
    """Pairs of samples within groups of these sizes."""
    return float((counts * (counts - 1) / 2).sum())


def _entropy(shares: NDArray[np.floating[Any]]) -> float:
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
