"""The marks as a table for a spreadsheet: one row a hand-in, one column an exercise."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from mmlearn_edu.grading.results import Result, unjudged
from mmlearn_edu.grading.texts import one_line

__all__ = ["COLUMNS", "as_text", "exercise_ids", "grades_csv", "percent"]

COLUMNS = ("student", "submission", "origin", "status", "score", "points", "percent")
AFTER = ("look", "isolation", "seed", "message")  # the exercises stand between
_FORMULA = tuple("=+-@＝＋－＠")  # what a spreadsheet may take for the beginning of a formula
_MOST_LETTERS = 500


def grades_csv(results: Sequence[Result], look: Mapping[str, int]) -> str:
    r"""Return the table as text; with its first character, Excel reads the Chinese in it rightly.

    A hand-in that could not be read has no marks at all, not zero points. What a student wrote is text: where it begins
    like a formula, an apostrophe stands before it, and it is one line.

    Parameters
    ----------
    results : sequence of dict
    look : mapping of str to int
        For each submission, how many things a human should look at.

    Returns
    -------
    str
        Lines end with ``"\r\n"``, as RFC 4180 wants.

    References
    ----------
    .. [1] OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    names = exercise_ids(results)
    writer.writerow([*COLUMNS, *map(as_text, names), *AFTER])
    for result in results:
        writer.writerow(_row(result, names, look.get(result["submission"], 0)))
    return "\ufeff" + table.getvalue()


def exercise_ids(results: Iterable[Result]) -> list[str]:
    """Return the ids of all exercises, in the order of the chapter.

    Parameters
    ----------
    results : iterable of dict
    """
    return list(dict.fromkeys(one["id"] for result in results for one in result["exercises"]))


def percent(score: float, points: float) -> float:
    """Return the share of points as 0 to 100, with one digit; 0 where there are none to earn.

    Parameters
    ----------
    score, points : float

    Examples
    --------
    >>> percent(2.0, 3.0)
    66.7
    """
    return round(100 * score / points, 1) if points else 0.0


def as_text(text: str) -> str:
    """Return what a stranger wrote as one line that no spreadsheet takes for a formula.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> as_text("=1+1")
    "'=1+1"
    """
    line = one_line(text, _MOST_LETTERS)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _row(result: Result, names: Sequence[str], look: int) -> list[object]:
    open_ones = unjudged(result)
    scores = {one["id"]: one["score"] for one in result["exercises"] if one not in open_ones}
    words = [result["message"], *(f"{one['id']}: {' '.join(one['notes'])}" for one in open_ones)]
    marks: list[object] = [result["score"], result["points"], percent(result["score"], result["points"])]
    if result["status"] == "unreadable":
        marks = ["", result["points"], ""]
    return [
        *(as_text(result[column]) for column in COLUMNS[:4]),
        *marks,
        *(scores.get(name, "") for name in names),
        look,
        result["isolation"]["level"],
        result["seed"],
        as_text(" ".join(filter(None, words))),
    ]
