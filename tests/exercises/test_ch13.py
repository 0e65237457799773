"""Chapter 13's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.exercises import ch13_evaluation
from mmlearn_edu.widgets import best_threshold, move_threshold


def test_any_shuffle_of_its_own_passes_and_any_other_does_not():
    exercise = registry.get("evaluation.shuffle_labels")

    def by_sorting(y, n_rounds, seed):
        return y[np.random.default_rng(seed).random((n_rounds, len(y))).argsort(axis=1)]

    def shifted(y, n_rounds, seed):
        start = np.random.default_rng(seed).integers(1, len(y))
        return np.array([np.roll(y, start) for _ in range(n_rounds)])

    assert verdict_of(exercise, by_sorting, seed=0).passed
    assert verdict_of(exercise, shifted, seed=0).diagnosis[0] == "one-order-for-all"


@pytest.mark.parametrize("seed", range(20))
def test_a_bootstrap_by_another_generator_passes_and_ninety_percent_never_does(seed):
    compare = registry.get("evaluation.resample_score").compare
    for case in registry.get("evaluation.resample_score").cases(np.random.default_rng(seed), np.float64)[1:]:
        values, n_draws, number = case.args
        want = ch13_evaluation.resample_score(values, n_draws, number)
        means = ch13_evaluation._means(values, n_draws, number + 77)
        assert compare(want, ch13_evaluation._ends(means)) is None
        assert compare(want, ch13_evaluation._ends(means, 0.9)) is not None


def test_the_threshold_on_the_slider_is_an_answer():
    exercise = registry.get("evaluation.find_threshold")
    eight, sure = ch13_evaluation._validation()
    widget = move_threshold(eight, sure)
    assert verdict_of(exercise, widget, seed=0).status == "not attempted"
    reachable = np.arange(widget.low, widget.high, widget.step)
    right = [value for value in reachable if verdict_of(exercise, float(value), seed=0).passed]
    assert right, "one step of the slider, or more, must pass"
    assert verdict_of(exercise, best_threshold(eight, sure), seed=0).passed
    widget.answer = float(right[0])
    assert verdict_of(exercise, widget, seed=0).passed
