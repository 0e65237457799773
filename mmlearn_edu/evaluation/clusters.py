"""Scores of groupings, which do not care what a cluster is called."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from mmlearn_edu.evaluation._labels import pair

__all__ = ["adjusted_rand_index", "clustering_accuracy", "contingency_matrix", "purity"]


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
    true, pred = pair(labels_true, labels_pred)
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

    Returns
    -------
    float
        1 if every cluster is one class and every class one cluster.

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


def purity(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Share of samples that belong to the most frequent class of their cluster [1]_: in (0, 1].

    It grows with the number of clusters, and is 1 where every sample is a cluster of its own: compare only groupings
    with equally many clusters, or take `adjusted_rand_index`, which is 0 there.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        At least the share of the most frequent class, what one single cluster gets.

    References
    ----------
    .. [1] Manning, C. D., Raghavan, P. and Schuetze, H. (2008). Introduction to Information Retrieval, ch. 16.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import adjusted_rand_index, purity
    >>> y = [0, 0, 0, 1, 1, 1]
    >>> [purity(y, clusters) for clusters in ([0] * 6, [0, 0, 1, 1, 1, 2], range(6))]  # 1, 3 and 6 clusters
    [0.5, 0.8333333333333334, 1.0]
    >>> adjusted_rand_index(y, range(6))
    0.0
    """
    counts = contingency_matrix(labels_true, labels_pred)
    return float(counts.max(axis=0).sum() / counts.sum())


def _pairs(counts: Any) -> float:
    """Pairs of samples within groups of these sizes."""
    return float((counts * (counts - 1) / 2).sum())
