"""Exact search in a large bank, on whatever device is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.networks.device import device as fastest

__all__ = ["search"]

Found = tuple[NDArray[np.floating[Any]], NDArray[np.intp]]


def search(
    queries: ArrayLike,
    bank: ArrayLike,
    k: int = 10,
    *,
    chunk_size: int = 8192,
    device: str | torch.device | None = None,
) -> Found:
    """Find the `k` items of `bank` with the largest cosine to each query, exactly, best first.

    The same answer as `mmlearn_edu.retrieval.search`, sooner: one matrix product per chunk of the bank, in single
    precision unless both inputs are double (and the device can). Among equal scores the lowest item comes first.

    Parameters
    ----------
    queries : array-like of shape (n_queries, n_features)
    bank : array-like of shape (n_items, n_features)
    k : int, from 1 to n_items, default=10
    chunk_size : int, default=8192
        Items compared at a time; ``n_queries * chunk_size`` scores are held. Changes memory and time, not the answer.
    device : str or torch.device, default=None
        Such as "cpu" or "cuda"; the fastest here if None.

    Returns
    -------
    scores : ndarray of shape (n_queries, k)
        Cosines in [-1, 1]; 0 for a row of zeros, which has no direction.
    items : ndarray of int of shape (n_queries, k)
        Rows of `bank`.

    Raises
    ------
    ValueError
        If `k` or `chunk_size` is out of range, or an input is not a finite matrix of the right width.

    Examples
    --------
    >>> from mmlearn_edu.networks import search
    >>> scores, items = search([[1.0, 0.0]], bank=[[0.0, 1.0], [3.0, 0.0], [1.0, 1.0]], k=2)
    >>> items
    array([[1, 2]])
    """
    queries, bank = as_matrix(queries, "queries"), as_matrix(bank, "bank")
    if queries.shape[1] != bank.shape[1]:
        raise ValueError(
            f"queries have n_features={queries.shape[1]} and the bank {bank.shape[1]}; they must be equal, "
            "and feature j must mean the same in both"
        )
    if not 1 <= k <= len(bank):
        raise ValueError(f"{k=} not in 1..{len(bank)}; the bank has {len(bank)} items")
    if chunk_size < 1:
        raise ValueError(f"{chunk_size=} is below 1; a few thousand fit into any memory")
    place = torch.device(fastest() if device is None else device)
    double = queries.dtype == bank.dtype == np.float64 and place.type != "mps"  # Apple's GPU has no double precision
    kind: dict[str, Any] = {"dtype": torch.float64 if double else torch.float32, "device": place}
    directions = _unit_rows(torch.as_tensor(queries, **kind))
    scores = torch.empty((len(queries), 0), **kind)
    items = torch.empty((len(queries), 0), dtype=torch.int64, device=place)
    for start in range(0, len(bank), chunk_size):
        chunk = _unit_rows(torch.as_tensor(bank[start : start + chunk_size], **kind))
        new, near = _top_k(directions @ chunk.T, min(k, len(chunk)))
        # the best so far stand in front: their numbers are lower, so they win ties
        scores, items = torch.hstack([scores, new]), torch.hstack([items, start + near])
        scores, best = _top_k(scores, min(k, scores.shape[1]))
        items = items.gather(1, best)
    return scores.clamp(-1, 1).cpu().numpy(), items.cpu().numpy()


def _unit_rows(X: torch.Tensor) -> torch.Tensor:
    """Divide every row by its length; a row of zeros stays a row of zeros."""
    X = X / X.abs().amax(dim=1, keepdim=True).clamp_min(torch.finfo(X.dtype).tiny)  # squares stay in range
    X /= torch.linalg.vector_norm(X, dim=1, keepdim=True).clamp_min(torch.finfo(X.dtype).tiny)
    return X


def _top_k(scores: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the `k` highest of every row and their columns; the lowest column first among equals.

    torch.topk keeps any of those tied for the last place; where the next one is as high, the whole row is sorted.
    """
    best, columns = scores.topk(min(k + 1, scores.shape[1]), dim=1)
    crowded = (best[:, k - 1 : k] == best[:, k:]).any(dim=1)  # no such column: nobody is left out
    best, columns = best[:, :k], columns[:, :k]
    if crowded.any():
        whole = scores[crowded].sort(dim=1, descending=True, stable=True)
        best[crowded], columns[crowded] = whole.values[:, :k], whole.indices[:, :k]
    by_column = columns.argsort(dim=1)
    order = best.gather(1, by_column).argsort(dim=1, descending=True, stable=True)
    rows = by_column.gather(1, order)
    return best.gather(1, rows), columns.gather(1, rows)
