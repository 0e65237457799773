"""A few pixels, large, with their numbers inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, ink_on, new_axes, on_paper

__all__ = ["pixel_numbers"]

MOST_PIXELS = 15  # across or down: with more, the numbers would not be legible


@on_paper
def pixel_numbers(
    grids: Sequence[ArrayLike],
    titles: Sequence[object] | None = None,
    *,
    frame: tuple[int, int, int] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Show small grids of pixels side by side, every pixel with its numbers inside.

    Parameters
    ----------
    grids : sequence of array-like of shape (height, width) or (height, width, 3)
        At most 15 pixels across and down. Of two axes: any numbers, drawn from black at the grid's smallest to white at
        its largest. Of three: red, green, blue, uint8 in 0..255 or floats in [0, 1], drawn in their colour.
    titles : sequence of n_grids titles, default=None
    frame : tuple of int, default=None
        (row, column, size) of a square to frame in the first grid, where a kernel lies; in the last its middle is.
    title : str, default=""
        Of the whole.
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Raises
    ------
    ValueError
        If there is no grid, one has another shape or more than 15 pixels across or down, or the titles do not fit.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, pixel_numbers
    >>> describe(pixel_numbers([[[0, 0, 9]], [[-1, 0, 1]]], titles=["pixels", "kernel"]))
    'Pixels with their numbers: pixels, 1 x 3, from 0 to 9; kernel, 1 x 3, from -1 to 1.'
    """
    arrays = [np.asarray(grid) for grid in grids]
    if not arrays or not all(map(_fits, arrays)):
        raise ValueError(
            "expected grids of shape (height, width) or (height, width, 3), at most 15 pixels across and down; got "
            f"shapes {[array.shape for array in arrays]}; cut out a part, image[:8, :8]"
        )
    names = [f"grid {i + 1}" for i in range(len(arrays))] if titles is None else [str(name) for name in titles]
    if len(names) != len(arrays):
        raise ValueError(f"{len(arrays)} grids but {len(names)} titles; give one each, or none")
    starts = np.cumsum([0, *(array.shape[1] + 1 for array in arrays)])
    tallest = max(len(array) for array in arrays)
    cell = min(0.62, 9 / (starts[-1] - 1))  # inches
    ax = new_axes(ax, (max(2.4, cell * starts[-1]), cell * tallest + (0.9 if title else 0.5)))
    for array, left, name in zip(arrays, starts.tolist(), names, strict=False):
        _draw(ax, array, left)
        ax.text(left + (array.shape[1] - 1) / 2, -0.65, name, ha="center", va="bottom", fontsize=9)
    if frame is not None:
        _frame(ax, frame, int(starts[len(arrays) - 1]))
    ax.set(xlim=(-0.75, starts[-1] - 1.25), ylim=(tallest - 0.25, -1.3 if any(names) else -0.75), title=title)
    ax.set_aspect("equal")
    ax.axis("off")
    parts = [
        f"{name}, {array.shape[0]} x {array.shape[1]}, from {array.min():.3g} to {array.max():.3g}"
        for name, array in zip(names, arrays, strict=True)
    ]
    return finish(ax, f"Pixels with their numbers: {'; '.join(parts)}.", title)


def _fits(array: NDArray[Any]) -> bool:
    flat = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
    return flat and array.dtype.kind in "buif" and min(array.shape) > 0 and max(array.shape[:2]) <= MOST_PIXELS


def _draw(ax: Axes, array: NDArray[Any], left: int) -> None:
    for (i, j), colour in np.ndenumerate(_colours(array)):
        ax.add_patch(Rectangle((left + j - 0.5, i - 0.5), 1, 1, facecolor=colour, edgecolor="black", linewidth=0.5))
        pixel = array[i, j]
        words = "\n".join(map(_number, np.atleast_1d(pixel)))
        ax.text(
            left + j, i, words, ha="center", va="center", color=ink_on(colour), fontsize=9 if array.ndim == 2 else 7
        )


def _colours(array: NDArray[Any]) -> NDArray[Any]:
    """Return (height, width) of colours, each a tuple."""
    if array.ndim == 2:
        low, high = float(array.min()), float(array.max())
        grey = (array - low) / (high - low) if high > low else np.full(array.shape, 0.5)
        channels = np.repeat(grey[..., None], 3, axis=2)
    else:
        channels = array / 255 if array.dtype == np.uint8 else array
    found = np.empty(array.shape[:2], dtype=object)
    for place in np.ndindex(found.shape):
        found[place] = tuple(channels[place].tolist())
    return found


def _number(value: Any) -> str:
    return str(value) if isinstance(value, np.integer) else f"{value:.2g}"


def _frame(ax: Axes, frame: tuple[int, int, int], last: int) -> None:
    row, column, size = frame
    middle = size // 2
    for left, top, side in ((column, row, size), (last + column + middle, row + middle, 1)):
        corner = (left - 0.5, top - 0.5)
        ax.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=COLOURS[1], linewidth=3.5, zorder=3))
