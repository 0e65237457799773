"""What stands in the folder of a run already: which hand-ins are done, which are to grade, which have no place."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmlearn_edu import __version__
from mmlearn_edu.grading.decoding import UnreadableError
from mmlearn_edu.grading.ledger import RUN, Run
from mmlearn_edu.grading.results import Result, ResultError, read_result, result_path
from mmlearn_edu.grading.words import say

__all__ = ["Standing", "contents", "row", "sha256", "standing"]


@dataclass
class Standing:
    """What is there and what is to do.

    Parameters
    ----------
    todo : list of int
        Places of the hand-ins to grade.
    kept : list of dict
        The rows of those that are done.
    in_the_way : list of str
        Names of hand-ins whose place is taken by a file that is not of this run.
    notes : list of str
        What a teacher should know, in words.
    """

    todo: list[int] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def standing(hand_ins: Sequence[Any], out: Path, run: Run) -> Standing:
    """Look at every result that `out` holds."""
    found = Standing()
    for place, hand_in in enumerate(hand_ins):
        path = result_path(out, hand_in.name)
        if not path.exists():
            found.todo.append(place)
        else:
            _weigh(found, place, hand_in, path, run)
    found.notes += _strangers({f"{hand_in.name}.json" for hand_in in hand_ins}, out)
    return found


def _weigh(found: Standing, place: int, hand_in: Any, path: Path, run: Run) -> None:
    try:
        result = read_result(path)
    except ResultError as error:
        found.in_the_way.append(hand_in.name)
        found.notes.append(say("batch", "in-the-way", path=path, reason=error))
        return
    if (result["chapter"], result["seed"]) != (run.chapter, run.seed):
        found.in_the_way.append(hand_in.name)
        found.notes.append(say("batch", "other-run", path=path, chapter=result["chapter"], seed=result["seed"]))
    elif why := _stale(result, hand_in):
        found.todo.append(place)
        found.notes.append(say("batch", why, name=hand_in.name, package=result["package"]))
    else:
        found.kept.append(row(result))


def _stale(result: Result, hand_in: Any) -> str:
    """Return why a result of this run does not stand, as the id of a sentence; "" if it does."""
    if result["package"] != __version__:
        return "other-package"
    if result["status"] == "stopped":
        return "try-again"
    data, problem = contents(hand_in)
    if result["status"] == "unreadable":  # the name may be what was wrong, or who may read it
        same = result["origin"] == hand_in.origin and (data is not None or problem == result["message"])
        return "" if same and sha256(data) == result["sha256"] else "read-again"
    return "" if sha256(data) == result["sha256"] else "changed"


def contents(hand_in: Any) -> tuple[bytes | None, str]:
    """Return what was handed in, None if nobody can read it, and what is wrong with it, "" if nothing is known."""
    try:
        return hand_in.read(), hand_in.problem
    except UnreadableError as error:
        return None, hand_in.problem or str(error)
    except Exception as error:  # whatever an archive raises: it costs this hand-in alone, whose row says it
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        return None, hand_in.problem or say("batch", "no-bytes", origin=hand_in.origin, reason=reason)


def sha256(data: bytes | None) -> str:
    """Return by what the bytes are known again; "" if there are none."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def row(result: Result) -> dict[str, Any]:
    """Return what the summary of a run needs of a result."""
    return {name: result[name] for name in ("submission", "status", "points", "score", "isolation")}


def _strangers(expected: set[str], out: Path) -> list[str]:
    names = sorted({path.name for path in out.glob("[!.]*.json")} - expected - {RUN})
    listed = say("batch", "comma").join(names[:3]) + "..." * (len(names) > 3)
    return [say("batch", "strangers", count=len(names), names=listed)] if names else []
