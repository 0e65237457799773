"""The cells of one hand-in, run in one child of the sandbox; what came of each, and what was out of the ordinary."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from mmlearn_edu.checks.answerer import Died, Hung, Outcome, Raised
from mmlearn_edu.grading.plan import Plan, Step
from mmlearn_edu.grading.sandbox import Launched, Limits
from mmlearn_edu.grading.sandbox.talk import Talk
from mmlearn_edu.grading.words import say

__all__ = ["CellRun", "Event", "Running", "lacks_name", "note"]

_SET_UP = 60.0  # seconds: the chapter's own imports are not the learner's fault, however slow the disk
_AGAIN = 12  # times a child that died is started anew, for one exercise
_MOST_EVENTS = 50


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
class Running:
    """One child after the other, until one has run the cells.

    Parameters
    ----------
    launched : Launched
    plan : Plan
    steps : sequence of Step
    limits : Limits
    deadline : float
        When, by the monotonic clock, all has to be done.
    starts : int
        How many children there may be.
    patience : float
        Seconds for a cell or for one answer, if the limits allow more.
    talk : Talk, default=None
        The first child, if it is there already.
    """

    launched: Launched
    plan: Plan
    steps: Sequence[Step]
    limits: Limits
    deadline: float
    starts: int = _AGAIN
    patience: float = math.inf
    talk: Talk | None = None
    runs: dict[int, CellRun] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    name_missing: bool = False

    def __post_init__(self) -> None:
        self._ran = False
        self._bad: set[int] = set()

    def start(self) -> Talk | None:
        """Return a child that ran the cells, or None if there is none; a cell that hangs or dies is then left out."""
        while not (self.talk and self._ran):
            if self.starts <= 0 or time.monotonic() >= self.deadline:
                self.stop()
                return None
            self.starts -= 1
            self.talk = self.talk or Talk(self.launched)
            self._ran = self._run_cells(self.talk)
            if not self._ran:
                self.stop()
        return self.talk

    def stop(self) -> None:
        """End the child; :meth:`start` starts another."""
        if self.talk is not None:
            self.talk.close()
        self.talk, self._ran = None, False

    def seconds(self, wanted: float) -> float:
        """Return how many of the seconds that are `wanted` there are."""
        return max(0.05, min(wanted, self.patience, self.deadline - time.monotonic()))

    def _run_cells(self, talk: Talk) -> bool:
        set_up = self.plan.handout.set_up(self.plan.names(self.steps))
        seconds = max(0.05, min(_SET_UP, self.deadline - time.monotonic()))
        if set_up:
            ((outcome, _),) = talk.cells([("set-up", set_up, False)], lambda: seconds)
            if isinstance(outcome, Hung | Died):
                return False
        steps = [step for step in self.steps if step.number not in self._bad]
        cells = [self.plan.cells[step.number] for step in steps]
        wanted = [(cell.id, cell.source, step.imports_only) for cell, step in zip(cells, steps, strict=True)]
        start = time.monotonic()
        told = talk.cells(wanted, lambda: self.seconds(self.limits.cell))
        for step, (outcome, left_out) in zip(steps, told, strict=True):
            self._record(step.number, outcome, time.monotonic() - start)
            start = time.monotonic()
            for line in left_out:
                where = f"cell {self.plan.cells[step.number].id}"
                add(self.events, Event("magic", where, say("engine", "left-out", line=line)))
            if isinstance(outcome, Hung | Died):
                self._bad.add(step.number)
                return False
        return True

    def _record(self, number: int, outcome: Outcome, seconds: float) -> None:
        cell = self.plan.cells[number].id
        if isinstance(outcome, Raised):
            words = f"{outcome.kind}: {outcome.text}".strip(": ")
            self.runs[number] = CellRun("raised", words, seconds)
            add(self.events, Event("raised", f"cell {cell}", say("engine", "cell-raised", cell=cell, words=words)))
            self.name_missing |= lacks_name(outcome)
        elif isinstance(outcome, Hung | Died):
            words = note(self.events, outcome, f"cell {cell}")
            self.runs[number] = CellRun("hung" if isinstance(outcome, Hung) else "died", words, seconds)
        else:
            self.runs[number] = CellRun("ran", "", seconds)


def lacks_name(outcome: Outcome) -> bool:
    """Say whether a name was missing: a cell that was not run may have it."""
    return isinstance(outcome, Raised) and "NameError" in outcome.bases


def note(events: list[Event], outcome: Hung | Died, where: str) -> str:
    """Add to `events` what ended a child, and return it in words."""
    if isinstance(outcome, Hung):
        kind, words = "hung", say("engine", "hung", seconds=round(outcome.seconds, 1))
    else:
        kind, words = "died", say("engine", "died", how=outcome.how)
    add(events, Event(kind, where, words))
    return words


def add(events: list[Event], event: Event) -> None:
    """Add one event, once; a hand-in that makes thousands is told about a few."""
    if event not in events and len(events) < _MOST_EVENTS:
        events.append(event)
