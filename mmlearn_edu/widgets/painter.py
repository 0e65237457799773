"""A matrix to paint: a kernel beside what it does to a picture (chapter 05), or a mask (chapter 01)."""

from base64 import b64decode
from collections.abc import Sequence

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.widgets._bytes import as_bytes, packed
from mmlearn_edu.widgets._kernels import correlate, edge_responses
from mmlearn_edu.widgets._svg import INK, image, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["PaintMatrix", "paint_kernel", "paint_matrix"]

MAX_ROWS, MAX_COLUMNS = 12, 7  # more columns would be too narrow for a finger on a telephone
MAX_SIDE = 96  # pixels of the picture beside a kernel


class PaintMatrix(Explorable):
    """Paint numbers into a small grid; beside a picture, they are the kernel that is slid over it.

    Attributes
    ----------
    answer : list of list of float, or None
        None until touched; then the matrix, row by row.
    values : list of list of float
        The matrix as it stands in the page.
    start : list of list of float
        The matrix at first, and after "Back to the start".
    low, high, step : float
        What a cell may hold, and how far one key changes it. A grid with one step from `low` to `high` is painted
        like a mask: each touch turns a cell over.
    place : list of two int
        Row and column of the result whose response is told.
    """

    values = traitlets.List(traitlets.List()).tag(sync=True)
    start = traitlets.List(traitlets.List()).tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    rows = traitlets.List(traitlets.Unicode()).tag(sync=True)
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    presets = traitlets.List(traitlets.Unicode()).tag(sync=True)
    pixels = traitlets.Unicode().tag(sync=True)
    shape = traitlets.List(traitlets.Int()).tag(sync=True)
    padding = traitlets.Unicode("same").tag(sync=True)
    place = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)

    def _task(self) -> str:
        return self._say(f"task-{self.goal}", rows=len(self.values), columns=len(self.values[0]))

    def _alt(self) -> str:
        said = self._say("semicolon").join(" ".join(f"{value:g}" for value in row) for row in self.values)
        words = self._say("alt-matrix", rows=len(self.values), columns=len(self.values[0]), values=said)
        if not self.pixels:
            return words
        vertical, horizontal, even = edge_responses(self.values)
        return words + self._say("alt-kernel", vertical=f"{vertical:g}", horizontal=f"{horizontal:g}", even=f"{even:g}")

    def _still(self) -> str:
        rows, columns = len(self.values), len(self.values[0])
        title = self._say("title-kernel" if self.pixels else "title")
        cells = [_cell(20 + 44 * c, 44 + 44 * r, self.values[r][c]) for r, c in np.ndindex(rows, columns)]
        parts = [text(20, 28, self._say("kernel" if self.pixels else "matrix")), *cells]
        width, height = max(40 + 44 * columns, 180), 60 + 44 * rows
        if not self.pixels:
            return picture(width, height, title, parts)
        X = np.frombuffer(b64decode(self.pixels), np.uint8).reshape(self.shape)
        shown = {"image": X, "response": _grey(correlate(X / 255, self.values, self.padding))}
        for left, (name, pixels) in zip((width, width + 180), shown.items(), strict=True):
            parts += [
                text(left, 28, self._say(name)),
                image(left, 44, 160, 160 * len(pixels) / pixels.shape[1], pixels),
            ]
        return picture(width + 360, max(height, 64 + 160 * len(X) // X.shape[1]), title, parts)


def _cell(x: float, y: float, value: float) -> str:
    box = f'<rect x="{x}" y="{y}" width="40" height="40" rx="4" fill="#f6f8fa" stroke="{INK}"/>'
    return box + text(x + 20, y + 25, f"{value:.3g}".replace("-", "−"), 'text-anchor="middle"')


def _grey(response: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Draw 0 in middle grey, what is negative darker and what is positive lighter."""
    most = max(1.0, float(np.abs(response).max()))
    return np.rint((response / most + 1) * 127.5).astype(np.uint8)


def paint_kernel(
    X: ArrayLike,
    shape: tuple[int, int] = (3, 3),
    *,
    goal: str = "vertical",
    padding: str = "same",
    presets: Sequence[str] = ("identity", "blur"),
) -> PaintMatrix:
    """Open a kernel of zeros to paint, beside a picture and what the kernel makes of it.

    Parameters
    ----------
    X : array-like of shape (height, width)
        The picture, grey: uint8, or floats in [0, 1] (drawn in 256 levels). At most 96 x 96 pixels.
    shape : tuple of two int, default=(3, 3)
        Rows and columns of the kernel, both odd, up to 7.
    goal : {"vertical", "horizontal"}, default="vertical"
        The edges that the task asks to find: a response of 1 or more to these, and none to the others or to an
        even area (see `edge_responses`).
    padding : {"same", "valid"}, default="same"
        Zeros around the picture, or none (see `correlate`).
    presets : sequence of {"identity", "blur", "vertical", "horizontal"}, default=("identity", "blur")
        Kernels to begin from, a button each. The last two are answers to the task.

    Returns
    -------
    PaintMatrix
        Show it as the last line of a cell; its ``.answer`` is the kernel, a list of rows.

    Raises
    ------
    ValueError
        If `X` is no grey picture of that size, or an option is none of those above.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import paint_kernel
    >>> X = np.full((24, 24), 60, dtype=np.uint8)
    >>> X[6:18, 6:18] = 220  # a bright square
    >>> widget = paint_kernel(X)
    """
    X = as_bytes(X, "X")
    if X.ndim != 2 or max(X.shape) > MAX_SIDE:
        raise ValueError(
            f"X has shape {X.shape}, and this takes one grey picture of shape (height, width), at most "
            f"{MAX_SIDE} x {MAX_SIDE} pixels: pick one, average its colours, or take every second pixel, X[::2, ::2]"
        )
    _check_kernel(shape, X.shape, goal)
    _among("padding", [padding], ("same", "valid"))
    _among("presets", presets, ("identity", "blur", "vertical", "horizontal"))
    zeros = np.zeros(shape).tolist()
    return PaintMatrix(
        values=zeros, start=zeros, low=-4.0, high=4.0, goal=goal, presets=list(presets), pixels=packed(X),
        shape=list(X.shape), padding=padding, place=[X.shape[0] // 2 - shape[0] // 2, X.shape[1] // 2 - shape[1] // 2],
    )  # fmt: skip


def _check_kernel(shape: tuple[int, int], picture_shape: tuple[int, ...], goal: str) -> None:
    if len(shape) != 2 or any(size not in (1, 3, 5, 7) for size in shape) or np.any(np.greater(shape, picture_shape)):
        raise ValueError(
            f"{shape=}: a kernel has 1, 3, 5 or 7 rows and columns, no more than the picture {picture_shape}"
        )
    _among("goal", [goal], ("vertical", "horizontal"))
    across, size = ("columns", shape[1]) if goal == "vertical" else ("rows", shape[0])
    if size < 3:
        raise ValueError(
            f"{shape=}: no kernel with fewer than 3 {across} can find {goal} edges and leave out even areas"
        )


def _among(name: str, given: Sequence[str], known: Sequence[str]) -> None:
    for value in given:
        if value not in known:
            raise ValueError(f"{name} holds {value!r}; there is {', '.join(known)}")


def paint_matrix(
    values: ArrayLike,
    task: str,
    *,
    low: float = 0.0,
    high: float = 1.0,
    step: float = 1.0,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> PaintMatrix:
    """Open a small matrix to paint, for instance a mask of what is missing.

    Parameters
    ----------
    values : array-like of shape (n_rows, n_columns)
        What it holds at first; at most 12 rows and 7 columns.
    task : str
        What to do, in words.
    low, high : float, default=0.0, 1.0
        What a cell may hold.
    step : float, default=1.0
        How far one key changes a cell. With ``low + step == high`` each touch turns a cell over, and the page counts
        the rows that are complete, i.e. `high` all along.
    rows, columns : sequence of str, default=()
        A name for each row and column; numbers from 0 if empty.

    Returns
    -------
    PaintMatrix
        Show it as the last line of a cell; its ``.answer`` is the matrix, a list of rows.

    Raises
    ------
    ValueError
        If `values` is no such matrix, leaves the range, or the names are not one for each.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import paint_matrix
    >>> widget = paint_matrix(np.ones((4, 2)), "Leave both for half of the rows.", columns=["image", "sound"])
    """
    array = as_matrix(values, "values")
    if array.shape[0] > MAX_ROWS or array.shape[1] > MAX_COLUMNS:
        raise ValueError(
            f"values has shape {array.shape}; a grid to paint has at most {MAX_ROWS} rows and {MAX_COLUMNS} columns"
        )
    if not (low < high and 0 < step <= high - low):
        raise ValueError(f"expected low < high and a step of at most high - low, got {low=}, {high=}, {step=}")
    if array.min() < low or array.max() > high:
        raise ValueError(f"values go from {array.min():g} to {array.max():g}, and a cell may hold {low:g} to {high:g}")
    for name, names, size in (("rows", rows, array.shape[0]), ("columns", columns, array.shape[1])):
        if len(names) not in (0, size):
            raise ValueError(f"{name} has {len(names)} names for {size}; give one for each, or none")
    cells = array.astype(float).tolist()
    return PaintMatrix(
        values=cells, start=cells, low=low, high=high, step=step, rows=[*map(str, rows)],
        columns=[*map(str, columns)], task=task,
    )  # fmt: skip
