"""Chapter 05's exercises stand what every exercise must stand, and speak in words of their own."""

import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.gate import gate

CHAPTER = "05-cnn-features"
EXERCISES = registry.exercises(CHAPTER)


def test_every_kind_of_exercise_is_there():
    assert [exercise.id for exercise in EXERCISES] == [
        "cnn.count_places",
        "cnn.convolve_image",
        "cnn.pool_maps",
        "cnn.trace_field",
        "cnn.freeze_features",
        "cnn.probe_features",
        "cnn.paint_edges",
        "cnn.fix_article",
        "cnn.why_unnoticed",
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


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_mistakes_of_an_exercise_have_words_of_their_own(exercise):
    messages = [mistake.message for mistake in exercise.mistakes]
    assert len(set(messages)) == len(messages)
    assert all(mistake.seen for mistake in exercise.mistakes)


def test_six_questions_or_more_with_words_for_every_wrong_option():
    questions = registry.questions(CHAPTER)
    assert len(questions) >= 6
    for question in questions:
        assert set(question.wrong) == set(question.options) - {question.answer}, question.id
