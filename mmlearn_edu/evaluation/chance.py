"""What chance would score, and how far luck moves a score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import labels, pair

__all__ = ["bootstrap_interval", "chance_level", "chance_scores"]

Score = Callable[[NDArray[Any], NDArray[Any]], float]


def chance_level(y: ArrayLike) -> float:
    """Accuracy of whoever always answers the most frequent class, without looking: in (0, 1].

    Parameters
    ----------
    y : array-like of shape (n_samples,)

    Returns
    -------
    float
        The share of the most frequent class.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import chance_level
    >>> chance_level(["cat", "dog", "cat", "cat"])
    0.75
    """
    y = labels(y, "y")
    return float(np.unique(y, return_counts=True)[1].max() / len(y))


def chance_scores(
    score: Score, y_true: ArrayLike, y_pred: ArrayLike, *, n_permutations: int = 200, random_state: int | None = 0
) -> NDArray[np.float64]:
    """Score the same predictions handed to the wrong samples: what chance gives, sorted, of shape (n_permutations,).

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred : array-like of shape (n_samples,)
    n_permutations : int, default=200
    random_state : int or None, default=0

    Returns
    -------
    ndarray of shape (n_permutations,)
        In the units of `score`, smallest first.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, chance_scores
    >>> y = [0, 1] * 50
    >>> float(abs(chance_scores(accuracy, y, y).mean() - 0.5)) < 0.02
    True
    """
    y_true, y_pred = pair(y_true, y_pred)
    random = np.random.default_rng(random_state)
    return np.sort([score(y_true, random.permutation(y_pred)) for _ in range(n_permutations)])


def bootstrap_interval(
    score: Score,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    level: float = 0.95,
    n_resamples: int = 500,
    random_state: int | None = 0,
) -> tuple[float, float]:
    """Interval in which the score would fall, had other samples been drawn (percentile bootstrap).

    It covers the luck of drawing these samples, not that of training once more.

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred : array-like of shape (n_samples,)
    level : float in (0, 1), default=0.95
    n_resamples : int, default=500
    random_state : int or None, default=0

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, bootstrap_interval
    >>> low, high = bootstrap_interval(accuracy, [1] * 100, [1] * 80 + [0] * 20)
    >>> 0.7 < low < 0.8 < high < 0.9
    True
    """
    if not 0 < level < 1:
        raise ValueError(f"{level=} not between 0 and 1; 0.95 is usual")
    y_true, y_pred = pair(y_true, y_pred)
    random = np.random.default_rng(random_state)
    draws = random.integers(len(y_true), size=(n_resamples, len(y_true)))
    low, high = np.quantile([score(y_true[i], y_pred[i]) for i in draws], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
