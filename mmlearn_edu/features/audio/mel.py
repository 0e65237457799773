"""Frequencies as the ear groups them."""

import numpy as np

from mmlearn_edu.features.audio._clips import Floats

__all__ = ["mel_filter_bank"]


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


def _mel(hz: float) -> float:
    """Slaney's scale: linear up to 1000 Hz, then logarithmic."""
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * float(np.log(hz / 1000) / np.log(6.4))


def _hz(mel: Floats) -> Floats:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))
