"""What a chapter's file is written with: ``from mmlearn_edu.checks.authoring import exercise, close, mistake, ...``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mmlearn_edu.checks.cases import case, cases, random_matrices
from mmlearn_edu.checks.comparators import (
    builds,
    close,
    computes,
    each_key,
    exact,
    figure,
    learns,
    module,
    over_seeds,
    ranking,
    same_neighbours,
    sparse,
    steady,
    text,
    up_to_relabel,
    up_to_rotation,
    up_to_sign,
)
from mmlearn_edu.checks.comparators.kinds import show
from mmlearn_edu.checks.exercise import (
    CALLED,
    KINDS,
    Case,
    Chapter,
    Compare,
    Exercise,
    Law,
    Mistake,
    Prediction,
    Problem,
    Question,
    letter,
)
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.source import answer_name, solution_source, stub_source

__all__ = [
    "Case",
    "answer_name",
    "builds",
    "case",
    "cases",
    "chapter",
    "close",
    "computes",
    "each_key",
    "exact",
    "exercise",
    "figure",
    "law",
    "learns",
    "mistake",
    "module",
    "nearest",
    "over_seeds",
    "prediction",
    "question",
    "random_matrices",
    "ranking",
    "same_hints",
    "same_neighbours",
    "solution_source",
    "sparse",
    "steady",
    "stub_source",
    "text",
    "up_to_relabel",
    "up_to_rotation",
    "up_to_sign",
]

chapter = Chapter
prediction = Prediction
question = Question


def law(name: str, holds: Callable[..., Any], hidden: bool = False) -> Law:
    """State a property of the learner's function: ``holds(f, rng)`` is False, a text, or raises where it fails."""
    return Law(name, holds, hidden)


def mistake(name: str, function: Callable[..., Any], message: str, seen: str = "") -> Mistake:
    """Name a wrong implementation and say in words what to change; `seen` tells where it was met."""
    return Mistake(name, function, message, seen)


def same_hints(hints: Sequence[str], *failed: str) -> dict[str, Sequence[str]]:
    """Give several mistakes, kinds of problems or items the same three hints: a part of ``hints_for``."""
    return dict.fromkeys(failed, hints)


def nearest(levels: Mapping[str, float]) -> Callable[[float], str]:
    """Make the outcome of a prediction: the letter whose level lies nearest to the result."""
    return lambda result: min(levels, key=lambda letter: abs(levels[letter] - result))


def exercise(
    exercise_id: str,
    *,
    kind: str = "function",
    points: float = 1,
    version: int = 1,
    cases: Callable[..., Sequence[Case]] | None = None,
    compare: Compare | None = None,
    given: Callable[[], Mapping[str, Any]] | None = None,
    options: Mapping[str, str] | None = None,
    **details: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an exercise of a reference function.

    Parameters
    ----------
    exercise_id : str
        ``"topic.verb_noun"``, stable for ever.
    kind : {"function", "module", "figure", "value", "cell", "choice", "widget"}
        A function; a torch module's class, judged by trials (`builds`, `computes`, `learns`, `steady`); a function
        that draws; or a value, whose reference is a function with the cell as its body, ending with ``return name``.
    points : float
    version : int
        Raise it when what is asked changes.
    cases : callable
        ``(rng, dtype) -> list of Case``; needed for functions.
    compare : callable, default=close()
        For choices, the letter; for modules `module()`, for figures `figure()`.
    given : callable, optional
        Returns the notebook's variables that the reference takes as parameters (kind "cell").
    options : mapping of str to str
        Letter to text (kind "choice").
    **details
        `title`, `laws`, `mistakes`, `alternatives`, `hints`, `hints_for`, `section`, `forbids`, `equivalent_mutants`,
        `time_limit`, `seeds`: see :class:`mmlearn_edu.checks.exercise.Exercise`.

    Raises
    ------
    ValueError
        If the kind is unknown, or lacks what it needs.
    """
    if kind not in KINDS:
        raise ValueError(f"{exercise_id}: kind={kind!r} is not one of {', '.join(KINDS)}")
    if kind in CALLED and cases is None:
        raise ValueError(f"{exercise_id}: a {kind} needs cases=, for instance random_matrices([(3, 2), (30, 4)])")
    if kind == "choice" and not options:
        raise ValueError(f"{exercise_id}: a choice needs options={{'a': ..., 'b': ...}}")
    draw = cases or (lambda rng, dtype: [Case(kwargs=given() if given else {})])
    compare = compare or (_letter_of(options) if kind == "choice" and options else _COMPARE.get(kind, close)())

    def decorate(reference: Callable[..., Any]) -> Callable[..., Any]:
        made = Exercise(
            id=exercise_id,
            kind=kind,
            reference=reference,
            points=points,
            version=version,
            cases=draw,
            compare=compare,
            options=options or {},
            **details,
        )
        reference.__exercise__ = made  # type: ignore[attr-defined]
        return reference

    return decorate


_COMPARE: dict[str, Callable[[], Compare]] = {"module": module, "figure": figure}


def _letter_of(options: Mapping[str, str]) -> Compare:
    """Compare two letters, however they are typed; say which there are to who wrote something else."""

    def compare(expected: Any, actual: Any) -> Problem | None:
        if letter(actual) == expected:
            return None
        if letter(actual) not in options:
            return Problem("choice-letter", say("choice-letter", answer=show(actual), letters=", ".join(options)))
        return Problem("value", say("value", actual=repr(actual)))

    return compare
