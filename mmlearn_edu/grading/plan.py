"""Which cells of a hand-in have to run for one exercise: those that answer it, and those they need, found by name."""

import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmlearn_edu.grading.handout import Handout, digest
from mmlearn_edu.grading.submission import Cell

__all__ = ["Plan", "Step"]

_KNOWN = {"get_ipython", "__name__"}
_MOST_EFFORT = 200_000  # cells looked at for one exercise; a notebook of ours takes some hundred
_BUILTINS = set(dir(builtins))


@dataclass(frozen=True)
class Step:
    """One cell to run; of some only the imports are needed."""

    number: int
    imports_only: bool = False


class Plan:
    """What a hand-in's cells are, and what each exercise needs of them.

    Parameters
    ----------
    handout : Handout
    cells : sequence of Cell
    facts : sequence of dict
        What :func:`mmlearn_edu.grading.sandbox.reading.analyse` says of each; somebody else's sandbox said it.
    """

    def __init__(self, handout: Handout, cells: Sequence[Cell], facts: Sequence[Mapping[str, Any]]) -> None:
        self.handout = handout
        self.cells = cells
        self.facts = [_Facts(one) for one in facts]
        self.ours = [handout.has(cell.source) for cell in cells]
        self._binding, self._importing, self._touching = map(self._by_name, ("binds", "imports", "touches"))
        self._steps: dict[tuple[str, bool], list[Step]] = {}
        self._answers = {one: self._find(one) for one in handout.wanted}

    def _by_name(self, what: str) -> dict[str, list[int]]:
        """Return the cells of every name that one of them `binds`, `imports` or `touches`, in their order."""
        found: dict[str, list[int]] = {}
        for number, facts in enumerate(self.facts):
            for name in getattr(facts, what):
                found.setdefault(name, []).append(number)
        return found

    def roles(self) -> list[str]:
        """Say of every cell what it is: "exercise", "unchanged", "set-up", "changed" or "added"."""
        answering = {number for numbers in self._answers.values() for number in numbers}
        return [self._role(number, number in answering) for number in range(len(self.cells))]

    def _role(self, number: int, answers: bool) -> str:
        if answers:
            return "exercise"
        if self.ours[number]:
            return "unchanged"
        if self.facts[number].only_imports:
            return "set-up"
        return "changed" if self.handout.cell(self.cells[number].id) else "added"

    def answers(self, exercise_id: str) -> list[int]:
        """Return the cells that answer an exercise, by their numbers."""
        return self._answers[exercise_id]

    def attempted(self, exercise_id: str) -> bool:
        """Say whether one of them is not as it was handed out."""
        return any(not self.ours[number] for number in self._answers[exercise_id])

    def by_name(self, exercise_id: str) -> bool:
        """Say whether the name alone tells which exercise is answered."""
        tagged = any(self._tagged(number, exercise_id) for number in self._answers[exercise_id])
        return tagged or self.handout.asks_once(self.handout.wanted[exercise_id]["name"])

    def _find(self, exercise_id: str) -> list[int]:
        """Find the cells by the exercise they name; else by what they define, if no other exercise asks for that."""
        numbers = range(len(self.cells))
        tagged = [n for n in numbers if self._tagged(n, exercise_id)]
        name = self.handout.wanted[exercise_id]["name"]
        if self.handout.asks_once(name):
            tagged += [n for n in self._binding.get(name, ()) if not self.ours[n] and n not in tagged]
        return sorted(tagged)

    def _tagged(self, number: int, exercise_id: str) -> bool:
        cell = self.cells[number]
        if exercise_id in self.facts[number].checks:
            return True
        theirs = self.handout.cell(cell.id)
        named = cell.exercise or (theirs.exercise if theirs else "")
        return named == exercise_id and not (self.facts[number].checks & self.handout.wanted.keys())

    # ------------------------------------------------------------------------------------------------ what is needed

    def steps(self, exercise_id: str, whole: bool = False) -> list[Step]:
        """Return the cells to run, in order; with `whole` every cell up to the last that answers."""
        if (exercise_id, whole) not in self._steps:
            chosen = None if whole else self._chosen(exercise_id)
            self._steps[exercise_id, whole] = self._in_order(exercise_id, chosen)
        return self._steps[exercise_id, whole]

    def _in_order(self, exercise_id: str, chosen: Mapping[int, bool] | None) -> list[Step]:
        targets = self._answers[exercise_id]
        last = max(targets, default=-1)
        if chosen is None:
            return [Step(number) for number in range(last + 1)]
        later = [number for number in chosen if number > last]  # defined below its use: it ran in this order once
        first = [number for number in chosen if number <= last and number not in targets[-1:]]
        return [Step(number, chosen[number]) for number in (*sorted(first), *sorted(later), *targets[-1:])]

    def _chosen(self, exercise_id: str) -> dict[int, bool] | None:
        """Return the cells that are needed, and whether only their imports; None if they are too entangled to say."""
        targets = self._answers[exercise_id]
        chosen: dict[int, bool] = dict.fromkeys(targets, False)
        waiting = [(name, number) for number in targets for name in self.facts[number].needs]
        seen: set[tuple[str, int]] = set()
        effort = 0
        while waiting:
            name, place = waiting.pop()
            effort += len(self._binding.get(name, ())) + len(self._touching.get(name, ()))
            if effort + len(waiting) > _MOST_EFFORT:
                return None
            if (name, place) in seen or name in _KNOWN:
                continue
            seen.add((name, place))
            for number, imports_only in self._providers(name, place, exercise_id):
                if number not in chosen or (chosen[number] and not imports_only):
                    chosen[number] = imports_only
                    waiting += [] if imports_only else [(needed, number) for needed in self.facts[number].needs]
        return chosen

    def names(self, steps: Sequence[Step]) -> set[str] | None:
        """Return every name that the cells of `steps` read; None if one of them may read others that nobody sees."""
        facts = [self.facts[step.number] for step in steps]
        return None if any(one.dynamic for one in facts) else {name for one in facts for name in one.loads}

    def modules(self, steps: Sequence[Step]) -> set[str]:
        """Return the modules that they import, or that the chapter imports for them."""
        own = {module for step in steps for module in self.facts[step.number].modules}
        return own | self.handout.modules(self.names(steps))

    def _providers(self, name: str, place: int, exercise_id: str) -> Iterator[tuple[int, bool]]:
        """Yield the cells that give `name` its value for the cell at `place`, and whether only by an import."""
        imports = [n for n in self._importing.get(name, ()) if not self.ours[n]]
        imports = self._nearest(imports, place)  # what the chapter itself imports is there before any cell runs
        yield from ((number, True) for number in imports)
        binds = [n for n in self._binding.get(name, ()) if n != place]
        theirs = [n for n in binds if not self.ours[n]]
        before = [n for n in theirs if n < place] or ([] if name in _BUILTINS else theirs)
        yield from ((number, False) for number in before)
        yield from ((number, False) for number in self._nearest([n for n in binds if self.ours[n]], place))
        if not imports:
            own = self._answers[exercise_id]
            others = {n for numbers in self._answers.values() for n in numbers} - set(own)
            touched = [n for n in self._touching.get(name, ()) if n < place and not self.ours[n]]
            yield from ((n, False) for n in touched if n not in others)

    def _nearest(self, numbers: Sequence[int], place: int) -> list[int]:
        before = [number for number in numbers if number < place]
        return before[-1:] or list(numbers[:1])

    def is_dynamic(self) -> bool:
        """Say whether a cell of the learner's may bind names that nobody can read off it."""
        return any(one.dynamic and not ours for one, ours in zip(self.facts, self.ours, strict=True))

    def digests(self) -> list[str]:
        """Return the SHA-256 of every cell."""
        return [digest(cell.source) for cell in self.cells]


class _Facts:
    """What is said of one cell, with whatever is no list of names left out."""

    def __init__(self, said: Any) -> None:
        said = said if isinstance(said, dict) else {}
        self.problem = str(said.get("problem", ""))[:300]
        self.binds = _names(said.get("binds"))
        self.imports = _names(said.get("imports"))
        self.touches = _names(said.get("touches"))
        self.needs = _names(said.get("needs"))
        self.checks = _names(said.get("checks"))
        self.loads = _names(said.get("loads"))
        self.modules = _names(said.get("modules"))
        self.dynamic = said.get("dynamic") is True
        self.stirs = said.get("stirs") is not False
        self.remembers = said.get("remembers") is not False
        self.normal = str(said.get("normal", ""))[:64]

    @property
    def only_imports(self) -> bool:
        return bool(self.imports) and not self.binds and not self.needs


def _names(value: Any) -> frozenset[str]:
    if not isinstance(value, list):
        return frozenset()
    return frozenset(name for name in value[:5000] if isinstance(name, str))
