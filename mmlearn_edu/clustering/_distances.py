"""Which centroid is nearest: decided alike wherever it is asked, in blocks of rows that fit into the cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "Labels", "Matrix", "Vector", "nearest", "nearest_two", "own_distances", "rounding", "squares"]

Matrix = NDArray[np.floating[Any]]
Vector = NDArray[np.float64]
Labels = NDArray[np.intp]
BLOCK = 2**16  # distances held at a time


def nearest(X: Matrix, centroids: Matrix) -> Labels:
    """Index of the nearest centroid of every row of `X`; the lowest of those that are equally near."""
    middle = centroids.mean(axis=0)  # near zero, x^2 - 2xc + c^2 loses no digits
    X, centroids = X - middle, centroids - middle
    return nearest_two(X, centroids, squares(X))[0]


def nearest_two(
    X: Matrix, centroids: Matrix, X_squares: Matrix, rows: Labels | None = None
) -> tuple[Labels, Vector, Vector]:
    r"""Nearest centroid of every sample, the squared distance to it, and the one to the second nearest.

    Squared distances are :math:`x^2 - 2 x c + c^2`: quick, but rounded. Where rounding could swap the winner, distances
    are taken once more as :math:`\sum (x - c)^2`. What then differs by `rounding` only is equally near, and the lowest
    index wins. So the answer depends neither on the blocks nor on the other rows.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), around zero
    centroids : ndarray of shape (n_clusters, n_features)
    X_squares : ndarray of shape (n_samples,), ``squares(X)``
    rows : ndarray of int of shape (n_rows,), default=None
        The samples to ask for; all if None.

    Returns
    -------
    labels, first, second : ndarrays of shape (n_rows,)
        `second` is infinite for a single centroid, and equals `first` where two are (about) equally near.
    """
    n_rows = len(X) if rows is None else len(rows)
    labels, first, second = np.empty(n_rows, dtype=np.intp), np.empty(n_rows), np.empty(n_rows)
    equally_near = np.zeros(n_rows, dtype=bool)
    C, C_squares, slack = -2 * centroids, squares(centroids)[:, None], 4 * rounding(X)
    count = np.stack([np.arange(len(C)), np.ones(len(C))]).astype(X.dtype)
    for block in _blocks(n_rows, len(C)):
        some = block if rows is None else rows[block]
        x = X[some] if isinstance(some, slice) else X.take(some, axis=0)  # quicker than X[rows]
        distances = C @ x.T  # (n_clusters, rows in this block)
        distances += C_squares
        distances += X_squares[some]
        least = distances.min(axis=0)
        near = distances <= least + slack * (X_squares[some] + np.maximum(least, 0))
        # where one centroid is near, the sum of near indices is its index; this product is quicker than argmax
        index, how_many = count @ near.astype(X.dtype)
        winner = np.minimum(index, len(C) - 1).astype(np.intp)
        labels[block], first[block], equally_near[block] = winner, np.maximum(least, 0), how_many > 1
        distances[winner, np.arange(len(winner))] = np.inf
        second[block] = np.maximum(distances.min(axis=0), 0)
    close = np.flatnonzero(equally_near)
    second[close] = first[close]
    labels[close] = _first_of_equals(X, centroids, close if rows is None else rows[close])
    return labels, first, second


def rounding(X: Matrix) -> float:
    """Bound, with room to spare, the share of a distance that rounding may add or take; it grows with the width."""
    return float(8 + np.sqrt(X.shape[1])) * float(np.finfo(X.dtype).eps)


def squares(X: Matrix) -> Matrix:
    return np.einsum("ij,ij->i", X, X)  # each row's squared length, without a copy of X


def own_distances(X: Matrix, centroids: Matrix, labels: Labels) -> Vector:
    """Squared distance of every sample to the centroid of its own cluster, summed in double precision."""
    found = np.empty(len(X))
    for block in _blocks(len(X), X.shape[1]):
        difference = X[block].astype(np.float64) - centroids[labels[block]]
        found[block] = squares(difference)
    return found


def _first_of_equals(X: Matrix, centroids: Matrix, rows: Labels) -> Labels:
    found, tolerance = np.empty(len(rows), dtype=np.intp), rounding(X)
    for block in _blocks(len(rows), centroids.size):
        x = X[rows[block]].astype(np.float64)
        distances = np.linalg.norm(x[:, None] - centroids, axis=2)
        least = distances.min(axis=1, keepdims=True)
        length = np.linalg.norm(x, axis=1, keepdims=True)
        found[block] = (distances <= least + tolerance * (length + least)).argmax(axis=1)
    return found


def _blocks(n_rows: int, width: int) -> Iterator[slice]:
    step = max(1, BLOCK // width)
    return (slice(start, start + step) for start in range(0, n_rows, step))
