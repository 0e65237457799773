"""The whole page: what to do next first, then the road, then what was done on it."""

import html
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.display import rich
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.summary import Progress
from mmlearn_edu.progress_page.chart import predictions
from mmlearn_edu.progress_page.frame import bar, framed, section
from mmlearn_edu.progress_page.road_map import road_map
from mmlearn_edu.progress_page.tables import exercises, learnt, recall
from mmlearn_edu.progress_page.writing import MARKER

__all__ = ["page"]

STYLE = Path(__file__).with_name("style.css")

BODY = """<header>
<h1>{heading}</h1>
<p class="whose">{whose}</p>
<p class="count">{count}</p>
{bar}
{notes}</header>
<main>
{sections}</main>
<footer><p>{about}</p></footer>
"""


def page(found: Progress, folder: str, today: date, notes: Iterable[str] = ()) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    found : Progress
        What ``progress()`` found; every number on the page comes from there.
    folder : str
        The name of the learner's folder.
    today : date
        Of the page.
    notes : iterable of str
        What the reader should know about the numbers, e.g. that some progress is from a newer version.
    """
    exercise_count = sum(len(chapter.statuses) for chapter in found.chapters)
    passed = sum(chapter.passed for chapter in found.chapters)
    finished = sum(chapter.done and not chapter.broken for chapter in found.chapters)
    numbers = {"passed": passed, "total": exercise_count, "finished": finished, "written": len(found.chapters)}
    sections = {
        "page-next": _next(found),
        "page-road": road_map(found),
        "page-learnt": learnt(found),
        "page-recall": recall(found),
        "page-predictions": predictions(found),
        "page-exercises": exercises(found),
    }
    body = BODY.format(
        heading=rich(say("page-heading")),
        whose=html.escape(say("page-whose", folder=folder, date=today.isoformat())),
        count=rich(say("page-count", **numbers)),
        bar=bar(100 * passed / max(1, exercise_count)),
        notes="".join(f'<p class="note">{rich(note)}</p>\n' for note in notes),
        sections="".join(section(name, say(name), body) for name, body in sections.items()),
        about=rich(say("page-about")),
    )
    return framed(f"{say('page-heading')} · {folder}", body, STYLE.read_text(encoding="utf-8"), MARKER, styled=True)


def _next(found: Progress) -> str:
    """Say one step, and how to get there."""
    if found.next_exercise is None:
        return f"<p>{rich(say('page-all-passed'))}</p>\n"
    chapter, exercise, status = found.next_exercise
    kind = {"not attempted": "new", "stale": "stale"}.get(status, "begun")
    words = say(f"page-step-{kind}", title=registry.get(exercise).title or exercise, exercise=exercise)
    there = say("page-open", notebook=f"{chapter}.ipynb")
    return f'<p class="step">{rich(words)}</p>\n<p>{rich(there)}</p>\n'
