"""The spectrum of two tones through a Hann window: what `resolve_tones` computes in the page."""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["SEPARATED", "STEPS", "Pair", "peak_dip", "shortest_window", "slider_grid", "tone_spectrum"]

STEPS = 60  # of the window's length, a tenth of a beat each
SEPARATED = 3.0  # dB: a valley of half the power
FLOOR = -80.0  # dB

Pair = tuple[float, float]


def tone_spectrum(
    frequencies: Pair, sampling_rate: float, n_samples: int, n_fft: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Measure the spectrum of two equally strong tones, seen through a Hann window.

    Of :math:`y_n = \sum_i \cos(2 \pi f_i (n - N/2) / r)` and the window
    :math:`w_n = \frac12 - \frac12 \cos(2 \pi n / N)`, for n from 0 to N - 1: the magnitude of the Fourier transform of
    :math:`w_n y_n`, followed by zeros so that the curve is smooth. Zeros add points to the curve, no resolution. In
    the middle of the window both tones are at their crest.

    Parameters
    ----------
    frequencies : tuple of two float
        In Hz.
    sampling_rate : float
        r, in Hz.
    n_samples : int
        N, the length of the window.
    n_fft : int
        Length of the transform, `n_samples` or more.

    Returns
    -------
    hertz : ndarray of shape (1 + n_fft // 2,)
    level : ndarray of the same shape
        In dB; 0 is the peak of one such tone alone, and -80 the floor.

    Examples
    --------
    >>> from mmlearn_edu.widgets import tone_spectrum
    >>> hertz, level = tone_spectrum((440, 460), 8000, n_samples=4000, n_fft=8000)
    >>> hertz[level > -1]
    array([440., 460.])
    """
    n = np.arange(n_samples)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * n / n_samples)
    y = sum(np.cos(2 * np.pi * f * (n - n_samples / 2) / sampling_rate) for f in frequencies)
    magnitude = np.abs(np.fft.rfft(window * y, n_fft)) / (window.sum() / 2)
    hertz = np.arange(len(magnitude)) * sampling_rate / n_fft
    return hertz, np.maximum(FLOOR, 20 * np.log10(np.maximum(magnitude, 1e-12)))


def peak_dip(frequencies: Pair, sampling_rate: float, n_samples: int, n_fft: int) -> float:
    """Return how deep the valley between the two tones' peaks is, in dB.

    One peak is looked for on each side of the middle between the tones, no further out than half their distance; the
    valley is the lowest point between these two, and its depth is measured from the lower peak. Two tones count as
    separated from 3 dB on, half the power; such a rule is a convention, see [1]_ for others.

    Parameters
    ----------
    frequencies : tuple of two float
        In Hz.
    sampling_rate : float
        In Hz.
    n_samples, n_fft : int
        Length of the window and of the transform.

    Returns
    -------
    float
        0 or more; 0 where the tones melt into one peak.

    References
    ----------
    .. [1] Harris, F. J. (1978). On the use of windows for harmonic analysis with the discrete Fourier transform.
       Proceedings of the IEEE 66(1), 51-83.

    Examples
    --------
    >>> from mmlearn_edu.widgets import peak_dip
    >>> peak_dip((440, 460), 8000, n_samples=400, n_fft=8192), peak_dip((440, 460), 8000, 1600, 8192) > 3
    (0.0, True)
    """
    _, level = tone_spectrum(frequencies, sampling_rate, n_samples, n_fft)
    low, high = sorted(frequencies)
    first, middle, last = (
        round(f * n_fft / sampling_rate) for f in (1.5 * low - 0.5 * high, (low + high) / 2, 1.5 * high - 0.5 * low)
    )
    left = first + int(level[first : middle + 1].argmax())
    right = middle + int(level[middle : last + 1].argmax())
    return float(min(level[left], level[right]) - level[left : right + 1].min())


def shortest_window(frequencies: Pair = (440.0, 460.0), sampling_rate: float = 8000.0) -> float:
    """Return the shortest window, of those the slider offers, that separates two tones by 3 dB.

    Parameters
    ----------
    frequencies : tuple of two float, default=(440.0, 460.0)
        In Hz.
    sampling_rate : float, default=8000.0
        In Hz.

    Returns
    -------
    float
        In milliseconds.

    Examples
    --------
    >>> from mmlearn_edu.widgets import shortest_window
    >>> shortest_window((440, 460), sampling_rate=8000), shortest_window((440, 450), sampling_rate=8000)
    (125.0, 250.0)
    """
    unit, n_fft = slider_grid(frequencies, sampling_rate)
    for step in range(1, STEPS + 1):
        if peak_dip(frequencies, sampling_rate, step * unit, n_fft) >= SEPARATED:
            return 1000 * step * unit / sampling_rate
    raise AssertionError("the longest window spans six beats and separates any two tones")


def slider_grid(frequencies: Pair, sampling_rate: float) -> tuple[int, int]:
    """Return the samples in one step of the slider, and a transform with 20 points or more between the tones."""
    distance = abs(frequencies[1] - frequencies[0])
    return round(sampling_rate / distance / 10), 2 ** math.ceil(math.log2(20 * sampling_rate / distance))
