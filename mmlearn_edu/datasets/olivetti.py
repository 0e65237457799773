"""Photographs of forty real people."""

from os import PathLike
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._download import Download, read_download
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["fetch_olivetti"]

ARCHIVE = Download(
    url="https://ndownloader.figshare.com/files/5976027",
    # published in scikit-learn/scikit-learn, sklearn/datasets/_olivetti_faces.py
    sha256="b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794",
    file="olivettifaces.mat",
    twin="make_people()",
    megabytes=4,
)
HEIGHT = WIDTH = 64  # pixels
N_PER_PERSON = 10
CARD = """# olivetti

The Olivetti faces: ten photographs of each of forty real people, 64 x 64 pixels, grey.

## Origin

Taken from April 1992 to April 1994 at AT&T Laboratories Cambridge; the copy of Sam Roweis that scikit-learn serves.
Fetched when asked for (4 MB); nothing of it is shipped here, and no chapter needs it.

## Licence

None is stated; AT&T Laboratories Cambridge asks to be given credit.

## Real people

What these forty people agreed to is not recorded here, and their faces have since gone round the world. Do not try to
find out who they are, do not judge them by their looks, do not pass the pictures on. Wherever a chapter can do without
real faces, it takes `make_people()`: nobody there exists.

## How it was made

Some people came back on another day; light, expression and glasses vary, the dark background does not. Split by
`groups["person"]` to learn how well new people are told apart.

## Limits

Forty people of one place and time: an error rate found here says little of anybody else.
"""


@overload
def fetch_olivetti(data_home: str | PathLike[str] | None = ..., return_X_y: Literal[False] = ...) -> Dataset: ...
@overload
def fetch_olivetti(
    data_home: str | PathLike[str] | None = ..., *, return_X_y: Literal[True]
) -> tuple[Modalities, NDArray[np.int64]]: ...
def fetch_olivetti(
    data_home: str | PathLike[str] | None = None, return_X_y: bool = False
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Fetch 400 photographs of forty real people, the Olivetti faces [1]_; read the card first.

    The first call downloads 4 MB and compares them with the published checksum; later calls need no network.

    Parameters
    ----------
    data_home : str or path, default=None
        Folder to keep the download in; None: the user's cache folder.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of one sample per photograph, ten of each person in a row
        ``X["image"]`` is uint8 of shape (400, 64, 64), 0 (black) to 255 (white); ``y`` is the number of the person,
        0 to 39, and so is ``groups["person"]``.

    Raises
    ------
    DatasetUnavailable
        If the download does not arrive or cannot be read; `make_people` draws people who do not exist and needs no
        network.

    References
    ----------
    .. [1] Samaria, F. and Harter, A. (1994). Parameterisation of a stochastic model for human face identification.
       IEEE Workshop on Applications of Computer Vision, 138-142.

    Examples
    --------
    >>> from mmlearn_edu.datasets import fetch_olivetti
    >>> data = fetch_olivetti()  # doctest: +SKIP
    >>> data.X["image"].shape, len(set(data.groups["person"]))  # doctest: +SKIP
    ((400, 64, 64), 40)
    """
    faces = read_download(ARCHIVE, data_home, _read)
    person = np.arange(len(faces)) // N_PER_PERSON
    X = Modalities({"image": faces})
    if return_X_y:
        return X, person
    names = tuple(str(number) for number in np.unique(person))
    return Dataset(name="olivetti", X=X, y=person, groups={"person": person}, card=CARD, target_names=names)


def _read(path: Path) -> NDArray[np.uint8]:
    """Return the faces as (n, height, width); Matlab keeps one face per column, and each face column by column."""
    from scipy.io import loadmat  # heavy, and only this file is of Matlab

    columns = loadmat(path, variable_names="faces")["faces"]
    if columns.ndim != 2 or len(columns) != HEIGHT * WIDTH or columns.shape[1] % N_PER_PERSON:
        raise ValueError(f"expected faces of shape ({HEIGHT * WIDTH}, n), ten each, found {columns.shape}")
    if not np.isin(columns, np.arange(256)).all():
        raise ValueError("expected whole grey values from 0 to 255")
    return columns.T.reshape(-1, WIDTH, HEIGHT).transpose(0, 2, 1).astype(np.uint8)
