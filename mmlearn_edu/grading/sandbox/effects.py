"""What a cell may do to others although no name tells. It is only read; in doubt it may.

Who shares a child with others must not change what they see: see :mod:`mmlearn_edu.grading.sharing`.
"""

import ast
import sys
from collections.abc import Sequence

__all__ = ["remembers", "stirs"]

# Modules of Python's own from which an answer takes functions, and leaves everything as it was.
_HARMLESS = {
    *("__future__", "abc", "bisect", "cmath", "collections", "copy", "dataclasses", "decimal", "enum", "fractions"),
    *("functools", "heapq", "itertools", "math", "numbers", "re", "statistics", "string", "textwrap", "time", "typing"),
}
_STATEFUL = {*(sys.stdlib_module_names - _HARMLESS), "__main__", "joblib"}
_PLAIN = {"__init__", "__name__", "__doc__", "__version__"}
_SETTINGS = ("seterr", "seterrcall", "set_config", "set_printoptions", "set_default_dtype", "manual_seed")
_KEEP_NOTHING = {"staticmethod", "classmethod", "property", "dataclass"}


def stirs(nodes: Sequence[ast.AST]) -> bool:
    """Say whether a cell, given by all its nodes, may change what others read.

    That is Python's state, a module, or a name that is not its own.
    """
    if sum(_is(node, "check") for node in nodes) != sum(map(_says_whom, nodes)):
        return True  # it may hand in for another
    imports = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules = {"np", *(alias.asname or alias.name for alias in imports)}
    owners = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    passed_on = any(isinstance(node, ast.Name) and node.id in modules and id(node) not in owners for node in nodes)
    return passed_on or "self" in modules or any(map(_stirs, nodes))


def _stirs(node: ast.AST) -> bool:
    if isinstance(node, ast.Delete):
        return any(isinstance(one, ast.Name) for one in node.targets)
    if isinstance(node, ast.Attribute):
        written = not isinstance(node.ctx, ast.Load) and not _is(node.value, "self")
        hidden = node.attr.startswith("__") and node.attr not in _PLAIN
        return written or hidden or node.attr in ("check", "seterr", "seterrcall", "set_config")
    if isinstance(node, ast.Import):
        return any(_stateful(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        settings = any(alias.name in _SETTINGS or (alias.name == "check" and alias.asname) for alias in node.names)
        return settings or _stateful(node.module or "")
    return isinstance(node, ast.Global | ast.Match) or _is(node, "delattr", "dir")


def _is(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _stateful(module: str) -> bool:
    return module.partition(".")[0] in _STATEFUL


def _says_whom(node: ast.AST) -> bool:
    """Say whether `node` is ``check("chapter.exercise", ...)``."""
    return isinstance(node, ast.Call) and _is(node.func, "check") and isinstance([*node.args, None][0], ast.Constant)


def remembers(statements: Sequence[ast.stmt], nodes: Sequence[ast.AST]) -> bool:
    """Say whether what a cell binds may be another thing after its use: data, or a function that keeps some."""
    return any(map(_holds, statements)) or any(map(_keeps, nodes))


def _holds(statement: ast.stmt) -> bool:
    """Say whether a statement gives a name to something that can be changed."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return not _lasts(statement.value)
    return any(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) for node in ast.walk(statement))


def _keeps(node: ast.AST) -> bool:
    """Say whether a function or a class has a place where something may be kept from one call to the next."""
    if isinstance(node, ast.arguments):
        return not all(map(_lasts, [*node.defaults, *node.kw_defaults]))
    if isinstance(node, ast.ClassDef) and any(map(_holds, node.body)):
        return True
    return not all(_is(one, *_KEEP_NOTHING) for one in getattr(node, "decorator_list", []))


def _lasts(value: ast.expr | None) -> bool:
    """Say whether a value cannot be changed, or is another cell's, of which the same is asked."""
    if isinstance(value, ast.Tuple):
        return all(map(_lasts, value.elts))
    if isinstance(value, ast.UnaryOp):
        return _lasts(value.operand)
    if isinstance(value, ast.Call):
        return _is(value.func, "use") and all(map(_lasts, value.args))
    return value is None or isinstance(value, ast.Constant | ast.Name | ast.Attribute | ast.Lambda)
