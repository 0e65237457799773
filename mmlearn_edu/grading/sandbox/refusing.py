"""Inside the sandbox: what an exercise forbids refuses to work, by whatever way a learner's code came to it.

:mod:`mmlearn_edu.checks.resolve` reads what an answer leans on, and a name that is put together from pieces
cannot be read. So the forbidden estimators themselves, wherever somebody kept them, stop working before the first call.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any

from mmlearn_edu.checks.messages import say

__all__ = ["refuse"]


def refuse(forbids: Sequence[str]) -> None:
    """Let every class with a `fit` that is defined below the modules `forbids` raise in all it does."""
    for name, kind in [*_estimators(forbids)]:
        for attribute, part in [*vars(kind).items()]:
            if isinstance(part, FunctionType):
                setattr(kind, attribute, _refusing(name))


def _estimators(forbids: Sequence[str]) -> Iterator[tuple[str, type]]:
    for place, module in [*sys.modules.items()]:
        if any(place == ban or place.startswith(f"{ban}.") for ban in forbids):
            for name, thing in [*vars(module).items()]:
                if isinstance(thing, type) and hasattr(thing, "fit") and thing.__module__ == place:
                    yield f"{place}.{name}", thing


def _refusing(name: str) -> Callable[..., Any]:
    def refused(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError(say("uses-library", name=name))

    return refused
