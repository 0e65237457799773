"""The cases of one exercise, and what our own code makes of them: worked out once, however many answers are judged."""

import copy
import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import CheckerError, InPlace, Outcome
from mmlearn_edu.checks.comparators.kinds import show
from mmlearn_edu.checks.exercise import Case, Exercise
from mmlearn_edu.checks.messages import language

__all__ = ["Drawn", "ours"]


def ours(exercise: Exercise, run: Callable[[], Any]) -> Any:
    """Run our own code: whatever it raises is a problem of the checker."""
    try:
        return run()
    except Exception as error:
        raise CheckerError(f"{exercise.id}: {type(error).__name__}: {error}") from error


class Drawn:
    """Everything about an exercise that depends on the seed and not on the answer.

    Parameters
    ----------
    exercise : Exercise
    seed : int
    dtype : dtype, default=float64
        Of the inputs; the reference gets the same.
    """

    def __init__(self, exercise: Exercise, seed: int, dtype: Any = np.float64) -> None:
        self.exercise = exercise
        self.seed = seed
        self.dtype = dtype
        self._known: dict[tuple[int, int], Outcome] = {}
        self._law_seeds: dict[int, list[int]] = {}
        self._shown: dict[tuple[int, str], str] = {}

    @functools.cached_property
    def _drawn(self) -> tuple[list[Case], np.random.Generator]:
        rng = np.random.default_rng(self.seed)
        return ours(self.exercise, lambda: list(self.exercise.cases(rng, self.dtype))), rng

    @property
    def cases(self) -> list[Case]:
        """The calls to make."""
        return self._drawn[0]

    def law_seeds(self, count: int) -> list[int]:
        """Return a seed for each of `count` laws: drawn after the cases, the same at every call."""
        if count not in self._law_seeds:
            rng = copy.deepcopy(self._drawn[1])
            self._law_seeds[count] = [int(seed) for seed in rng.integers(2**32, size=count)]
        return self._law_seeds[count]

    def shown(self, case: Case) -> str:
        """Return what went into one of the cases, as a learner reads it: the input of a counterexample."""
        key = id(case), language()
        if key not in self._shown:
            self._shown[key] = _show_arguments(self.exercise, case)
        return self._shown[key]

    def outcome(self, function: Callable[..., Any], case: Case) -> Outcome:
        """Return what a function of ours, the reference or a mistake, makes of one of the cases."""
        key = id(function), id(case)  # both live as long as the exercise and we do
        if key not in self._known:
            self._known[key] = InPlace(adapted(self.exercise, function)).call(case.args, case.kwargs)
        return self._known[key]


def _show_arguments(exercise: Exercise, case: Case) -> str:
    """Show what went in; of several arguments each with the name it has in the task."""
    if len(case.args) == 1 and not case.kwargs:
        return show(case.args[0])
    names = list(inspect.signature(exercise.reference).parameters)
    named = [*zip(names, case.args, strict=False), *case.kwargs.items()]
    return "\n".join(_assigned(name, show(value)) for name, value in named)


def _assigned(name: str, text: str) -> str:
    return f"{name} =\n{text}" if "\n" in text else f"{name} = {text}"
