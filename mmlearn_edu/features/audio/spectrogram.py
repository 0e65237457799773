"""Sound to its frequencies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import rfft
from scipy.signal import get_window

from mmlearn_edu._validation import check_whole
from mmlearn_edu.features.audio._clips import Floats, as_pressure, check_sampling_rate
from mmlearn_edu.features.audio.frames import frame_signal

__all__ = ["dominant_frequency", "power_spectrogram"]


def dominant_frequency(y: ArrayLike, sampling_rate: float) -> Floats:
    """Find the frequency that is strongest in every clip as a whole.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    sampling_rate : float
        In Hz.

    Returns
    -------
    ndarray of shape (n_clips,), in Hz, from 0 to ``sampling_rate / 2``
        Where the Fourier transform of the clip is largest: a multiple of ``sampling_rate / n_samples``, so a
        steady tone is found to within one such step. A constant offset is no sound: 0 only where a clip is constant.

    Raises
    ------
    ValueError
        If `sampling_rate` is not positive, or `y` is no batch of clips.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import dominant_frequency
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(4000) / 8000)
    >>> dominant_frequency(tone[None], sampling_rate=8000)
    array([440.])
    """
    check_sampling_rate(sampling_rate)
    y = as_pressure(y)
    magnitude = np.abs(rfft(y, axis=1))
    magnitude[:, 0] = 0  # the offset
    changes = y.max(axis=1) > y.min(axis=1)
    return np.where(changes, magnitude.argmax(axis=1) * (sampling_rate / y.shape[1]), 0.0)


def power_spectrogram(y: ArrayLike, n_fft: int = 512, hop_length: int = 128) -> Floats:
    r"""Measure the power at every frequency, moment by moment: the short-time Fourier transform, squared [1]_.

    Cut the clip into short windows that overlap, fade each in and out (a hard cut would sound like a click, which has
    every frequency), and ask the Fourier transform how strong each frequency is. With :math:`N` = `n_fft`,
    :math:`h` = `hop_length` and the Hann window :math:`w_n = \frac12 - \frac12 \cos(2 \pi n / N)`,
    window t has at row k the power

    .. math:: P_{kt} = |Y_{kt}|^2, \qquad Y_{kt} = \sum_{n=0}^{N-1} w_n \, y_{n + t h - N/2} \, e^{-2 \pi i k n / N}

    A long window tells close frequencies apart, a short one close moments; no window does both.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    n_fft : int, default=512
        Length of a window, in samples; even, or there may be one window less than said below.
    hop_length : int, default=128
        Step from one window to the next, in samples, at most `n_fft`.

    Returns
    -------
    ndarray of shape (n_clips, 1 + n_fft // 2, 1 + n_samples // hop_length), 0 or more
        Row k is the frequency ``k * sampling_rate / n_fft``. Window t is centred on sample ``t * hop_length``,
        with silence before the start and after the end. float32 stays float32.

    Raises
    ------
    ValueError
        If not 1 <= `hop_length` <= `n_fft`, or `y` is no batch of clips.
    TypeError
        If one of the two is not a whole number, or `y` holds no sound.

    References
    ----------
    .. [1] Allen, J. B. and Rabiner, L. R. (1977). A unified approach to short-time Fourier analysis and synthesis.
       Proceedings of the IEEE 65(11), 1558-1564.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import power_spectrogram
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> power = power_spectrogram(tone[None])[0]
    >>> power.shape, int(power[:, 30].argmax()) * 8000 / 512
    ((257, 63), 1000.0)
    """
    y = as_pressure(y)
    check_whole(n_fft=n_fft, hop_length=hop_length)
    if not (1 <= hop_length <= n_fft and n_fft >= 2):
        raise ValueError(f"expected 1 <= hop_length <= n_fft, got {hop_length=} and {n_fft=} samples")
    padded = np.pad(y, ((0, 0), (n_fft // 2, n_fft // 2)))
    windowed = frame_signal(padded, n_fft, hop_length) * get_window("hann", n_fft).astype(y.dtype)
    spectrum = rfft(windowed, axis=-1)
    return np.moveaxis(spectrum.real**2 + spectrum.imag**2, -1, 1)  # |z|^2, without the root that abs would take
