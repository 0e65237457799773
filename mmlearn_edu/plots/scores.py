"""Scores beside what chance would give."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, new_axes

__all__ = ["score_bars"]


def score_bars(
    scores: Mapping[str, float],
    *,
    chance: float | None = None,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    label: str = "accuracy",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Compare scores: a bar each, its interval as a whisker, chance as a dashed line.

    Parameters
    ----------
    scores : mapping of str to float
    chance : float, default=None
        Score of whoever guesses; see `mmlearn_edu.evaluation.chance_level`.
    intervals : mapping of str to (low, high), default=None
        For some or all of the scores.
    label : str, default="accuracy"
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, score_bars
    >>> describe(score_bars({"image": 0.74, "fused": 0.91}, chance=0.1, intervals={"fused": (0.88, 0.94)}))
    'Bars of accuracy: image 0.74, fused 0.91 (0.88 to 0.94); chance 0.10.'
    """
    intervals = intervals or {}
    _check(scores, intervals)
    ax = new_axes(ax, (5.6, 1.1 + 0.42 * len(scores)))
    texts = []
    for place, (name, score) in enumerate(scores.items()):
        low, high = intervals.get(name, (score, score))
        ax.barh(place, score, height=0.66, color=COLOURS[4], edgecolor="black", linewidth=0.5)
        if name in intervals:
            ax.errorbar(score, place, xerr=[[score - low], [high - score]], color="black", capsize=4)
        ax.text(max(high, 0), place, f"  {score:.2f}", va="center", ha="left")
        texts.append(f"{name} {score:.2f}" + (f" ({low:.2f} to {high:.2f})" if name in intervals else ""))
    said = f"Bars of {label}: {', '.join(texts)}"
    if chance is not None:
        ax.axvline(chance, color=COLOURS[1], linestyle="--", linewidth=2)
        ax.text(chance, 1.01, f"chance {chance:.2f}", ha="center", va="bottom", transform=ax.get_xaxis_transform())
        said += f"; chance {chance:.2f}"
    ax.set_yticks(range(len(scores)), list(scores))
    ax.invert_yaxis()  # first score on top, as it was given
    ax.set_xlabel(label)
    ax.set_title(title, pad=20)
    ax.set_xlim(right=1.12 * max(1.0 if max(scores.values()) <= 1 else 0.0, *scores.values()))
    return finish(ax, f"{said}.", title)


def _check(scores: Mapping[str, float], intervals: Mapping[str, tuple[float, float]]) -> None:
    if not scores or not np.isfinite(list(scores.values())).all():
        raise ValueError(f"expected at least one finite score by name, got {dict(scores)}")
    for name, (low, high) in intervals.items():
        if name not in scores:
            raise ValueError(f"an interval for {name!r}, which is no score; there is {', '.join(scores)}")
        if not low <= scores[name] <= high:
            raise ValueError(f"the interval {low} to {high} of {name!r} does not hold its score {scores[name]}")
