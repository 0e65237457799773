"""How much moves in a clip, and which way."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features.video._clips import Floats, grey_clips

__all__ = ["frame_differences", "motion_energy", "velocity"]


def frame_differences(clips: ArrayLike) -> Floats:
    """Subtract every frame from the next: what stands still disappears.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width)
        Brightness: uint8 in 0..255, or floats in [0, 1]; 2 frames or more.

    Returns
    -------
    ndarray of shape (n_clips, n_frames - 1, height, width), in [-1, 1]
        Positive where a pixel grows brighter, 0 where it stays as it is. float32 stays float32.

    Raises
    ------
    ValueError
        If the clips have another shape, a single frame, or pixels outside their range.

    Examples
    --------
    >>> from mmlearn_edu.features import frame_differences
    >>> frame_differences([[[[0.0, 1.0, 0.0]], [[0.0, 0.0, 1.0]]]])  # a light moves to the right
    array([[[[ 0., -1.,  1.]]]])
    """
    return np.diff(grey_clips(clips, min_frames=2), axis=1)


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
    return np.abs(frame_differences(clips)).mean(axis=(2, 3))


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
    clips = grey_clips(clips, min_frames=2)
    if min(clips.shape[2:]) < 2:
        raise ValueError(f"expected frames of 2 x 2 pixels or more, got {clips.shape[2]} x {clips.shape[3]}")
    change = np.diff(clips, axis=1)
    between = (clips[:, 1:] + clips[:, :-1]) / 2
    return np.column_stack([_slope(change, np.gradient(between, axis=axis)) for axis in (3, 2)])


def _slope(change: Floats, gradient: Floats) -> Floats:
    total = (gradient**2).sum(axis=(1, 2, 3))
    return -(change * gradient).sum(axis=(1, 2, 3)) / np.where(total > 0, total, 1)
