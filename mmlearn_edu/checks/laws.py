"""Laws: properties that the learner's own function must have, tried on inputs of their own."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmlearn_edu.checks.answerer import Answerer, Returned
from mmlearn_edu.checks.drawn import ours
from mmlearn_edu.checks.exercise import Case, Exercise, Law
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.problems import problem_of
from mmlearn_edu.checks.verdict import Item

__all__ = ["LAWS_SHARE", "law_items"]

LAWS_SHARE = 1 / 3  # of the points, where an exercise has laws


class _NoAnswerError(Exception):
    """The learner's function did not return while a law was tried."""


def law_items(
    exercise: Exercise, answerer: Answerer, laws: Sequence[Law], seeds: Sequence[int], started: bool
) -> list[Item]:
    """Try every law, once some values are right (`started`): a law alone is easily kept, by a constant for instance."""
    points = exercise.points * LAWS_SHARE / max(1, len(laws))
    if not started:
        return [_waiting(law, points, exercise.said(law.name)) for law in laws]
    items = []
    for law, law_seed in zip(laws, seeds, strict=True):
        words = _broken(exercise, answerer, law, law_seed)
        label = exercise.said(law.name)
        items.append(Item(law.name, points, 0.0 if words else points, "law" if words else "", words, label=label))
    return items


def _waiting(law: Law, points: float, label: str) -> Item:
    return Item(law.name, points, 0.0, "law-waits", say("law-waits", name=label), label=label)


def _broken(exercise: Exercise, answerer: Answerer, law: Law, seed: int) -> str:
    """Return how the learner's function breaks `law`, or nothing."""

    def f(*args: Any, **kwargs: Any) -> Any:
        outcome = answerer.call(args, kwargs)
        if isinstance(outcome, Returned):
            return outcome.value
        problem = problem_of(exercise, Returned(None), outcome, Case(args, kwargs))
        raise _NoAnswerError(problem.message if problem else "")

    try:
        detail = _verdict_of(law.holds(f, np.random.default_rng(seed)))
    except _NoAnswerError as problem:
        detail = str(problem)
    except AssertionError as error:
        detail = str(error) or say("law-broken")
    except Exception as error:  # a strange answer can break the law's own arithmetic; a law that breaks itself is ours
        ours(exercise, lambda: law.holds(exercise.reference, np.random.default_rng(seed)))
        detail = say("law-unusable", kind=type(error).__name__, text=error)
    if detail is None:
        return ""
    return say("law-detail", detail=exercise.said(detail)) if detail else say("law")


def _verdict_of(result: Any) -> str | None:
    """Read what a law returned: None or True hold, a text says what is wrong."""
    if isinstance(result, str):
        return result
    return None if result is None or bool(result) else ""
