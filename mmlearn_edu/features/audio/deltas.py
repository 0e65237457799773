"""How MFCC change over time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features.audio._clips import Floats

__all__ = ["mfcc_deltas"]


def mfcc_deltas(coefficients: ArrayLike, width: int = 9) -> Floats:
    r"""Measure how fast every coefficient rises or falls, moment by moment [1]_.

    The slope of the straight line that fits best to the window at t and its :math:`N` neighbours on either side:

    .. math:: d_t = \frac{\sum_{n=1}^N n \, (c_{t+n} - c_{t-n})}{2 \sum_{n=1}^N n^2}, \qquad width = 2N + 1

    Equal to ``librosa.feature.delta(coefficients, width=width, mode="nearest")``: before the start and after
    the end the outermost window is repeated.

    Parameters
    ----------
    coefficients : array-like of shape (n_clips, n_mfcc, n_frames)
        As from `mfcc`, in decibels.
    width : int, default=9
        Windows that take part, an odd number from 3.

    Returns
    -------
    ndarray of shape (n_clips, n_mfcc, n_frames), in decibels per window
        float32 stays float32.

    Raises
    ------
    ValueError
        If `width` is even or below 3, or `coefficients` has another shape or holds a NaN.

    References
    ----------
    .. [1] Furui, S. (1986). Speaker-independent isolated word recognition using dynamic features of speech
       spectrum. IEEE Trans. Acoustics, Speech and Signal Processing 34(1).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import mfcc_deltas
    >>> rising = np.array([[[0.0, 2.0, 4.0, 6.0, 8.0]]])
    >>> mfcc_deltas(rising, width=3)
    array([[[1., 2., 2., 2., 1.]]])
    """
    c = np.asarray(coefficients)
    if c.ndim != 3 or c.size == 0:
        hint = "; for a single clip write coefficients[None]" if c.ndim == 2 else ""
        raise ValueError(f"expected coefficients of shape (n_clips, n_mfcc, n_frames), got {c.shape}{hint}")
    if c.dtype.kind not in "buif":
        raise TypeError(f"expected coefficients in decibels, got an array of {c.dtype}")
    if width < 3 or width % 2 == 0:
        raise ValueError(f"{width=}, expected an odd number from 3: as many windows before as after")
    c = c if c.dtype == np.float32 else c.astype(np.float64)
    if not np.isfinite([c.min(), c.max()]).all():
        raise ValueError("the coefficients hold NaN or infinite values; leave such clips out")
    steps = np.arange(-(width // 2), width // 2 + 1, dtype=c.dtype)
    padded = np.pad(c, ((0, 0), (0, 0), (width // 2, width // 2)), mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, width, axis=2) @ steps / (steps @ steps)
