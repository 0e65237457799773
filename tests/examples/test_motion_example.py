"""The order that the example claims, for one seed and fewer films."""

import numpy as np


def test_motion_is_in_the_order_of_the_frames(example):
    found = example("motion").accuracies(seed=0, n_samples=390, epochs=7)
    assert found["film as it is"] > 0.9
    assert found[example("motion").BACKWARDS] > 0.9
    assert found["film as it is"] > found["frames in random order"] + 0.2
    assert found["film as it is"] > found["mean frame"] + 0.2
    assert found["one frame"] < 0.4  # chance is 0.25


def test_every_film_keeps_its_frames(example):
    clips = np.arange(5 * 8 * 2 * 2).reshape(5, 8, 2, 2)
    mixed = example("motion").shuffled(clips, np.random.default_rng(0))
    assert (np.sort(mixed, axis=1) == clips).all()
    assert len(np.unique(mixed[:, :, 0, 0] - clips[:, :1, 0, 0], axis=0)) == 5  # each film has an order of its own
    assert (example("motion").standing_still(clips[:, 3]) == clips[:, 3:4]).all()
