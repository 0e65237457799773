"""What every export starts from: a chapter's hand-out and solution, its exercises, a seed, and a language."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from mmlearn_edu._resources import resource
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.authoring import answer_name
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import language, nearest
from mmlearn_edu.grading.words import say

__all__ = ["ExportError", "Plan", "plan", "rewritten", "to_bytes"]


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
    """

    chapter: str
    title: str
    exercises: dict[str, Exercise]
    handout: NotebookNode
    solution: NotebookNode
    seed: int
    language: str

    @property
    def points(self) -> float:
        """What the chapter is worth."""
        return sum(exercise.points for exercise in self.exercises.values())

    def facts(self) -> dict[str, str]:
        """Return what a README says of the chapter."""
        points = f"{self.points:g}"
        return {"chapter": self.chapter, "title": self.title, "seed": str(self.seed), "points": points}

    def call(self, function: str, exercise: str, answer: str, *numbers: int) -> str:
        """Return the line of code that gets marks."""
        arguments = ", ".join([f'"{exercise}"', answer, *map(str, numbers)])
        return f'{function}({arguments}, seed={self.seed}, language="{self.language}")'

    def name_of(self, exercise: str) -> str:
        """Return the name of the function or variable that is judged."""
        return answer_name(self.exercises[exercise])


def plan(chapter: str, seed: int = 0) -> Plan:
    """Read everything about `chapter`; raises `ExportError` if it is unknown, broken, or asks nothing."""
    if chapter not in registry.chapter_ids():
        raise ExportError(say("exports", "chapter", given=chapter, nearest=nearest(chapter, registry.chapter_ids())))
    if broken := registry.broken(chapter):
        raise ExportError(broken)
    return Plan(
        chapter,
        registry.chapter(chapter).title,
        {exercise.id: exercise for exercise in registry.exercises(chapter)},
        _read(f"{chapter}.ipynb"),
        _read("solutions", f"{chapter}.ipynb"),
        seed,
        language(),
    )


def _read(*parts: str) -> NotebookNode:
    notebook = nbformat.reads(resource("notebooks", *parts).read_text(encoding="utf-8"), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def rewritten(notebook: NotebookNode, change: Callable[[NotebookNode, str], list[NotebookNode]]) -> NotebookNode:
    """Return a copy in which every cell that asks an exercise is replaced by ``change(cell, exercise id)``."""
    made = copy.deepcopy(notebook)
    cells = [change(cell, asked) if (asked := _asked(cell)) else [cell] for cell in made.cells]
    made.cells = [cell for part in cells for cell in part]
    return made


def _asked(cell: NotebookNode) -> str:
    return str(cell.metadata.get("mmlearn_edu", {}).get("exercise", ""))


def to_bytes(notebook: NotebookNode) -> bytes:
    """Write a notebook as Jupyter itself does, the same bytes every time."""
    text: str = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return f"{text.rstrip()}\n".encode()
