"""Decode the places of a plane once, so that the page needs no decoder: pictures to show, and what each is read as."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.widgets._bytes import MAX_BYTES, as_bytes, check_size

__all__ = ["Decoder", "Reader", "decoded_grid", "lattice", "mean_reader", "read_places"]

Decoder = Callable[[NDArray[np.float64]], Any]
Reader = Callable[[Any], Any]
_AT_ONCE = 1000  # places in one call: more would fill the memory with pictures
_CLIP = "lambda Z: model.inverse_transform(Z).clip(0, 1)"


def lattice(low: list[float], high: list[float], size: int) -> NDArray[np.float64]:
    """Return size x size places, row by row from the lowest, each row from the left: (size**2, 2)."""
    x, y = (np.linspace(start, stop, size) for start, stop in zip(low, high, strict=True))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def decoded_grid(decode: Decoder, low: list[float], high: list[float], size: int) -> NDArray[np.uint8]:
    """Decode a grid of places into pictures, uint8, of shape (size, size, height, width).

    Raises
    ------
    ValueError
        If they are no pictures with values in [0, 1], or too many pixels for one explorable.
    """
    flat = _decoded(decode, lattice(low, high, size))
    side = math.isqrt(flat.shape[1])
    if flat.ndim == 2 and side**2 != flat.shape[1]:
        raise ValueError(
            f"decode returned rows of {flat.shape[1]} pixels, which make no square; let it return pictures of shape "
            "(n_places, height, width)"
        )
    pixels = flat.reshape(size, size, *(flat.shape[1:] if flat.ndim == 3 else (side, side)))
    if not (pixels.dtype == np.uint8 or (pixels.min() >= 0 and pixels.max() <= 1)):  # so written, NaN is refused too
        raise ValueError(
            f"decode returned pixels from {pixels.min():.3g} to {pixels.max():.3g}, and a picture has them in [0, 1]; "
            f"clip them, e.g. {_CLIP}"
        )
    most = int((MAX_BYTES / pixels[0, 0].size) ** 0.5)
    check_size(pixels.size, "the grid of pictures", f"ask for fewer, resolution={max(2, most)}, or decode smaller ones")
    return as_bytes(pixels, "the decoded pictures")


def read_places(decode: Decoder, classify: Reader, places: NDArray[np.float64]) -> NDArray[Any]:
    """Decode places, and return the label that each picture is read as.

    Raises
    ------
    ValueError
        If there is not one label for each picture.
    """
    labels = []
    for start in range(0, len(places), _AT_ONCE):
        pictures = _decoded(decode, places[start : start + _AT_ONCE])
        read = np.asarray(classify(pictures))
        if read.shape != (len(pictures),):
            raise ValueError(
                f"classify returned shape {read.shape} for {len(pictures)} pictures of shape {pictures.shape[1:]}; "
                "expected one label for each"
            )
        labels.append(read)
    return np.concatenate(labels)


def mean_reader(decode: Decoder, codes: NDArray[Any], groups: NDArray[np.intp], values: NDArray[Any]) -> Reader:
    """Return a function that reads a picture as the class whose mean picture, of its samples decoded, is nearest."""
    means = []
    for group in range(groups.max() + 1):
        pictures = _decoded(decode, codes[groups == group][:_AT_ONCE])
        means.append(pictures.reshape(len(pictures), -1).mean(axis=0, dtype=float))
    centres = np.array(means)

    def read(pictures: NDArray[Any]) -> NDArray[Any]:
        X = pictures.reshape(len(pictures), -1).astype(float)
        return values[(np.square(centres).sum(axis=1) - 2 * X @ centres.T).argmin(axis=1)]  # |x|^2 is the same for all

    return read


def _decoded(decode: Decoder, places: NDArray[np.float64]) -> NDArray[Any]:
    """Decode places into an array of shape (n_places, n_pixels) or (n_places, height, width)."""
    pictures = np.asarray(decode(places))
    if pictures.ndim not in (2, 3) or len(pictures) != len(places) or pictures.size == 0:
        raise ValueError(
            f"decode returned shape {pictures.shape} for {len(places)} places of shape {places.shape}; expected "
            "(n_places, n_pixels) or (n_places, height, width)"
        )
    if pictures.dtype.kind not in "buif":
        raise TypeError(f"decode returned {pictures.dtype}; expected pictures of real numbers in [0, 1]")
    return pictures
