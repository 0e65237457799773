"""How an answer of each kind is called: a function as it is; a module by trials; a figure by describing it."""

from collections.abc import Callable
from typing import Any, Protocol

__all__ = ["adapted"]


class _OfAKind(Protocol):
    """An exercise, or what is known of one where its answer lives."""

    @property
    def kind(self) -> str: ...


def adapted(exercise: _OfAKind, answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return what is called in place of `answer`, where it lives; it gives plain data for the judge to compare."""
    if exercise.kind == "module":
        from mmlearn_edu.checks.comparators.trials import tried

        return tried(answer)
    if exercise.kind == "figure":
        from mmlearn_edu.checks.comparators.drawings import drawn

        return drawn(answer)
    return answer
