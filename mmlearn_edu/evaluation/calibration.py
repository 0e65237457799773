"""Whether a model that says 80 % is right in 80 of 100 cases."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.evaluation._labels import labels

__all__ = ["expected_calibration_error", "reliability_curve"]


def reliability_curve(
    y_true: ArrayLike, probabilities: ArrayLike, *, classes: ArrayLike | None = None, n_bins: int = 10
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """How sure the model was, and how often it was right, in groups of about equally sure answers [1]_.

    The answer to a sample is its most probable class (the first of equals), the confidence that probability.
    The confidences go into `n_bins` bins of equal width; a bin holds its upper edge, not its lower. Empty bins are
    left out.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
    probabilities : array-like of shape (n_samples, n_classes)
        As from ``predict_proba``: in [0, 1], every row adds up to 1.
    classes : array-like of shape (n_classes,), default=None
        What the columns are called, as in ``model.classes_``; 0, 1, 2, ... if None.
    n_bins : int, default=10

    Returns
    -------
    confidence : ndarray of shape (n_filled_bins,)
        Mean probability of the answers in each bin, rising.
    accuracy : ndarray of shape (n_filled_bins,)
        Share of them that is right. Above the diagonal the model is too modest, below too sure.
    n_samples : ndarray of int of shape (n_filled_bins,)

    Raises
    ------
    ValueError
        If the rows do not add up to 1 (within 0.0001), the shapes do not fit, or `y_true` has an unknown class.

    References
    ----------
    .. [1] Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern neural networks. ICML.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import reliability_curve
    >>> p = [0.95, 0.91, 0.92, 0.94, 0.62, 0.68]  # of class 1
    >>> confidence, accuracy, n_samples = reliability_curve([1, 1, 1, 0, 1, 0], [[1 - each, each] for each in p])
    >>> confidence.round(2).tolist(), accuracy.tolist(), n_samples.tolist()
    ([0.65, 0.93], [0.5, 0.75], [2, 4])
    """
    right, confidence = _answers(y_true, probabilities, classes)
    if n_bins < 1:
        raise ValueError(f"{n_bins=} is below 1; 10 is usual")
    inner_edges = np.linspace(0, 1, n_bins + 1)[1:-1]
    group = np.searchsorted(inner_edges, confidence)
    sums = (np.bincount(group, weights=w, minlength=n_bins) for w in (confidence, right))
    n_samples = np.bincount(group, minlength=n_bins)
    filled = n_samples > 0
    mean_confidence, accuracy = (each[filled] / n_samples[filled] for each in sums)
    return mean_confidence, accuracy, n_samples[filled]


def expected_calibration_error(
    y_true: ArrayLike, probabilities: ArrayLike, *, classes: ArrayLike | None = None, n_bins: int = 10
) -> float:
    r"""Mean distance between being sure and being right, over the bins of `reliability_curve` [1]_.

    With :math:`n_b` of the :math:`n` samples in bin :math:`b`, all bins of equal width,

    .. math:: \mathrm{ECE} = \sum_b \frac{n_b}{n} \, |\mathrm{accuracy}_b - \mathrm{confidence}_b|

    It depends on the number of bins, and luck within small bins adds to it: compare models on the same samples and
    bins. A model that always answers the shares of the classes is calibrated, and useless: look at the accuracy too.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
    probabilities : array-like of shape (n_samples, n_classes)
        As from ``predict_proba``: in [0, 1], every row adds up to 1.
    classes : array-like of shape (n_classes,), default=None
        What the columns are called, as in ``model.classes_``; 0, 1, 2, ... if None.
    n_bins : int, default=10

    Returns
    -------
    float
        In [0, 1]; 0 is calibrated.

    References
    ----------
    .. [1] Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern neural networks. ICML.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import expected_calibration_error
    >>> p = [0.95, 0.91, 0.92, 0.94, 0.62, 0.68]  # 0.93 sure where 0.75 is right, 0.65 where 0.5 is
    >>> expected_calibration_error([1, 1, 1, 0, 1, 0], [[1 - each, each] for each in p]).__round__(2)
    0.17
    """
    confidence, accuracy, n_samples = reliability_curve(y_true, probabilities, classes=classes, n_bins=n_bins)
    return float(np.average(np.abs(accuracy - confidence), weights=n_samples))


def _answers(
    y_true: ArrayLike, probabilities: ArrayLike, classes: ArrayLike | None
) -> tuple[NDArray[np.bool_], NDArray[np.floating[Any]]]:
    """Tell for each sample whether its most probable class is right, and how probable that class was."""
    y, P = labels(y_true, "y_true"), _probabilities(probabilities)
    names = np.arange(P.shape[1]) if classes is None else labels(classes, "classes")
    if (len(y), len(names)) != P.shape:
        raise ValueError(f"{len(y)} samples of {len(names)} classes do not fit probabilities of shape {P.shape}")
    unknown = sorted(set(y.tolist()) - set(names.tolist()), key=str)
    if unknown:
        raise ValueError(f"y_true holds {unknown[0]!r}, the columns are {names.tolist()}; pass classes=model.classes_")
    return names[P.argmax(axis=1)] == y, P.max(axis=1)


def _probabilities(probabilities: ArrayLike) -> NDArray[np.floating[Any]]:
    if np.ndim(probabilities) == 1:
        raise ValueError("one column per class is needed; of a single column p make np.column_stack([1 - p, p])")
    P = as_matrix(probabilities, "probabilities")
    if P.min() < 0:
        raise ValueError(f"a probability is {P.min():.3g}, below 0; pass predict_proba, not decision_function")
    sums = P.sum(axis=1)
    worst = np.abs(sums - 1).argmax()
    if abs(sums[worst] - 1) > 1e-4:
        raise ValueError(f"row {worst} adds up to {sums[worst]:.4g}, not 1; divide each row by its sum")
    return P
