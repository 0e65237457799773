"""A picture to one row of numbers."""

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features._pixels import Floats, unit_range
from mmlearn_edu.features.image.colour import batch_of_rgb, colour_histogram
from mmlearn_edu.features.image.edges import sobel_edges
from mmlearn_edu.features.image.pooling import cell_means

__all__ = ["flatten_images", "image_features"]


def flatten_images(images: ArrayLike) -> Floats:
    """Lay out every picture as one row of pixels in [0, 1].

    Parameters
    ----------
    images : array-like of shape (n_images, ...)
        uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of shape (n_images, n_pixels)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import flatten_images
    >>> flatten_images(np.full((2, 8, 8), 255, dtype=np.uint8)).shape
    (2, 64)
    """
    images = unit_range(images)
    return images.reshape(len(images), -1)


def image_features(images: ArrayLike, n_bins: int = 8, grid: int = 4) -> Floats:
    """Describe every picture by its colours and by where its edges are.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width, 3)
        uint8 in 0..255, or floats in [0, 1].
    n_bins : int, default=8
    grid : int, default=4
        Edges are averaged over `grid` x `grid` cells.

    Returns
    -------
    ndarray of shape (n_images, 3 * n_bins + grid * grid)
        The hue, saturation and value histogram, then the mean edge strength of the cells, row by row.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import image_features
    >>> image_features(np.zeros((5, 32, 32, 3))).shape
    (5, 40)
    """
    images = batch_of_rgb(images)
    return np.hstack([colour_histogram(images, n_bins, "hsv"), cell_means(sobel_edges(images), grid)])
