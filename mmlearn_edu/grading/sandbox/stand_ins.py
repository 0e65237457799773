"""Inside the sandbox: `check` and its friends as a graded run has them. Nothing is judged here."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mmlearn_edu.grading.words import say

__all__ = ["install"]

_MISSING = object()
_SILENT = ("hint", "solution", "predict", "recall", "reset", "progress", "show_source")


def install(captured: dict[str, list[Any]]) -> None:
    """Put a module in the place of ``mmlearn_edu.checks``; what `check` is given is kept in `captured`, by id."""
    real = sys.modules["mmlearn_edu.checks"]
    module = ModuleType("mmlearn_edu.checks")
    module.__path__ = list(getattr(real, "__path__", []))
    names = vars(module)
    names.update({name: _silent(name) for name in _SILENT})
    names.update({name: getattr(real, name) for name in ("Item", "Verdict")})
    names["check"] = _check(captured)
    names["use"] = _use
    names["__all__"] = [*_SILENT, "check", "use", "Item", "Verdict"]
    sys.modules["mmlearn_edu.checks"] = module
    sys.modules["mmlearn_edu"].checks = module  # type: ignore[attr-defined]


def _silent(name: str) -> Callable[..., None]:
    def nothing(*_args: Any, **_kwargs: Any) -> None:
        """Do nothing: this run is graded."""

    nothing.__name__ = nothing.__qualname__ = name
    return nothing


def _check(captured: dict[str, list[Any]]) -> Callable[..., None]:
    def check(exercise_id: str, answer: Any = _MISSING) -> None:
        """Hand in `answer`; it is judged elsewhere."""
        if answer is not _MISSING and isinstance(exercise_id, str):
            captured.setdefault(exercise_id, []).append(answer)

    return check


def _use(exercise_id: str, mine: Any = None) -> Any:
    """Return what is the learner's own; nothing is handed out in a graded run."""
    if mine is None or mine is Ellipsis:
        raise RuntimeError(say("sandbox", "use-nothing", id=exercise_id))
    return mine
