"""Clips to movement."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.features.image import cell_means

__all__ = ["clip_features", "motion_energy"]

Floats = NDArray[np.floating[Any]]


def motion_energy(clips: ArrayLike) -> Floats:
    """Measure how much the picture changes from each frame to the next.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width)
        Brightness: uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of shape (n_clips, n_frames - 1)
        Mean absolute difference of brightness, in [0, 1]; 0 while nothing moves.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import motion_energy
    >>> motion_energy(np.arange(3.0).reshape(1, 3, 1, 1) / 4)
    array([[0.25, 0.25]])
    """
    return np.abs(np.diff(_clips(clips), axis=1)).mean(axis=(2, 3))


def clip_features(clips: ArrayLike, grid: int = 4) -> Floats:
    """Describe every clip by how much moves, which way, and what it looks like on the whole.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width)
        Brightness: uint8 in 0..255, or floats in [0, 1].
    grid : int, default=4
        The mean frame is averaged over `grid` x `grid` cells.

    Returns
    -------
    ndarray of shape (n_clips, 4 + grid * grid)
        Mean and standard deviation of the motion energy; how far the bright part travels to the right and
        downwards from the first half to the second (shares of width and height); the mean frame's cells.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import clip_features
    >>> clip_features(np.zeros((5, 8, 16, 16))).shape
    (5, 20)
    """
    clips = _clips(clips)
    energy = motion_energy(clips)
    half = clips.shape[1] // 2
    before, after = clips[:, :half].mean(axis=1), clips[:, -half:].mean(axis=1)
    shift = _centre(after) - _centre(before)
    moved = np.column_stack([energy.mean(axis=1), energy.std(axis=1), shift])
    return np.hstack([moved, cell_means(clips.mean(axis=1), grid)])


def _centre(frames: Floats) -> Floats:
    """Centre of what differs from the frame's median: (n, height, width) -> (n, 2), x then y, in [0, 1]."""
    weight = np.abs(frames - np.median(frames, axis=(1, 2), keepdims=True))  # the median is the background
    total = weight.sum(axis=(1, 2))
    x, y = (np.linspace(0, 1, size) for size in (frames.shape[2], frames.shape[1]))
    centre = np.column_stack([weight.sum(axis=1) @ x, weight.sum(axis=2) @ y])
    safe = np.where(total > 0, total, 1)[:, None]
    return np.where(total[:, None] > 0, centre / safe, 0.5)  # an even frame has its centre in the middle


def _clips(clips: ArrayLike) -> Floats:
    array = np.asarray(clips)
    if array.ndim != 4 or array.size == 0 or array.shape[1] < 2:
        raise ValueError(
            f"expected clips of shape (n_clips, n_frames, height, width) with 2 frames or more, got {array.shape}; "
            "for a single clip write clip[None], for colour average the channels first"
        )
    array = array / np.float64(255) if array.dtype == np.uint8 else array.astype(np.float64)
    if not (array.min() >= 0 and array.max() <= 1):  # written so that NaN is refused too
        raise ValueError(
            f"brightness must be uint8 in 0..255 or floats in [0, 1], got {array.min()} to {array.max()}; "
            "divide by the largest possible value first"
        )
    return array
