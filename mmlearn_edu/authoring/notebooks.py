"""Checked cells -> the learner's notebook and the solution notebook, the same bytes every time."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from mmlearn_edu.authoring.bank import Bank, RegistryBank
from mmlearn_edu.authoring.calls import answered, calls_in, parsed
from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.authoring.handout_cells import answer_cell, without_checks
from mmlearn_edu.authoring.source import SourceCell, read_source, source_path
from mmlearn_edu.naming import nearest

__all__ = ["build_handout", "build_learner", "build_solution", "fingerprint", "source_folder", "to_bytes"]

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_TAKE_A_NAME = {"predict", "check", "hint", "solution", "use", "reset"}
_NEW_CELL: dict[str, Callable[..., NotebookNode]] = {
    "markdown": new_markdown_cell,
    "raw": new_raw_cell,
    "code": new_code_cell,
}


def source_folder() -> Path:
    """Return ``notebooks/source`` of the repository this package is installed from.

    Raises
    ------
    SourceError
        If the package was installed from a wheel: chapters are written in the repository.
    """
    folder = Path(__file__).resolve().parents[2] / "notebooks" / "source"
    if not folder.is_dir():
        raise SourceError(
            f"building needs the repository, and {folder} does not exist; "
            "clone it, run `make test` there once, and build from the clone"
        )
    return folder


def build_learner(chapter: str, source: Path | None = None, bank: Bank | None = None) -> NotebookNode:
    """Return the notebook learners open: stubs, no outputs.

    Parameters
    ----------
    chapter : str
        For instance ``"08-pca"``.
    source : Path, default=None
        The source file; the repository's own if None.
    bank : Bank, default=None
        Where stubs and answers come from; the package's exercises if None.

    Raises
    ------
    SourceError
        If the source cannot become a notebook.
    """
    return _build(chapter, "learner", source, bank or RegistryBank())


def build_solution(chapter: str, source: Path | None = None, bank: Bank | None = None) -> NotebookNode:
    """Return the notebook with every answer filled in, not yet executed; parameters as in `build_learner`."""
    return _build(chapter, "solution", source, bank or RegistryBank())


def build_handout(chapter: str, source: Path, bank: Bank | None = None) -> NotebookNode:
    """Return the notebook of a teacher's own chapter as students get it: no check, no hint; parameters as above."""
    return _build(chapter, "hand-out", source, bank or RegistryBank())


def to_bytes(notebook: NotebookNode) -> bytes:
    """Write a notebook as Jupyter itself does: sorted keys, indent 1, UTF-8, one newline at the end."""
    text: str = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return f"{text.rstrip()}\n".encode()


def fingerprint(cells: list[NotebookNode]) -> str:
    """Return the SHA-256 of what the cells say, whatever they printed when they ran."""
    said = [[c.id, c.cell_type, c.source, c.metadata.get("mmlearn_edu"), c.metadata.get("tags")] for c in cells]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _build(chapter: str, kind: str, source: Path | None, bank: Bank) -> NotebookNode:
    path = source or source_path(chapter, source_folder())
    cells = read_source(path)
    versions = bank.versions(chapter)
    _check_exercises(cells, versions, path.name)
    every = [_cell(cell, chapter, kind, bank, f"{path.name}, cell {cell.slug!r}") for cell in cells]
    _check_complete(cells, versions, path.name)
    shown = "solution" if kind == "solution" else "learner"
    built = [new for new, cell in zip(every, cells, strict=True) if cell.shown_in(shown) and _has_kept(new, cell)]
    facts = {"chapter": chapter, "kind": shown, "source_sha256": fingerprint(built), "exercises": versions}
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}, "mmlearn_edu": facts}
    return new_notebook(cells=built, metadata=metadata, nbformat_minor=5)


def _check_exercises(cells: list[SourceCell], versions: dict[str, int], name: str) -> None:
    asked = [cell.exercise for cell in cells if cell.exercise]
    for exercise in asked:
        if exercise not in versions:
            raise SourceError(f"{name}: the chapter has no exercise {exercise!r}; {nearest(exercise, versions)}")
        if asked.count(exercise) > 1:
            raise SourceError(f"{name}: exercise {exercise!r} is asked in {asked.count(exercise)} cells; ask it in one")


def _check_complete(cells: list[SourceCell], versions: dict[str, int], name: str) -> None:
    asked = {cell.exercise for cell in cells}
    forgotten = [exercise for exercise in versions if exercise not in asked]
    if forgotten:
        raise SourceError(
            f"{name}: no cell asks {', '.join(forgotten)}; "
            f'write an empty cell `# %% slug="ex-..." exercise="{forgotten[0]}"`, or take the exercise out'
        )


def _cell(cell: SourceCell, chapter: str, kind: str, bank: Bank, where: str) -> NotebookNode:
    metadata: dict[str, Any] = {"tags": cell.public_tags} if cell.public_tags else {}
    source = cell.source
    if cell.exercise:
        metadata["mmlearn_edu"] = {"exercise": cell.exercise}
        source = answer_cell(cell.exercise) if kind == "hand-out" else _checked(cell.exercise, kind, bank)
    elif cell.kind == "code":
        source = without_checks(source, chapter, where) if kind == "hand-out" else source
        _check_names(source, bank, where)
        source = answered(source, bank, where) if kind == "solution" else source
    return _NEW_CELL[cell.kind](source=source, id=cell.slug, metadata=metadata)


def _has_kept(new: NotebookNode, cell: SourceCell) -> bool:
    """Say whether something of the cell is left, or it came empty."""
    return bool(new.source or not cell.source)


def _checked(exercise: str, kind: str, bank: Bank) -> str:
    """Return the cell of an exercise: the stub or the solution, and the check."""
    answer = bank.stub(exercise) if kind == "learner" else bank.solution(exercise)
    return f'{answer.rstrip()}\n\ncheck("{exercise}", {bank.answer_name(exercise)})'


def _check_names(source: str, bank: Bank, where: str) -> None:
    """Refuse a cell that names an exercise or a prediction that does not exist."""
    for function, name, _ in calls_in(parsed(source, where), _TAKE_A_NAME):
        try:
            bank.prediction(name) if function == "predict" else bank.answer_name(name)
        except LookupError as error:
            raise SourceError(f"{where}: {function}({name!r}): {error.args[0]}") from None
