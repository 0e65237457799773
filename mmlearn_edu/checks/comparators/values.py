"""Numbers: equal within a tolerance, or equal up to a sign."""

from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import as_numbers, kind_problem, same_structure, show
from mmlearn_edu.checks.exercise import Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["close", "up_to_sign"]


def close(rtol: float = 1e-6, atol: float = 1e-9) -> Compare:
    """Numbers equal within ``atol + rtol * |expected|``; a tuple, list or dict of arrays is compared part by part.

    float32 inputs get at least ``rtol=1e-4`` and ``atol=1e-5`` of the largest expected value,
    because that is what seven digits can promise after a sum.
    """

    def compare(expected: Any, actual: Any) -> Problem | None:
        if isinstance(expected, tuple | dict) or _mixed(expected):
            return _part_by_part(compare, expected, actual)
        problem = kind_problem(expected, actual)
        if problem:
            return problem
        return _difference(as_numbers(expected), as_numbers(actual), rtol, atol)

    return compare


def _mixed(expected: Any) -> bool:
    return isinstance(expected, list) and as_numbers(expected) is None


def _part_by_part(compare: Compare, expected: Any, actual: Any) -> Problem | None:
    problem = same_structure(expected, actual)
    if problem:
        return problem
    for key in expected if isinstance(expected, dict) else range(len(expected)):
        problem = compare(expected[key], actual[key])
        if problem:
            part = f"For key {key!r}" if isinstance(expected, dict) else f"In part {key + 1} of {len(expected)}"
            return Problem(problem.id, f"{part}: {problem.message}", problem.example)
    return None


def _difference(want: Any, got: Any, rtol: float, atol: float) -> Problem | None:
    if np.float32 in (want.dtype, got.dtype) or np.float16 in (want.dtype, got.dtype):
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-5 * float(np.abs(want).max(initial=1.0)))
    wrong = ~np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return None
    with np.errstate(invalid="ignore"):
        example = {
            "yours": show(got),
            "expected": show(want),
            "difference": show(np.subtract(got, want, dtype=_wide(got))),
        }
    if want.ndim == 0:
        return Problem(
            "value", say("value", actual=show(got[()])), {"yours": show(got[()]), "expected": show(want[()])}
        )
    return Problem("values", say("values", wrong=int(wrong.sum()), total=want.size), example)


def _wide(array: Any) -> Any:
    return np.complex128 if array.dtype.kind == "c" else np.float64


def up_to_sign(axis: int = 0, rtol: float = 1e-6, atol: float = 1e-9) -> Compare:
    """Equal once each row (``axis=0``) or column (``axis=1``) may be multiplied by -1, as principal axes may.

    Of a tuple, the first part is compared this way and the others as they are.
    """
    plain = close(rtol, atol)

    def align(expected: Any, actual: Any) -> Any:
        want, got = as_numbers(expected), as_numbers(actual)
        if want is None or got is None or want.shape != got.shape or want.ndim != 2:
            return actual
        signs = np.where((want * got).sum(axis=1 - axis, keepdims=True) < 0, -1, 1)
        return got * signs

    def compare(expected: Any, actual: Any) -> Problem | None:
        aligned = actual
        if not isinstance(expected, tuple):
            aligned = align(expected, actual)
        elif isinstance(actual, tuple | list) and len(actual) == len(expected):
            aligned = (align(expected[0], actual[0]), *actual[1:])
        return _explain_sign(plain(expected, aligned), "row" if axis == 0 else "column")

    return compare


def _explain_sign(problem: Problem | None, what: str) -> Problem | None:
    if problem is None or problem.id != "values":
        return problem
    return Problem("sign", say("sign", what=what), problem.example)
