"""What an exported notebook calls to get marks: the one judge, beside the student's code, hidden cases included."""

import contextlib
import io
import os
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from mmlearn_edu.checks import Verdict, registry
from mmlearn_edu.checks.display import show_now
from mmlearn_edu.checks.feedback import as_text, named, row_name
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.messages import say as say_check

__all__ = ["example_lines", "item", "judged", "marks", "seed_of", "speaking"]

_LAST: dict[str, tuple[Any, Verdict]] = {}  # exercise -> the answer judged last, and what was found
_KNOWN: set[str] = set()  # folders of a teacher's own exercises


def marks(
    exercise_id: str, answer: Any = ..., *, seed: int = 0, language: str = "en", exercises: str | None = None
) -> float:
    """Judge `answer` with everything that is kept for grading, show what was found, and return the points.

    nbgrader takes a number at the end of a cell for partial credit.

    Parameters
    ----------
    exercise_id : str
        For instance ``"pca.center"``.
    answer : object, default=...
        The student's function, value or widget; ``...`` is no answer.
    seed : int, default=0
        The same seed and answer give the same marks.
    language : {"en", "zh"}, default="en"
        Of what the student reads.
    exercises : str, default=None
        The folder of a teacher's own exercises, seen from the current folder.

    Returns
    -------
    float
        Between 0 and the points of the exercise.

    Raises
    ------
    LookupError
        If there is no such exercise.

    Examples
    --------
    >>> marks("pca.center", lambda X: X - X.mean(axis=0))  # doctest: +ELLIPSIS
    ✔ pca.center: ...
    1.0
    """
    _know(exercises)
    verdict = judged(exercise_id, answer, seed, language)
    with speaking(language):
        show_now(verdict)
    return min(float(verdict.score), float(verdict.points))  # 2.000001 of 2 points would stop nbgrader


def item(
    exercise_id: str, answer: Any, number: int, *, seed: int = 0, language: str = "en", exercises: str | None = None
) -> None:
    """Do nothing if the item `number` of the verdict is right, else raise its words: what otter calls a failed test.

    Parameters
    ----------
    exercise_id : str
        For instance ``"pca.center"``.
    answer : object
        The student's function, value or widget; ``...`` is no answer. It is judged once for all its items.
    number : int
        From 1, in the order of the verdict.
    seed : int, default=0
        The same seed and answer give the same marks.
    language : {"en", "zh"}, default="en"
        Of what the student reads.
    exercises : str, default=None
        The folder of a teacher's own exercises, seen from the current folder.

    Raises
    ------
    AssertionError
        If the item did not earn all its points: the named mistake, what went wrong, and the smallest example.

    Examples
    --------
    >>> item("pca.center", lambda X: X - X.mean(axis=0), 1)
    """
    _know(exercises)
    known, verdict = _LAST.get(exercise_id, (None, None))
    if verdict is None or known is not answer:
        verdict = judged(exercise_id, answer, seed, language)
        _LAST[exercise_id] = (answer, verdict)
    if number <= len(verdict.items) and verdict.items[number - 1].passed:
        return
    with speaking(language):
        raise AssertionError(_words(verdict, number)) from None


def _know(exercises: str | None) -> None:
    """Make a teacher's own exercises known, once."""
    if exercises is not None and exercises not in _KNOWN:
        registry.add_folder(exercises)
        _KNOWN.add(exercises)


def judged(exercise_id: str, answer: Any, seed: int, language: str) -> Verdict:
    """Return the verdict on inputs that are the same for every student of this seed; nothing goes to stderr.

    nbgrader gives no points to a cell that wrote to stderr, and a warning of ours is no student's fault.
    """
    with speaking(language), contextlib.redirect_stderr(io.StringIO()):
        exercise = registry.get(exercise_id)  # its own words are in a language, too
        return verdict_of(exercise, answer, seed_of(exercise_id, seed), hidden=True)


def seed_of(exercise_id: str, seed: int) -> int:
    """Return the seed of one exercise in a run of `seed`."""
    return int(np.random.SeedSequence([seed, zlib.crc32(exercise_id.encode())]).generate_state(1)[0])


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak the language of the export, whatever the machine that grades speaks."""
    before = os.environ.get("MMLEARN_LANG")
    os.environ["MMLEARN_LANG"] = language
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("MMLEARN_LANG", None)
        else:
            os.environ["MMLEARN_LANG"] = before


def example_lines(example: Mapping[str, str]) -> list[str]:
    """Say a counterexample in lines: what went in, what came out, what was expected."""
    return [f"  {row_name(name)}{say_check('colon')}{_indented(text)}" for name, text in example.items()]


def _indented(text: str) -> str:
    return text if "\n" not in text else "".join(f"\n      {line}" for line in text.splitlines())


def _words(verdict: Verdict, number: int) -> str:
    """Say why an item earned nothing: the named mistakes, then its own words; an example at the first of its kind."""
    if number > len(verdict.items):  # judged as a whole: not attempted, the library's own function, ...
        return as_text(verdict)
    failed = verdict.items[number - 1]
    lines = [f"→ {note}{f' [{name}]' if name else ''}" for note, name in named(verdict)]
    lines.append(f"{failed.name}{say_check('colon')}{failed.message}")
    alike = [one for one in verdict.items[: number - 1] if one.problem == failed.problem]
    return "\n".join(lines if alike else [*lines, *example_lines(failed.example)])
