"""Weights that sum to 1, and a value known on a grid of them: what ``simplex.js`` computes in the page."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["grid_of", "shift_weight", "simplex_value", "steps_of"]

_UNITS = 10_000  # weights are whole ten-thousandths, so that three of them sum to exactly 1


def simplex_value(weights: ArrayLike, values: ArrayLike) -> float:
    """Read a value that is known on a grid of weights, anywhere between the points of the grid.

    The grid cuts the triangle of weights into small triangles; within each, the value is the plane through its three
    corners (barycentric interpolation) [1]_.

    Parameters
    ----------
    weights : array-like of shape (3,)
        0 or more, with sum 1.
    values : array-like of shape ((n_steps + 1) * (n_steps + 2) / 2,)
        One for each row of ``mmlearn_edu.fusion.simplex_grid(3, n_steps)``, in that order.

    Returns
    -------
    float
        In the units of `values`, and never beyond their range.

    Raises
    ------
    ValueError
        If `weights` are not three of sum 1, or so many `values` fill no triangle.

    References
    ----------
    .. [1] Coxeter, H. S. M. (1969). Introduction to Geometry (2nd ed.), section 13.7.

    Examples
    --------
    >>> from mmlearn_edu.widgets import simplex_value
    >>> simplex_value([0.5, 0.25, 0.25], [1.0, 0.0, 0.5])  # only the three corners are known
    0.625
    """
    weights, values = np.asarray(weights, float), np.asarray(values, float)
    if weights.shape != (3,) or not (weights >= 0).all() or abs(weights.sum() - 1) > 1e-6:
        raise ValueError(f"weights={weights.tolist()} must be three, 0 or more, with sum 1")
    n_steps = steps_of(len(values))
    a, b = (float(weight) * n_steps for weight in weights[:2])
    # 1 the corner of the small square that holds the place; a hair below a line counts as on it
    i, j = math.floor(a + 1e-9), math.floor(b + 1e-9)
    across, up = max(a - i, 0.0), max(b - j, 0.0)
    # 2 the square's diagonal makes two triangles of it: this one, or the other
    if across + up <= 1:
        corners = [(i, j, 1 - across - up), (i + 1, j, across), (i, j + 1, up)]
    else:
        corners = [(i + 1, j + 1, across + up - 1), (i + 1, j, 1 - up), (i, j + 1, 1 - across)]
    # 3 mix the three values; a corner that weighs nothing may lie outside
    return float(sum(share * values[_row(n_steps, i, j)] for i, j, share in corners if share > 1e-9))


def _row(n_steps: int, i: int, j: int) -> int:
    """Return the row of ``simplex_grid(3, n_steps)`` that begins with ``i / n_steps, j / n_steps``."""
    rest = n_steps - i
    return rest * (rest + 1) // 2 + rest - j


def grid_of(n_steps: int) -> NDArray[np.float64]:
    """Return ``mmlearn_edu.fusion.simplex_grid(3, n_steps)``, without the scikit-learn that its room loads."""
    counts = [(i, j, n_steps - i - j) for i in range(n_steps, -1, -1) for j in range(n_steps - i, -1, -1)]
    return np.array(counts) / n_steps


def steps_of(n_values: int) -> int:
    """Return the steps along each side of a triangular grid, or say that so many values fill none."""
    n_steps = (math.isqrt(8 * n_values + 1) - 3) // 2
    if n_steps < 1 or (n_steps + 1) * (n_steps + 2) // 2 != n_values:
        raise ValueError(
            f"{n_values} values fill no triangle: give one for each row of simplex_grid(3, n_steps), "
            "which are 3, 6, 10, 15, ... 66, ..."
        )
    return n_steps


def shift_weight(weights: ArrayLike, which: int, weight: float) -> list[float]:
    """Set one of three weights; the other two share the rest in the proportion they had, or evenly if they had none.

    Parameters
    ----------
    weights : array-like of shape (3,)
        0 or more, with sum 1; whole ten-thousandths.
    which : {0, 1, 2}
        The weight to set.
    weight : float
        What it becomes; below 0 counts as 0, above 1 as 1.

    Returns
    -------
    list of float
        Three whole ten-thousandths with sum 1.

    Examples
    --------
    >>> from mmlearn_edu.widgets import shift_weight
    >>> shift_weight([0.2, 0.6, 0.2], 0, 0.6)
    [0.6, 0.3, 0.1]
    >>> shift_weight([1, 0, 0], 0, 0.9999)
    [0.9999, 0.0001, 0.0]
    """
    units = [math.floor(_UNITS * float(number) + 0.5) for number in np.asarray(weights, float)]
    units[which] = min(_UNITS, max(0, math.floor(_UNITS * weight + 0.5)))
    one, other = (place for place in range(3) if place != which)
    rest, both = _UNITS - units[which], units[one] + units[other]
    part, whole = (units[one], both) if both else (1, 2)
    units[one] = (2 * rest * part + whole) // (2 * whole)  # to the nearest, halves up
    units[other] = rest - units[one]
    return [number / _UNITS for number in units]
