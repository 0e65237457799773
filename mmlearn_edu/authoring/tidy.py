"""Take out of an executed notebook what differs from one run, or one machine, to the next."""

import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from mmlearn_edu.authoring.errors import SourceError

__all__ = ["tidy"]

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_VERDICT = "application/vnd.mmlearn.verdict+json"
_KEPT = ("id", "status", "score", "points", "version")
_WIDGET = "application/vnd.jupyter.widget-view+json"  # points at a model that died with the kernel


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Clean `notebook` in place and return it.

    Raises
    ------
    SourceError
        If a cell prints a path of this machine.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_tidy_output, cell.outputs) if output is not None]
            _refuse_paths(cell)
    return notebook


def _tidy_output(output: NotebookNode) -> NotebookNode | None:
    if output.output_type == "stream":
        output.text = _without_addresses(output.text)
    if "data" in output:
        output.data.pop(_WIDGET, None)
        if _VERDICT in output.data:  # its items name inputs, and those are drawn afresh at every check
            output.data[_VERDICT] = {key: output.data[_VERDICT][key] for key in _KEPT if key in output.data[_VERDICT]}
        for kind, value in output.data.items():
            output.data[kind] = _without_addresses(value)
        if not output.data:
            return None
    return output


def _without_addresses(value: Any) -> Any:
    return _ADDRESS.sub("at 0x...", value) if isinstance(value, str) else value


def _refuse_paths(cell: NotebookNode) -> None:
    said = str(cell.outputs)
    for path in {str(Path(__file__).resolve().parents[2]), str(Path.home())} - {"/"}:
        if path in said:
            raise SourceError(
                f"cell {cell.id!r} prints {path}, a folder of this machine; "
                "print the file's name, or silence the warning that carries it"
            )
