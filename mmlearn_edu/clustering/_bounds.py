"""Lloyd's algorithm without the distances that cannot matter."""

from __future__ import annotations

import numpy as np

from mmlearn_edu.clustering._distances import Labels, Matrix, Vector, nearest_two, rounding, squares
from mmlearn_edu.clustering._lloyd import cluster_sums, move

__all__ = ["lloyd_with_bounds"]


def lloyd_with_bounds(X: Matrix, centroids: Matrix, max_iter: int) -> tuple[Matrix, Labels, list[float]]:
    """Return what `lloyd` returns, but ask only the samples whose nearest centroid may have changed [1]_.

    Every sample keeps an upper bound of the distance to its own centroid and a lower bound of that to any other. By the
    triangle inequality a distance changes by no more than its centroid moves: the upper bound rises by the move of the
    own centroid, the lower one falls by the longest move of any other. As long as the upper is below the lower one, the
    sample stays, and no distance is needed. Bounds are padded by what rounding could do, so that it never changes an
    answer.

    References
    ----------
    .. [1] Hamerly, G. (2010). Making k-means even faster. SIAM Int. Conf. Data Mining, 130-140.
    """
    X_squares = squares(X)
    labels, *found = nearest_two(X, centroids, X_squares)
    upper, lower = _bounds(X, X_squares, *found)
    history = []
    for _ in range(max_iter):
        sums, count = cluster_sums(X, labels, len(centroids))
        history.append(_objective(X_squares, sums, count, centroids))
        moved = move(X, labels, centroids, sums, count)
        doubtful = _widen(upper, lower, labels, centroids, moved, rounding(X))
        few = 2 * len(doubtful) < len(X)  # else it is quicker to ask all than to gather most
        rows = doubtful if few else slice(None)
        centroids, previous = moved, labels[rows].copy()
        labels[rows], *found = nearest_two(X, centroids, X_squares, doubtful if few else None)
        upper[rows], lower[rows] = _bounds(X, X_squares[rows], *found)
        if np.array_equal(labels[rows], previous):
            break
    history.append(_objective(X_squares, *cluster_sums(X, labels, len(centroids)), centroids))
    return centroids, labels, history


def _bounds(X: Matrix, X_squares: Matrix, first: Vector, second: Vector) -> tuple[Vector, Vector]:
    pad = rounding(X)
    upper = np.sqrt(first + pad * (X_squares + first)) + pad * np.sqrt(X_squares)
    lower = np.sqrt(np.maximum(second * (1 - pad) - pad * X_squares, 0))
    return upper, lower


def _widen(upper: Vector, lower: Vector, labels: Labels, old: Matrix, new: Matrix, pad: float) -> Labels:
    """Widen the bounds in place by how far centroids moved; return the samples that they no longer decide."""
    pad = max(pad, 1e-9)  # more than the additions of a thousand rounds could lose
    shift = np.linalg.norm(new.astype(np.float64) - old, axis=1) * (1 + pad)
    others = np.full(len(shift), shift.max())  # the farthest move among all centroids but this one
    others[shift.argmax()] = np.delete(shift, shift.argmax()).max(initial=0)
    upper += shift[labels]
    lower -= others[labels]
    return np.flatnonzero(upper * (1 + 3 * pad) >= lower)


def _objective(X_squares: Matrix, sums: Vector, count: Labels, centroids: Matrix) -> float:
    r"""Sum of squared distances to the own centroids :math:`\sum x^2 - 2 \sum_c c\,S_c + \sum_c n_c c^2`."""
    C = centroids.astype(np.float64)
    return float(max(X_squares.sum(dtype=np.float64) - 2 * (C * sums).sum() + count @ squares(C), 0))
