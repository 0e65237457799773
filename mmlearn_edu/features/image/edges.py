"""Where a picture has edges, and which way they run."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu._validation import check_whole
from mmlearn_edu.features._pixels import Floats
from mmlearn_edu.features.image.colour import brightness
from mmlearn_edu.features.image.pooling import cell_means

__all__ = ["oriented_gradients", "sobel_edges", "sobel_gradients"]


def sobel_gradients(images: ArrayLike) -> tuple[Floats, Floats]:
    r"""Measure how the brightness changes to the right and downwards at every pixel.

    Sobel's two 3 x 3 kernels smooth by 1 2 1 along one axis and subtract neighbours along the other:

    .. math:: \begin{pmatrix}-1&0&1\\-2&0&2\\-1&0&1\end{pmatrix} \quad\text{and}\quad
              \begin{pmatrix}-1&-2&-1\\0&0&0\\1&2&1\end{pmatrix}

    Parameters
    ----------
    images : array-like of shape (n_images, height, width) or (n_images, height, width, 3)
        uint8 in 0..255, or floats in [0, 1]. Colour is turned into brightness first.

    Returns
    -------
    across, down : two ndarrays of shape (n_images, height, width), in [-4, 4]
        Eight times the change per pixel: positive where it grows brighter to the right, and downwards. Beyond
        the border the picture is continued by its outermost pixels. float32 stays float32.

    Raises
    ------
    ValueError
        If the pictures have another shape, or pixels outside their range.

    Examples
    --------
    >>> from mmlearn_edu.features import sobel_gradients
    >>> across, down = sobel_gradients([[[0.0, 0.0, 1.0, 1.0]] * 3])
    >>> across[0, 1], down.any()
    (array([0., 4., 4., 0.]), np.False_)
    """
    padded = np.pad(brightness(images), ((0, 0), (1, 1), (1, 1)), mode="edge")
    smooth_down = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    smooth_across = padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]
    return smooth_down[:, :, 2:] - smooth_down[:, :, :-2], smooth_across[:, 2:] - smooth_across[:, :-2]


def sobel_edges(images: ArrayLike) -> Floats:
    """Measure how steeply the brightness changes at every pixel, whichever way (see `sobel_gradients`).

    Parameters
    ----------
    images : array-like of shape (n_images, height, width) or (n_images, height, width, 3)
        uint8 in 0..255, or floats in [0, 1]. Colour is turned into brightness first.

    Returns
    -------
    ndarray of shape (n_images, height, width)
        Length of the gradient, 0 on flat parts, 4 for a straight step from black to white. Beyond the border
        the picture is continued by its outermost pixels, so the border itself is no edge.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import sobel_edges
    >>> sobel_edges([[[0.0, 0.0, 1.0, 1.0]] * 3])[0, 1]
    array([0., 4., 4., 0.])
    """
    return np.hypot(*sobel_gradients(images))


def oriented_gradients(images: ArrayLike, n_orientations: int = 9, grid: int = 4) -> Floats:
    r"""Describe every picture by which way its edges run, cell by cell (HOG, [1]_).

    Every pixel votes with the length of its gradient. Count its angle :math:`\theta` in steps of 180 / K degrees,
    for :math:`K` = `n_orientations`. It lies between two orientations k, and the vote is shared between these: the
    nearer, the more, :math:`\max(0, 1 - |\theta - k|)`. Light to dark and dark to light count alike, so 180 degrees
    are 0 again, and :math:`|\theta - k|` is the shorter way round: 175 degrees are near to 0. A cell keeps its average
    votes.

    As in [1]_, except that the gradient is Sobel's, pixels are not shared between cells, and blocks of cells
    are not normalised: the numbers grow with the contrast. ``Normalizer()`` from scikit-learn takes that out.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width) or (n_images, height, width, 3)
        uint8 in 0..255, or floats in [0, 1]. Colour is turned into brightness first.
    n_orientations : int, default=9
        Orientations, 2 or more, evenly spread over 180 degrees. The first, 0 degrees, is a change to the
        right or left, that is, an edge from top to bottom; from there they turn clockwise on the screen.
    grid : int, default=4
        Votes are averaged over `grid` x `grid` cells.

    Returns
    -------
    ndarray of shape (n_images, grid * grid * n_orientations), 0 or more
        Cell after cell, row by row; in each cell the `n_orientations` averages, which sum to the cell's mean
        of `sobel_edges`. All 0 where the picture is flat. float32 stays float32.

    Raises
    ------
    ValueError
        If the pictures have another shape, pixels outside their range, or fewer rows or columns than `grid`.
    TypeError
        If `n_orientations` or `grid` is not a whole number.

    References
    ----------
    .. [1] Dalal, N. and Triggs, B. (2005). Histograms of oriented gradients for human detection. CVPR.

    Examples
    --------
    >>> from mmlearn_edu.features import oriented_gradients
    >>> upright = [[[0.0, 0.0, 1.0, 1.0]] * 4]
    >>> oriented_gradients(upright, n_orientations=4, grid=1)  # 0, 45, 90, 135 degrees
    array([[2., 0., 0., 0.]])
    """
    check_whole(n_orientations=n_orientations, grid=grid)
    if n_orientations < 2:
        raise ValueError(f"{n_orientations=}, expected 2 or more; for the strength of edges alone use sobel_edges")
    across, down = sobel_gradients(images)
    length = np.hypot(across, down)
    theta = np.arctan2(down, across) * (n_orientations / np.pi)  # in steps from one orientation to the next
    cells = []
    for k in range(n_orientations):
        away = np.abs((theta - k + n_orientations / 2) % n_orientations - n_orientations / 2)  # the shorter way round
        cells.append(cell_means(length * np.maximum(0, 1 - away), grid))
    return np.stack(cells, axis=-1).reshape(len(length), -1)
