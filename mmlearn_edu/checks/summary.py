"""Progress in one table: what is done, what was predicted rightly, what to do next."""

import html
from dataclasses import dataclass
from typing import Any

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.display import STYLE
from mmlearn_edu.checks.messages import HTML_LANGUAGE, language, say

__all__ = ["ChapterProgress", "Progress", "progress"]


@dataclass(frozen=True)
class ChapterProgress:
    """One chapter: its exercises with their latest status."""

    id: str
    title: str
    statuses: dict[str, str]

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(status == "passed" for status in self.statuses.values())

    @property
    def done(self) -> bool:
        """Whether every exercise is passed."""
        return self.passed == len(self.statuses)


@dataclass(frozen=True)
class Progress:
    """All chapters, the predictions, and the next step."""

    chapters: list[ChapterProgress]
    predictions: int
    predictions_right: int

    @property
    def next_chapter(self) -> str:
        """The first chapter that is not done; the last one when all are."""
        return next((chapter.id for chapter in self.chapters if not chapter.done), self.chapters[-1].id)

    @property
    def next_step(self) -> str:
        """What to do next, in words."""
        for chapter in self.chapters:
            for exercise, status in chapter.statuses.items():
                if status != "passed":
                    return say("next", exercise=exercise, chapter=chapter.id)
        return say("all-passed")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        chapters = [{"id": c.id, "title": c.title, "passed": c.passed, "exercises": c.statuses} for c in self.chapters]
        predicted = {"made": self.predictions, "right": self.predictions_right}
        return {"chapters": chapters, "predictions": predicted, "next": self.next_step}

    def __str__(self) -> str:
        lines = [f"{c.id:<18} {_bar(c)} {_done('done-exercises', c)}   {c.title}" for c in self.chapters]
        return "\n".join([*lines, _predicted(self), self.next_step])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(c.id)}</th><td style="text-align:left">'
            f"{html.escape(c.title)}</td><td>{_bar(c)}</td><td>{_done('done', c)}</td></tr>"
            for c in self.chapters
        )
        names = ("head-chapter", "head-title", "head-done", "head-exercises")
        head = f"<tr>{''.join(f'<th>{say(name)}</th>' for name in names)}</tr>"
        words = f"<div>{html.escape(_predicted(self))}</div><div><strong>{html.escape(self.next_step)}</strong></div>"
        spoken = HTML_LANGUAGE[language()]
        return f'<div role="status" lang="{spoken}" style="{STYLE}"><table>{head}{rows}</table>{words}</div>'


def progress() -> Progress:
    """Read the progress file: chapters, exercises, predictions, and what to do next.

    Returns
    -------
    Progress
        Printed, or as the last line of a cell, it is a table.
    """
    latest: dict[str, str] = {}
    best: dict[str, str] = {}
    outcomes: dict[str, bool] = {}
    for entry in journal.read():
        if entry["event"] == "check":
            latest[entry["id"]] = str(entry.get("status"))
            if entry.get("status") == "passed":
                best[entry["id"]] = "passed"  # a later experiment does not take a pass away
        elif entry["event"] == "outcome":
            outcomes.setdefault(entry["id"], bool(entry.get("right")))
    chapters = []
    for slug in registry.chapter_ids():
        found = {e.id: best.get(e.id, latest.get(e.id, "not attempted")) for e in registry.exercises(slug)}
        chapters.append(ChapterProgress(slug, registry.chapter(slug).title, found))
    return Progress(chapters, len(outcomes), sum(outcomes.values()))


def _bar(chapter: ChapterProgress, width: int = 10) -> str:
    full = round(width * chapter.passed / max(1, len(chapter.statuses)))
    return "█" * full + "░" * (width - full)


def _predicted(progress: Progress) -> str:
    return say("predictions-true", right=progress.predictions_right, made=progress.predictions)


def _done(message_id: str, chapter: ChapterProgress) -> str:
    return say(message_id, passed=chapter.passed, total=len(chapter.statuses))
