"""What every export starts from: a chapter's hand-out and solution, its exercises, a seed, and a language."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mmlearn_edu._resources import resource
from mmlearn_edu.authoring import SourceError, build_solution, hand_out
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.authoring import answer_name
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import language, nearest
from mmlearn_edu.grading.words import say

__all__ = ["ExportError", "Plan", "plan", "readme", "rewritten"]


class ExportError(Exception):
    """The chapter cannot be exported; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What is exported.

    Parameters
    ----------
    chapter : str
        For instance ``"08-pca"``.
    title : str
    exercises : dict of str to Exercise
        By id, in the order of the chapter's file.
    handout, solution : NotebookNode
        As learners get it, and with every answer; neither has outputs.
    seed : int
    language : {"en", "zh"}
        What the student will read is in it.
    own : mapping of str to bytes
        The files of a teacher's own chapter, below a folder of exercises; none for a chapter of the workbook.
    """

    chapter: str
    title: str
    exercises: dict[str, Exercise]
    handout: NotebookNode
    solution: NotebookNode
    seed: int
    language: str
    own: Mapping[str, bytes]

    @property
    def points(self) -> float:
        """What the chapter is worth."""
        return sum(exercise.points for exercise in self.exercises.values())

    def facts(self) -> dict[str, str]:
        """Return what a README says of the chapter."""
        points = f"{self.points:g}"
        return {"chapter": self.chapter, "title": self.title, "seed": str(self.seed), "points": points}

    def call(self, function: str, exercise: str, answer: str, *numbers: int, folder: str) -> str:
        """Return the line of code that gets marks; exercises of one's own are in `folder`, as seen from its kernel."""
        arguments = [f'"{exercise}"', answer, *map(str, numbers), f"seed={self.seed}", f'language="{self.language}"']
        arguments += [f'exercises="{folder}"'] if self.own else []
        return f"{function}({', '.join(arguments)})"

    def files_in(self, folder: str) -> dict[str, bytes]:
        """Return the files of a teacher's own chapter as they are to lie in an export."""
        return {f"{folder}/{name}": data for name, data in self.own.items()}

    def name_of(self, exercise: str) -> str:
        """Return the name of the function or variable that is judged."""
        return answer_name(self.exercises[exercise])


def plan(chapter: str, seed: int = 0) -> Plan:
    """Read everything about `chapter`; raises `ExportError` if it is unknown, broken, or asks nothing."""
    known = [*registry.chapter_ids(), *registry.added_ids()]
    if chapter not in known:
        raise ExportError(say("exports", "chapter", given=chapter, nearest=nearest(chapter, known)))
    if broken := registry.broken(chapter):
        raise ExportError(broken)
    try:
        handout = _read(hand_out(chapter))
    except SourceError as error:
        raise ExportError(str(error)) from None
    return Plan(
        chapter,
        registry.chapter(chapter).title,
        {exercise.id: exercise for exercise in registry.exercises(chapter)},
        handout,
        _solution(chapter),
        seed,
        language(),
        _own(registry.source_of(chapter)),
    )


def _own(source: Path | None) -> dict[str, bytes]:
    """Read the files that make a teacher's own chapter: ``NAME.py``, its notebook's source, and its Chinese."""
    if source is None:
        return {}
    folder = source.parent.parent
    names = [f"{source.stem}.py", f"source/{source.name}", f"zh/{source.stem}.toml"]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def _solution(chapter: str) -> NotebookNode:
    source = registry.source_of(chapter)
    if source is None:
        return _read(resource("notebooks", "solutions", f"{chapter}.ipynb").read_bytes())
    notebook = build_solution(chapter, source)
    for cell in notebook.cells:
        if _asked(cell):  # what students get of one's own exercises has no check either
            cell.source = "\n".join(line for line in cell.source.split("\n") if not line.startswith("check(")).rstrip()
    return notebook


def _read(data: bytes) -> NotebookNode:
    notebook = nbformat.reads(data.decode(), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def readme(plan: Plan, target: str, **more: str) -> bytes:
    """Return the README of an export; one that carries a teacher's own exercises says who can read them there."""
    own = f"\n{say('exports', f'{target}-own')}\n" if plan.own else ""
    return f"{say('exports', target, **plan.facts(), **more)}{own}".encode()


def rewritten(notebook: NotebookNode, change: Callable[[NotebookNode, str], list[NotebookNode]]) -> NotebookNode:
    """Return a copy in which every cell that asks an exercise is replaced by ``change(cell, exercise id)``."""
    made = copy.deepcopy(notebook)
    cells = [change(cell, asked) if (asked := _asked(cell)) else [cell] for cell in made.cells]
    made.cells = [cell for part in cells for cell in part]
    return made


def _asked(cell: NotebookNode) -> str:
    return str(cell.metadata.get("mmlearn_edu", {}).get("exercise", ""))
