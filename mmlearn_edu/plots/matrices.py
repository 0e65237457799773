"""A matrix as a map of shades."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import ink_on, new_axes, on_paper

__all__ = ["heat_matrix"]

MOST_NUMBERS = 225  # beyond 15 x 15 the numbers would not be legible


@on_paper
def heat_matrix(
    matrix: ArrayLike,
    *,
    row_names: Sequence[object] | None = None,
    column_names: Sequence[object] | None = None,
    labels: tuple[str, str] = ("predicted", "true"),
    value: str = "samples",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix (confusions, similarities, correlations): dark is small, light is large, numbers inside.

    Parameters
    ----------
    matrix : array-like of shape (n_rows, n_columns)
    row_names, column_names : sequence of names, default=None
        Numbers from 0 if None.
    labels : pair of str, default=("predicted", "true")
        Of the axis across and of the axis down.
    value : str, default="samples"
        What the shade stands for, with its units.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, heat_matrix
    >>> describe(heat_matrix([[8, 2], [0, 9]], row_names=["cat", "dog"], column_names=["cat", "dog"]))
    'Matrix of samples, true (2) by predicted (2), from 0 to 9; largest at true dog, predicted dog.'
    """
    whole = np.asarray(matrix).dtype.kind in "iu"
    matrix = as_matrix(matrix, "matrix")
    n_rows, n_columns = matrix.shape
    rows = _names(row_names, n_rows, "row_names")
    columns = _names(column_names, n_columns, "column_names")
    ax = new_axes(ax, (1.8 + 0.42 * min(n_columns, 14), 1.2 + 0.42 * min(n_rows, 14)))
    picture = ax.imshow(matrix, cmap="cividis", aspect="auto")  # its lightness rises evenly, also in grey
    ax.figure.colorbar(picture, ax=ax, label=value)
    ax.set_xticks(range(n_columns), columns, rotation=90 if max(map(len, columns)) > 3 else 0)
    ax.set_yticks(range(n_rows), rows)
    ax.set(xlabel=labels[0], ylabel=labels[1], title=title)
    if matrix.size <= MOST_NUMBERS:
        for (i, j), entry in np.ndenumerate(matrix):
            text, colour = f"{entry:.0f}" if whole else f"{entry:.2f}", ink_on(picture.to_rgba(entry)[:3])
            ax.text(j, i, text, ha="center", va="center", color=colour, fontsize=8)
    i, j = np.unravel_index(matrix.argmax(), matrix.shape)
    across, down = labels[0] or "column", labels[1] or "row"
    said = f"Matrix of {value}, {down} ({n_rows}) by {across} ({n_columns}), from {matrix.min():.3g} to"
    best = f"{matrix.max():.3g}; largest at {down} {rows[i]}, {across} {columns[j]}."
    return finish(ax, f"{said} {best}", title)


def _names(names: Sequence[object] | None, n: int, what: str) -> list[str]:
    listed = [str(name) for name in (range(n) if names is None else names)]
    if len(listed) != n:
        raise ValueError(f"{what} has {len(listed)} names for {n}; give one each, or none")
    return listed
