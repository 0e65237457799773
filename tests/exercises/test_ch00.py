"""Chapter 00's exercises stand what every exercise must stand, and speak in words of their own."""

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of

CHAPTER = "00-start-here"
EXERCISES = registry.exercises(CHAPTER)


def test_every_kind_of_exercise_is_there():
    assert [exercise.id for exercise in EXERCISES] == [
        "start.foresee_shapes",
        "start.to_2d",
        "start.same_rows",
        "start.repair_rerun",
        "start.reach_shape",
        "start.repair_sum",
        "start.why_silent",
    ]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_gate(exercise):
    report = gate(exercise, seeds=10)
    assert report.passed, str(report)


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_whole_gate(exercise):
    report = gate(exercise, seeds=200)
    assert report.passed, str(report)


def test_no_two_mistakes_say_the_same():
    messages = [mistake.message for exercise in EXERCISES for mistake in exercise.mistakes]
    assert len(set(messages)) == len(messages)


def test_six_questions_or_more_with_words_for_every_wrong_option():
    questions = registry.questions(CHAPTER)
    assert len(questions) >= 6
    for question in questions:
        assert set(question.wrong) == set(question.options) - {question.answer}, question.id


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
