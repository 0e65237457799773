"""Several pictures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import new_axes, on_paper

__all__ = ["image_grid"]


@on_paper
def image_grid(
    images: ArrayLike,
    titles: Sequence[object] | None = None,
    *,
    n_columns: int = 8,
    inches: float = 0.9,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Show pictures in rows, each under its own title.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width) or (n_images, height, width, 3)
        Grey pictures run from black at the smallest to white at the largest value of all of them;
        colour is uint8 in 0..255, or floats in [0, 1].
    titles : sequence of n_images titles, default=None
    n_columns : int, default=8
    inches : float, default=0.9
        Width of a picture; photographs want 2 to 4.
    title : str, default=""
        Of the whole.
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.plots import describe, image_grid
    >>> describe(image_grid(np.zeros((2, 8, 8)), titles=["left", "right"]))
    '2 pictures of 8 x 8 pixels: left, right.'
    """
    images = np.asarray(images)
    if images.ndim not in (3, 4) or 0 in images.shape or (images.ndim == 4 and images.shape[-1] != 3):
        raise ValueError(
            f"expected pictures of shape (n, height, width) or (n, height, width, 3), got {images.shape}; "
            "for a single picture write image[None]"
        )
    names = ["" for _ in images] if titles is None else [str(name) for name in titles]
    if len(names) != len(images):
        raise ValueError(f"{len(images)} pictures but {len(names)} titles; give one each, or none")
    n_columns = min(n_columns, len(images))
    n_rows = -(-len(images) // n_columns)
    tall = inches * min(1.0, images.shape[1] / images.shape[2])
    ax = new_axes(ax, (inches * n_columns + 0.2, (tall + 0.25 * any(names)) * n_rows + (0.4 if title else 0.1)))
    _draw(ax, images, names, n_columns, 0.225 / tall * any(names))  # room for a title, as a share of the height
    ax.set_title(title)
    listed = f": {', '.join(names)}" if any(names) else ""
    kind = f"{len(images)} pictures of {images.shape[1]} x {images.shape[2]} pixels"
    return finish(ax, f"{kind}{listed}.", title)


def _draw(ax: Axes, images: NDArray[Any], names: list[str], n_columns: int, room: float) -> None:
    height, width = images.shape[1:3]
    step_x, step_y = 1.1 * width, (1.1 + room) * height
    grey = {"cmap": "gray", "vmin": images.min(), "vmax": images.max()} if images.ndim == 3 else {}
    inches = ax.get_window_extent().width / ax.figure.dpi / n_columns
    size = float(np.clip(13 * inches, 6, 9))  # points: in a small picture the titles are small, and do not touch
    for i, (image, name) in enumerate(zip(images, names, strict=True)):
        left, top = (i % n_columns) * step_x, (i // n_columns) * step_y
        ax.imshow(image, extent=(left, left + width, top + height, top), interpolation="nearest", **grey)
        ax.text(left + width / 2, top - 0.04 * height, name, ha="center", va="bottom", fontsize=size)
    n_rows = -(-len(images) // n_columns)
    ax.set_xlim(-0.05 * width, n_columns * step_x - 0.05 * width)
    ax.set_ylim(n_rows * step_y - 0.05 * height - (step_y - 1.1 * height), -(step_y - height))
    ax.axis("off")
