"""Who does what: hand-ins are given out one at a time, and one that ends its worker is tried once more."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from mmlearn_edu.grading.ledger import BatchError
from mmlearn_edu.grading.outcome import Outcome, Progress
from mmlearn_edu.grading.serving import Failed, Full, Ready, Task, Unfit
from mmlearn_edu.grading.words import say
from mmlearn_edu.grading.workers import Lost, Worker, Workers

__all__ = ["BatchStoppedError", "hand_out"]

TICK = 0.5  # seconds between two looks at the clock
MISFORTUNES = 5  # errors of the grader in a row, none of them a hand-in's
TRIES = 2  # of a hand-in, and of a worker to become ready


class BatchStoppedError(Exception):
    """The run cannot go on; what is graded is kept, and the message says how to resume."""


def hand_out(
    todo: Sequence[int],
    names: Sequence[str],
    workers: Workers,
    outcome: Outcome,
    on_progress: Callable[[Progress], None],
) -> None:
    """Have every hand-in graded and count its row.

    Parameters
    ----------
    todo : sequence of int
        Places of the hand-ins.
    names : sequence of str
        Of all hand-ins.
    workers : Workers
    outcome : Outcome
        What is counted.
    on_progress : callable

    Raises
    ------
    BatchError
        If there is no grader for this run on this machine.
    BatchStoppedError
        If results cannot be written, or no worker stays alive.
    """
    _HandingOut(todo, names, workers, outcome).run(on_progress)


class _HandingOut:
    def __init__(self, todo: Sequence[int], names: Sequence[str], workers: Workers, outcome: Outcome) -> None:
        self.todo = deque(map(Task, todo))
        self.names, self.workers, self.outcome = names, workers, outcome
        self.stillborn = self.failed = 0

    def run(self, on_progress: Callable[[Progress], None]) -> None:
        on_progress(self.outcome.progress())
        while self.todo or self.workers.busy:
            self.workers.fill(len(self.todo) + len(self.workers.busy))
            for worker in self.workers.idle[: len(self.todo)]:
                worker.give(self.todo.popleft())
            heard = list(self.workers.news(TICK))
            for worker, message in heard:
                self._take(worker, message)
                if isinstance(message, dict):
                    on_progress(self.outcome.progress(message))
            if not heard:
                on_progress(self.outcome.progress())

    def _take(self, worker: Worker, message: Any) -> None:
        match message:
            case dict():
                self.outcome.add(message)
                self.failed = 0
            case Ready():
                self.stillborn = 0
            case Failed(task, words):
                self.workers.dismiss(worker)
                self._failed(words)
                self._again(task, words)
            case Lost(how, None):
                self._stillborn(how)
            case Lost(how, task):
                self._again(task, say("batch", how))
            case Full(words):
                raise BatchStoppedError(say("batch", "full", words=words, out=self.outcome.out))
            case Unfit(words):
                raise BatchError(words)

    def _again(self, task: Task, words: str) -> None:
        """Put a hand-in that ended its worker behind the others; after its last try, have a row written instead."""
        if task.give_up:
            self.outcome.without_row.append(self.names[task.place])
            self.outcome.notes.append(say("batch", "no-row", name=self.names[task.place], reason=words))
        elif task.attempt < TRIES:
            self.todo.append(Task(task.place, task.attempt + 1))
        else:
            self.todo.append(Task(task.place, task.attempt, say("batch", "given-up", tries=TRIES, reason=words)))

    def _failed(self, words: str) -> None:
        """Stop where the grader itself is broken: nobody waits for three hundred failures."""
        self.failed += 1
        if self.failed > MISFORTUNES:
            raise BatchStoppedError(say("batch", "broken", times=self.failed, reason=words, out=self.outcome.out))

    def _stillborn(self, how: str) -> None:
        self.stillborn += 1
        if self.stillborn > TRIES:
            raise BatchStoppedError(say("batch", "no-worker", reason=say("batch", how), out=self.outcome.out))
