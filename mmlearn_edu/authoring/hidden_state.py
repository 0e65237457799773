"""What a notebook leans on that is no longer there: names of cells that were deleted, changed, or stand further down.

A kernel remembers every cell that ever ran, also those that are gone; only a fresh one shows what the notebook lacks.
"""

import re
import symtable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from mmlearn_edu.checks.messages import say

__all__ = ["Lean", "leans", "made_by", "place", "plain_python"]

_UNKNOWN = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class Lean:
    """A cell that needs a name which is not there when it runs.

    Parameters
    ----------
    cell : str
        Id of the cell.
    name : str
    words : str
        Where the name comes from, and what to do.
    """

    cell: str
    name: str
    words: str


def leans(notebook: NotebookNode, mime: str) -> list[Lean]:
    """List what the cells of a notebook that ran top to bottom did not find.

    Parameters
    ----------
    notebook : NotebookNode
        With the outputs of the run; verdicts are outputs of type `mime`.
    mime : str
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    makes = [made_by(cell.source) for cell in cells]
    found: dict[tuple[int, str], Lean] = {}
    for number, cell in enumerate(cells):
        for name in _missed(cell, mime):
            words = _words(notebook, cells, makes, number, name)
            found.setdefault((number, name), Lean(str(cell.get("id", number)), name, words))
    return list(found.values())


def place(notebook: NotebookNode, cell: NotebookNode) -> str:
    """Name a cell as its reader sees it: its number, and its first line."""
    number = next(i for i, other in enumerate(notebook.cells, start=1) if other is cell)
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    return say("cell-place", number=number, line=f"{first[:40]}{'…' if len(first) > 40 else ''}")


def _missed(cell: NotebookNode, mime: str) -> Iterator[str]:
    """Yield the names that were unknown in this cell, or in an answer that it had checked."""
    for output in cell.get("outputs", []):
        verdict = output.get("data", {}).get(mime)
        items = verdict.get("items") if isinstance(verdict, Mapping) else ()
        told = [item.get("message", "") for item in items or () if isinstance(item, Mapping)]  # anybody may write one
        for words in [output.get("evalue", ""), *told]:
            yield from _UNKNOWN.findall(str(words))


def _words(notebook: NotebookNode, cells: Sequence[Any], makes: Sequence[set[str]], number: int, name: str) -> str:
    """Say where the name comes from that cell `number` lacks, and what to do."""
    cell = place(notebook, cells[number])
    above = [i for i in range(number) if name in makes[i]]
    below = [i for i in range(number + 1, len(cells)) if name in makes[i]]
    if above:
        return say("lean-stopped", cell=cell, name=name, other=place(notebook, cells[above[-1]]))
    if below:
        return say("lean-below", cell=cell, name=name, other=place(notebook, cells[below[0]]))
    return say("lean-late" if name in makes[number] else "lean-gone", cell=cell, name=name)


def made_by(source: str) -> set[str]:
    """Return the names that a cell makes for later ones; none if it is not Python."""
    try:
        table = symtable.symtable(plain_python(source), "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {symbol.get_name() for part in _tables(table) for symbol in part.get_symbols() if _is_made(part, symbol)}


def plain_python(source: str) -> str:
    """Return a cell with its magics and shell lines as the calls that they are."""
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _is_made(part: symtable.SymbolTable, symbol: symtable.Symbol) -> bool:
    set_here = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    return set_here and (part.get_type() == "module" or symbol.is_declared_global())
