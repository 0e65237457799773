"""Clips to scrub through frame by frame, with a frame to mark (chapter 07)."""

from base64 import b64decode
from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.widgets._bytes import as_bytes, check_size, packed
from mmlearn_edu.widgets._svg import image, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["PlayClip", "frame_energy", "watch"]

MAX_CLIPS = 4  # side by side
MAX_FRAME_RATE = 60


def frame_energy(clip: ArrayLike) -> NDArray[np.float64]:
    """Return how much the picture changes from each frame of one clip to the next.

    What `mmlearn_edu.features.motion_energy` returns for a batch; colour is averaged over its channels first.

    Parameters
    ----------
    clip : array-like of shape (n_frames, height, width) or (n_frames, height, width, 3)
        uint8, or floats in [0, 1].

    Returns
    -------
    ndarray of shape (n_frames - 1,)
        Mean absolute difference of brightness, in [0, 1]; entry t is the change from frame t to frame t + 1.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import frame_energy
    >>> frame_energy(np.array([0.0, 0.0, 0.5, 1.0])[:, None, None])
    array([0. , 0.5, 0.5])
    """
    frames = np.asarray(clip)
    grey = frames / 255 if frames.dtype == np.uint8 else frames.astype(float)
    grey = grey.mean(axis=-1) if grey.ndim == 4 else grey
    return np.asarray(np.abs(np.diff(grey, axis=0)).mean(axis=(1, 2)))


class PlayClip(Explorable):
    """Scrub through clips of film, watch them, and mark a frame.

    Nothing moves before a key or a button is pressed, and nothing is repeated.

    Attributes
    ----------
    answer : int or None
        None until a frame was marked; then its number, counted from 0.
    frame : int
        The frame that is shown. A clip that is shorter shows its last one.
    speed : float
        1 at its own frame rate, 0.25 a quarter as fast; 0 until chosen: then 1, or 0.25 where the system asks for
        less motion.
    energy : bool
        Whether the change from frame to frame is drawn below.
    """

    film = traitlets.List(traitlets.Unicode()).tag(sync=True)
    shapes = traitlets.List(traitlets.List()).tag(sync=True)
    rate = traitlets.Float().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    energy = traitlets.Bool(True).tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    speed = traitlets.Float(0.0).tag(sync=True)

    def _clips(self) -> list[NDArray[np.uint8]]:
        packs = zip(self.film, self.shapes, strict=True)
        return [np.frombuffer(b64decode(film), np.uint8).reshape(shape) for film, shape in packs]

    def _alt(self) -> str:
        said = [
            self._say("alt-clip", name=name, count=len(clip), height=clip.shape[1], width=clip.shape[2])
            for name, clip in zip(self.names, self._clips(), strict=True)
        ]
        return self._say("alt", clips=self._say("semicolon").join(said), frame=self.frame)

    def _still(self) -> str:
        """Draw each clip as a strip of up to six frames."""
        parts: list[str] = []
        for row, (name, clip) in enumerate(zip(self.names, self._clips(), strict=True)):
            top = 20 + 130 * row
            parts.append(text(20, top + 12, name))
            for column, number in enumerate(np.linspace(0, len(clip) - 1, min(6, len(clip)), dtype=int)):
                parts.append(image(20 + 90 * column, top + 22, 80, 80, clip[number]))
                parts.append(text(20 + 90 * column, top + 116, self._say("frame-is", frame=number), 'font-size="11"'))
        return picture(570, 24 + 130 * len(self.film), self._say("title"), parts)


def watch(
    clips: Any,
    frame_rate: float = 8.0,
    *,
    names: Sequence[str] = (),
    energy: bool = True,
    task: str = "",
) -> PlayClip:
    """Open one clip or several, side by side, to scrub and to play.

    Parameters
    ----------
    clips : array-like of shape (n_frames, height, width) or (n_frames, height, width, 3), or a sequence of up to four
        Grey or colour: uint8, or floats in [0, 1] (drawn in 256 levels). Two frames or more; together at most a
        million pixels, in colour a third of that.
    frame_rate : float, default=8.0
        Frames per second, up to 60.
    names : sequence of str, default=()
        One for each clip; numbered if empty.
    energy : bool, default=True
        Whether to draw how much changes from frame to frame (see `frame_energy`).
    task : str, default=""
        Which frame to mark, in words; where motion ends if empty.

    Returns
    -------
    PlayClip
        Show it as the last line of a cell; its ``.answer`` is the number of the marked frame.

    Raises
    ------
    ValueError, TypeError
        If the clips are no films, too many or too large, or an option is none of those above.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import watch
    >>> clip = np.zeros((12, 16, 16), dtype=np.uint8)
    >>> for t in range(12):
    ...     clip[t, 6:10, min(t, 7) : min(t, 7) + 4] = 255  # a square that stops after frame 7
    >>> widget = watch(clip)
    """
    if not 0 < frame_rate <= MAX_FRAME_RATE:
        raise ValueError(f"{frame_rate=}, expected frames per second, more than 0 and up to {MAX_FRAME_RATE}")
    films = [_as_film(clip, number) for number, clip in enumerate(_apart(clips))]
    check_size(sum(film.size for film in films), "the film", "take fewer frames, clip[::2], or smaller ones")
    if len(names) not in (0, len(films)):
        raise ValueError(f"names has {len(names)} names for {len(films)} clips; give one for each, or none")
    widget = PlayClip(
        film=[packed(film) for film in films], shapes=[list(film.shape) for film in films], rate=float(frame_rate),
        energy=energy, task=task,
    )  # fmt: skip
    widget.names = [*map(str, names)] or [widget._say("clip", number=number + 1) for number in range(len(films))]
    return widget


def _apart(clips: Any) -> list[Any]:
    """Return one clip, or a sequence of clips, as a list of clips."""
    colour = isinstance(clips, np.ndarray) and clips.ndim == 4 and clips.shape[-1] == 3
    single = _depth(clips) == 3 or colour
    several = [clips] if single else list(clips)
    if not 1 <= len(several) <= MAX_CLIPS:
        raise ValueError(
            f"{len(several)} clips, and 1 to {MAX_CLIPS} fit side by side: pick some, clips[:{MAX_CLIPS}]; "
            "one clip as a list of colour frames becomes an array by np.stack(frames)"
        )
    return several


def _depth(given: Any) -> int:
    """Return how many axes an array, or a list of arrays of different sizes, has."""
    if isinstance(given, (list, tuple)):
        return 1 + _depth(given[0]) if given else 1
    return np.ndim(given)


def _as_film(clip: ArrayLike, number: int) -> NDArray[np.uint8]:
    film = as_bytes(clip, f"clip {number}")
    if not (film.ndim == 3 or (film.ndim == 4 and film.shape[-1] == 3)) or len(film) < 2:
        raise ValueError(
            f"clip {number} has shape {film.shape}, expected (n_frames, height, width), or (..., 3) for colour, with "
            "2 frames or more"
        )
    return film
