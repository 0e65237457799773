"""Checks shared by everything that takes a batch of sound."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Floats", "as_clips", "as_pressure", "check_sampling_rate"]

Floats = NDArray[np.floating[Any]]


def as_pressure(y: ArrayLike) -> Floats:
    """Bring sound to floats in [-1, 1]: float32 stays float32, everything else becomes float64."""
    clips = as_clips(y)
    if clips.dtype == np.int16:
        return clips / np.float64(32768)
    return clips if clips.dtype in (np.float32, np.float64) else clips.astype(np.float64)


def check_sampling_rate(sampling_rate: Any) -> None:
    """Insist on a number of samples per second."""
    if not (isinstance(sampling_rate, (int, float, np.integer, np.floating)) and sampling_rate > 0):
        raise ValueError(
            f"expected a positive sampling_rate in Hz, got {sampling_rate!r}; it stands in the file, e.g. 16000"
        )


def as_clips(y: ArrayLike) -> NDArray[Any]:
    """Insist on int16 or finite floats of shape (n_clips, n_samples)."""
    try:
        clips = np.asarray(y)
    except ValueError as error:  # NumPy's "inhomogeneous shape"
        raise ValueError("the clips differ in length; bring them to one length with pad_clips first") from error
    if clips.ndim != 2 or clips.size == 0:
        hint = "; for a single clip write y[None]" if clips.ndim == 1 and clips.size else ""
        raise ValueError(f"expected sound of shape (n_clips, n_samples), got {clips.shape}{hint}")
    if clips.dtype != np.int16 and clips.dtype.kind != "f":
        raise TypeError(f"expected int16, or floats in [-1, 1], got {clips.dtype}; convert with y / largest_possible")
    if not np.isfinite([clips.min(), clips.max()]).all():
        raise ValueError("the sound holds NaN or infinite values; mark such clips as missing instead")
    return clips
