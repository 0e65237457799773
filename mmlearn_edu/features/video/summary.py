"""A clip to one picture or one row of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features.image.pooling import cell_means
from mmlearn_edu.features.video._clips import Floats, grey_clips
from mmlearn_edu.features.video.motion import motion_energy, velocity

__all__ = ["clip_features", "mean_frame"]


def mean_frame(clips: ArrayLike) -> Floats:
    """Average every clip over time (temporal pooling): what was where, but not when.

    Any order of the frames has the same mean, so which way something moves is lost.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width)
        Brightness: uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of shape (n_clips, height, width), in [0, 1]
        float32 stays float32.

    Raises
    ------
    ValueError
        If the clips have another shape, or pixels outside their range.

    Examples
    --------
    >>> from mmlearn_edu.features import mean_frame
    >>> mean_frame([[[[0.0, 1.0]], [[1.0, 1.0]]]])
    array([[[0.5, 1. ]]])
    """
    return grey_clips(clips).mean(axis=1)


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
    clips = grey_clips(clips, min_frames=2)
    energy = motion_energy(clips)
    moved = np.column_stack([energy.mean(axis=1), energy.std(axis=1), velocity(clips)])
    return np.hstack([moved, cell_means(mean_frame(clips), grid)])
