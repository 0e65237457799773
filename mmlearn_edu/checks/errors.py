"""Complaints about the files of chapters: the message says why, and what to do."""

import traceback
from pathlib import Path

from mmlearn_edu.checks.messages import say

__all__ = ["ChapterError", "FolderError", "first_line", "trouble"]


class ChapterError(ImportError):
    """The file of a chapter cannot be loaded; the message says why and what to do."""


class FolderError(ChapterError):
    """A folder of exercises of one's own cannot be used; the message names every file and what is wrong in it."""


def trouble(path: str | Path, error: BaseException) -> str:
    """Say what went wrong while the file `path` was read or one of its functions ran, and in which line of it."""
    if isinstance(error, OSError) and error.filename == str(path):
        return say("own-unreadable", path=path, why=error.strerror)
    steps = traceback.extract_tb(error.__traceback__)
    lines = [step.lineno or 0 for step in steps if step.filename == str(path)]
    if isinstance(error, SyntaxError | UnicodeDecodeError) and not lines:
        return say("own-syntax", path=path, line=getattr(error, "lineno", None) or 1, text=first_line(error))
    line = lines[-1] if lines else 1
    return say("own-raised", path=path, line=line, kind=type(error).__name__, text=first_line(error))


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return text.splitlines()[0] if text else ""
