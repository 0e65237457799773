"""One exercise of one hand-in: its answer, in a child of the sandbox, answers the judge's calls."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mmlearn_edu.checks.answerer import Answerer, Died, Hung, Outcome
from mmlearn_edu.checks.exercise import Case, Exercise
from mmlearn_edu.grading.running import Event, Running, lacks_name, note
from mmlearn_edu.grading.words import say

__all__ = ["Work"]

_NOTHING = Case().written
_PART = 1 / 5  # of the time, at most, for each call behind one that hung
_MOST_HUNG = 3  # calls that hang, one behind the other: nobody waits for the next


@dataclass
class Work(Answerer):
    """Answer for one exercise; an answerer of the judge's (:class:`mmlearn_edu.checks.answerer.Answerer`).

    Parameters
    ----------
    exercise : Exercise
    running : Running
        Where the answer lives.
    forbids : collection of str
        The modules whose estimators refuse to work there: those that this exercise forbids, or more.
    in_a_row : bool
        Whether an answer may see the questions behind the one that it is asked.
    """

    exercise: Exercise
    running: Running
    forbids: Collection[str]
    in_a_row: bool
    events: list[Event] = field(default_factory=list)
    name_missing: bool = False

    def __post_init__(self) -> None:
        self.left = self.time_limit = self.running.limits.call or self.exercise.time_limit
        self._each = self.time_limit  # seconds that one call may take
        self._hung = 0  # calls that hung, one behind the other
        self._open = False
        self._calls = 0

    def open(self) -> dict[str, Any]:
        """Have the cells run, and return the facts about the answer."""
        self._open = False
        plan, limits = self.running.plan, self.running.limits
        talk = self.running.start()
        if talk is None:
            return {"state": "missing"}
        wanted = dict(plan.handout.wanted[self.exercise.id])
        by_name = plan.by_name(self.exercise.id)
        found = talk.inspect(wanted, by_name, list(self.forbids), self.running.seconds(limits.cell))
        if isinstance(found, Hung | Died):
            note(self.events, found, self.exercise.id)
            self.running.starts = 0  # what cannot even be looked at is not tried again
            self.running.stop()
            return {"state": "missing"}
        self._open = True
        return found

    def call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Outcome:
        """Call the answer; a child that died or hung is started anew for the next call, as long as there is time."""
        return self.calls([Case(args, kwargs)])[0]

    def calls(self, cases: Sequence[Case]) -> list[Outcome]:
        """Call the answer with the arguments of each case."""
        outcomes: list[Outcome] = []
        while len(outcomes) < len(cases):
            outcomes += self._some(cases[len(outcomes) :][: None if self.in_a_row else 1])
        return outcomes

    def _some(self, cases: Sequence[Case]) -> Iterator[Outcome]:
        """Yield what came of each case, up to the one that ends the child."""
        if self.left <= 0 or time.monotonic() >= self.running.deadline:
            self._calls += 1
            yield Hung(self.time_limit, skipped=True)
        elif not self._open and self.open()["state"] != "ready":
            self._calls += 1
            yield Died(say("engine", "not-again"))
        else:
            assert self.running.talk is not None
            calls = [case.written if self.exercise.is_called else _NOTHING for case in cases]
            start = time.monotonic()
            told = self.running.talk.calls(calls, lambda: self.running.seconds(min(self.left, self._each)))
            for number, outcome in enumerate(told, start=1):
                self.left -= time.monotonic() - start
                start = time.monotonic()
                yield self._noted(outcome)
                if self.left <= 0 and number < len(calls):
                    self._give_up()  # it works on the next already, and nobody will wait for that
                if not self._open:
                    return

    def _noted(self, outcome: Outcome) -> Outcome:
        self._calls += 1
        if isinstance(outcome, Hung | Died):
            note(self.events, outcome, say("engine", "call", exercise=self.exercise.id, number=self._calls))
            self._give_up()
        if isinstance(outcome, Hung):
            return self._stopped()
        self._hung = 0
        self.name_missing |= lacks_name(outcome)
        return outcome

    def _stopped(self) -> Hung:
        """Say how long the call that hung was waited for; all behind the first have as much time again, each a part."""
        hung = Hung(self._each, again=self._each < self.time_limit)
        if not hung.again:
            self.left, self._each = self.time_limit, _PART * self.time_limit
        self._hung += 1
        if self._hung == _MOST_HUNG:
            self.left = 0
        return hung

    def _give_up(self) -> None:
        self.running.stop()
        self._open = False

    def close(self) -> None:
        """Keep the child: the judge closes before it looks for the mistake's name."""
