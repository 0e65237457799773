"""Write the notebooks of the repository, and say which of them are stale."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mmlearn_edu.authoring.bank import Bank
from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.authoring.kernel import run_notebook
from mmlearn_edu.authoring.notebooks import build_learner, build_solution, fingerprint, source_folder, to_bytes
from mmlearn_edu.authoring.source import chapter_of, source_path
from mmlearn_edu.authoring.tidy import tidy
from mmlearn_edu.authoring.verdicts import complaints
from mmlearn_edu.naming import nearest

__all__ = ["Built", "chapters", "stale", "write"]


@dataclass
class Built:
    """What a build did: names of the files it wrote, what is left to do, and what went wrong, in words."""

    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def chapters(source: Path | None = None) -> list[str]:
    """Return the chapters that have a source, in order."""
    return [chapter_of(path) for path in sorted((source or source_folder()).glob("[0-9]*.py"))]


def write(
    names: list[str] | None = None, execute: bool = False, source: Path | None = None, bank: Bank | None = None
) -> Built:
    """Build chapters into the folder above `source`; one broken chapter never stops the others.

    Parameters
    ----------
    names : list of str, default=None
        Chapters, such as ``["08-pca"]``; all if None or empty.
    execute : bool, default=False
        Run the solution notebooks and keep what they print. Without it an up-to-date solution stays as it is, and a
        stale one is replaced by one without outputs.
    source, bank
        As in `build_learner`, but `source` is the folder.
    """
    folder = source or source_folder()
    built = Built()
    for name in _selected(names, folder):
        try:
            _write_chapter(name, execute, folder, bank, built)
        except SourceError as error:
            built.problems.append(f"{name}: {error}")
    return built


def stale(names: list[str] | None = None, source: Path | None = None, bank: Bank | None = None) -> list[str]:
    """Say what the sources and the notebooks beside them disagree on, without executing anything.

    Returns
    -------
    list of str
        One sentence per stale notebook, with the command that mends it; empty if all are up to date.
    """
    folder = source or source_folder()
    found: list[str] = []
    for name in _selected(names, folder):
        try:
            found += _stale_chapter(name, folder, bank)
        except SourceError as error:
            found.append(f"{name}: {error}")
    return found + ([] if names else _orphans(folder))


def _selected(names: list[str] | None, folder: Path) -> list[str]:
    known = chapters(folder)
    for name in names or []:
        if name not in known:
            raise LookupError(f"there is no chapter {name!r} in {folder}; {nearest(name, known)}")
    return names or known


def _write_chapter(name: str, execute: bool, folder: Path, bank: Bank | None, built: Built) -> None:
    path = source_path(name, folder)
    learner = folder.parent / f"{name}.ipynb"
    if _replace(learner, to_bytes(build_learner(name, path, bank))):
        built.written.append(learner.name)
    fresh, solution = build_solution(name, path, bank), folder.parent / "solutions" / f"{name}.ipynb"
    if execute:
        built.problems += [f"solutions/{name}.ipynb: {words}" for words in _execute(fresh)]
    elif _describe(solution, fresh) is None:
        return
    else:
        built.notes.append(f"solutions/{name}.ipynb has no outputs; run `mmlearn-edu build --execute {name}`")
    if _replace(solution, to_bytes(fresh)):
        built.written.append(f"solutions/{solution.name}")


def _execute(notebook: NotebookNode) -> list[str]:
    """Run a solution notebook in place; return what a reader of it would stumble over."""
    with tempfile.TemporaryDirectory(prefix="mmlearn-build-") as folder:
        alive = run_notebook(notebook, Path(folder), language="en")  # as its prose, whatever the author speaks
    problems = complaints(notebook, alive)
    tidy(notebook)
    return problems


def _stale_chapter(name: str, folder: Path, bank: Bank | None) -> list[str]:
    path, found = source_path(name, folder), []
    learner = folder.parent / f"{name}.ipynb"
    if not learner.exists() or learner.read_bytes() != to_bytes(build_learner(name, path, bank)):
        state = "differs from its source" if learner.exists() else "is missing"
        found.append(f"notebooks/{name}.ipynb {state}; run `mmlearn-edu build {name}`")
    state = _describe(folder.parent / "solutions" / f"{name}.ipynb", build_solution(name, path, bank))
    if state:
        found.append(f"notebooks/solutions/{name}.ipynb {state}; run `mmlearn-edu build --execute {name}`")
    return found


def _describe(path: Path, fresh: NotebookNode) -> str | None:
    """Say how the solution on disk falls short of the one that would be built; None if it does not."""
    if not path.exists():
        return "is missing"
    try:
        found = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        same = fingerprint(found.cells) == fresh.metadata.mmlearn_edu.source_sha256
        same = same and found.metadata.mmlearn_edu == fresh.metadata.mmlearn_edu
    except (ValueError, AttributeError, nbformat.ValidationError):
        return "cannot be read as a notebook of ours"
    if not same:
        return "was made from an older source"
    return None if _has_run(found) else "was never executed"


def _has_run(notebook: NotebookNode) -> bool:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return all(cell.execution_count is not None for cell in code)


def _orphans(folder: Path) -> list[str]:
    known = set(chapters(folder))
    built = [*folder.parent.glob("*.ipynb"), *(folder.parent / "solutions").glob("*.ipynb")]
    return [f"{p.relative_to(folder.parent.parent)} has no source; delete it" for p in built if p.stem not in known]


def _replace(path: Path, data: bytes) -> bool:
    """Write `data` unless it is there already; return whether it was written."""
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
