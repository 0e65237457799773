"""Sound to mel-frequency cepstral coefficients (MFCC)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dct, rfft
from scipy.signal import get_window

__all__ = ["mel_filter_bank", "mfcc", "mfcc_summary", "power_spectrogram"]

Floats = NDArray[np.floating[Any]]
QUIETEST = 1e-10  # power below this is silence; keeps the logarithm finite
RANGE_DB = 80.0  # what lies further below the loudest moment of a clip cannot be heard
CLIPS_AT_A_TIME = 128


def power_spectrogram(y: ArrayLike, n_fft: int = 512, hop_length: int = 128) -> Floats:
    """Measure the power at every frequency, in short overlapping windows.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    n_fft : int, default=512
        Length of the (Hann) window, in samples.
    hop_length : int, default=128
        Step from one window to the next, in samples.

    Returns
    -------
    ndarray of shape (n_clips, 1 + n_fft // 2, 1 + n_samples // hop_length)
        Row k is the frequency ``k * sampling_rate / n_fft``. Window t is centred on sample ``t * hop_length``,
        with silence before the start and after the end.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import power_spectrogram
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> power = power_spectrogram(tone[None])[0]
    >>> power.shape, int(power[:, 30].argmax()) * 8000 / 512
    ((257, 63), 1000.0)
    """
    y = _clips(y)
    if not (1 <= hop_length <= n_fft and n_fft >= 2):
        raise ValueError(f"expected 1 <= hop_length <= n_fft, got {hop_length=} and {n_fft=} samples")
    padded = np.pad(y, ((0, 0), (n_fft // 2, n_fft // 2)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft, axis=1)[:, ::hop_length]
    spectrum = rfft(frames * get_window("hann", n_fft), axis=-1)
    return np.moveaxis(spectrum.real**2 + spectrum.imag**2, -1, 1)


def mel_filter_bank(sampling_rate: float, n_fft: int = 512, n_mels: int = 40) -> Floats:
    """Triangles that gather frequencies as the ear does: narrow when low, wide when high.

    Parameters
    ----------
    sampling_rate : float
        In Hz.
    n_fft : int, default=512
    n_mels : int, default=40

    Returns
    -------
    ndarray of shape (n_mels, 1 + n_fft // 2)
        Each triangle has the area 1 over frequency in Hz (Slaney's scale and norm, as in librosa).

    Raises
    ------
    ValueError
        If a triangle would fall between two frequencies and hear nothing.

    Examples
    --------
    >>> from mmlearn_edu.features import mel_filter_bank
    >>> mel_filter_bank(8000).shape
    (40, 257)
    """
    if sampling_rate <= 0 or n_mels < 1:
        raise ValueError(
            f"expected a positive sampling_rate in Hz and n_mels of 1 or more, got {sampling_rate}, {n_mels}"
        )
    frequency = np.fft.rfftfreq(n_fft, 1 / sampling_rate)
    corners = _hz(np.linspace(0, _mel(sampling_rate / 2), n_mels + 2))
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (frequency - low) / (middle - low), (high - frequency) / (high - middle)
    bank = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    deaf = int((bank.max(axis=1) == 0).sum())
    if deaf:
        raise ValueError(
            f"{deaf} of {n_mels=} triangles are narrower than a frequency step; fewer n_mels or longer n_fft"
        )
    return bank


def mfcc(
    y: ArrayLike,
    sampling_rate: float,
    n_mfcc: int = 13,
    *,
    n_fft: int = 512,
    hop_length: int = 128,
    n_mels: int = 40,
) -> Floats:
    """Describe the timbre of every moment: spectrum, mel bands, decibels, cosine transform [1]_.

    Equal to librosa's (``htk=False``, orthonormal cosine transform, 80 dB below the loudest moment of each
    clip cut off) to 1e-3, a relative error of about 1e-5, since librosa filters in single precision.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    sampling_rate : float
        In Hz.
    n_mfcc : int, default=13
        Coefficients to keep, from 1 to `n_mels`. The first follows the loudness.
    n_fft, hop_length : int, default=512, 128
        Window and step, in samples.
    n_mels : int, default=40

    Returns
    -------
    ndarray of shape (n_clips, n_mfcc, 1 + n_samples // hop_length)
        In decibels. A silent clip gives -100 dB in every band.

    References
    ----------
    .. [1] Davis, S. and Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word
       recognition. IEEE Trans. Acoustics, Speech and Signal Processing 28(4).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import mfcc
    >>> mfcc(np.zeros((3, 8000), dtype=np.int16), sampling_rate=8000).shape
    (3, 13, 63)
    """
    y = _clips(y)
    if not 1 <= n_mfcc <= n_mels:
        raise ValueError(f"{n_mfcc=} not in 1..{n_mels=}; there are no more coefficients than mel bands")
    bank = mel_filter_bank(sampling_rate, n_fft, n_mels)
    parts = []
    for start in range(0, len(y), CLIPS_AT_A_TIME):  # all spectra at once would not fit
        power = bank @ power_spectrogram(y[start : start + CLIPS_AT_A_TIME], n_fft, hop_length)
        loudness = 10 * np.log10(np.maximum(power, QUIETEST))
        loudest = loudness.max(axis=(1, 2), keepdims=True)
        parts.append(dct(np.maximum(loudness, loudest - RANGE_DB), axis=1, norm="ortho")[:, :n_mfcc])
    return np.concatenate(parts)


def mfcc_summary(y: ArrayLike, sampling_rate: float, n_mfcc: int = 13, *, n_segments: int = 1) -> Floats:
    """Summarise every clip by the mean and the standard deviation of its MFCC over time.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    sampling_rate : float
        In Hz.
    n_mfcc : int, default=13
    n_segments : int, default=1
        Parts of equal length, each summarised by itself: with 1 the order in time is lost.

    Returns
    -------
    ndarray of shape (n_clips, n_segments * 2 * n_mfcc), in decibels
        Part after part: the means, then the standard deviations.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import mfcc_summary
    >>> mfcc_summary(np.zeros((3, 8000), dtype=np.int16), sampling_rate=8000).shape
    (3, 26)
    """
    coefficients = mfcc(y, sampling_rate, n_mfcc)
    n_frames = coefficients.shape[2]
    if not 1 <= n_segments <= n_frames:
        raise ValueError(f"{n_segments=} not in 1..{n_frames}, the number of windows in a clip")
    parts = np.array_split(coefficients, n_segments, axis=2)
    return np.hstack([np.hstack([part.mean(axis=2), part.std(axis=2)]) for part in parts])


def _mel(hz: float) -> float:
    """Slaney's scale: linear up to 1000 Hz, then logarithmic."""
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * float(np.log(hz / 1000) / np.log(6.4))


def _hz(mel: Floats) -> Floats:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def _clips(y: ArrayLike) -> Floats:
    array = np.asarray(y)
    if array.ndim != 2 or array.size == 0:
        hint = "; for a single clip write y[None]" if array.ndim == 1 else ""
        raise ValueError(f"expected sound of shape (n_clips, n_samples), got {array.shape}{hint}")
    if array.dtype == np.int16:
        return array / np.float64(32768)
    if array.dtype.kind != "f":
        raise TypeError(f"expected int16, or floats in [-1, 1], got {array.dtype}; convert with y / largest_possible")
    if not np.isfinite(array).all():
        raise ValueError("the sound holds NaN or infinite values; mark such clips as missing instead")
    return array.astype(np.float64)
