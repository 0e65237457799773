"""One hand-in -> its marks: the cells run in a sandbox, the judging is done here."""

import functools
import sys
import time
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import numpy as np

from mmlearn_edu import __version__
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answers import not_judged, plain
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.messages import language
from mmlearn_edu.checks.messages import say as say_check
from mmlearn_edu.checks.verdict import Verdict
from mmlearn_edu.grading.alike import runs
from mmlearn_edu.grading.frugal import bounded_memory
from mmlearn_edu.grading.handout import Handout
from mmlearn_edu.grading.plan import Plan
from mmlearn_edu.grading.sandbox import IsolationError, Launched, Limits, choose
from mmlearn_edu.grading.sandbox.isolation import user_in_words
from mmlearn_edu.grading.sandbox.talk import analysed
from mmlearn_edu.grading.submission import Submission
from mmlearn_edu.grading.suspicion import mentions
from mmlearn_edu.grading.words import say
from mmlearn_edu.grading.work import CellRun, Event, Work

__all__ = ["Grader", "seed_of"]

Result = dict[str, Any]
T = TypeVar("T")
_RESERVE = 5.0  # seconds of the hand-in's time that no exercise takes from those behind it
_TROUBLE = ("hung", "died")
# What the light sandbox holds, or a child imports in no time.
_LIGHT = {"numpy", "mmlearn_edu.checks", *sys.stdlib_module_names}


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
        self._launched: dict[str, Launched] = {}
        self._known: dict[str, Mapping[str, Any]] = {}  # what the handed-out cells bind and need
        self._drawn: dict[str, Drawn] = {}

    def __enter__(self) -> "Grader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox."""
        while self._launched:
            self._launched.popitem()[1].close()

    def restart(self) -> None:
        """End the sandbox; the next hand-in gets a new one."""
        self.close()

    def grade(self, submission: Submission) -> Result:
        """Return everything about one hand-in, as plain data: see ``schema/result-1.json``."""
        start = time.monotonic()
        run = _Run(self, submission, start + self.limits.submission)
        run.judge_all()
        return self._result(submission, run, time.monotonic() - start)

    def sandbox(self, modules: Collection[str] = ()) -> Launched:
        """Return the sandbox for code that needs `modules`, started if it is not there.

        There are two, since a process is copied the faster the less it holds: one that has NumPy alone, for most
        answers, and one that has all that the chapter imports.
        """
        kind = "light" if all({module, module.partition(".")[0]} & _LIGHT for module in modules) else "full"
        if kind not in self._launched:
            imports = {"light": ["numpy"], "full": self.handout.imports()}
            self._launched |= {one: Launched(self.level, imports[one], self.limits, self._slot) for one in imports}
        return self._launched[kind].ready()

    def facts(self, sources: Sequence[str]) -> list[Mapping[str, Any]]:
        """Say what every source binds and needs; those handed out are looked at once."""
        new = [source for source in dict.fromkeys(sources) if source not in self._known]
        found = dict(zip(new, analysed(self.sandbox(), new), strict=True)) if new else {}
        self._known.update({source: found[source] for source in new if self.handout.has(source)})
        return [self._known.get(source) or found[source] for source in sources]

    def drawn(self, exercise: Exercise) -> Drawn:
        """Return the inputs of an exercise, which are the same for every hand-in."""
        if exercise.id not in self._drawn:
            self._drawn[exercise.id] = Drawn(exercise, seed_of(self.seed, exercise.id))
        return self._drawn[exercise.id]

    # ------------------------------------------------------------------------------------------------ the row

    def unreadable(self, hand_in: Any, words: str) -> Result:
        """Return the row of a file that cannot be read: `hand_in` has a name, a student and an origin."""
        return {**self._head(hand_in, "unreadable", words), "look": [words]}

    def _head(self, named: Any, status: str, message: str) -> Result:
        return {
            "format": 1,
            "kind": "mmlearn-edu grading result",
            "submission": named.name,
            "student": named.student,
            "origin": named.origin,
            "sha256": getattr(named, "sha256", ""),
            "chapter": self.handout.chapter,
            "title": self.handout.title,
            "package": __version__,
            "language": language(),
            "status": status,
            "message": message,
            "seed": self.seed,
            "isolation": {
                "level": self.level.name,
                "user": user_in_words(self._slot),
                "defends": self.level.defends(),
                "does_not_defend": self.level.does_not_defend(),
            },
            "limits": asdict(self.limits),
            "points": float(sum(one.points for one in self.handout.exercises)),
            "score": 0.0,
            "exercises": [],
            "cells": [],
            "events": [],
            "look": [],
            "notes": [],
            "seconds": {"total": 0.0},
        }

    def _result(self, submission: Submission, run: "_Run", seconds: float) -> Result:
        late = len(run.rows) < len(self.handout.exercises)
        stopped = say("engine", "time-up", seconds=self.limits.submission) if late else ""
        head = self._head(submission, "stopped" if stopped else "graded", stopped)
        exercises = [
            run.rows.get(one.id) or _row(one, plain(one, "failed", stopped), submission)
            for one in self.handout.exercises
        ]
        events = [asdict(event) for event in dict.fromkeys(run.events)]
        return {
            **head,
            "score": round(sum(row["score"] for row in exercises), 6),
            "exercises": exercises,
            "cells": run.cells(),
            "events": events,
            "look": [*([stopped] if stopped else []), *run.look()],
            "notes": list(submission.notes),
            "seconds": {"total": round(seconds, 4)},
        }


class _Run:
    """The judging of one hand-in."""

    def __init__(self, grader: Grader, submission: Submission, deadline: float) -> None:
        self.grader = grader
        self.submission = submission
        self.deadline = self.latest = deadline
        self.rows: dict[str, Result] = {}
        self.runs: dict[int, CellRun] = {}
        self.events: list[Event] = []
        self.plan: Plan | None = None

    def judge_all(self) -> None:
        """Judge every exercise; what happens in one is of no consequence for another."""
        cells = self.submission.cells
        facts, _ = self._insisted(lambda: self.grader.facts([cell.source for cell in cells]))
        self.plan = Plan(self.grader.handout, cells, facts or [{}] * len(cells))
        waiting = sum(self.plan.attempted(exercise.id) for exercise in self.grader.handout.exercises)
        reserve = min(_RESERVE, self.grader.limits.submission / (2 * max(1, waiting)))
        for exercise in self.grader.handout.exercises:
            if time.monotonic() >= self.deadline:
                return
            waiting -= self.plan.attempted(exercise.id)
            self.latest = self.deadline - waiting * reserve
            start = time.monotonic()
            verdict, problem = self._insisted(functools.partial(self._judged, exercise))
            if verdict is None:  # one that did not pass is falsy
                verdict = plain(exercise, "checker problem", problem)
            row = _row(exercise, verdict, self.submission)
            row |= self._likeness(exercise.id)
            row["seconds"] = round(time.monotonic() - start, 4)
            self.rows[exercise.id] = row

    def _insisted(self, work: Callable[[], T]) -> tuple[T | None, str]:
        """Do something in the sandbox; once more, in a new one, if the sandbox itself breaks. Return it or why not."""
        problem = ""
        for _ in range(2):
            try:
                return work(), ""
            except (IsolationError, OSError) as error:
                self.grader.restart()
                problem = say("engine", "sandbox-broke", why=str(error)[:300])
        return None, problem

    def _judged(self, exercise: Exercise) -> Verdict:
        assert self.plan is not None
        version = self.submission.versions.get(exercise.id)
        if version is not None and version != exercise.version:
            return plain(exercise, "refused", _other_version(version, exercise.version))
        if not self.plan.attempted(exercise.id):
            return plain(exercise, "not attempted")
        verdict, work = self._worked(exercise, whole=False)
        if not verdict.passed and work.name_missing and self.plan.is_dynamic():
            wide, _ = self._worked(exercise, whole=True)
            verdict = max(verdict, wide, key=lambda one: one.score)
        return verdict

    def _worked(self, exercise: Exercise, whole: bool) -> tuple[Verdict, Work]:
        assert self.plan is not None
        steps = self.plan.steps(exercise.id, whole)
        launched = self.grader.sandbox(self.plan.modules(steps))
        work = Work(launched, self.plan, exercise, self.grader.limits, self.latest, steps)
        try:
            return self._verdict(exercise, work), work
        finally:
            work.end()
            self.runs.update(work.runs)
            self.events += work.events

    def _verdict(self, exercise: Exercise, work: Work) -> Verdict:
        facts = work.open()
        if facts["state"] == "missing":
            return self._missing(exercise, work)
        verdict = not_judged(exercise, facts)
        if verdict is not None:
            return verdict
        drawn = self.grader.drawn(exercise)
        with bounded_memory():
            verdict = judge(exercise, work, drawn.seed, hidden=True, drawn=drawn)
        if not verdict.passed and not verdict.notes and facts["blank_left"] is True:
            return _with_note(verdict, say_check("blank-left"))
        return verdict

    def _missing(self, exercise: Exercise, work: Work) -> Verdict:
        """Say why there is no answer: nothing was written, or its cell broke."""
        assert self.plan is not None
        answering = self.plan.answers(exercise.id)
        broken = [work.runs[n] for n in answering if n in work.runs and work.runs[n].message]
        problems = [self.plan.facts[n].problem for n in answering if self.plan.facts[n].problem]
        words = [run.message for run in broken] or problems
        name = self.grader.handout.wanted[exercise.id]["name"]
        if not words and not any(self.plan.by_name(exercise.id) for _ in answering):
            return plain(exercise, "not attempted")
        return plain(
            exercise,
            "failed",
            say("engine", "no-answer", name=name, why="; ".join(words) or say("engine", "nothing-called")),
        )

    def _likeness(self, exercise_id: str) -> Result:
        """Return what tells whether another answer is the same, or nearly so; the sandbox parsed it, we do not."""
        assert self.plan is not None
        mine = [n for n in self.plan.answers(exercise_id) if not self.plan.ours[n]]
        if not mine:
            return {"fingerprint": "", "runs": []}
        return {"fingerprint": self.plan.facts[mine[-1]].normal, "runs": runs(self.plan.cells[mine[-1]].source)}

    # ------------------------------------------------------------------------------------------------ what is told

    def cells(self) -> list[Result]:
        """Return what every cell was and what came of it."""
        if self.plan is None:
            return []
        told = zip(self.plan.cells, self.plan.digests(), self.plan.roles(), strict=True)
        return [
            {"id": cell.id, "sha256": sha, "role": role, **asdict(self.runs.get(number, CellRun()))}
            for number, (cell, sha, role) in enumerate(told)
        ]

    def look(self) -> list[str]:
        """Return why a human should look at it."""
        if self.plan is None:
            return []
        theirs = [(c.id, c.source) for c, ours in zip(self.plan.cells, self.plan.ours, strict=True) if not ours]
        trouble = [event for event in dict.fromkeys(self.events) if event.kind in _TROUBLE]
        happened = [say("engine", "happened", where=event.where, words=event.words) for event in trouble]
        odd = [row for row in self.rows.values() if row["status"] in ("refused", "checker problem")]
        refused = [note for row in odd for note in row["notes"]]
        return [*refused, *happened, *mentions(theirs)]


def seed_of(seed: int, exercise_id: str) -> int:
    """Return the seed of one exercise: the same for every hand-in, and another for every exercise."""
    return int(np.random.SeedSequence([seed, zlib.crc32(exercise_id.encode())]).generate_state(1)[0])


def _other_version(theirs: int, ours: int) -> str:
    key = "older" if theirs < ours else "newer"
    return say("engine", key, theirs=theirs, ours=ours, package=__version__)


def _with_note(verdict: Verdict, words: str) -> Verdict:
    return replace(verdict, notes=[words])


def _row(exercise: Exercise, verdict: Verdict, submission: Submission) -> Result:
    """Return one exercise of the result."""
    named = len(verdict.diagnosis) if verdict.items else 0
    return {
        "id": exercise.id,
        "title": exercise.title,
        "kind": exercise.kind,
        "version": exercise.version,
        "handed_in_version": submission.versions.get(exercise.id),
        "status": verdict.status,
        "points": float(exercise.points),
        "score": float(verdict.score),
        "items": [_item(item) for item in verdict.to_dict()["items"]],
        "diagnosis": list(verdict.diagnosis),
        "messages": list(verdict.notes[:named]),
        "notes": list(verdict.notes[named:]),
        "printed": verdict.printed,
        "fingerprint": "",
        "runs": [],
        "seconds": 0.0,
    }


def _item(item: Mapping[str, Any]) -> Result:
    return {name: item[name] for name in ("id", "label", "points", "earned", "problem", "message", "example")}
