"""Pictures to colour, edges and small summaries."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["colour_histogram", "flatten_images", "image_features", "rgb_to_hsv", "sobel_edges"]

Floats = NDArray[np.floating[Any]]
LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue look (ITU-R BT.601)


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
    images = _unit_range(images)
    return images.reshape(len(images), -1)


def rgb_to_hsv(images: ArrayLike) -> Floats:
    """Turn red, green, blue into hue, saturation, value.

    Parameters
    ----------
    images : array-like of shape (..., 3)
        uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of shape (..., 3), in [0, 1]
        Hue goes round: 0 red, 1/3 green, 2/3 blue, 1 red again; it is 0 where there is no colour.

    Examples
    --------
    >>> from mmlearn_edu.features import rgb_to_hsv
    >>> rgb_to_hsv([[0.0, 0.5, 0.0], [0.2, 0.2, 0.2]]).round(2)
    array([[0.33, 1.  , 0.5 ],
           [0.  , 0.  , 0.2 ]])
    """
    images = _rgb(images)
    red, green, blue = np.moveaxis(images, -1, 0)
    value = images.max(axis=-1)
    chroma = value - images.min(axis=-1)
    safe = np.where(chroma > 0, chroma, 1)
    # which sixth of the colour circle: the largest channel says where, the other two how far
    sector = np.select(
        [chroma == 0, value == red, value == green],
        [np.zeros_like(value), (green - blue) / safe % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    return np.stack([sector / 6, chroma / np.where(value > 0, value, 1), value], axis=-1)


def colour_histogram(images: ArrayLike, n_bins: int = 8, space: Literal["rgb", "hsv"] = "rgb") -> Floats:
    """Count how much of every picture has which red, green and blue (or hue, saturation and value).

    Parameters
    ----------
    images : array-like of shape (n_images, height, width, 3)
        Red, green, blue: uint8 in 0..255, or floats in [0, 1].
    n_bins : int, default=8
        Equal bins of [0, 1] for each channel; the last one includes 1.
    space : "rgb" or "hsv", default="rgb"

    Returns
    -------
    ndarray of shape (n_images, 3 * n_bins)
        Shares, channel after channel: each row sums to 1. Where the pixels are does not matter.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import colour_histogram
    >>> colour_histogram(np.ones((1, 4, 4, 3)) * [1.0, 0.0, 0.0], n_bins=2).round(2)
    array([[0.  , 0.33, 0.33, 0.  , 0.33, 0.  ]])
    """
    if space not in ("rgb", "hsv"):
        raise ValueError(f'{space=}, expected "rgb" or "hsv"')
    if n_bins < 1:
        raise ValueError(f"{n_bins=}, expected 1 or more")
    images = _batch_of_rgb(images)
    pixels = (rgb_to_hsv(images) if space == "hsv" else images).reshape(len(images), -1, 3)
    bins = np.minimum((pixels * n_bins).astype(np.intp), n_bins - 1)
    slot = bins + n_bins * np.arange(3) + 3 * n_bins * np.arange(len(images))[:, None, None]
    counts = np.bincount(slot.ravel(), minlength=len(images) * 3 * n_bins)
    return counts.reshape(len(images), 3 * n_bins) / (3 * pixels.shape[1])


def sobel_edges(images: ArrayLike) -> Floats:
    """Measure how steeply the brightness changes at every pixel (Sobel's two 3 x 3 kernels).

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
    grey = _brightness(images)
    padded = np.pad(grey, ((0, 0), (1, 1), (1, 1)), mode="edge")
    # smooth by 1 2 1 along one axis, subtract neighbours along the other
    down = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    across = padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]
    return np.hypot(down[:, :, 2:] - down[:, :, :-2], across[:, 2:] - across[:, :-2])


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
    images = _batch_of_rgb(images)
    return np.hstack([colour_histogram(images, n_bins, "hsv"), cell_means(sobel_edges(images), grid)])


def cell_means(maps: Floats, grid: int) -> Floats:
    """Average maps (n, height, width) over cells: (n, grid * grid), row by row; cells may differ by a pixel."""
    height, width = maps.shape[1:]
    if not 1 <= grid <= min(height, width):
        raise ValueError(f"{grid=} not in 1..{min(height, width)} for pictures of {height} x {width} pixels")
    rows = np.array_split(np.arange(height), grid)
    columns = np.array_split(np.arange(width), grid)
    return np.stack([maps[:, r][:, :, c].mean(axis=(1, 2)) for r in rows for c in columns], axis=1)


def _brightness(images: ArrayLike) -> Floats:
    images = _unit_range(images)
    if images.ndim == 4 and images.shape[-1] == 3:
        return images @ np.array(LUMA, dtype=images.dtype)
    if images.ndim != 3:
        raise ValueError(
            f"expected pictures of shape (n, height, width) or (n, height, width, 3), got {images.shape}; "
            "for a single picture write image[None]"
        )
    return images


def _batch_of_rgb(images: ArrayLike) -> Floats:
    images = _rgb(images)
    if images.ndim != 4:
        raise ValueError(
            f"expected pictures of shape (n, height, width, 3), got {images.shape}; for a single one write image[None]"
        )
    return images


def _rgb(images: ArrayLike) -> Floats:
    images = _unit_range(images)
    if images.shape[-1] != 3:
        raise ValueError(f"expected red, green and blue in the last axis, shape (..., 3); got shape {images.shape}")
    return images


def _unit_range(images: ArrayLike) -> Floats:
    """Bring pixels to floats in [0, 1]; guessing the range of anything else would be silent and often wrong."""
    array = np.asarray(images)
    if array.ndim < 1 or array.size == 0:
        raise ValueError(f"expected at least one picture, got an array of shape {array.shape}")
    if array.dtype == np.uint8:
        return array / np.float64(255)
    array = array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
    if not (array.min() >= 0 and array.max() <= 1):  # written so that NaN is refused too
        raise ValueError(
            "pixels must be uint8 in 0..255 or floats in [0, 1], "
            f"got {array.dtype} from {array.min()} to {array.max()}; divide by the largest possible value first"
        )
    return array
