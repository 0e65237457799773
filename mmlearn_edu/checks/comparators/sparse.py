"""Sparse matrices, compared without filling in their zeros."""

from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import describe, show
from mmlearn_edu.checks.exercise import Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["sparse"]


def sparse(rtol: float = 1e-6, atol: float = 1e-9, insist: bool = True) -> Compare:
    """Equal sparse matrices, however they are stored: explicit zeros, their order and duplicates do not count.

    Single precision gets at least ``rtol=1e-4``. With ``insist=False`` a dense array of the same values is as good.
    """

    def compare(expected: Any, actual: Any) -> Problem | None:
        problem = _kind_problem(expected, actual, insist)
        if problem:
            return problem
        single = any(matrix.dtype in (np.float32, np.float16) for matrix in (expected, actual))
        return _difference(expected, actual, max(rtol, 1e-4) if single else rtol, atol)

    return compare


def _kind_problem(expected: Any, actual: Any, insist: bool) -> Problem | None:
    from scipy.sparse import issparse  # heavy, and only few answers are sparse

    array = isinstance(actual, np.ndarray) and actual.ndim == 2 and actual.dtype.kind in "biuf"
    if not issparse(actual) and not (array and not insist):
        key = "dense" if array else "type"
        return Problem(key, say(key, actual=describe(actual), expected=describe(expected)))
    if actual.shape != expected.shape:
        key = "shape-transposed" if actual.shape == expected.shape[::-1] else "shape"
        return Problem(key, say(key, actual=actual.shape, expected=expected.shape))
    if actual.dtype.kind == "c":
        return Problem("dtype", say("dtype", actual=say("dtype-c"), expected=say("dtype-f")))
    return None


def _difference(expected: Any, actual: Any, rtol: float, atol: float) -> Problem | None:
    from scipy.sparse import coo_matrix, csr_matrix

    want, got = csr_matrix(expected, dtype=np.float64), csr_matrix(actual, dtype=np.float64)
    if not np.isfinite(got.data).all():
        return Problem("nan", say("nan", count=int((~np.isfinite(got.data)).sum())))
    difference = coo_matrix(abs(got - want))
    if not difference.nnz:
        return None
    allowed = atol + rtol * np.asarray(abs(want)[difference.row, difference.col]).ravel()
    wrong = difference.data > allowed
    if not wrong.any():
        return None
    row, column = int(difference.row[wrong][0]), int(difference.col[wrong][0])
    example = {"yours": show(got[row, column]), "expected": show(want[row, column])}
    entries = {"yours": got.count_nonzero(), "expected": want.count_nonzero()}
    return Problem("sparse", say("sparse", wrong=int(wrong.sum()), row=row, column=column, **entries), example)
