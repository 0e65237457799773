"""Real people saying the ten digits."""

import re
import tarfile
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._download import Download, read_download
from mmlearn_edu.datasets._readers import decode_sound
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["fetch_fsdd"]

VERSION = "1.0.9"
ARCHIVE = Download(
    url=f"https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v{VERSION}.tar.gz",
    # published in tensorflow/datasets, tensorflow_datasets/datasets/spoken_digit/checksums.tsv
    sha256="8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0",
    file=f"free-spoken-digit-dataset-{VERSION}.tar.gz",
    twin="load_spoken_digits()",
    megabytes=12,
)
RECORDING = re.compile(r".*/recordings/(\d)_([a-z]+)_(\d+)\.wav")
CARD = f"""# fsdd

The Free Spoken Digit Dataset {VERSION}: people say the digits 0 to 9 in English.

## Origin

Jakobovski et al., https://github.com/Jakobovski/free-spoken-digit-dataset, https://doi.org/10.5281/zenodo.1342401.
Fetched when asked for (12 MB); nothing of it is shipped here.

## Licence

CC BY-SA 4.0.

## How it was made

Recorded by volunteers, cut close to the speech. Takes 0 to 4 of each voice and digit are its official test set, but
both sides of that split have the same voices: split by `groups["voice"]` to learn how well a new voice is understood.

## Limits

Five voices, English only: what works for them may not work for another voice or language.
"""


@overload
def fetch_fsdd(data_home: str | PathLike[str] | None = ..., return_X_y: Literal[False] = ...) -> Dataset: ...
@overload
def fetch_fsdd(
    data_home: str | PathLike[str] | None = ..., *, return_X_y: Literal[True]
) -> tuple[Modalities, NDArray[np.int64]]: ...
def fetch_fsdd(
    data_home: str | PathLike[str] | None = None, return_X_y: bool = False
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Fetch 2500 spoken digits of five real voices, the Free Spoken Digit Dataset 1.0.9 [1]_.

    The first call downloads 12 MB and compares them with the published checksum; later calls need no network.

    Parameters
    ----------
    data_home : str or path, default=None
        Folder to keep the download in; None: the user's cache folder.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of one sample per recording, by digit, voice, take
        ``X["audio"]`` is int16 of shape (n, n_samples of the longest), mono at `SAMPLING_RATE` Hz, silence after the
        shorter ones; ``y`` is the digit; ``groups["voice"]`` the speaker's name; ``latents["take"]`` counts the
        recordings of a voice and digit, ``latents["length"]`` the samples before the silence.

    Raises
    ------
    DatasetUnavailable
        If the download does not arrive or cannot be read; `load_spoken_digits` has synthesised voices and needs no
        network.

    References
    ----------
    .. [1] Jakobovski et al., Free Spoken Digit Dataset, https://doi.org/10.5281/zenodo.1342401

    Examples
    --------
    >>> from mmlearn_edu.datasets import fetch_fsdd
    >>> data = fetch_fsdd()  # doctest: +SKIP
    >>> data.X["audio"].dtype, data.target_names  # doctest: +SKIP
    (dtype('int16'), ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))
    """
    recordings = read_download(ARCHIVE, data_home, _read)
    digit, voice, take = (np.array(column) for column in zip(*recordings, strict=True))
    length = np.array([len(wave) for wave in recordings.values()])
    audio = np.zeros((len(recordings), length.max()), dtype=np.int16)
    for row, wave in zip(audio, recordings.values(), strict=True):
        row[: len(wave)] = wave
    X = Modalities({"audio": audio})
    if return_X_y:
        return X, digit
    return Dataset(
        name="fsdd",
        X=X,
        y=digit,
        groups={"voice": voice},
        latents={"take": take, "length": length},
        card=CARD,
        target_names=tuple("0123456789"),
    )


def _read(path: Path) -> dict[tuple[int, str, int], NDArray[np.int16]]:
    """Return every recording by digit, voice and take, straight from the archive: nothing is unpacked onto the disk."""
    recordings = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member) if (name := RECORDING.fullmatch(member.name)) else None
            if name and content:
                recordings[int(name[1]), name[2], int(name[3])] = decode_sound(BytesIO(content.read()))
    if not recordings:
        raise ValueError("it holds no recordings/DIGIT_VOICE_TAKE.wav")
    return dict(sorted(recordings.items()))
