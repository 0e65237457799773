"""Exercises of one hand-in that are judged in one child: what passes there stands, all else is judged again, alone."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.grading.running import Running
from mmlearn_edu.grading.sandbox import Launched
from mmlearn_edu.grading.sharing import Shared, joined
from mmlearn_edu.grading.suspicion import mentions
from mmlearn_edu.grading.work import Work

if TYPE_CHECKING:
    from mmlearn_edu.grading.judging import Judging

__all__ = ["judge_together"]

Group = list[tuple[Exercise, Shared]]
_SHARE = 1 / 4  # of the hand-in's time, at most, is tried to judge exercises together
_PATIENCE = 2.0  # seconds that a cell or an answer may take among others; alone it has its whole time


def judge_together(judging: "Judging", waiting: Sequence[Exercise]) -> None:
    """Judge in one child what may share it; only what passes, is a mistake with a name, or a choice, stands.

    All else has its say in a child of its own, where no other answer has run.
    """
    deadline = min(judging.deadline, time.monotonic() + _SHARE * judging.grader.limits.submission)
    for launched, group in _groups(judging, waiting):
        _judge_group(judging, launched, group, deadline)


def _judge_group(judging: "Judging", launched: Launched, group: Group, deadline: float) -> None:
    assert judging.plan is not None
    plan, limits = judging.plan, judging.grader.limits
    steps = joined([shared for _, shared in group])
    forbids = sorted({ban for _, shared in group for ban in shared.forbids})
    talk = judging.take_spare(launched)
    running = Running(launched, plan, steps, limits, deadline, starts=1, patience=_PATIENCE, talk=talk)
    stood = False
    try:
        for exercise, _ in group:
            start = time.monotonic()
            work = Work(exercise, running, forbids, judging.grader.in_a_row(exercise))
            verdict = judging.verdict(exercise, work)
            if running.talk is None or time.monotonic() >= running.deadline:
                break
            unread = (running.name_missing or work.name_missing) and plan.is_dynamic()  # alone, all cells are tried
            named = verdict.diagnosis and verdict.items and not unread
            chosen = exercise.kind == "choice" and verdict.items  # who could choose again would try every letter
            if verdict.passed or named or chosen:
                stood = True
                judging.keep(exercise, verdict, time.monotonic() - start)
    finally:
        running.stop()
    if stood:
        judging.runs.update(running.runs)
        judging.events += running.events


def _groups(judging: "Judging", waiting: Sequence[Exercise]) -> Iterator[tuple[Launched, Group]]:
    """Yield those that may share a child; who has nobody to share it with is left out."""
    assert judging.plan is not None
    groups: list[tuple[Launched, Group]] = []
    if any(mentions(judging.theirs())):
        return
    for exercise in waiting:
        seen = judging.grader.seen(exercise)
        if seen is None:
            continue
        shared = Shared(judging.plan, exercise.id, seen)
        launched = judging.grader.sandbox(shared.modules)
        for where, group in groups:
            if where is launched and all(shared.bears(other) for _, other in group):
                group.append((exercise, shared))
                break
        else:
            groups.append((launched, [(exercise, shared)]))
    yield from (one for one in groups if len(one[1]) > 1)
