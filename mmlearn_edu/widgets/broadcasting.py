"""Two shapes side by side: what NumPy makes of them (chapter 00)."""

from typing import Any

import numpy as np
import traitlets

from mmlearn_edu.widgets._svg import MUTED, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["BroadcastShapes", "broadcast_shapes"]

_GOAL = (5, 5)


def _from_page(value: Any, _widget: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _to_page(value: Any, _widget: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class BroadcastShapes(Explorable):
    """Edit two shapes and watch NumPy's broadcasting line up their axes from the right.

    Attributes
    ----------
    answer : tuple of int, str or None
        None until touched. The shape of the result, for instance ``(5, 5)``. Two words of it stand for what the
        task does not count: ``"does not broadcast"``, and ``"already (5, 5)"`` where one of the two shapes is the
        goal itself, so that nothing but the other one was stretched.
    a, b : str
        The two shapes as they stand in the page.
    """

    a = traitlets.Unicode("(2, 3)").tag(sync=True)
    b = traitlets.Unicode("(3,)").tag(sync=True)
    goal = traitlets.List(traitlets.Int(), list(_GOAL)).tag(sync=True)
    answer = traitlets.Any(None, allow_none=True).tag(sync=True, from_json=_from_page, to_json=_to_page)

    def _alt(self) -> str:
        return self._say("alt")

    def _task(self) -> str:
        return self._say("task", goal=tuple(self.goal))

    def _still(self) -> str:
        cells = [_grid(20, 52, (2, 3), (2, 3)), _grid(170, 52, (2, 3), (1, 3)), _grid(320, 52, (2, 3), (2, 3))]
        words = [
            text(20, 36, "a: (2, 3)"),
            text(136, 86, "+", 'font-size="20"'),
            text(170, 36, f"b: (3,) {self._say('stretched')} (2, 3)", 'font-size="11"'),
            text(286, 86, "=", 'font-size="20"'),
            text(320, 36, "a + b: (2, 3)"),
        ]
        return picture(450, 140, self._say("title"), [*words, *cells])


def _grid(left: int, top: int, shape: tuple[int, int], own: tuple[int, int]) -> str:
    """Return a grid of cells; the ones beyond `own` are copies, drawn dashed."""
    solid, dashed = 'fill="#dbe9f8" stroke="#0b5cad"', f'fill="#ffffff" stroke="{MUTED}" stroke-dasharray="3 2"'
    return "".join(
        f'<rect x="{left + 32 * column}" y="{top + 32 * row}" width="29" height="29" rx="3" '
        f"{solid if row < own[0] and column < own[1] else dashed}/>"
        for row, column in np.ndindex(shape)
    )


def broadcast_shapes() -> BroadcastShapes:
    """Open the playground for shapes.

    Returns
    -------
    BroadcastShapes
        Show it as the last line of a cell; its ``.answer`` is the shape of the result.
    """
    return BroadcastShapes()
