"""What depends on the seed alone is worked out once, and judging with it changes nothing."""

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answerer import CheckerError, InPlace
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.judge import judge

CENTER = registry.get("pca.center")
ANSWERS = [lambda X: X - X.mean(axis=0), lambda X: X - X.mean(), lambda X: X, lambda X: None]


def same(verdict):
    return str(verdict), verdict.to_dict()


def test_many_answers_on_the_same_inputs_get_the_verdicts_they_get_alone():
    drawn = Drawn(CENTER, 5)
    for answer in [*ANSWERS, *reversed(ANSWERS)]:
        together = judge(CENTER, InPlace(answer), 5, hidden=True, drawn=drawn)
        assert same(together) == same(judge(CENTER, InPlace(answer), 5, hidden=True))


def test_an_answer_cannot_spoil_the_inputs_of_the_next():
    def spoil(X):
        X[:] = 0
        return X

    drawn = Drawn(CENTER, 5)
    before = [case.args[0].copy() for case in drawn.cases]
    assert not judge(CENTER, InPlace(spoil), 5, drawn=drawn).passed
    for case, values in zip(drawn.cases, before, strict=True):
        np.testing.assert_array_equal(case.args[0], values)
    assert judge(CENTER, InPlace(ANSWERS[0]), 5, drawn=drawn).passed


def test_our_own_code_is_asked_once():
    calls = []

    def counted(X):
        calls.append(X)
        return X

    drawn = Drawn(CENTER, 5)
    for _ in range(3):
        assert [drawn.outcome(counted, case).value.shape for case in drawn.cases] == [
            c.args[0].shape for c in drawn.cases
        ]
    assert len(calls) == len(drawn.cases)
    assert drawn.law_seeds(3)[:2] == drawn.law_seeds(2)


def test_cases_that_cannot_be_drawn_are_our_problem(monkeypatch):
    monkeypatch.setitem(vars(CENTER), "cases", lambda rng, dtype: 1 / 0)
    drawn = Drawn(CENTER, 5)
    with pytest.raises(CheckerError, match="ZeroDivisionError"):
        drawn.law_seeds(1)
    assert judge(CENTER, InPlace(ANSWERS[0]), 5).status == "checker problem"


def test_seeds_of_laws_are_the_same_at_every_call_and_in_every_judging():
    drawn = Drawn(CENTER, 5)
    assert drawn.law_seeds(3) == drawn.law_seeds(3) == Drawn(CENTER, 5).law_seeds(3)
    assert drawn.law_seeds(2) != Drawn(CENTER, 6).law_seeds(2)


def test_an_input_is_shown_in_the_language_of_the_moment(monkeypatch):
    drawn = Drawn(CENTER, 5)
    large = next(case for case in drawn.cases if case.args[0].size > 24)
    shown = {}
    for name in ("en", "zh", "en"):
        monkeypatch.setenv("MMLEARN_LANG", name)
        shown[name] = drawn.shown(large)
    assert "only the beginning" in shown["en"]
    assert shown["zh"] != shown["en"]
