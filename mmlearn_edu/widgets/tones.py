"""Two tones close together, and a window to widen until their spectrum has two peaks (chapter 06)."""

import math

import numpy as np
import traitlets

from mmlearn_edu.widgets._svg import MUTED, PALETTE, line, picture, text
from mmlearn_edu.widgets._tones import SEPARATED, STEPS, Pair, peak_dip, slider_grid, tone_spectrum
from mmlearn_edu.widgets.base import Explorable

__all__ = ["ResolveTones", "resolve_tones"]

MAX_FFT = 2**15  # a longer one would make every move of the slider slow


class ResolveTones(Explorable):
    """Widen a window until the spectrum of two tones shows two peaks.

    Attributes
    ----------
    answer : float or None
        None until touched; then the length of the window in milliseconds.
    steps : int
        The length as the slider counts it, from 1 to 60.
    unit : int
        Samples in one step: a tenth of a beat of the two tones.
    """

    frequencies = traitlets.List(traitlets.Float()).tag(sync=True)
    rate = traitlets.Float().tag(sync=True)
    unit = traitlets.Int().tag(sync=True)
    n_fft = traitlets.Int().tag(sync=True)
    most = traitlets.Int(STEPS).tag(sync=True)
    separated = traitlets.Float(SEPARATED).tag(sync=True)
    steps = traitlets.Int(8).tag(sync=True)

    def _tones(self) -> Pair:
        low, high = self.frequencies
        return low, high

    def _task(self) -> str:
        low, high = self._tones()
        return self._say("task", low=f"{low:g}", high=f"{high:g}", distance=f"{high - low:g}")

    def _alt(self) -> str:
        low, high = self._tones()
        dip = peak_dip((low, high), self.rate, self.steps * self.unit, self.n_fft)
        window = f"{1000 * self.steps * self.unit / self.rate:g}"
        return self._say("alt", low=f"{low:g}", high=f"{high:g}", window=window, dip=f"{dip:.1f}")

    def _still(self) -> str:
        low, high = self._tones()
        hertz, level = tone_spectrum((low, high), self.rate, self.steps * self.unit, self.n_fft)
        reach = 5 * (high - low)
        near = (hertz >= low - reach) & (hertz <= high + reach)
        x = 20 + 440 * (hertz[near] - low + reach) / (high - low + 2 * reach)
        y = 40 + 180 * (6 - np.clip(level[near], -40, 6)) / 46
        curve = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        marks = [20 + 440 * (f - low + reach) / (high - low + 2 * reach) for f in (low, high)]
        parts = [
            *(line(mark, 40, mark, 220, f'stroke="{MUTED}" stroke-dasharray="4 3"') for mark in marks),
            f'<polyline points="{curve}" fill="none" stroke="{PALETTE[0]}" stroke-width="2"/>',
            text(marks[0], 34, f"{low:g} Hz", 'text-anchor="end"'),
            text(marks[1], 34, f"{high:g} Hz"),
            text(20, 242, self._say("window-is", window=f"{1000 * self.steps * self.unit / self.rate:g}")),
        ]
        return picture(480, 256, self._say("title"), parts)


def resolve_tones(frequencies: Pair = (440.0, 460.0), sampling_rate: float = 8000.0) -> ResolveTones:
    """Open the spectrum of two tones, with a window to widen.

    Parameters
    ----------
    frequencies : tuple of two float, default=(440.0, 460.0)
        In Hz, the lower one first; five times as far from 0 and from half the sampling rate as from each other, so
        that no echo of one reaches the other.
    sampling_rate : float, default=8000.0
        In Hz.

    Returns
    -------
    ResolveTones
        Show it as the last line of a cell; its ``.answer`` is the length of the window in milliseconds.
        `shortest_window` knows the shortest one.

    Raises
    ------
    ValueError
        If the frequencies are not such a pair, or too close together for a transform of 32768 samples.

    Examples
    --------
    >>> from mmlearn_edu.widgets import resolve_tones
    >>> widget = resolve_tones((440, 460), sampling_rate=8000)
    """
    if len(frequencies) != 2 or not frequencies[0] < frequencies[1]:
        raise ValueError(f"{frequencies=}: expected two in Hz, the lower one first, such as (440, 460)")
    low, high = map(float, frequencies)
    reach = 5 * (high - low)
    if not (low >= reach and high + reach <= sampling_rate / 2 < math.inf):
        raise ValueError(
            f"{frequencies=} at {sampling_rate=}: both must stay {reach:g} Hz, five times their distance, away from 0 "
            "and from half the sampling rate"
        )
    unit, n_fft = slider_grid((low, high), sampling_rate)
    if n_fft > MAX_FFT or unit < 4:
        raise ValueError(
            f"{frequencies=} at {sampling_rate=} need a transform of {n_fft} samples in steps of {unit}, and this "
            f"takes up to {MAX_FFT} in steps of 4 or more; choose another distance, or a lower sampling rate"
        )
    return ResolveTones(frequencies=[low, high], rate=float(sampling_rate), unit=unit, n_fft=n_fft)
