"""Chapter 00's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of


def test_a_wrong_shape_does_not_give_the_right_one_away():
    exercise = registry.get("start.foresee_shapes")
    right = exercise.reference()
    for guess in [(7, 7), "error", 4, "(3, 4)", None, [2]]:
        verdict = verdict_of(exercise, dict.fromkeys(right, guess), seed=0)
        for item in verdict.items:
            if not item.passed and item.problem != "not-a-shape":  # which says how to write, whatever is right
                assert str(right[item.id]) not in item.message.replace(str(guess), "")


def test_shapes_may_be_lists_and_errors_may_be_shouted():
    exercise = registry.get("start.foresee_shapes")
    answer = {key: list(v) if isinstance(v, tuple) else "ERROR!" for key, v in exercise.reference().items()}
    assert verdict_of(exercise, answer, seed=0).passed


def test_a_sum_that_is_right_for_seven_samples_only_is_not_right():
    """The silent case and the loud one are both among the inputs."""
    exercise = registry.get("start.repair_sum")
    shapes = [case.args[0].shape for case in exercise.cases(np.random.default_rng(0), np.float64)]
    assert any(n == w for n, _, w, _ in shapes)
    assert any(n != w for n, _, w, _ in shapes)


def test_every_sum_with_the_vectors_of_others_breaks_the_law_of_one_sample():
    exercise = registry.get("start.repair_sum")
    half_right = InPlace(lambda blocks, vectors: blocks + (vectors[:, None, None] if len(blocks) != 4 else vectors))
    verdict = judge(exercise, half_right, 0, hidden=True)
    assert "the vector of one sample reaches that sample only" in [item.id for item in verdict.items if not item.passed]
