"""What a run says at its end: for a person, and as plain data for a program."""

from pathlib import Path
from typing import Any

from mmlearn_edu.grading.outcome import Outcome
from mmlearn_edu.grading.words import say

__all__ = ["as_data", "as_lines", "isolation_lines"]

_STATUSES = ("graded", "unreadable", "stopped")


def as_lines(outcome: Outcome) -> list[str]:
    """Return the summary of a run, a sentence a line."""
    counts = {status: outcome.statuses.get(status, 0) for status in _STATUSES}
    files = "files-one" if outcome.files == outcome.rows == 1 else "files"
    lines = [*outcome.notes, say("batch", files, files=outcome.files, rows=outcome.rows, **counts)]
    if outcome.kept:
        lines.append(say("batch", "kept", count=outcome.kept))
    if outcome.mean is not None:
        lines.append(say("batch", "mean", mean=outcome.mean, points=outcome.points))
    if outcome.look:
        lines.append(say("batch", "look-one") if outcome.look == 1 else say("batch", "look", count=outcome.look))
    for sentence, names in (("given-up-names", outcome.given_up), ("without-row", outcome.without_row)):
        if names:
            lines.append(say("batch", sentence, names=say("batch", "comma").join(names)))
    for level, gaps in outcome.levels.items():
        lines.append(say("batch", "isolation", level=level))
        lines += [say("batch", "not-defended", what=gap) for gap in gaps]
    lines.append(say("batch", "seed", seed=outcome.run.seed))
    return lines + [_told(path) for path in outcome.reports]


def _told(path: Path) -> str:
    if path.is_dir():
        return say("batch", "pages", folder=path)
    return say("batch", "for-moodle" if path.stem.endswith("_for_moodle") else "report", path=path)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "ok": outcome.whole,
        "out": str(outcome.out),
        "chapter": outcome.run.chapter,
        "seed": outcome.run.seed,
        "files": outcome.files,
        "rows": outcome.rows,
        "kept": outcome.kept,
        "statuses": outcome.statuses,
        "mean": None if outcome.mean is None else round(outcome.mean, 6),
        "points": outcome.points,
        "look": outcome.look,
        "given_up": outcome.given_up,
        "without_row": outcome.without_row,
        "isolation": [{"level": level, "does_not_defend": gaps} for level, gaps in outcome.levels.items()],
        "notes": outcome.notes,
        "reports": [str(path) for path in outcome.reports],
    }


def isolation_lines(levels: list[dict[str, Any]]) -> list[str]:
    """Return which levels a machine offers; each has a name, what is missing, and what it does and does not defend."""
    lines = [say("batch", "levels")]
    for level in levels:
        what = level["missing"] or say("batch", "offered")
        lines.append(f"{level['level']}{say('batch', 'colon')}{what}")
        if not level["missing"]:
            lines += [say("batch", "defended", what=words) for words in level["defends"]]
            lines += [say("batch", "not-defended", what=words) for words in level["does_not_defend"]]
    return lines
