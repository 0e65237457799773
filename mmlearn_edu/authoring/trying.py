"""Try a teacher's own exercises: what the gate finds in seconds, and what the notebook that asks them lacks."""

import builtins
import json
import symtable
import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmlearn_edu.authoring.handout import hand_out
from mmlearn_edu.authoring.hidden_state import made_by, plain_python
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import Hung, InPlace
from mmlearn_edu.checks.authoring import answer_name, solution_source
from mmlearn_edu.checks.errors import trouble
from mmlearn_edu.checks.exercise import Case, Exercise
from mmlearn_edu.checks.gate import Report, gate
from mmlearn_edu.checks.messages import say

__all__ = ["Tried", "try_chapter"]

SEEDS = 20
_OF_JUPYTER = {"display", "get_ipython", "In", "Out", "_", "__name__"}


@dataclass
class Tried:
    """What was found in a chapter: in its notebook, and in each exercise; it is ready if nowhere is a problem."""

    chapter: str
    title: str
    points: float
    reports: list[Report]
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the chapter can be handed out; notes are only worth a look."""
        return not self.problems and all(report.passed for report in self.reports)

    def lines(self, folder: str) -> Iterator[str]:
        """Say it in words, line by line; `folder` is how the teacher writes the folder in a command."""
        yield say("try-chapter", id=self.chapter, title=self.title, count=len(self.reports), points=self.points)
        for report in self.reports:
            done = say("try-exercise", **vars(report))
            yield f"  {'✓' if report.passed else '✗'} {report.id}{say('colon')}{done}"
            yield from _indented(report.problems, report.notes)
        yield from _indented(self.problems, self.notes)
        yield (
            say("try-ready", chapter=self.chapter, folder=folder)
            if self.passed
            else say("try-not-ready", chapter=self.chapter)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        exercises = [{"id": r.id, "problems": r.problems, "notes": r.notes, "judged": r.judged} for r in self.reports]
        facts = {"chapter": self.chapter, "title": self.title, "points": self.points, "passed": self.passed}
        return {**facts, "problems": self.problems, "notes": self.notes, "exercises": exercises}


def _indented(problems: list[str], notes: list[str]) -> Iterator[str]:
    for text in [f"✗ {text}" for text in problems] + [say("try-look", text=text) for text in notes]:
        yield textwrap.indent(text, " " * 6)


def try_chapter(chapter: str) -> Tried:
    """Take every exercise of a chapter through the gate, and build its hand-out.

    Parameters
    ----------
    chapter : str
        Of a folder that was added with :func:`mmlearn_edu.checks.registry.add_folder`.
    """
    exercises = registry.exercises(chapter)
    facts, points = registry.chapter(chapter), sum(exercise.points for exercise in exercises)
    tried = Tried(chapter, facts.title, points, [_try(exercise) for exercise in exercises])
    try:
        cells = [cell for cell in json.loads(hand_out(chapter))["cells"] if cell["cell_type"] == "code"]
        tried.notes += _same_names(exercises)
        known = _known(cells)
        if "*" not in known:  # who knows what `from numpy import *` brings
            tried.problems += _lost(cells, known)
            tried.notes += _lacking(exercises, known)
    except ValueError as error:  # SourceError, or a reference that ends without `return name`
        tried.problems.append(str(error))
    return tried


def _try(exercise: Exercise) -> Report:
    report = Report(exercise.id)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # wrong variants divide by zero
            cases = exercise.cases(np.random.default_rng(0), np.float64)
            report.problems += list(_slow(exercise, cases)) if cases else [say("try-no-cases")]
            if report.problems:
                return report
            report = gate(exercise, seeds=min(SEEDS, exercise.seeds), min_mistakes=0, own=True)
    except Exception as error:  # whatever a teacher's function may raise
        report.problems.append(trouble(str(sys.modules[exercise.reference.__module__].__file__), error))
    if not exercise.mistakes:
        report.notes.append(say("try-no-mistakes"))
    return report


def _slow(exercise: Exercise, cases: Sequence[Case]) -> Iterator[str]:
    """Name what takes longer than an answer may: grading runs all of it, and would wait for it."""
    functions = {say("gate-reference"): exercise.reference}
    functions |= {say("gate-alternative", number=i): f for i, f in enumerate(exercise.alternatives, start=1)}
    functions |= {repr(mistake.id): mistake.function for mistake in exercise.mistakes}
    for name, function in functions.items():
        answerer = InPlace(adapted(exercise, function), exercise.time_limit)
        if any(isinstance(answerer.call(case.args, case.kwargs), Hung) for case in cases):
            yield say("try-slow", name=name, limit=exercise.time_limit)


def _same_names(exercises: list[Exercise]) -> Iterator[str]:
    """Say which exercises ask for one name: without metadata their answers cannot be told apart."""
    names: dict[str, list[str]] = {}
    for exercise in exercises:
        names.setdefault(answer_name(exercise), []).append(exercise.id)
    for name, ids in names.items():
        if len(ids) > 1:
            yield say("try-same-name", name=name, ids=say("comma").join(ids))


def _known(cells: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the names that some cell makes, or Python; among them "*" where a cell imports everything."""
    sources = ["".join(cell["source"]) for cell in cells]
    made = {name for source in sources for name in made_by(source)}
    return (
        made | set(vars(builtins)) | _OF_JUPYTER | ({"*"} if any("import *" in source for source in sources) else set())
    )


def _lost(cells: Sequence[Mapping[str, Any]], known: set[str]) -> Iterator[str]:
    """Say which cells use names that are nowhere: they fail for every student. A stub may name what is to be made."""
    for cell in cells:
        missing = sorted(_used("".join(cell["source"])) - known)
        if missing and not cell["metadata"].get("mmlearn_edu"):
            yield say("try-cell-lacking", cell=cell["id"], names=say("comma").join(missing))


def _lacking(exercises: list[Exercise], known: set[str]) -> Iterator[str]:
    """Say which names a reference uses that a student does not have."""
    for exercise in exercises:
        missing = sorted(_used(solution_source(exercise)) - known)
        if missing:
            yield say("try-lacking", id=exercise.id, names=say("comma").join(missing))


def _used(source: str) -> set[str]:
    """Return the global names that a piece of code reads and does not make itself."""
    waiting = [symtable.symtable(plain_python(source), "<cell>", "exec")]
    used: set[str] = set()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and _is_global(table, s)}
    return used - made_by(source)


def _is_global(table: symtable.SymbolTable, symbol: symtable.Symbol) -> bool:
    return table.get_type() == "module" or symbol.is_global()
