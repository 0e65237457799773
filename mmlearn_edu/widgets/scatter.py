"""A query to move among items: where cosine and Euclid disagree (chapter 09)."""

from collections.abc import Callable, Sequence
from string import ascii_lowercase
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.widgets._axes import decimals_of, nice_step, snap, square, ticks
from mmlearn_edu.widgets._nearest import METRICS, disagreeing, nearest_items, rank_items
from mmlearn_edu.widgets._svg import MUTED, line, marker, picture, text
from mmlearn_edu.widgets._words import words_of
from mmlearn_edu.widgets.base import Explorable

__all__ = ["MAX_ITEMS", "MoveQuery", "move_query", "nearest_items", "rank_items"]

MAX_ITEMS = 200
_NAMED = 26  # more names than this would hide the items


class MoveQuery(Explorable):
    """Move a query among items, and watch which item each metric calls the nearest.

    Attributes
    ----------
    answer : list of two float, or None
        None until touched; then the place of the query, [x, y], in multiples of `step`.
    query : list of two float
        The place as it stands in the page.
    items : list of [x, y]
    names : list of str
    metrics : list of str
        The task is about the first two.
    """

    items = traitlets.List(traitlets.List()).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    metrics = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.List(traitlets.Float()).tag(sync=True)
    high = traitlets.List(traitlets.Float()).tag(sync=True)
    ticks = traitlets.List(traitlets.List()).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    decimals = traitlets.Int(0).tag(sync=True)
    query = traitlets.List(traitlets.Float()).tag(sync=True)

    def _task(self) -> str:
        one, two = (self._say(f"metric-{metric}") for metric in self.metrics[:2])
        return self._say("task", one=one, two=two)

    def _nearest(self, metric: str) -> str:
        item = " = ".join(self.names[i] for i in nearest_items(self.query, self.items, metric)[:3])
        return self._say("finds", metric=self._say(f"metric-{metric}"), item=item)

    def _alt(self) -> str:
        nearest = self._say("and").join(map(self._nearest, self.metrics))
        x, y = self.query
        return self._say("alt", count=len(self.items), x=f"{x:g}", y=f"{y:g}", nearest=nearest)

    def _still(self) -> str:
        frame = square(self.low, self.high, self.ticks, self.labels)
        place = frame.place
        (zero_x, zero_y), (x, y) = place(0, 0), place(*self.query)
        ray = line(zero_x, zero_y, x, y, f'stroke="{MUTED}" stroke-dasharray="5 4"')
        dots = [marker(*place(*item), 0, 1.2) for item in self.items]
        query = marker(x, y, 3, 2.4)
        return picture(400, 400, self._say("title"), [*frame.parts, ray, *dots, *self._written(place), query])

    def _written(self, place: Callable[[float, float], tuple[float, float]]) -> list[str]:
        """Write the names beside the items, unless there are too many."""
        corners = [place(*item) for item in self.items] if len(self.items) <= _NAMED else []
        left, right = (7, ""), (-7, 'text-anchor="end"')
        sides = [left if x < 300 else right for x, _ in corners]
        return [
            text(x + shift, y - 6, name, style)
            for (x, y), (shift, style), name in zip(corners, sides, self.names, strict=False)
        ]


def move_query(
    items: ArrayLike,
    names: Sequence[str] | None = None,
    *,
    metrics: Sequence[str] = METRICS,
    query: ArrayLike | None = None,
    labels: tuple[str, str] | None = None,
) -> MoveQuery:
    """Open items in the plane with a query to move; the first two metrics agree where it starts.

    Parameters
    ----------
    items : array-like of shape (n_items, 2)
        From 2 to 200, not all of one length: among those, cosine and Euclid name the same item everywhere.
    names : sequence of str, default=None
        One for each item; a, b, c ... if None, or 1, 2, 3 ... where the letters run out.
    metrics : sequence of str, default=("cosine", "euclidean", "manhattan")
        Two or three of these, in the order to show them; the task is about the first two.
    query : array-like of shape (2,), default=None
        Where the query starts; near the middle of the items if None.
    labels : tuple of two str, default=None
        What the two columns hold, with units where they have any.

    Returns
    -------
    MoveQuery
        Show it as the last line of a cell; its ``.answer`` is the place of the query.

    Raises
    ------
    ValueError
        If `items` cannot be drawn, there are not as many names, `metrics` are not two or three different known ones,
        `query` is no point or the metrics disagree there already, or they disagree nowhere.

    Examples
    --------
    >>> from mmlearn_edu.widgets import move_query
    >>> widget = move_query([[4.0, 4.0], [2.0, 0.5], [0.5, 2.0]], ["cat", "dog", "owl"])
    >>> widget.task
    'Move the query to a place where cosine and Euclid name different nearest items.'
    """
    points = _as_items(items)
    names = _names(names, len(points))
    metrics = list(metrics)
    if not 2 <= len(set(metrics)) == len(metrics) or not set(metrics) <= set(METRICS):
        raise ValueError(f"metrics={metrics} must be two or three different ones of {', '.join(METRICS)}")
    box = _box(points, query)
    start = _start(points, metrics, box, query)
    labels = labels or (words_of("scatter")["first"], words_of("scatter")["second"])
    if len(labels) != 2:
        raise ValueError(f"labels names {len(labels)} features, and an item has 2; give one name for each column")
    return MoveQuery(items=points, names=names, metrics=metrics, query=start, labels=list(labels), **box)


def _as_items(items: ArrayLike) -> list[list[float]]:
    X = as_matrix(items, "items")
    if X.shape[1] != 2 or not 2 <= len(X) <= MAX_ITEMS:
        raise ValueError(f"items has shape {X.shape}; a flat picture takes 2 to {MAX_ITEMS} items of 2 features each")
    if not X.any():
        raise ValueError(f"all {len(X)} items are zeros, which have no direction; give items that differ")
    points: list[list[float]] = X.astype(float).tolist()
    return points


def _names(names: Sequence[str] | None, n_items: int) -> list[str]:
    if names is None:
        return list(ascii_lowercase[:n_items]) if n_items <= 26 else [str(i + 1) for i in range(n_items)]
    if len(set(names)) != n_items:
        raise ValueError(f"names has {len(set(names))} different names for {n_items} items; give each its own")
    return [str(name) for name in names]


def _box(points: list[list[float]], query: Any) -> dict[str, Any]:
    """Choose a square that holds the items, the origin and the query, with room around them."""
    asked = [] if query is None else as_matrix([query], "query").tolist()
    if asked and len(asked[0]) != 2:
        raise ValueError(f"query has {len(asked[0])} numbers; a place in the plane has two, [x, y]")
    held = np.array([*points, [0.0, 0.0], *asked])
    least, most = held.min(axis=0), held.max(axis=0)
    span = 1.16 * (most - least).max()
    step = nice_step(span, 120)
    low = [snap(corner, step) for corner in (least + most - span) / 2]
    high = [snap(corner + span, step) for corner in low]
    marks = [ticks(*ends) for ends in zip(low, high, strict=True)]
    return {"low": low, "high": high, "step": step, "decimals": decimals_of(step), "ticks": marks}


def _start(points: list[list[float]], metrics: list[str], box: dict[str, Any], query: Any) -> list[float]:
    """Find where the query starts; insist that the metrics agree there, and disagree somewhere else."""
    sides = [np.linspace(low, high, 43)[1:-1] for low, high in zip(box["low"], box["high"], strict=True)]
    spread = [[x, y] for x in sides[0] for y in sides[1]]
    places = np.array([[snap(number, box["step"]) for number in place] for place in [*points, *spread]])
    apart = disagreeing(places, points, metrics)
    if not apart.any():
        raise ValueError(
            f"{metrics[0]} and {metrics[1]} name the same nearest item wherever the query stands; "
            "give items of different lengths, in different directions"
        )
    if query is None:
        places = places[~apart & places.any(axis=1)]
        start = places[np.square(places - np.mean(points, axis=0)).sum(axis=1).argmin()]
    else:
        start = np.array([snap(number, box["step"]) for number in query])
        if disagreeing([start], points, metrics)[0]:
            raise ValueError(f"at query={start.tolist()} {metrics[0]} and {metrics[1]} disagree already")
    place: list[float] = start.tolist()
    return place
