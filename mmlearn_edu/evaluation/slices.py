"""A score for every group of samples: the mean hides who is served badly."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import labels, pair
from mmlearn_edu.evaluation.chance import bootstrap_interval

__all__ = ["slice_scores"]

TINY = 20


def slice_scores(
    score: Callable[[NDArray[Any], NDArray[Any]], float],
    y_true: ArrayLike,
    y_pred: ArrayLike,
    groups: ArrayLike,
    *,
    level: float = 0.95,
    n_resamples: int = 500,
    random_state: int | None = 0,
) -> dict[str, NDArray[Any]]:
    """Score every group of samples by itself, with an interval: columns of a table, ready for ``pandas.DataFrame``.

    Groups differ by luck alone, the more the smaller they are: look at the intervals before naming a
    worst group. Report them with the model [1]_.

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``; a macro mean is over the classes found in the group.
    y_true, y_pred : array-like of shape (n_samples,)
    groups : array-like of shape (n_samples,)
        Whose sample it is, for instance a voice, or what kind, for instance "night".
    level : float in (0, 1), default=0.95
    n_resamples : int, default=500
    random_state : int or None, default=0

    Returns
    -------
    dict of str to ndarray of shape (n_groups,)
        ``group``, sorted, ``n_samples``, ``score``, and ``low`` and ``high`` from `bootstrap_interval`.

    Raises
    ------
    ValueError
        If there is not one group per sample, or the labels do not fit.

    Warns
    -----
    UserWarning
        If a group has fewer than 20 samples: then the interval itself is guesswork, and too narrow.

    References
    ----------
    .. [1] Mitchell, M. and others (2019). Model cards for model reporting. FAT*, section 4.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, slice_scores
    >>> voices = ["high"] * 60 + ["low"] * 40
    >>> table = slice_scores(accuracy, [1] * 100, [1] * 57 + [0] * 3 + [1] * 20 + [0] * 20, voices)
    >>> for voice, n, score, low, high in zip(*table.values()):
    ...     f"{voice}: {score:.2f} of {n}, between {low:.1f} and {high:.1f}"
    'high: 0.95 of 60, between 0.9 and 1.0'
    'low: 0.50 of 40, between 0.3 and 0.7'
    """
    y_true, y_pred = pair(y_true, y_pred)
    groups = labels(groups, "groups")
    if len(groups) != len(y_true):
        raise ValueError(f"{len(groups)} groups for {len(y_true)} samples; name one, such as a voice, per sample")
    names, sizes = np.unique(groups, return_counts=True)
    _warn_of_tiny(names, sizes)
    slices = [(y_true[groups == name], y_pred[groups == name]) for name in names]
    scores = np.array([score(true, pred) for true, pred in slices])
    options: dict[str, Any] = {"level": level, "n_resamples": n_resamples, "random_state": random_state}
    low, high = np.array([bootstrap_interval(score, true, pred, **options) for true, pred in slices]).T
    return {"group": names, "n_samples": sizes, "score": scores, "low": low, "high": high}


def _warn_of_tiny(names: NDArray[Any], sizes: NDArray[np.int64]) -> None:
    tiny = ", ".join(f"{name} ({size})" for name, size in zip(names, sizes, strict=True) if size < TINY)
    if tiny:
        words = f"fewer than {TINY} samples in {tiny}: such intervals are too narrow; collect more, or join groups"
        warnings.warn(words, UserWarning, stacklevel=3)
