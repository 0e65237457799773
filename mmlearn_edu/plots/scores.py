"""Scores beside what chance would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, new_axes, on_paper

__all__ = ["forest_plot", "score_bars"]

ROUNDING = 1e-12  # the mean of three equal scores can differ from each of them in its last digit
COLUMNS = ("group", "n_samples", "score", "low", "high")


@on_paper
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
            ax.errorbar(score, place, xerr=_whisker(score, low, high), color="black", capsize=4)
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


@on_paper
def forest_plot(
    table: Mapping[str, ArrayLike],
    *,
    overall: float | None = None,
    line: str = "all",
    label: str = "accuracy",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Compare the score of every group, with its interval and its number of samples, with the score of all.

    A group whose interval does not reach the line of all is drawn as a diamond. Of many groups a few miss the line by
    luck: of 20 with intervals of 95 %, about one.

    Parameters
    ----------
    table : mapping of str to array-like of shape (n_groups,), or DataFrame
        The columns ``group``, ``n_samples``, ``score``, ``low`` and ``high``, as `mmlearn_edu.evaluation.slice_scores`
        returns them; drawn from top to bottom. Without ``n_samples``, no numbers of samples are told.
    overall : float, default=None
        Score of all samples together, or another score to compare with, drawn as a dashed line.
    line : str, default="all"
        What stands on that line.
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
        If a column is missing or of another length, or an interval does not hold its score.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, forest_plot
    >>> table = {"group": ["day", "night"], "n_samples": [400, 90], "score": [0.91, 0.7]}
    >>> ax = forest_plot(table | {"low": [0.88, 0.6], "high": [0.94, 0.79]}, overall=0.87)
    >>> for part in describe(ax).split("; "):
    ...     print(part)
    Forest plot of accuracy by group: day 0.91 (0.88 to 0.94, n = 400), night 0.70 (0.60 to 0.79, n = 90)
    all together 0.87
    away from it: day, night.
    """
    groups, counted, *shares = _columns(table)
    ax = new_axes(ax, (5.6, 1.2 + 0.36 * len(groups)))
    texts, away = [], []
    for place, (name, n, score, low, high) in enumerate(zip(groups, counted, *shares, strict=True)):
        texts.append(f"{name} {score:.2f} ({low:.2f} to {high:.2f}{n and f', {n}'})")
        apart = overall is not None and not low <= overall <= high
        away += [name] if apart else []
        colour, marker = (COLOURS[1], "D") if apart else (COLOURS[0], "o")
        error = _whisker(score, low, high)
        ax.errorbar(score, place, xerr=error, capsize=4, color=colour, marker=marker, markersize=7)
    text = f"Forest plot of {label} by group: {', '.join(texts)}"
    if overall is not None:
        ax.axvline(overall, color="black", linestyle="--", linewidth=1, zorder=0)
        ax.text(overall, 1.01, f"{line} {overall:.2f}", ha="center", va="bottom", transform=ax.get_xaxis_transform())
        text += f"; {'all together' if line == 'all' else line} {overall:.2f}"
        text += f"; away from it: {', '.join(away) or 'none'}"
    ax.set_yticks(range(len(groups)), [name + (n and f" ({n})") for name, n in zip(groups, counted, strict=True)])
    ax.set_ylim(len(groups) - 0.5, -0.5)  # first group on top, as it was given
    ax.set_xlabel(label)
    ax.set_title(title, pad=20)
    return finish(ax, f"{text}.", title)


def _columns(table: Mapping[str, ArrayLike]) -> list[list[Any]]:
    """Return names, "n = 90" or "" for each, scores, and both ends of their intervals."""
    if missing := [name for name in COLUMNS if name not in table and name != "n_samples"]:
        raise ValueError(f"table lacks {', '.join(missing)}; it needs {', '.join(COLUMNS)}, see slice_scores")
    columns = [np.asarray(table[name]).tolist() for name in COLUMNS if name in table]
    if len({np.shape(column) for column in columns}) > 1 or np.ndim(columns[0]) != 1:
        raise ValueError(f"the columns of table differ in shape: {', '.join(str(np.shape(c)) for c in columns)}")
    groups, *numbers, scores, low, high = columns
    names = [str(name) for name in groups]
    _check(dict(zip(names, scores, strict=True)), dict(zip(names, zip(low, high, strict=True), strict=True)))
    counted = [f"n = {n}" for n in numbers[0]] if numbers else [""] * len(names)
    return [names, counted, scores, low, high]


def _check(scores: Mapping[str, float], intervals: Mapping[str, tuple[float, float]]) -> None:
    if not scores or not np.isfinite(list(scores.values())).all():
        raise ValueError(f"expected at least one finite score by name, got {dict(scores)}")
    for name, (low, high) in intervals.items():
        if name not in scores:
            raise ValueError(f"an interval for {name!r}, which is no score; there is {', '.join(scores)}")
        if not low - ROUNDING <= scores[name] <= high + ROUNDING:
            raise ValueError(f"the interval {low} to {high} of {name!r} does not hold its score {scores[name]}")


def _whisker(score: float, low: float, high: float) -> list[list[float]]:
    return [[max(score - low, 0.0)], [max(high - score, 0.0)]]
