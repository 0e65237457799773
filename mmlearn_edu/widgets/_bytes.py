"""Samples and pixels on their way to the page: small whole numbers as base64, which any JSON can hold."""

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["MAX_BYTES", "as_bytes", "check_size", "packed"]

MAX_BYTES = 1_000_000  # what one explorable may carry: 1.3 MB of base64 in the output of its cell


def packed(array: NDArray[Any]) -> str:
    """Return the bytes of `array`, row by row and the low byte first, as base64."""
    return b64encode(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()).decode()


def as_bytes(pixels: ArrayLike, name: str) -> NDArray[np.uint8]:
    """Return `pixels` as uint8; floats in [0, 1] are rounded to the nearest of 256 levels.

    Raises
    ------
    TypeError
        If `pixels` cannot be read as real numbers.
    ValueError
        If there are none, or they are neither uint8 nor between 0 and 1.
    """
    try:
        array = np.asarray(pixels)
    except ValueError as error:  # NumPy's "inhomogeneous shape"
        raise ValueError(f"the pictures of {name} differ in size; bring all to one height and width first") from error
    if array.dtype.kind not in "buif":
        raise TypeError(f"expected {name} of real numbers, got {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: shape {array.shape}; it needs at least one pixel")
    if array.dtype == np.uint8:
        return array
    if not (array.min() >= 0 and array.max() <= 1):  # so written, NaN is refused too
        raise ValueError(
            f"the pixels of {name} must be uint8 in 0..255 or floats in [0, 1], got {array.dtype} from {array.min()} "
            f"to {array.max()}; divide by the largest possible value, or replace what is missing, first"
        )
    return np.rint(array * 255.0).astype(np.uint8)


def check_size(n_bytes: int, name: str, advice: str) -> None:
    """Insist that the data are small enough to travel inside a notebook.

    Raises
    ------
    ValueError
        If `n_bytes` is more than `MAX_BYTES`.
    """
    if n_bytes > MAX_BYTES:
        raise ValueError(f"{name} takes {n_bytes:,} bytes, and one explorable carries at most {MAX_BYTES:,}; {advice}")
