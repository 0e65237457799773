"""A slider that a screen reader can name, for pages and notebooks of your own; ipywidgets' sliders it cannot."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mmlearn_edu._validation import check_whole
from mmlearn_edu.widgets._words import words_of
from mmlearn_edu.widgets.base import page_module

__all__ = ["LabelledSlider", "labelled_slider"]

MAX_STEPS = 10_000


class LabelledSlider(anywidget.AnyWidget):
    """A slider with a label; `labelled_slider` makes it.

    Attributes
    ----------
    value : float
        Where it stands; ``observe`` it, or give the slider to ``ipywidgets.interactive_output``.
    label : str
    min, max, step : float
    interval : int
        Milliseconds from one step to the next while it plays; 0 for a slider without that button.
    words : dict
        What its button says, in the language spoken when it was made.
    """

    _esm = page_module("slider.js")
    _css = Path(__file__).parent / "kit.css"
    label = traitlets.Unicode().tag(sync=True)
    min = traitlets.Float().tag(sync=True)
    max = traitlets.Float().tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    interval = traitlets.Int(0).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal: Any) -> float:
        """Keep the value between the ends, as a slider in the page does."""
        return float(min(self.max, max(self.min, proposal["value"])))

    def __repr__(self) -> str:
        return f"LabelledSlider({self.label!r}, value={self.value:g}, from {self.min:g} to {self.max:g})"


def labelled_slider(
    label: str, low: float, high: float, *, value: float | None = None, step: float = 1.0, interval: int = 0
) -> LabelledSlider:
    """Open a slider with a label, for the mouse, a finger, the keyboard and a screen reader.

    Parameters
    ----------
    label : str
        What it sets, with the unit where there is one.
    low, high : float
        Its ends.
    value : float, default=None
        Where it begins; `low` if None.
    step : float, default=1.0
        From one value to the next.
    interval : int, default=0
        Milliseconds from one step to the next while it plays, at least 100; 0 for a slider that does not play.

    Returns
    -------
    LabelledSlider
        Its ``.value`` follows the slider.

    Raises
    ------
    ValueError
        If the label is empty, the ends, step and value do not fit together, or `interval` is too short.

    Examples
    --------
    >>> from ipywidgets import interactive_output
    >>> from mmlearn_edu.widgets import labelled_slider
    >>> k = labelled_slider("number of clusters", 1, 8)
    >>> shown = interactive_output(lambda k: k, {"k": k})
    >>> k.value
    1.0
    """
    if not label.strip():
        raise ValueError("a slider without a label cannot be told from another; say what it sets")
    if not (low < high and 0 < step <= high - low):
        raise ValueError(f"{low=}, {high=} and {step=} make no slider; low < high, and step at most high - low")
    if (high - low) / step > MAX_STEPS:
        raise ValueError(f"{step=} makes more than {MAX_STEPS} steps from {low} to {high}; take a larger one")
    start = low if value is None else value
    if not low <= start <= high:
        raise ValueError(f"{value=} is not between {low=} and {high=}")
    check_whole(interval=interval)
    if interval < 0 or 0 < interval < 100:
        raise ValueError(f"{interval=} ms is too quick to follow; 100 or more, or 0 for a slider that does not play")
    return LabelledSlider(
        label=label, min=low, max=high, step=step, value=start, interval=interval, words=words_of("slider")
    )
