"""The results of a run, one JSON file a hand-in: written whole, read with suspicion, checked by a published schema."""

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmlearn_edu._files import write_whole
from mmlearn_edu.grading.texts import clean, cut
from mmlearn_edu.grading.words import say

__all__ = [
    "FORMAT",
    "KIND",
    "RESULT_SCHEMA",
    "Broken",
    "Result",
    "ResultError",
    "Results",
    "problems",
    "read_result",
    "read_results",
    "result_path",
    "unjudged",
    "validate",
    "write_result",
]

FORMAT = 1
KIND = "mmlearn-edu grading result"
RESULT_SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema" / "result-1.json").read_text("utf-8"))
MOST_LETTERS = 20_000  # of one string in a file
_ROUNDING = 1e-6  # of a mark
_ROUNDED_SUM = 0.01  # a sum may be of rounded marks

Result = dict[str, Any]


class ResultError(ValueError):
    """A file holds no valid result; the message says why."""


@dataclass(frozen=True)
class Broken:
    """A file that is named like a result and is none.

    Parameters
    ----------
    path : Path
    words : str
        What is wrong with it.
    """

    path: Path
    words: str


@dataclass(frozen=True)
class Results:
    """What a folder of results holds.

    Parameters
    ----------
    graded : list of dict
        The valid results, by the name of their file.
    broken : list of Broken
        The other files.
    """

    graded: list[Result]
    broken: list[Broken]


def problems(result: object) -> list[str]:
    """Return what is wrong with a result, in words; empty if it is valid.

    The schema is asked first, for the first problem. Then the sums, which no schema can check: nothing scores more than
    it is worth, and the score of the whole is that of its exercises.

    Parameters
    ----------
    result : object
        What a JSON file held.
    """
    from fastjsonschema import JsonSchemaValueException  # only who reads or writes results pays for it

    try:
        checked = _validator()(result)
    except JsonSchemaValueException as error:
        return [_where_and_what(error)]
    return list(_wrong_sums(checked))


def validate(result: object) -> None:
    """Refuse what is no valid result.

    Parameters
    ----------
    result : object

    Raises
    ------
    ResultError
        With the first few problems.
    """
    found = problems(result)
    if found:
        raise ResultError("; ".join(found[:3]) + say("report", "and-more", count=len(found) - 3) * (len(found) > 3))


def result_path(folder: Path, submission: str) -> Path:
    """Return where the result of a hand-in stands.

    Parameters
    ----------
    folder : Path
    submission : str
        Its name, which is safe as the name of a file.
    """
    return folder / f"{submission}.json"


def write_result(result: Result, folder: Path) -> Path:
    """Write one result; a kill at any moment leaves none or the whole.

    What no other reader would take is replaced before (halves of characters), and what is endless is cut.

    Parameters
    ----------
    result : dict
    folder : Path
        Made if it is not there.

    Returns
    -------
    Path

    Raises
    ------
    ResultError
        If it is no valid result.
    OSError
        If it cannot be written.
    """
    result = _tidy(result)
    validate(result)
    folder.mkdir(parents=True, exist_ok=True)
    path = result_path(folder, result["submission"])
    write_whole(path, json.dumps(result, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    return path


def read_result(path: Path) -> Result:
    """Read one result and check it.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ResultError
        If the file cannot be read or holds no valid result.
    """
    try:
        result = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise ResultError(say("report", "cannot-be-read", reason=error.strerror or error)) from None
    except (ValueError, RecursionError) as error:
        raise ResultError(say("report", "no-json", reason=cut(str(error), 200))) from None
    validate(result)
    if result["submission"] != path.stem:
        raise ResultError(say("report", "other-name", other=result["submission"]))
    return result


def read_results(folder: Path) -> Results:
    """Read every result in a folder; one that is broken never hides another.

    Hidden files are left alone, and so is JSON that says it is of another kind.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Results
    """
    found = Results([], [])
    for path in sorted(folder.glob("*.json"), key=lambda path: (path.name.casefold(), path.name)):
        if path.name.startswith(".") or not path.is_file():
            continue
        try:
            found.graded.append(read_result(path))
        except ResultError as error:
            if not _is_of_another_kind(path):
                found.broken.append(Broken(path, str(error)))
    return found


def unjudged(result: Result) -> list[Result]:
    """Return the exercises of a result that nobody could judge; their 0 points are no mark.

    Parameters
    ----------
    result : dict
    """
    return [one for one in result["exercises"] if one["status"] in ("checker problem", "refused")]


def _is_of_another_kind(path: Path) -> bool:
    try:
        kind = json.loads(path.read_text(encoding="utf-8"))["kind"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return False
    return isinstance(kind, str) and kind != KIND


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _tidy(value: Any) -> Any:
    match value:
        case str():
            return clean(cut(value, MOST_LETTERS))
        case dict():
            return {_tidy(name): _tidy(each) for name, each in value.items()}
        case list() | tuple():
            return [_tidy(each) for each in value]
        case _:
            return value


@functools.cache
def _validator() -> Callable[[object], Result]:
    """Compile the schema: twenty times as quick as walking through it. What it uses of 2020-12, drafts before know."""
    from fastjsonschema import compile as compiled

    return compiled(RESULT_SCHEMA)


def _where_and_what(error: Any) -> str:
    _, _, where = error.name.partition(".")
    what = error.message.removeprefix(error.name).strip()
    there = clean(cut(json.dumps(error.value, ensure_ascii=False, default=str), 100))
    return say(
        "report", "invalid", where=cut(where, 100) or say("report", "whole-file"), what=cut(what, 300), there=there
    )


def _wrong_sums(result: Result) -> Iterator[str]:
    exercises = result["exercises"]
    items = [
        (f"{one['id']}, {item['id']}", item["points"], item["earned"]) for one in exercises for item in one["items"]
    ]
    parts = [(one["id"], one["points"], one["score"]) for one in exercises]
    for where, points, score in [*items, *parts, ("score", result["points"], result["score"])]:
        if not score <= points + _ROUNDING:  # NaN is not, either
            yield say("report", "too-many-points", where=where, score=score, points=points)
    total = sum(one["score"] for one in exercises)
    if not abs(total - result["score"]) <= _ROUNDED_SUM:
        yield say("report", "wrong-sum", total=total, score=result["score"])
