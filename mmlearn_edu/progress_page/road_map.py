"""The map: every chapter a stop on one road; its state is told by a shape and in words."""

import html
import math
import re
from pathlib import Path

from mmlearn_edu.checks.display import rich
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.road import ROAD
from mmlearn_edu.checks.summary import ChapterProgress, Progress

__all__ = ["road_map"]

PICTURES = Path(__file__).parent / "pictures"  # drawn by tools/chapter_pictures.py


def road_map(found: Progress) -> str:
    """Return the road as an ordered list of all chapters, the planned ones too."""
    written = {chapter.id: chapter for chapter in found.chapters}
    here = found.next_chapter if found.next_exercise else ""
    stops = [
        _stop(slug, say(f"stage-{stage}") if slug == slugs[0] else "", written.get(slug), slug == here)
        for stage, slugs in ROAD.items()
        for slug in slugs
    ]
    return f'<ol class="road" role="list">\n{"".join(stops)}</ol>\n'


def _stop(slug: str, stage: str, chapter: ChapterProgress | None, here: bool) -> str:
    state = state_of(chapter)
    words = _told(state, chapter)
    pointer = f'<strong class="here">{rich(say("page-here"))}</strong>' if here else ""
    title = chapter.title if chapter else say(f"road-{slug}")
    share = chapter.passed / len(chapter.statuses) if chapter and not chapter.broken else 0.0
    return (
        f'<li class="stop {state}{" next" if here else ""}"><p class="stage">{html.escape(stage)}</p>'
        f'{_sign(state, share)}<div><p class="number">{slug[:2]} {pointer}</p>'
        f'<p class="title">{rich(title)}</p><p class="state">{html.escape(words)}</p>'
        f"{picture(slug) if chapter else ''}</div></li>\n"
    )


def picture(slug: str) -> str:
    """Return the picture of a chapter, to be coloured by the page; nothing where there is none.

    The chapter's title stands beside it, so it has no words of its own.
    """
    path = PICTURES / f"{slug}.light.svg"
    if not path.exists():
        return ""
    drawn = re.sub(r"<title>.*</title>|<style>.*</style>", "", path.read_text(encoding="utf-8"))
    return drawn.replace("<svg ", '<svg class="picture" aria-hidden="true" ', 1).strip()


def state_of(chapter: ChapterProgress | None) -> str:
    """Return "planned", "broken", "new", "begun" or "finished"."""
    if chapter is None:
        return "planned"
    if chapter.broken:
        return "broken"
    if chapter.done:
        return "finished"
    return "begun" if set(chapter.statuses.values()) - {"not attempted"} else "new"


def _told(state: str, chapter: ChapterProgress | None) -> str:
    passed, total = (chapter.passed, len(chapter.statuses)) if chapter else (0, 0)
    return say(f"state-{state}", passed=passed, total=total)


def _sign(state: str, share: float) -> str:
    """Draw the stop: a tick in a disc, a disc filled as far as the chapter is, a ring, a ring with an exclamation
    mark, or a small dashed ring.
    """
    shape = '<circle cx="16" cy="16" r="12.5"/>'
    if state == "finished":
        shape += '<path class="tick" d="M9.5 16.5l4.5 4.5 8.5-9.5"/>'
    elif state == "begun":
        shape += f'<path class="part" d="{_sector(max(share, 0.06))}"/>'
    elif state == "broken":
        shape += '<path class="bolt" d="M16 8.5v9m0 3.2v3"/>'
    elif state == "planned":
        shape = '<circle cx="16" cy="16" r="8"/>'
    return f'<svg class="sign" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">{shape}</svg>'


def _sector(share: float, radius: float = 9.0) -> str:
    """Return the path of a piece of cake, from the top clockwise."""
    angle = 2 * math.pi * min(share, 0.999)
    x, y = 16 + radius * math.sin(angle), 16 - radius * math.cos(angle)
    return f"M16 16V{16 - radius:g}A{radius:g} {radius:g} 0 {int(share > 0.5)} 1 {x:.1f} {y:.1f}z"
