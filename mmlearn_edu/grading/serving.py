"""What a worker of a batch does with a hand-in: read it, have it graded, write the row."""

import gc
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mmlearn_edu.grading.results import ResultError, result_path, write_result
from mmlearn_edu.grading.standing import contents, row, sha256
from mmlearn_edu.grading.submission import UnreadableError, read_submission

__all__ = ["Failed", "Full", "Ready", "Task", "Unfit", "serve"]


@dataclass(frozen=True)
class Task:
    """The hand-in at `place`, for the which time, and if the batch gives it up, why."""

    place: int
    attempt: int = 1
    give_up: str = ""


@dataclass(frozen=True)
class Ready:
    """The worker waits for its first task."""


@dataclass(frozen=True)
class Unfit:
    """There is no grader on this machine, for this chapter, at this level; `words` say why."""

    words: str


@dataclass(frozen=True)
class Failed:
    """Something of ours raised while `task` was graded."""

    task: Task
    words: str


@dataclass(frozen=True)
class Full:
    """A result could not be written, which is not the hand-in's fault; `words` say why."""

    words: str


def serve(
    pipe: Connection,
    slot: int,
    *,
    hand_ins: Sequence[Any],
    make_grader: Callable[..., AbstractContextManager[Any]],
    chapter: str,
    out: Path,
) -> None:
    """Grade one hand-in after the other until the pipe closes; no two living workers have one `slot`."""
    grade = partial(_answer, hand_ins=hand_ins, chapter=chapter, out=out)
    ready = False
    try:
        with make_grader(chapter, slot=slot) as grader:
            gc.freeze()  # all that was imported stays: nobody need look through it again and again
            pipe.send(Ready())
            ready = True
            while True:
                pipe.send(grade(pipe.recv(), grader))
    except (EOFError, BrokenPipeError, ConnectionResetError):  # the batch is over, or is gone
        return
    except Exception as error:
        if ready:
            raise
        pipe.send(Unfit(_words(error)))


def _answer(
    task: Task, grader: Any, *, hand_ins: Sequence[Any], chapter: str, out: Path
) -> dict[str, Any] | Failed | Full:
    try:
        result = _result(task, hand_ins[task.place], grader, chapter)
    except Exception as error:  # a bug of ours costs this hand-in a second try, and nobody else anything
        return Failed(task, _words(error))
    try:
        write_result(result, out)
    except OSError as error:
        return Full(f"{result_path(out, hand_ins[task.place].name)}: {error.strerror or error}")
    except ResultError as error:
        return Failed(task, _words(error))
    return row(result)


def _result(task: Task, hand_in: Any, grader: Any, chapter: str) -> dict[str, Any]:
    data, problem = contents(hand_in)
    if task.give_up:
        result = grader.unreadable(hand_in, task.give_up)
        result["status"] = "stopped"
    elif problem or data is None:
        result = grader.unreadable(hand_in, problem)
    else:
        try:
            result = grader.grade(read_submission(data, hand_in.name, hand_in.student, hand_in.origin, chapter))
        except UnreadableError as error:
            result = grader.unreadable(hand_in, str(error))
    return result | {
        "sha256": sha256(data),
        "look": [*dict.fromkeys([*result["look"], *filter(None, [task.give_up])])],
        "notes": [*dict.fromkeys([*hand_in.notes, *result["notes"]])],
    }


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
