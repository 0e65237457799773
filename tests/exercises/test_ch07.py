"""Chapter 07's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import torch

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.exercises import ch07_video
from mmlearn_edu.widgets import frame_energy, watch


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
