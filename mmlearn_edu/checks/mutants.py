"""Small wrong variants of a reference: one operator, constant, axis or statement changed at a time.

A check that lets one of them pass does not know what it asks for (DeMillo, Lipton & Sayward (1978).
Hints on test data selection. Computer 11(4)).
"""

import ast
import copy
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.source import solution_source

__all__ = ["Mutant", "mutants"]

_BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult}
_BINARY |= {ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
_COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
_COMPARE |= {ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}


@dataclass(frozen=True)
class Mutant:
    """A wrong variant: the line as it reads now (its name in ``equivalent_mutants``), and the function."""

    name: str
    function: Callable[..., Any]


def mutants(exercise: Exercise) -> Iterator[Mutant]:
    """Yield every mutant of the exercise's reference."""
    tree = ast.parse(_function_source(exercise))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]  # to change a docstring changes nothing
    for i in itertools.count():
        mutated = copy.deepcopy(tree)
        mutator = _Mutator(i)
        mutator.visit(mutated)
        if mutator.line is None:
            return
        function = _compile(exercise, mutated)
        if function is not None:
            yield Mutant(mutator.line, function)


def _function_source(exercise: Exercise) -> str:
    """Return the reference as a function, whatever the exercise's kind."""
    if exercise.is_called:
        return solution_source(exercise)
    from mmlearn_edu.checks.source import reference_source

    return reference_source(exercise.reference)


def _compile(exercise: Exercise, tree: ast.Module) -> Callable[..., Any] | None:
    scope = dict(vars(sys.modules[exercise.reference.__module__]))
    try:
        exec(compile(ast.fix_missing_locations(tree), "<mutant>", "exec"), scope)
    except (SyntaxError, ValueError):  # some changes leave no valid function
        return None
    return scope[exercise.reference.__name__]


class _Mutator(ast.NodeTransformer):
    """Make the change number `target`, counting in the order of the source."""

    def __init__(self, target: int) -> None:
        self.left = target
        self.line: str | None = None
        self._statement: ast.stmt | None = None

    def visit(self, node: ast.AST) -> Any:
        """Try each change that fits `node`, then go into it; texts of errors are left alone."""
        if self.line is not None or isinstance(node, ast.Raise | ast.Assert | ast.arguments):
            return node
        outer, self._statement = self._statement, node if isinstance(node, ast.stmt) else self._statement
        for change in _changes(node):
            if self.left == 0 and self.line is None:
                changed = change()
                self._note(node, changed)
                self._statement = outer
                return changed
            self.left -= 1
        visited = self.generic_visit(node)
        self._statement = outer
        return visited

    def _note(self, node: ast.AST, changed: Any) -> None:
        """Name the mutant by its change, and the statement that it stands in."""
        before = ast.unparse(node).splitlines()[0]
        after = ast.unparse(changed).splitlines()[0] if changed is not None else "(deleted)"
        where = ast.unparse(self._statement).splitlines()[0] if self._statement is not None else ""
        self.line = f"{where}: {before} -> {after}" if where != before else f"{before} -> {after}"


def _changes(node: ast.AST) -> list[Callable[[], Any]]:
    """List the changes that fit this node, each as a function that returns the new node."""
    kind = type(node).__name__
    return [change for change in _CHANGES.get(kind, lambda _: [])(node) if change is not None]


def _set(node: Any, **fields: Any) -> Callable[[], Any]:
    def change() -> Any:
        changed = copy.copy(node)
        for name, value in fields.items():
            setattr(changed, name, value)
        return changed

    return change


def _binary(node: ast.BinOp) -> list[Any]:
    other = _BINARY.get(type(node.op))
    return [_set(node, op=other())] if other else [lambda: node.left, lambda: node.right]


def _compare(node: ast.Compare) -> list[Any]:
    other = _COMPARE.get(type(node.ops[0]))
    return [_set(node, ops=[other(), *node.ops[1:]])] if other else []


def _constant(node: ast.Constant) -> list[Any]:
    value = node.value
    if isinstance(value, bool):
        return [_set(node, value=not value)]
    if isinstance(value, int | float):
        return [_set(node, value=value + 1), *([_set(node, value=value - 1)] if value else [])]
    return [_set(node, value=value + "_")] if isinstance(value, str) else []


def _call(node: ast.Call) -> list[Any]:
    found: list[Any] = [
        _set(node, keywords=[k for k in node.keywords if k is not keyword]) for keyword in node.keywords if keyword.arg
    ]
    if len(node.args) == 2 and not node.keywords:
        found.append(_set(node, args=node.args[::-1]))
    if len(node.args) == 1:
        found.append(lambda: node.args[0])
    return found


def _subscript(node: ast.Subscript) -> list[Any]:
    return [lambda: node.value] if isinstance(node.ctx, ast.Load) else []


_CHANGES: dict[str, Callable[[Any], list[Any]]] = {
    "BinOp": _binary,
    "Compare": _compare,
    "Constant": _constant,
    "Call": _call,
    "Subscript": _subscript,
    "BoolOp": lambda node: [_set(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())],
    "UnaryOp": lambda node: [lambda: node.operand],
    "Attribute": lambda node: [lambda: node.value] if node.attr == "T" and isinstance(node.ctx, ast.Load) else [],
    "AugAssign": lambda node: [_set(node, op=_BINARY[type(node.op)]())] if type(node.op) in _BINARY else [],
    "Expr": lambda node: [lambda: ast.Pass()],
    "If": lambda node: [_set(node, test=ast.Constant(value=False)), _set(node, test=ast.Constant(value=True))],
    "IfExp": lambda node: [lambda: node.body, lambda: node.orelse],
}
