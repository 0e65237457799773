"""Handwritten digits, each with a spoken digit and a caption."""

import csv
import functools
import io
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, overload

import numpy as np
import soundfile
from numpy.typing import NDArray

from mmlearn_edu.datasets._captions import caption_digits
from mmlearn_edu.datasets._files import read_bytes, read_card
from mmlearn_edu.datasets._noise import add_audio_noise, add_image_noise, check_noise
from mmlearn_edu.datasets._random import RandomLike, streams
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["load_spoken_digits"]

NAME = "spoken_digits"
N_SAMPLES_PER_CLIP = 5600  # 0.7 s: the longest clip fits, shorter ones end in silence
# scikit-learn's digits come writer by writer: the same 130-digit form, filled in again and again, now and then
# with a few digits missing. A block starts wherever the form starts again.
BLOCK_STARTS = [0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667]
VOICES_PER_WRITER = 2
N_TAKES = 3


@overload
def load_spoken_digits(
    image_noise: float = ...,
    audio_snr_db: float | None = ...,
    random_state: RandomLike = ...,
    return_X_y: Literal[False] = ...,
) -> Dataset: ...
@overload
def load_spoken_digits(
    image_noise: float = ...,
    audio_snr_db: float | None = ...,
    random_state: RandomLike = ...,
    *,
    return_X_y: Literal[True],
) -> tuple[Modalities, NDArray[np.int64]]: ...
def load_spoken_digits(
    image_noise: float = 0.0,
    audio_snr_db: float | None = None,
    random_state: RandomLike = 0,
    return_X_y: bool = False,
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Load 1797 digits as handwriting, speech and caption.

    Parameters
    ----------
    image_noise : float, default=0.0
        Standard deviation of Gaussian noise on every pixel, as a share of the range from white to black.
    audio_snr_db : float, default=None
        Signal-to-noise ratio of white noise on every clip, in decibels: the mean power of the speech, silence after it
        left out, over that of the noise. None adds no noise; 0 is as loud as the speech; -10 is ten times its power.
    random_state : int, None, Generator or RandomState, default=0
        Seeds the noise and the captions, each on its own. The pairing of image and clip never changes.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of 1797 samples
        ``X["image"]`` is uint8 of shape (1797, 8, 8), 0 (white) to 255 (black); ``X["audio"]`` is int16 of shape
        (1797, 5600), mono at `SAMPLING_RATE` Hz; ``X["text"]`` is an array of captions; ``y`` is the digit. Split by
        ``groups["writer"]``: each writer has two voices of their own, so the same split keeps the voices apart too.
        The latents name the clip, its length in samples, the take, and the flite voice (base) it was made from.

    Raises
    ------
    ValueError
        If `image_noise` is not in 0..10, or `audio_snr_db` is not finite.
    CorruptDatasetError
        If a shipped file is missing or has been changed.
    """
    check_noise(image_noise, audio_snr_db)
    image_rng, audio_rng, text_rng = streams(random_state, 3)
    pictures, y = _read_pictures()
    y = y.copy()
    writer = np.searchsorted(BLOCK_STARTS, np.arange(len(y)), side="right") - 1
    speech, clips = _read_speech()
    row = _pair(y, writer)
    audio, length = _cut(speech, clips["start"][row], clips["stop"][row])
    X = Modalities(
        {
            "image": add_image_noise((pictures * 255 // 16).astype(np.uint8), image_noise, image_rng),
            "audio": add_audio_noise(audio, length, audio_snr_db, audio_rng),
            "text": caption_digits(y, text_rng),
        }
    )
    if return_X_y:
        return X, y
    return Dataset(
        name=NAME,
        X=X,
        y=y,
        groups={"writer": writer, "voice": clips["voice"][row]},
        latents={"clip": clips["clip"][row], "length": length, "take": clips["take"][row], "base": clips["base"][row]},
        card=read_card(NAME),
        target_names=tuple("0123456789"),
    )


@functools.cache
def _read_pictures() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return images, (1797, 8, 8) from 0 to 16, and digits, from the file that scikit-learn ships.

    Its loader imports all of scikit-learn, a second for whoever needs nothing else of it: only if the file has moved.
    """
    found = find_spec("sklearn")
    path = Path(found.origin or "").parent / "datasets" / "data" / "digits.csv.gz" if found else Path()
    if path.is_file():
        table = np.loadtxt(path, delimiter=",")
        pictures, y = table[:, :-1].reshape(-1, 8, 8), table[:, -1].astype(np.int64)
    else:
        from sklearn.datasets import load_digits

        digits = load_digits()
        pictures, y = digits.images, digits.target.astype(np.int64)
    pictures.flags.writeable = y.flags.writeable = False
    return pictures, y


@functools.cache  # decoding takes ten times as long as all the rest
def _read_speech() -> tuple[NDArray[np.int16], dict[str, NDArray[np.int64]]]:
    """Return all clips end to end, and the table that says where each one is: one array per column."""
    speech, _ = soundfile.read(io.BytesIO(read_bytes(NAME, "speech.flac")), dtype="int16")
    speech.flags.writeable = False
    rows = list(csv.DictReader(io.StringIO(read_bytes(NAME, "clips.csv").decode())))
    return speech, {
        name: np.array([row[name] if name == "base" else int(row[name]) for row in rows]) for name in rows[0]
    }


def _pair(y: NDArray[np.int64], writer: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row of ``clips.csv`` for each image: a writer's j-th image of a digit gets the next voice, then take.

    The clips are sorted by voice, digit, take, and voices 2 w and 2 w + 1 belong to writer w.
    """
    kind = writer * 10 + y
    order = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[order], kind)
    j = np.empty(len(y), dtype=np.int64)
    j[order] = np.arange(len(y))
    j -= first
    voice = VOICES_PER_WRITER * writer + j % VOICES_PER_WRITER
    take = j // VOICES_PER_WRITER % N_TAKES
    return (voice * 10 + y) * N_TAKES + take


def _cut(
    speech: NDArray[np.int16], start: NDArray[np.int64], stop: NDArray[np.int64]
) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Return the clips as rows of one length, silence after each, and how many samples of each row are speech."""
    length = stop - start
    rows = np.zeros((len(start), N_SAMPLES_PER_CLIP), dtype=np.int16)
    for row, first, last in zip(rows, start, stop, strict=True):
        row[: last - first] = speech[first:last]
    return rows, length
