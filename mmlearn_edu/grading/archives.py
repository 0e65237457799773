"""Look into a zip without unpacking it: every member is listed with what speaks against it, and read one at a time.

A zip is an attack until shown otherwise: it may announce a hundred thousand members, or a kilobyte that grows into
gigabytes. Nothing is written to disk, so a member called ``../../etc/passwd`` harms nobody.
"""

import io
import os
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO

from mmlearn_edu.grading.decoding import MAX_BYTES, UnreadableError
from mmlearn_edu.grading.words import say

__all__ = ["Found", "is_archive", "is_clutter", "members", "shown"]

MAX_MEMBERS = 20_000
MAX_DIRECTORY = 8 * 2**20  # bytes of a zip's table of contents
MAX_RATIO = 100  # a whole zip that grows more than this, and to more than MAX_GROWN, is a bomb
MAX_GROWN = 512 * 2**20
MAX_NESTED = 50  # zips within one zip whose contents are looked at, each MAX_BYTES at most, ...
MAX_NESTED_MEMBERS = 200  # ... and with as many members at most
_ENCRYPTED, _UTF8 = 0x1, 0x800
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may ask for gigabytes to begin with
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_CLUTTER = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Found:
    """A file, in a folder or in a zip."""

    path: Path  # the file, or the outermost zip
    root: str  # the folder where the search began
    parts: tuple[str, ...]  # folders and name, from there
    origin: str
    numbers: tuple[int, ...] = ()  # the place in the zip's table of contents, and in that of the zip within
    changed: float = 0.0  # seconds since 1970, as far as it is known
    problem: str = ""

    def read(self) -> bytes:
        """Return the bytes, ``MAX_BYTES`` at most; what has a problem, such as a link, is not touched."""
        if self.problem:
            raise UnreadableError(self.problem)
        return read_member(self.path, self.numbers) if self.numbers else read_file(self.path)


def is_archive(name: str) -> bool:
    """Say whether a file of this name is looked into."""
    return name.lower().endswith(".zip")


def is_clutter(part: str) -> bool:
    """Say whether systems leave such files and folders behind, which nobody hands in."""
    return part in _CLUTTER or (part.startswith(".") and (part.startswith("._") or not part.lower().endswith(".ipynb")))


def shown(text: str, most: int = 300) -> str:
    """Return `text` as it can be printed and stored: no control characters, no halves of characters."""
    clean = "".join(" " if letter.isspace() else letter if letter.isprintable() else "\ufffd" for letter in text)
    return clean if len(clean) <= most else f"{clean[: most // 2]}…{clean[-most // 2 :]}"


def too_large(size: int) -> str:
    """Say that a file has more than is read."""
    return say("submission", "too-large", size=size / 2**20, most=MAX_BYTES // 2**20) if size > MAX_BYTES else ""


def _read_bounded(file: IO[bytes]) -> bytes:
    """Read a file to its end, which must not be further away than ``MAX_BYTES``."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableError(too_large(len(data)))
    return data


def members(outer: Found) -> list[Found]:
    """List what lies in a zip, and in the zips within it.

    Raises
    ------
    UnreadableError
        If it cannot be opened, or is a bomb; in words.
    """
    with _opened_file(outer.path) as file:
        listed = _listed(file, os.fstat(file.fileno()).st_size)
    found: list[Found] = []
    inner = 0
    for entry in filter(None, (_entry(info, outer, number) for number, info in enumerate(listed))):
        inner += is_archive(entry.parts[-1])
        is_opened = is_archive(entry.parts[-1]) and not entry.problem and inner <= MAX_NESTED
        found += _nested(entry) if is_opened else [entry]
    return found


def _nested(outer: Found) -> list[Found]:
    """List what lies in a zip within a zip; a third level is not opened."""
    try:
        data = outer.read()
        listed = _listed(io.BytesIO(data), len(data), MAX_NESTED_MEMBERS)
    except UnreadableError as error:
        return [replace(outer, problem=str(error))]
    return [*filter(None, (_entry(info, outer, number) for number, info in enumerate(listed)))]


def _listed(file: IO[bytes], size: int, most: int = MAX_MEMBERS) -> list[zipfile.ZipInfo]:
    """Return the table of contents, if it is one that a class could have written."""
    infos = _opened(file).infolist()
    if len(infos) > most:
        raise UnreadableError(say("collect", "too-many-members", count=len(infos), most=most))
    grown = sum(info.file_size for info in infos)
    if grown > MAX_GROWN and grown > MAX_RATIO * size:
        raise UnreadableError(say("collect", "bomb", size=size / 2**20, grown=grown / 2**20))
    return infos


class _Bounded(io.BufferedIOBase):
    """A file that refuses to read more at once than a table of contents may have."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise UnreadableError(say("collect", "too-many-members", count="?", most=MAX_MEMBERS))
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(_Bounded(file))
    except UnreadableError:
        raise
    except _BROKEN:
        raise UnreadableError(say("collect", "broken-zip")) from None


def _entry(info: zipfile.ZipInfo, outer: Found, number: int) -> Found | None:
    """Describe a member; None for folders and for what systems leave behind."""
    name = _member_name(info)
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
    if not parts or name.endswith(("/", "\\")) or any(map(is_clutter, parts)):
        return None
    problem = say("collect", "nested-zip") if outer.numbers and is_archive(parts[-1]) else _against(info)
    origin = f"{outer.origin}!{shown(name)}"
    numbers = (*outer.numbers, number)
    return Found(outer.path, outer.root, (*outer.parts, *parts), origin, numbers, _changed(info), problem)


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: many programs write UTF-8, or Chinese ones GBK, without saying so."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _against(info: zipfile.ZipInfo) -> str:
    """Say why a member is not read; "" if nothing speaks against it."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return say("collect", "is-link")
    if info.flag_bits & _ENCRYPTED:
        return say("collect", "locked")
    if info.compress_type not in _METHODS:
        return say("collect", "other-method")
    return too_large(info.file_size)


def _changed(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def read_member(path: Path, numbers: tuple[int, ...]) -> bytes:
    """Read a member by its place in the table of contents, through the zips it lies in."""
    with _opened_file(path) as file:
        source: IO[bytes] = file
        for number in numbers:
            data = _member(source, number)
            source = io.BytesIO(data)
    return data


def _member(file: IO[bytes], number: int) -> bytes:
    archive = _opened(file)
    try:
        info = archive.infolist()[number]
        if problem := _against(info):
            raise UnreadableError(problem)
        with archive.open(info) as member:
            return _read_bounded(member)
    except UnreadableError:
        raise
    except _BROKEN:
        raise UnreadableError(say("collect", "broken-member")) from None


def read_file(path: Path) -> bytes:
    """Read a file of a folder."""
    with _opened_file(path) as file:
        return _read_bounded(file)


@contextmanager
def _opened_file(path: Path) -> Iterator[BinaryIO]:
    """Open a plain file, and nothing else: a pipe would make us wait for ever."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:  # noqa: PTH123  a handle is no path
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableError(say("collect", "no-file"))
            yield file
    except OSError as error:
        raise UnreadableError(say("collect", "not-readable", why=error.strerror or type(error).__name__)) from None
