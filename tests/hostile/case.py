"""One hostile hand-in and the marks it must get, read from ``cases/*.toml``: README.md says how to write one."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.hostile.handin import CASES, hand_in, honest

CHANGES = ("cells", "before", "after", "remove", "twice", "order", "strip", "rename", "kernel")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is handed in, and what must come out of it."""

    id: str
    group: str
    chapter: str = "08-pca"
    answers: Mapping[str, str] = field(default_factory=dict)
    twin: Mapping[str, str] = field(default_factory=dict)  # the same answers without the tampering
    score: Mapping[str, float] = field(default_factory=dict)  # of the exercises whose mark is not the honest one
    status: str = "graded"
    words: tuple[str, ...] = ()  # each must stand in the row
    open_at: tuple[str, ...] = ()  # levels that say they cannot defend this
    changes: Mapping[str, Any] = field(default_factory=dict)
    sample: bool = False  # also in `make test` at the lesser levels
    slow: bool = False  # never in `make test`
    why: str = ""

    def marks(self) -> dict[str, float]:
        """Return the mark of every exercise, by its short name; none of a file that cannot be read."""
        return {} if self.status == "unreadable" else {**honest(self.chapter)["marks"], **self.score}

    def notebook(self, places: Mapping[str, str]) -> bytes:
        """Return the file that is handed in; ``@NAME@`` in its code is filled from `places`."""
        return _filled(hand_in(self.chapter, dict(self.answers), dict(self.changes)), places)

    def twin_notebook(self) -> bytes:
        """Return the file without the tampering: the twin's answers, nothing else changed."""
        return hand_in(self.chapter, dict(self.twin))


def _filled(data: bytes, places: Mapping[str, str]) -> bytes:
    for name, value in places.items():
        data = data.replace(f"@{name}@".encode(), value.encode())
    return data


@functools.cache
def cases(*groups: str) -> tuple[Case, ...]:
    """Return every case, or those of some files."""
    files = sorted(path for path in CASES.glob("*.toml") if path.stem != "honest")
    return tuple(case for path in files if not groups or path.stem in groups for case in _read(path))


def _read(path):
    for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        changes = {kind: table.pop(kind) for kind in CHANGES if kind in table}
        lists = {key: tuple(table.pop(key)) for key in ("words", "open_at") if key in table}
        yield Case(id=name, group=path.stem, changes=changes, **lists, **table)
