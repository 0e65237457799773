"""Checks shared by pictures and films: these are pixels, and in a known range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Floats", "as_array", "as_pixels", "unit_range"]

Floats = NDArray[np.floating[Any]]


def unit_range(images: ArrayLike) -> Floats:
    """Bring pixels to floats in [0, 1]: float32 stays float32, everything else becomes float64."""
    array = as_pixels(images)
    if array.dtype == np.uint8:
        return array / np.float64(255)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def as_pixels(images: ArrayLike) -> NDArray[Any]:
    """Insist on uint8, or on numbers in [0, 1]; guessing the range of anything else would be silent and often wrong."""
    array = as_array(images)
    if array.ndim < 1 or array.size == 0:
        raise ValueError(f"expected at least one picture, got an array of shape {array.shape}")
    if array.dtype != np.uint8 and not (array.min() >= 0 and array.max() <= 1):  # so written, NaN is refused too
        advice = "divide by the largest possible value" if array.max() > 1 else "mark such pictures as missing"
        raise ValueError(
            "pixels must be uint8 in 0..255 or floats in [0, 1], "
            f"got {array.dtype} from {array.min()} to {array.max()}; {advice} first"
        )
    return array


def as_array(images: ArrayLike) -> NDArray[Any]:
    """Read pictures, or a network's maps of them, as one array of real numbers."""
    try:
        array = np.asarray(images)
    except ValueError as error:  # NumPy's "inhomogeneous shape"
        raise ValueError("the pictures differ in size; bring all to one height and width first") from error
    if array.dtype.kind not in "buif":
        raise TypeError(f"expected an array of real numbers, got one of {array.dtype}")
    return array
