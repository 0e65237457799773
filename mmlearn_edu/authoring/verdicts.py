"""What a notebook that ran says about every exercise of its chapter."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from mmlearn_edu.authoring.hidden_state import Lean, leans, place
from mmlearn_edu.authoring.kernel import CELL_LIMIT, run_notebook
from mmlearn_edu.naming import nearest

__all__ = ["MIME", "NotebookError", "NotebookReport", "chapter_named_in", "check_notebook", "complaints"]

MIME = "application/vnd.mmlearn.verdict+json"
_PROBE = "mmlearn-check-"
_PROBE_SOURCE = """from mmlearn_edu.checks import authoring as _authoring, check as _check, registry as _registry
_check("{0}", globals()[_authoring.answer_name(_registry.get("{0}"))])"""


class NotebookError(ValueError):
    """A file that cannot be checked; the message says why and what to do."""


@dataclass(frozen=True)
class CellError:
    """A cell that raised: its id, what it raised, and where it stands in words."""

    cell: str
    error: str
    place: str = ""


@dataclass(frozen=True)
class NotebookReport:
    """What ``mmlearn-edu check`` found."""

    notebook: str
    chapter: str
    exercises: dict[str, str]  # id -> "passed", "partly", "failed", "not attempted", "checker problem" or "missing"
    messages: dict[str, str] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    kernel_died: bool = False
    leans: list[Lean] = field(default_factory=list)  # names that are not there in a fresh kernel
    lost: list[str] = field(default_factory=list)  # exercises that pass in the notebook as it was saved, but not afresh

    @property
    def passed(self) -> bool:
        """Whether every exercise passed; a notebook without exercises passes if no cell raised."""
        judged = set(self.exercises.values()) == {"passed"} if self.exercises else not self.errors
        return judged and not self.kernel_died

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        return {**asdict(self), "passed": self.passed}


def check_notebook(path: Path, versions: Mapping[str, int] | None = None, limit: int = CELL_LIMIT) -> NotebookReport:
    """Run the notebook top to bottom in a fresh kernel, then judge every exercise of its chapter.

    Parameters
    ----------
    path : Path
        A learner's notebook; it is not changed.
    versions : mapping of str to int, default=None
        The exercises of the chapter; those that the notebook names if None.
    limit : int, default=60
        Seconds a cell may take.

    Raises
    ------
    NotebookError
        If the file is missing, unreadable, no notebook, or none of our chapters.
    """
    notebook = _read(path)
    facts = _facts(notebook, path)
    expected = list(versions if versions is not None else facts["exercises"])
    saved = dict(_verdicts(notebook))
    _add_probes(notebook, expected)
    alive = run_notebook(notebook, path.resolve().parent, limit)
    found = dict(_verdicts(notebook))
    return NotebookReport(
        notebook=str(path),
        chapter=facts["chapter"],
        exercises={e: str(found.get(e, {}).get("status", "missing")) for e in expected},
        messages={e: _first_words(found[e]) for e in expected if e in found},
        errors=list(_errors(notebook)),
        kernel_died=not alive,
        leans=leans(notebook, MIME),
        lost=[e for e in expected if _passes(saved.get(e)) and not _passes(found.get(e))],
    )


def _passes(verdict: Mapping[str, Any] | None) -> bool:
    return verdict is not None and verdict.get("status") == "passed"


def complaints(notebook: NotebookNode, alive: bool) -> list[str]:
    """Say what keeps an executed solution notebook from being one: errors and exercises that did not pass."""
    if not alive:
        return ["the kernel died while it ran"]
    expected = [c.metadata.mmlearn_edu.exercise for c in notebook.cells if "mmlearn_edu" in c.metadata]
    found = dict(_verdicts(notebook))
    words = [f"cell {error.cell!r} raised {error.error}" for error in _errors(notebook)]
    for exercise in expected:
        status = found.get(exercise, {}).get("status", "missing")
        words += [] if status == "passed" else [f"{exercise}: {status}, with the reference solution"]
    return words


def _read(path: Path) -> NotebookNode:
    if path.is_dir():
        raise NotebookError(f"{path} is a folder; give the notebook in it, for instance {path / '08-pca.ipynb'}")
    if not path.exists():
        beside = sorted(p.name for p in path.parent.glob("*.ipynb")) if path.parent.is_dir() else []
        raise NotebookError(f"there is no file {path}; {nearest(path.name, beside)}")
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except PermissionError:
        raise NotebookError(f"{path} may not be read; look at its permissions") from None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise NotebookError(
            f"{path} is not a notebook that can be read ({reason}); open it in JupyterLab to see, "
            "or get a fresh copy of the chapter: move this file away and run `mmlearn-edu start`"
        ) from None
    return notebook


def _facts(notebook: NotebookNode, path: Path) -> Mapping[str, Any]:
    facts = notebook.metadata.get("mmlearn_edu")
    if not isinstance(facts, Mapping) or not {"chapter", "exercises"} <= set(facts):
        raise NotebookError(
            f"{path} is a notebook, but none of ours: its metadata names no chapter; "
            "`mmlearn-edu start` gives you the chapters' notebooks"
        )
    return facts


def chapter_named_in(path: Path) -> str:
    """Return the chapter a notebook says it is; raises `NotebookError` as `check_notebook` does."""
    return str(_facts(_read(path), path)["chapter"])


def _add_probes(notebook: NotebookNode, expected: list[str]) -> None:
    """Append a check for every exercise whose check the learner took out, and for the rest nothing."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for number, exercise in enumerate(expected):
        if not any(re.search(rf"\bcheck\(\s*[\"']{re.escape(exercise)}[\"']", source) for source in sources):
            notebook.cells.append(new_code_cell(_PROBE_SOURCE.format(exercise), id=f"{_PROBE}{number}"))


def _verdicts(notebook: NotebookNode) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield ``(exercise, verdict)`` in the order shown, so that the last one of an exercise counts."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            verdict = output.get("data", {}).get(MIME)
            if isinstance(verdict, Mapping) and "id" in verdict:
                yield str(verdict["id"]), verdict


def _first_words(verdict: Mapping[str, Any]) -> str:
    """Return the most useful thing the verdict says; empty if there is nothing to say."""
    items = [item.get("message", "") for item in verdict.get("items", [])]
    return next((str(words) for words in [*verdict.get("notes", []), *items] if words), "")


def _errors(notebook: NotebookNode) -> Iterator[CellError]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            name = cell.get("id", f"number {number}")  # notebooks of older tools have no ids
            if output.output_type == "error" and not name.startswith(_PROBE):
                error = f"{output.ename}: {output.evalue}".strip(": ").splitlines()[0]
                yield CellError(name, error, place(notebook, cell))
