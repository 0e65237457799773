"""Where the page goes: over a page we wrote before, never over anything else."""

from pathlib import Path

from mmlearn_edu._files import write_whole
from mmlearn_edu.checks.messages import say

__all__ = ["MARKER", "NAME", "PageError", "destination", "write"]

NAME = "progress.html"
COMMAND = "mmlearn-edu progress --html"  # what a complaint proposes to type, with another name
MARKER = '<meta name="generator" content="mmlearn-edu progress">'
_HEAD = 4096  # bytes of a file in which the marker stands


class PageError(Exception):
    """The page cannot be written there; the message says why and what to do."""


def destination(wanted: str, folder: Path, name: str = NAME, marker: str = MARKER, command: str = COMMAND) -> Path:
    """Return the file to write: `wanted`, or where that is empty, `name` in `folder` if there is one.

    Raises
    ------
    PageError
        If it is a folder, or a file that this command did not write.
    """
    path = Path(wanted).expanduser() if wanted else (folder if folder.is_dir() else Path()) / name
    path = path.resolve()  # a link stays a link: what it points to is what is written
    if path.is_dir():
        raise PageError(say("page-is-folder", path=path, file=path / name, command=command))
    if path.exists() and not _is_ours(path, marker, command):
        raise PageError(say("page-not-ours", path=path, other=_free_name(path), command=command))
    return path


def write(path: Path, text: str, command: str = COMMAND) -> None:
    """Write the page so that a kill at any moment leaves the old one or the new one, never half of it.

    Raises
    ------
    PageError
        If the file or its folder cannot be written.
    """
    try:
        write_whole(path, text)
    except OSError as error:
        raise _unwritable(path, error, command) from None


def _is_ours(path: Path, marker: str, command: str) -> bool:
    try:
        with path.open("rb") as file:
            return marker.encode() in file.read(_HEAD)
    except OSError as error:
        raise _unwritable(path, error, command) from None


def _unwritable(path: Path, error: OSError, command: str) -> PageError:
    reason = error.strerror or error
    return PageError(say("page-unwritable", path=path, reason=reason, command=command, other=Path("~", path.name)))


def _free_name(path: Path) -> Path:
    number = 2
    while (other := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return other
