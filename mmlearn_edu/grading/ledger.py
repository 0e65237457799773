"""The folder of a run: one run at a time, every result whole, nothing of anybody else's touched.

A run is described by ``run.json`` (chapter, seed, version of the package, ...), which is written first. Whatever is
written goes by way of a hidden file, so that a kill at any moment leaves the whole of it or nothing.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mmlearn_edu import __version__
from mmlearn_edu._files import write_whole
from mmlearn_edu.grading.words import say

if sys.platform != "win32":
    import fcntl

__all__ = ["RUN", "BatchError", "Run", "begin", "chapter_of", "digest", "locked", "stored_run"]

RUN = "run.json"
KIND = "mmlearn-edu grading run"
FORMAT = 1
_LOCK = ".lock"  # holds the name of the folder for what sandboxes write
_SCRATCH = "mmlearn-grading-"
_PATIENCE = 3.0  # seconds in which the workers of a run that was just killed are gone


class BatchError(Exception):
    """The run cannot begin as it was asked for; the message says why and what to do."""


@dataclass(frozen=True)
class Run:
    """What all results of a folder share.

    Parameters
    ----------
    chapter : str
    seed : int
        All inputs are drawn from it.
    isolation : str or None
        The level that was insisted on; None for the best there is.
    exercises : str or None
        The folder of a teacher's own exercises.
    exercises_sha256 : str
        Of all files in it; "" without such a folder.
    package : str
        Version of mmlearn_edu.
    started : str
        When, in UTC.
    """

    chapter: str
    seed: int
    isolation: str | None = None
    exercises: str | None = None
    exercises_sha256: str = ""
    package: str = __version__
    started: str = ""


@contextlib.contextmanager
def locked(out: Path) -> Iterator[Path]:
    """Hold the folder `out`, made if it is not there, for this run alone.

    The workers inherit the lock, so that nobody enters while one of them may still write.

    Yields
    ------
    Path
        A folder for what sandboxes write meanwhile. It is removed at the end, and where a run was killed, by the next.

    Raises
    ------
    BatchError
        If another run is writing there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / _LOCK).open("a+", encoding="utf-8") as file:
        _lock(file.fileno(), out)
        file.seek(0)
        left = Path(file.read(4096))
        if left.name.startswith(_SCRATCH):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, ignore_cleanup_errors=True) as scratch:
            Path(scratch).chmod(0o711)  # whom a sandbox runs as finds its own folder in it, and lists nothing
            file.truncate(0)
            file.write(scratch)
            file.flush()
            try:
                yield Path(scratch)
            finally:
                file.truncate(0)


def _lock(handle: int, out: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BatchError(say("batch", "locked", out=out)) from None
            time.sleep(0.05)


def stored_run(out: Path) -> Run | None:
    """Return the run that `out` holds, None if it is new or empty.

    Raises
    ------
    BatchError
        If the folder holds other things, or a ``run.json`` that is not ours.
    """
    if not (out / RUN).exists():
        others = sorted(path.name for path in out.iterdir() if not path.name.startswith(".")) if out.exists() else []
        if others:
            names = say("batch", "comma").join(others[:3]) + "..." * (len(others) > 3)
            raise BatchError(say("batch", "not-empty", out=out, names=names))
        return None
    try:
        facts = json.loads((out / RUN).read_text(encoding="utf-8"))
        if (facts["kind"], facts["format"]) != (KIND, FORMAT):
            raise ValueError
        run = Run(**{field.name: facts[field.name] for field in fields(Run)})
    except (ValueError, LookupError, TypeError, RecursionError):
        raise BatchError(say("batch", "run-not-ours", path=out / RUN)) from None
    if not isinstance(run.seed, int) or not isinstance(run.chapter, str):
        raise BatchError(say("batch", "run-not-ours", path=out / RUN))
    return run


def chapter_of(out: Path) -> str:
    """Return the chapter of the run that `out` holds; "" if it holds none."""
    run = stored_run(out)
    return run.chapter if run else ""


def begin(out: Path, run: Run) -> None:
    """Write down what the run is, and clear what a killed run left unfinished."""
    for folder in (out, out / "feedback"):
        for unfinished in folder.glob(".[0-9]*.[0-9]*.part"):  # as write_whole names them
            unfinished.unlink()
    started = run.started or datetime.now(UTC).isoformat(timespec="seconds")
    facts = {"kind": KIND, "format": FORMAT} | asdict(run) | {"started": started, "package": __version__}
    write_whole(out / RUN, json.dumps(facts, ensure_ascii=False, indent=1) + "\n")


def digest(folder: str | os.PathLike[str] | None) -> str:
    """Return the SHA-256 of all files of a teacher's exercises, their names included; "" without a folder."""
    if folder is None:
        return ""
    found: Any = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            found.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()
