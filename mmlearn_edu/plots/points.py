"""Samples as points in the plane."""

from __future__ import annotations

from typing import Any

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, MARKERS, new_axes, on_paper

__all__ = ["scatter_2d"]


@on_paper
def scatter_2d(
    X: ArrayLike,
    y: ArrayLike | None = None,
    *,
    centroids: ArrayLike | None = None,
    labels: tuple[str, str] = ("component 1", "component 2"),
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw samples as points; each class has a colour, a mark, and its name at its middle.

    Parameters
    ----------
    X : array-like of shape (n_samples, 2)
    y : array-like of shape (n_samples,), default=None
        Class of every sample.
    centroids : array-like of shape (n_clusters, 2), default=None
        Drawn as large crosses.
    labels : pair of str, default=("component 1", "component 2")
        Of the axes; add the units.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, scatter_2d
    >>> describe(scatter_2d([[0, 0], [2, 2], [9, 1]], ["a", "a", "b"]))
    'Scatter of 3 samples, component 1 across, component 2 up; a: 2 around (1, 1), b: 1 around (9, 1).'
    """
    X = as_matrix(X, "X")
    if X.shape[1] != 2:
        raise ValueError(
            f"a plane has two axes, got X of shape {X.shape}; reduce it first, e.g. with PCA(2), or pick two"
        )
    classes = np.zeros(len(X), dtype=int) if y is None else np.asarray(y)
    if classes.shape != (len(X),):
        raise ValueError(f"X has {len(X)} samples but y has shape {classes.shape}; give one class per sample")
    ax = new_axes(ax, (5.4, 4.4))
    above = 10 if centroids is not None else 0  # points: a name on its cross would hide it
    middles = _draw(ax, X, classes, named=y is not None, above=above)
    if centroids is not None:
        crosses = as_matrix(centroids, "centroids")
        ax.scatter(crosses[:, 0], crosses[:, 1], s=160, c="white", marker="X", edgecolors="black", zorder=4)
    ax.set(xlabel=labels[0], ylabel=labels[1], title=title)
    text = f"Scatter of {len(X)} samples, {labels[0]} across, {labels[1]} up"
    return finish(ax, f"{text}; {', '.join(middles)}." if y is not None else f"{text}.", title)


def _draw(ax: Axes, X: NDArray[Any], classes: NDArray[Any], named: bool, above: int) -> list[str]:
    texts = []
    for i, name in enumerate(np.unique(classes)):
        points = X[classes == name]
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        dot: dict[str, Any] = {"s": 20, "facecolors": [(colour, 0.75)], "edgecolors": "black", "linewidths": 0.4}
        ax.scatter(points[:, 0], points[:, 1], marker=marker, **dot)
        x, y = np.median(points, axis=0)
        texts.append(f"{name}: {len(points)} around ({x:.3g}, {y:.3g})")
        if named:
            look: dict[str, Any] = {"fontsize": 12, "weight": "bold", "ha": "center", "va": "center", "zorder": 5}
            halo = [effects.withStroke(linewidth=3, foreground="white")]
            ax.annotate(str(name), (x, y), (0, above), textcoords="offset points", path_effects=halo, **look)
    return texts
