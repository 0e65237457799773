"""Which public names there are, and which chapters show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import mmlearn_edu

__all__ = ["public_names", "used_in"]


def public_names() -> dict[str, list[str]]:
    """Return the public names of every room, as its ``__all__`` lists them."""
    return {room: list(import_module(f"mmlearn_edu.{room}").__all__) for room in mmlearn_edu.__all__}


def used_in(sources: Path) -> dict[str, list[str]]:
    """Return, for every public name that a notebook's code mentions, the slugs of these notebooks.

    Parameters
    ----------
    sources : Path
        Folder of the notebooks' sources, ``NN_slug.py``.

    Returns
    -------
    dict of str to list of str
        ``"room.name"`` to slugs such as ``"08-pca"``, in the order of the workbook.
    """
    users: dict[str, list[str]] = {}
    for path in sorted(sources.glob("[0-9][0-9]_*.py")):
        for name in sorted(set(_mentions(ast.parse(path.read_text(encoding="utf-8"))))):
            users.setdefault(name, []).append(path.stem.replace("_", "-"))
    return users


def _mentions(tree: ast.Module) -> Iterator[str]:
    """Yield "room.name" for ``from mmlearn_edu.room import name``, ``room.name`` and ``mmlearn_edu.room.name``."""
    rooms = set(mmlearn_edu.__all__)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mmlearn_edu."):
            yield from (f"{node.module.split('.')[1]}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute):
            room = getattr(node.value, "id", getattr(node.value, "attr", None))
            if room in rooms:
                yield f"{room}.{node.attr}"
