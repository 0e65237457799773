"""Inside the sandbox: what a cell of a notebook binds and needs. It is read and not run."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from mmlearn_edu.grading.alike import fingerprint
from mmlearn_edu.grading.sandbox.cells import as_python
from mmlearn_edu.grading.sandbox.effects import remembers, stirs
from mmlearn_edu.grading.sandbox.trees import nodes_of

__all__ = ["analyse"]

_DYNAMIC = {"exec", "eval", "globals", "locals", "vars", "setattr", "get_ipython", "__import__", "compile"}
_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOKING = ("np.testing.", "plt.show")
_LOOKING_BUILTINS = {"abs", "float", "int", "len", "list", "max", "min", "range", "round", "sum", "tuple"}
_NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def analyse(source: str) -> dict[str, Any]:
    """Say what a cell binds at its top level, what it needs from others, and which of it are imports.

    Nothing is run. A cell that is no Python binds and needs nothing; `problem` says why.
    """
    found: dict[str, Any] = {"binds": [], "imports": [], "touches": [], "needs": [], "dynamic": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            as_it_stands = _parsed(source)
            tree = as_it_stands or ast.parse(as_python(source))
    except _NO_PYTHON as error:
        return {**found, "normal": fingerprint(source), "problem": f"{type(error).__name__}: {error}"[:300]}
    nodes = nodes_of(tree)
    imports = {name for statement in tree.body for name in _imported(statement)}
    loads = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    top = list(_outside_functions(tree.body))
    needs: set[str] = set()
    _need(tree.body, set(), needs)
    return {
        "binds": sorted({name for node in top for name in _bound(node)} - imports),
        "imports": sorted(imports),
        "touches": sorted({name for node in top for name in _touched(node)} - imports),
        "needs": sorted(needs),
        "loads": sorted(loads),
        "modules": sorted({name for node in nodes for name in _modules(node)}),
        "dynamic": bool(loads & _DYNAMIC) or "*" in imports,
        "checks": sorted(_checked(nodes)),
        "stirs": stirs(nodes),
        "remembers": remembers(tree.body, nodes),
        "normal": fingerprint(source, as_it_stands),  # last: it renames what it finds
    }


def _parsed(source: str) -> ast.Module | None:
    """Return the tree of what is Python as it stands, and None for the rest: magics, shell lines, mistakes."""
    try:
        return ast.parse(source)
    except _NO_PYTHON:
        return None


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


def _bound(node: ast.AST) -> Iterator[str]:
    """List the names that a node of a cell, outside its functions, gives a value."""
    if isinstance(node, _SCOPES):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    else:
        yield from _imported(node)


def _need(statements: Sequence[ast.stmt], bound: set[str], needs: set[str]) -> None:
    """Add to `needs` what statements take from elsewhere; `bound` grows by what they bind, one after the other."""
    for node in statements:
        if isinstance(node, _SCOPES):
            loaded, stored, own = _names(node)
            needs |= loaded - stored - own - {node.name} - bound
            bound.add(node.name)
            continue
        parts = [_names(part) for part in ast.iter_child_nodes(node) if not isinstance(part, _BLOCKS)]
        stored = {name for _, kept, _ in parts for name in kept}
        loaded = {name for read, _, own in parts for name in read - own}
        if isinstance(node, ast.AugAssign):
            loaded |= stored
        elif not isinstance(node, ast.Assign | ast.AnnAssign):  # which read before they write
            loaded -= stored
        needs |= loaded - bound
        bound |= stored | set(_imported(node))
        for block in ("body", "orelse", "finalbody"):
            _need(getattr(node, block, []), bound, needs)
        for handler in getattr(node, "handlers", []):
            needs |= (_names(handler.type)[0] if handler.type else set()) - bound
            _need(handler.body, bound | {handler.name or ""}, needs)
        for case in getattr(node, "cases", []):
            _need(case.body, bound | _names_caught(case.pattern), needs)


def _names(tree: ast.AST) -> tuple[set[str], set[str], set[str]]:
    """Return the names that are read, those that are given a value, and those that a comprehension or lambda owns."""
    loaded: set[str] = set()
    stored: set[str] = set()
    own: set[str] = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Name):
            kind = loaded if isinstance(node.ctx, ast.Load) else stored if isinstance(node.ctx, ast.Store) else set()
            kind.add(node.id)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.comprehension):
            targets = [one for one in nodes_of(node.target) if isinstance(one, ast.Name)]
            own |= {one.id for one in targets if isinstance(one.ctx, ast.Store)}
    return loaded, stored, own


def _names_caught(pattern: ast.AST) -> set[str]:
    return {one.name for one in nodes_of(pattern) if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name}


def _touched(node: ast.AST) -> Iterator[str]:
    """List the names whose things a node changes: ``table["a"] = 1``, ``rows.append(2)``, ``Model.fit = fit``."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        yield from _root(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not _only_looks(node.value):
        yield from _root(node.value.func)


def _only_looks(call: ast.Call) -> bool:
    """Say whether a call changes nothing: ``np.testing.assert_allclose(a, np.abs(b))``, ``plt.show()``."""
    if not ast.unparse(call.func).startswith(_LOOKING):
        return False
    inner = [ast.unparse(node.func) for node in nodes_of(call) if isinstance(node, ast.Call) and node is not call]
    return all(name in _LOOKING_BUILTINS or (name.startswith("np.") and ".random." not in name) for name in inner)


def _root(node: ast.expr) -> Iterator[str]:
    deep = isinstance(node, ast.Attribute | ast.Subscript)
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if deep and isinstance(node, ast.Name):
        yield node.id


def _outside_functions(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_SCOPES, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def _checked(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
