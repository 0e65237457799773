"""Sound to mel-frequency cepstral coefficients (MFCC)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import dct

from mmlearn_edu._validation import check_whole
from mmlearn_edu.features.audio._clips import Floats, as_clips
from mmlearn_edu.features.audio.mel import mel_filter_bank
from mmlearn_edu.features.audio.spectrogram import power_spectrogram

__all__ = ["mfcc", "mfcc_summary"]

QUIETEST = 1e-10  # power below this is silence; keeps the logarithm finite
RANGE_DB = 80.0  # what lies further below the loudest moment of a clip cannot be heard
CLIPS_AT_A_TIME = 4  # so few that their spectra stay in the processor's cache


def mfcc(
    y: ArrayLike,
    sampling_rate: float,
    n_mfcc: int = 13,
    *,
    n_fft: int = 512,
    hop_length: int = 128,
    n_mels: int = 40,
) -> Floats:
    r"""Describe the timbre of every moment, what tells "ah" from "ee" on one note [1]_.

    1. `power_spectrogram` P: how strong is each frequency?
    2. `mel_filter_bank` B: gather frequencies into M = `n_mels` bands, as the ear does.
    3. Decibels, as the ear judges loudness: :math:`L_{mt} = 10 \log_{10} \sum_k B_{mk} P_{kt}`, and nothing
       lower than 80 dB below the loudest of the clip.
    4. Cosine transform: neighbouring bands are loud together, so that a few slow waves over the bands draw the shape
       of the spectrum; what is left out is detail such as the pitch. With :math:`s_0 = \sqrt{1/M}`, else
       :math:`s_j = \sqrt{2/M}`:

    .. math:: c_{jt} = s_j \sum_{m=0}^{M-1} L_{mt} \cos\frac{\pi j (m + 1/2)}{M}, \qquad j = 0, 1, \ldots

    Equal to librosa's (``htk=False``) to 1e-3, a relative error of about 1e-5, since librosa filters in single
    precision.

    Parameters
    ----------
    y : array-like of shape (n_clips, n_samples)
        Sound pressure: int16, or floats in [-1, 1].
    sampling_rate : float
        In Hz.
    n_mfcc : int, default=13
        Coefficients to keep, from 1 to `n_mels`. The first is the mean of the bands times ``sqrt(n_mels)``: loudness.
    n_fft, hop_length : int, default=512, 128
        Window and step, in samples.
    n_mels : int, default=40

    Returns
    -------
    ndarray of shape (n_clips, n_mfcc, 1 + n_samples // hop_length)
        In decibels. Silence counts as -100 dB in every band: the first coefficient is then ``-100 * sqrt(n_mels)``,
        the others 0. float32 is computed in single precision, to about 1e-3 dB, in two thirds of the time and half
        the memory; everything else in double precision.

    Raises
    ------
    ValueError
        If a number is out of range, or `y` is no batch of clips.
    TypeError
        If a number that counts something is not whole, or `y` holds no sound.

    References
    ----------
    .. [1] Davis, S. and Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word
       recognition. IEEE Trans. Acoustics, Speech and Signal Processing 28(4).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import mfcc
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> loud, soft = mfcc([tone, 0.1 * tone], sampling_rate=8000)
    >>> loud.shape
    (13, 63)
    >>> np.abs(loud - soft).max(axis=1).round(1)[:5]  # 20 dB * sqrt(40 bands), only in the first
    array([126.5,   0. ,   0. ,   0. ,   0. ])
    """
    y = as_clips(y)
    check_whole(n_mfcc=n_mfcc, n_mels=n_mels)
    if not 1 <= n_mfcc <= n_mels:
        raise ValueError(f"{n_mfcc=} not in 1..{n_mels=}; there are no more coefficients than mel bands")
    bank = mel_filter_bank(sampling_rate, n_fft, n_mels)
    parts = []
    for start in range(0, len(y), CLIPS_AT_A_TIME):
        power = power_spectrogram(y[start : start + CLIPS_AT_A_TIME], n_fft, hop_length)
        loudness = 10 * np.log10(np.maximum(bank.astype(power.dtype) @ power, QUIETEST))
        loudest = loudness.max(axis=(1, 2), keepdims=True)
        cepstrum = dct(np.maximum(loudness, loudest - RANGE_DB), axis=1, norm="ortho")
        parts.append(cepstrum[:, :n_mfcc].copy())  # a view would keep all n_mels coefficients
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
    check_whole(n_segments=n_segments)
    if not 1 <= n_segments <= n_frames:
        raise ValueError(f"{n_segments=} not in 1..{n_frames}, the number of windows in a clip")
    parts = np.array_split(coefficients, n_segments, axis=2)
    return np.hstack([np.hstack([part.mean(axis=2), part.std(axis=2)]) for part in parts])
