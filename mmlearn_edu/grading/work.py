"""One exercise of one hand-in: its cells are run in a child of its own, and its answer answers the judge's calls."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mmlearn_edu.checks.answerer import Died, Hung, Outcome, Raised
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.grading.plan import Plan, Step
from mmlearn_edu.grading.sandbox import Launched, Limits
from mmlearn_edu.grading.sandbox.talk import Talk
from mmlearn_edu.grading.words import say

__all__ = ["CellRun", "Event", "Work"]

_SET_UP = 60.0  # seconds: the chapter's own imports are not the learner's fault, however slow the disk
_AGAIN = 12  # times a child that died is started anew, for one exercise


@dataclass(frozen=True)
class Event:
    """Something out of the ordinary, and where."""

    kind: str
    where: str
    words: str


@dataclass
class CellRun:
    """What came of a cell."""

    outcome: str = "not run"
    message: str = ""
    seconds: float = 0.0


@dataclass
class Work:
    """Answer for one exercise; an answerer of the judge's (:class:`mmlearn_edu.checks.answerer.Answerer`).

    Parameters
    ----------
    launched : Launched
    plan : Plan
    exercise : Exercise
    limits : Limits
    deadline : float
        When, by the monotonic clock, the whole hand-in has to be done.
    steps : sequence of Step
    """

    launched: Launched
    plan: Plan
    exercise: Exercise
    limits: Limits
    deadline: float
    steps: Sequence[Step]
    runs: dict[int, CellRun] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    name_missing: bool = False

    def __post_init__(self) -> None:
        self.left = self.time_limit = self.limits.call or self.exercise.time_limit
        self.facts: dict[str, Any] = {"state": "missing"}
        self._talk: Talk | None = None
        self._bad: set[int] = set()
        self._starts = 0
        self._calls = 0

    def open(self) -> dict[str, Any]:
        """Run the cells, and return the facts about the answer; a cell that hangs or dies is left out the next time."""
        while self._starts < _AGAIN and time.monotonic() < self.deadline:
            self._starts += 1
            self._talk = Talk(self.launched)
            if self._run_cells(self._talk):
                wanted = self.plan.handout.wanted[self.exercise.id]
                seconds = self._seconds(self.limits.cell)
                found = self._talk.inspect(dict(wanted), self.plan.by_name(self.exercise.id), seconds)
                if isinstance(found, dict):
                    self.facts = found
                    return found
                self._note(found, self.exercise.id)
                break
        self._stop()
        self.facts = {"state": "missing"}
        return self.facts

    def _run_cells(self, talk: Talk) -> bool:
        set_up = self.plan.handout.set_up(self.plan.names(self.steps))
        if set_up and isinstance(talk.cell("set-up", set_up, False, self._seconds(_SET_UP))[0], Hung | Died):
            return False
        for step in self.steps:
            if step.number in self._bad:
                continue
            cell = self.plan.cells[step.number]
            start = time.monotonic()
            seconds = self._seconds(self.limits.cell)
            outcome, left_out = talk.cell(cell.id, cell.source, step.imports_only, seconds)
            self._record(step.number, outcome, time.monotonic() - start)
            for line in left_out:
                self._event("magic", f"cell {cell.id}", say("engine", "left-out", line=line))
            if isinstance(outcome, Hung | Died):
                self._bad.add(step.number)
                return False
        return True

    def _record(self, number: int, outcome: Outcome, seconds: float) -> None:
        cell = self.plan.cells[number].id
        if isinstance(outcome, Raised):
            words = f"{outcome.kind}: {outcome.text}".strip(": ")
            self.runs[number] = CellRun("raised", words, seconds)
            self._event("raised", f"cell {cell}", say("engine", "cell-raised", cell=cell, words=words))
            self._look_for_name(outcome)
        elif isinstance(outcome, Hung | Died):
            self.runs[number] = CellRun("hung" if isinstance(outcome, Hung) else "died", "", seconds)
            self.runs[number].message = self._note(outcome, f"cell {cell}")
        else:
            self.runs[number] = CellRun("ran", "", seconds)

    # ------------------------------------------------------------------------------------------------ the judge's side

    def call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Outcome:
        """Call the answer; a child that died is started anew for the next call, one that hung is not."""
        self._calls += 1
        if self.left <= 0 or time.monotonic() >= self.deadline:
            return Hung(self.time_limit, skipped=True)
        if self._talk is None and self.open()["state"] != "ready":
            return Died(say("engine", "not-again"))
        assert self._talk is not None
        start = time.monotonic()
        called = (args, kwargs) if self.exercise.is_called else ((), {})
        outcome = self._talk.call(*called, self._seconds(self.left))
        self.left -= time.monotonic() - start
        if isinstance(outcome, Hung | Died):
            self._note(outcome, say("engine", "call", exercise=self.exercise.id, number=self._calls))
            self._stop()
        if isinstance(outcome, Hung):
            self.left = 0
            return Hung(self.time_limit)
        self._look_for_name(outcome)
        return outcome

    def close(self) -> None:
        """Keep the child: the judge closes before it looks for the mistake's name."""

    def end(self) -> None:
        """End the child."""
        self._stop()

    # ------------------------------------------------------------------------------------------------ small things

    def _stop(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def _seconds(self, wanted: float) -> float:
        return max(0.05, min(wanted, self.deadline - time.monotonic()))

    def _look_for_name(self, outcome: Outcome) -> None:
        if isinstance(outcome, Raised) and "NameError" in outcome.bases:
            self.name_missing = True

    def _note(self, outcome: Hung | Died, where: str) -> str:
        if isinstance(outcome, Hung):
            words = say("engine", "hung", seconds=round(outcome.seconds, 1))
            self._event("hung", where, words)
        else:
            words = say("engine", "died", how=outcome.how)
            self._event("died", where, words)
        return words

    def _event(self, kind: str, where: str, words: str) -> None:
        event = Event(kind, where, words)
        if event not in self.events and len(self.events) < 50:
            self.events.append(event)
