"""Clips as three-dimensional convolutions take them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.features._pixels import as_pixels

__all__ = ["clip_tensor", "reverse_time"]


def clip_tensor(clips: ArrayLike) -> NDArray[np.float32]:
    """Bring clips into the shape and range that ``torch.nn.Conv3d`` takes: channels before time.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width) or (n_clips, n_frames, height, width, 3)
        Grey or colour: uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of float32, of shape (n_clips, n_channels, n_frames, height, width), in [0, 1]
        With 1 channel for grey and 3 for colour. A copy, which ``torch.from_numpy`` takes as it is.

    Raises
    ------
    ValueError
        If the clips have another shape, or pixels outside their range.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import clip_tensor
    >>> clip_tensor(np.zeros((2, 8, 32, 32), dtype=np.uint8)).shape
    (2, 1, 8, 32, 32)
    >>> clip_tensor(np.zeros((2, 8, 32, 32, 3), dtype=np.uint8)).shape
    (2, 3, 8, 32, 32)
    """
    array = _frames_second(clips)
    channels_second = array[:, None] if array.ndim == 4 else np.moveaxis(array, -1, 1)
    return np.divide(channels_second, 255 if array.dtype == np.uint8 else 1, dtype=np.float32, order="C")


def reverse_time(clips: ArrayLike) -> NDArray[Any]:
    """Play every clip backwards: what went to the left now goes to the right.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width) or (n_clips, n_frames, height, width, 3)
        Grey or colour: uint8 in 0..255, or floats in [0, 1].

    Returns
    -------
    ndarray of the same shape and dtype
        A copy: torch takes no view that runs backwards.

    Raises
    ------
    ValueError
        If the clips have another shape, or pixels outside their range.

    Examples
    --------
    >>> from mmlearn_edu.features import reverse_time
    >>> reverse_time([[[[0.0]], [[0.5]], [[1.0]]]]).ravel()
    array([1. , 0.5, 0. ])
    """
    return _frames_second(clips)[:, ::-1].copy()


def _frames_second(clips: ArrayLike) -> NDArray[Any]:
    array = as_pixels(clips)
    if not (array.ndim == 4 or (array.ndim == 5 and array.shape[-1] == 3)):
        raise ValueError(
            "expected clips of shape (n_clips, n_frames, height, width) or (n_clips, n_frames, height, width, 3), "
            f"got {array.shape}; for a single clip write clip[None]"
        )
    return array
