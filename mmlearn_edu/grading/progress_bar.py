"""How a run is going, on one line of a terminal, or as plain lines where there is none."""

import shutil
import unicodedata
from typing import TextIO

from mmlearn_edu.grading.outcome import Progress
from mmlearn_edu.grading.words import say

__all__ = ["ProgressBar"]

CELLS = 20  # characters of the bar
_CLEAR = "\r\x1b[K"


class ProgressBar:
    """Tell a `Progress` to a person.

    Parameters
    ----------
    stream : text file or None
        Where to write: a bar that is drawn over and over if it is a terminal, else a line for each hand-in.
        None writes nothing.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream
        self.last: Progress | None = None

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *error: object) -> None:
        """Leave the terminal's line empty."""
        if self.last is not None and self.stream is not None and self.stream.isatty():
            self._write(_CLEAR)

    def __call__(self, progress: Progress) -> None:
        """Show where the run stands."""
        self.last = progress
        if self.stream is None:
            return
        if self.stream.isatty():
            self._write(_CLEAR + _cut(_bar(progress), shutil.get_terminal_size().columns - 1))
        elif progress.row is not None:
            self._write(_line(progress) + "\n")

    def interrupted(self, out: str) -> str:
        """Say how far the run came that was stopped."""
        done, total = (self.last.done, self.last.total) if self.last else (0, "?")
        return say("batch", "interrupted", done=done, total=total, out=out)

    def _write(self, text: str) -> None:
        if self.stream is not None:
            coding = self.stream.encoding or "utf-8"
            self.stream.write(text.encode(coding, "replace").decode(coding))
            self.stream.flush()


def _bar(progress: Progress) -> str:
    share = progress.done / progress.total if progress.total else 1.0
    full = int(share * CELLS)
    parts = [f"[{'#' * full}{'-' * (CELLS - full)}] {progress.done}/{progress.total}"]
    graded = progress.done - progress.kept
    if graded and progress.seconds > 0:
        rate = graded / progress.seconds
        parts += [say("batch", "rate", rate=rate), say("batch", "left", left=_clock(_rest(progress) / rate))]
    if progress.troubled:
        parts.append(say("batch", "troubled", count=progress.troubled))
    return "  ".join([*parts, progress.row["submission"]] if progress.row else parts)


def _rest(progress: Progress) -> int:
    return progress.total - progress.done


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def _line(progress: Progress) -> str:
    row = progress.row or {}
    status = say("batch", f"status-{row['status']}")
    place = f"{progress.done}/{progress.total}"
    marks = {"score": row["score"], "points": row["points"]}
    key, marks = ("line-no-score", {}) if row["status"] == "unreadable" else ("line", marks)  # no mark is not 0 points
    return say("batch", key, place=place, name=row["submission"], status=status, **marks)


def _cut(text: str, width: int) -> str:
    """Cut at `width` columns of a terminal, where a Chinese character takes two."""
    used = 0
    for place, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width:
            return text[:place]
    return text
