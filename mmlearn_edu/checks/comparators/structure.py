"""Everything that is not a plain table of numbers: exact values, keys, labels, rankings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import as_numbers, describe, kind_problem, same_structure, show
from mmlearn_edu.checks.comparators.values import close
from mmlearn_edu.checks.exercise import Case, Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["EachKey", "Ranking", "each_key", "exact", "ranking", "up_to_relabel"]


def exact() -> Compare:
    """Equal values: texts, whole numbers, tuples such as shapes, sets, truth values; a list may stand for a tuple."""

    def compare(expected: Any, actual: Any) -> Problem | None:
        if actual is None and expected is not None:
            return Problem("none-value", say("none-value"))
        if actual is Ellipsis:
            return Problem("blank-value", say("blank-value"))
        want, got = _plain(expected), _plain(actual)
        if type(want) is not type(got) and not _both_numbers(want, got):
            return Problem("type", say("type", actual=describe(actual), expected=describe(expected)))
        if want == got:
            return None
        return Problem("value", say("value", actual=show(actual)), {"yours": show(actual), "expected": show(expected)})

    return compare


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, set | frozenset):
        return frozenset(_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _both_numbers(want: Any, got: Any) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in (want, got))


@dataclass(frozen=True)
class EachKey:
    """Judge a dict key by key, so that every key is an item of its own."""

    part: Compare

    def __call__(self, expected: Any, actual: Any) -> Problem | None:
        """Return the first key's problem."""
        problem = same_structure(expected, actual)
        if problem:
            return problem
        found = (self.part(expected[key], actual[key]) for key in expected)
        return next((problem for problem in found if problem), None)


def each_key(part: Compare | None = None) -> EachKey:
    """Compare a dict key by key with `part` (by default :func:`exact`); every key earns on its own."""
    return EachKey(part or exact())


def up_to_relabel() -> Compare:
    """Equal groupings, whatever the groups are called: labels 0 and 1 swapped are still right."""

    def compare(expected: Any, actual: Any) -> Problem | None:
        problem = kind_problem(expected, actual)
        if problem:
            return problem
        want, got = (np.ravel(as_numbers(labels)) for labels in (expected, actual))  # type: ignore[arg-type]
        wrong = _disagreements(want, got)
        if not wrong:
            return None
        example = {"yours": show(got[:30]), "expected": show(want[:30])}
        return Problem("labels", say("labels", wrong=wrong, total=len(want)), example)

    return compare


def _disagreements(want: Any, got: Any) -> int:
    from scipy.optimize import linear_sum_assignment  # heavy, and only clusterings need it

    _, rows = np.unique(want, return_inverse=True)
    _, columns = np.unique(got, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1), dtype=int)
    np.add.at(table, (rows, columns), 1)
    matched = table[linear_sum_assignment(-table)].sum()
    return int(len(want) - matched)


@dataclass(frozen=True)
class Ranking:
    """Judge an order of indices; `scores` tells, from the arguments of a call, what the order is by."""

    scores: Callable[..., Any] | None = None
    case: Case | None = None

    def for_case(self, case: Case) -> "Ranking":
        """Return the same rule for one call, whose arguments tell which items are tied."""
        return replace(self, case=case)

    def __call__(self, expected: Any, actual: Any) -> Problem | None:
        """Return where the order differs first."""
        problem = kind_problem(expected, actual)
        if problem or close()(expected, actual) is None:
            return problem
        want, got = (np.asarray(as_numbers(order)) for order in (expected, actual))
        wrong = (want != got) & ~self._tied(want, got)
        if not wrong.any():
            return None
        first = tuple(int(i[0]) for i in np.nonzero(wrong))
        words = say("ranking", place=first[-1] + 1, actual=got[first], expected=want[first])
        return Problem("ranking", words, {"yours": show(got), "expected": show(want)})

    def _tied(self, want: Any, got: Any) -> Any:
        """Tell where another index stands that scores the same; an index that stands twice is tied with nothing."""
        no = np.zeros(want.shape, dtype=bool)
        if self.scores is None or self.case is None or got.dtype.kind not in "iu":
            return no
        scores = np.asarray(self.scores(*self.case.args, **self.case.kwargs), dtype=float)
        twice = np.diff(np.sort(got, axis=-1), axis=-1).__eq__(0).any()
        if twice or got.min() < 0 or got.max() >= scores.shape[-1]:
            return no
        found, asked = (np.take_along_axis(scores, order, axis=-1) for order in (got, want))
        return np.isclose(found, asked, rtol=1e-9, atol=1e-12)


def ranking(ties: str = "first", scores: Callable[..., Any] | None = None) -> Ranking:
    """Expect the same indices in the same order.

    Parameters
    ----------
    ties : {"first", "any"}, default="first"
        Among equal scores the lower index first, as the reference has it; or in any order.
    scores : callable, optional
        ``scores(*args, **kwargs)`` with the arguments of a call: what the ranking is by, one number per index, of shape
        (n_items,) or (n_queries, n_items); needed to know what is tied with ``ties="any"``.

    Raises
    ------
    ValueError
        If `ties` names a rule this comparator does not know, or "any" comes without scores.
    """
    if ties not in ("first", "any"):
        raise ValueError(f"ties={ties!r} is not a rule for ties; there are 'first' and 'any'")
    if (ties == "any") != (scores is not None):
        raise ValueError(f"ties={ties!r} with scores={scores!r}: scores= goes with ties='any', which needs it")
    return Ranking(scores)
