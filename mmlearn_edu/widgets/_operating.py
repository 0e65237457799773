"""Counts and measures at a threshold, and the threshold that meets a goal: what ``threshold.js`` computes."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LOW_IS_GOOD", "MEASURES", "Goal", "best_threshold", "meets", "threshold_scores", "thresholds_of"]

MEASURES = ("accuracy", "precision", "recall", "f1", "fpr", "iou")
LOW_IS_GOOD = ("fpr",)
Goal: TypeAlias = tuple[str, float] | tuple[str, float, str]


def threshold_scores(y_true: ArrayLike, scores: ArrayLike, threshold: ArrayLike) -> dict[str, NDArray[np.float64]]:
    r"""Count right and wrong answers at a threshold, and the measures made of these counts [1]_.

    A sample is called positive if ``score >= threshold``. From the true and false positives and negatives come

    .. math::
        \text{precision} = \frac{TP}{TP + FP} \quad \text{recall} = \frac{TP}{TP + FN} \quad
        F_1 = \frac{2\,TP}{2\,TP + FP + FN}

        \text{fpr} = \frac{FP}{FP + TN} \quad \text{iou} = \frac{TP}{TP + FP + FN} \quad
        \text{accuracy} = \frac{TP + TN}{TP + FP + FN + TN}

    and nothing over nothing is 0.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive.
    scores : array-like of shape (n_samples,)
        Higher is more positive.
    threshold : float, or array-like of shape (n_thresholds,)
        In the units of `scores`.

    Returns
    -------
    dict of str to float or ndarray of shape (n_thresholds,)
        The counts ``tp``, ``fp``, ``fn``, ``tn``, and the measures, each in [0, 1].

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27.

    Examples
    --------
    >>> from mmlearn_edu.widgets import threshold_scores
    >>> at = threshold_scores([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], 0.7)
    >>> [float(at[name]) for name in ("tp", "fp", "fn", "tn", "recall", "fpr")]
    [2.0, 1.0, 0.0, 1.0, 1.0, 0.5]
    """
    positive, scores = np.asarray(y_true) == 1, np.asarray(scores, float)
    threshold = np.asarray(threshold, float)
    tp, fp = (_reach(scores[group], threshold) for group in (positive, ~positive))
    fn, tn = positive.sum() - tp, (~positive).sum() - fp
    return {
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "tn": tn,
        "accuracy": _share(tp + tn, tp + fp + fn + tn),
        "precision": _share(tp, tp + fp),
        "recall": _share(tp, tp + fn),
        "f1": _share(2 * tp, 2 * tp + fp + fn),
        "fpr": _share(fp, fp + tn),
        "iou": _share(tp, tp + fp + fn),
    }


def _reach(scores: NDArray[np.float64], threshold: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count the scores that reach each threshold."""
    return len(scores) - np.searchsorted(np.sort(scores), threshold, side="left").astype(float)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return part / np.where(whole > 0, whole, 1)


def thresholds_of(y_true: ArrayLike, scores: ArrayLike) -> NDArray[np.float64]:
    """Return all thresholds that differ in what they call positive, the lowest first; the last calls nothing so.

    Raises
    ------
    ValueError
        If `y_true` is not made of both 0 and 1, or a score is not finite.
    """
    from mmlearn_edu.evaluation import roc_curve  # here, not above: it loads SciPy, and other widgets need none

    return roc_curve(y_true, scores)[2][::-1].astype(np.float64)


def meets(at: dict[str, NDArray[np.float64]], goal: Sequence[str | float]) -> NDArray[np.bool_]:
    """Tell where the measure of a goal is on the right side of its bound; a bound that is reached counts."""
    measure, bound = str(goal[0]), float(goal[1])
    return at[measure] <= bound if measure in LOW_IS_GOOD else at[measure] >= bound


def best_threshold(
    y_true: ArrayLike,
    scores: ArrayLike,
    goal: tuple[str, float] | tuple[str, float, str] = ("recall", 0.9, "precision"),
) -> float:
    """Find the threshold that meets a goal best.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive; both must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive.
    goal : tuple of str, float and perhaps another str, default=("recall", 0.9, "precision")
        A measure, the bound it must reach (for ``fpr``: not exceed), and the measure to make as good as possible among
        the thresholds that do; without a third, the first.

    Returns
    -------
    float
        One of `scores`, or infinity where only calling nothing positive will do. Among equally good thresholds the
        lowest, as `mmlearn_edu.evaluation.choose_threshold` takes it.

    Raises
    ------
    ValueError
        If no threshold meets the goal, `y_true` is not made of 0 and 1, or a score is not finite.

    Examples
    --------
    >>> from mmlearn_edu.widgets import best_threshold
    >>> best_threshold([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
    0.7
    >>> best_threshold([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], ("fpr", 0.0, "recall"))
    0.9
    """
    thresholds = thresholds_of(y_true, scores)
    at = threshold_scores(y_true, scores, thresholds)
    best = str(goal[-1] if len(goal) == 3 else goal[0])
    worth = np.where(meets(at, goal), at[best] * (-1 if best in LOW_IS_GOOD else 1), -np.inf)
    if not np.isfinite(worth.max()):
        reached = at[str(goal[0])].min() if goal[0] in LOW_IS_GOOD else at[str(goal[0])].max()
        raise ValueError(f"no threshold meets goal={tuple(goal)}: the best {goal[0]} is {reached:.4g}; soften it")
    return float(thresholds[worth.argmax()])
