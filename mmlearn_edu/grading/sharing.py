"""Which exercises of a hand-in may be judged in one child: those of which none can help or hinder another."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.answerer import CheckerError, Returned
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.grading.plan import Plan, Step

__all__ = ["Shared", "joined", "seen_in"]

_FEW, _SHORT = 4, 60  # numbers in an array, bytes of anything else


class Shared:
    """What one exercise of a hand-in runs and sees.

    Parameters
    ----------
    plan : Plan
    exercise_id : str
    seen : frozenset of bytes
        As of :func:`seen_in`.
    """

    def __init__(self, plan: Plan, exercise_id: str, seen: frozenset[bytes]) -> None:
        self.id = exercise_id
        self.steps = plan.steps(exercise_id)
        self.modules = plan.modules(self.steps)
        wanted = plan.handout.wanted[exercise_id]
        self.forbids = tuple(wanted["forbids"])
        self._plan = plan
        self._seen = seen
        self._ran = {step.number for step in self.steps if not step.imports_only}
        self._imported = {step.number for step in self.steps if step.imports_only}
        facts = [plan.facts[step.number] for step in self.steps]
        self._read = {wanted["name"]}.union(*(one.loads | one.binds | one.imports for one in facts))
        in_order = [step.number for step in self.steps] == sorted(step.number for step in self.steps)
        theirs = [plan.facts[number] for number in self._ran if not plan.ours[number]]
        self.alone = not in_order or any(one.dynamic for one in facts) or any(one.stirs for one in theirs)

    def bears(self, other: "Shared") -> bool:
        """Say whether both may be judged in one child."""
        if self.alone or other.alone or not self._seen.isdisjoint(other._seen):
            return False
        if any(self._plan.facts[number].remembers for number in self._ran & other._ran):
            return False
        return not (self._disturbs(other) or other._disturbs(self))

    def _disturbs(self, other: "Shared") -> bool:
        """Say whether we forbid what the other needs, or whether a cell of ours gives a name of theirs a meaning."""
        if any(module == ban or module.startswith(f"{ban}.") for module in other.modules for ban in self.forbids):
            return True
        facts = self._plan.facts
        given = [facts[n].binds | facts[n].touches | facts[n].imports for n in self._ran - other._ran]
        given += [facts[n].imports for n in self._imported - other._imported - other._ran]
        return not other._read.isdisjoint(frozenset().union(*given))


def joined(group: Sequence[Shared]) -> list[Step]:
    """Return the cells that a group runs, as they stand in the notebook."""
    imports_only: dict[int, bool] = {}
    for step in (step for one in group for step in one.steps):
        imports_only[step.number] = imports_only.get(step.number, True) and step.imports_only
    return [Step(number, imports_only[number]) for number in sorted(imports_only)]


def seen_in(drawn: Drawn) -> frozenset[bytes] | None:
    """Return a digest of everything that an exercise shows to an answer, or expects of it; None if that fails.

    An answer could keep what it is shown for the next exercise: two that have something in common do not meet.
    """
    found: set[bytes] = set()
    try:
        for case in drawn.cases:
            expected = drawn.outcome(drawn.exercise.reference, case)
            values = [*case.args, *case.kwargs.values()]
            values += [expected.value] if isinstance(expected, Returned) else []
            found |= {digest for value in values for digest in _digests(value)}
    except CheckerError:  # whoever judges the exercise says so
        return None
    return frozenset(found)


def _digests(value: Any) -> Iterator[bytes]:
    """Yield a digest of a value and of all that is in it, but for what is so small that it is equal by chance."""
    value = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _digests(item)
    if isinstance(value, np.ndarray) or hasattr(value, "detach"):
        array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
        numbers = array.astype(np.float64) if array.dtype.kind in "biuf" else array
        body = numbers.tobytes() if array.size >= _FEW else b""
    else:
        body = wire.encode(value)
        body = body if len(body) >= _SHORT else b""
    if body:
        yield hashlib.sha256(body).digest()
