"""Where does the alarm begin? Chosen on validation samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.evaluation import roc_curve

__all__ = ["alarm_threshold"]

DEFAULT_RATE = 0.05


def alarm_threshold(scores: ArrayLike, y: ArrayLike | None = None, *, false_alarm_rate: float | None = None) -> float:
    r"""Choose the score above which to raise the alarm, on samples that the detector was not fitted to.

    By a rate of false alarms: the threshold is the k-th lowest of the n normal scores,
    :math:`k = \lceil (n + 1)(1 - r) \rceil`. A new normal sample, drawn like them, is then above it with a probability
    of at most r, whatever the distribution of the scores [1]_. By labels: the threshold at which the share
    of anomalies found exceeds the rate of false alarms by most [2]_; the highest if several do equally well.

    Parameters
    ----------
    scores : array-like of shape (n_samples,)
        Higher is more anomalous (``anomaly_score``; scikit-learn's ``score_samples`` needs a minus).
    y : array-like of bool, or of 0 and 1, of shape (n_samples,), default=None
        True or 1 is anomalous. None says that all samples are normal.
    false_alarm_rate : float, default=None
        r in (0, 1). With labels it looks at the normal samples only. None is 0.05 without labels, and with them leaves
        the choice to the labels.

    Returns
    -------
    float
        One of the scores; raise the alarm where ``score > threshold``.

    Raises
    ------
    ValueError
        If the scores are not finite, there are too few normal ones for so small a rate, the labels are not 0 and 1,
        or no threshold is better than chance.

    References
    ----------
    .. [1] Bates, S. et al. (2023). Testing for outliers with conformal p-values. Annals of Statistics 51(1), 149-178.
    .. [2] Youden, W. J. (1950). Index for rating diagnostic tests. Cancer 3(1), 32-35.

    Examples
    --------
    >>> from mmlearn_edu.anomaly import alarm_threshold
    >>> alarm_threshold([0.3, 0.1, 0.2, 0.9], false_alarm_rate=0.4)  # 0.9 would raise it
    0.3
    >>> alarm_threshold([0.1, 0.2, 0.3, 0.8, 0.9], y=[0, 0, 1, 1, 1])
    0.2
    """
    values = np.asarray(scores, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError(
            f"scores must be finite numbers of shape (n_samples,), at least one; got shape {values.shape} with "
            f"{int((~np.isfinite(values)).sum())} NaN or infinite; leave out samples that could not be judged"
        )
    if y is None:
        return _by_rate(values, DEFAULT_RATE if false_alarm_rate is None else false_alarm_rate)
    false_alarms, detections, thresholds = roc_curve(y, values)  # also checks the labels
    if false_alarm_rate is not None:
        return _by_rate(values[np.asarray(y) == 0], false_alarm_rate)
    gain = np.round(detections - false_alarms, 12)  # of equally good thresholds the highest; rounding must not choose
    best = int(gain.argmax())
    if gain[best] <= 0:
        raise ValueError(
            "no threshold is better than chance: higher scores must mean more anomalous; "
            "for scikit-learn's score_samples and decision_function pass -scores"
        )
    return float(thresholds[best + 1])  # the curve counts from a score upwards, the alarm begins above one


def _by_rate(normal: np.ndarray, rate: float) -> float:
    if not 0 < rate < 1:
        raise ValueError(f"false_alarm_rate={rate} not in (0, 1); 0.05 is one false alarm in twenty normal samples")
    k = int(np.ceil(round((len(normal) + 1) * (1 - rate), 9)))  # rounded: 10 * (1 - 0.7) is a little over 3
    if k > len(normal):
        fewest = int(np.ceil(round(1 / rate, 9))) - 1
        raise ValueError(
            f"false_alarm_rate={rate} takes at least {fewest} normal samples, got {len(normal)}; "
            "score more of them, or accept more false alarms"
        )
    return float(np.sort(normal)[k - 1])
