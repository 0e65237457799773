"""What an answer looked like when it was checked, so that a later change is noticed: a check that passed goes stale.

Layout, comments and docstrings do not count. Where the code cannot be found nothing is said.
"""

import ast
import functools
import hashlib
import inspect
import json
import os
import textwrap
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.source import answer_name

__all__ = ["of_answer", "of_cells", "of_notebook", "this_notebook"]

_OURS = {"check", "hint", "solution", "use", "predict", "recall", "reset", "progress", "show_source"}


def of_answer(exercise: Exercise, answer: Any, cell: str = "") -> str:
    """Return the fingerprint of an answer that is being checked; "" if its code is not known.

    Parameters
    ----------
    exercise : Exercise
    answer : object
        For functions and classes: the thing itself.
    cell : str
        The source of the cell that checks, which holds the answer if it is a value.
    """
    if not exercise.is_called:
        return _of_cell(cell)
    try:
        source = inspect.getsource(answer)
    except Exception:  # no source is known, or a learner's object raises whatever it is asked
        return ""
    return _of_definition(source, answer_name(exercise))


def of_notebook(exercise: Exercise, path: Path) -> str:
    """Return the fingerprint of the answer in a notebook file; "" if the file or the answer is not there."""
    return of_cells(exercise, _cells(path))


def of_cells(exercise: Exercise, sources: Sequence[str]) -> str:
    """Return the fingerprint of the answer in these code cells; "" if it is not there."""
    found = ""
    wanted = answer_name(exercise) if exercise.is_called else exercise.id
    for source in sources:
        if wanted not in source:  # parsing every cell for every exercise would take a second
            continue
        if exercise.is_called:
            found = _of_definition(source, wanted) or found  # the last definition counts
        elif _checks(source, wanted):
            found = _of_cell(source)
    return found


def this_notebook(folder: Path) -> str:
    """Return the notebook that runs now, as a path within `folder`; "" outside a notebook, or if it is elsewhere.

    A learner may well work in a copy of a chapter, under a name of their own.
    """
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))  # set by Jupyter's server for its kernels
    if path.suffix != ".ipynb" or not path.is_absolute():
        return ""
    path, folder = path.resolve(), folder.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""


def _cells(path: Path) -> Sequence[str]:
    """Return the code cells of a notebook, read once as long as the file is the same."""
    try:
        state = path.stat()
    except OSError:
        return ()
    return _sources(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=32)  # every chapter
def _sources(path: Path, *_state: int) -> Sequence[str]:
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # no file, or not a notebook
        return ()


def _parsed(source: str) -> list[ast.stmt]:
    """Parse a cell; lines that are commands of the notebook's are no Python."""
    lines = ["pass" if line.startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of "\\d" in a text, Python warned when the cell ran
            return ast.parse(textwrap.dedent("\n".join(lines))).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _of_definition(source: str, name: str) -> str:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in _parsed(source) if isinstance(node, kinds) and node.name == name]
    return _hash(found[-1:])


def _of_cell(source: str) -> str:
    return _hash([node for node in _parsed(source) if not _is_ours(node)])


def _checks(source: str, exercise_id: str) -> bool:
    calls = [node for statement in _parsed(source) for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return any(_called(call) == "check" and call.args and _text(call.args[0]) == exercise_id for call in calls)


def _is_ours(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _called(node.value) in _OURS


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.expr) -> Any:
    return node.value if isinstance(node, ast.Constant) else None


def _hash(nodes: list[Any]) -> str:
    if not nodes:
        return ""
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part) and len(part.body) > 1:
                del part.body[0]
    try:
        code = "\n".join(map(ast.unparse, nodes))  # not ast.dump, which every Python writes in its own way
    except RecursionError:
        return ""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:16]
