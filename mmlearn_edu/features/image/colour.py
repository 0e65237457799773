"""Which colours a picture has."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features._pixels import Floats, unit_range

__all__ = ["colour_histogram", "rgb_to_hsv"]

LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue look (ITU-R BT.601)


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
    images = batch_of_rgb(images)
    pixels = (rgb_to_hsv(images) if space == "hsv" else images).reshape(len(images), -1, 3)
    bins = np.minimum((pixels * n_bins).astype(np.intp), n_bins - 1)
    slot = bins + n_bins * np.arange(3) + 3 * n_bins * np.arange(len(images))[:, None, None]
    counts = np.bincount(slot.ravel(), minlength=len(images) * 3 * n_bins)
    return counts.reshape(len(images), 3 * n_bins) / (3 * pixels.shape[1])


def brightness(images: ArrayLike) -> Floats:
    images = unit_range(images)
    if images.ndim == 4 and images.shape[-1] == 3:
        return images @ np.array(LUMA, dtype=images.dtype)
    if images.ndim != 3:
        raise ValueError(
            f"expected pictures of shape (n, height, width) or (n, height, width, 3), got {images.shape}; "
            "for a single picture write image[None]"
        )
    return images


def batch_of_rgb(images: ArrayLike) -> Floats:
    images = _rgb(images)
    if images.ndim != 4:
        raise ValueError(
            f"expected pictures of shape (n, height, width, 3), got {images.shape}; for a single one write image[None]"
        )
    return images


def _rgb(images: ArrayLike) -> Floats:
    images = unit_range(images)
    if images.shape[-1] != 3:
        raise ValueError(f"expected red, green and blue in the last axis, shape (..., 3); got shape {images.shape}")
    return images
