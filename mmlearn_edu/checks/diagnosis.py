"""Naming a mistake: a wrong implementation that does the same on every call is what the learner did."""

from collections.abc import Sequence

from mmlearn_edu.checks.answerer import Outcome, Raised, Returned
from mmlearn_edu.checks.comparators import EachKey
from mmlearn_edu.checks.comparators.kinds import wordless
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.exercise import Case, Exercise, Mistake
from mmlearn_edu.checks.problems import Asked

__all__ = ["diagnose"]

_ON_PURPOSE = ("AssertionError", "Exception")  # nobody meets these by accident: their words are the learner's own


def diagnose(drawn: Drawn, asked: Sequence[Asked]) -> list[Mistake]:
    """Return the named mistakes that the answer makes, in the order of the exercise."""
    with wordless():
        return [mistake for mistake in drawn.exercise.mistakes if _makes(drawn, mistake, asked)]


def _makes(drawn: Drawn, mistake: Mistake, asked: Sequence[Asked]) -> bool:
    """Whether the answer does what `mistake` does, on every call, and is wrong in at least one of them."""
    if isinstance(drawn.exercise.compare, EachKey) and len(asked) == 1:
        return _shares_a_wrong_key(drawn, mistake, asked[0])
    for one in asked:
        theirs = drawn.outcome(mistake.function, one.case)
        if not _same(drawn.exercise, one.case, theirs, one.outcome):
            return False
    return True


def _same(exercise: Exercise, case: Case, theirs: Outcome, outcome: Outcome) -> bool:
    if isinstance(theirs, Returned) and isinstance(outcome, Returned):
        if theirs.changed_input != outcome.changed_input:
            return False
        if theirs.value is None or outcome.value is None:
            return theirs.value is None and outcome.value is None
        if case.raises is not None and isinstance(theirs.value, str) and isinstance(outcome.value, str):
            return True  # a sentence in place of an error, whatever it says
        try:
            return exercise.compare(theirs.value, outcome.value) is None
        except Exception:  # what cannot be compared is not the same
            return False
    if isinstance(theirs, Raised) and isinstance(outcome, Raised):
        return theirs.kind == outcome.kind and (theirs.text == outcome.text or _says_as_much(case, theirs, outcome))
    return False


def _says_as_much(case: Case, theirs: Raised, outcome: Raised) -> bool:
    """Whether two errors that the case asks for name the same of its words, each in its own sentence."""
    if case.raises is not None and outcome.kind in _ON_PURPOSE:
        return True
    said = [[word.lower() in one.text.lower() for word in case.says] for one in (theirs, outcome)]
    return case.raises is not None and said[0] == said[1]


def _shares_a_wrong_key(drawn: Drawn, mistake: Mistake, one: Asked) -> bool:
    compare = drawn.exercise.compare
    theirs = drawn.outcome(mistake.function, one.case)
    if not isinstance(compare, EachKey) or not isinstance(theirs, Returned) or not isinstance(one.outcome, Returned):
        return False
    assert isinstance(one.expected, Returned)
    expected, actual = one.expected.value, one.outcome.value
    if not isinstance(actual, dict) or not isinstance(theirs.value, dict):
        return False
    return any(
        key in actual
        and compare.part(expected[key], actual[key])
        and compare.part(theirs.value[key], actual[key]) is None
        for key in expected
        if key in theirs.value
    )
