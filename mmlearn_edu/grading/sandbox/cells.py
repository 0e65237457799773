"""Inside the sandbox: what the cells of a notebook bind and need, and how one is run."""

import ast
import linecache
import re
import warnings
from collections.abc import Iterator
from typing import Any

from mmlearn_edu.grading.alike import fingerprint
from mmlearn_edu.grading.sandbox.effects import remembers, stirs
from mmlearn_edu.grading.words import say

__all__ = ["Commands", "analyse", "as_python", "execute"]

_DYNAMIC = {"exec", "eval", "globals", "locals", "vars", "setattr", "get_ipython", "__import__", "compile"}
_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)
_TIMED = re.compile(r"\A\s*%%(time|timeit|capture|prun)\b.*\n")  # the cell below is Python, as it stands
_OPTIONS = re.compile(r"^(\s*-([nrp]\s*\d+|[otcqv]+)\s+)*")  # of %timeit
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


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


def analyse(source: str) -> dict[str, Any]:
    """Say what a cell binds at its top level, what it needs from others, and which of it are imports.

    Nothing is run. A cell that is no Python binds and needs nothing; `problem` says why.
    """
    found: dict[str, Any] = {"binds": [], "imports": [], "touches": [], "needs": [], "dynamic": False}
    found["normal"] = fingerprint(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(as_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {**found, "problem": f"{type(error).__name__}: {error}"[:300]}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    imports = {name for statement in tree.body for name in _imported(statement)}
    loads = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    binds = set(_bound(tree.body)) - imports
    needs: set[str] = set()
    _need(tree.body, set(), needs)
    found |= {
        "binds": sorted(binds),
        "imports": sorted(imports),
        "touches": sorted(set(_touched(tree.body)) - imports),
        "needs": sorted(needs),
        "loads": sorted(loads),
        "modules": sorted({name for node in ast.walk(tree) for name in _modules(node)}),
        "dynamic": bool(loads & _DYNAMIC) or "*" in imports,
        "checks": sorted(_checked(tree)),
        "stirs": stirs(tree),
        "remembers": remembers(tree),
    }
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)  # any of which may be a module


def _bound(statements: list[ast.stmt]) -> Iterator[str]:
    """List the names a cell gives a value, in its `if`, `for`, `with` and `try` as well."""
    for node in _outside_functions(statements):
        if isinstance(node, _SCOPES):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)


def _need(statements: list[ast.stmt], bound: set[str], needs: set[str]) -> None:
    """Add to `needs` what statements take from elsewhere; `bound` grows by what they bind, one after the other."""
    for node in statements:
        parts = [part for part in ast.iter_child_nodes(node) if not isinstance(part, _BLOCKS)]
        if isinstance(node, _SCOPES):
            inner = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)} | _names_stored(node) | {node.name}
            needs |= _names_loaded(node) - inner - bound
            bound.add(node.name)
            continue
        stored = {name for part in parts for name in _names_stored(part)}
        loaded = {name for part in parts for name in _names_loaded(part) - _comprehended(part)}
        if isinstance(node, ast.AugAssign):
            loaded |= stored
        elif not isinstance(node, ast.Assign | ast.AnnAssign):  # which read before they write
            loaded -= stored
        needs |= loaded - bound
        bound |= stored | set(_imported(node))
        for block in ("body", "orelse", "finalbody"):
            _need(getattr(node, block, []), bound, needs)
        for handler in getattr(node, "handlers", []):
            needs |= (_names_loaded(handler.type) if handler.type else set()) - bound
            _need(handler.body, bound | {handler.name or ""}, needs)
        for case in getattr(node, "cases", []):
            _need(case.body, bound | _names_caught(case.pattern), needs)


def _names_loaded(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _names_caught(pattern: ast.AST) -> set[str]:
    return {one.name for one in ast.walk(pattern) if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name}


def _names_stored(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _comprehended(node: ast.AST) -> set[str]:
    """Return the names that exist in a comprehension or a lambda only."""
    targets = [one.target for one in ast.walk(node) if isinstance(one, ast.comprehension)]
    arguments = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    return arguments.union(*map(_names_stored, targets))


def _touched(statements: list[ast.stmt]) -> Iterator[str]:
    """List the names whose things a cell changes: ``table["a"] = 1``, ``rows.append(2)``, ``Model.fit = fit``."""
    for node in _outside_functions(statements):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield from _root(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _root(node.value.func)


def _root(node: ast.expr) -> Iterator[str]:
    deep = isinstance(node, ast.Attribute | ast.Subscript)
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if deep and isinstance(node, ast.Name):
        yield node.id


def _outside_functions(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_SCOPES, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def _checked(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


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
