"""Whether what is asked for agrees with what a folder holds: a new run, or the one to go on with."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmlearn_edu.checks import registry
from mmlearn_edu.grading.ledger import RUN, BatchError, Run, digest, stored_run
from mmlearn_edu.grading.words import say

__all__ = ["agree", "check_chapter", "named"]

_SEEDS = 10**12
_RESERVED = {Path(RUN).stem}


def agree(out: Path, wanted: Run, resume: bool) -> tuple[Run, list[str]]:
    """Return the run to do and what to say about it.

    Parameters
    ----------
    out : Path
        Its folder.
    wanted : Run
        What was asked for; an empty chapter and a seed of -1 were left open.
    resume : bool

    Raises
    ------
    BatchError
        If the folder holds another run, or the same and `resume` is not asked for, or other things.
    """
    stored = stored_run(out)
    if stored is None or not (resume or _has_more_than_the_run(out)):
        check_chapter(wanted)
        run = replace(wanted, seed=secrets.randbelow(_SEEDS)) if wanted.seed < 0 else wanted
        return run, [say("batch", "nothing-to-resume", out=out)] if resume else []
    if not resume:
        raise BatchError(say("batch", "holds-a-run", out=out, chapter=stored.chapter, started=stored.started))
    for name, given in _given(wanted).items():
        if given != getattr(stored, name):
            words = say("batch", "differs", option=name, given=given, stored=getattr(stored, name), out=out)
            raise BatchError(words)
    if digest(wanted.exercises or stored.exercises) != stored.exercises_sha256:
        raise BatchError(say("batch", "other-exercises", out=out, folder=wanted.exercises or stored.exercises))
    run = replace(stored, exercises=wanted.exercises or stored.exercises)
    check_chapter(run)
    return run, []


def _has_more_than_the_run(out: Path) -> bool:
    """Say whether there is a result: a run that could not even begin is in nobody's way."""
    return any(path.name != RUN and not path.name.startswith(".") for path in out.iterdir())


def _given(wanted: Run) -> dict[str, Any]:
    given = {"chapter": wanted.chapter or None, "seed": None if wanted.seed < 0 else wanted.seed}
    return {name: value for name, value in (given | {"isolation": wanted.isolation}).items() if value is not None}


def check_chapter(run: Run) -> None:
    """Refuse an unknown chapter; a known one is imported here, once for all workers."""
    if not run.chapter:
        raise BatchError(say("batch", "which-chapter"))
    try:
        with registry.folder(run.exercises):
            registry.exercises(run.chapter)
    except (LookupError, registry.ChapterError, registry.FolderError) as error:
        raise BatchError(str(error.args[0])) from None


def named(hand_ins: Sequence[Any]) -> list[Any]:
    """Return the hand-ins with names that no file of ours has: a student may be called "run"."""
    taken = {hand_in.name for hand_in in hand_ins}
    if len(taken) < len(hand_ins):
        raise ValueError("two hand-ins have one name; names have to be unique, as collect() makes them")
    return [_renamed(hand_in, taken) if hand_in.name.lower() in _RESERVED else hand_in for hand_in in hand_ins]


def _renamed(hand_in: Any, taken: set[str]) -> Any:
    name = f"{hand_in.name}_"
    while name in taken:
        name += "_"
    taken.add(name)
    return replace(hand_in, name=name)
