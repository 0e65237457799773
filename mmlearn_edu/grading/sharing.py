"""Which exercises of a hand-in may be judged in one child: those of which none can help or hinder another."""

from collections.abc import Sequence

from mmlearn_edu.grading.plan import Plan, Step

__all__ = ["Shared", "joined"]


class Shared:
    """What one exercise of a hand-in runs and sees.

    Parameters
    ----------
    plan : Plan
    exercise_id : str
    seen : frozenset of bytes
        As of :func:`mmlearn_edu.grading.seen.seen_in`.
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
