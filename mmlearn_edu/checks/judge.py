"""The one judge: draws inputs, asks an answerer, compares, and names the mistake. It never runs the learner's code."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mmlearn_edu.checks.answerer import Answerer, CheckerError, Raised, Returned
from mmlearn_edu.checks.comparators import EachKey
from mmlearn_edu.checks.comparators.kinds import same_structure
from mmlearn_edu.checks.diagnosis import diagnose
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.exercise import Exercise, Problem
from mmlearn_edu.checks.laws import LAWS_SHARE, law_items
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.problems import Asked, ask
from mmlearn_edu.checks.verdict import Item, Verdict

__all__ = ["judge"]


def judge(
    exercise: Exercise,
    answerer: Answerer,
    seed: int,
    dtype: Any = np.float64,
    hidden: bool = False,
    drawn: Drawn | None = None,
) -> Verdict:
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
    drawn : Drawn, default=None
        The inputs and what our own code makes of them, where many answers are judged on the same; in place of `seed`
        and `dtype`.

    Returns
    -------
    Verdict
        Its status is "checker problem" where something of ours failed.
    """
    try:
        return _judge(drawn or Drawn(exercise, seed, dtype), answerer, hidden)
    except CheckerError as problem:
        return Verdict(exercise.id, "checker problem", exercise.points, notes=(str(problem),), seed=seed)
    finally:
        answerer.close()


def _judge(drawn: Drawn, answerer: Answerer, hidden: bool) -> Verdict:
    exercise = drawn.exercise
    shown = [case for case in drawn.cases if hidden or not case.hidden]
    asked = ask(drawn, answerer, shown)
    laws = [law for law in exercise.laws if hidden or not law.hidden]
    items = _value_items(exercise, asked, bool(laws))
    items += law_items(exercise, answerer, laws, drawn.law_seeds(len(laws)), started=any(item.earned for item in items))
    answerer.close()
    named = diagnose(drawn, asked) if any(one.problem for one in asked) else []
    return Verdict(
        exercise.id,
        _status(items),
        exercise.points,
        items,
        [mistake.id for mistake in named],
        [mistake.message for mistake in named],
        drawn.seed,
        hidden=len(drawn.cases) - len(shown) + len(exercise.laws) - len(laws),
        version=exercise.version,
        printed=next((text for one in asked if (text := getattr(one.outcome, "printed", ""))), ""),
    )


def _status(items: Sequence[Item]) -> str:
    if all(item.passed for item in items):
        return "passed"
    return "partly" if any(item.earned for item in items) else "failed"


def _value_items(exercise: Exercise, asked: Sequence[Asked], with_laws: bool) -> list[Item]:
    share = exercise.points * (1 - LAWS_SHARE if with_laws else 1)
    if isinstance(exercise.compare, EachKey) and len(asked) == 1:
        return _key_items(exercise, exercise.compare, asked[0], share)
    constant = any(one.problem is None for one in asked) and _sameness(exercise, asked)
    items = []
    for i, one in enumerate(asked, start=1):
        problem = one.problem
        if constant and problem is None:
            problem = Problem("constant", say(constant))
        points = share / len(asked)
        name, label = _name_of(exercise, one, i)
        items.append(_item(exercise, name, points, problem, label))
    return items


def _name_of(exercise: Exercise, one: Asked, number: int) -> tuple[str, str]:
    """Return the id of a case, the same in every language, and what a learner reads for it."""
    if one.case.label:
        return one.case.label, exercise.said(one.case.label)
    if exercise.is_called:
        return f"call {number}", say("call", number=number)
    return "your answer", say("your-answer")


def _item(exercise: Exercise, name: str, points: float, problem: Problem | None, label: str = "") -> Item:
    if problem is None:
        return Item(name, points, points, label=label)
    words = exercise.said(problem.message)
    return Item(name, points, 0.0, problem.id, words, problem.example, label, problem.arrays)


def _key_items(exercise: Exercise, compare: EachKey, one: Asked, share: float) -> list[Item]:
    assert isinstance(one.expected, Returned)
    expected = one.expected.value
    actual = one.outcome.value if isinstance(one.outcome, Returned) else None
    if not isinstance(actual, dict):
        problem = one.problem or same_structure(expected, actual)
        return [_item(exercise, str(key), share / len(expected), problem) for key in expected]
    items = []
    for key in expected:
        missing = Problem("keys-missing", say("keys-missing", key=key))
        problem = compare.part(expected[key], actual[key]) if key in actual else missing
        problem = replace(problem, example={}) if problem else None
        items.append(_item(exercise, str(key), share / len(expected), problem))
    return items


def _sameness(exercise: Exercise, asked: Sequence[Asked]) -> str:
    """Return what says that the answer heeds no input, as the id of a sentence; "" if it does."""
    raised = {(one.outcome.kind, one.outcome.line) for one in asked if isinstance(one.outcome, Raised)}
    if len(raised) == 1 and all(isinstance(one.outcome, Raised) for one in asked):
        return "raises-always" if any(isinstance(one.expected, Returned) for one in asked) else ""
    return "constant" if _is_constant(exercise, asked) else ""


def _is_constant(exercise: Exercise, asked: Sequence[Asked]) -> bool:
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
