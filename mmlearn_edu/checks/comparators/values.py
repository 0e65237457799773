"""Numbers: equal within a tolerance, or equal up to what is free: a sign, a turn."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import as_numbers, kind_problem, same_structure, show
from mmlearn_edu.checks.exercise import Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["close", "up_to_rotation", "up_to_sign"]


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
    if _means_a_tuple(expected, actual):
        actual = list(actual)
    problem = same_structure(expected, actual)
    if problem:
        return problem
    for key in expected if isinstance(expected, dict) else range(len(expected)):
        problem = compare(expected[key], actual[key])
        if problem:
            return replace(problem, message=_placed(problem.message, key, expected))
    return None


def _means_a_tuple(expected: Any, actual: Any) -> bool:
    """Say whether `actual` holds as many numbers as the expected tuple, in an array: it unpacks as the tuple does."""
    if not isinstance(expected, tuple) or not isinstance(actual, np.ndarray):
        return False
    return actual.shape == (len(expected),) and all(np.ndim(part) == 0 for part in expected)


def _placed(words: str, key: Any, expected: Any) -> str:
    if isinstance(expected, dict):
        return say("in-key", key=key, problem=words)
    return say("in-part", place=key + 1, total=len(expected), problem=words)


def _difference(want: Any, got: Any, rtol: float, atol: float) -> Problem | None:
    if np.float32 in (want.dtype, got.dtype) or np.float16 in (want.dtype, got.dtype):
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-5 * float(np.abs(want).max(initial=1.0)))
    with np.errstate(over="ignore"):
        wrong = ~np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        example = {
            "yours": show(got),
            "expected": show(want),
            "difference": show(np.subtract(got, want, dtype=_wide(got))),
        }
    if want.ndim == 0:
        return Problem(
            "value", say("value", actual=show(got[()])), {"yours": show(got[()]), "expected": show(want[()])}
        )
    return Problem("values", say("values", wrong=int(wrong.sum()), total=want.size), example, (got, want))


def _wide(array: Any) -> Any:
    return np.complex128 if array.dtype.kind == "c" else np.float64


def up_to_sign(axis: int = 0, rtol: float = 1e-6, atol: float = 1e-9) -> Compare:
    """Equal once each row (``axis=0``) or column (``axis=1``) may be multiplied by -1, as principal axes may.

    Of a tuple, the first part is compared this way and the others as they are.
    """

    def align(want: Any, got: Any) -> Any:
        return got * np.where((want * got).sum(axis=1 - axis, keepdims=True) < 0, -1, 1)

    return _aligned(align, close(rtol, atol), "sign", "sign-row" if axis == 0 else "sign-column")


def up_to_rotation(rtol: float = 1e-5, atol: float = 1e-8) -> Compare:
    """Equal once all rows together may be turned and mirrored, as the codes of a subspace or a map may be.

    The best turn is found by orthogonal Procrustes analysis [1]_. Distances and angles between rows count, the axes do
    not. Of a tuple, the first part is compared this way and the others as they are.

    References
    ----------
    .. [1] Schoenemann, P. H. (1966). A generalized solution of the orthogonal Procrustes problem. Psychometrika 31.
    """

    def align(want: Any, got: Any) -> Any:
        if got.dtype.kind not in "iuf" or not (np.isfinite(got).all() and np.isfinite(want).all()):
            return got
        U, _, Vt = np.linalg.svd(got.T.astype(np.float64) @ want)
        return (got @ (U @ Vt)).astype(got.dtype if got.dtype.kind == "f" else np.float64)

    return _aligned(align, close(rtol, atol), "rotation", "rotation")


def _aligned(align: Callable[[Any, Any], Any], plain: Compare, problem_id: str, message_id: str) -> Compare:
    """Compare with `plain` after `align` has done what is free to the answer; matrices only."""

    def aligned(expected: Any, actual: Any) -> Any:
        want, got = as_numbers(expected), as_numbers(actual)
        same_kind = want is not None and got is not None and want.shape == got.shape and want.ndim == 2
        return align(want, got) if same_kind else actual

    def compare(expected: Any, actual: Any) -> Problem | None:
        if not isinstance(expected, tuple):
            actual = aligned(expected, actual)
        elif isinstance(actual, tuple | list) and len(actual) == len(expected):
            actual = (aligned(expected[0], actual[0]), *actual[1:])
        problem = plain(expected, actual)
        if problem is None or problem.id != "values":
            return problem
        if not isinstance(expected, tuple):
            return replace(problem, id=problem_id, message=say(message_id))
        if plain(expected[0], actual[0]) is None:  # the sign or turn is right, another part is not
            return problem
        return replace(problem, id=problem_id, message=_placed(say(message_id), 0, expected))

    return compare
