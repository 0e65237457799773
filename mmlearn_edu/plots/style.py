"""Colours, marks and sizes that every picture shares."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

__all__ = ["COLOURS", "GREY", "INKS", "LEGEND", "LINES", "MARKERS", "ink_on", "new_axes", "on_paper"]

# Okabe and Ito (2008), told apart by every kind of colour vision; without the yellow, too pale on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
INKS = (*COLOURS[:4], COLOURS[6])  # 3:1 on white or more, for lines; the two pale ones need a dark edge around them
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")  # what still differs in grey
LINES = ("-", "--", "-.", ":")
LEGEND: dict[str, Any] = {"framealpha": 0.85, "edgecolor": "none"}  # curves shine through, words stay legible
GREY = "#595959"  # 7:1 on white

# A notebook's theme may change after a picture was made, and the kernel never knows it: so a picture brings its own
# white card with black ink, which is read alike in a light and in a dark notebook, whatever plt.style says.
_BLACK = ("axes.edgecolor", "axes.labelcolor", "patch.edgecolor", "text.color", "xtick.color", "ytick.color")
_PAPER: Any = {  # Matplotlib's type lists the name of every setting
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.titlecolor": "auto",
    "axes.grid": False,
    "xtick.labelcolor": "inherit",
    "ytick.labelcolor": "inherit",
    "legend.facecolor": "inherit",
    "legend.labelcolor": "None",
    **dict.fromkeys(_BLACK, "black"),
}

P = ParamSpec("P")


def on_paper(draw: Callable[P, Axes]) -> Callable[P, Axes]:
    """Let `draw` put fresh Axes on a white card; Axes that were given keep the look their maker chose."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
        if kwargs.get("ax") is not None:
            return draw(*args, **kwargs)
        before = {name: plt.rcParams[name] for name in _PAPER}
        plt.rcParams.update(_PAPER)
        try:  # not plt.rc_context: it would also take back what the first picture of a notebook switches on
            return draw(*args, **kwargs)
        finally:
            plt.rcParams.update(before)

    return drawn


def ink_on(colour: Any) -> str:
    """Return "black" or "white", whichever stands out more from `colour`: always 4.5:1 or more (WCAG 2.1)."""
    c = np.array(to_rgb(colour))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ [0.2126, 0.7152, 0.0722] > 0.1791 else "white"  # where both have the same contrast


def new_axes(ax: Axes | None, size: tuple[float, float] = (5.0, 3.6)) -> Axes:
    """Return `ax`, or fresh Axes of `size` in inches."""
    if ax is None:
        ax = plt.subplots(figsize=size, layout="constrained")[1]
        ax.spines[["top", "right"]].set_visible(False)
    return ax
