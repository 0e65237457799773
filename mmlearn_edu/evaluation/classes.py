"""Scores of predicted classes."""

from __future__ import annotations

from numpy.typing import ArrayLike

from mmlearn_edu.evaluation._labels import pair

__all__ = ["accuracy"]


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Share of samples whose predicted class is the true one, in [0, 1]; compare it with `chance_level`.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        0 if none is right, 1 if all are.

    Raises
    ------
    ValueError
        If the two are empty, not one-dimensional, or of different lengths.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy
    >>> accuracy(["cat", "dog", "cat"], ["cat", "cat", "cat"]).__round__(2)
    0.67
    """
    y_true, y_pred = pair(y_true, y_pred)
    return float((y_true == y_pred).mean())
