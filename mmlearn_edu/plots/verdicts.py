"""Whether a classifier ranks well, and whether it is as sure as it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, GREY, INKS, LEGEND, LINES, new_axes, on_paper

__all__ = ["reliability_diagram", "roc_plot"]

SIZE = (4.6, 4.2)  # inches
UNIT: dict[str, Any] = {"xlim": (-0.02, 1.02), "ylim": (-0.02, 1.02), "aspect": "equal"}


@on_paper
def roc_plot(curves: Mapping[str, Sequence[ArrayLike]], *, title: str = "", ax: Axes | None = None) -> Axes:
    r"""Draw receiver operating characteristics: the share of positives found at each share of false alarms.

    With the false positive rate f across and the true positive rate t up, the area under the curve,
    :math:`\mathrm{AUC} = \int_0^1 t \, df`, is the share of pairs of a positive and a negative that are ranked in the
    right order [1]_; whoever guesses runs along the diagonal.

    Parameters
    ----------
    curves : mapping of str to (false_positive_rate, true_positive_rate), each array-like of shape (n_thresholds,)
        By the name of the classifier. Rates in [0, 1] that rise from (0, 0) to (1, 1). The thresholds that
        `mmlearn_edu.evaluation.roc_curve` returns after them may stay.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Raises
    ------
    ValueError
        If there is no curve, or one does not rise from (0, 0) to (1, 1).

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27(8), 861-874.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, roc_plot
    >>> describe(roc_plot({"image": ([0, 0, 0.5, 0.5, 1], [0, 0.5, 0.5, 1, 1])}))
    'ROC curves: image has AUC 0.750 and finds 50 % of the positives at 10 % false alarms; chance has AUC 0.500.'
    """
    rates = {str(name): _rates(curve, name) for name, curve in curves.items()}
    if not rates:
        raise ValueError("no curve to draw; give one by name, e.g. {'image': roc_curve(y_true, scores)}")
    ax = new_axes(ax, SIZE)
    texts = []
    for i, (name, (false_rate, true_rate)) in enumerate(rates.items()):
        area = np.trapezoid(true_rate, false_rate)
        look: dict[str, Any] = {"color": INKS[i % len(INKS)], "linestyle": LINES[i % len(LINES)]}
        ax.plot(false_rate, true_rate, linewidth=2, label=f"{name}, AUC {area:.3f}", **look)
        found = true_rate[np.flatnonzero(false_rate <= 0.1 + 1e-12)[-1]]
        texts.append(f"{name} has AUC {area:.3f} and finds {100 * found:.0f} % of the positives at 10 % false alarms")
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1, label="chance, AUC 0.500")
    ax.set(xlabel="false positive rate", ylabel="true positive rate (recall)", title=title, **UNIT)
    ax.legend(loc="lower right", **LEGEND)
    return finish(ax, f"ROC curves: {'; '.join(texts)}; chance has AUC 0.500.", title)


@on_paper
def reliability_diagram(
    confidence: ArrayLike, accuracy: ArrayLike, n_samples: ArrayLike, *, title: str = "", ax: Axes | None = None
) -> Axes:
    r"""Compare how sure a classifier is with how often it is right; bars show how many samples each point stands for.

    Points below the diagonal are too sure, points above it too modest. The expected calibration error
    :math:`\mathrm{ECE} = \sum_b \frac{n_b}{n} |\mathrm{acc}_b - \mathrm{conf}_b|` [1]_ is their mean distance from it.

    Parameters
    ----------
    confidence : array-like of shape (n_bins,), in [0, 1]
        Mean probability of the predicted class in each bin.
    accuracy : array-like of shape (n_bins,), in [0, 1]
        Share of right answers in each bin.
    n_samples : array-like of shape (n_bins,)
        Number of samples in each bin; bins without any are left out.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Raises
    ------
    ValueError
        If the three differ in shape, hold no sample, or a share lies outside [0, 1].

    References
    ----------
    .. [1] Guo, C., Pleiss, G., Sun, Y., & Weinberger, K. Q. (2017). On calibration of modern neural networks. ICML.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, reliability_diagram
    >>> for part in describe(reliability_diagram([0.65, 0.93], [0.5, 0.75], [20, 40])).split("; "):
    ...     print(part)
    Reliability diagram of 60 samples in 2 bins: ECE 0.170, on the whole too sure (confidence 0.837, accuracy 0.667)
    farthest off where it says 0.93 and is right 0.75 of the time (n = 40).
    """
    confidence, accuracy, counts = _bins(confidence, accuracy, n_samples)
    share = counts / counts.sum()
    ax = new_axes(ax, SIZE)
    ax.bar(confidence, share, width=0.03, color="lightgrey", edgecolor=GREY, hatch="///", label="share of the samples")
    for x, height, count in zip(confidence, share, counts, strict=True):
        halo = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.7}
        ax.text(x, height + 0.015, f"{count:.0f}", fontsize=7, rotation=90, ha="center", va="bottom", bbox=halo)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="as sure as right")
    ax.vlines(confidence, accuracy, confidence, color=COLOURS[1], linewidth=2, label="gap")
    ax.plot(confidence, accuracy, color=COLOURS[0], marker="o", label="accuracy")
    labels = {"xlabel": "confidence (mean of the bin)", "ylabel": "accuracy; share of the samples"}
    ax.set(title=title, **labels, **UNIT)
    ax.legend(loc="best", fontsize=9, **LEGEND)
    return finish(ax, f"Reliability diagram of {_calibration(confidence, accuracy, counts)}.", title)


def _calibration(confidence: NDArray[Any], accuracy: NDArray[Any], counts: NDArray[Any]) -> str:
    gap = np.abs(accuracy - confidence)
    sure, right = np.average(confidence, weights=counts), np.average(accuracy, weights=counts)
    verdict = "too sure" if sure > right else "too modest" if sure < right else "as sure as right"
    worst = gap.argmax()
    said = f"{counts.sum():.0f} samples in {len(counts)} bins: ECE {np.average(gap, weights=counts):.3f}, on the whole"
    where = f"farthest off where it says {confidence[worst]:.2f} and is right {accuracy[worst]:.2f} of the time"
    return f"{said} {verdict} (confidence {sure:.3f}, accuracy {right:.3f}); {where} (n = {counts[worst]:.0f})"


def _rates(curve: Sequence[ArrayLike], name: object) -> NDArray[np.float64]:
    given = [np.asarray(rate, dtype=float) for rate in list(curve)[:2]]
    shapes = [rate.shape for rate in given]
    whole = len(set(shapes)) == 1 and len(given) == 2 and given[0].ndim == 1 and given[0].size > 1
    rates = np.stack(given) if whole else np.full((2, 2), np.nan)
    if not np.allclose(rates[:, [0, -1]], [0, 1], atol=1e-6) or not (np.diff(rates) >= 0).all():
        raise ValueError(
            f"the rates of {name!r} must be two rows that rise from (0, 0) to (1, 1), got shapes "
            f"{', '.join(map(str, shapes))}; pass roc_curve(y_true, scores), false positive rate first"
        )
    return rates


def _bins(*given: ArrayLike) -> list[NDArray[np.float64]]:
    bins = [np.asarray(each, dtype=float) for each in given]
    if bins[0].ndim != 1 or len({each.shape for each in bins}) > 1:
        raise ValueError(f"expected three of shape (n_bins,), got {', '.join(str(each.shape) for each in bins)}")
    filled = bins[2] > 0
    shares = np.stack(bins[:2])[:, filled]
    if not filled.any() or not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(
            "expected confidence and accuracy in [0, 1] and a number of samples in at least one bin; pass "
            "reliability_curve(y_true, probabilities), e.g. reliability_diagram(*reliability_curve(...))"
        )
    return [each[filled] for each in bins]
