"""Pictures and readings known on grids over a plane of codes: what ``latent.js`` computes in the page."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["REACH", "at_border", "blend_pictures", "touching"]

REACH = 2  # steps: as near to both sides as a finger can come on a telephone


def blend_pictures(pictures: ArrayLike, across: float, up: float) -> NDArray[np.float64]:
    """Show the picture between the pictures of a grid: the four around it, each the more the nearer it is.

    Bilinear interpolation [1]_: first along the lower and the upper edge of the cell, then from one to the other.

    Parameters
    ----------
    pictures : array-like of shape (n_rows, n_columns, height, width)
        The first row is the lowest; 2 or more rows and columns.
    across, up : float in [0, 1]
        The place: 0 is the left and the lowest picture, 1 the right and the highest.

    Returns
    -------
    ndarray of shape (height, width)
        In the units of `pictures`.

    Raises
    ------
    ValueError
        If `pictures` is no such grid, or the place lies outside it.

    References
    ----------
    .. [1] Press, W. H. et al. (2007). Numerical Recipes (3rd ed.), section 3.6.

    Examples
    --------
    >>> from mmlearn_edu.widgets import blend_pictures
    >>> grid = [[[[0.0]], [[1.0]]], [[[0.0]], [[0.0]]]]  # pictures of one pixel: only the lower right one is white
    >>> blend_pictures(grid, across=1, up=0.25), blend_pictures(grid, across=0.5, up=0.5)
    (array([[0.75]]), array([[0.25]]))
    """
    pictures = np.asarray(pictures, float)
    if pictures.ndim != 4 or min(pictures.shape[:2]) < 2:
        raise ValueError(f"expected pictures of shape (n_rows, n_columns, height, width), got {pictures.shape}")
    if not (0 <= across <= 1 and 0 <= up <= 1):
        raise ValueError(f"{across=} and {up=} must lie in [0, 1]")
    row, column = up * (len(pictures) - 1), across * (pictures.shape[1] - 1)
    r, c = min(math.floor(row), len(pictures) - 2), min(math.floor(column), pictures.shape[1] - 2)
    below, left = row - r, column - c
    lower, upper = ((1 - left) * pictures[k, c] + left * pictures[k, c + 1] for k in (r, r + 1))
    return (1 - below) * lower + below * upper


def at_border(readings: ArrayLike, row: int, column: int, start: int, beyond: ArrayLike) -> bool:
    """Tell whether a place of a grid is read as one side of a border, and the other side begins within two steps.

    Parameters
    ----------
    readings : array-like of int of shape (n_rows, n_columns)
        The number of the class that each place is read as.
    row, column : int
        The place.
    start : int
        The class on this side.
    beyond : array-like of int
        The classes on the other side.

    Returns
    -------
    bool
        True if the place is read as `start` or as one of `beyond`, and both stand in the square of 5 x 5 places
        around it. From `start` into another class of `beyond` counts, between two of `beyond` does not.

    Examples
    --------
    >>> from mmlearn_edu.widgets import at_border
    >>> readings = [[7, 7, 7, 7, 1, 1]]
    >>> [at_border(readings, 0, column, start=7, beyond=[1]) for column in range(6)]
    [False, False, True, True, True, True]
    """
    readings = np.asarray(readings)
    rows, columns = (slice(max(0, at - REACH), at + REACH + 1) for at in (row, column))
    near = readings[rows, columns]
    mine = readings[row, column] == start or readings[row, column] in np.asarray(beyond)
    return bool(mine and (near == start).any() and np.isin(near, beyond).any())


def touching(readings: NDArray[np.integer], n_classes: int) -> NDArray[np.intp]:
    """Count for each two classes how often one stands beside or above the other: the length of their border."""
    counts = np.zeros((n_classes, n_classes), int)
    for one, other in ((readings[1:], readings[:-1]), (readings[:, 1:], readings[:, :-1])):
        np.add.at(counts, (one, other), 1)
    return (counts + counts.T) * ~np.eye(n_classes, dtype=bool)
