"""Sparse matrices, compared without filling in their zeros."""

from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import describe, show
from mmlearn_edu.checks.exercise import Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["sparse"]


def sparse(rtol: float = 1e-6, atol: float = 1e-9, insist: bool = True) -> Compare:
    """Equal sparse matrices, however they are stored: explicit zeros, their order and duplicates do not count.

    With ``insist=False`` a dense array of the same values is as good.
    """

    def compare(expected: Any, actual: Any) -> Problem | None:
        if actual is None:
            return Problem("none", say("none"))
        from scipy.sparse import coo_matrix, csr_matrix, issparse  # heavy, and only few answers are sparse

        array = isinstance(actual, np.ndarray) and actual.ndim == 2 and actual.dtype.kind in "biuf"
        if not issparse(actual) and not (array and not insist):
            key = "dense" if array else "type"
            return Problem(key, say(key, actual=describe(actual), expected=describe(expected)))
        if actual.shape != expected.shape:
            key = "shape-transposed" if actual.shape == expected.shape[::-1] else "shape"
            return Problem(key, say(key, actual=actual.shape, expected=expected.shape))
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
        words = say("sparse", wrong=int(wrong.sum()), row=row, column=column, yours=got.nnz, expected=want.nnz)
        return Problem("sparse", words, example)

    return compare
