"""Colours, marks and sizes that every picture shares."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

__all__ = ["COLOURS", "GREY", "LEGEND", "LINES", "MARKERS", "new_axes"]

# Okabe and Ito (2008), told apart by every kind of colour vision; without the yellow, too pale on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")  # what still differs in grey
LINES = ("-", "--", "-.", ":")
LEGEND: dict[str, Any] = {"framealpha": 0.85, "edgecolor": "none"}  # curves shine through, words stay legible
GREY = "#595959"  # 7:1 on white


def new_axes(ax: Axes | None, size: tuple[float, float] = (5.0, 3.6)) -> Axes:
    """Return `ax`, or fresh Axes of `size` in inches."""
    if ax is None:
        ax = plt.subplots(figsize=size, layout="constrained")[1]
        ax.spines[["top", "right"]].set_visible(False)
    return ax
