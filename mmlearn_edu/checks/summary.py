"""Progress in one table: what is done, what was predicted rightly, what to do next."""

import html
from dataclasses import dataclass
from typing import Any

from mmlearn_edu.checks import fingerprint, journal, registry
from mmlearn_edu.checks.display import STYLE
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import HTML_LANGUAGE, language, say

__all__ = ["ChapterProgress", "Progress", "progress"]

LATELY = 5  # predictions that are the latest


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
    def stale(self) -> int:
        """How many passed once, and were changed in the notebook since."""
        return sum(status == "stale" for status in self.statuses.values())

    @property
    def done(self) -> bool:
        """Whether every exercise is passed."""
        return self.passed == len(self.statuses)


@dataclass(frozen=True)
class Progress:
    """All chapters, the predictions and recall answers in the order they were made, and the next step."""

    chapters: list[ChapterProgress]
    outcomes: list[bool]  # of the predictions
    recalled: list[bool]

    @property
    def predictions(self) -> int:
        """How many predictions met their result."""
        return len(self.outcomes)

    @property
    def predictions_right(self) -> int:
        """How many of them came true."""
        return sum(self.outcomes)

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
                    return say("next-stale" if status == "stale" else "next", exercise=exercise, chapter=chapter.id)
        return say("all-passed")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        chapters = [{"id": c.id, "title": c.title, "passed": c.passed, "exercises": c.statuses} for c in self.chapters]
        predicted = {"made": self.predictions, "right": self.predictions_right, "over_time": self.outcomes}
        recalled = {"answered": len(self.recalled), "right": sum(self.recalled)}
        return {"chapters": chapters, "predictions": predicted, "recall": recalled, "next": self.next_step}

    def __str__(self) -> str:
        lines = [f"{c.id:<18} {_bar(c)} {_done('done-exercises', c)}   {c.title}" for c in self.chapters]
        return "\n".join([*lines, _predicted(self), _recalled(self), self.next_step])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(c.id)}</th><td style="text-align:left">'
            f"{html.escape(c.title)}</td><td>{_bar(c)}</td><td>{_done('done', c)}</td></tr>"
            for c in self.chapters
        )
        names = ("head-chapter", "head-title", "head-done", "head-exercises")
        head = f"<tr>{''.join(f'<th>{say(name)}</th>' for name in names)}</tr>"
        words = "".join(f"<div>{html.escape(line)}</div>" for line in (_predicted(self), _recalled(self)))
        words += f"<div><strong>{html.escape(self.next_step)}</strong></div>"
        spoken = HTML_LANGUAGE[language()]
        return f'<div role="status" lang="{spoken}" style="{STYLE}"><table>{head}{rows}</table>{words}</div>'


def progress() -> Progress:
    """Read the progress file: chapters, exercises, predictions, recall, and what to do next.

    An exercise that passed is stale once its code in the notebook beside the progress file is another than the one
    that passed (JupyterLab saves the notebook every two minutes, and with Ctrl S).

    Returns
    -------
    Progress
        Printed, or as the last line of a cell, it is a table.
    """
    latest: dict[str, str] = {}
    passed: dict[str, str] = {}  # with the fingerprint of the code that passed last
    outcomes: dict[str, bool] = {}
    recalled = []
    for entry in journal.read():
        if entry["event"] == "check":
            latest[entry["id"]] = str(entry.get("status"))
            if entry.get("status") == "passed":
                passed[entry["id"]] = str(entry.get("code", ""))
        elif entry["event"] == "outcome":
            outcomes.setdefault(entry["id"], bool(entry.get("right")))
        elif entry["event"] == "recall":
            recalled.append(bool(entry.get("right")))
    chapters = [_chapter(slug, latest, passed) for slug in registry.chapter_ids()]
    return Progress(chapters, list(outcomes.values()), recalled)


def _chapter(slug: str, latest: dict[str, str], passed: dict[str, str]) -> ChapterProgress:
    """Gather the statuses of a chapter; a later experiment does not take a pass away, a changed cell does."""
    statuses = {}
    for exercise in registry.exercises(slug):
        status = latest.get(exercise.id, "not attempted")
        if exercise.id in passed:
            status = "stale" if _is_stale(exercise, passed[exercise.id], slug) else "passed"
        statuses[exercise.id] = status
    return ChapterProgress(slug, registry.chapter(slug).title, statuses)


def _is_stale(exercise: Exercise, code: str, slug: str) -> bool:
    """Whether the notebook in the workspace holds another answer than the one that passed, as far as is known."""
    home = journal.home()
    now = fingerprint.of_notebook(exercise, home.parent / f"{slug}.ipynb") if code and home.name == ".mmlearn" else ""
    return bool(now) and now != code


def _bar(chapter: ChapterProgress, width: int = 10) -> str:
    full = round(width * chapter.passed / max(1, len(chapter.statuses)))
    return "█" * full + "░" * (width - full)


def _predicted(progress: Progress) -> str:
    """Say how many predictions came true, and once there are enough of them, how many of the latest did."""
    words = say("predictions-true", right=progress.predictions_right, made=progress.predictions)
    if progress.predictions < 2 * LATELY:
        return words
    earlier, lately = progress.outcomes[:-LATELY], progress.outcomes[-LATELY:]
    return words + " " + say("predictions-lately", n=LATELY, now=sum(lately), before=sum(earlier) / len(earlier))


def _recalled(progress: Progress) -> str:
    return say("recalled", right=sum(progress.recalled), answered=len(progress.recalled))


def _done(message_id: str, chapter: ChapterProgress) -> str:
    words = say(message_id, passed=chapter.passed, total=len(chapter.statuses))
    return words + say("some-stale", n=chapter.stale) if chapter.stale else words
