"""Scores of rankings: whether a query finds what belongs to it, and how far down the list.

Ties: items with exactly the same score are taken in every order, and the score is the mean over all these orders,
computed without drawing any (McSherry and Najork, 2008). So nobody gains by equal scores, and the order of the
items is no clue.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix, check_whole
from mmlearn_edu.evaluation._labels import labels

__all__ = ["exact_ceiling", "mean_average_precision", "mean_reciprocal_rank", "median_rank", "recall_at_k"]


def recall_at_k(scores: ArrayLike, k: int, relevant: ArrayLike | None = None) -> float:
    """Share of queries with a relevant item among their `k` best, in [0, 1]; ties count as the mean of all orders [1]_.

    Guessing gets ``k / n_items`` where each query has one relevant item.

    Parameters
    ----------
    scores : array-like of shape (n_queries, n_items)
        Higher is better; for distances pass ``-distances``.
    k : int, from 1 to n_items
    relevant : array-like of bool of shape (n_queries, n_items), default=None
        What belongs to which query, at least one item each. If None, item i belongs to query i.

    Returns
    -------
    float
        1 if every query finds an item of its own.

    Raises
    ------
    ValueError
        If `k` is out of range, `scores` is not a finite matrix, `relevant` does not fit it, or a query has no item.
    TypeError
        If `k` is not a whole number.

    References
    ----------
    .. [1] McSherry, F. and Najork, M. (2008). Computing information retrieval performance measures efficiently
       in the presence of tied scores. ECIR.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import recall_at_k
    >>> recall_at_k([[0.9, 0.1, 0.0], [0.8, 0.3, 0.4], [0.2, 0.5, 0.5]], k=1)  # found, not found, a tie of two
    0.5
    """
    first = _first_place(*_checked(scores, relevant))
    n_items = first.shape[1]
    check_whole(k=k)
    if not 1 <= k <= n_items:
        raise ValueError(f"{k=} not in 1..{n_items}; scores has {n_items} items to choose from")
    return float(first[:, :k].sum(axis=1).mean())


def mean_reciprocal_rank(scores: ArrayLike, relevant: ArrayLike | None = None) -> float:
    """Mean over queries of 1 / (place of the first relevant item), in (0, 1]; ties count as the mean of all orders.

    Parameters
    ----------
    scores : array-like of shape (n_queries, n_items)
        Higher is better.
    relevant : array-like of bool of shape (n_queries, n_items), default=None
        If None, item i belongs to query i.

    Returns
    -------
    float
        1 if every query finds an item of its own at the first place.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import mean_reciprocal_rank
    >>> mean_reciprocal_rank([[0.9, 0.1], [0.8, 0.3]])  # first and second
    0.75
    """
    first = _first_place(*_checked(scores, relevant))
    return float((first / _places(first)).sum(axis=1).mean())


def median_rank(scores: ArrayLike, relevant: ArrayLike | None = None) -> float:
    """Median over queries of the place of the first relevant item, 1 at best; a tie counts as its mean place.

    Parameters
    ----------
    scores : array-like of shape (n_queries, n_items)
        Higher is better.
    relevant : array-like of bool of shape (n_queries, n_items), default=None
        If None, item i belongs to query i.

    Returns
    -------
    float
        A place, counted from 1; not whole where a tie or an even number of queries puts it between two places.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import median_rank
    >>> median_rank([[0.9, 0.1, 0.0], [0.8, 0.3, 0.0], [0.2, 0.1, 0.0]])  # places 1, 2 and 3
    2.0
    """
    first = _first_place(*_checked(scores, relevant))
    return float(np.median((first * _places(first)).sum(axis=1)))


def mean_average_precision(scores: ArrayLike, relevant: ArrayLike | None = None) -> float:
    r"""Mean over queries of the average precision; ties count as the mean of all orders.

    The precision at a place is the share of relevant items down to it, and a query's average is over the places
    where its :math:`R` relevant items stand: :math:`\frac1R \sum_{i\ \text{relevant}} P(\text{place of } i)` [1]_.
    With one relevant item per query it equals `mean_reciprocal_rank`.

    Parameters
    ----------
    scores : array-like of shape (n_queries, n_items)
        Higher is better.
    relevant : array-like of bool of shape (n_queries, n_items), default=None
        If None, item i belongs to query i.

    Returns
    -------
    float
        In (0, 1].

    References
    ----------
    .. [1] Manning, C. D., Raghavan, P. and Schütze, H. (2008). Introduction to Information Retrieval, ch. 8.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import mean_average_precision
    >>> mean_average_precision([[0.9, 0.8, 0.1, 0.0]], [[True, False, False, True]])  # (1/1 + 2/4) / 2
    0.75
    """
    pairs = zip(*_checked(scores, relevant), strict=True)
    return float(np.mean([_average_precision(row, right) for row, right in pairs]))


def exact_ceiling(captions: ArrayLike, k: int = 1) -> float:
    """Best `recall_at_k` reachable when samples share a caption, counted exactly: in (0, 1].

    Among n samples with one caption nothing tells which is meant, from caption to sample or back, so at most
    ``min(n, k)`` of these n queries are found: the ceiling is ``sum(min(n, k)) / n_samples`` over distinct captions.

    Parameters
    ----------
    captions : array-like of shape (n_samples,)
        Only equality counts: texts, or numbers that stand for them.
    k : int, default=1
        1 or more.

    Returns
    -------
    float
        1 if no two captions are equal, or `k` reaches past all copies.

    Raises
    ------
    ValueError
        If `k` is below 1, or `captions` is empty or not one-dimensional.
    TypeError
        If `k` is not a whole number.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import exact_ceiling
    >>> exact_ceiling(["a dog", "a dog", "a dog", "a red car"], k=1)  # one of three dogs, and the car
    0.5
    """
    check_whole(k=k)
    if k < 1:
        raise ValueError(f"{k=} is below 1; recall needs one place or more")
    captions = labels(captions, "the captions")
    copies = np.unique(captions, return_counts=True)[1]
    return float(np.minimum(copies, k).sum() / len(captions))


def _checked(scores: ArrayLike, relevant: ArrayLike | None) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    scores = as_matrix(scores, "scores")
    n_queries, n_items = scores.shape
    if relevant is None:
        if n_queries != n_items:
            raise ValueError(
                f"scores has {n_queries} queries and {n_items} items, so they are no pairs; "
                "pass relevant, a matrix of booleans, e.g. y_queries[:, None] == y_items"
            )
        return scores, np.eye(n_items, dtype=bool)
    relevant = np.asarray(relevant)
    if relevant.dtype != bool or relevant.shape != scores.shape:
        raise ValueError(
            f"relevant must be bool of shape {scores.shape}, got {relevant.dtype} of {relevant.shape}; "
            "from labels make it by y_queries[:, None] == y_items"
        )
    if not relevant.any(axis=1).all():
        raise ValueError(f"query {relevant.any(axis=1).argmin()} has no relevant item; leave such queries out")
    return scores, relevant


def _places(first: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.arange(1, first.shape[1] + 1)


def _first_place(scores: NDArray[Any], relevant: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Probability that a query's first relevant item stands at each place, over all orders of the ties."""
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    before = (scores > best).sum(axis=1, keepdims=True)
    tied = (scores == best).sum(axis=1, keepdims=True)
    right = (relevant & (scores == best)).sum(axis=1, keepdims=True)
    # the tied items come one by one; given that none so far was relevant, the next is with right / (those left)
    drawn = np.arange(scores.shape[1]) - before
    next_is = np.where(drawn >= 0, right / np.maximum(tied - drawn, right), 0)
    none_yet = np.cumprod(1 - next_is, axis=1)
    return next_is * np.hstack([np.ones_like(best), none_yet[:, :-1]])


def _average_precision(scores: NDArray[Any], relevant: NDArray[np.bool_]) -> float:
    """Average precision of one query, over all orders of the ties."""
    # 1 groups of equal scores, best first: how many items, how many relevant, and how many of both stand before
    tie = np.unique(-scores, return_inverse=True)[1]
    size, right = np.bincount(tie), np.bincount(tie, weights=relevant)
    before, found = np.cumsum(size) - size, np.cumsum(right) - right
    # 2 the same four for every place, those of the group it lies in
    place = np.arange(1, len(scores) + 1)
    size, right, before, found = (np.repeat(each, size) for each in (size, right, before, found))
    # 3 a relevant item stands here with chance right / size; if so, `others` of its group are expected before it
    others = (place - before - 1) * (right - 1) / np.maximum(size - 1, 1)
    precision = (found + others + 1) / place
    return float((right / size * precision).sum() / relevant.sum())
