"""Frequencies as the ear groups them."""

import numpy as np

from mmlearn_edu._validation import check_whole
from mmlearn_edu.features.audio._clips import Floats, check_sampling_rate

__all__ = ["mel_filter_bank"]


def mel_filter_bank(sampling_rate: float, n_fft: int = 512, n_mels: int = 40) -> Floats:
    r"""Build triangles that gather frequencies as the ear does: narrow when low, wide when high.

    Equal steps on the mel scale sound equally far apart: :math:`m(f) = 3 f / 200` up to 1000 Hz, and
    :math:`15 + 27 \log_{6.4}(f / 1000)` above [1]_. Of `n_mels` + 2 corners in equal steps from 0 mel to that of half
    the sampling rate, triangle i rises from corner i to corner i + 1 and falls to corner i + 2. Multiplied by a power
    spectrogram, ``bank @ power``, the triangles give the power of each band.

    Parameters
    ----------
    sampling_rate : float
        In Hz.
    n_fft : int, default=512
        Length of the windows of the power spectrogram, in samples.
    n_mels : int, default=40
        Triangles, 1 or more.

    Returns
    -------
    ndarray of shape (n_mels, 1 + n_fft // 2)
        Each triangle has the area 1 over frequency in Hz, so that a wide band does not look louder. As librosa's.

    Raises
    ------
    ValueError
        If a triangle would fall between two frequencies and hear nothing, or a number is out of range.
    TypeError
        If `n_fft` or `n_mels` is not a whole number.

    References
    ----------
    .. [1] Slaney, M. (1998). Auditory Toolbox, version 2. Technical Report 1998-010, Interval Research Corporation.

    Examples
    --------
    >>> from mmlearn_edu.features import mel_filter_bank
    >>> bank = mel_filter_bank(8000, n_mels=4)
    >>> bank.shape
    (4, 257)
    >>> bank.argmax(axis=1) * 8000 / 512  # the tips, in Hz: farther apart the higher they are
    array([ 468.75 ,  937.5  , 1515.625, 2468.75 ])
    """
    check_sampling_rate(sampling_rate)
    check_whole(n_fft=n_fft, n_mels=n_mels)
    if n_fft < 2 or n_mels < 1:
        raise ValueError(f"expected n_fft of 2 or more and n_mels of 1 or more, got {n_fft=} and {n_mels=}")
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


def _mel(hz: float) -> float:
    """Hertz to mel: linear up to 1000 Hz (15 mel), then logarithmic."""
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * float(np.log(hz / 1000) / np.log(6.4))


def _hz(mel: Floats) -> Floats:
    """Mel to hertz, the way back."""
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))
