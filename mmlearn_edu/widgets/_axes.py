"""Round numbers for axes: steps, ticks, and how many decimals to show."""

import math
from collections.abc import Callable
from typing import NamedTuple

from mmlearn_edu.widgets._svg import MUTED, line, text

__all__ = ["decimals_of", "nice_step", "snap", "square", "ticks"]


def nice_step(span: float, parts: int) -> float:
    """Return the smallest of 1, 2 or 5 times a power of ten that cuts `span` into at most `parts` parts."""
    size = 10.0 ** math.floor(math.log10(span / parts))
    return next(times * size for times in (1, 2, 5, 10) if span <= parts * times * size * (1 + 1e-9))


def decimals_of(step: float) -> int:
    """Return how many decimals a multiple of `step` needs: 2 for 0.05, 0 for 20."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def snap(value: float, step: float) -> float:
    """Return the multiple of `step` that is nearest to `value`, without the dust that a product leaves."""
    return round(round(value / step) * step, decimals_of(step)) + 0.0


def ticks(low: float, high: float, parts: int = 6) -> list[float]:
    """Return the round numbers from `low` to `high`, at most ``parts + 1`` of them."""
    step = nice_step(high - low, parts)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [snap(number * step, step) for number in range(first, last + 1)]


class Square(NamedTuple):
    """A square picture of the plane for a still: its frame and ticks, and where a point of the data is in it."""

    parts: list[str]
    place: Callable[[float, float], tuple[float, float]]


def square(low: list[float], high: list[float], marks: list[list[float]], labels: list[str], size: int = 400) -> Square:
    """Draw the axes of a square picture with one scale for both directions."""
    left, top, inner = 46, 16, size - 62
    scale = inner / (high[0] - low[0])

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (x - low[0]) * scale, top + (high[1] - y) * scale

    bottom, small = top + inner, 'font-size="12"'
    thin = f'stroke="{MUTED}" stroke-opacity=".35"'
    across = [line(place(x, 0)[0], top, place(x, 0)[0], bottom, thin) for x in marks[0]]
    down = [line(left, place(0, y)[1], left + inner, place(0, y)[1], thin) for y in marks[1]]
    numbers = [text(place(x, 0)[0], bottom + 15, f"{x:g}", f'{small} text-anchor="middle"') for x in marks[0]]
    numbers += [text(left - 6, place(0, y)[1] + 4, f"{y:g}", f'{small} text-anchor="end"') for y in marks[1]]
    words = [text(left + inner, bottom + 32, f"{labels[0]} →", f'{small} text-anchor="end"')]
    words += [text(left + 4, top + 12, f"↑ {labels[1]}", small)]
    return Square([*across, *down, *numbers, *words], place)
