"""What the side panel of JupyterLab shows, as plain data with all its words: the panel itself knows no sentence."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import HTML_LANGUAGE, catalogue, language, say
from mmlearn_edu.checks.summary import ChapterProgress, Progress, done, gather

__all__ = ["empty", "facts"]

# A shape for every status, so that colour is never alone.
SIGNS = {"passed": "✓", "partly": "◐", "failed": "✗", "not attempted": "○", "stale": "↻", "checker problem": "!"}


def empty(*notes: str) -> dict[str, Any]:
    """Return a panel without chapters that says `notes`."""
    sentences = catalogue(language())
    words = {name.removeprefix("panel-"): text for name, text in sentences.items() if name.startswith("panel-")}
    spoken = HTML_LANGUAGE[language()]
    return {"language": spoken, "words": words, "notes": list(notes), "chapters": [], "next": None, "kept": []}


def facts(open_cells: Mapping[Path, Sequence[str]]) -> dict[str, Any]:
    """Return everything the panel shows.

    Parameters
    ----------
    open_cells : mapping of Path to sequence of str
        Notebook -> the sources of its code cells as they stand in the editor.

    Returns
    -------
    dict
        ``language`` (for ``lang=``), ``words`` (id -> sentence), ``notes``, ``chapters``, ``next`` (None if there are
        no chapters), ``kept`` (predictions and recall, a sentence each).
    """
    entries, notes = journal.look()
    found = gather(entries, open_cells)
    kept = [found.predictions_in_words, found.recall_in_words]
    if found.due:
        kept.append(say("recall-due", count=len(found.due), chapter=found.due_in))
    chapters = [_chapter(chapter) for chapter in found.chapters]
    return {**empty(*notes), "chapters": chapters, "next": _next(found), "kept": kept}


def _chapter(chapter: ChapterProgress) -> dict[str, Any]:
    """Tell a chapter; of one that cannot be loaded there is nothing but its title, which says so."""
    statuses, works = chapter.statuses, not registry.broken(chapter.id)
    return {
        "id": chapter.id,
        "title": chapter.title,
        "minutes": say("chapter-minutes", minutes=registry.chapter(chapter.id).minutes).strip() if works else "",
        "passed": chapter.passed,
        "total": len(statuses),
        "begun": any(status != "not attempted" for status in statuses.values()),
        "share": say("done", passed=chapter.passed, total=len(statuses)),
        "count": done("done", chapter),
        "exercises": [_exercise(one, statuses[one.id]) for one in registry.exercises(chapter.id)] if works else [],
    }


def _exercise(exercise: Exercise, status: str) -> dict[str, str]:
    """Name an exercise with its status: as a sign, as a word short enough for a margin, and as a sentence."""
    known = status if status in SIGNS else "checker problem"  # of a newer version
    name = known.replace(" ", "-")
    return {
        "id": exercise.id,
        "title": exercise.title or exercise.id,
        "status": name,
        "sign": SIGNS[known],
        "word": say(f"mark-{name}"),
        "spoken": say("mark", id=exercise.id, status=say(f"status-{name}")),
    }


def _next(found: Progress) -> dict[str, str]:
    """Say what comes next, and where that is; when everything is done there is no place to go to."""
    if found.next_exercise is None:
        return {"words": found.next_step}
    chapter, exercise, _ = found.next_exercise
    title = registry.get(exercise).title
    return {"words": found.next_step, "title": title, "chapter": chapter, "exercise": exercise}
