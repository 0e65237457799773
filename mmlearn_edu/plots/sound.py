"""Sound as a curve and as a spectrogram."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from mmlearn_edu.features import power_spectrogram
from mmlearn_edu.features.audio._clips import Floats, as_pressure
from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import COLOURS, new_axes, on_paper

__all__ = ["spectrogram", "waveform"]

RANGE_DB = 80


@on_paper
def waveform(y: ArrayLike, sampling_rate: float, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the sound pressure of one clip over time.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        int16, or floats in [-1, 1].
    sampling_rate : float
        In Hz.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.plots import describe, waveform
    >>> describe(waveform(np.linspace(1, -0.5, 4000), sampling_rate=8000))
    'Waveform of 0.5 s, amplitude up to 1; loudest at 0.00 s.'
    """
    y, seconds = _one_clip(y, sampling_rate)
    ax = new_axes(ax, (6.0, 2.4))
    ax.plot(np.arange(len(y)) / sampling_rate, y, color=COLOURS[0], linewidth=0.6)
    ax.set(xlabel="time (s)", ylabel="amplitude", title=title, xlim=(0, seconds))
    size = np.abs(y)
    said = f"amplitude up to {size.max():.2g}; loudest at {size.argmax() / sampling_rate:.2f} s"
    return finish(ax, f"Waveform of {seconds:.3g} s, {said}.", title)


@on_paper
def spectrogram(
    y: ArrayLike,
    sampling_rate: float,
    *,
    n_fft: int = 512,
    hop_length: int = 128,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the power of one clip over time and frequency, 80 dB down from its loudest moment.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        int16, or floats in [-1, 1].
    sampling_rate : float
        In Hz.
    n_fft, hop_length : int, default=512, 128
        Window and step, in samples, as in `power_spectrogram`.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.plots import describe, spectrogram
    >>> describe(spectrogram(np.sin(2 * np.pi * 1000 * np.arange(4000) / 8000), sampling_rate=8000))
    'Spectrogram of 0.5 s, 0 to 4000 Hz; strongest at 1000 Hz.'
    """
    y, seconds = _one_clip(y, sampling_rate)
    power = power_spectrogram(y[None], n_fft, hop_length)[0]
    level = 10 * np.log10(np.maximum(power, 1e-10) / max(power.max(), 1e-10))
    ax = new_axes(ax, (6.0, 3.0))
    top = sampling_rate / 2
    picture = ax.imshow(
        level, origin="lower", aspect="auto", cmap="magma", vmin=-RANGE_DB, vmax=0, extent=(0, seconds, 0, top)
    )
    ax.figure.colorbar(picture, ax=ax, label="power (dB)")
    ax.set(xlabel="time (s)", ylabel="frequency (Hz)", title=title)
    strongest = power.sum(axis=1).argmax() * sampling_rate / (2 * (len(power) - 1))
    said = f"Spectrogram of {seconds:.3g} s, 0 to {top:.0f} Hz; strongest at {strongest:.0f} Hz."
    return finish(ax, said, title)


def _one_clip(y: ArrayLike, sampling_rate: float) -> tuple[Floats, float]:
    clip = np.asarray(y)
    if clip.ndim != 1 or len(clip) == 0:
        raise ValueError(f"expected one clip of shape (n_samples,), got {clip.shape}; pick one, e.g. y[0]")
    if not sampling_rate > 0:
        raise ValueError(f"expected a positive sampling_rate in Hz, got {sampling_rate}")
    return as_pressure(clip[None])[0], len(clip) / sampling_rate
