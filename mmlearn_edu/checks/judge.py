"""The one judge: draws inputs, asks an answerer, compares, and names the mistake. It never runs the learner's code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.answerer import Answerer, CheckerError, Died, Hung, InPlace, Outcome, Raised, Returned
from mmlearn_edu.checks.comparators import EachKey
from mmlearn_edu.checks.comparators.kinds import same_structure, show
from mmlearn_edu.checks.exercise import Case, Exercise, Law, Mistake, Problem
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.verdict import Item, Verdict

__all__ = ["judge"]

LAWS_SHARE = 1 / 3  # of the points, where an exercise has laws


@dataclass(frozen=True)
class _Asked:
    """One case, what was expected of it, and what came."""

    case: Case
    expected: Outcome
    outcome: Outcome
    problem: Problem | None


def judge(exercise: Exercise, answerer: Answerer, seed: int, dtype: Any = np.float64, hidden: bool = False) -> Verdict:
    """Judge an answer on inputs drawn from `seed`.

    Parameters
    ----------
    exercise : Exercise
    answerer : Answerer
        Calls the learner's code somewhere; only plain data comes back.
    seed : int
    dtype : dtype
        Of the inputs; the reference gets the same.
    hidden : bool
        Whether to run what is kept for grading, too.

    Returns
    -------
    Verdict
        Its status is "checker problem" where something of ours failed.
    """
    try:
        return _judge(exercise, answerer, seed, dtype, hidden)
    except CheckerError as problem:
        return Verdict(exercise.id, "checker problem", exercise.points, notes=(str(problem),), seed=seed)
    finally:
        answerer.close()


def _judge(exercise: Exercise, answerer: Answerer, seed: int, dtype: Any, hidden: bool) -> Verdict:
    rng = np.random.default_rng(seed)
    drawn = _ours(exercise, lambda: list(exercise.cases(rng, dtype)))
    shown = [case for case in drawn if hidden or not case.hidden]
    asked = [_ask(exercise, answerer, case) for case in shown]
    laws = [law for law in exercise.laws if hidden or not law.hidden]
    items = _value_items(exercise, asked, bool(laws))
    items += _law_items(exercise, answerer, laws, rng, started=any(item.earned for item in items))
    named = _diagnose(exercise, asked) if any(one.problem for one in asked) else []
    return Verdict(
        exercise.id,
        _status(items),
        exercise.points,
        items,
        [mistake.id for mistake in named],
        [mistake.message for mistake in named],
        seed,
        hidden=len(drawn) - len(shown) + len(exercise.laws) - len(laws),
        version=exercise.version,
        printed=next((text for one in asked if (text := getattr(one.outcome, "printed", ""))), ""),
    )


def _status(items: Sequence[Item]) -> str:
    if all(item.passed for item in items):
        return "passed"
    return "partly" if any(item.earned for item in items) else "failed"


def _ours(exercise: Exercise, run: Callable[[], Any]) -> Any:
    """Run our own code: whatever it raises is a problem of the checker."""
    try:
        return run()
    except Exception as error:
        raise CheckerError(f"{exercise.id}: {type(error).__name__}: {error}") from error


# Values


def _ask(exercise: Exercise, answerer: Answerer, case: Case) -> _Asked:
    expected = InPlace(exercise.reference).call(case.args, case.kwargs)
    if isinstance(expected, Raised) and not (case.raises and case.raises.__name__ in expected.bases):
        raise CheckerError(f"{exercise.id}: the reference raised {expected.kind}: {expected.text}")
    outcome = answerer.call(case.args, case.kwargs)
    problem = _problem(exercise, expected, outcome, case)
    if problem:
        problem = replace(problem, example=_counterexample(exercise, case, problem))
    return _Asked(case, expected, outcome, problem)


def _counterexample(exercise: Exercise, case: Case, problem: Problem) -> dict[str, str]:
    """Show the input beside yours and expected; for a value, where the expected one is the answer, only yours."""
    if exercise.kind != "function":
        return {}
    arguments = _show_arguments(case)
    return {**({"input": arguments} if arguments else {}), **problem.example}


def _show_arguments(case: Case) -> str:
    parts = [show(value) for value in case.args] + [f"{key} = {show(value)}" for key, value in case.kwargs.items()]
    return "\n".join(parts)


def _problem(exercise: Exercise, expected: Outcome, outcome: Outcome, case: Case) -> Problem | None:
    if isinstance(outcome, Hung):
        key = "skipped" if outcome.skipped else "hung"
        return Problem(key, say(key, seconds=outcome.seconds))
    if isinstance(outcome, Died):
        return Problem("died", say("died", how=outcome.how))
    if isinstance(expected, Raised):
        return _raise_problem(case, outcome)
    if isinstance(outcome, Raised):
        key = "raised-at" if outcome.line else "raised"
        words = say(key, kind=outcome.kind, text=outcome.text or "(no message)", line=outcome.line)
        return Problem("raised", words)
    assert isinstance(expected, Returned)
    if outcome.changed_input and not expected.changed_input:
        return Problem("changed-input", say("changed-input"))
    if isinstance(outcome.value, wire.Opaque) and outcome.value.kind == "too large":
        return Problem("too-large", say("too-large", detail=outcome.value.text))
    return _compare(exercise, expected.value, outcome.value)


def _raise_problem(case: Case, outcome: Outcome) -> Problem | None:
    assert case.raises is not None
    name = case.raises.__name__
    if isinstance(outcome, Returned):
        example = {"yours": show(outcome.value), "expected": f"raise {name}(...)"}
        return Problem("no-error", say("no-error", expected=name), example)
    assert isinstance(outcome, Raised)
    if name not in outcome.bases:
        return Problem("wrong-error", say("wrong-error", kind=outcome.kind, expected=name))
    missing = [word for word in case.says if word.lower() not in outcome.text.lower()]
    if missing:
        words = say("error-words", kind=outcome.kind, text=outcome.text, words=", ".join(missing))
        return Problem("error-words", words)
    return None


def _compare(exercise: Exercise, expected: Any, actual: Any) -> Problem | None:
    """Compare; if comparing raises, the answer is to blame only where the expected value compares well with itself."""
    try:
        return exercise.compare(expected, actual)
    except Exception as error:
        _ours(exercise, lambda: exercise.compare(expected, expected))
        return Problem(
            "type", say("opaque", actual=f"something that raised {type(error).__name__}", expected="plain data")
        )


def _value_items(exercise: Exercise, asked: Sequence[_Asked], with_laws: bool) -> list[Item]:
    share = exercise.points * (1 - LAWS_SHARE if with_laws else 1)
    if isinstance(exercise.compare, EachKey) and len(asked) == 1:
        return _key_items(exercise.compare, asked[0], share)
    constant = _is_constant(exercise, asked)
    items = []
    for i, one in enumerate(asked, start=1):
        problem = one.problem
        if constant and problem is None:
            problem = Problem("constant", say("constant"))
        points = share / len(asked)
        label = one.case.label or (f"call {i}" if exercise.kind == "function" else say("your-answer"))
        items.append(_item(label, points, problem))
    return items


def _item(label: str, points: float, problem: Problem | None) -> Item:
    if problem is None:
        return Item(label, points, points)
    return Item(label, points, 0.0, problem.id, problem.message, problem.example)


def _key_items(compare: EachKey, one: _Asked, share: float) -> list[Item]:
    assert isinstance(one.expected, Returned)
    expected = one.expected.value
    actual = one.outcome.value if isinstance(one.outcome, Returned) else None
    if not isinstance(actual, dict):
        problem = one.problem or same_structure(expected, actual)
        return [_item(str(key), share / len(expected), problem) for key in expected]
    items = []
    for key in expected:
        missing = Problem("keys-missing", say("keys-missing", key=key))
        problem = compare.part(expected[key], actual[key]) if key in actual else missing
        problem = replace(problem, example={}) if problem else None
        items.append(_item(str(key), share / len(expected), problem))
    return items


def _is_constant(exercise: Exercise, asked: Sequence[_Asked]) -> bool:
    """Whether the answer is the same for every call although the expected values are not."""
    returned = [
        (one.expected.value, one.outcome.value)
        for one in asked
        if isinstance(one.expected, Returned) and isinstance(one.outcome, Returned)
    ]
    if len(returned) < 2:
        return False
    (first_expected, first), *others = returned
    try:
        same = all(exercise.compare(first, actual) is None for _, actual in others)
        return same and any(exercise.compare(first_expected, expected) is not None for expected, _ in others)
    except Exception:  # an answer that cannot be compared has its own words already
        return False


# Laws


class _NoAnswerError(Exception):
    """The learner's function did not return while a law was tried."""


def _law_items(
    exercise: Exercise, answerer: Answerer, laws: Sequence[Law], rng: np.random.Generator, started: bool
) -> list[Item]:
    points = exercise.points * LAWS_SHARE / max(1, len(laws))
    if not started:
        return [Item(law.name, points, 0.0, "law-waits", say("law-waits", name=law.name)) for law in laws]
    seeds = rng.integers(2**32, size=len(laws))
    items = []
    for law, law_seed in zip(laws, seeds, strict=True):
        words = _broken(exercise, answerer, law, int(law_seed))
        items.append(Item(law.name, points, 0.0 if words else points, "law" if words else "", words))
    return items


def _broken(exercise: Exercise, answerer: Answerer, law: Law, seed: int) -> str:
    """Return how the learner's function breaks `law`, or nothing."""

    def f(*args: Any, **kwargs: Any) -> Any:
        outcome = answerer.call(args, kwargs)
        if isinstance(outcome, Returned):
            return outcome.value
        problem = _problem(exercise, Returned(None), outcome, Case(args, kwargs))
        raise _NoAnswerError(problem.message if problem else "")

    try:
        detail = _verdict_of(law.holds(f, np.random.default_rng(seed)))
    except _NoAnswerError as problem:
        detail = str(problem)
    except AssertionError as error:
        detail = str(error) or "It does not hold."
    except Exception as error:  # a strange answer can break the law's own arithmetic; a law that breaks itself is ours
        _ours(exercise, lambda: law.holds(exercise.reference, np.random.default_rng(seed)))
        detail = f"Your answer could not be used: {type(error).__name__}: {error}"
    if detail is None:
        return ""
    return say("law-detail", name=law.name, detail=detail) if detail else say("law", name=law.name)


def _verdict_of(result: Any) -> str | None:
    """Read what a law returned: None or True hold, a text says what is wrong."""
    if isinstance(result, str):
        return result
    return None if result is None or bool(result) else ""


# Mistakes


def _diagnose(exercise: Exercise, asked: Sequence[_Asked]) -> list[Mistake]:
    return [mistake for mistake in exercise.mistakes if _makes(exercise, mistake, asked)]


def _makes(exercise: Exercise, mistake: Mistake, asked: Sequence[_Asked]) -> bool:
    """Whether the answer does what `mistake` does, on every call, and is wrong in at least one of them."""
    if isinstance(exercise.compare, EachKey) and len(asked) == 1:
        return _shares_a_wrong_key(exercise, mistake, asked[0])
    for one in asked:
        theirs = InPlace(mistake.function).call(one.case.args, one.case.kwargs)
        if not _same(exercise, one.case, theirs, one.outcome):
            return False
    return True


def _same(exercise: Exercise, case: Case, theirs: Outcome, outcome: Outcome) -> bool:
    if isinstance(theirs, Returned) and isinstance(outcome, Returned):
        if theirs.changed_input != outcome.changed_input:
            return False
        if theirs.value is None or outcome.value is None:
            return theirs.value is None and outcome.value is None
        try:
            return exercise.compare(theirs.value, outcome.value) is None
        except Exception:  # what cannot be compared is not the same
            return False
    if isinstance(theirs, Raised) and isinstance(outcome, Raised):
        return theirs.kind == outcome.kind and (theirs.text == outcome.text or _says_as_much(case, theirs, outcome))
    return False


def _says_as_much(case: Case, theirs: Raised, outcome: Raised) -> bool:
    """Whether two errors that the case asks for name the same of its words, each in its own sentence."""
    said = [[word.lower() in one.text.lower() for word in case.says] for one in (theirs, outcome)]
    return case.raises is not None and said[0] == said[1]


def _shares_a_wrong_key(exercise: Exercise, mistake: Mistake, one: _Asked) -> bool:
    compare = exercise.compare
    theirs = InPlace(mistake.function).call(one.case.args, one.case.kwargs)
    if not isinstance(compare, EachKey) or not isinstance(theirs, Returned) or not isinstance(one.outcome, Returned):
        return False
    assert isinstance(one.expected, Returned)
    expected, actual = one.expected.value, one.outcome.value
    if not isinstance(actual, dict) or not isinstance(theirs.value, dict):
        return False
    return any(
        key in actual
        and compare.part(expected[key], actual[key])
        and compare.part(theirs.value[key], actual[key]) is None
        for key in expected
        if key in theirs.value
    )
