"""The chapter as it was handed out: what of a hand-in is the learner's, and which cell answers which exercise."""

import ast
import functools
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmlearn_edu._resources import resource
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answers import wanted
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.grading.submission import Cell

__all__ = ["Handout", "digest"]


def digest(source: str) -> str:
    """Return the SHA-256 of a cell's source; line ends and blanks at the end of a line do not count."""
    text = "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Handout:
    """What was handed out.

    Parameters
    ----------
    chapter : str
    title : str
    exercises : sequence of Exercise
    cells : sequence of Cell
        The code cells.
    """

    chapter: str
    title: str
    exercises: Sequence[Exercise]
    cells: Sequence[Cell]

    @functools.cached_property
    def wanted(self) -> Mapping[str, Mapping[str, Any]]:
        """What has to be known of every exercise where its answer lives."""
        return {one.id: wanted(one) for one in self.exercises}

    @functools.cached_property
    def _digests(self) -> set[str]:
        return {digest(cell.source) for cell in self.cells}

    @functools.cached_property
    def _by_id(self) -> dict[str, Cell]:
        return {cell.id: cell for cell in self.cells}

    @classmethod
    def of(cls, chapter: str) -> "Handout":
        """Read the hand-out of a chapter of the workbook, or of a teacher's own that was added to the registry.

        Raises
        ------
        LookupError
            If there is no such chapter; the nearest ones are named.
        """
        exercises = registry.exercises(chapter)
        notebook = json.loads(_file_of(chapter))
        cells = [_cell(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        return cls(chapter, registry.chapter(chapter).title, exercises, cells)

    def has(self, source: str) -> bool:
        """Say whether a cell was handed out just so."""
        return digest(source) in self._digests

    def cell(self, cell_id: str) -> Cell | None:
        """Return the cell that was handed out under this id."""
        return self._by_id.get(cell_id)

    def asks_once(self, name: str) -> bool:
        """Say whether just one exercise asks for something of this name."""
        return Counter(one["name"] for one in self.wanted.values())[name] == 1

    def set_up(self, names: Collection[str] | None) -> str:
        """Return the code that imports what the chapter imports, whatever a learner did to the cell that does.

        Of it only what gives one of the `names` its meaning; everything if None.
        """
        lines = [line for line, bound, _ in self._imported if names is None or not bound.isdisjoint(names)]
        return "\n".join(f"try:\n    {line}\nexcept ImportError:\n    pass" for line in lines)

    def modules(self, names: Collection[str] | None) -> set[str]:
        """Return the modules that :meth:`set_up` imports from."""
        return {
            module
            for _, bound, modules in self._imported
            if names is None or not bound.isdisjoint(names)
            for module in modules
        }

    @functools.cached_property
    def _imported(self) -> list[tuple[str, set[str], list[str]]]:
        """Every import of the handed-out cells: as code, the names it binds, the modules it names."""
        found = {}
        for node in (node for cell in self.cells for node in ast.parse(cell.source).body):
            if isinstance(node, ast.Import | ast.ImportFrom):
                bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                found[ast.unparse(node)] = bound, modules
        return [(line, *one) for line, one in found.items()]

    def imports(self) -> list[str]:
        """Return the modules that the handed-out cells import, for the sandbox to import before anything else.

        A function that reads a data set is named as ``module:function``: whoever called it once does it faster.
        """
        found: dict[str, None] = {}
        for cell in self.cells:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    found |= dict.fromkeys(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found[node.module] = None
                    if node.module == "mmlearn_edu.datasets":
                        reads = [alias.name for alias in node.names if alias.name.startswith("load_")]
                        found |= dict.fromkeys(f"{node.module}:{name}" for name in reads)
        kinds = {exercise.kind for exercise in self.exercises}
        more = {"figure": "mmlearn_edu.checks.comparators.drawings", "module": "mmlearn_edu.checks.comparators.trials"}
        return [*found, *(module for kind, module in more.items() if kind in kinds)]


def _file_of(chapter: str) -> bytes:
    """Return the notebook that was handed out; of the workbook's own it lies there, and nothing has to build it."""
    if registry.source_of(chapter) is None:
        return resource("notebooks", f"{chapter}.ipynb").read_bytes()
    from mmlearn_edu.authoring import hand_out  # what builds notebooks takes longer to import than all the rest

    return hand_out(chapter)


def _cell(cell: Mapping[str, Any]) -> Cell:
    source = cell["source"]
    exercise = cell["metadata"].get("mmlearn_edu", {}).get("exercise", "")
    return Cell(cell["id"], source if isinstance(source, str) else "".join(source), exercise)
