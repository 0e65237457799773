"""Find the items of a bank that belong to a query, and keep hubs from being everybody's answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix, check_whole
from mmlearn_edu.similarity import cosine_similarity, top_k

__all__ = ["csls", "search"]

Similarity = Callable[[Any, Any], NDArray[np.floating[Any]]]
Found = tuple[NDArray[np.floating[Any]], NDArray[np.intp]]


def search(
    queries: ArrayLike,
    bank: ArrayLike,
    k: int = 10,
    *,
    similarity: Similarity = cosine_similarity,
    chunk_size: int = 2048,
) -> Found:
    """Find the `k` items of `bank` most similar to each query, exactly, best first.

    Every query meets every item, but only ``chunk_size ** 2`` scores are held at a time. Among equal scores
    the lowest item comes first, as in `top_k`; scores that rounding makes differ in the last digit are not equal.

    Parameters
    ----------
    queries : array-like or sparse matrix of shape (n_queries, n_features)
    bank : array-like or sparse matrix of shape (n_items, n_features)
    k : int, from 1 to n_items, default=10
    similarity : callable, default=cosine_similarity
        ``similarity(X, Y)`` gives a matrix of shape (len(X), len(Y)), higher is better; for the nearest in
        straight line pass ``lambda X, Y: -euclidean_distances(X, Y)``.
    chunk_size : int, default=2048
        Queries, and items, compared at a time. Changes memory and time, not the answer.

    Returns
    -------
    scores : ndarray of shape (n_queries, k)
    items : ndarray of int of shape (n_queries, k)
        Rows of `bank`.

    Raises
    ------
    ValueError
        If `k` or `chunk_size` is out of range, or an input is not a finite matrix of the right width.
    TypeError
        If `k` or `chunk_size` is not a whole number, or `similarity` is no function.

    Examples
    --------
    >>> from mmlearn_edu.retrieval import search
    >>> scores, items = search([[1.0, 0.0]], bank=[[0.0, 1.0], [3.0, 0.0], [1.0, 1.0]], k=2)
    >>> items
    array([[1, 2]])
    >>> scores.round(2)  # cosines of 0 and of 45 degrees
    array([[1.  , 0.71]])
    """
    queries, bank = _rows(queries, "queries"), _rows(bank, "bank")
    n_queries, n_items = queries.shape[0], bank.shape[0]
    check_whole(k=k, chunk_size=chunk_size)
    if not callable(similarity):
        raise TypeError(f"{similarity=} must be a function of two matrices; pass cosine_similarity, without quotes")
    if not 1 <= k <= n_items:
        raise ValueError(f"{k=} not in 1..{n_items}; the bank has {n_items} items")
    if chunk_size < 1:
        raise ValueError(f"{chunk_size=} is below 1; a few thousand fit into any memory")
    blocks = [queries[start : start + chunk_size] for start in range(0, n_queries, chunk_size)]
    scores, items = zip(*(_search_block(block, bank, k, similarity, chunk_size) for block in blocks), strict=True)
    return np.vstack(scores), np.vstack(items)


def csls(similarity: ArrayLike, k: int = 10) -> NDArray[np.floating[Any]]:
    r"""Correct similarities for hubs, items that are near to everybody (cross-domain similarity local scaling [1]_).

    .. math:: \mathrm{CSLS}(x, y) = 2 \cos(x, y) - r_{query}(x) - r_{item}(y)

    The mean similarity of item y to its `k` nearest queries, :math:`r_{item}(y)`, is large for a hub and lowers it for
    every query. :math:`r_{query}(x)`, that of query x to its `k` nearest items, changes no order among the items, but
    the order among queries where an item looks for its query.

    Parameters
    ----------
    similarity : array-like of shape (n_queries, n_items)
        Cosines, from `cosine_similarity`.
    k : int, from 1 to the smaller of n_queries and n_items, default=10

    Returns
    -------
    ndarray of shape (n_queries, n_items)
        In [-4, 4] for cosines, higher is better; only the order within a row matters. float32 stays float32.

    Raises
    ------
    ValueError
        If `k` is out of range, or `similarity` is not a finite matrix.
    TypeError
        If `k` is not a whole number.

    References
    ----------
    .. [1] Conneau, A., Lample, G., Ranzato, M., Denoyer, L. and Jegou, H. (2018). Word translation without
       parallel data. ICLR.

    Examples
    --------
    >>> from mmlearn_edu.retrieval import csls
    >>> cosines = [[0.8, 0.7], [1.0, 0.1]]  # item 0 is near to both queries
    >>> csls(cosines, k=1).round(1)  # so query 0 now prefers item 1
    array([[-0.2, -0.1],
           [ 0. , -1.5]])
    """
    similarity = as_matrix(similarity, "similarity")
    check_whole(k=k)
    if not 1 <= k <= min(similarity.shape):
        raise ValueError(f"{k=} not in 1..{min(similarity.shape)}, with similarity of shape {similarity.shape}")
    r_query = np.partition(similarity, -k, axis=1)[:, -k:].mean(axis=1, keepdims=True)  # the k largest of each row
    r_item = np.partition(similarity, -k, axis=0)[-k:].mean(axis=0)  # and of each column
    return 2 * similarity - r_query - r_item


def _rows(X: Any, name: str) -> Any:
    """Return a matrix whose rows can be cut into chunks; the numbers of a sparse one are checked by `similarity`."""
    return X.tocsr() if hasattr(X, "tocsr") else as_matrix(X, name)


def _search_block(queries: Any, bank: Any, k: int, similarity: Similarity, chunk_size: int) -> Found:
    scores = np.empty((queries.shape[0], 0), dtype=np.float32)  # the best so far, and which items they are
    items = np.empty((queries.shape[0], 0), dtype=np.intp)
    for start in range(0, bank.shape[0], chunk_size):
        new = similarity(queries, bank[start : start + chunk_size])
        near = top_k(new, min(k, new.shape[1]))
        # the best so far stand in front: their numbers are lower, so they win ties
        scores = np.hstack([scores, np.take_along_axis(new, near, axis=1)])
        items = np.hstack([items, start + near])
        best = top_k(scores, min(k, scores.shape[1]))
        scores, items = np.take_along_axis(scores, best, axis=1), np.take_along_axis(items, best, axis=1)
    return scores, items
