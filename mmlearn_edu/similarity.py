"""How alike are two rows, how far apart, and which rows are most alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix

__all__ = ["cosine_similarity", "euclidean_distances", "manhattan_distances", "top_k"]


def cosine_similarity(X: ArrayLike, Y: ArrayLike | None = None) -> NDArray[np.floating[Any]]:
    """Compare the direction of every row of `X` with every row of `Y`.

    Parameters
    ----------
    X : array-like or sparse matrix of shape (n_samples_X, n_features)
    Y : array-like or sparse matrix of shape (n_samples_Y, n_features), default=None
        `X` itself if None.

    Returns
    -------
    ndarray of shape (n_samples_X, n_samples_Y)
        Unitless, in [-1, 1]; 0 wherever a row is all zeros, since zeros have no direction.

    Raises
    ------
    ValueError
        If an input is not a finite matrix, or the two differ in n_features.

    Examples
    --------
    >>> from mmlearn_edu.similarity import cosine_similarity
    >>> cosine_similarity([[1.0, 0.0]], [[5.0, 0.0], [0.0, 2.0], [-1.0, 0.0], [0.0, 0.0]])
    array([[ 1.,  0., -1.,  0.]])
    """
    X, Y = _comparable(X, Y)
    return np.clip(_dense(_unit_rows(X) @ _unit_rows(Y).T), -1.0, 1.0)


def euclidean_distances(X: ArrayLike, Y: ArrayLike | None = None) -> NDArray[np.floating[Any]]:
    r"""Measure the straight line from every row of `X` to every row of `Y`.

    One matrix product gives all of them, :math:`\|x - y\|^2 = \|x\|^2 - 2 x \cdot y + \|y\|^2` [1]_. Where the two
    are so close that this subtraction would leave only rounding, the differences are squared instead:
    equal rows are exactly 0 apart.

    Parameters
    ----------
    X : array-like or sparse matrix of shape (n_samples_X, n_features)
    Y : array-like or sparse matrix of shape (n_samples_Y, n_features), default=None
        `X` itself if None.

    Returns
    -------
    ndarray of shape (n_samples_X, n_samples_Y)
        0 or more, in the units of the features; computed in float64, float32 if both inputs are.

    Raises
    ------
    ValueError
        If an input is not a finite matrix, or the two differ in n_features.

    References
    ----------
    .. [1] Golub, G. H. and Van Loan, C. F. (2013). Matrix Computations (4th ed.), ch. 2.

    Examples
    --------
    >>> from mmlearn_edu.similarity import euclidean_distances
    >>> euclidean_distances([[0.0, 0.0]], [[3.0, 4.0], [0.0, 0.0]])
    array([[5., 0.]])
    """
    X, Y = _comparable(X, Y)
    dtype = np.result_type(X.dtype, Y.dtype)
    # 1 sizes of about 1: squares of very large or small numbers leave the range; powers of two cost no digit
    scale = 2.0 ** (np.frexp(max(abs(X).max(), abs(Y).max()))[1] - 1)
    X, Y = X.astype(np.float64) / scale, Y.astype(np.float64) / scale
    # 2 all pairs at once, in place: a second matrix of this size would cost more time than the arithmetic
    x_squared, y_squared = _squared_lengths(X), _squared_lengths(Y)
    squared = _dense(X @ (-2 * Y).T)
    squared += x_squared[:, None]
    squared += y_squared
    # 3 the few that are too close for that
    for i, row in enumerate(squared):
        near = row < 1e-6 * (x_squared[i] + y_squared)
        if near.any():
            row[near] = _squared_lengths(Y[near] - X[np.full(near.sum(), i)])
    distances = np.sqrt(squared, out=squared)
    distances *= scale
    return distances.astype(dtype, copy=False)


def manhattan_distances(X: ArrayLike, Y: ArrayLike | None = None) -> NDArray[np.floating[Any]]:
    r"""Add up the differences, :math:`\sum_j |x_j - y_j|` [1]_, of every row of `X` and every row of `Y`.

    No matrix product gives these, so sparse matrices would gain nothing and are refused.

    Parameters
    ----------
    X : array-like of shape (n_samples_X, n_features)
    Y : array-like of shape (n_samples_Y, n_features), default=None
        `X` itself if None.

    Returns
    -------
    ndarray of shape (n_samples_X, n_samples_Y)
        0 or more, in the units of the features; float32 if both inputs are.

    Raises
    ------
    ValueError
        If an input is not a finite matrix, or the two differ in n_features.
    TypeError
        If an input is sparse.

    References
    ----------
    .. [1] Deza, M. M. and Deza, E. (2016). Encyclopedia of Distances (4th ed.), ch. 5.

    Examples
    --------
    >>> from mmlearn_edu.similarity import manhattan_distances
    >>> manhattan_distances([[0.0, 0.0]], [[3.0, 4.0], [0.0, 0.0]])
    array([[7., 0.]])
    """
    X, Y = _comparable(X, Y)
    if hasattr(X, "tocsr"):
        raise TypeError("manhattan_distances needs dense matrices; write X.toarray() if it fits into memory")
    return np.stack([np.abs(Y - x).sum(axis=1) for x in X])


def top_k(scores: ArrayLike, k: int) -> NDArray[np.intp]:
    """Find the `k` highest scores of every row, best first.

    Among equal scores the lowest column comes first, so the answer never depends on the machine.
    For distances, where small is good, pass ``-distances``.

    Parameters
    ----------
    scores : array-like of shape (n_queries, n_items)
    k : int, from 1 to n_items

    Returns
    -------
    ndarray of int of shape (n_queries, k)
        Column numbers.

    Raises
    ------
    ValueError
        If `k` is out of range, or `scores` is not a matrix or holds a NaN.

    Examples
    --------
    >>> from mmlearn_edu.similarity import top_k
    >>> top_k([[0.2, 0.9, 0.9, 0.1]], k=3)
    array([[1, 2, 0]])
    """
    scores = as_matrix(scores, "scores")
    n_queries, n_items = scores.shape
    if not 1 <= k <= n_items:
        raise ValueError(f"{k=} not in 1..{n_items}; scores has {n_items} items to choose from")
    # 1 whoever reaches the k-th highest score of its row: k items, more where that score is tied
    kth = np.partition(scores, n_items - k, axis=1)[:, n_items - k]
    rows, columns = np.nonzero(scores >= kth[:, None])
    # 2 sort these few; lexsort keeps the order of columns among equals
    best_first = columns[np.lexsort((-scores[rows, columns], rows))]
    return best_first[np.searchsorted(rows, np.arange(n_queries))[:, None] + np.arange(k)]


def _comparable(X: Any, Y: Any) -> tuple[Any, Any]:
    """Check both matrices; make both sparse if one is."""
    X = _matrix_or_sparse(X, "X")
    Y = X if Y is None else _matrix_or_sparse(Y, "Y")
    if X.shape[1] != Y.shape[1]:
        raise ValueError(
            f"X has n_features={X.shape[1]} and Y has n_features={Y.shape[1]}; they must be equal, "
            "and feature j must mean the same in both"
        )
    if hasattr(X, "tocsr") == hasattr(Y, "tocsr"):
        return X, Y
    return (X, type(X)(Y)) if hasattr(X, "tocsr") else (type(Y)(X), Y)


def _matrix_or_sparse(X: Any, name: str) -> Any:
    if not hasattr(X, "tocsr"):
        return as_matrix(X, name)
    X = X.tocsr()
    as_matrix(X.data[None] if X.nnz else X[:1].toarray(), name)  # the stored values, or a row where all are zero
    return X if X.dtype in (np.float32, np.float64) else X.astype(np.float64)


def _dense(product: Any) -> NDArray[np.floating[Any]]:
    return product.toarray() if hasattr(product, "toarray") else product


def _squared_lengths(X: Any) -> NDArray[np.floating[Any]]:
    """Add up the squares of every row: shape (n_samples,)."""
    squares = X.multiply(X) if hasattr(X, "tocsr") else X * X
    return np.asarray(squares.sum(axis=1)).ravel()


def _unit_rows(X: Any) -> Any:
    """Divide every row by its length; a row of zeros stays a row of zeros."""
    if hasattr(X, "tocsr"):
        X = X.astype(np.float64)
        length = np.sqrt(_squared_lengths(X))[:, None]
        return X.multiply(1 / np.where(length > 0, length, 1)).tocsr()
    scale = np.abs(X).max(axis=1, keepdims=True)
    X = X / np.where(scale > 0, scale, 1)  # first to size 1: squares of very large or small numbers leave the range
    length = np.linalg.norm(X, axis=1, keepdims=True)
    return X / np.where(length > 0, length, 1)
