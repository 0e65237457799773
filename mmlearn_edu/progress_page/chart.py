"""Predictions over time: the share that came true so far, as a small chart, in words, and one by one."""

import html
from typing import Any

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.display import rich
from mmlearn_edu.checks.exercise import Prediction
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.summary import Progress
from mmlearn_edu.progress_page.tables import day

__all__ = ["predictions"]

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 44
MOST_MARKS, MOST_POINTS, MOST_ROWS, MOST_LETTERS = 40, 200, 20, 200


def predictions(found: Progress) -> str:
    """Return the words, the chart, and the latest predictions one by one."""
    if not found.predicted:
        return f"<p>{rich(say('page-predictions-none'))}</p>\n"
    latest = found.predicted[-MOST_ROWS:]
    words = say("page-latest", shown=len(latest), made=found.predictions)
    items = "".join(map(_told, latest))
    return (
        f"<p>{rich(found.predictions_in_words)}</p>\n{_chart(found.outcomes)}"
        f'<h3>{rich(words)}</h3>\n<ul class="predicted" role="list">\n{items}</ul>\n'
    )


def shares(outcomes: list[bool]) -> list[float]:
    """Return the share of right ones among the first 1, 2, ... predictions."""
    right = 0
    found = []
    for made, outcome in enumerate(outcomes, 1):
        right += outcome
        found.append(right / made)
    return found


def _chart(outcomes: list[bool]) -> str:
    share = shares(outcomes)
    n = len(share)
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    across = [LEFT + wide * (i + 0.5) / n for i in range(n)]
    up = [TOP + high * (1 - s) for s in share]
    step = -(-n // MOST_POINTS)
    kept = [*range(0, n - 1, step), n - 1]
    path = " ".join(f"{across[i]:.1f},{up[i]:.1f}" for i in kept)
    marks = [_mark(across[i], up[i], outcomes[i]) for i in range(n)] if n <= MOST_MARKS else []
    text = say("page-chart", n=n, first=share[0], last=share[-1], lowest=min(share), highest=max(share))
    parts = [*_axes(wide, high, n), f'<polyline points="{path}"/>', *marks]
    key = f'<p class="key">{rich(say("page-key"))}</p>\n' if marks else ""
    return (
        f'<svg class="chart" role="img" aria-label="{html.escape(text)}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(parts)}</svg>\n{key}"
    )


def _axes(wide: float, high: float, n: int) -> list[str]:
    parts = []
    for percent in (0, 50, 100):
        y = TOP + high * (1 - percent / 100)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:g}" y2="{y:g}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:g}" text-anchor="end">{percent} %</text>')
    for number in sorted({1, n}):
        x = LEFT + wide * (number - 0.5) / n
        parts.append(f'<text x="{x:.1f}" y="{TOP + high + 18}" text-anchor="middle">{number}</text>')
    middle = LEFT + wide / 2
    parts.append(f'<text x="{middle:g}" y="{HEIGHT - 6}" text-anchor="middle">{html.escape(say("page-axis"))}</text>')
    return parts


def _mark(x: float, y: float, right: bool) -> str:
    if right:
        return f'<circle class="right" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<path class="wrong" d="M{x - 4.5:.1f} {y - 4.5:.1f}l9 9m0-9l-9 9"/>'


def _told(entry: dict[str, Any]) -> str:
    """Say what was asked, what the learner said, and how it came out."""
    when = f" <span>{day(entry['time'])}</span>" if day(entry["time"]) else ""
    asked = _question(entry["id"])
    said = f"{rich(say('page-guess'))}{say('colon')}{_guess(entry, asked)}"
    return (
        f"<li><p>{rich(asked.prompt if asked else entry['id'])}</p><p>{said}</p><p>{_came_true(entry)}{when}</p></li>\n"
    )


def _question(prediction_id: str) -> Prediction | None:
    """Find what was asked; None where this version does not have it, or cannot load its chapter."""
    try:
        return registry.prediction(prediction_id)
    except (LookupError, registry.ChapterError):
        return None


def _guess(entry: dict[str, Any], asked: Prediction | None) -> str:
    """Return what the learner wrote, with the words of its option."""
    guess = entry.get("guess")
    words = asked.options.get(guess, "") if asked and isinstance(guess, str) else ""
    shown = f"{guess:g}" if isinstance(guess, float) else str(guess)
    return rich(f"{shown}) {words}" if words else shown[:MOST_LETTERS])


def _came_true(entry: dict[str, Any]) -> str:
    right = bool(entry.get("right"))
    sign, words = ("✓", say("page-true")) if right else ("✗", say("page-untrue"))
    return (
        f'<span class="status {"passed" if right else "missed"}"><span aria-hidden="true">{sign}</span> {words}</span>'
    )
