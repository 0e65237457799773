"""Inside the sandbox: what an exercise forbids refuses to work, by whatever way a learner's code came to it.

:mod:`mmlearn_edu.checks.resolve` reads what an answer leans on, and a name that is put together from pieces
cannot be read. So the forbidden estimators themselves, wherever somebody kept them, stop working before the first call.
"""

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import PathFinder
from types import CodeType, FunctionType
from typing import Any

from mmlearn_edu.checks.messages import say

__all__ = ["refuse", "remember"]

_loaded: dict[str, Any] = {}  # before a learner's code could hide any


def remember() -> None:
    """Take note of all modules that are loaded, whatever a learner's code takes out of `sys.modules` later."""
    _loaded.update(sys.modules)


def refuse(forbids: Sequence[str]) -> None:
    """Let every class with a `fit` that is defined below the modules `forbids` raise in all it does, now and later."""
    below = tuple(f"{ban}." for ban in forbids)
    for modules in (_loaded, sys.modules):  # by their names first: to touch them all would cost a child a millisecond
        for place in [name for name in modules if f"{name}.".startswith(below)]:
            _close(place, modules[place])
    sys.meta_path.insert(0, _Later(below))


class _Later:
    """Find modules as ever, and close those that are forbidden as soon as they are loaded."""

    def __init__(self, below: tuple[str, ...]) -> None:
        self.below = below

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the spec of a forbidden module, which closes it behind its loading; None for every other."""
        spec = PathFinder.find_spec(name, path, target) if f"{name}.".startswith(self.below) else None
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def loaded(module: Any) -> None:
            load(module)
            _close(name, module)

        spec.loader.exec_module = loaded  # type: ignore[method-assign]
        return spec


def _close(place: str, module: Any) -> None:
    for name, kind in [*_estimators(place, module)]:
        for attribute, part in [*vars(kind).items()]:
            if isinstance(part, FunctionType):
                _empty(part, name)
                setattr(kind, attribute, _refusing(name))


def _estimators(place: str, module: Any) -> Iterator[tuple[str, type]]:
    for name, thing in [*vars(module).items()]:
        if isinstance(thing, type) and hasattr(thing, "fit") and thing.__module__ == place:
            yield f"{place}.{name}", thing


def _empty(function: FunctionType, name: str) -> None:
    """Take out what a function does, and what it wraps: a learner's cell may have kept it somewhere."""
    while isinstance(function, FunctionType):
        if not function.__code__.co_freevars:  # another code can only take the place of one with as many
            function.__code__ = _refusal(say("uses-library", name=name))
        function = getattr(function, "__wrapped__", None)


@functools.cache
def _refusal(words: str) -> CodeType:
    scope: dict[str, Any] = {}
    exec(f"def refused(*_args, **_kwargs): raise RuntimeError({words!r})", scope)
    found: CodeType = scope["refused"].__code__
    return found


def _refusing(name: str) -> Callable[..., Any]:
    def refused(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError(say("uses-library", name=name))

    return refused
