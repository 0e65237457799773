"""The sandboxes of one grader. A process is copied the faster the less it holds, so there are several."""

import sys
from collections.abc import Collection

from mmlearn_edu.grading.handout import Handout
from mmlearn_edu.grading.sandbox import Launched, Limits
from mmlearn_edu.grading.sandbox.isolation import Level

__all__ = ["Sandboxes"]

# What a sandbox holds, with all below it, or a child imports in no time: the smallest first.
_LIGHT = frozenset({"numpy", "mmlearn_edu.checks", *sys.stdlib_module_names})
_DATA = frozenset({"mmlearn_edu.datasets", "mmlearn_edu.modalities", "mmlearn_edu.widgets", "IPython.display"})


class Sandboxes:
    """Start sandboxes as they are needed: with NumPy alone, with the chapter's data too, with all that it imports.

    Parameters
    ----------
    level : Level
    handout : Handout
    limits : Limits
    slot : int
        Which of several graders side by side this is.
    """

    def __init__(self, level: Level, handout: Handout, limits: Limits, slot: int) -> None:
        self._level = level
        self._limits = limits
        self._slot = slot
        self._stubs = [(one["stub"], one["name"]) for one in handout.wanted.values() if one["stub"]]
        imports = handout.imports()
        data = [name for name in imports if _is_held(name.partition(":")[0], _DATA)]
        self._imports = {"light": ["numpy"], "data": ["numpy", *data], "full": imports}
        self._launched: dict[str, Launched] = {}

    def __getitem__(self, modules: Collection[str]) -> Launched:
        """Return the sandbox for code that needs `modules`, started if it is not there.

        Most hand-ins need the small ones, which start together; the last is started by the first who needs it.
        """
        kind = "full"
        if all(_is_held(module, _LIGHT | _DATA) for module in modules):
            kind = "light" if all(_is_held(module, _LIGHT) for module in modules) else "data"
            self._start("light", "data")
        self._start(kind)
        return self._launched[kind].ready()

    def _start(self, *kinds: str) -> None:
        for kind in kinds:
            if kind not in self._launched:
                imports = self._imports[kind]
                self._launched[kind] = Launched(self._level, imports, self._limits, self._slot, self._stubs)

    def close(self) -> None:
        """End them all; whoever needs one again gets a new one."""
        while self._launched:
            self._launched.popitem()[1].close()


def _is_held(module: str, modules: Collection[str]) -> bool:
    """Say whether a module, or one above it, is among `modules`."""
    parts = module.split(".")
    return any(".".join(parts[:n]) in modules for n in range(1, len(parts) + 1))
