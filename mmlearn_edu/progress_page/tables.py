"""What was learnt, every exercise with its status, and the recall questions that are due."""

import html
from datetime import datetime
from typing import Any

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.display import rich
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.summary import ChapterProgress, Due, Progress

__all__ = ["day", "exercises", "learnt", "recall", "table"]

SIGNS = {"passed": "✓", "partly": "◐", "failed": "○", "stale": "↻", "not attempted": "·", "checker problem": "!"}


def learnt(found: Progress) -> str:
    """List the titles of the exercises that were passed, chapter by chapter."""
    parts = []
    for chapter in found.chapters:
        done = [name for name, status in chapter.statuses.items() if status in ("passed", "stale")]
        if done:
            titles = _titles(chapter.id)
            items = "".join(f'<li><span aria-hidden="true">✓</span> {titles[name]}</li>\n' for name in done)
            parts.append(f'<div class="chapter"><h3>{_heading(chapter)}</h3>\n<ul role="list">\n{items}</ul></div>\n')
    return f'<div class="chapters">\n{"".join(parts)}</div>\n' if parts else f"<p>{rich(say('page-learnt-none'))}</p>\n"


def exercises(found: Progress) -> str:
    """Return a table for each chapter: title, status, and the help that was asked for."""
    parts = [f"<p>{rich(say('page-help'))}</p>\n"]
    for chapter in found.chapters:
        if chapter.broken:
            parts.append(f"<p>{rich(chapter.title)}</p>\n")
            continue
        titles = _titles(chapter.id)
        rows = [
            [f"{titles[name]} <code>{html.escape(name)}</code>", _status(status), _help(found, name)]
            for name, status in chapter.statuses.items()
        ]
        head = [say("page-exercise"), say("page-status"), say("page-asked")]
        parts.append(f'<h3 id="in-{chapter.id}">{_heading(chapter)}</h3>\n{table(head, rows, f"in-{chapter.id}")}')
    return "".join(parts)


def recall(found: Progress) -> str:
    """List the questions that are due, when they come, and how they went last."""
    told = f"<p>{rich(found.recall_in_words)}</p>\n" if found.recalled else ""
    if not found.due:
        return f"{told}<p>{rich(say('page-recall-none'))}</p>\n"
    items = "".join(f"<li>{rich(one.prompt)} <em>{rich(_last(one))}</em></li>\n" for one in found.due)
    return f"{told}<p>{rich(say('page-recall-due', chapter=found.due_in))}</p>\n<ol>\n{items}</ol>\n"


def table(head: list[str], rows: list[list[str]], labelled_by: str, roles: bool = False) -> str:
    """Return a table whose columns and rows have headers; the cells are HTML already.

    Where a style shows its rows as blocks, a browser may forget that it is a table: `roles` says so once more.
    """
    names = ("table", "rowgroup", "row", "columnheader", "rowheader", "cell")
    whole, group, row, column, side, cell = (f' role="{name}"' if roles else "" for name in names)
    top = "".join(f'<th scope="col"{column}>{rich(words)}</th>' for words in head)
    body = "".join(
        f'<tr{row}><th scope="row"{side}>{first}</th>{"".join(f"<td{cell}>{each}</td>" for each in rest)}</tr>\n'
        for first, *rest in rows
    )
    return (
        f'<table{whole} aria-labelledby="{labelled_by}">\n<thead{group}><tr{row}>{top}</tr></thead>\n'
        f"<tbody{group}>\n{body}</tbody>\n</table>\n"
    )


def day(seconds: Any) -> str:
    """Return the day of a time stamp, or nothing where a damaged file has no real one."""
    try:
        return datetime.fromtimestamp(seconds).astimezone().date().isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def _titles(chapter: str) -> dict[str, str]:
    return {exercise.id: html.escape(exercise.title or exercise.id) for exercise in registry.exercises(chapter)}


def _heading(chapter: ChapterProgress) -> str:
    return f'<span class="slug">{html.escape(chapter.id)}</span> {html.escape(chapter.title)}'


def _status(status: str) -> str:
    words = say(f"page-is-{status.replace(' ', '-')}") if status in SIGNS else html.escape(status)
    sign = SIGNS.get(status, "?")
    name = status.replace(" ", "-") if status in SIGNS else "unknown"
    return f'<span class="status {name}"><span aria-hidden="true">{sign}</span> {words}</span>'


def _help(found: Progress, exercise: str) -> str:
    count = found.hints.get(exercise, 0)
    parts = [say("page-hints", count=count)] if count else []
    parts += [say("page-solution")] if exercise in found.solutions else []
    return html.escape(say("comma").join(parts))


def _last(question: Due) -> str:
    if question.time is None:
        return say("page-never-asked")
    return say("page-was-right" if question.right else "page-was-wrong", date=day(question.time) or "?")
