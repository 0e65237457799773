"""Seventy thousand handwritten digits."""

from os import PathLike
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._download import Download, read_download
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["fetch_mnist"]

ARCHIVE = Download(
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    # published in keras-team/keras, keras/src/datasets/mnist.py
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    file="mnist.npz",
    twin="load_spoken_digits()",
    megabytes=11,
)
CARD = """# mnist

MNIST: 70000 digits that American clerks and pupils wrote by hand, 28 x 28 pixels.

## Origin

LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/, from forms of NIST; the copy that Keras serves.
Fetched when asked for (11 MB); nothing of it is shipped here.

## Licence

CC BY-SA 3.0, as Keras states it.

## How it was made

Digits cut from filled-in forms, scaled into 20 x 20 pixels, then centred by their mass in 28 x 28.
The official split, 60000 to train and 10000 to test, has no writer on both sides.

## Limits

Who wrote which digit is not told: a random split of the training digits has the same writers on both sides, and so
flatters. Nearly solved since long: what helps here may not help elsewhere.
"""


@overload
def fetch_mnist(data_home: str | PathLike[str] | None = ..., return_X_y: Literal[False] = ...) -> Dataset: ...
@overload
def fetch_mnist(
    data_home: str | PathLike[str] | None = ..., *, return_X_y: Literal[True]
) -> tuple[Modalities, NDArray[np.int64]]: ...
def fetch_mnist(
    data_home: str | PathLike[str] | None = None, return_X_y: bool = False
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Fetch 70000 handwritten digits, 60000 to train and 10000 to test [1]_.

    The first call downloads 11 MB and compares them with the published checksum; later calls need no network.

    Parameters
    ----------
    data_home : str or path, default=None
        Folder to keep the download in; None: the user's cache folder.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of one sample per digit, the official training digits first
        ``X["image"]`` is uint8 of shape (70000, 28, 28), 0 (paper) to 255 (ink); ``y`` is the digit;
        ``latents["split"]`` is "train" or "test", which no writer is on both sides of.

    Raises
    ------
    DatasetUnavailable
        If the download does not arrive or cannot be read; `load_spoken_digits` has 1797 handwritten digits of 8 x 8
        pixels, each with sound and caption, and needs no network.

    References
    ----------
    .. [1] LeCun, Y., Bottou, L., Bengio, Y. and Haffner, P. (1998). Gradient-based learning applied to document
       recognition. Proceedings of the IEEE 86(11), 2278-2324.

    Examples
    --------
    >>> from mmlearn_edu.datasets import fetch_mnist
    >>> data = fetch_mnist()  # doctest: +SKIP
    >>> test = data.X[data.latents["split"] == "test"]  # doctest: +SKIP
    >>> test["image"].shape  # doctest: +SKIP
    (10000, 28, 28)
    """
    arrays = read_download(ARCHIVE, data_home, _read)
    X = Modalities({"image": np.concatenate([arrays["x_train"], arrays["x_test"]])})
    y = np.concatenate([arrays["y_train"], arrays["y_test"]]).astype(np.int64)
    if return_X_y:
        return X, y
    split = np.repeat(["train", "test"], [len(arrays["y_train"]), len(arrays["y_test"])])
    return Dataset(name="mnist", X=X, y=y, latents={"split": split}, card=CARD, target_names=tuple("0123456789"))


def _read(path: Path) -> dict[str, NDArray[np.uint8]]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        arrays = {f"{what}_{split}": archive[f"{what}_{split}"] for what in "xy" for split in ("train", "test")}
    found = {name: (array.dtype.name, array.shape[1:]) for name, array in arrays.items()}
    expected = {name: ("uint8", (28, 28) if name.startswith("x") else ()) for name in arrays}
    if found != expected:
        raise ValueError(f"expected type and shape of a row {expected}, found {found}")
    return arrays
