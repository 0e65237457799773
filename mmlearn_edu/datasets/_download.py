"""Files that are fetched once, compared with their published checksum, and kept."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeVar

import platformdirs
import pooch

__all__ = ["DatasetUnavailable", "Download", "download", "read_download"]

T = TypeVar("T")

TRIES_MORE = 2
PATIENCE = 30  # seconds without an answer


class DatasetUnavailable(OSError):  # noqa: N818 - it is the learner's network that fails, not the learner
    """A download did not arrive: why, what to use instead, and how to fetch it by hand.

    Examples
    --------
    >>> from mmlearn_edu.datasets import DatasetUnavailable, fetch_fsdd, load_spoken_digits
    >>> def digits():
    ...     try:
    ...         return fetch_fsdd()
    ...     except DatasetUnavailable:
    ...         return load_spoken_digits()
    """


@dataclass(frozen=True)
class Download:
    """One file on the network; `sha256` as somebody else published it, `twin` what we ship in its place."""

    url: str
    sha256: str
    file: str
    twin: str
    megabytes: int


def download(wanted: Download, data_home: str | PathLike[str] | None = None) -> Path:
    """Return where the file is, fetched if it is not there yet or is not what was published.

    Parameters
    ----------
    wanted : Download
    data_home : str or path, default=None
        Folder to keep it in; None: the user's cache folder.

    Raises
    ------
    DatasetUnavailable
        If it cannot be fetched, is not the published file, or cannot be written. No part of it is left behind (only
        a Python that is killed outright leaves a ``tmp...``, which nobody reads); a file of yours that stood there
        stays, but is never taken for the published one.
    """
    folder = Path(data_home or platformdirs.user_cache_path("mmlearn-edu"))
    shelf = pooch.create(
        path=folder,
        base_url="",
        registry={wanted.file: f"sha256:{wanted.sha256}"},
        urls={wanted.file: wanted.url},
        retry_if_failed=TRIES_MORE,
    )
    pooch.get_logger().setLevel(logging.WARNING)  # the bar says it already
    bar = _Bar(wanted.file)
    try:
        return Path(shelf.fetch(wanted.file, downloader=pooch.HTTPDownloader(progressbar=bar, timeout=PATIENCE)))
    except (OSError, ValueError) as error:
        path = folder / wanted.file
        other = " What is there now is not the published file." if path.is_file() else ""
        raise DatasetUnavailable(
            f"{wanted.file} cannot be fetched: {_why(error)}. Use {wanted.twin}, which needs no network, instead; "
            f"or fetch {wanted.url} by hand and save it as {str(path)!r}.{other}"
        ) from error


def read_download(wanted: Download, data_home: str | PathLike[str] | None, read: Callable[[Path], T]) -> T:
    """Return what `read` makes of the file, which is fetched first where need be.

    Raises
    ------
    DatasetUnavailable
        If it cannot be fetched, or `read` cannot make sense of it: in the reader's words.
    """
    path = download(wanted, data_home)
    try:
        return read(path)
    except Exception as error:  # a decoder raises whatever it likes on a damaged archive; all of it is told
        raise DatasetUnavailable(
            f"{str(path)!r} is the published file, but cannot be read ({type(error).__name__}: {error}). "
            f"Use {wanted.twin}, which needs no network, instead, and please report this"
        ) from error


def _why(error: OSError | ValueError) -> str:
    """Say what went wrong: on the way (only the network's errors know a request), on arrival, or on this disk."""
    if hasattr(error, "request"):
        answer = getattr(error, "response", None)
        if answer is not None:
            return f"the server answers {answer.status_code} {answer.reason}"
        return f"no connection ({type(error).__name__})"
    if isinstance(error, ValueError):
        return "what arrives is not the published file (its SHA256 differs)"
    return f"it cannot be written ({error.strerror or error})"


class _Bar:
    """One line on stderr that grows while pooch reports bytes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.total = 0

    @property
    def total(self) -> int:
        """Bytes to come; 0 where the server does not say."""
        return self._total

    @total.setter
    def total(self, n_bytes: int) -> None:  # pooch sets it when it begins, also when it begins again
        self._total, self._done, self._shown = n_bytes, 0, -1

    def update(self, n_bytes: int) -> None:
        self._done = min(self._done + n_bytes, self._total or sys.maxsize)
        percent = 100 * self._done // self._total if self._total else 0
        megabytes = self._done // 1_000_000
        if (step := percent if self._total else megabytes) > self._shown:
            self._shown = step
            grown = f"[{'#' * (percent // 5):20}] " if self._total else ""  # ASCII: every console has it
            sys.stderr.write(f"\r{self.file} {grown}{megabytes} MB")
            sys.stderr.flush()

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        sys.stderr.write("\n")
