"""Scores of a yes-or-no question that is answered by a number: where to put the threshold, and what it costs.

A sample is called positive if its score reaches the threshold, ``score >= threshold``. Samples with equal scores
always fall on the same side, so the order of the samples is no clue.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import labels

__all__ = ["choose_threshold", "equal_error_rate", "precision_recall_curve", "roc_auc", "roc_curve"]

Floats = NDArray[np.floating[Any]]


def roc_curve(y_true: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Rates of false and true positives at every threshold, the strictest first [1]_.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive; for names write ``y == "fake"``. Both kinds must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive; for distances pass ``-distances``.

    Returns
    -------
    false_positive_rate, true_positive_rate : ndarray of shape (n_different_scores + 1,)
        In [0, 1], from (0, 0) to (1, 1).
    thresholds : ndarray of shape (n_different_scores + 1,)
        In the units of `scores`, falling; the first is infinite, where nothing is positive.

    Raises
    ------
    ValueError
        If `y_true` holds anything but 0 and 1 or only one of them, or a score is not finite.

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import roc_curve
    >>> false_positives, true_positives, thresholds = roc_curve([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
    >>> false_positives.tolist(), true_positives.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
    """
    positive, scores = _checked(y_true, scores)
    thresholds, false, true = _counts(positive, scores)
    rates = (np.append(0, count) / count[-1] for count in (false, true))
    return *rates, np.append(np.inf, thresholds)


def roc_auc(y_true: ArrayLike, scores: ArrayLike) -> float:
    r"""Probability that a positive sample scores above a negative one, a tie counting one half [1]_.

    It is the area under `roc_curve`, found from the ranks of all samples from below (1 is the lowest, equal scores
    share their mean rank): with the sum :math:`R` of the ranks of the :math:`p` positive samples, and :math:`n`
    negative ones,

    .. math:: \mathrm{AUC} = \frac{R - p (p + 1) / 2}{p\,n}

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive; both must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive; only their order counts.

    Returns
    -------
    float
        In [0, 1]; 0.5 is chance, and below it the scores are the wrong way round.

    References
    ----------
    .. [1] Hanley, J. A. and McNeil, B. J. (1982). The meaning and use of the area under a receiver operating
       characteristic (ROC) curve. Radiology 143.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import roc_auc
    >>> roc_auc([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])  # of four pairs, three are in order
    0.75
    """
    positive, scores = _checked(y_true, scores)
    _, tie, size = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[tie]
    p, n = int(positive.sum()), int((~positive).sum())
    return float((rank[positive].sum() - p * (p + 1) / 2) / (p * n))


def equal_error_rate(y_true: ArrayLike, scores: ArrayLike) -> float:
    """Error where as many negatives get in as positives are kept out, in shares of each: 0 is perfect, 0.5 is chance.

    The two rates rarely meet exactly at a threshold; between two neighbouring points of `roc_curve` the straight line
    is followed, as if samples with the same score were let in one by one in random order [1]_.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive, for instance "the same person"; both must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive; only their order counts.

    Returns
    -------
    float
        In [0, 1].

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27, section 5.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import equal_error_rate
    >>> equal_error_rate([1, 1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.3, 0.1]).__round__(3)
    0.333
    """
    false_positive, true_positive, _ = roc_curve(y_true, scores)
    gap = false_positive - (1 - true_positive)  # from -1, where nobody gets in, to 1; it rises at every point
    after = int((gap >= 0).argmax())
    share = gap[after] / (gap[after] - gap[after - 1])  # how far back towards the point before
    return float(false_positive[after] - share * (false_positive[after] - false_positive[after - 1]))


def precision_recall_curve(y_true: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Precision and recall at every threshold, the strictest first.

    Unlike `roc_curve` it shows what a rare positive class costs: the precision falls with the share of positives.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive; both must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive.

    Returns
    -------
    precision, recall : ndarray of shape (n_different_scores,)
        In [0, 1]; the last recall is 1, and its precision is the share of positives.
    thresholds : ndarray of shape (n_different_scores,)
        The different scores, falling.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import precision_recall_curve
    >>> precision, recall, thresholds = precision_recall_curve([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
    >>> precision.round(2).tolist(), recall.tolist()
    ([1.0, 0.5, 0.67, 0.5], [0.5, 0.5, 1.0, 1.0])
    """
    positive, scores = _checked(y_true, scores)
    thresholds, false, true = _counts(positive, scores)
    return true / (true + false), true / true[-1], thresholds


def choose_threshold(y_true: ArrayLike, scores: ArrayLike, *, min_recall: float = 0.9) -> float:
    """Find the threshold with the highest precision among those that reach a recall.

    Choose it on validation data: on the data it was chosen for, it looks better than it is, and on new data the
    recall may fall short.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive; both must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive.
    min_recall : float in (0, 1], default=0.9

    Returns
    -------
    float
        One of `scores`; call a sample positive if ``score >= threshold``. Among thresholds of equal precision the
        lowest, which finds most.

    Raises
    ------
    ValueError
        If `min_recall` is out of range, `y_true` is not made of 0 and 1, or a score is not finite.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import choose_threshold
    >>> choose_threshold([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], min_recall=0.9)
    0.7
    >>> choose_threshold([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], min_recall=0.5)
    0.9
    """
    if not 0 < min_recall <= 1:
        raise ValueError(f"{min_recall=} not in (0, 1]; 0.9 finds nine of ten positives")
    precision, recall, thresholds = precision_recall_curve(y_true, scores)
    precision[recall < min_recall] = -1
    return float(thresholds[precision == precision.max()][-1])


def _checked(y_true: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.bool_], Floats]:
    y, scores = labels(y_true, "y_true"), labels(scores, "the scores")
    if y.shape != scores.shape:
        raise ValueError(f"{len(y)} labels and {len(scores)} scores; give one of each per sample")
    if scores.dtype.kind not in "biuf":
        raise ValueError(f"the scores are {scores.dtype}, not numbers; is it predicted classes? pass a probability")
    neither = [label for label in y.tolist() if label not in (0, 1)]
    if neither:
        raise ValueError(
            f"y_true holds {neither[0]!r}; write 1 or True for positive, 0 or False else, e.g. y == 'fake'"
        )
    if (y == y[0]).all():
        raise ValueError(f"all {len(y)} samples are {'positive' if y[0] else 'negative'}; both kinds are needed")
    return y == 1, scores if scores.dtype.kind == "f" else scores.astype(np.float64)


def _counts(positive: NDArray[np.bool_], scores: Floats) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Count false and true positives at each different score, falling."""
    thresholds, tie = np.unique(scores, return_inverse=True)
    true = np.bincount(tie[positive], minlength=len(thresholds))
    false = np.bincount(tie[~positive], minlength=len(thresholds))
    return thresholds[::-1], np.cumsum(false[::-1]), np.cumsum(true[::-1])
