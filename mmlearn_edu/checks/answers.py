"""What was handed in, said where it lives: still the stub, no function, the library's, or something to judge."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators import describe
from mmlearn_edu.checks.exercise import CALLED, Exercise
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.resolve import library_use
from mmlearn_edu.checks.source import answer_name, has_blank, is_stub, matches_stub, stub_instructions, stub_source
from mmlearn_edu.checks.verdict import Verdict

__all__ = ["facts_about", "is_blank", "not_judged", "plain", "value_of", "wanted"]

Facts = dict[str, Any]


def wanted(exercise: Exercise) -> Facts:
    """Return, as plain data, what has to be known of an exercise where the answer lives; never how it is judged."""
    return {
        "id": exercise.id,
        "kind": exercise.kind,
        "name": answer_name(exercise),
        "forbids": list(exercise.forbids),
        "stub": stub_source(exercise) if exercise.is_called else "",
    }


def facts_about(answer: Any, asked: Exercise | Mapping[str, Any]) -> Facts:
    """Say what `answer` is, in plain data.

    Parameters
    ----------
    answer : object
    asked : Exercise, or what :func:`wanted` says of one

    Returns
    -------
    dict
        ``state``: "blank", "stub", "not-callable" (or "called", with what it returned in its place), "uses" (with the
        `name` of what it leans on), or "ready", with `blank_left` where a ``...`` stands in the code.
    """
    kind, exercise_id, forbids = _basics(asked)
    if kind not in CALLED:
        return {"state": "blank" if is_blank(value_of(answer, kind)) else "ready", "blank_left": False}
    if answer is Ellipsis:
        return {"state": "blank"}
    if _is_stub(asked, answer):
        return {"state": "stub"}
    if not callable(answer):
        called = isinstance(answer, np.ndarray | list | tuple | float)
        return {"state": "called" if called else "not-callable", "actual": describe(answer)}
    used = library_use(answer, forbids, exercise_id)
    if used:
        return {"state": "uses", "name": used}
    return {"state": "ready", "blank_left": has_blank(answer)}


def _basics(asked: Exercise | Mapping[str, Any]) -> tuple[str, str, Sequence[str]]:
    if isinstance(asked, Exercise):
        return asked.kind, asked.id, asked.forbids
    return asked["kind"], asked["id"], asked["forbids"]


def _is_stub(asked: Exercise | Mapping[str, Any], answer: Any) -> bool:
    if isinstance(asked, Exercise):
        return is_stub(asked, answer)
    return matches_stub(stub_instructions(asked["stub"], asked["name"]), answer)


def value_of(answer: Any, kind: str) -> Any:
    """Return a widget's answer, ``...`` if nobody moved it; everything else is the answer itself."""
    if kind != "widget":
        return answer
    try:
        found = getattr(answer, "answer", answer)
    except Exception:  # a learner's object may raise whatever it is asked
        return answer
    return ... if found is None else found


def is_blank(answer: Any, depth: int = 3) -> bool:
    """Whether nothing was filled in: ``...`` alone, or in every place of a dict, list or tuple."""
    if answer is Ellipsis or depth == 0:
        return answer is Ellipsis
    parts = list(answer.values()) if isinstance(answer, dict) else answer
    return isinstance(parts, list | tuple) and len(parts) > 0 and all(is_blank(part, depth - 1) for part in parts)


def not_judged(exercise: Exercise, facts: Mapping[str, Any]) -> Verdict | None:
    """Return the verdict on an answer that there is no use in calling, or None."""
    state = facts["state"]
    if state in ("blank", "stub"):
        return plain(exercise, "not attempted")
    if state in ("called", "not-callable"):
        words = say(state, id=exercise.id, name=answer_name(exercise), actual=str(facts["actual"]))
        return plain(exercise, "failed", words)
    if state == "uses":
        return plain(exercise, "failed", say("uses-library", name=str(facts["name"])), diagnosis=("uses-library",))
    return None


def plain(exercise: Exercise, status: str, *notes: str, diagnosis: tuple[str, ...] = ()) -> Verdict:
    """Return a verdict without items."""
    return Verdict(exercise.id, status, exercise.points, notes=notes, diagnosis=diagnosis, version=exercise.version)
