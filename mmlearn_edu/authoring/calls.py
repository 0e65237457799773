"""Find the calls of our own functions in a cell, and fill their blanks in the solution notebook."""

import ast
from collections.abc import Iterator

from mmlearn_edu.authoring.bank import Bank
from mmlearn_edu.authoring.errors import SourceError

__all__ = ["answered", "calls_in", "parsed"]


def parsed(source: str, where: str) -> ast.Module:
    """Parse a code cell, or say where it is not Python."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise SourceError(
            f"{where}: line {error.lineno} of this code cell is not Python ({error.msg}); "
            "a listing that is meant to be broken belongs in a markdown cell"
        ) from None


def calls_in(tree: ast.Module, names: set[str]) -> Iterator[tuple[str, str, ast.Call]]:
    """Yield ``(function, first argument, call)`` for every call of `names` whose first argument is a string."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        first = node.args[0]
        if node.func.id in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield node.func.id, first.value, node


def answered(source: str, bank: Bank, where: str) -> str:
    """Return the cell with the blanks of its ``predict`` and ``recall`` calls filled in."""
    edits: list[tuple[int, int, str]] = []
    starts = _line_starts(source)
    for function, name, call in calls_in(parsed(source, where), {"predict", "recall"}):
        blanks = [a for a in call.args[1:] if isinstance(a, ast.Constant) and a.value is Ellipsis]
        answers = _answers(function, name, len(blanks), bank, where) if blanks else []
        for blank, answer in zip(blanks, answers, strict=True):
            begin = starts[blank.lineno - 1] + blank.col_offset
            edits.append((begin, begin + len("..."), answer))
    raw = source.encode()
    for begin, end, answer in sorted(edits, reverse=True):  # from the end, so that earlier offsets stay right
        raw = raw[:begin] + answer.encode() + raw[end:]
    return raw.decode()


def _answers(function: str, name: str, n_blanks: int, bank: Bank, where: str) -> list[str]:
    answers = [bank.prediction(name)] if function == "predict" else [f'"{one}"' for one in bank.recalled(name)]
    if len(answers) != n_blanks:
        raise SourceError(f"{where}: {function}({name!r}) takes {len(answers)} answers, found {n_blanks} blanks `...`")
    return answers


def _line_starts(source: str) -> list[int]:
    """Return the offset of every line in bytes: what the syntax tree counts in."""
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
