"""Inside the sandbox: how a cell of a notebook is run."""

import ast
import linecache
import re
from typing import Any

from mmlearn_edu.grading.words import say

__all__ = ["Commands", "as_python", "execute"]

_TIMED = re.compile(r"\A\s*%%(time|timeit|capture|prun)\b.*\n")  # the cell below is Python, as it stands
_OPTIONS = re.compile(r"^(\s*-([nrp]\s*\d+|[otcqv]+)\s+)*")  # of %timeit


def as_python(source: str) -> str:
    """Turn what only a notebook understands, magics and shell lines, into calls of `get_ipython()`."""
    source = _TIMED.sub("\n", source, count=1)
    if not any(mark in source for mark in "%!?") or _is_python(source):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]


def _is_python(source: str) -> bool:
    """Say whether Python reads it as it stands: IPython, which reads the rest, takes longer to import than a cell."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def execute(name: str, source: str, scope: dict[str, Any], imports_only: bool = False) -> None:
    """Run a cell in `scope`; whatever it raises comes through. With `imports_only`, what else it does is left out."""
    code = as_python(source)
    file = f"<cell {name}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    what: Any = code
    if imports_only:
        what = ast.parse(code, file)
        what.body = [node for node in what.body if isinstance(node, ast.Import | ast.ImportFrom)]
    exec(compile(what, file, "exec", dont_inherit=True), scope)


class Commands:
    """What `get_ipython()` returns in a graded run: cell magics run their cell, everything else is left out."""

    def __init__(self, scope: dict[str, Any]) -> None:
        self.left_out: list[str] = []
        self._scope = scope

    def run_line_magic(self, name: str, line: str = "", *_more: Any) -> None:
        """Leave out ``%name line``, but for the statement that ``%time`` runs."""
        statement = _OPTIONS.sub("", line)
        if name in ("time", "timeit") and statement:
            execute(f"%{name}", statement, self._scope)
        else:
            self.left_out.append(f"%{name} {line}".strip()[:80])

    def run_cell_magic(self, name: str, *_more: Any) -> None:
        """Leave out a cell in another language."""
        self.left_out.append(f"%%{name}")

    def system(self, line: str, *_more: Any) -> None:
        """Leave out ``!line``."""
        self.left_out.append(f"!{line}"[:80])

    def getoutput(self, line: str, *_more: Any) -> None:
        """Refuse ``x = !line``: without a shell there is nothing to return."""
        raise RuntimeError(say("sandbox", "no-shell", line=line[:80]))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(say("sandbox", "no-ipython", name=name))
