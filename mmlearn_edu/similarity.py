"""How alike are two rows, and which rows are most alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix

__all__ = ["cosine_similarity", "top_k"]


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
    A = _unit_rows(X, "X")
    B = A if Y is None else _unit_rows(Y, "Y")
    if A.shape[1] != B.shape[1]:
        raise ValueError(
            f"X has n_features={A.shape[1]} and Y has n_features={B.shape[1]}; they must be equal, "
            "and feature j must mean the same in both"
        )
    product = A @ B.T
    product = product.toarray() if hasattr(product, "toarray") else product
    return np.clip(product, -1.0, 1.0)


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
    n_items = scores.shape[1]
    if not 1 <= k <= n_items:
        raise ValueError(f"{k=} not in 1..{n_items}; scores has {n_items} items to choose from")
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def _unit_rows(X: Any, name: str) -> Any:
    """Divide every row by its length; a row of zeros stays a row of zeros."""
    if hasattr(X, "tocsr"):
        as_matrix(X.data.reshape(1, -1) if X.nnz else np.zeros((1, 1)), name)  # the stored values are finite numbers
        X = X.tocsr().astype(np.float64)
        length = np.sqrt(np.asarray(X.multiply(X).sum(axis=1))).reshape(-1, 1)
        return X.multiply(1 / np.where(length > 0, length, 1)).tocsr()
    X = as_matrix(X, name)
    scale = np.abs(X).max(axis=1, keepdims=True)
    X = X / np.where(scale > 0, scale, 1)  # first to size 1: squares of very large or small numbers leave the range
    length = np.linalg.norm(X, axis=1, keepdims=True)
    return X / np.where(length > 0, length, 1)
