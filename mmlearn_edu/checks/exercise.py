"""What an exercise is: a reference, the inputs to draw, how to compare, and the mistakes it knows by name."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from mmlearn_edu.checks import wire

__all__ = [
    "CALLED",
    "KINDS",
    "Case",
    "Chapter",
    "Compare",
    "Exercise",
    "Law",
    "Mistake",
    "Prediction",
    "Problem",
    "Question",
    "letter",
]

CALLED = ("function", "module", "figure")  # the answer is called, the others are values
KINDS = (*CALLED, "value", "cell", "choice", "widget")


def letter(answer: Any) -> str:
    """Read the letter of an option, however it is typed: ``"b"``, ``" B "`` or ``"b)"``; "" if it is no text."""
    return answer.strip().lower().rstrip(").") if isinstance(answer, str) else ""


@dataclass(frozen=True)
class Case:
    """One call of the learner's function.

    `raises` names the exception the call must end in, `says` words its message must contain.
    A `hidden` case is drawn only at grading. `truth` is what the judge alone knows, such as labels held out.
    """

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    hidden: bool = False
    raises: type[Exception] | None = None
    says: tuple[str, ...] = ()
    truth: Any = None

    @functools.cached_property
    def written(self) -> bytes:
        """The arguments as they are sent, for as many answers as there are."""
        return wire.encode([list(self.args), dict(self.kwargs)])


@dataclass(frozen=True)
class Problem:
    """Why an answer is not right: an id of the message catalogue, the words, and a small counterexample."""

    id: str
    message: str
    example: Mapping[str, str] = field(default_factory=dict)
    arrays: tuple[Any, Any] | None = None  # yours and expected, where a picture may say more


class Compare(Protocol):
    """Judge one returned value."""

    def __call__(self, expected: Any, actual: Any) -> Problem | None:
        """Return what is wrong with `actual`, or None."""


@dataclass(frozen=True)
class Law:
    """A property of the learner's own function: ``holds(f, rng)`` is False, or raises AssertionError, if it fails."""

    name: str
    holds: Callable[[Callable[..., Any], np.random.Generator], Any]
    hidden: bool = False


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation with a name, the words that explain it, and where it was seen."""

    id: str
    function: Callable[..., Any]
    message: str
    seen: str = ""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """Everything about one exercise; the stub, the solution, the check and the hints all come from here."""

    id: str
    kind: str
    reference: Callable[..., Any]
    points: float
    version: int
    cases: Callable[[np.random.Generator, Any], Sequence[Case]]
    compare: Compare
    title: str = ""  # what is learnt, in a few words; the list of what a learner can do is made of these
    laws: Sequence[Law] = ()
    mistakes: Sequence[Mistake] = ()
    alternatives: Sequence[Callable[..., Any]] = ()
    hints: Sequence[str] = ()
    hints_for: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by the mistake, problem or item that failed
    section: tuple[str, ...] = ()  # cell id and heading, in the chapter's notebook, of what explains it
    forbids: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    equivalent_mutants: Mapping[str, str] = field(default_factory=dict)
    time_limit: float = 5.0
    seeds: int = 200
    said: Callable[[str], str] = str  # what the exercise says, in the learner's language: labels, rules, own words

    @property
    def is_called(self) -> bool:
        """Whether the answer is called with drawn inputs; else it is a value."""
        return self.kind in CALLED

    @property
    def topic(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def task(self) -> str:
        """The reference's docstring: what is asked."""
        return (self.reference.__doc__ or "").strip()


@dataclass(frozen=True)
class Chapter:
    """Facts about a chapter: its id is the slug of its notebook."""

    id: str
    title: str
    minutes: int
    needs: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A question a learner answers before the cell runs: among `options`, or a number that is right within `within`."""

    id: str
    prompt: str
    options: Mapping[str, str] = field(default_factory=dict)
    outcome: Callable[[Any], Any] | None = None
    unit: str = ""
    within: float | None = None
    after: str = ""
    example: Any = None

    def right(self, guess: Any, result: Any) -> bool:
        """Say whether `guess` came true."""
        found = self.outcome(result) if self.outcome else result
        if self.within is None:
            return bool(guess == found)
        return abs(float(guess) - float(found)) <= self.within


@dataclass(frozen=True, kw_only=True)
class Question:
    """A recall question for later chapters: one right option, and what each wrong one misses."""

    id: str
    prompt: str
    options: Mapping[str, str]
    answer: str
    why: str
    wrong: Mapping[str, str] = field(default_factory=dict)
