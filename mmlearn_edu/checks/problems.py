"""From what came of a call to what is wrong with it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.answerer import Answerer, CheckerError, Died, Hung, Outcome, Raised, Returned
from mmlearn_edu.checks.comparators.kinds import show
from mmlearn_edu.checks.drawn import Drawn, ours
from mmlearn_edu.checks.exercise import Case, Exercise, Problem
from mmlearn_edu.checks.explanations import explain
from mmlearn_edu.checks.messages import say

__all__ = ["Asked", "ask", "problem_of"]


@dataclass(frozen=True)
class Asked:
    """One case, what was expected of it, and what came."""

    case: Case
    expected: Outcome
    outcome: Outcome
    problem: Problem | None


def ask(drawn: Drawn, answerer: Answerer, cases: Sequence[Case]) -> list[Asked]:
    """Call reference and answer with the same arguments, and say what is wrong with what came.

    The reference first, for all cases: what this process writes while a copy of it lives has to be copied, too.
    """
    expected = [_expected(drawn, case) for case in cases]
    outcomes = answerer.calls(cases)
    return [_asked(drawn, *one) for one in zip(cases, expected, outcomes, strict=True)]


def _expected(drawn: Drawn, case: Case) -> Outcome:
    expected = drawn.outcome(drawn.exercise.reference, case)
    if isinstance(expected, Raised) and not (case.raises and case.raises.__name__ in expected.bases):
        raise CheckerError(say("reference-raised", id=drawn.exercise.id, kind=expected.kind, text=expected.text))
    return expected


def _asked(drawn: Drawn, case: Case, expected: Outcome, outcome: Outcome) -> Asked:
    problem = problem_of(drawn.exercise, expected, outcome, case)
    if problem:
        problem = replace(problem, example=_counterexample(drawn, case, problem))
    return Asked(case, expected, outcome, problem)


def _counterexample(drawn: Drawn, case: Case, problem: Problem) -> dict[str, str]:
    """Show the input beside yours and expected; for a value, where the expected one is the answer, only yours."""
    if not drawn.exercise.is_called:
        return {}
    arguments = drawn.shown(case)
    return {**({"input": arguments} if arguments else {}), **problem.example}


def problem_of(exercise: Exercise, expected: Outcome, outcome: Outcome, case: Case) -> Problem | None:
    """Say what is wrong with `outcome`, or return None."""
    if isinstance(outcome, Hung):
        key = "skipped" if outcome.skipped else "hung-again" if outcome.again else "hung"
        return Problem(key, say(key, seconds=outcome.seconds))
    if isinstance(outcome, Died):
        return Problem("died", say("died", how=outcome.how))
    if isinstance(expected, Raised):
        return _raise_problem(case, outcome)
    if isinstance(outcome, Raised):
        key = "raised-at" if outcome.line else "raised"
        words = say(key, kind=outcome.kind, text=outcome.text or say("no-text"), line=outcome.line)
        meant = explain(outcome.text)
        return Problem("raised", f"{words}\n  {meant}" if meant else words)
    assert isinstance(expected, Returned)
    if outcome.changed_input and not expected.changed_input:
        return Problem("changed-input", say("changed-input"))
    if isinstance(outcome.value, wire.Opaque) and outcome.value.kind == wire.TOO_LARGE:
        return Problem("too-large", say("too-large", detail=outcome.value.text))
    return _compare(exercise, case, expected.value, outcome.value)


def _raise_problem(case: Case, outcome: Outcome) -> Problem | None:
    assert case.raises is not None
    name = case.raises.__name__
    if isinstance(outcome, Returned):
        if isinstance(outcome.value, wire.Opaque) and outcome.value.kind == name:
            return Problem("returned-error", say("returned-error", expected=name))
        example = {"yours": show(outcome.value), "expected": f"raise {name}(...)"}
        return Problem("no-error", say("no-error", expected=name), example)
    assert isinstance(outcome, Raised)
    if name not in outcome.bases:
        return Problem("wrong-error", say("wrong-error", kind=outcome.kind, expected=name))
    missing = [word for word in case.says if word.lower() not in outcome.text.lower()]
    if missing:
        key = "error-words" if outcome.text else "error-wordless"
        return Problem("error-words", say(key, kind=outcome.kind, text=outcome.text, words=", ".join(missing)))
    return None


def _compare(exercise: Exercise, case: Case, expected: Any, actual: Any) -> Problem | None:
    """Compare; if comparing raises, the answer is to blame only where the expected value compares well with itself."""
    compare = exercise.compare.for_case(case) if hasattr(exercise.compare, "for_case") else exercise.compare
    if actual is None and expected is not None and exercise.is_called:
        return Problem("none", say("none"))  # whatever is asked for, a function without `return` is the reason
    try:
        return compare(expected, actual)
    except Exception as error:
        ours(exercise, lambda: compare(expected, expected))
        raised = say("kind-raises", name=type(error).__name__)
        return Problem("type", say("opaque", actual=raised, expected=say("kind-plain")))
