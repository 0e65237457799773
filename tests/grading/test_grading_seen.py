"""What the questions of an exercise show before their turn."""

import itertools

import numpy as np
import pytest

from mmlearn_edu.checks.answerer import Returned
from mmlearn_edu.checks.exercise import Case
from mmlearn_edu.grading.seen import tells_ahead


class Asked:
    """Stand in for :class:`mmlearn_edu.checks.drawn.Drawn`: a chain of cases, of which each expects what it is told."""

    exercise = type("Exercise", (), {"reference": None})

    def __init__(self, *pairs):
        self.cases = [Case((shown,)) for shown, _ in pairs]
        self._expected = dict(zip(map(id, self.cases), (expected for _, expected in pairs), strict=True))

    def outcome(self, function, case):
        return Returned(self._expected[id(case)])


STEPS = [np.array([4.0, 2.5]), np.array([2.5, 2.05]), np.array([2.05, 2.0006])]


@pytest.mark.parametrize("steps", [[4.0, 2.5, 2.05], STEPS, [{"x": one} for one in STEPS], [[1, one] for one in STEPS]])
def test_the_steps_of_an_iteration_tell_what_comes_next(steps):
    assert tells_ahead(Asked(*itertools.pairwise(steps)))


def test_the_same_numbers_in_another_type_tell_it_too():
    whole = np.arange(6)
    assert tells_ahead(Asked((np.ones(6), whole), (whole.astype(np.float32), np.zeros(6))))


@pytest.mark.parametrize(
    "pairs", [[(3, 1), (1, 2)], [("ab", "b"), ("b", "")], [(STEPS[0], STEPS[1]), (STEPS[0], STEPS[1])]]
)
def test_what_is_equal_by_chance_tells_nothing(pairs):
    assert not tells_ahead(Asked(*pairs))
