"""Which items are nearest to a query, by three metrics: what ``scatter.js`` computes in the page."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.similarity import cosine_similarity, euclidean_distances, manhattan_distances, top_k

__all__ = ["METRICS", "disagreeing", "nearest_items", "rank_items"]

METRICS = ("cosine", "euclidean", "manhattan")


def rank_items(query: ArrayLike, items: ArrayLike, metric: str = "cosine") -> NDArray[np.intp]:
    """Order items from the nearest to the query to the farthest.

    Scores that differ by less than about one part in a billion are equal, and among equals the lowest number comes
    first, as in `mmlearn_edu.similarity.top_k`. A query or an item of zeros has cosine 0 with everything.

    Parameters
    ----------
    query : array-like of shape (2,)
    items : array-like of shape (n_items, 2)
    metric : {"cosine", "euclidean", "manhattan"}, default="cosine"

    Returns
    -------
    ndarray of int of shape (n_items,)
        Row numbers of `items`, nearest first.

    Raises
    ------
    ValueError
        If `metric` is none of the three, or an input is not finite or of another shape.

    Examples
    --------
    >>> from mmlearn_edu.widgets import rank_items
    >>> items = [[4.0, 4.0], [1.0, 0.0], [0.0, 3.0]]
    >>> rank_items([1.0, 1.0], items, "cosine").tolist()
    [0, 1, 2]
    >>> rank_items([1.0, 1.0], items, "euclidean").tolist()
    [1, 2, 0]
    """
    return top_k(_scores([query], items, metric), len(items))[0]  # type: ignore[arg-type]


def nearest_items(query: ArrayLike, items: ArrayLike, metric: str = "cosine") -> NDArray[np.intp]:
    """Find the item nearest to the query; several where they are equally near, lowest number first.

    Two metrics disagree where these have no item in common. A query of zeros has no direction: cosine finds all
    items equally near, and so disagrees with nothing.

    Parameters
    ----------
    query : array-like of shape (2,)
    items : array-like of shape (n_items, 2)
    metric : {"cosine", "euclidean", "manhattan"}, default="cosine"

    Returns
    -------
    ndarray of int of shape (n_equally_near,)
        Row numbers of `items`.

    Examples
    --------
    >>> from mmlearn_edu.widgets import nearest_items
    >>> items = [[4.0, 4.0], [1.0, 0.0], [0.0, 1.0]]
    >>> [nearest_items([1.0, 1.0], items, metric).tolist() for metric in ("cosine", "euclidean")]
    [[0], [1, 2]]
    """
    scores = _scores([query], items, metric)[0]
    return np.flatnonzero(scores == scores.max())


def _scores(queries: Any, items: ArrayLike, metric: str) -> NDArray[np.float64]:
    """Score every item for every query, high is near, to nine digits of the largest coordinate (of 1 for cosine)."""
    queries, items = as_matrix(queries, "query"), as_matrix(items, "items")
    if metric == "cosine":
        return np.round(cosine_similarity(queries, items), 9)
    if metric not in METRICS:
        raise ValueError(f"metric={metric!r} is none of {', '.join(METRICS)}")
    distances = (euclidean_distances if metric == "euclidean" else manhattan_distances)(queries, items)
    largest = np.maximum(np.abs(queries).max(axis=1, keepdims=True), np.abs(items).max())
    return np.round(-distances / np.where(largest > 0, largest, 1.0), 9)


def disagreeing(queries: ArrayLike, items: ArrayLike, metrics: Sequence[str]) -> NDArray[np.bool_]:
    """Tell for every query whether the first two metrics have no nearest item in common."""
    one, two = (_scores(queries, items, metric) for metric in metrics[:2])
    return ~((one == one.max(axis=1, keepdims=True)) & (two == two.max(axis=1, keepdims=True))).any(axis=1)
