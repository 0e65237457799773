"""The kind of an answer, before its values: None, type, shape, dtype, NaN, each with its own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.wire import Opaque

__all__ = ["describe", "kind_problem", "same_structure", "show", "wordless"]

_WORDLESS = ContextVar("wordless", default=False)
_FUNCTIONS = ("function", "method", "builtin_function_or_method")  # as they are called behind the wire
_CORNERS = {1: (8,), 3: (2, 3, 4), 4: (2, 2, 2, 2), 5: (2, 2, 2, 2, 2)}


def describe(value: Any) -> str:
    """Name the kind of `value` as a learner would say it.

    Examples
    --------
    >>> describe(np.zeros((3, 2))), describe((1, 2)), describe("a")
    ('an array of shape (3, 2)', 'a tuple of 2', 'a text')
    >>> describe(np.array([0.5, ...]))  # a blank among the numbers
    'an array of Python objects, not numbers, of shape (2,)'
    """
    if isinstance(value, np.ndarray):
        return say("kind-objects" if value.dtype.kind == "O" else "kind-array", shape=value.shape)
    if isinstance(value, Opaque):
        return say("kind-other", name=value.kind)
    if isinstance(value, list | tuple | dict | set):
        return say("kind-container", name=type(value).__name__, count=len(value))
    return _simple(value)


def _simple(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, bool | np.bool_):
        return say("kind-bool")
    if isinstance(value, str):
        return say("kind-text")
    if isinstance(value, int | np.integer):
        return say("kind-int")
    if isinstance(value, float | np.floating):
        return say("kind-number")
    if hasattr(value, "nnz"):
        return say("kind-sparse", shape=value.shape)
    return say("kind-other", name=type(value).__name__)


@contextmanager
def wordless() -> Iterator[None]:
    """Compare without printing what differs: whoever asks only whether need not wait for it."""
    before = _WORDLESS.set(True)
    try:
        yield
    finally:
        _WORDLESS.reset(before)


def show(value: Any, rows: int = 4, columns: int = 6) -> str:
    """Print `value`, of a large array the upper left corner: short enough for a feedback card."""
    if _WORDLESS.get():
        return ""
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "fiubc":
        corner = value
        if value.size > rows * columns:
            corner = value[tuple(slice(n) for n in _CORNERS.get(value.ndim, (rows, columns)))]
        text = np.array2string(corner, precision=4, suppress_small=True, threshold=200, max_line_width=88)
        return text if corner.shape == value.shape else f"{text}\n{say('shown-part', shape=value.shape)}"
    try:
        text = repr(value.tolist() if isinstance(value, np.generic) else value)
    except ValueError:  # Python refuses to print a number of more than 4300 digits
        text = say("not-shown", what=describe(value))
    if len(text) > 300 and isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {describe(part)}" for key, part in value.items()) + "}"
    return text if len(text) <= 300 else text[:297] + "..."


def as_numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """Read lists, tuples, scalars and sparse matrices as an array of numbers; None if they are not."""
    if hasattr(value, "nnz"):
        value = value.toarray()
    if value is None or isinstance(value, str | dict | set | Opaque):
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # a ragged list
        return None
    return array if array.dtype.kind in "biufc" else None


def kind_problem(expected: Any, actual: Any) -> Problem | None:
    """Compare the kinds of two numeric answers."""
    want, got = as_numbers(expected), as_numbers(actual)
    if isinstance(actual, Opaque) and actual.kind in _FUNCTIONS:
        return Problem("function-returned", say("function-returned"))
    if got is None or want is None:
        key = "opaque" if isinstance(actual, Opaque) else "type"
        return Problem(key, say(key, actual=describe(actual), expected=describe(expected)))
    if got.shape != want.shape:
        return _shape_problem(expected, want, actual, got)
    if got.dtype.kind == "c" != want.dtype.kind or (want.dtype.kind == "b") != (got.dtype.kind == "b"):
        yours, asked = (say(f"dtype-{array.dtype.kind}") for array in (got, want))
        return Problem("dtype", say("dtype", actual=yours, expected=asked))
    return _finite_problem(want, got)


def _shape_problem(expected: Any, want: Any, actual: Any, got: Any) -> Problem:
    if not want.shape or not got.shape:
        return Problem("type", say("type", actual=describe(actual), expected=describe(expected)))
    transposed = got.ndim == 2 and got.shape == want.shape[::-1]
    key = "shape-transposed" if transposed else "shape"
    return Problem(key, say(key, actual=got.shape, expected=want.shape))


def _finite_problem(want: Any, got: Any) -> Problem | None:
    if got.dtype.kind not in "fc":
        return None
    for key, test in (("nan", np.isnan), ("infinite", np.isinf)):
        bad = test(got) & ~(test(want) if want.dtype.kind in "fc" else False)
        if bad.any():
            return Problem(key, say(key, count=int(bad.sum())), {"yours": show(got), "expected": show(want)})
    return None


def same_structure(expected: Any, actual: Any) -> Problem | None:
    """Insist on a tuple, list or dict of the same length or keys."""
    kinds = dict if isinstance(expected, dict) else (list, tuple)
    if not isinstance(actual, kinds):
        return Problem("type", say("type", actual=describe(actual), expected=describe(expected)))
    if isinstance(expected, dict):
        missing = [key for key in expected if key not in actual]
        return Problem("keys-missing", say("keys-missing", key=missing[0])) if missing else None
    if len(actual) != len(expected):
        return Problem("length", say("length", actual=len(actual), expected=len(expected)))
    return None
