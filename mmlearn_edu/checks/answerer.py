"""Who answers the judge's calls, and what may come back. The judge sees plain data only."""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any, Protocol

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.exercise import Case
from mmlearn_edu.checks.muted import muted, readable
from mmlearn_edu.checks.surroundings import Surroundings, numpy_kept
from mmlearn_edu.checks.timer import timer

__all__ = [
    "Answerer",
    "CheckerError",
    "Died",
    "Hung",
    "InPlace",
    "Outcome",
    "Raised",
    "Returned",
    "Value",
    "as_plain",
    "raised",
    "run",
    "run_on",
    "sendable",
]


class CheckerError(RuntimeError):
    """Something of ours failed; it is never a wrong answer."""


@dataclass(frozen=True)
class Returned:
    """The call came back with a value."""

    value: Any
    changed_input: bool = False
    printed: str = ""


@dataclass(frozen=True)
class Raised:
    """The call ended in an exception."""

    kind: str
    text: str
    line: str = ""
    bases: tuple[str, ...] = ()
    printed: str = ""


@dataclass(frozen=True)
class Hung:
    """The call was stopped after `seconds`, or `skipped` behind one that was; those that hang `again` had less time."""

    seconds: float
    skipped: bool = False
    again: bool = False


@dataclass(frozen=True)
class Died:
    """The call ended its process."""

    how: str


Outcome = Returned | Raised | Hung | Died


class Answerer(Protocol):
    """Answer calls."""

    def calls(self, cases: Sequence[Case]) -> list[Outcome]:
        """Call the answer with the arguments of each case, and return what came of it."""
        return [self.call(case.args, case.kwargs) for case in cases]

    def call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Outcome:
        """Call the answer and return what came of it."""

    def close(self) -> None:
        """Give back whatever was held."""


def run(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Returned | Raised:
    """Call `function` on copies, and say what came of it; the value may be anything."""
    return run_on(function, wire.encode([list(args), dict(kwargs)]))


def run_on(function: Callable[..., Any], call: bytes) -> Returned | Raised:
    """Call `function` with arguments as they were written; the value may be anything."""
    copies = wire.decode(call)
    try:
        with numpy_kept():
            value = function(*copies[0], **copies[1])
    except BaseException as error:  # a learner's code may raise anything, SystemExit included
        return raised(error, _file_of(function))
    try:
        after = wire.encode(copies)
        changed = after != call and after != wire.encode(wire.decode(call))  # a set may be written in another order
    except wire.TooLargeError:
        changed = True
    return Returned(value, changed)


def raised(error: BaseException, file: str | None) -> Raised:
    """Put an exception into plain data, with the last line of `file` that it passed through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    bases = tuple(base.__name__ for base in type(error).__mro__)
    try:
        text = readable(str(error)[:500])
    except Exception:  # a learner's own __str__ may raise anything
        text = ""
    return Raised(type(error).__name__, text, (frames[-1].line or "") if frames else "", bases)


def _file_of(function: Any) -> str | None:
    """Return where a function, or a method of a class, was written."""
    try:
        function = getattr(function, "__wrapped__", function)
        if isinstance(function, type):
            function = next((part for part in vars(function).values() if isinstance(part, FunctionType)), None)
        return function.__code__.co_filename if isinstance(function, FunctionType) else None
    except Exception:  # a learner's object may raise whatever it is asked
        return None


def as_plain(outcome: Returned | Raised) -> Returned | Raised:
    """Pass the returned value through the wire, so that every answerer gives the judge the same kind of data."""
    if isinstance(outcome, Raised):
        return outcome
    try:
        value = wire.decode(wire.encode(outcome.value))
    except wire.TooLargeError as error:
        value = wire.Opaque(wire.TOO_LARGE, str(error))
    except Exception as error:  # an object of the learner's may misbehave while it is read
        value = wire.Opaque(type(outcome.value).__name__, f"reading it raised {type(error).__name__}")
    return Returned(value, outcome.changed_input, outcome.printed)


def sendable(outcome: Returned | Raised) -> Returned | Raised:
    """Return an outcome that arrives as it is written, wherever it is read."""
    arrives = isinstance(outcome, Returned) and wire.arrives(outcome.value)
    return outcome if arrives else as_plain(outcome)


class InPlace(Answerer):
    """Call the answer in this process: for references, mistakes, mutants, and systems that cannot fork.

    With a time limit it is somebody else's code: it is muted, and what it changes around it is put back.
    """

    def __init__(self, function: Callable[..., Any], time_limit: float | None = None) -> None:
        self.function = function
        self.time_limit = time_limit
        self.left = time_limit
        self.surroundings = Surroundings()

    def call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Outcome:
        """Call the function, within what is left of the time limit."""
        if self.left is None or self.time_limit is None:
            outcome = run(self.function, args, kwargs)
            if isinstance(outcome, Raised) and outcome.kind == "KeyboardInterrupt":
                raise KeyboardInterrupt  # the learner stopped us, not our own code
            return as_plain(outcome)
        if self.left <= 0:
            return Hung(self.time_limit, skipped=True)
        start = time.monotonic()
        with self.surroundings.swapped(), muted() as output:
            found = self._in_time(self.left, args, kwargs)
        self.left -= time.monotonic() - start
        if found is None:
            self.left = 0
            return Hung(self.time_limit)
        return replace(found, printed=output.text())

    def _in_time(self, seconds: float, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Returned | Raised | None:
        """Return what came of the call, or None if the time was up first."""
        with timer(seconds) as clock:
            try:
                found = as_plain(run(self.function, args, kwargs))
            except BaseException:  # the time was up while we read what came back
                if not clock.rang:
                    raise
        return None if clock.rang else found

    def close(self) -> None:
        """Nothing is held."""


class Value(Answerer):
    """Answer with a value that is already there: a number, a dict of shapes, a letter."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Outcome:
        """Return the value, whatever the arguments."""
        return as_plain(Returned(self.value))

    def close(self) -> None:
        """Nothing is held."""
