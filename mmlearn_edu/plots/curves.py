"""Curves of one number: explained variance, an objective."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, GREY, INKS, LINES, MARKERS, new_axes, on_paper

__all__ = ["objective_curve", "scree"]


@on_paper
def scree(
    explained_variance_ratio: ArrayLike, *, target: float | None = None, title: str = "", ax: Axes | None = None
) -> Axes:
    """Show how much of the variance each component explains (bars), and all up to it (line).

    Parameters
    ----------
    explained_variance_ratio : array-like of shape (n_components,)
        Shares of the total variance, in [0, 1].
    target : float in (0, 1], default=None
        Share to be reached; drawn as a dashed line.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, scree
    >>> describe(scree([0.7, 0.2, 0.1], target=0.9))
    'Scree plot: 3 components explain 70 %, 20 %, 10 % of the variance, together 100 %; 2 components reach 90 %.'
    """
    share = np.asarray(explained_variance_ratio, dtype=float)
    if share.ndim != 1 or len(share) == 0 or share.min() < 0 or share.sum() > 1 + 1e-6:
        raise ValueError(
            f"expected shares of variance of shape (n_components,), summing to 1 at most, got shape {share.shape} "
            f"with sum {share.sum():.3g}; pass explained_variance_ratio_, not explained_variance_"
        )
    ax = new_axes(ax)
    number, total = np.arange(1, len(share) + 1), share.cumsum()
    ax.bar(number, share, color=COLOURS[4], edgecolor="black", linewidth=0.5, label="each")
    ax.plot(number, total, color="black", marker="o", markersize=4, label="all so far")
    text = _shares(share)
    if target is not None:
        ax.axhline(target, color=COLOURS[1], linestyle="--", label=f"{target:.0%}")
        enough = np.flatnonzero(total >= target - 1e-12)
        text += (
            f"; {enough[0] + 1} components reach {100 * target:.0f} %" if len(enough) else "; too few for the target"
        )
    ax.set(xlabel="component", ylabel="share of the variance", ylim=(0, 1.03), title=title)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(frameon=False)
    return finish(ax, f"Scree plot: {text}.", title)


@on_paper
def objective_curve(
    histories: Sequence[Any] | NDArray[Any],
    *,
    names: Sequence[object] | None = None,
    label: str = "objective",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Show how an objective falls from round to round, for one run or several.

    Parameters
    ----------
    histories : array-like of shape (n_rounds,), or a sequence of them
    names : sequence of names, default=None
        One for each run.
    label : str, default="objective"
        Of the upright axis; add the units.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, objective_curve
    >>> describe(objective_curve([70.0, 20.0, 2.0]))
    'Curve of objective by round: 70 to 2 in 2 rounds.'
    """
    single = np.ndim(histories[0]) == 0
    runs = [np.asarray(run, dtype=float) for run in ([histories] if single else histories)]
    called = [f"run {i + 1}" for i in range(len(runs))] if names is None else [str(name) for name in names]
    if len(called) != len(runs):
        raise ValueError(f"{len(runs)} runs but {len(called)} names; give one each, or none")
    ax = new_axes(ax)
    for i, (run, name) in enumerate(zip(runs, called, strict=True)):
        look: dict[str, Any] = {"color": INKS[i % len(INKS)], "linestyle": LINES[i % len(LINES)]}
        ax.plot(run, marker=MARKERS[i % len(MARKERS)], markersize=5, label=name, **look)
    ax.set(xlabel="round", ylabel=label, title=title)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", color=GREY, alpha=0.25)
    if len(runs) > 1:
        ax.legend(frameon=False)
    said = [f"{run[0]:.4g} to {run[-1]:.4g} in {len(run) - 1} rounds" for run in runs]
    said = [f"{name} {text}" for name, text in zip(called, said, strict=True)] if len(runs) > 1 else said
    return finish(ax, f"Curve of {label} by round: {', '.join(said)}.", title)


def _shares(share: NDArray[np.floating[Any]]) -> str:
    listed = ", ".join(f"{100 * s:.0f} %" for s in share[:5])
    more = "..." if len(share) > 5 else ""
    return f"{len(share)} components explain {listed}{more} of the variance, together {100 * share.sum():.0f} %"
