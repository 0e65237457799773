"""What an answer that runs in this process changes for everybody, and how it is put back after every call.

A forked copy needs only NumPy's functions back: what else it changes ends with it.
"""

import operator
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

__all__ = ["Surroundings", "as_now", "numpy_kept"]

Part = tuple[Callable[[], Any], Callable[[Any], Any]]  # how to read it, and how to set it
_MODULES = (np, np.lib, np.linalg, np.random)  # whose functions an answer may have replaced


@contextmanager
def numpy_kept() -> Iterator[None]:
    """Put back what was replaced in NumPy, which reads what comes back; what was added stays, it may be a module."""
    ours = [vars(module).copy() for module in _MODULES]
    try:
        yield
    finally:
        for module, names in zip(_MODULES, ours, strict=True):
            now = vars(module)
            if any(map(operator.is_not, map(now.get, names), names.values())):
                now.update(names)


class Surroundings:
    """Give an answer a world of its own: what it changed in one call, it finds in the next, and nobody else does."""

    def __init__(self) -> None:
        self._theirs: Mapping[str, Any] = {"figures": {}}  # it begins with ours, but an empty desk

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """Be in the answer's world inside, in ours outside."""
        parts = _parts()
        ours = {name: read() for name, (read, _) in parts.items()}
        _set(parts, self._theirs)
        try:
            yield
        finally:
            self._theirs = {name: read() for name, (read, _) in parts.items()}
            _set(parts, ours)


def as_now() -> Callable[[], None]:
    """Return what puts everything back as it is now."""
    parts = _parts()
    values = {name: read() for name, (read, _) in parts.items()}
    return lambda: _set(parts, values)


def _set(parts: Mapping[str, Part], values: Mapping[str, Any]) -> None:
    for name, (_, write) in parts.items():  # in their order
        if name in values:
            with suppress(OSError):  # a folder that was deleted meanwhile
                write(values[name])


def _parts() -> dict[str, Part]:
    found = dict(_ALWAYS)
    if "torch" in sys.modules:
        found |= _of_torch(sys.modules["torch"])
    if "matplotlib.pyplot" in sys.modules:
        found |= _of_matplotlib()
    return found


def _folder() -> str:
    with suppress(OSError):
        return os.getcwd()  # noqa: PTH109  (a Path would have to be made absolute again)
    return ""


def _set_environment(values: Mapping[str, str]) -> None:
    if dict(os.environ) != values:
        os.environ.clear()
        os.environ.update(values)


def _set_list(old: list[Any], values: list[Any]) -> None:
    if old != values:
        old[:] = values


def _set_filters(values: list[Any]) -> None:
    if warnings.filters != values:
        warnings.filters[:] = values  # type: ignore[index]
        warnings._filters_mutated()  # type: ignore[attr-defined]


_ALWAYS: dict[str, Part] = {
    "folder": (_folder, os.chdir),
    "environment": (lambda: dict(os.environ), _set_environment),
    "sys.path": (lambda: list(sys.path), lambda values: _set_list(sys.path, values)),
    "recursion": (sys.getrecursionlimit, sys.setrecursionlimit),
    "random": (random.getstate, random.setstate),
    "numpy.random": (np.random.get_state, np.random.set_state),
    "errstate": (np.geterr, lambda values: np.seterr(**values)),
    "printing": (np.get_printoptions, lambda values: np.set_printoptions(**values)),
    "warnings": (lambda: list(warnings.filters), _set_filters),
}


def _of_torch(torch: Any) -> dict[str, Part]:
    return {
        "dtype": (torch.get_default_dtype, torch.set_default_dtype),
        "gradients": (torch.is_grad_enabled, torch.set_grad_enabled),
        "torch.random": (torch.get_rng_state, torch.set_rng_state),
    }


def _of_matplotlib() -> dict[str, Part]:
    import matplotlib.pyplot as plt
    from matplotlib._pylab_helpers import Gcf

    settings: Any = plt.rcParams

    def set_figures(values: Mapping[Any, Any]) -> None:
        Gcf.figs.clear()
        Gcf.figs.update(values)

    def set_backend(name: Any) -> None:
        if isinstance(name, str) and name != dict.__getitem__(settings, "backend"):
            plt.switch_backend(name)

    return {
        "backend": (lambda: dict.__getitem__(settings, "backend"), set_backend),  # unlike [], chooses none
        "settings": (lambda: _without_backend(settings), lambda values: dict.update(settings, values)),
        "figures": (lambda: dict(Gcf.figs), set_figures),  # after the backend, whose change may close them
    }


def _without_backend(settings: Any) -> dict[str, Any]:
    return {name: value for name, value in dict.items(settings) if name != "backend"}
