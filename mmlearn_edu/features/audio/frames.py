"""Sound in batches: short windows of equal clips, equal clips from unequal ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.features.audio._clips import as_clips

__all__ = ["frame_signal", "pad_clips"]


def frame_signal(y: ArrayLike, frame_length: int = 512, hop_length: int = 128) -> NDArray[Any]:
    """Cut every clip into short windows that overlap.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    frame_length : int, default=512
        Length of a window, in samples.
    hop_length : int, default=128
        Step from one window to the next, in samples.

    Returns
    -------
    ndarray of shape (n_clips, n_frames, frame_length)
        ``n_frames = 1 + (n_samples - frame_length) // hop_length``: whole windows only, so up to
        ``hop_length - 1`` samples at the end are in none. A view of `y` that can only be read: windows share
        their samples, nothing is copied.

    Raises
    ------
    ValueError
        If the step is not 1 or more, or a window is longer than the clips.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import frame_signal
    >>> frame_signal(np.array([[1, 2, 3, 4, 5, 6]], dtype=np.int16), frame_length=3, hop_length=2)
    array([[[1, 2, 3],
            [3, 4, 5]]], dtype=int16)
    """
    clips = as_clips(y)
    if not 1 <= frame_length <= clips.shape[1]:
        raise ValueError(f"{frame_length=} not in 1..{clips.shape[1]}, the samples of a clip; pad the clips with zeros")
    if hop_length < 1:
        raise ValueError(f"{hop_length=}, expected a step of 1 sample or more")
    return np.lib.stride_tricks.sliding_window_view(clips, frame_length, axis=1)[:, ::hop_length]


def pad_clips(clips: Sequence[ArrayLike]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Bring clips of different length into one matrix, and mark what is sound and what is padding.

    Parameters
    ----------
    clips : sequence of n_clips arrays of shape (n_samples,), each with its own n_samples
        Sound pressure: all int16, or all floats in [-1, 1].

    Returns
    -------
    padded : ndarray of shape (n_clips, longest n_samples)
        Zeros, silence, after the end of each clip. A copy, of the dtype of `clips`.
    mask : ndarray of bool, of the same shape
        True where there is sound: ``mask.sum(axis=1)`` are the lengths, in samples.

    Raises
    ------
    ValueError, TypeError
        If there is no clip, one is empty, not one-dimensional or holds a NaN, or some are int16 and some floats.

    Examples
    --------
    >>> from mmlearn_edu.features import pad_clips
    >>> padded, mask = pad_clips([[0.5, 0.25, -0.5], [0.5]])
    >>> padded
    array([[ 0.5 ,  0.25, -0.5 ],
           [ 0.5 ,  0.  ,  0.  ]])
    >>> padded.sum(axis=1) / mask.sum(axis=1)  # means over the sound, not over the padding
    array([0.08333333, 0.5       ])
    """
    arrays = [_one_clip(clip, i) for i, clip in enumerate(clips)]
    if not arrays:
        raise ValueError("expected at least one clip, got none")
    kinds = {array.dtype.name for array in arrays}
    if "int16" in kinds and len(kinds) > 1:
        raise TypeError(f"the clips are {', '.join(sorted(kinds))}, of different range; divide int16 by 32768 first")
    mask = np.arange(max(map(len, arrays))) < np.array([len(array) for array in arrays])[:, None]
    padded = np.zeros(mask.shape, dtype=np.result_type(*arrays))
    padded[mask] = np.concatenate(arrays)
    return padded, mask


def _one_clip(clip: ArrayLike, i: int) -> NDArray[Any]:
    array = np.asarray(clip)
    if array.ndim != 1 or array.size == 0:
        hints = {0: "give every clip as an array of its own", 1: "leave it out, or mark it as missing"}
        hint = hints.get(array.ndim, "mix its channels first, e.g. clip.mean(axis=1)")
        raise ValueError(f"clip {i} has shape {array.shape}, expected (n_samples,) with 1 sample or more; {hint}")
    try:
        return as_clips(array[None])[0]
    except (TypeError, ValueError) as error:
        raise type(error)(f"clip {i}: {error}") from None
