"""How the scores of normal and other samples lie, and where the alarm begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import check_whole
from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import INKS, LEGEND, LINES, new_axes, on_paper

__all__ = ["score_histogram"]

HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++")  # groups that lie over each other differ in grey too


@on_paper
def score_histogram(
    scores: Mapping[str, ArrayLike],
    *,
    threshold: float | None = None,
    n_bins: int = 30,
    label: str = "anomaly score",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how the scores of each group spread, and which share of each group raises the alarm.

    Bars are shares of their own group, so that a few anomalies are seen beside many normal samples; all groups share
    the same bins.

    Parameters
    ----------
    scores : mapping of str to array-like of shape (n_samples_in_group,)
        The scores of each group by its name, e.g. of normal samples and of anomalies; six groups at most.
    threshold : float, default=None
        The alarm is raised above it, see `mmlearn_edu.anomaly.alarm_threshold`; a dashed line.
    n_bins : int, default=30
        Bins of equal width from the lowest score of all to the highest.
    label : str, default="anomaly score"
        What the scores are, with their unit if they have one.
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
        If there is no group or more than six, a group has no score, a score or the threshold is not finite, or there
        is no bin.
    TypeError
        If `n_bins` is not a whole number.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, score_histogram
    >>> ax = score_histogram({"normal": [1.0, 2.0, 3.0, 4.0], "swapped": [4.0, 8.0]}, threshold=3.5)
    >>> for part in describe(ax).split("; "):
    ...     print(part)
    Histogram of anomaly score: normal (n = 4) from 1 to 4, median 2.5
    swapped (n = 2) from 4 to 8, median 6
    the alarm above 3.5 is raised by 25 % of normal, 100 % of swapped.
    """
    groups = _groups(scores)
    check_whole(n_bins=n_bins)
    if n_bins < 1:
        raise ValueError(f"{n_bins=} must be at least 1; try 30")
    if threshold is not None and not np.isfinite(threshold):
        raise ValueError(f"{threshold=} must be finite; choose one with alarm_threshold, or leave it out")
    bins = np.histogram_bin_edges(np.concatenate(list(groups.values())), n_bins).tolist()
    ax = new_axes(ax, (5.6, 3.6))
    texts = []
    for i, (name, values) in enumerate(groups.items()):
        share = np.full(len(values), 100 / len(values))
        ink = INKS[i % len(INKS)]
        look: dict[str, Any] = {"facecolor": (ink, 0.2), "edgecolor": ink, "hatch": HATCHES[i]}
        look |= {"linestyle": LINES[i % len(LINES)], "linewidth": 1.8, "label": f"{name} (n = {len(values)})"}
        ax.hist(values, bins, weights=share, histtype="stepfilled", **look)
        low, middle, high = np.percentile(values, [0, 50, 100])
        texts.append(f"{name} (n = {len(values)}) from {low:.3g} to {high:.3g}, median {middle:.3g}")
    ax.set(xlabel=label, ylabel="share of the group in %", title=title)
    if threshold is not None:
        texts.append(_alarm(ax, groups, threshold))
    ax.legend(loc="best", **LEGEND)
    return finish(ax, f"Histogram of {label}: {'; '.join(texts)}.", title)


def _alarm(ax: Axes, groups: Mapping[str, NDArray[Any]], threshold: float) -> str:
    """Draw where the alarm begins; say which share of each group is beyond."""
    ax.axvline(threshold, color="black", linestyle="--", linewidth=1.5)
    where = ax.get_xaxis_transform()
    ax.text(threshold, 1.01, f"alarm above {threshold:.3g}", ha="center", va="bottom", transform=where)
    ax.set_title(ax.get_title(), pad=20)
    beyond = [f"{100 * (values > threshold).mean():.0f} % of {name}" for name, values in groups.items()]
    return f"the alarm above {threshold:.3g} is raised by {', '.join(beyond)}"


def _groups(scores: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
    groups = {str(name): np.asarray(values, dtype=np.float64) for name, values in scores.items()}
    if not 1 <= len(groups) <= len(HATCHES):
        raise ValueError(f"expected 1 to {len(HATCHES)} groups by name, got {len(groups)}; put some together")
    for name, values in groups.items():
        if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
            raise ValueError(
                f"the scores of {name!r} must be finite numbers of shape (n_samples,), at least one; got shape "
                f"{values.shape}; leave out samples that could not be judged (NaN)"
            )
    return groups
