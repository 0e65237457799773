"""Check an answer, and use it afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mmlearn_edu.checks import fingerprint, journal, registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import Answerer, InPlace, Value
from mmlearn_edu.checks.answers import facts_about, not_judged, plain, value_of
from mmlearn_edu.checks.display import Card, show_now, this_cell
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.guard import guarded
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.source import answer_name, stub_source
from mmlearn_edu.checks.verdict import Verdict

__all__ = ["check", "hints_of", "hints_seen", "last_answer", "use", "verdict_of"]

_MISSING = object()


def check(exercise_id: str, answer: Any = _MISSING) -> Verdict:
    """Judge `answer`, show what was found, and return it.

    Parameters
    ----------
    exercise_id : str
        For instance ``"pca.center"``.
    answer : object
        Your function itself (without brackets), your value, or the widget whose task you did.

    Returns
    -------
    Verdict
        Read ``.status``, ``.passed``, ``.score``, ``.items`` or ``.diagnosis``, or print it.

    Raises
    ------
    LookupError
        If there is no such exercise; the nearest ids are named.
    """
    exercise = registry.get(exercise_id)
    verdict = verdict_of(exercise, answer)
    verdict = replace(verdict, advice=_advice(exercise, verdict), section=_section(exercise, verdict))
    journal.record(
        "check",
        exercise_id,
        status=verdict.status,
        score=verdict.score,
        points=verdict.points,
        version=exercise.version,
        diagnosis=list(verdict.diagnosis),
        code=fingerprint.of_answer(exercise, answer, this_cell()),
        notebook=fingerprint.this_notebook(journal.home().parent),
    )
    _remember(exercise_id, answer, verdict)
    show_now(verdict)
    return verdict


def verdict_of(
    exercise: Exercise, answer: Any, seed: int | None = None, dtype: Any = np.float64, hidden: bool = False
) -> Verdict:
    """Judge `answer` without showing or recording anything; `seed` is drawn afresh unless given.

    With `hidden`, what is kept for grading is run, too.
    """
    seed = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    if answer is _MISSING:
        return plain(exercise, "not attempted")
    try:
        return _judge(exercise, answer, seed, dtype, hidden)
    except Exception as error:  # ours, or an object that raises whatever it is asked: a learner gets no traceback
        return plain(exercise, "checker problem", f"{exercise.id}: {type(error).__name__}")


def _judge(exercise: Exercise, answer: Any, seed: int, dtype: Any, hidden: bool) -> Verdict:
    facts = facts_about(answer, exercise)
    verdict = not_judged(exercise, facts)
    if verdict is not None:
        return verdict
    if not exercise.is_called:
        return judge(exercise, Value(value_of(answer, exercise.kind)), seed, dtype, hidden)
    answerer: Answerer = guarded(adapted(exercise, answer), exercise.time_limit)
    verdict = judge(exercise, answerer, seed, dtype, hidden)
    notes = list(verdict.notes)
    if not verdict.passed and not notes and facts["blank_left"]:
        notes.append(say("blank-left"))
    if isinstance(answerer, InPlace):
        notes.append(say("in-place"))
    return replace(verdict, notes=notes)


def _advice(exercise: Exercise, verdict: Verdict) -> list[str]:
    """Say where to go from here."""
    if verdict.status == "not attempted" and exercise.options:
        return [say("choose"), *(f"{letter}) {text}" for letter, text in exercise.options.items())]
    if verdict.status == "not attempted":
        return [say(_first_step(exercise), id=exercise.id)]
    about, hints = hints_of(exercise, verdict)
    if verdict.passed or not hints:
        return []
    seen = hints_seen(exercise.id, about)
    key = "hint-next" if seen < len(hints) else "hints-done"
    return [say(key, id=exercise.id, level=seen + 1, levels=len(hints))]


def _section(exercise: Exercise, verdict: Verdict) -> tuple[str, ...]:
    """Say which section explains it, to who went wrong."""
    wrong = verdict.status in ("partly", "failed")
    return (registry.chapter_of(exercise.id), *exercise.section) if wrong and exercise.section else ()


def _first_step(exercise: Exercise) -> str:
    """Choose the words for a cell that is still as it came: blanks to fill, a widget to move, or code to mend."""
    if exercise.kind == "widget":
        return "start-widget"
    return "start-here" if "..." in stub_source(exercise) else "start-mend"


def hints_of(exercise: Exercise, verdict: Verdict | None = None) -> tuple[str, Sequence[str]]:
    """Choose the hints for what failed in `verdict` (the last one in this kernel): its key, and the hints.

    The key is that of ``hints_for``: a named mistake, else a kind of problem, else an item; "" for the general ones,
    which come also when the others have all been seen.
    """
    if verdict is None:  # one that did not pass is falsy
        verdict = _ANSWERS.get(exercise.id, (None, None))[1]
    items = verdict.items if verdict is not None else []
    failed = [item for item in items if not item.passed and item.problem != "law-waits"]  # one that waits was not tried
    named = list(verdict.diagnosis) if verdict is not None else []
    for key in (*named, *(item.problem for item in failed), *(item.id for item in failed)):
        own = exercise.hints_for.get(key, ())
        if hints_seen(exercise.id, key) < len(own):
            return key, own
    return "", exercise.hints


def hints_seen(exercise_id: str, about: str = "") -> int:
    """Count the hints that were asked for, of the general ones or of those about something that failed."""
    hints = [entry for entry in journal.read() if entry["event"] == "hint" and entry["id"] == exercise_id]
    return sum(entry.get("about", "") == about for entry in hints)


_ANSWERS: dict[str, tuple[Any, Verdict]] = {}  # what was checked last, in this kernel


def last_answer(exercise_id: str) -> Any:
    """Return what was checked last under this id, or None."""
    return _ANSWERS.get(exercise_id, (None, None))[0]


def _remember(exercise_id: str, answer: Any, verdict: Verdict) -> None:
    _ANSWERS[exercise_id] = (answer, verdict)


def use(exercise_id: str, mine: Any = _MISSING) -> Any:
    """Return your function if it passes, else the workbook's reference, and say which.

    So a later cell runs whether or not the exercise is done.

    Parameters
    ----------
    exercise_id : str
        For instance ``"pca.center"``.
    mine : object
        Your function or value.

    Returns
    -------
    object
        `mine`, or the workbook's own.
    """
    exercise = registry.get(exercise_id)
    if mine is exercise.reference:  # the cell was run again
        show_now(Card(say("use-reference-again", name=answer_name(exercise))))
        return mine
    known, verdict = _ANSWERS.get(exercise_id, (_MISSING, None))
    if verdict is None or known is not mine or not exercise.is_called:  # a dict may have changed since
        verdict = verdict_of(exercise, mine)
        _remember(exercise_id, mine, verdict)
    name = answer_name(exercise)
    if verdict.passed:
        show_now(Card(say("use-yours", name=name), colour="#2e8540"))
        return mine
    why = {"partly": "failed"}.get(verdict.status, verdict.status.replace(" ", "-"))
    show_now(Card(say(f"use-reference-{why}", name=name)))
    return _expected(exercise)


def _expected(exercise: Exercise) -> Any:
    if exercise.is_called:
        return exercise.reference
    (case, *_) = exercise.cases(np.random.default_rng(0), np.float64)
    return exercise.reference(*case.args, **case.kwargs)
