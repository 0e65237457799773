"""Clips to movement."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.features.image import cell_means

__all__ = ["clip_features", "motion_energy", "velocity"]

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
        Mean and standard deviation of the motion energy; the velocity to the right and downwards; the mean
        frame's cells.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import clip_features
    >>> clip_features(np.zeros((5, 8, 16, 16))).shape
    (5, 20)
    """
    clips = _clips(clips)
    energy = motion_energy(clips)
    moved = np.column_stack([energy.mean(axis=1), energy.std(axis=1), velocity(clips)])
    return np.hstack([moved, cell_means(clips.mean(axis=1), grid)])


def velocity(clips: ArrayLike) -> Floats:
    r"""Estimate how fast what is seen moves, all of it together [1]_.

    What moves to the right makes a pixel darker where the picture grows brighter to the right, so
    :math:`v_x = -\sum I_t I_x / \sum I_x^2` over all pixels and frames, and the same downwards.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width)
        Brightness: uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of shape (n_clips, 2)
        To the right and downwards, in pixels per frame; too small beyond a pixel or two, 0 where all is even.

    References
    ----------
    .. [1] Lucas, B. and Kanade, T. (1981). An iterative image registration technique. IJCAI.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import velocity
    >>> ramp = np.arange(8.0) / 16
    >>> clip = np.stack([np.tile(ramp - t / 16, (8, 1)) for t in range(3)]) + 0.2  # moves right by a pixel
    >>> velocity(clip[None]).round(6) + 0.0
    array([[1., 0.]])
    """
    clips = _clips(clips)
    if min(clips.shape[2:]) < 2:
        raise ValueError(f"expected frames of 2 x 2 pixels or more, got {clips.shape[2]} x {clips.shape[3]}")
    change = np.diff(clips, axis=1)
    between = (clips[:, 1:] + clips[:, :-1]) / 2
    return np.column_stack([_slope(change, np.gradient(between, axis=axis)) for axis in (3, 2)])


def _slope(change: Floats, gradient: Floats) -> Floats:
    total = (gradient**2).sum(axis=(1, 2, 3))
    return -(change * gradient).sum(axis=(1, 2, 3)) / np.where(total > 0, total, 1)


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
