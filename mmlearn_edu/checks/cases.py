"""Inputs, drawn afresh from a seed at every check."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mmlearn_edu.checks.exercise import Case
from mmlearn_edu.checks.messages import catalogue

__all__ = ["case", "cases", "random_matrices"]

Draw = Callable[[np.random.Generator, Any], Sequence[Case]]


def case(
    *args: Any,
    label: str = "",
    hidden: bool = False,
    raises: type[Exception] | None = None,
    says: Sequence[str] = (),
    **kwargs: Any,
) -> Case:
    """Write one call: the arguments as you would pass them, then what to say about it.

    Examples
    --------
    >>> case([1, 2], k=1, label="a small list").kwargs
    {'k': 1}
    """
    return Case(args, kwargs, label, hidden, raises, tuple(says))


def cases(*fixed: Case) -> Draw:
    """Use the same calls every time; right for guards, where only an exception or a rule is asked about."""
    return lambda rng, dtype: fixed


def random_matrices(shapes: Sequence[tuple[int, ...]], loc: float = 0.0, scale: float = 1.0) -> Draw:
    """One normally distributed array per shape, of the dtype under test.

    Parameters
    ----------
    shapes : sequence of tuple of int
        The first should be tiny: it is the counterexample that a learner reads.
    loc, scale : float
        Mean and standard deviation. Every column is scaled a little differently, so that no two are alike.
    """

    def draw(rng: np.random.Generator, dtype: Any) -> list[Case]:
        found = []
        for shape in shapes:
            spread = scale * np.geomspace(1, 3, shape[-1])
            values = rng.normal(loc, spread, size=shape).astype(dtype)
            found.append(case(values, label=catalogue("en")["kind-array"].format(shape=shape)))
        return found

    return draw
