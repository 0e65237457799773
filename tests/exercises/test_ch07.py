"""Chapter 07's exercises stand what every exercise must stand, and speak in words of their own."""

import numpy as np
import pytest
import torch

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.exercises import ch07_video
from mmlearn_edu.widgets import frame_energy, watch

CHAPTER = "07-video"
EXERCISES = registry.exercises(CHAPTER)


def test_every_kind_of_exercise_is_there():
    assert [exercise.id for exercise in EXERCISES] == [
        "video.motion_energy",
        "video.conv_shape",
        "video.play_backwards",
        "video.shuffle_time",
        "video.gain_over_seeds",
        "video.name_direction",
        "video.motion_end",
        "video.fix_article",
        "video.why_unnoticed",
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


def test_shapes_are_those_of_torch():
    rng = np.random.default_rng(0)
    for case in registry.get("video.conv_shape").cases(rng, np.float64):
        shape, n_kernels, kernel, stride, padding = case.args
        small = (1, shape[1], *shape[2:])
        layer = torch.nn.Conv3d(shape[1], 4, kernel, stride, padding)
        ours = ch07_video.conv_shape(small, 4, kernel, stride, padding)
        assert tuple(layer(torch.zeros(small)).shape) == tuple(ours)
        assert n_kernels not in shape[:2], "or a mistake could not be seen"


def test_any_shuffle_of_its_own_passes_and_any_other_does_not():
    exercise = registry.get("video.shuffle_time")

    def by_sorting(clips, seed):
        rng = np.random.default_rng(seed)
        return np.stack([clip[np.argsort(rng.random(len(clip)))] for clip in clips])

    def two_swapped(clips, seed):
        films = clips.copy()
        films[:, [0, 1]] = clips[:, [1, 0]]
        return films

    def without_seed(clips, seed):
        return by_sorting(clips, None)

    assert verdict_of(exercise, by_sorting, seed=0).passed
    assert verdict_of(exercise, two_swapped, seed=0).diagnosis[0] == "one-order-for-all"
    unseeded = verdict_of(exercise, without_seed, seed=0)
    assert [item.id for item in unseeded.items if not item.passed] == ["the same seed, the same shuffle"]


def test_a_seed_that_keeps_an_order_by_luck_is_no_mistake():
    """Every drawn case has so many films that some get a new order, whatever the seed."""
    exercise = registry.get("video.shuffle_time")
    for seed in range(50):
        for case in exercise.cases(np.random.default_rng(seed), np.float64):
            shuffled = exercise.reference(*case.args)
            assert ch07_video._kind_of_order(shuffled) == "each-its-own"


def test_the_marked_frame_is_the_answer():
    film = ch07_video._stopping_film()
    widget = watch(film, frame_rate=4)
    exercise = registry.get("video.motion_end")
    assert verdict_of(exercise, widget, seed=0).status == "not attempted"
    widget.answer = exercise.reference(film)
    assert widget.answer == 10
    assert verdict_of(exercise, widget, seed=0).passed
    energy = frame_energy(film)
    assert np.all(energy[:10] > 0.05)
    assert np.all(energy[10:] == 0)
