"""What came of a run, counted row by row: nothing of a class is held in memory but sums."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmlearn_edu.grading.ledger import Run

__all__ = ["Outcome", "Progress"]


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Parameters
    ----------
    done, total, kept : int
        Rows there are, rows there will be, and how many of them an earlier run wrote.
    troubled : int
        Rows of hand-ins that could not be read, or not be graded to their end.
    seconds : float
        Since the run began.
    row : dict or None
        Of the hand-in that was just graded; None while waiting.
    """

    done: int
    total: int
    kept: int
    troubled: int
    seconds: float
    row: dict[str, Any] | None = None


@dataclass
class Outcome:
    """What came of a run.

    Parameters
    ----------
    out : Path
        The folder of the results.
    run : Run
        Chapter, seed and what else all results share.
    files : int
        How many hand-ins there were.
    """

    out: Path
    run: Run
    files: int
    rows: int = 0
    kept: int = 0
    score: float = 0.0
    points: float = 0.0
    look: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    levels: dict[str, list[str]] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def mean(self) -> float | None:
        """The mean score of what could be read; None if nothing could. A file that is no notebook has no mark."""
        marked = self.rows - self.statuses.get("unreadable", 0)
        return self.score / marked if marked else None

    def keep(self, row: dict[str, Any]) -> None:
        """Count a row that an earlier run wrote."""
        self.kept += 1
        self.add(row)

    def add(self, row: dict[str, Any]) -> None:
        """Count one row."""
        self.rows += 1
        self.score += row["score"]
        self.points = max(self.points, row["points"])
        self.statuses[row["status"]] = self.statuses.get(row["status"], 0) + 1
        self.levels[row["isolation"]["level"]] = row["isolation"]["does_not_defend"]
        if row["status"] == "stopped":
            self.given_up.append(row["submission"])

    @property
    def whole(self) -> bool:
        """Whether every file got a row and the grader gave up on none."""
        return self.rows == self.files and not self.given_up

    @property
    def troubled(self) -> int:
        """How many rows are not of a hand-in that was graded to its end."""
        return self.rows - self.statuses.get("graded", 0)

    def progress(self, row: dict[str, Any] | None = None) -> Progress:
        """Return where the run stands, after `row` was added."""
        return Progress(self.rows, self.files, self.kept, self.troubled, time.monotonic() - self.began, row)
