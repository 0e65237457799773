"""Progress in one table: what is done, what was predicted rightly, what to do next."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mmlearn_edu.checks import fingerprint, journal, registry
from mmlearn_edu.checks.display import STYLE
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import HTML_LANGUAGE, language, say
from mmlearn_edu.checks.recall import pending

__all__ = ["ChapterProgress", "Due", "Progress", "done", "gather", "progress"]

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
    def broken(self) -> bool:
        """Whether the chapter could not be loaded; its title then says why."""
        return not self.statuses

    @property
    def done(self) -> bool:
        """Whether every exercise is passed."""
        return self.passed == len(self.statuses)


@dataclass(frozen=True)
class Due:
    """A recall question that a chapter will ask, and when it was answered last (seconds since 1970), if ever."""

    id: str
    prompt: str
    time: float | None = None
    right: bool = False


@dataclass(frozen=True)
class Progress:
    """All chapters, the predictions and recall answers in the order they were made, and the next step."""

    chapters: list[ChapterProgress]
    predicted: list[dict[str, Any]]  # the first outcome of each prediction, as the progress file has it
    recalled: list[bool]
    due: list[Due] = field(default_factory=list)
    due_in: str = ""  # the chapter whose recall cell asks them
    hints: dict[str, int] = field(default_factory=dict)  # how many were asked for, by exercise
    solutions: set[str] = field(default_factory=set)  # exercises whose solution was shown

    @property
    def outcomes(self) -> list[bool]:
        """Which predictions came true."""
        return [bool(entry.get("right")) for entry in self.predicted]

    @property
    def predictions(self) -> int:
        """How many predictions met their result."""
        return len(self.outcomes)

    @property
    def predictions_right(self) -> int:
        """How many of them came true."""
        return sum(self.outcomes)

    @property
    def predictions_in_words(self) -> str:
        """How many predictions came true, and once there are enough of them, how many of the latest did."""
        words = say("predictions-true", right=self.predictions_right, made=self.predictions)
        if self.predictions < 2 * LATELY:
            return words
        earlier, lately = self.outcomes[:-LATELY], self.outcomes[-LATELY:]
        return words + " " + say("predictions-lately", n=LATELY, now=sum(lately), before=sum(earlier) / len(earlier))

    @property
    def recall_in_words(self) -> str:
        """How many recall answers were right."""
        return say("recalled", right=sum(self.recalled), answered=len(self.recalled))

    @property
    def next_chapter(self) -> str:
        """The first chapter that is not done; the last one when all are."""
        return next((chapter.id for chapter in self.chapters if not chapter.done), self.chapters[-1].id)

    @property
    def next_exercise(self) -> tuple[str, str, str] | None:
        """The first exercise that is not passed: chapter, exercise, status; None when all are."""
        for chapter in self.chapters:
            for exercise, status in chapter.statuses.items():
                if status != "passed":
                    return chapter.id, exercise, status
        return None

    @property
    def next_step(self) -> str:
        """What to do next, in words."""
        if self.next_exercise is None:
            return say("all-passed")
        chapter, exercise, status = self.next_exercise
        return say("next-stale" if status == "stale" else "next", exercise=exercise, chapter=chapter)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        chapters = [{"id": c.id, "title": c.title, "passed": c.passed, "exercises": c.statuses} for c in self.chapters]
        predicted = {"made": self.predictions, "right": self.predictions_right, "over_time": self.outcomes}
        recalled = {"answered": len(self.recalled), "right": sum(self.recalled)}
        due = {"chapter": self.due_in, "questions": [question.id for question in self.due]}
        return {
            "chapters": chapters,
            "predictions": predicted,
            "recall": recalled,
            "recall_due": due,
            "next": self.next_step,
        }

    def __str__(self) -> str:
        lines = [f"{c.id:<18} {_bar(c)} {done('done-exercises', c)}   {c.title}" for c in self.chapters]
        return "\n".join([*lines, self.predictions_in_words, self.recall_in_words, self.next_step])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(c.id)}</th><td style="text-align:left">'
            f"{html.escape(c.title)}</td><td>{_bar(c)}</td><td>{done('done', c)}</td></tr>"
            for c in self.chapters
        )
        names = ("head-chapter", "head-title", "head-done", "head-exercises")
        head = f"<tr>{''.join(f'<th>{say(name)}</th>' for name in names)}</tr>"
        words = "".join(f"<div>{html.escape(line)}</div>" for line in (self.predictions_in_words, self.recall_in_words))
        words += f"<div><strong>{html.escape(self.next_step)}</strong></div>"
        spoken = HTML_LANGUAGE[language()]
        return f'<div role="status" lang="{spoken}" style="{STYLE}"><table>{head}{rows}</table>{words}</div>'


def progress() -> Progress:
    """Read the progress file: chapters, exercises, predictions, recall, and what to do next.

    An exercise that passed is stale once its code in the notebook where it passed (where that is not known, in the
    chapter beside the progress file) is another than the one that passed. JupyterLab saves the notebook every two
    minutes, and with Ctrl S.

    Returns
    -------
    Progress
        Printed, or as the last line of a cell, it is a table.
    """
    return gather(journal.read(), {})


def gather(entries: Sequence[dict[str, Any]], open_cells: Mapping[Path, Sequence[str]]) -> Progress:
    """Sum up the progress file, with notebooks as an editor holds them: what it shows may not be saved yet.

    Parameters
    ----------
    entries : sequence of dict
        The records of the progress file, as `journal.read` gives them.
    open_cells : mapping of Path to sequence of str
        Notebook -> the sources of its code cells; others are read from the disk.

    Returns
    -------
    Progress
    """
    latest: dict[str, str] = {}
    passed: dict[str, dict[str, Any]] = {}  # the record of the last check that passed
    outcomes: dict[str, dict[str, Any]] = {}
    marked: list[bool] = []
    hints: Counter[str] = Counter()
    solutions: set[str] = set()
    for entry in entries:
        match entry["event"]:
            case "check":
                latest[entry["id"]] = str(entry.get("status"))
                if entry.get("status") == "passed":
                    passed[entry["id"]] = entry
            case "outcome":
                outcomes.setdefault(entry["id"], entry)
            case "recall":
                marked.append(bool(entry.get("right")))
            case "hint":
                hints[entry["id"]] += 1
            case "solution":
                solutions.add(entry["id"])
    chapters = [_chapter(slug, latest, passed, open_cells) for slug in registry.chapter_ids()]
    found = Progress(chapters, list(outcomes.values()), marked, hints=hints, solutions=solutions)
    return _with_due(found, entries)


def _with_due(found: Progress, entries: Sequence[dict[str, Any]]) -> Progress:
    """Add the recall questions of the first chapter, from the next one on, that has not asked its own yet."""
    answered = {entry["id"]: entry for entry in entries if entry["event"] == "recall"}
    ids = registry.chapter_ids()
    for slug in ids[ids.index(found.next_chapter) :]:
        questions = pending(slug, entries)
        if questions:
            last = [answered.get(question.id, {}) for question in questions]
            due = [
                Due(question.id, question.prompt, entry.get("time"), bool(entry.get("right")))
                for question, entry in zip(questions, last, strict=True)
            ]
            return replace(found, due=due, due_in=slug)
    return found


def _chapter(
    slug: str,
    latest: Mapping[str, str],
    passed: Mapping[str, dict[str, Any]],
    open_cells: Mapping[Path, Sequence[str]],
) -> ChapterProgress:
    """Gather the statuses of a chapter; a later experiment does not take a pass away, a changed cell does."""
    problem = registry.broken(slug)
    if problem:
        return ChapterProgress(slug, problem, {})
    statuses = {}
    for exercise in registry.exercises(slug):
        status = latest.get(exercise.id, "not attempted")
        if exercise.id in passed:
            status = "stale" if _is_stale(exercise, passed[exercise.id], slug, open_cells) else "passed"
        statuses[exercise.id] = status
    return ChapterProgress(slug, registry.chapter(slug).title, statuses)


def _is_stale(
    exercise: Exercise, entry: Mapping[str, Any], slug: str, open_cells: Mapping[Path, Sequence[str]]
) -> bool:
    """Whether the notebook where the answer passed, as it is open or else saved, holds another one, if it is known."""
    code, home = str(entry.get("code", "")), journal.home()
    if not code or home.name != ".mmlearn":
        return False
    own = home.parent / str(entry.get("notebook", ""))
    file = own if own.is_file() else home.parent / f"{slug}.ipynb"
    if file in open_cells:
        now = fingerprint.of_cells(exercise, open_cells[file])
    else:
        now = fingerprint.of_notebook(exercise, file)
    return bool(now) and now != code


def _bar(chapter: ChapterProgress, width: int = 10) -> str:
    full = round(width * chapter.passed / max(1, len(chapter.statuses)))
    return "█" * full + "░" * (width - full)


def done(message_id: str, chapter: ChapterProgress) -> str:
    """Say how many exercises of a chapter are passed, and how many were changed since."""
    words = say(message_id, passed=chapter.passed, total=len(chapter.statuses))
    return words + say("some-stale", n=chapter.stale) if chapter.stale else words
