"""What can be fetched, for the command line and for whoever prepares a classroom without a network."""

from os import PathLike
from pathlib import Path

from mmlearn_edu.datasets import fsdd, mnist, multiple_features, newsgroups, olivetti
from mmlearn_edu.datasets._download import download
from mmlearn_edu.datasets._files import summary
from mmlearn_edu.naming import nearest

__all__ = ["fetch_file", "list_downloads"]

DOWNLOADS = {
    "fsdd": fsdd,
    "mnist": mnist,
    "multiple_features": multiple_features,
    "newsgroups": newsgroups,
    "olivetti": olivetti,
}


def list_downloads() -> dict[str, str]:
    """Return the name of every dataset that ``fetch_NAME()`` downloads: one line each, with the size of the download.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> from mmlearn_edu.datasets import list_downloads
    >>> list_downloads()["mnist"]
    'MNIST: 70000 digits that American clerks and pupils wrote by hand, 28 x 28 pixels. (11 MB)'
    """
    return {name: f"{summary(module.CARD)} ({module.ARCHIVE.megabytes} MB)" for name, module in DOWNLOADS.items()}


def fetch_file(name: str, data_home: str | PathLike[str] | None = None) -> Path:
    """Fetch the file behind ``fetch_NAME()`` without reading it, for a later that has no network.

    Parameters
    ----------
    name : str
        One of `list_downloads()`.
    data_home : str or path, default=None
        Folder to keep it in; None: the user's cache folder.

    Returns
    -------
    path
        Where it is; what stood there already is compared with the published checksum and kept.

    Raises
    ------
    LookupError
        If there is no such download.
    DatasetUnavailable
        If it does not arrive.

    Examples
    --------
    >>> from mmlearn_edu.datasets import fetch_file
    >>> fetch_file("mnist", "for my class")  # doctest: +SKIP
    PosixPath('for my class/mnist.npz')
    """
    if name not in DOWNLOADS:
        raise LookupError(f"there is no download {name!r}; {nearest(name, DOWNLOADS)}")
    return download(DOWNLOADS[name].ARCHIVE, data_home)
