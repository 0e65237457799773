"""Figures: is the data really there, and can others read it."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import describe, show
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.checks.messages import say

__all__ = ["contrast_ratio", "figure"]

Description = dict[str, Any]
_UNIT = re.compile(r"[(\[]([^)\]]+)[)\]]")
_AXES = {"xlabel": "x", "ylabel": "y"}


def contrast_ratio(colour: Any, background: Any) -> float:
    """How far two colours stand apart, from 1 (equal) to 21 (black on white): WCAG 2.1, relative luminance.

    Parameters
    ----------
    colour, background : sequence of 3 floats in [0, 1]
        Red, green, blue, as sRGB.

    Examples
    --------
    >>> contrast_ratio([0, 0, 0], [1, 1, 1])
    21.0
    """
    light, dark = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 6)


def _luminance(colour: Any) -> float:
    c = np.asarray(colour, dtype=float)
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Figure:
    """Judge the description of a figure beside the reference's."""

    contrast: float = 3.0
    alt: bool = False

    def __call__(self, expected: Any, actual: Any) -> Problem | None:
        """Return what is wrong first: nothing drawn, other data, then what makes it hard to read."""
        if not isinstance(actual, dict) or "figure" not in actual:
            return Problem("type", say("type", actual=describe(actual), expected=say("kind-figure")))
        want, got = expected["figure"], actual["figure"]
        if not got:
            return Problem("figure-none", say("figure-none"))
        if len(got) < len(want):
            return Problem("figure-axes", say("figure-axes", actual=len(got), expected=len(want)))
        found = (self._axes(one, other) for one, other in zip(want, got, strict=False))
        return next((problem for problem in found if problem), None)

    def _axes(self, want: Description, got: Description) -> Problem | None:
        return (
            _data(want, got)
            or _labels(want, got)
            or _legend(want, got)
            or self._contrast(want, got)
            or self._alt(want, got)
        )

    def _contrast(self, want: Description, got: Description) -> Problem | None:
        """Ask for as much contrast as the rule says; for no more than what is expected has itself."""
        enough = min([self.contrast, *_contrasts(want)])
        for one, ratio in zip(got["series"], _contrasts(got), strict=True):
            if ratio < enough:
                name = repr(one["label"]) if one["label"] else _kind(one)
                words = say("figure-contrast", name=name, actual=ratio, expected=enough)
                return Problem("figure-contrast", words)
        return None

    def _alt(self, want: Description, got: Description) -> Problem | None:
        enough = min(3, len(want["alt"].split())) if self.alt else 0
        return Problem("figure-alt", say("figure-alt")) if len(got["alt"].split()) < enough else None


def _contrasts(description: Description) -> list[float]:
    return [contrast_ratio(one["colour"], description["background"]) for one in description["series"]]


def figure(contrast: float = 3.0, alt: bool = False) -> Figure:
    """Judge figures: everything the reference draws is drawn, and it can be read.

    The data may be drawn as a line, as points or as bars, in any colours and order. Axes that have labels in the
    reference need them, with its units in brackets; where the reference has a legend, as many entries. Every series
    stands out from its background by `contrast` (3 to 1 is what WCAG 2.1 asks of graphics).

    Parameters
    ----------
    contrast : float, default=3
    alt : bool, default=False
        Whether an alt text is asked for: what `mmlearn_edu.plots` keeps, or ``ax.alt_text = "..."``.
    """
    return Figure(contrast, alt)


def _data(want: Description, got: Description) -> Problem | None:
    for one in want["series"]:
        if not any(_same_points(one, other) for other in got["series"]):
            example = {"expected": f"x = {show(one['x'])}\ny = {show(one['y'])}"}
            drawn = [f"{_kind(other)}: x = {show(other['x'])}\ny = {show(other['y'])}" for other in got["series"][:2]]
            example = {"yours": "\n".join(drawn) or say("drawn-nothing"), **example}
            key = "figure-swapped" if any(_same_points(one, _turned(o)) for o in got["series"]) else "figure-data"
            return Problem(key, say(key, name=one["label"] or _kind(one)), example)
    for picture in want["images"]:
        if not any(_same_picture(picture, other) for other in got["images"]):
            shapes = ", ".join(str(other.shape) for other in got["images"]) or say("drawn-nothing")
            return Problem("figure-image", say("figure-image", expected=picture.shape, actual=shapes))
    return None


def _kind(series: Description) -> str:
    return say(f"series-{series['kind']}")


def _turned(series: Description) -> Description:
    return {**series, "x": series["y"], "y": series["x"]}


def _same_points(one: Description, other: Description) -> bool:
    """Whether both show the same points; in any order unless both are lines."""
    a, b = (np.column_stack([series["x"], series["y"]]) for series in (one, other))
    if a.shape != b.shape:
        return False
    if one["kind"] != "line" or other["kind"] != "line":
        a, b = (points[np.lexsort(points.round(9).T)] for points in (a, b))
    middle = np.array([np.mean(column[np.isfinite(column)]) if np.isfinite(column).any() else 0 for column in a.T])
    a, b = a - middle, b - middle  # a day among the days since 1970 is no small difference
    scale = np.max(np.abs(a[np.isfinite(a)]), initial=0)
    return bool(np.allclose(a, b, rtol=1e-4, atol=1e-6 * scale, equal_nan=True))


def _same_picture(picture: Any, other: Any) -> bool:
    return picture.shape == other.shape and bool(np.allclose(picture, other, rtol=1e-4, atol=1e-6, equal_nan=True))


def _labels(want: Description, got: Description) -> Problem | None:
    for key, axis in _AXES.items():
        if want[key] and not got[key].strip():
            return Problem("figure-label", say("figure-label", axis=axis))
        missing = [unit for unit in _UNIT.findall(want[key]) if not _holds_word(got[key], unit)]
        if missing:
            return Problem("figure-unit", say("figure-unit", axis=axis, actual=got[key], unit=missing[0]))
    return None


def _holds_word(label: str, unit: str) -> bool:
    """Whether `unit` stands in `label` as a word of its own: the s of seconds is not that of samples."""
    return bool(re.search(rf"(?<![a-z]){re.escape(unit.casefold())}(?![a-z])", label.casefold()))


def _legend(want: Description, got: Description) -> Problem | None:
    if len(got["legend"]) >= len(want["legend"]):
        return None
    words = say("figure-legend", actual=len(got["legend"]), expected=len(want["legend"]))
    return Problem("figure-legend", words)
