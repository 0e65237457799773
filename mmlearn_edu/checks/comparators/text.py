"""Texts, compared as a reader compares them."""

from typing import Any

from mmlearn_edu.checks.comparators.kinds import describe, show
from mmlearn_edu.checks.exercise import Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["text"]

_AROUND = 12  # characters shown on each side of the first difference


def text(ignore_case: bool = True, ignore_space: bool = True) -> Compare:
    """Equal texts; by default capitals and the amount of white space do not count."""

    def normal(value: str) -> str:
        value = value.casefold() if ignore_case else value
        return " ".join(value.split()) if ignore_space else value

    def compare(expected: Any, actual: Any) -> Problem | None:
        if actual is None or actual is Ellipsis:
            key = "none-value" if actual is None else "blank-value"
            return Problem(key, say(key))
        if not isinstance(actual, str):
            return Problem("type", say("type", actual=describe(actual), expected=describe(expected)))
        want, got = normal(expected), normal(actual)
        if want == got:
            return None
        place = next((i for i, (a, b) in enumerate(zip(want, got, strict=False)) if a != b), min(len(want), len(got)))
        words = say("text", place=place + 1, actual=_near(got, place), expected=_near(want, place))
        return Problem("text", words, {"yours": show(actual), "expected": show(expected)})

    return compare


def _near(words: str, place: int) -> str:
    start, end = max(0, place - _AROUND), place + _AROUND
    return f"{'…' * (start > 0)}{words[start:end]}{'…' * (end < len(words))}"
