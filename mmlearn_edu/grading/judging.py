"""One hand-in, judged: several exercises in one child while all goes well, and one in a child of its own where not."""

import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeVar

from mmlearn_edu import __version__
from mmlearn_edu.checks.answers import not_judged, plain
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.messages import say as say_check
from mmlearn_edu.checks.verdict import Verdict
from mmlearn_edu.grading.alike import runs
from mmlearn_edu.grading.frugal import bounded_memory
from mmlearn_edu.grading.plan import Plan
from mmlearn_edu.grading.rows import row_of
from mmlearn_edu.grading.running import CellRun, Event, Running
from mmlearn_edu.grading.sandbox import IsolationError, Launched
from mmlearn_edu.grading.sandbox.talk import Talk, analysed
from mmlearn_edu.grading.submission import Submission
from mmlearn_edu.grading.suspicion import mentions
from mmlearn_edu.grading.together import judge_together
from mmlearn_edu.grading.words import say
from mmlearn_edu.grading.work import Work

if TYPE_CHECKING:
    from mmlearn_edu.grading.engine import Grader

__all__ = ["Judging"]

Result = dict[str, Any]
T = TypeVar("T")
_RESERVE = 5.0  # seconds of the hand-in's time that no exercise takes from those behind it
_LOOKING = 5.0  # seconds in which all cells are looked at, if none of them is odd
_TROUBLE = ("hung", "died")


class Judging:
    """The judging of one hand-in.

    Parameters
    ----------
    grader : Grader
    submission : Submission
    deadline : float
        When, by the monotonic clock, it ends.
    """

    def __init__(self, grader: "Grader", submission: Submission, deadline: float) -> None:
        self.grader = grader
        self.submission = submission
        self.deadline = self.latest = deadline
        self.rows: dict[str, Result] = {}
        self.runs: dict[int, CellRun] = {}
        self.events: list[Event] = []
        self.plan: Plan | None = None
        self._spare: Talk | None = None  # a child that has run nothing yet

    def judge_all(self) -> None:
        """Judge every exercise; what happens in one is of no consequence for another."""
        facts, _ = self._insisted(self._facts)
        cells = self.submission.cells
        self.plan = Plan(self.grader.handout, cells, facts or [{}] * len(cells))
        waiting = [one for one in self.grader.handout.exercises if not self._settled(one)]
        try:
            judge_together(self, waiting)
        except (IsolationError, OSError):  # the sandbox broke: every exercise gets a new one
            self.grader.close()
        self._drop_spare()
        waiting = [one for one in waiting if one.id not in self.rows]
        reserve = min(_RESERVE, self.grader.limits.submission / (2 * max(1, len(waiting))))
        for behind, exercise in zip(reversed(range(len(waiting))), waiting, strict=True):
            if time.monotonic() >= self.deadline:
                return
            self.latest = self.deadline - behind * reserve
            start = time.monotonic()
            verdict, problem = self._insisted(functools.partial(self._judged_alone, exercise))
            if verdict is None:  # one that did not pass is falsy
                verdict = plain(exercise, "checker problem", problem)
            self.keep(exercise, verdict, time.monotonic() - start)

    def _insisted(self, work: Callable[[], T]) -> tuple[T | None, str]:
        """Do something in the sandbox; once more, in a new one, if the sandbox itself breaks. Return it or why not."""
        problem = ""
        for _ in range(2):
            try:
                return work(), ""
            except (IsolationError, OSError) as error:
                self.grader.close()
                problem = say("engine", "sandbox-broke", why=str(error)[:300])
        return None, problem

    def _facts(self) -> list[Mapping[str, Any]]:
        """Say what every cell binds and needs; the child that read them has run nothing, and is kept."""
        sources = [cell.source for cell in self.submission.cells]
        new = self.grader.unknown(sources)
        if not new:
            return self.grader.facts(sources, {})
        launched = self.grader.sandbox()
        self._spare = Talk(launched)
        found = self._spare.analyse(new, _LOOKING)
        if found is None:  # a cell that ends Python's parser costs only itself
            self._spare, found = None, analysed(launched, new)
        return self.grader.facts(sources, dict(zip(new, found, strict=True)))

    def take_spare(self, launched: Launched) -> Talk | None:
        """Return the child that read the cells and has run nothing yet, if it is of this sandbox and not taken."""
        if launched is not self.grader.sandbox():
            return None
        spare, self._spare = self._spare, None
        return spare

    def _drop_spare(self) -> None:
        if self._spare is not None:
            try:
                self._spare.close()
            except (IsolationError, OSError):
                self.grader.close()
            self._spare = None

    def _settled(self, exercise: Exercise) -> bool:
        """Keep the verdict of an exercise for which nothing has to run."""
        assert self.plan is not None
        version = self.submission.versions.get(exercise.id)
        if version is not None and version != exercise.version:
            self.keep(exercise, plain(exercise, "refused", _other_version(version, exercise.version)))
        elif not self.plan.attempted(exercise.id):
            self.keep(exercise, plain(exercise, "not attempted"))
        return exercise.id in self.rows

    def keep(self, exercise: Exercise, verdict: Verdict, seconds: float = 0.0) -> None:
        """Write down what came of an exercise."""
        row = row_of(exercise, verdict, self.submission)
        self.rows[exercise.id] = {**row, **self._likeness(exercise.id), "seconds": round(seconds, 4)}

    # ------------------------------------------------------------------------------------------------ alone

    def _judged_alone(self, exercise: Exercise) -> Verdict:
        assert self.plan is not None
        verdict, name_missing = self._worked(exercise, whole=False)
        if not verdict.passed and name_missing and self.plan.is_dynamic():
            wide, _ = self._worked(exercise, whole=True)
            verdict = max(verdict, wide, key=lambda one: one.score)
        return verdict

    def _worked(self, exercise: Exercise, whole: bool) -> tuple[Verdict, bool]:
        assert self.plan is not None
        steps = self.plan.steps(exercise.id, whole)
        launched = self.grader.sandbox(self.plan.modules(steps))
        running = Running(launched, self.plan, steps, self.grader.limits, self.latest)
        work = Work(exercise, running, exercise.forbids, self.grader.in_a_row(exercise))
        try:
            verdict = self.verdict(exercise, work)
            return verdict, work.name_missing or (running.name_missing and not verdict.items)
        finally:
            running.stop()
            self.runs.update(running.runs)
            self.events += running.events + work.events

    def verdict(self, exercise: Exercise, work: Work) -> Verdict:
        """Judge an exercise by what its answer says."""
        facts = work.open()
        if facts["state"] == "missing":
            return self._missing(exercise, work.running)
        verdict = not_judged(exercise, facts)
        if verdict is not None:
            return verdict
        drawn = self.grader.drawn(exercise)
        with bounded_memory():
            verdict = judge(exercise, work, drawn.seed, hidden=True, drawn=drawn)
        if not verdict.passed and not verdict.notes and facts["blank_left"] is True:
            return replace(verdict, notes=[say_check("blank-left")])
        return verdict

    def _missing(self, exercise: Exercise, running: Running) -> Verdict:
        """Say why there is no answer: nothing was written, or its cell broke."""
        assert self.plan is not None
        answering = self.plan.answers(exercise.id)
        broken = [running.runs[n] for n in answering if n in running.runs and running.runs[n].message]
        problems = [self.plan.facts[n].problem for n in answering if self.plan.facts[n].problem]
        words = [run.message for run in broken] or problems
        name = self.grader.handout.wanted[exercise.id]["name"]
        if not words and not any(self.plan.by_name(exercise.id) for _ in answering):
            return plain(exercise, "not attempted")
        why = "; ".join(words) or say("engine", "nothing-called")
        return plain(exercise, "failed", say("engine", "no-answer", name=name, why=why))

    # ------------------------------------------------------------------------------------------------ what is told

    def _likeness(self, exercise_id: str) -> Result:
        """Return what tells whether another answer is the same, or nearly so; the sandbox parsed it, we do not."""
        assert self.plan is not None
        mine = [n for n in self.plan.answers(exercise_id) if not self.plan.ours[n]]
        if not mine:
            return {"fingerprint": "", "runs": []}
        return {"fingerprint": self.plan.facts[mine[-1]].normal, "runs": runs(self.plan.cells[mine[-1]].source)}

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
        trouble = [event for event in dict.fromkeys(self.events) if event.kind in _TROUBLE]
        happened = [say("engine", "happened", where=event.where, words=event.words) for event in trouble]
        odd = [row for row in self.rows.values() if row["status"] in ("refused", "checker problem")]
        refused = [note for row in odd for note in row["notes"]]
        return [*refused, *happened, *mentions(self.theirs())]

    def theirs(self) -> list[tuple[str, str]]:
        """Return the cells that were not handed out."""
        assert self.plan is not None
        both = zip(self.plan.cells, self.plan.ours, strict=True)
        return [(cell.id, cell.source) for cell, ours in both if not ours]


def _other_version(theirs: int, ours: int) -> str:
    key = "older" if theirs < ours else "newer"
    return say("engine", key, theirs=theirs, ours=ours, package=__version__)
