"""Sound to listen to beside its picture, with a moment to mark (chapter 06)."""

import itertools
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from mmlearn_edu.widgets._bytes import packed
from mmlearn_edu.widgets._loudness import LOUDEST, as_waveforms, sixteen_bits
from mmlearn_edu.widgets._svg import MUTED, PALETTE, line, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["PlaySound", "listen"]

PICTURES = ("both", "waveform", "spectrogram")
SLOWEST, FASTEST = 3000, 96000  # Hz: what browsers play


class PlaySound(Explorable):
    """Listen to clips of sound, see them, and mark a moment.

    Nothing sounds before a key or a button is pressed, and no peak is played above half of full scale.

    Attributes
    ----------
    answer : float or None
        None until a moment was marked; then its time in seconds.
    marked : list
        Which clip was marked, counted from 0, and the time; empty before.
    times : list of float
        Where the playhead of each clip stands, in seconds.
    speed : float
        1 as it was recorded; 0.5 half as fast, at the same pitch.
    """

    sound = traitlets.List(traitlets.Unicode()).tag(sync=True)
    scale = traitlets.Float(1.0).tag(sync=True)
    loudest = traitlets.Float(LOUDEST).tag(sync=True)
    rate = traitlets.Float().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    picture = traitlets.Unicode("both").tag(sync=True)
    times = traitlets.List(traitlets.Float()).tag(sync=True)
    speed = traitlets.Float(1.0).tag(sync=True)
    marked = traitlets.List(traitlets.Any()).tag(sync=True)

    def _clips(self) -> list[NDArray[np.float64]]:
        return [np.frombuffer(b64decode(clip), "<i2") * (self.scale / 32768) for clip in self.sound]

    def _alt(self) -> str:
        said = []
        for name, y in zip(self.names, self._clips(), strict=True):
            loud = f"{np.abs(y).argmax() / self.rate:.2f}"
            said.append(self._say("alt-clip", name=name, seconds=f"{len(y) / self.rate:.2f}", loud=loud))
        return self._say("alt", clips=self._say("semicolon").join(said))

    def _still(self) -> str:
        clips = self._clips()
        longest, peak = max(map(len, clips)), max(max(float(np.abs(y).max()) for y in clips), 1e-9)
        parts = []
        for row, (name, y) in enumerate(zip(self.names, clips, strict=True)):
            middle = 70 + 100 * row
            parts += [text(20, middle - 42, name), line(20, middle, 500, middle, f'stroke="{MUTED}"')]
            ends = np.linspace(0, len(y), min(480 * len(y) // longest, len(y)) + 2, dtype=int)
            tops = [(y[a:b].min(), y[a:b].max()) for a, b in itertools.pairwise(ends) if b > a]
            x = 20 + 480 * len(y) / longest * np.arange(len(tops)) / len(tops)
            strokes = "".join(
                f"M{at:.1f},{middle - 34 * high / peak:.1f}V{middle - 34 * low / peak + 0.5:.1f}"
                for at, (low, high) in zip(x, tops, strict=True)
            )
            parts.append(f'<path d="{strokes}" stroke="{PALETTE[0]}"/>')
        return picture(520, 30 + 100 * len(clips), self._say("title"), parts)


def listen(
    clips: Any,
    sampling_rate: float,
    *,
    names: Sequence[str] = (),
    picture: str = "both",
    task: str = "",
) -> PlaySound:
    """Open one clip of sound or several, below each other, with a picture and a playhead each.

    Parameters
    ----------
    clips : array-like of shape (n_samples,), or a sequence of up to four of them
        Sound pressure: int16, or floats in [-1, 1]; floats beyond are kept, and played more quietly. Together at most
        a million bytes at two a sample: a minute at 8000 Hz.
    sampling_rate : float
        In Hz, from 3000 to 96000.
    names : sequence of str, default=()
        One for each clip; numbered if empty.
    picture : {"both", "waveform", "spectrogram"}, default="both"
    task : str, default=""
        Which moment to mark, in words; the loudest if empty.

    Returns
    -------
    PlaySound
        Show it as the last line of a cell; its ``.answer`` is the marked time in seconds.

    Raises
    ------
    ValueError, TypeError
        If the clips are no sound, too many or too long, or an option is none of those above.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import listen
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000) * np.linspace(0, 1, 8000)
    >>> noise = np.random.default_rng(0).normal(scale=0.1, size=8000)
    >>> widget = listen([tone, tone + noise], 8000, names=["clean", "noisy"])
    """
    if not SLOWEST <= sampling_rate <= FASTEST:
        raise ValueError(f"{sampling_rate=} Hz, and browsers play {SLOWEST} to {FASTEST}; resample the sound first")
    if picture not in PICTURES:
        raise ValueError(f"{picture=}; there is {', '.join(PICTURES)}")
    waveforms = as_waveforms(clips)
    if len(names) not in (0, len(waveforms)):
        raise ValueError(f"names has {len(names)} names for {len(waveforms)} clips; give one for each, or none")
    samples, scale = sixteen_bits(waveforms)
    widget = PlaySound(
        sound=[packed(clip) for clip in samples], scale=scale, rate=float(sampling_rate), picture=picture,
        times=[0.0] * len(samples), task=task,
    )  # fmt: skip
    widget.names = [*map(str, names)] or [widget._say("clip", number=number + 1) for number in range(len(samples))]
    return widget
