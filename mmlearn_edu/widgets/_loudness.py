"""Sound on its way to the page, and how loud it is there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.widgets._bytes import check_size

__all__ = ["LOUDEST", "QUIETEST", "as_waveforms", "safe_gain", "sixteen_bits", "sound_level"]

MAX_CLIPS = 4  # below each other, without scrolling
LOUDEST = 0.5  # the highest peak that is played, as a share of full scale: 6 dB below it
QUIETEST = -100.0  # dB, what counts as silence


def sound_level(y: ArrayLike, sampling_rate: float, time: float, width: float = 0.05) -> float:
    r"""Return how loud a clip is around one moment, in dB below full scale.

    :math:`20 \log_{10} \sqrt{\operatorname{mean}(y_n^2)}` over the samples within `width` around `time`: 0 dB for a
    signal that is 1 or -1 all along, -3 dB for the loudest sine.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Sound pressure, floats in [-1, 1].
    sampling_rate : float
        In Hz.
    time : float
        In seconds from the start.
    width : float, default=0.05
        In seconds; beyond the clip's ends nothing is counted.

    Returns
    -------
    float
        In dB, at most 0 for values in [-1, 1]; -100 for silence and where there is no sample.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import sound_level
    >>> tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> round(sound_level(tone, 8000, time=0.5), 2)
    -9.03
    """
    y = np.asarray(y, float)
    first = max(0, int(np.floor((time - width / 2) * sampling_rate + 0.5)))
    heard = y[first : max(0, int(np.floor((time + width / 2) * sampling_rate + 0.5)))]
    power = float(np.mean(heard**2)) if len(heard) else 0.0
    return max(QUIETEST, 10 * np.log10(max(power, 1e-12)))


def safe_gain(clips: Sequence[NDArray[np.floating[Any]]]) -> float:
    """Return the factor that brings the highest peak of all `clips` down to half of full scale.

    Parameters
    ----------
    clips : sequence of ndarray of shape (n_samples,)
        Sound pressure; 1 is full scale.

    Returns
    -------
    float
        In (0, 1]; 1 where no peak is higher than that. Times this, no sample is beyond 0.5.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import safe_gain
    >>> safe_gain([np.array([0.1, -0.8]), np.array([0.4])])
    0.625
    """
    peak = max(float(np.abs(clip).max()) for clip in clips)
    return min(1.0, LOUDEST / peak) if peak > 0 else 1.0


def as_waveforms(clips: Any) -> list[NDArray[np.float64]]:
    """Return one clip or several as float arrays of shape (n_samples,), each with its own length.

    Raises
    ------
    TypeError
        If a clip is neither int16 nor floats.
    ValueError
        If there is no clip or more than four, one is empty, not one-dimensional or holds a NaN, or all are too long.
    """
    single = np.ndim(clips[0]) == 0 if len(clips) else True
    given = [np.asarray(clip) for clip in ([clips] if single else clips)]
    if len(given) > MAX_CLIPS:
        raise ValueError(f"{len(given)} clips are too many to show below each other; pick up to {MAX_CLIPS}, clips[:4]")
    for clip in given:
        if clip.dtype != np.int16 and clip.dtype.kind != "f":
            raise TypeError(f"expected sound as int16, or floats in [-1, 1], got {clip.dtype}")
        if clip.ndim != 1 or clip.size == 0:
            raise ValueError(f"expected clips of shape (n_samples,) with a sample or more, got {clip.shape}")
        if not np.isfinite(clip).all():
            raise ValueError("the sound holds NaN or infinite values; cut or replace them first")
    check_size(2 * sum(map(len, given)), "the sound", "cut it, y[: 10 * sampling_rate], or open fewer clips")
    return [clip / 32768 if clip.dtype == np.int16 else clip.astype(np.float64) for clip in given]


def sixteen_bits(clips: Sequence[NDArray[np.float64]]) -> tuple[list[NDArray[np.int16]], float]:
    """Return all clips as int16, and the pressure that 32768 stands for: 1, or the highest peak where it is more."""
    scale = max(1.0, *(float(np.abs(clip).max()) for clip in clips))
    return [np.clip(np.rint(clip / scale * 32768), -32768, 32767).astype(np.int16) for clip in clips], scale
