"""From a reference's source to the stub a learner gets and the solution a reader sees."""

import ast
import dis
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any

from mmlearn_edu.checks.exercise import Exercise

__all__ = [
    "answer_name",
    "has_blank",
    "is_stub",
    "matches_stub",
    "reference_source",
    "solution_source",
    "stub_instructions",
    "stub_source",
]

_BLOCK = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n(.*?)^[ \t]*### END SOLUTION[ \t]*\n?", re.MULTILINE | re.DOTALL
)


def reference_source(function: Callable[..., Any]) -> str:
    """Return the source of `function` without its decorator and indentation, markers and all."""
    source = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    lines = source.splitlines(keepends=True)
    return "".join(lines[node.lineno - 1 :])


def stub_source(exercise: Exercise) -> str:
    """Return the code a learner starts from: every solution block replaced by its ``#:`` lines, or by ``...``."""
    return _finish(exercise, _BLOCK.sub(_stub_block, reference_source(exercise.reference)))


def solution_source(exercise: Exercise) -> str:
    """Return the code of the solution, without markers and without the stub's lines."""
    return _finish(exercise, _BLOCK.sub(_solution_block, reference_source(exercise.reference)))


def _stub_block(found: re.Match[str]) -> str:
    indent, body = found.groups()
    kept = [line.lstrip().removeprefix("#:") for line in body.splitlines() if line.lstrip().startswith("#:")]
    lines = [line.removeprefix(" ") for line in kept] or ["..."]
    return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)


def _solution_block(found: re.Match[str]) -> str:
    lines = found.group(2).splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip().startswith("#:"))


def _finish(exercise: Exercise, source: str) -> str:
    return source.rstrip() + "\n" if exercise.is_called else _cell_body(source)


def _cell_body(source: str) -> str:
    """Turn a function's body into a cell: no def line, no docstring, no final return."""
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    first = node.body[1] if ast.get_docstring(node) is not None else node.body[0]
    start = node.body[0].end_lineno if first is not node.body[0] else node.lineno
    lines = source.splitlines(keepends=True)[start : node.body[-1].lineno - 1]
    return textwrap.dedent("".join(lines)).strip("\n") + "\n"


def answer_name(exercise: Exercise) -> str:
    """Return what the learner passes to ``check``: the function's name, or the name the reference returns."""
    if exercise.is_called:
        return exercise.reference.__name__
    last = ast.parse(reference_source(exercise.reference)).body[0].body[-1]  # type: ignore[attr-defined]
    if not (isinstance(last, ast.Return) and isinstance(last.value, ast.Name)):
        raise ValueError(f"{exercise.id}: a reference of kind {exercise.kind!r} must end with `return name`")
    return last.value.id


def is_stub(exercise: Exercise, answer: Any) -> bool:
    """Say whether `answer` is still the stub: the same code, whatever its layout, comments and docstrings."""
    return matches_stub(_stub_instructions(exercise), answer)


def matches_stub(stub: Mapping[str, Any], answer: Any) -> bool:
    """Say whether `answer` does just what `stub` does (see `stub_instructions`), or nothing at all."""
    codes = _codes(answer)
    if not codes:
        return False
    does = {name: _instructions(code) for name, code in codes.items()}
    return does == stub or all(steps == _NOTHING for steps in does.values())


def has_blank(answer: Any) -> bool:
    """Say whether a ``...`` is left in the code of a function or of a class's methods."""
    codes = _codes(answer).values()
    return any(Ellipsis in _flat(constant) for code in codes for constant in code.co_consts)


def _codes(answer: Any) -> dict[str, CodeType]:
    """Return the code of a function under "", or that of a class's methods under their names."""
    if isinstance(answer, FunctionType):
        return {"": answer.__code__}
    parts = vars(answer).values() if isinstance(answer, type) else ()
    codes = [part.__code__ for part in parts if isinstance(part, FunctionType)]
    return {code.co_name: code for code in codes if not code.co_name.startswith("__ann")}


def _flat(constant: Any) -> tuple[Any, ...]:
    return constant if isinstance(constant, tuple) else (constant,)


def _stub_instructions(exercise: Exercise) -> dict[str, list[tuple[str, Any]]]:
    """Return what the stub does, looked up once a reference: compiling it at every check would cost a millisecond."""
    reference = exercise.reference
    if not hasattr(reference, "__stub__"):
        stub = stub_instructions(stub_source(exercise), reference.__name__)
        reference.__stub__ = stub  # type: ignore[attr-defined]
    return reference.__stub__  # type: ignore[attr-defined]


@functools.cache
def stub_instructions(source: str, name: str) -> dict[str, list[tuple[str, Any]]]:
    """Return what the function `name` in a stub's source does, under "", or every method of the class `name`."""
    (code,) = [c for c in _code_within(compile(source, "<stub>", "exec")) if c.co_name == name]
    (node,) = [node for node in ast.parse(source).body if getattr(node, "name", "") == name]
    if not isinstance(node, ast.ClassDef):
        return {"": _instructions(code)}
    methods = [part for part in _code_within(code) if not part.co_name.startswith("__ann")]
    return {part.co_name: _instructions(part) for part in methods}


def _code_within(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _instructions(code: CodeType) -> list[tuple[str, Any]]:
    """List what the code does, without line numbers; nested code by its own instructions.

    A method is loaded in another way where its module was imported in the same cell: that is no difference.
    """
    skipped = {"RESUME", "NOP", "CACHE", "PRECALL", "PUSH_NULL"}
    found = []
    for step in dis.get_instructions(code):
        if step.opname not in skipped:
            value = _instructions(step.argval) if isinstance(step.argval, CodeType) else step.argval
            found.append((step.opname.replace("LOAD_METHOD", "LOAD_ATTR"), value))
    return found


def _nothing() -> None:
    """Do what an empty stub does."""


_NOTHING = _instructions(_nothing.__code__)
