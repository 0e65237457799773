"""What the questions of an exercise let an answer see, which it may not have for another, or before its turn."""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.answerer import CheckerError, Returned
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.exercise import Case

__all__ = ["seen_in", "tells_ahead"]

_FEW, _SHORT = 4, 60  # numbers in an array, bytes of anything else: what is smaller is equal by chance


def seen_in(drawn: Drawn) -> frozenset[bytes] | None:
    """Return a digest of everything that an exercise shows to an answer, or expects of it; None if that fails.

    An answer could keep what it is shown for the next exercise: two that have something in common do not meet.
    """
    try:
        return frozenset().union(*(_shown(case) | _expected(drawn, case) for case in drawn.cases))
    except CheckerError:  # whoever judges the exercise says so
        return None


def tells_ahead(drawn: Drawn) -> bool:
    """Say whether a case shows what is expected of an earlier one, as the steps of an iteration do.

    Who sees the questions behind the one that is asked would have the answer.
    """
    expected: set[bytes] = set()
    try:
        for case in drawn.cases:
            if not expected.isdisjoint(_shown(case, exact=True)):
                return True
            expected |= _expected(drawn, case, exact=True)
    except CheckerError:
        return True
    return False


def _shown(case: Case, exact: bool = False) -> set[bytes]:
    return {digest for value in (*case.args, *case.kwargs.values()) for digest in _digests(value, exact)}


def _expected(drawn: Drawn, case: Case, exact: bool = False) -> set[bytes]:
    expected = drawn.outcome(drawn.exercise.reference, case)
    return set(_digests(expected.value, exact)) if isinstance(expected, Returned) else set()


def _digests(value: Any, exact: bool) -> Iterator[bytes]:
    """Yield a digest of a value and of all that is in it, but for what is so small that it is equal by chance.

    With `exact` a single number counts, too, if it is not whole.
    """
    value = list(value.values()) if isinstance(value, dict) else value
    value = value.tolist() if isinstance(value, np.ndarray) and value.dtype.hasobject else value
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _digests(item, exact)
    if isinstance(value, np.ndarray | np.floating | float) or hasattr(value, "detach"):
        array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
        numbers = array.astype(np.float64) if array.dtype.kind in "biuf" else array
        counts = array.size >= _FEW or (exact and array.dtype.kind == "f" and bool(np.any(numbers != np.rint(numbers))))
        body = numbers.tobytes() if counts else b""
    else:
        body = wire.encode(value)
        body = body if len(body) >= _SHORT else b""
    if body:
        yield hashlib.sha256(body).digest()
