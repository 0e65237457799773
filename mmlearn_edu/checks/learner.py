"""What a learner calls: check an answer, ask for a hint, see a solution, start again, use what works."""

import difflib
import functools
import html
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.answerer import Answerer, InPlace, Value
from mmlearn_edu.checks.comparators import describe
from mmlearn_edu.checks.display import PLAIN, Card, in_notebook, show_now
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.guard import guarded
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.resolve import library_use
from mmlearn_edu.checks.source import answer_name, has_blank, is_stub, solution_source, stub_source
from mmlearn_edu.checks.verdict import Verdict

__all__ = ["check", "hint", "reset", "show_source", "solution", "use", "verdict_of"]

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
    verdict = replace(verdict, advice=_advice(exercise, verdict))
    journal.record(
        "check",
        exercise_id,
        status=verdict.status,
        score=verdict.score,
        points=verdict.points,
        version=exercise.version,
        diagnosis=list(verdict.diagnosis),
    )
    _remember(exercise_id, answer, verdict)
    show_now(verdict)
    return verdict


def verdict_of(exercise: Exercise, answer: Any, seed: int | None = None, dtype: Any = np.float64) -> Verdict:
    """Judge `answer` without showing or recording anything; `seed` is drawn afresh unless given."""
    seed = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    if answer is _MISSING:
        return _plain(exercise, "not attempted")
    if exercise.kind == "function":
        return _judge_function(exercise, answer, seed, dtype)
    return _judge_value(exercise, answer, seed, dtype)


def _judge_function(exercise: Exercise, answer: Any, seed: int, dtype: Any) -> Verdict:
    if answer is Ellipsis or is_stub(exercise, answer):
        return _plain(exercise, "not attempted")
    if not callable(answer):
        name = answer_name(exercise)
        key = "called" if isinstance(answer, np.ndarray | list | tuple | float) else "not-callable"
        return _plain(exercise, "failed", say(key, id=exercise.id, name=name, actual=describe(answer)))
    used = library_use(answer, exercise.forbids, exercise.id)
    if used:
        return _plain(exercise, "failed", say("uses-library", name=used), diagnosis=("uses-library",))
    answerer: Answerer = guarded(answer, exercise.time_limit)
    verdict = judge(exercise, answerer, seed, dtype)
    notes = list(verdict.notes)
    if not verdict.passed and not notes and has_blank(answer):
        notes.append(say("blank-left"))
    if isinstance(answerer, InPlace):
        notes.append(say("in-place"))
    return replace(verdict, notes=notes)


def _judge_value(exercise: Exercise, answer: Any, seed: int, dtype: Any) -> Verdict:
    if exercise.kind == "widget" and hasattr(answer, "answer"):
        answer = answer.answer
        if answer is None:
            return _plain(exercise, "not attempted")
    if _is_blank(answer):
        return _plain(exercise, "not attempted")
    return judge(exercise, Value(answer), seed, dtype)


def _is_blank(answer: Any, depth: int = 3) -> bool:
    """Whether nothing was filled in: ``...`` alone, or in every place of a dict, list or tuple."""
    if answer is Ellipsis or depth == 0:
        return answer is Ellipsis
    parts = list(answer.values()) if isinstance(answer, dict) else answer
    return isinstance(parts, list | tuple) and len(parts) > 0 and all(_is_blank(part, depth - 1) for part in parts)


def _plain(exercise: Exercise, status: str, *notes: str, diagnosis: tuple[str, ...] = ()) -> Verdict:
    return Verdict(exercise.id, status, exercise.points, notes=notes, diagnosis=diagnosis, version=exercise.version)


def _advice(exercise: Exercise, verdict: Verdict) -> list[str]:
    """Say where to go from here."""
    if verdict.status == "not attempted" and exercise.options:
        return [say("choose"), *(f"{letter}) {text}" for letter, text in exercise.options.items())]
    if verdict.status == "not attempted":
        return [say(_first_step(exercise), id=exercise.id)]
    if verdict.passed or not exercise.hints:
        return []
    seen = _hints_seen(exercise.id)
    key = "hint-next" if seen < len(exercise.hints) else "hints-done"
    return [say(key, id=exercise.id, level=seen + 1, levels=len(exercise.hints))]


def _first_step(exercise: Exercise) -> str:
    """Choose the words for a cell that is still as it came: blanks to fill, a widget to move, or code to mend."""
    if exercise.kind == "widget":
        return "start-widget"
    return "start-here" if "..." in stub_source(exercise) else "start-mend"


# Hints and solutions


def hint(exercise_id: str) -> None:
    """Show the next hint: where to look, then what to do, then a skeleton. Asking is recorded, never punished."""
    exercise = registry.get(exercise_id)
    if not exercise.hints:
        show_now(Card(f"There is no hint for {exercise_id}.", exercise.task))
        return
    level = min(_hints_seen(exercise_id), len(exercise.hints) - 1)
    journal.record("hint", exercise_id, level=level + 1)
    title = f"Hint {level + 1} of {len(exercise.hints)} for {exercise_id}"
    words = exercise.hints[level]
    show_now(Card(title, code=words) if "\n" in words else Card(title, words))


def _hints_seen(exercise_id: str) -> int:
    return sum(1 for entry in journal.read() if entry["event"] == "hint" and entry["id"] == exercise_id)


def solution(exercise_id: str, now: bool = False) -> None:
    """Show one solution beside your own code; before a first attempt only with ``now=True``."""
    exercise = registry.get(exercise_id)
    tried = any(
        entry["event"] == "check" and entry["id"] == exercise_id and entry.get("status") != "not attempted"
        for entry in journal.read()
    )
    if not (tried or now):
        show_now(Card(f"{exercise_id}", say("solution-unasked", id=exercise_id)))
        return
    journal.record("solution", exercise_id)
    theirs = _source_of(_ANSWERS.get(exercise_id, (None, None))[0]) or stub_source(exercise)
    ours = solution_source(exercise)
    lines = [line for line in difflib.ndiff(theirs.splitlines(), ours.splitlines()) if not line.startswith("?")]
    show_now(Card(say("solution-title"), code="\n".join(lines), rich=_coloured(lines)))


def _source_of(answer: Any) -> str:
    try:
        return inspect.getsource(answer)
    except (OSError, TypeError):  # a value, or a function whose cell is gone
        return ""


def _coloured(lines: list[str]) -> str:
    """Mark lines to remove and to add by sign and colour."""
    tints = {"-": "rgba(197,48,48,.18)", "+": "rgba(46,133,64,.22)"}
    rows = "".join(
        f'<span style="display:block;background:{tints.get(line[:1], "transparent")}">{html.escape(line) or " "}</span>'
        for line in lines
    )
    return f'<pre style="overflow-x:auto;{PLAIN}">{rows}</pre>'


def reset(exercise_id: str) -> None:
    """Put a fresh stub into a new cell below; what you wrote stays where it is."""
    exercise = registry.get(exercise_id)
    stub = f'{stub_source(exercise)}\n\ncheck("{exercise.id}", {answer_name(exercise)})'
    journal.record("reset", exercise_id)
    if in_notebook():
        from IPython import get_ipython

        get_ipython().set_next_input(stub)
        show_now(Card(say("reset-done")))
    else:
        show_now(Card(say("reset-text"), code=stub))


# Using what was written

_ANSWERS: dict[str, tuple[Any, Verdict]] = {}


def _remember(exercise_id: str, answer: Any, verdict: Verdict) -> None:
    _ANSWERS[exercise_id] = (answer, verdict)


def use(exercise_id: str, mine: Any = _MISSING) -> Any:
    """Return your function if it passes, else the workbook's reference, and say which.

    So a later cell runs whether or not the exercise is done.
    """
    exercise = registry.get(exercise_id)
    known, verdict = _ANSWERS.get(exercise_id, (_MISSING, None))
    if verdict is None or known is not mine:
        verdict = verdict_of(exercise, mine)
        _remember(exercise_id, mine, verdict)
    name = answer_name(exercise)
    if verdict.passed:
        show_now(Card(say("use-yours", name=name), colour="#2e8540"))
        return mine
    why = {"not attempted": "is not written yet", "checker problem": "could not be checked"}.get(
        verdict.status, "does not pass yet"
    )
    show_now(Card(say("use-reference", name=name, why=why)))
    return _expected(exercise)


def _expected(exercise: Exercise) -> Any:
    if exercise.kind == "function":
        return exercise.reference
    (case, *_) = exercise.cases(np.random.default_rng(0), np.float64)
    return exercise.reference(*case.args, **case.kwargs)


def show_source(thing: Callable[..., Any] | type) -> None:
    """Show the source of a function or class of the package: no black box."""
    target = inspect.unwrap(thing) if callable(thing) else thing
    target = target.func if isinstance(target, functools.partial) else target
    name = f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', type(thing).__name__)}"
    try:
        source = inspect.getsource(target)
    except (OSError, TypeError):
        why = "compiled, or not a function or class"
        show_now(Card(say("no-source", name=name, why=why)))
        return
    show_now(Card(name, code=source, rich=_highlighted(source)))


def _highlighted(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    body = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<div class="highlight"><pre style="overflow-x:auto;{PLAIN}">{body}</pre></div>'
