"""Every hostile hand-in gets the mark it must get, its neighbours keep theirs, and nothing is left behind."""

import re

import pytest

from mmlearn_edu.grading import sandbox as grading
from tests.hostile.case import cases
from tests.hostile.looking import marks_of, what_happened, words_of
from tests.hostile.unprivileged import missing

LEVELS = {level.name: level.missing for level in grading.levels()}
FIRST = next(case.id for case in cases() if case.sample)  # that a level starts at all
BEST = next(name for name, lacking in LEVELS.items() if not lacking)


def pairs():
    """List (case, level). In `make test`: the sample at every level, a third of the rest at the best; else slow."""
    for number, case in enumerate(cases()):
        for level in LEVELS:
            quick = case.sample or (level == BEST and number % 3 == 0)
            slow = [] if quick and not case.slow else [pytest.mark.slow]
            yield pytest.param(case, level, marks=slow, id=f"{case.group}/{case.id}-{level}")


def assert_case(judged, case, level, ordinary=False):
    if LEVELS[level]:
        pytest.skip(f"no {level} here: {LEVELS[level]}")
    row = judged.row(case, level, ordinary)
    assert row["status"] == case.status, row["message"]
    if level in case.open_at:
        points = {one["id"].partition(".")[2]: one["points"] for one in row["exercises"]}
        expected = {name: points[name] if name in case.score else mark for name, mark in case.marks().items()}
        assert all(mark <= expected[name] + 1e-5 for name, mark in marks_of(row).items())
        assert {name: mark for name, mark in marks_of(row).items() if name not in case.score} == pytest.approx(
            {name: mark for name, mark in expected.items() if name not in case.score}, abs=1e-5
        )
    else:
        wrong = {name: mark for name, mark in marks_of(row).items() if abs(mark - case.marks()[name]) > 1e-5}
        assert not wrong, what_happened(row)
    for words in case.words:
        assert re.search(words, words_of(row)), what_happened(row)


@pytest.mark.parametrize(("case", "level"), [*pairs()])
def test_gets_its_mark_and_costs_nobody_else(judged, case, level):
    assert_case(judged, case, level)


@pytest.mark.skipif(bool(missing()), reason=missing() or "-")
@pytest.mark.parametrize(
    ("case", "level"),
    [
        pytest.param(
            case,
            level,
            marks=[] if case.sample and (level == BEST or case.id == FIRST) else [pytest.mark.slow],
            id=f"{case.group}/{case.id}-{level}",
        )
        for case in cases()
        for level in LEVELS
    ],
)
def test_gets_its_mark_for_an_ordinary_user_too(judged, case, level):
    assert_case(judged, case, level, ordinary=True)
