"""Lloyd's algorithm, as a textbook prints it: assign, move, repeat."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from mmlearn_edu.clustering._distances import Labels, Matrix, Vector, nearest_two, own_distances, rounding, squares

__all__ = ["cluster_sums", "lloyd", "move"]

ROWS = 2**14  # rows added up at a time: short sums lose few digits in single precision


def lloyd(X: Matrix, centroids: Matrix, max_iter: int) -> tuple[Matrix, Labels, list[float]]:
    """Centroids, labels, and the objective at the start and after every round; `X` lies around zero."""
    X_squares = squares(X)
    labels, distance, _ = nearest_two(X, centroids, X_squares)
    history = [float(distance.sum())]
    for _ in range(max_iter):
        centroids = move(X, labels, centroids, *cluster_sums(X, labels, len(centroids)))
        previous = labels
        labels, distance, _ = nearest_two(X, centroids, X_squares)
        history.append(float(distance.sum()))
        if np.array_equal(labels, previous):
            break
    return centroids, labels, history


def move(X: Matrix, labels: Labels, centroids: Matrix, sums: Vector, count: Labels) -> Matrix:
    """Mean of every cluster, after empty clusters have taken the farthest samples."""
    if not count.all():
        labels = _fill_empty(X, labels, centroids, np.flatnonzero(count == 0))
        sums, count = cluster_sums(X, labels, len(centroids))
    means = (sums / np.maximum(count, 1)[:, None]).astype(X.dtype)
    return np.where(count[:, None] > 0, means, centroids)


def cluster_sums(X: Matrix, labels: Labels, n_clusters: int) -> tuple[Vector, Labels]:
    """Sum of every cluster's samples, (n_clusters, n_features), and how many they are, (n_clusters,)."""
    sums = np.zeros((n_clusters, X.shape[1]))
    for start in range(0, len(X), ROWS):
        some = labels[start : start + ROWS]
        # one row per sample, with a 1 for its cluster: transposed times X, it adds up every cluster
        member = csr_array((np.ones(len(some), X.dtype), some, np.arange(len(some) + 1)), shape=(len(some), n_clusters))
        sums += member.T @ X[start : start + ROWS]
    return sums, np.bincount(labels, minlength=n_clusters)


def _fill_empty(X: Matrix, labels: Labels, centroids: Matrix, empty: Labels) -> Labels:
    distance = own_distances(X, centroids, labels)
    farthest = np.argsort(-distance, kind="stable")[: len(empty)]
    away = distance[farthest] > rounding(X) ** 2 * squares(X[farthest])
    labels = labels.copy()
    labels[farthest[away]] = empty[: len(away)][away]
    return labels
