"""The circle of hues."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import hsv_to_rgb

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import new_axes, on_paper

__all__ = ["hue_circle"]

NAMES = ("red 0", "yellow 1/6", "green 1/3", "cyan 1/2", "blue 2/3", "magenta 5/6")
INNER, OUTER = 0.72, 1.0  # of the ring


@on_paper
def hue_circle(hues: Mapping[str, float], *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the circle of hues, with some hues as arrows from its middle.

    Parameters
    ----------
    hues : mapping of str to float
        Hues by name, each in [0, 1]: 0 is red, 1/3 green, 2/3 blue, 1 red again; against the clock, red on the right.
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
        If there is no hue, or one is not in [0, 1].

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, hue_circle
    >>> describe(hue_circle({"leaf": 0.34, "sky": 0.6}))
    'Circle of hues from red 0 over green 1/3 and blue 2/3 to red again; marked: leaf 0.34, sky 0.60.'
    """
    if not hues or not all(0 <= hue <= 1 for hue in hues.values()):  # so written, NaN is refused too
        raise ValueError(f"expected hues in [0, 1] by name, got {dict(hues)}; divide degrees by 360")
    ax = new_axes(ax, (4.6, 3.2))
    y, x = np.mgrid[1.05:-1.05:400j, -1.05:1.05:400j]
    radius, hue = np.hypot(x, y), np.arctan2(y, x) / (2 * np.pi) % 1
    ring = np.ones((400, 400, 4))
    ring[..., :3] = hsv_to_rgb(np.stack([hue, np.ones_like(hue), np.full_like(hue, 0.95)], axis=-1))
    ring[..., 3] = (radius >= INNER) & (radius <= OUTER)
    ax.imshow(ring, extent=(-1.05, 1.05, -1.05, 1.05))
    for i, name in enumerate(NAMES):
        angle = np.pi * i / 3
        side = "left" if np.cos(angle) > 0 else "right"
        ax.text(1.06 * np.cos(angle), 1.06 * np.sin(angle), name, ha=side, va="center", fontsize=9)
    for name, value in hues.items():
        _arrow(ax, f"{name} {value:.2f}", 2 * np.pi * value)
    ax.set(xlim=(-1.85, 1.85), ylim=(-1.2, 1.2), title=title)
    ax.axis("off")
    marked = ", ".join(f"{name} {value:.2f}" for name, value in hues.items())
    return finish(ax, f"Circle of hues from red 0 over green 1/3 and blue 2/3 to red again; marked: {marked}.", title)


def _arrow(ax: Axes, name: str, angle: float) -> None:
    x, y = np.cos(angle), np.sin(angle)
    ax.plot([0, 0.68 * x], [0, 0.68 * y], color="black", linewidth=1.8)
    ax.plot(0.68 * x, 0.68 * y, color="black", marker="o", markersize=5)
    card = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    ax.text(0.36 * x, 0.36 * y + 0.05, name, ha="center", va="bottom", fontsize=9, bbox=card)
