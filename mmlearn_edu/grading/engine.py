"""One hand-in -> its marks: the cells run in a sandbox, the judging is done here."""

import time
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answers import plain
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.grading.handout import Handout
from mmlearn_edu.grading.judging import Judging
from mmlearn_edu.grading.rows import head_of, isolation_of, row_of
from mmlearn_edu.grading.sandbox import Launched, Limits, choose
from mmlearn_edu.grading.sandboxes import Sandboxes
from mmlearn_edu.grading.seen import seen_in, tells_ahead
from mmlearn_edu.grading.submission import Submission
from mmlearn_edu.grading.words import say

__all__ = ["Grader", "seed_of"]

Result = dict[str, Any]


class Grader:
    """Grade the hand-ins of one chapter, one after another; student code never touches its own mark.

    Parameters
    ----------
    chapter : str
    seed : int
        Every input is drawn from it: the same for all hand-ins.
    isolation : {"bubblewrap", "namespaces", "processes"}, default=None
        This level and no weaker one; the best that the machine offers if None.
    limits : Limits
    exercises : Path, default=None
        A folder of a teacher's own exercises.
    slot : int, default=0
        Which of several graders side by side this is.

    Raises
    ------
    LookupError
        If there is no such chapter.
    IsolationError
        If the level cannot be had.
    """

    def __init__(
        self,
        chapter: str,
        *,
        seed: int,
        isolation: str | None = None,
        limits: Limits | None = None,
        exercises: Path | None = None,
        slot: int = 0,
    ) -> None:
        if exercises is not None:
            registry.add_folder(exercises)
        self.seed = seed
        self.limits = limits or Limits()
        self.handout = Handout.of(chapter)
        self.level = choose(isolation)
        self._slot = slot
        self._sandboxes = Sandboxes(self.level, self.handout, self.limits, slot)
        self._known: dict[str, Mapping[str, Any]] = {}  # what the handed-out cells bind and need
        self._drawn: dict[str, Drawn] = {}
        self._seen: dict[str, frozenset[bytes] | None] = {}
        self._in_a_row: dict[str, bool] = {}

    def __enter__(self) -> "Grader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox; whoever needs one again gets a new one."""
        self._sandboxes.close()

    def grade(self, submission: Submission) -> Result:
        """Return everything about one hand-in, as plain data: see ``schema/result-1.json``."""
        start = time.monotonic()
        judging = Judging(self, submission, start + self.limits.submission)
        judging.judge_all()
        return self._result(submission, judging, time.monotonic() - start)

    def unreadable(self, hand_in: Any, words: str) -> Result:
        """Return the row of a file that cannot be read: `hand_in` has a name, a student and an origin."""
        return {**self._head(hand_in, "unreadable", words), "look": [words]}

    def _head(self, named: Any, status: str, message: str) -> Result:
        return {
            **head_of(named, status, message, self.handout),
            "seed": self.seed,
            "isolation": isolation_of(self.level, self._slot, self.handout.chapter),
            "limits": asdict(self.limits),
        }

    def _result(self, submission: Submission, judging: Judging, seconds: float) -> Result:
        late = len(judging.rows) < len(self.handout.exercises)
        stopped = say("engine", "time-up", seconds=self.limits.submission) if late else ""
        exercises = [
            judging.rows.get(one.id) or row_of(one, plain(one, "failed", stopped), submission)
            for one in self.handout.exercises
        ]
        over = not stopped and seconds > self.limits.submission
        longer = [say("engine", "over-time", seconds=seconds, limit=self.limits.submission)] if over else []
        return {
            **self._head(submission, "stopped" if stopped else "graded", stopped),
            "score": round(sum(row["score"] for row in exercises), 6),
            "exercises": exercises,
            "cells": judging.cells(),
            "events": [asdict(event) for event in dict.fromkeys(judging.events)],
            "look": [*([stopped] if stopped else []), *longer, *judging.look()],
            "notes": list(submission.notes),
            "seconds": {"total": round(seconds, 4)},
        }

    # ------------------------------------------------------------------------------------------------ what is kept

    def sandbox(self, modules: Collection[str] = ()) -> Launched:
        """Return the sandbox for code that needs `modules`, started if it is not there."""
        return self._sandboxes[modules]

    def unknown(self, sources: Sequence[str]) -> list[str]:
        """Return the sources of which nothing is known yet, each once; those handed out first, which all need."""
        new = [source for source in dict.fromkeys(sources) if source not in self._known]
        return sorted(new, key=lambda source: not self.handout.has(source))

    def facts(self, sources: Sequence[str], found: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Say what every source binds and needs, as `found` says; it is kept of those handed out that could be read."""
        read = {source: facts for source, facts in found.items() if not facts.get("problem")}
        self._known.update({source: facts for source, facts in read.items() if self.handout.has(source)})
        return [self._known.get(source) or found[source] for source in sources]

    def drawn(self, exercise: Exercise) -> Drawn:
        """Return the inputs of an exercise, which are the same for every hand-in."""
        if exercise.id not in self._drawn:
            self._drawn[exercise.id] = Drawn(exercise, seed_of(self.seed, exercise.id))
        return self._drawn[exercise.id]

    def seen(self, exercise: Exercise) -> frozenset[bytes] | None:
        """Return what an exercise lets an answer see: as of :func:`mmlearn_edu.grading.seen.seen_in`."""
        if exercise.id not in self._seen:
            self._seen[exercise.id] = seen_in(self.drawn(exercise))
        return self._seen[exercise.id]

    def in_a_row(self, exercise: Exercise) -> bool:
        """Say whether all questions may be there at once: no later one tells what is expected of an earlier one."""
        if exercise.id not in self._in_a_row:
            self._in_a_row[exercise.id] = not tells_ahead(self.drawn(exercise))
        return self._in_a_row[exercise.id]


def seed_of(seed: int, exercise_id: str) -> int:
    """Return the seed of one exercise: the same for every hand-in, and another for every exercise."""
    return int(np.random.SeedSequence([seed, zlib.crc32(exercise_id.encode())]).generate_state(1)[0])
