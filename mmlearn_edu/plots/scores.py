"""Scores beside what chance would give."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, new_axes

__all__ = ["forest_plot", "score_bars"]


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


def forest_plot(
    scores: Mapping[str, float],
    intervals: Mapping[str, tuple[float, float]],
    n_samples: Mapping[str, int],
    *,
    overall: float | None = None,
    label: str = "accuracy",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Compare the score of every group, with its interval and its number of samples, with the score of all.

    A group whose interval does not reach the line of all is drawn as a diamond. Of many groups a few miss the line by
    luck: of 20 with intervals of 95 %, about one.

    Parameters
    ----------
    scores : mapping of str to float
        By group, in the order to be drawn.
    intervals : mapping of str to (low, high)
        One for each group; see `mmlearn_edu.evaluation.bootstrap_interval`.
    n_samples : mapping of str to int
        One for each group.
    overall : float, default=None
        Score of all samples together, drawn as a dashed line.
    label : str, default="accuracy"
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
        If a group lacks its interval or number of samples, or an interval does not hold its score.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, forest_plot
    >>> groups = {"day": 0.91, "night": 0.70}, {"day": (0.88, 0.94), "night": (0.60, 0.79)}, {"day": 400, "night": 90}
    >>> for part in describe(forest_plot(*groups, overall=0.87)).split("; "):
    ...     print(part)
    Forest plot of accuracy by group: day 0.91 (0.88 to 0.94, n = 400), night 0.70 (0.60 to 0.79, n = 90)
    all together 0.87
    away from it: day, night.
    """
    _check(scores, intervals)
    for what, given in (("intervals", intervals), ("n_samples", n_samples)):
        if missing := [name for name in scores if name not in given]:
            raise ValueError(f"{what} lacks {', '.join(missing)}; give one for every group")
    ax = new_axes(ax, (5.6, 1.2 + 0.36 * len(scores)))
    texts, away = [], []
    for place, (name, score) in enumerate(scores.items()):
        low, high = intervals[name]
        texts.append(f"{name} {score:.2f} ({low:.2f} to {high:.2f}, n = {n_samples[name]})")
        apart = overall is not None and not low <= overall <= high
        away += [name] if apart else []
        colour, marker = (COLOURS[1], "D") if apart else (COLOURS[0], "o")
        ax.errorbar(
            score, place, xerr=[[score - low], [high - score]], capsize=4, markersize=7, color=colour, marker=marker
        )
    text = f"Forest plot of {label} by group: {', '.join(texts)}"
    if overall is not None:
        ax.axvline(overall, color="black", linestyle="--", linewidth=1, zorder=0)
        ax.text(overall, 1.01, f"all {overall:.2f}", ha="center", va="bottom", transform=ax.get_xaxis_transform())
        text += f"; all together {overall:.2f}; away from it: {', '.join(away) or 'none'}"
    ax.set_yticks(range(len(scores)), [f"{name} (n = {n_samples[name]})" for name in scores])
    ax.set_ylim(len(scores) - 0.5, -0.5)  # first group on top, as it was given
    ax.set_xlabel(label)
    ax.set_title(title, pad=20)
    return finish(ax, f"{text}.", title)


def _check(scores: Mapping[str, float], intervals: Mapping[str, tuple[float, float]]) -> None:
    if not scores or not np.isfinite(list(scores.values())).all():
        raise ValueError(f"expected at least one finite score by name, got {dict(scores)}")
    for name, (low, high) in intervals.items():
        if name not in scores:
            raise ValueError(f"an interval for {name!r}, which is no score; there is {', '.join(scores)}")
        if not low <= scores[name] <= high:
            raise ValueError(f"the interval {low} to {high} of {name!r} does not hold its score {scores[name]}")
