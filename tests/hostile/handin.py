"""Make a hand-in: the hand-out's notebook, answered honestly, with what a case changes in it."""

import copy
import functools
import json
import tomllib
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CASES = Path(__file__).parent / "cases"


@functools.cache
def honest(chapter: str) -> dict[str, Any]:
    """Return ``{"answers": {short: source}, "marks": {short: mark}}``: the honest hand-in of a chapter."""
    return tomllib.loads((CASES / "honest.toml").read_text(encoding="utf-8"))[chapter]


@functools.cache
def _handed_out(chapter: str) -> str:
    return (NOTEBOOKS / f"{chapter}.ipynb").read_text(encoding="utf-8")


def hand_in(chapter: str, answers: dict[str, str] | None = None, changes: dict[str, Any] | None = None) -> bytes:
    """Return a notebook: the honest answers, `answers` instead of some of them, and `changes` made to its cells.

    An answer is the code above the stub's ``check(...)`` line, by the short name of its exercise (``center``).
    """
    notebook = json.loads(_handed_out(chapter))
    for short, source in {**honest(chapter)["answers"], **(answers or {})}.items():
        cell = exercise_cell(notebook, short)
        check_line = "".join(cell["source"]).rstrip().splitlines()[-1]
        cell["source"] = f"{source.strip()}\n\n{check_line}"
    for kind, wanted in (changes or {}).items():
        _CHANGES[kind](notebook, copy.deepcopy(wanted))
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8", "surrogatepass")


def exercise_cell(notebook: dict[str, Any], short: str) -> dict[str, Any]:
    """Return the cell that asks for an exercise."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("mmlearn_edu", {}).get("exercise", "").partition(".")[2] == short:
            return cell
    raise LookupError(f"no cell asks for an exercise {short!r}")


def cell_of(notebook: dict[str, Any], cell_id: str) -> dict[str, Any]:
    """Return the cell with that id."""
    return next(cell for cell in notebook["cells"] if cell.get("id") == cell_id)


def _cells(notebook, sources):
    for cell_id, source in sources.items():
        cell_of(notebook, cell_id)["source"] = source


def _before(notebook, sources):
    """Put code above everything else."""
    notebook["cells"][:0] = [_code(f"before-{i}", source) for i, source in enumerate(sources)]


def _after(notebook, sources):
    """Put code behind the cells named."""
    for cell_id, source in sources.items():
        place = notebook["cells"].index(cell_of(notebook, cell_id)) + 1
        notebook["cells"].insert(place, _code(f"after-{cell_id}", source))


def _code(cell_id, source):
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _remove(notebook, ids):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ids]


def _twice(notebook, ids):
    for cell_id in ids:
        place = notebook["cells"].index(cell_of(notebook, cell_id))
        notebook["cells"].insert(place, copy.deepcopy(notebook["cells"][place]))


def _order(notebook, wanted):
    assert wanted == "reversed"
    notebook["cells"].reverse()


def _strip(notebook, parts):
    if "notebook metadata" in parts:
        notebook["metadata"] = {}
    for cell in notebook["cells"]:
        if "metadata" in parts:
            cell["metadata"] = {}
        if "ids" in parts:
            cell.pop("id", None)
    if "ids" in parts:
        notebook["nbformat_minor"] = 4


def _rename(notebook, names):
    for old, new in names.items():
        cell_of(notebook, old)["id"] = new


def _kernel(notebook, said):
    notebook["metadata"]["kernelspec"] = {"name": said["name"], "display_name": said["name"]}
    notebook["metadata"]["language_info"] = {"name": said["language"]}


_CHANGES = {
    "cells": _cells,
    "before": _before,
    "after": _after,
    "remove": _remove,
    "twice": _twice,
    "order": _order,
    "strip": _strip,
    "rename": _rename,
    "kernel": _kernel,
}
