"""Two charts of the class: how the scores are spread, and how an exercise went."""

import html
from collections.abc import Mapping, Sequence
from statistics import median

from mmlearn_edu.grading.pieces import say

__all__ = ["histogram", "outcome_bar", "tenths"]

WIDTH, HEIGHT = 360, 180
LEFT, RIGHT, TOP, BOTTOM = 14, 14, 18, 32
COLOURED = ("passed", "partly", "failed")  # what is left was not tried, or not judged


def tenths(shares: Sequence[float]) -> list[int]:
    """Count the shares, 0 to 1, in ten bins; the last one includes 1.

    >>> tenths([0.0, 0.05, 0.1, 0.99, 1.0])
    [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    """
    counts = [0] * 10
    for share in shares:
        counts[min(9, int(10 * share + 1e-9))] += 1
    return counts


def histogram(shares: Sequence[float]) -> str:
    """Return the histogram of the scores as SVG, with its words.

    Parameters
    ----------
    shares : sequence of float
        Of the points, 0 to 1; at least one.
    """
    counts, middle = tenths(shares), median(shares)
    wide, high = (WIDTH - LEFT - RIGHT) / 10, HEIGHT - TOP - BOTTOM
    floor, parts = TOP + high, []
    for place, count in enumerate(counts):
        x, height = LEFT + place * wide, high * count / max(counts)
        parts.append(
            f'<rect class="column" x="{x + 1.5:.1f}" y="{floor - height:.1f}" width="{wide - 3:.1f}" '
            f'height="{height:.1f}"/>'
        )
        if count:
            middle_of, above = x + wide / 2, floor - height - 5
            parts.append(f'<text x="{middle_of:.1f}" y="{above:.1f}" text-anchor="middle">{count}</text>')
    parts.append(f'<line class="floor" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}"/>')
    for percent in range(0, 101, 20):
        x = LEFT + wide * percent / 10
        parts.append(f'<text x="{x:.1f}" y="{floor + 26}" text-anchor="middle">{percent}</text>')
    x = LEFT + 10 * wide * middle
    parts.append(f'<path class="median" d="M{x:.1f} {floor + 2}l5.5 9h-11z"/>')
    label = html.escape(say("scores-chart", count=len(shares), bins=_in_words(counts), median=middle))
    return (
        f'<svg class="chart scores" role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'{"".join(parts)}</svg>\n<p class="key">{html.escape(say("scores-key", median=middle))}</p>\n'
    )


def outcome_bar(statuses: Mapping[str, int]) -> str:
    """Return how an exercise went as a bar of coloured parts; the words stand beside it."""
    total, x, parts = sum(statuses.values()) or 1, 0.0, []
    for status in COLOURED:
        width = 100 * statuses.get(status, 0) / total
        if width:
            parts.append(f'<rect class="{status}" x="{x:.2f}" width="{max(0.5, width - 0.6):.2f}" height="10"/>')
        x += width
    return (
        '<svg class="outcome" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _in_words(counts: Sequence[int]) -> str:
    bins = [
        say("scores-bin", low=10 * place, high=10 * place + (10 if place == 9 else 9), count=count)
        for place, count in enumerate(counts)
        if count
    ]
    return say("comma").join(bins)
