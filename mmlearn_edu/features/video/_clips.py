"""Checks shared by everything that takes a batch of films."""

from __future__ import annotations

from numpy.typing import ArrayLike

from mmlearn_edu.features._pixels import Floats, as_array, unit_range

__all__ = ["Floats", "grey_clips"]


def grey_clips(clips: ArrayLike, min_frames: int = 1) -> Floats:
    """Bring grey clips to floats in [0, 1], of shape (n_clips, n_frames, height, width)."""
    array = as_array(clips)
    if array.ndim != 4 or array.size == 0 or array.shape[1] < min_frames:
        enough = f" with {min_frames} frames or more" if min_frames > 1 else ""
        raise ValueError(
            f"expected clips of shape (n_clips, n_frames, height, width){enough}, got {array.shape}; "
            "for a single clip write clip[None], for colour average the channels first"
        )
    return unit_range(array)
