"""A class: every hand-in gets its row, whatever happens on the way."""

import csv
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mmlearn_edu.grading.agreeing import agree, check_chapter, named
from mmlearn_edu.grading.handing_out import BatchStoppedError, hand_out
from mmlearn_edu.grading.ledger import BatchError, Run, begin, digest, locked, stored_run
from mmlearn_edu.grading.outcome import Outcome, Progress
from mmlearn_edu.grading.report import write_reports
from mmlearn_edu.grading.serving import serve
from mmlearn_edu.grading.standing import standing
from mmlearn_edu.grading.words import say
from mmlearn_edu.grading.workers import Workers, can_fork

__all__ = ["BatchError", "BatchStoppedError", "Outcome", "Progress", "grade_class"]

MARGIN = 30.0  # seconds over the limit of a whole submission after which a worker is taken for lost


def grade_class(
    hand_ins: Sequence[Any],
    chapter: str | None,
    out: str | os.PathLike[str],
    *,
    seed: int | None = None,
    jobs: int | None = None,
    resume: bool = False,
    isolation: str | None = None,
    exercises: str | os.PathLike[str] | None = None,
    limits: Any = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    grader: Callable[..., Any] | None = None,
) -> Outcome:
    """Grade every hand-in, each in one of `jobs` processes; write its result as soon as it is there, then the reports.

    Parameters
    ----------
    hand_ins : sequence of HandIn
        As :func:`mmlearn_edu.grading.collect.collect` finds them.
    chapter : str or None
        Slug of the chapter; None takes that of the run to resume.
    out : path
        The folder of the results: new or empty, or with `resume`, that of a run that was interrupted.
    seed : int, default=None
        All inputs are drawn from it; the same seed gives the same marks, whatever `jobs`, order and interruptions.
        None draws one, and when resuming takes that of the run.
    jobs : int, default=None
        How many processes; None is one for each core this process may use.
    resume : bool, default=False
        Keep the results of the same run and the same bytes, grade the rest.
    isolation : {"bubblewrap", "namespaces", "processes"} or None
        The level to insist on; None takes the best there is.
    exercises : path or None
        A folder with a teacher's own exercises.
    limits : Limits, default=None
        What a hand-in may use; None is the grader's own.
    on_progress : callable, optional
        Called with a `Progress` after every hand-in, and twice a second while waiting.
    grader : callable, default=None
        What makes a grader; None is :class:`mmlearn_edu.grading.engine.Grader`.

    Returns
    -------
    Outcome

    Raises
    ------
    BatchError
        If the run cannot begin: the folder holds other things, the seed is another one, no sandbox works here.
    BatchStoppedError
        If it cannot go on, as on a full disk. What is graded is kept.
    """
    if not can_fork():
        raise BatchError(say("batch", "no-fork"))
    out, folder = Path(out).expanduser().resolve(), None if exercises is None else str(Path(exercises).resolve())
    wanted = Run(chapter or "", -1 if seed is None else _natural(seed, 0, "seed"), isolation, folder, digest(folder))
    jobs = len(os.sched_getaffinity(0)) if jobs is None else _natural(jobs, 1, "jobs")
    grader, limits = _tools(grader, limits, isolation)
    if stored_run(out) is None or chapter is not None:  # looked at before anything is made or written there
        check_chapter(wanted)
    if not hand_ins:
        raise BatchError(say("batch", "nothing"))
    with locked(out) as scratch:
        run, notes = agree(out, wanted, resume)
        make = partial(grader, seed=run.seed, isolation=run.isolation, exercises=run.exercises, limits=limits)
        outcome = Outcome(out, run, len(hand_ins), notes=notes)
        with_workers = partial(Workers, size=jobs, silence=limits.submission + MARGIN, scratch=scratch)
        return _run(named(hand_ins), outcome, make, with_workers, on_progress)


def _run(
    hand_ins: Sequence[Any],
    outcome: Outcome,
    make: Callable[..., Any],
    with_workers: Callable[..., Workers],
    on_progress: Callable[[Progress], None],
) -> Outcome:
    out, run = outcome.out, outcome.run
    begin(out, run)
    found = standing(hand_ins, out, run)
    outcome.notes += found.notes
    outcome.without_row += found.in_the_way
    for row in found.kept:
        outcome.keep(row)
    work = partial(serve, hand_ins=hand_ins, make_grader=make, chapter=run.chapter, out=out)
    with with_workers(work) as workers:
        hand_out(found.todo, [hand_in.name for hand_in in hand_ins], workers, outcome, on_progress)
    try:
        outcome.reports = write_reports(out)
        outcome.look = _to_look_at(out / "grades.csv")
    except OSError as error:
        reason = f"{error.filename or out}: {error.strerror or error}"
        raise BatchStoppedError(say("batch", "no-reports", reason=reason)) from None
    return outcome


def _to_look_at(grades: Path) -> int:
    """Count the rows that need a human look, copies among them, as the reports do."""
    with grades.open(encoding="utf-8-sig", newline="") as file:
        return sum(row["look"] != "0" for row in csv.DictReader(file))


def _tools(grader: Callable[..., Any] | None, limits: Any, isolation: str | None) -> tuple[Callable[..., Any], Any]:
    """Return the grader and its limits, after trying here, once for all workers, whether there is a sandbox."""
    if grader is None:
        from mmlearn_edu.grading.engine import Grader
        from mmlearn_edu.grading.sandbox import IsolationError, Limits, choose

        try:
            choose(isolation)
        except IsolationError as error:
            raise BatchError(str(error)) from None
        grader, limits = Grader, limits or Limits()
    return grader, limits


def _natural(number: int, least: int, name: str) -> int:
    if number < least:
        raise BatchError(say("batch", "too-small", name=name, number=number, least=least))
    return number
