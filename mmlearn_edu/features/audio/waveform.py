"""What can be read off the curve of sound pressure itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features.audio._clips import Floats, as_pressure, check_sampling_rate

__all__ = ["waveform_statistics"]


def waveform_statistics(y: ArrayLike, sampling_rate: float) -> Floats:
    r"""Describe every clip by how loud, how spiky and how shrill it is.

    Sound swings evenly to both sides, so its mean is about 0 whatever is heard. These four do tell clips apart:

    - root mean square :math:`\sqrt{\frac1n \sum y_t^2}`: loudness;
    - peak :math:`\max |y_t|`: 1 where a recording may be clipped;
    - crest factor, peak / root mean square: 1 for a square wave, :math:`\sqrt 2` for a sine, more for a click;
    - zero crossings per second: twice the frequency of a pure tone, high for hissing, low for humming.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1]. 2 samples or more.
    sampling_rate : float
        In Hz.

    Returns
    -------
    ndarray of shape (n_clips, 4)
        Root mean square and peak, both in [0, 1]; crest factor, unitless, 1 or more, but 0 for digital silence;
        zero crossings per second, from 0 to `sampling_rate`. Zero counts as positive, so silence has none.
        float32 stays float32.

    Raises
    ------
    ValueError
        If `sampling_rate` is not positive, or clips have a single sample.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import waveform_statistics
    >>> square_wave = np.tile([1.0, 1.0, -1.0, -1.0], 100)[:399]  # 2000 Hz
    >>> waveform_statistics(square_wave[None], sampling_rate=8000).round(6).tolist()
    [[1.0, 1.0, 1.0, 4000.0]]
    """
    check_sampling_rate(sampling_rate)
    y = as_pressure(y)
    if y.shape[1] < 2:
        raise ValueError("expected clips of 2 samples or more, got 1; a crossing needs a before and an after")
    peak = np.abs(y).max(axis=1)
    root_mean_square = np.sqrt((y**2).mean(axis=1))
    crest = peak / np.where(root_mean_square > 0, root_mean_square, 1)
    crossings = np.diff(y >= 0, axis=1).mean(axis=1, dtype=y.dtype) * sampling_rate
    return np.column_stack([root_mean_square, peak, crest, crossings])
