"""A triangle of three weights, and what each mixture is worth (chapter 12)."""

from collections.abc import Sequence

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.widgets._axes import ticks
from mmlearn_edu.widgets._mixtures import grid_of, shift_weight, simplex_value, steps_of
from mmlearn_edu.widgets._svg import INK, PALETTE, circle, line, marker, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["PickWeights", "pick_weights", "shift_weight", "simplex_value"]

MAX_STEPS = 40
_CORNERS = np.array([[200.0, 50.0], [40.0, 327.0], [360.0, 327.0]])  # of the still picture: 320 wide, 277 high


class PickWeights(Explorable):
    """Mix three modalities, and watch what the mixture is worth.

    Attributes
    ----------
    answer : dict of str to float, or None
        None until touched; then the weight of each modality: 0 or more, with sum 1.
    weights : list of float
        The three weights as they stand in the page.
    values : list of float
        What each mixture of ``simplex_grid(3, n_steps)`` is worth.
    alone : int
        The number of the best single modality.
    goal : float
        What the task asks to reach.
    """

    values = traitlets.List(traitlets.Float()).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    measure = traitlets.Unicode().tag(sync=True)
    levels = traitlets.List(traitlets.Float()).tag(sync=True)
    alone = traitlets.Int(0).tag(sync=True)
    goal = traitlets.Float().tag(sync=True)
    weights = traitlets.List(traitlets.Float()).tag(sync=True)

    def _measured(self) -> dict[str, str]:
        """Return the words that several sentences fill in."""
        alone = f"{simplex_value(np.eye(3)[self.alone], self.values):.4g}"
        measure = self.measure or self._say("accuracy")
        return {"measure": measure, "name": self.names[self.alone], "alone": alone, "goal": f"{self.goal:.4g}"}

    def _task(self) -> str:
        return self._say("task", **self._measured())

    def _alt(self) -> str:
        comma = self._say("and")
        now = comma.join(f"{name} {weight:g}" for name, weight in zip(self.names, self.weights, strict=True))
        numbers = {"low": min(self.values), "high": max(self.values), "value": simplex_value(self.weights, self.values)}
        told = {word: f"{number:.4g}" for word, number in numbers.items()}
        return self._say("alt", names=comma.join(self.names), now=now, **told, **self._measured())

    def _still(self) -> str:
        n_steps, low, high = steps_of(len(self.values)), min(self.values), max(self.values)
        dots = []
        for (x, y), value in zip(grid_of(n_steps) @ _CORNERS, self.values, strict=True):
            opacity = 0.08 + 0.6 * (value - low) / (high - low)
            dots.append(circle(x, y, 140 / n_steps, f'fill="{PALETTE[0]}" fill-opacity="{opacity:.2f}"'))
        ends = [(*_CORNERS[k], *_CORNERS[k - 1]) for k in range(3)]
        sides = [line(x1, y1, x2, y2, f'stroke="{INK}" stroke-width="1.5"') for x1, y1, x2, y2 in ends]
        x, y = np.array(self.weights) @ _CORNERS
        here = marker(x, y, 3, 2.2)
        return picture(400, 380, self._say("title"), [*dots, *sides, *self._corners(), here])

    def _corners(self) -> list[str]:
        """Write at each corner what one modality alone is worth, with a star at the best."""
        words = []
        for k, (anchor, down) in enumerate([("middle", -18), ("start", 38), ("end", 38)]):
            star = "★ " if k == self.alone else ""
            alone = f"{star}{self.names[k]} {simplex_value(np.eye(3)[k], self.values):.4g}"
            words.append(text(_CORNERS[k][0], _CORNERS[k][1] + down, alone, f'text-anchor="{anchor}"'))
        return words


def pick_weights(
    values: ArrayLike,
    names: Sequence[str] = ("image", "text", "audio"),
    *,
    measure: str = "",
    goal: float | None = None,
) -> PickWeights:
    """Open the triangle of three weights with a mixture to move; it starts at the best single modality.

    Parameters
    ----------
    values : array-like of shape ((n_steps + 1) * (n_steps + 2) / 2,)
        What each mixture is worth, higher is better: one value for each row of
        ``mmlearn_edu.fusion.simplex_grid(3, n_steps)``, in that order, `n_steps` from 1 to 40. For instance ``scores_``
        of `mmlearn_edu.fusion.WeightedFusion`.
    names : sequence of three str, default=("image", "text", "audio")
        What is mixed, in the order of the grid's columns.
    measure : str, default=""
        What the values are; "accuracy" if empty.
    goal : float, default=None
        What to reach, above every single modality; halfway from the best of these to the best mixture if None.

    Returns
    -------
    PickWeights
        Show it as the last line of a cell; its ``.answer`` is the weight of each modality by its name.

    Raises
    ------
    ValueError
        If so many `values` fill no triangle, one is not finite, there are not three different names, no mixture is
        better than the best single modality, or none reaches `goal`.

    Examples
    --------
    >>> from mmlearn_edu.fusion import simplex_grid
    >>> from mmlearn_edu.widgets import pick_weights
    >>> values = 0.9 - ((simplex_grid(3, 10) - [0.4, 0.2, 0.4]) ** 2).sum(axis=1) / 2
    >>> widget = pick_weights(values, ["image", "text", "audio"])
    >>> widget.task
    'With image alone, accuracy is 0.62. Mix the three until it is at least 0.76.'
    """
    if np.ndim(values) != 1:
        raise ValueError(f"values must have shape (n_mixtures,), got shape {np.shape(values)}")
    known = as_matrix(np.asarray(values)[None], "values")[0].astype(float)
    n_steps = steps_of(len(known))
    if n_steps > MAX_STEPS:
        raise ValueError(f"{len(known)} values make n_steps={n_steps}, and this picture takes at most {MAX_STEPS}")
    if len(names) != 3 or len(set(names)) != 3:
        raise ValueError(f"names={list(names)} must be three different ones, in the order of the grid's columns")
    corners = [simplex_value(corner, known) for corner in np.eye(3)]
    best, most = max(corners), float(known.max())
    if most <= best:
        raise ValueError(f"no mixture is better than the best modality alone ({best:.4g}): there is nothing to beat")
    goal = _halfway(best, most) if goal is None else float(goal)
    if not best < goal <= most:
        raise ValueError(f"{goal=} must be above the best modality alone, {best:.4g}, and at most {most:.4g}")
    alone = int(np.argmax(corners))
    levels = [level for level in ticks(known.min(), most, 8) if known.min() < level < most]
    start = np.eye(3)[alone].tolist()
    return PickWeights(
        values=known.tolist(),
        names=list(names),
        measure=measure,
        levels=levels,
        alone=alone,
        goal=goal,
        weights=start,
    )


def _halfway(low: float, high: float) -> float:
    """Return a number about halfway, with as few digits as still lie between the two."""
    rounded = (float(f"{(low + high) / 2:.{digits}g}") for digits in range(3, 17))
    return next((number for number in rounded if low < number < high), high)
