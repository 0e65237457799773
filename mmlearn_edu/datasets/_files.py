"""The shipped files: which datasets there are, and whether their files are still what we shipped."""

import hashlib
from difflib import get_close_matches
from pathlib import Path

from mmlearn_edu._resources import resource

__all__ = ["CorruptDatasetError", "list_datasets", "read_bytes", "read_card", "summary", "verify"]

CHECKSUMS, CARD = "SHA256SUMS", "README.md"
SHIPPED = {  # every dataset, and the files it must have
    "docstrings": ("LICENSES.txt", "texts.csv"),
    "people": (),
    "ring": (),
    "scenes": (),
    "spoken_digits": ("clips.csv", "speech.flac"),
}


class CorruptDatasetError(RuntimeError):
    """A shipped file is missing or is not the file we shipped."""


def list_datasets() -> dict[str, str]:
    """Return the name of every dataset, each with the one-line summary that opens its card.

    Returns
    -------
    dict of str to str
    """
    return {name: summary(read_card(name)) for name in SHIPPED}


def verify(name: str) -> list[str]:
    """Compare every shipped file of a dataset with its published checksum.

    Parameters
    ----------
    name : str
        One of `list_datasets()`.

    Returns
    -------
    list of str
        The files that were compared, all of them right; empty for a dataset that is generated and ships no data.

    Raises
    ------
    LookupError
        If there is no such dataset.
    CorruptDatasetError
        If a file is missing or differs: which one, what was expected, what was found, what to do.
    """
    _folder(name)
    files, complaints = list(SHIPPED[name]), []
    for file in files:
        try:
            read_bytes(name, file)
        except CorruptDatasetError as error:
            complaints.append(str(error))
    if complaints:
        raise CorruptDatasetError("\n".join(complaints))
    return files


def read_bytes(name: str, file: str) -> bytes:
    """Return the content of a shipped file, once its checksum has been found right."""
    path = _folder(name) / file
    if file not in (checksums := _checksums(path.parent)):
        raise CorruptDatasetError(f"{path.with_name(CHECKSUMS)} does not list {file}. {_REPAIR}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorruptDatasetError(f"{path} cannot be read ({error.strerror}). {_REPAIR}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != checksums[file]:
        raise CorruptDatasetError(
            f"{path} is not the file we shipped: expected SHA256 {checksums[file]}, got {found} "
            f"({len(content)} bytes). {_REPAIR}"
        )
    return content


def read_card(name: str) -> str:
    """Return the card of a dataset: origin, licence, how it was made, limits."""
    path = _folder(name) / CARD
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorruptDatasetError(f"{path} cannot be read ({error}). {_REPAIR}") from error


_REPAIR = "Restore it with `git checkout -- datasets`, or install mmlearn-edu again."


def _folder(name: str) -> Path:
    names = list(SHIPPED)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise LookupError(f"there is no dataset {name!r}; {hint}there is {', '.join(names)}.")
    try:
        return resource("datasets", name)
    except FileNotFoundError as error:
        raise CorruptDatasetError(f"{error} {_REPAIR}") from error


def _checksums(folder: Path) -> dict[str, str]:
    """Return file name -> SHA256 of ``SHA256SUMS`` (the format of `sha256sum`)."""
    path = folder / CHECKSUMS
    try:
        pairs = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CorruptDatasetError(f"{path} cannot be read ({error}). {_REPAIR}") from error
    if bad := [pair for pair in pairs if len(pair) != 2 or len(pair[0]) != 64]:
        raise CorruptDatasetError(f"{path} has a line that is not 'SHA256  file': {' '.join(bad[0])!r}. {_REPAIR}")
    return {file: checksum for checksum, file in pairs}


def summary(card: str) -> str:
    """Return the first line of a card that is neither empty nor its title."""
    lines = card.splitlines()
    return next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")
