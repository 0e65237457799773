"""A threshold to move along the scores of two classes (chapters 04, 13, 17 and 19)."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.widgets._axes import decimals_of, nice_step, snap, ticks
from mmlearn_edu.widgets._operating import LOW_IS_GOOD, MEASURES, Goal, best_threshold, threshold_scores, thresholds_of
from mmlearn_edu.widgets._svg import INK, MUTED, PALETTE, line, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["MAX_SCORES", "MoveThreshold", "best_threshold", "move_threshold", "threshold_scores"]

MAX_SCORES = 20_000
_STEPS, _BARS = 400, 40


class MoveThreshold(Explorable):
    """Move a threshold along the scores of two classes, and watch who is called positive and what it costs.

    Attributes
    ----------
    answer : float or None
        None until touched; then the threshold, in the units of the scores.
    threshold : float
        The threshold as it stands in the page.
    positives, negatives : list of float
        The scores of each class, rising.
    metrics : list of str
    goal : list of str and float
        A measure, its bound, and the measure to make as good as possible.
    """

    positives = traitlets.List(traitlets.Float()).tag(sync=True)
    negatives = traitlets.List(traitlets.Float()).tag(sync=True)
    bars = traitlets.Dict().tag(sync=True)
    low = traitlets.Float().tag(sync=True)
    high = traitlets.Float().tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    decimals = traitlets.Int(0).tag(sync=True)
    ticks = traitlets.List(traitlets.Float()).tag(sync=True)
    metrics = traitlets.List(traitlets.Unicode()).tag(sync=True)
    goal: traitlets.List[Any] = traitlets.List().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    threshold = traitlets.Float().tag(sync=True)

    def _task(self) -> str:
        measure, bound, best = self.goal
        side = "at-most" if measure in LOW_IS_GOOD else "at-least"
        reach = self._say(side, measure=self._say(f"measure-{measure}"), bound=f"{bound:g}")
        if best == measure:
            return self._say("task", reach=reach)
        wish = self._say("least" if best in LOW_IS_GOOD else "most", measure=self._say(f"measure-{best}"))
        return self._say("task-best", reach=reach, wish=wish)

    def _named(self) -> list[str]:
        return [name or self._say(word) for name, word in zip(self.names, ("negative", "positive"), strict=True)]

    def _alt(self) -> str:
        y = np.repeat([1, 0], [len(self.positives), len(self.negatives)])
        at = threshold_scores(y, [*self.positives, *self.negatives], self.threshold)
        measured = ", ".join(f"{self._say(f'measure-{name}')} {at[name]:.3f}" for name in self.metrics)
        negative, positive = self._named()
        counts = {"positives": len(self.positives), "negatives": len(self.negatives)}
        where = {"threshold": f"{self.threshold:g}", "measured": measured, "positive": positive, "negative": negative}
        return self._say("alt", label=self.label or self._say("score"), **counts, **where)

    def _still(self) -> str:
        width, middle, tall, left = 360, 120, 95, 20

        def across(value: float) -> float:
            return left + (value - self.low) / (self.high - self.low) * width

        wide = width * self.bars["width"] / (self.high - self.low)
        parts = []
        for row, side, style in ((1, -1, f'fill="{PALETTE[0]}"'), (0, 1, f'fill="#ffffff" stroke="{PALETTE[1]}"')):
            counts = self.bars["counts"][row]
            for number, count in enumerate(counts):
                height = tall * count / max(counts)
                x, y = across(self.bars["start"] + number * self.bars["width"]), middle - (height if side < 0 else 0)
                parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{height:.1f}" {style}/>')
        at = across(self.threshold)
        rule = line(at, 14, at, 226, f'stroke="{INK}" stroke-width="2" stroke-dasharray="6 3"')
        axis = line(left, middle, left + width, middle, f'stroke="{MUTED}"')
        numbers = [text(across(tick), 244, f"{tick:g}", 'font-size="12" text-anchor="middle"') for tick in self.ticks]
        negative, positive = self._named()
        words = [text(left, 24, f"■ {positive}"), text(left, 224, f"□ {negative}")]
        label = text(left + width, 262, f"{self.label or self._say('score')} →", 'font-size="12" text-anchor="end"')
        return picture(400, 272, self._say("title"), [*parts, axis, rule, *numbers, *words, label])


def move_threshold(
    y_true: ArrayLike,
    scores: ArrayLike,
    *,
    metrics: Sequence[str] = ("precision", "recall", "accuracy", "fpr"),
    goal: Goal = ("recall", 0.9, "precision"),
    names: tuple[str, str] = ("", ""),
    label: str = "",
) -> MoveThreshold:
    """Open the scores of two classes with a threshold to move; who reaches it is called positive.

    Parameters
    ----------
    y_true : array-like of bool, or of 0 and 1, of shape (n_samples,)
        True or 1 is positive; both must occur.
    scores : array-like of shape (n_samples,)
        Higher is more positive; for distances pass ``-distances``. At most 20000.
    metrics : sequence of str, default=("precision", "recall", "accuracy", "fpr")
        What to show, in this order: some of accuracy, precision, recall, f1, fpr (false positive rate) and iou
        (intersection over union). Those of the goal come first where they are missing.
    goal : tuple of str, float and perhaps another str, default=("recall", 0.9, "precision")
        A measure, the bound it must reach (for ``fpr``: not exceed), and the measure to make as good as possible
        while it does.
    names : tuple of two str, default=("", "")
        What the negative and the positive class are called; "negative" and "positive" if empty.
    label : str, default=""
        What the scores are, with their unit if they have one.

    Returns
    -------
    MoveThreshold
        Show it as the last line of a cell; its ``.answer`` is the threshold.

    Raises
    ------
    ValueError
        If there are too many scores, all are equal, one is not finite, `y_true` is not made of both 0 and 1, a metric
        is unknown, or no threshold meets the goal.

    Examples
    --------
    >>> from mmlearn_edu.widgets import move_threshold
    >>> widget = move_threshold([0, 0, 0, 1, 1], [0.1, 0.3, 0.6, 0.5, 0.9], goal=("fpr", 0.35, "recall"))
    >>> widget.task
    'Find the threshold with false positive rate at most 0.35 and as much recall as possible.'
    """
    thresholds_of(y_true, scores)  # it checks both
    y, values = np.asarray(y_true) == 1, np.asarray(scores, float)
    if len(values) > MAX_SCORES or np.ptp(values) == 0:
        raise ValueError(
            f"{len(values)} scores from {values.min():g} to {values.max():g}; this picture takes at most {MAX_SCORES}, "
            "not all equal: draw fewer samples, or other scores"
        )
    wanted, shown = _goal(goal), list(metrics)
    unknown = sorted({wanted[0], wanted[2], *shown} - set(MEASURES))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of the metrics {', '.join(MEASURES)}")
    if len(names) != 2:
        raise ValueError(f"names has {len(names)} names; give two, of the negative and of the positive class")
    best_threshold(y, values, goal)  # it complains if nothing meets the goal
    first = [name for name in dict.fromkeys((wanted[0], wanted[2])) if name not in shown]
    return MoveThreshold(
        positives=np.sort(values[y]).tolist(),
        negatives=np.sort(values[~y]).tolist(),
        metrics=[*first, *dict.fromkeys(shown)],
        goal=wanted,
        names=list(names),
        label=label,
        **_scale(values),
        bars=_bars(values, y),
    )


def _goal(goal: Sequence[Any]) -> list[Any]:
    if len(goal) not in (2, 3) or isinstance(goal[1], str) or not 0 <= goal[1] <= 1:
        raise ValueError(f'{goal=} must be a measure, a bound in [0, 1] and perhaps another measure: ("recall", 0.9)')
    return [goal[0], float(goal[1]), goal[-1] if len(goal) == 3 else goal[0]]


def _scale(values: NDArray[np.float64]) -> dict[str, Any]:
    """Choose the ends of the slider: all are called positive at one, none at the other."""
    step = nice_step(np.ptp(values), _STEPS)
    low = snap(math.floor(values.min() / step) * step, step)
    high = snap((math.floor(values.max() / step) + 1) * step, step)
    start = snap(low + (high - low) / 10, step)  # far from where a good threshold may lie
    return {
        "low": low,
        "high": high,
        "step": step,
        "decimals": decimals_of(step),
        "threshold": start,
        "ticks": ticks(low, high),
    }


def _bars(values: NDArray[np.float64], y: NDArray[np.bool_]) -> dict[str, Any]:
    """Count each class, negatives first, in bars of a round width."""
    width = nice_step(np.ptp(values), _BARS)
    start = math.floor(values.min() / width) * width
    n_bars = math.floor((values.max() - start) / width + 1e-9) + 1
    edges = start + width * np.arange(n_bars + 1)
    edges[-1] = max(edges[-1], values.max())
    return {"start": start, "width": width, "counts": [np.histogram(values[y == k], edges)[0].tolist() for k in (0, 1)]}
