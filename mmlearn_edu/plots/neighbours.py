"""Pictures and what a search found nearest to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, new_axes, on_paper

__all__ = ["neighbour_grid"]

MOST_WIDTH = 9.0  # inches: a cell of a notebook


@on_paper
def neighbour_grid(
    queries: ArrayLike,
    found: ArrayLike,
    right: ArrayLike,
    *,
    names: Sequence[object] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Show each query and, to its right, the pictures found for it, nearest first.

    A right one has a tick and a solid frame, a wrong one a cross and a dashed frame.

    Parameters
    ----------
    queries : array-like of shape (n_queries, height, width) or (n_queries, height, width, 3)
        Grey from black at the smallest to white at the largest value of all pictures; colour is uint8 in 0..255, or
        floats in [0, 1].
    found : array-like of shape (n_queries, k, height, width) or (n_queries, k, height, width, 3)
        E.g. ``images[top_k(scores, k)]``.
    right : array-like of bool of shape (n_queries, k)
    names : sequence of n_queries names, default=None
        Written above the queries; "query 1", ... if None.
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
        If the shapes do not fit together.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.plots import describe, neighbour_grid
    >>> images = np.zeros((2, 8, 8))
    >>> describe(neighbour_grid(images, images[[[1, 0], [0, 1]]], [[False, True], [False, False]]))
    'The 2 pictures nearest to each of 2: query 1 has 1 right, first at rank 2; query 2 has 0 right.'
    """
    queries, found, right = np.asarray(queries), np.asarray(found), np.asarray(right)
    _check(queries, found, right)
    n_queries, k = right.shape
    titles = [f"query {i + 1}" for i in range(n_queries)] if names is None else [str(name) for name in names]
    if len(titles) != n_queries:
        raise ValueError(f"{n_queries} queries but {len(titles)} names; give one each, or none")
    high = 0.85 * queries.shape[1] / queries.shape[2] + 0.35  # inches: pictures 0.85 wide, and their line of text
    ax = new_axes(ax, (min(0.98 * (k + 1.25), MOST_WIDTH), high * n_queries + (0.4 if title else 0.1)))
    _draw(ax, queries, found, right.astype(bool), titles)
    ax.set_title(title)
    said = [f"{name} has {_counted(row)}" for name, row in zip(titles, right.astype(bool), strict=True)]
    return finish(ax, f"The {k} pictures nearest to each of {n_queries}: {'; '.join(said)}.", title)


def _check(queries: NDArray[Any], found: NDArray[Any], right: NDArray[Any]) -> None:
    colour = queries.ndim == 4 and queries.shape[-1] == 3
    fits = found.ndim == queries.ndim + 1 and found.shape[:1] + found.shape[2:] == queries.shape
    if not (queries.ndim == 3 or colour) or 0 in found.shape or not fits or right.shape != found.shape[:2]:
        raise ValueError(
            f"expected queries (n, height, width[, 3]), found (n, k, height, width[, 3]) and right (n, k), got "
            f"{queries.shape}, {found.shape} and {right.shape}; e.g. found = images[top_k(scores, k)]"
        )


def _draw(ax: Axes, queries: NDArray[Any], found: NDArray[Any], right: NDArray[np.bool_], titles: list[str]) -> None:
    height, width = queries.shape[1:3]
    values = np.concatenate([queries.ravel(), found.ravel()])
    grey: dict[str, Any] = {"cmap": "gray", "vmin": values.min(), "vmax": values.max()} if queries.ndim == 3 else {}
    for i, (query, row) in enumerate(zip(queries, found, strict=True)):
        top = (height + 0.41 * width) * i
        for j, image in enumerate([query, *row]):
            left = 1.15 * width * j + (0.25 * width if j else 0)  # a gap between the question and the answers
            ax.imshow(image, extent=(left, left + width, top + height, top), interpolation="nearest", **grey)
            good = j == 0 or right[i, j - 1]
            text = titles[i] if j == 0 else f"{'✓' if good else '✗'} {j}"
            ax.text(left + width / 2, top - 0.06 * width, text, ha="center", va="bottom", fontsize=9)
            colour, line = ("black", "-") if j == 0 else (COLOURS[2], "-") if good else (COLOURS[1], "--")
            frame = Rectangle((left, top), width, height, fill=False, edgecolor=colour, linestyle=line, linewidth=2.5)
            ax.add_patch(frame)
    ax.set_xlim(-0.1 * width, left + 1.1 * width)
    ax.set_ylim(top + height + 0.1 * width, -0.35 * width)
    ax.axis("off")


def _counted(row: NDArray[np.bool_]) -> str:
    return f"{row.sum()} right, first at rank {row.argmax() + 1}" if row.any() else "0 right"
