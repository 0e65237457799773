"""The learner's progress: an append-only file of JSON lines that survives a kill at any byte.

Every record is one write to the end of the file, opened for appending. It begins with a line break as well as
ending with one, so that a line torn by a kill spoils itself only.
"""

import contextlib
import json
import os
import time
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from mmlearn_edu.checks.messages import say

__all__ = ["FORMAT", "home", "look", "looking_from", "read", "record"]

FORMAT = 1
_KINDS: dict[str, Any] = {"format": int, "event": str, "id": str, "time": int | float}
_memory: list[dict[str, Any]] = []  # what could not be written; lost with the kernel, and said so once
_warned: set[str] = set()
_standpoint: ContextVar[Path | None] = ContextVar("standpoint", default=None)


def home() -> Path:
    """Return the folder of the progress file.

    ``MMLEARN_HOME`` if it is set, else the nearest ``.mmlearn`` upward from the current folder,
    else the user's data folder.
    """
    if "MMLEARN_HOME" in os.environ:
        return Path(os.environ["MMLEARN_HOME"])
    with contextlib.suppress(OSError):  # the current folder may have been deleted
        here = _standpoint.get() or Path.cwd()
        for folder in (here, *here.parents):
            if (folder / ".mmlearn").is_dir():
                return folder / ".mmlearn"
    return user_data_path("mmlearn_edu", appauthor=False)


@contextlib.contextmanager
def looking_from(folder: Path) -> Iterator[None]:
    """Take `folder` for the current folder when looking for the progress file, in this thread and no other.

    Who looks on a learner's behalf asks :func:`look`: a warning of :func:`read` would reach no learner.
    """
    before = _standpoint.set(folder)
    try:
        yield
    finally:
        _standpoint.reset(before)


def record(event: str, subject: str, **facts: Any) -> dict[str, Any]:
    """Append one record; a file that cannot be written costs a warning, never the check."""
    entry = {"format": FORMAT, "time": round(time.time(), 3), "event": event, "id": subject, **facts}
    path = home() / "progress.jsonl"
    line = "\n" + json.dumps(entry, ensure_ascii=False, default=str) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            data = line.encode("utf-8", "replace")
            if os.write(handle, data) < len(data) - 1:  # without its last line break it is whole, too
                raise OSError(say("disk-full"))
        finally:
            os.close(handle)
    except OSError as error:
        _memory.append(entry)
        _warn(say("no-progress-file", path=path, reason=error.strerror or error))
    return entry


def read() -> list[dict[str, Any]]:
    """Return every record, oldest first; the learner is warned, once, of what could not be read."""
    entries, notes = look()
    for words in notes:
        _warn(words)
    return entries


def look() -> tuple[list[dict[str, Any]], list[str]]:
    """Return every record, oldest first, and in words what could not be read.

    Torn lines are passed over; newer formats are kept but not counted.
    """
    path = home() / "progress.jsonl"
    entries: list[dict[str, Any]] = []
    notes = []
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):  # nothing to read
        text = ""
    except OSError as error:
        notes.append(say("unreadable-progress", path=path, reason=error.strerror or error))
        text = ""
    newer = False
    for entry in _parsed(text):
        if entry["format"] > FORMAT:
            newer = True
        else:
            entries.append(entry)
    if newer:
        notes.append(say("newer-progress"))
    return entries + _memory, notes


def _parsed(text: str) -> Iterator[dict[str, Any]]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):  # torn by a kill in the middle of a write, or not ours
            continue
        if isinstance(entry, dict) and all(isinstance(entry.get(name), kind) for name, kind in _KINDS.items()):
            yield entry


def _warn(words: str) -> None:
    if words not in _warned:
        _warned.add(words)
        warnings.warn(words, UserWarning, stacklevel=3)
