"""Chapter 14's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.exercises import ch14_autoencoders


@pytest.mark.parametrize("seed", range(3))
def test_errors_are_those_of_torch_and_angles_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    X, rebuilt = rng.random((5, 7)), rng.uniform(0.01, 0.99, size=(5, 7))
    mse, bce = ch14_autoencoders.rebuild_errors(X, rebuilt)
    tensors = torch.tensor(rebuilt), torch.tensor(X)
    assert mse == pytest.approx(torch.nn.functional.mse_loss(*tensors).item())
    assert bce == pytest.approx(torch.nn.functional.binary_cross_entropy(*tensors).item())
    A, B = rng.normal(size=(2, 3, 9))
    theirs = np.degrees(subspace_angles(A.T, B.T).max())
    assert ch14_autoencoders.subspace_angle(A, B) == pytest.approx(theirs)


def test_a_projection_on_k_of_d_axes_keeps_k_of_d_parts_of_the_noise():
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.normal(size=(64, 8)))[0]
    X, noise = rng.random((500, 64)), rng.normal(scale=0.3, size=(500, 64))
    noisy = X + noise
    kept = ch14_autoencoders.noise_kept(X, noisy, X @ axes @ axes.T, noisy @ axes @ axes.T)
    assert kept == pytest.approx(8 / 64, abs=0.005)


def test_the_walked_place_is_the_answer_from_both_sides_of_the_border():
    exercise, walk = registry.get("autoencoder.find_border"), ch14_autoencoders._walk()
    assert walk.beyond == [walk.goal], "7 and 1 lie side by side"
    assert verdict_of(exercise, walk, seed=0).status == "not attempted"
    (case,) = exercise.cases(None, None)
    place = exercise.reference(**case.kwargs)
    walk.answer = place.tolist()
    try:
        assert verdict_of(exercise, walk, seed=0).passed
    finally:
        walk.answer = None
    here = int(np.flatnonzero(case.kwargs["read"] != 7)[0])
    assert case.kwargs["read"][here] == 1
    assert verdict_of(exercise, tuple(case.kwargs["way"][here - 1]), seed=0).passed, "one step before is as good"
    assert verdict_of(exercise, tuple(walk.ends[0]), seed=0).diagnosis == ["still-a-seven"]


def test_whatever_is_judged_wrong_by_little_is_no_border():
    exercise, walk = registry.get("autoencoder.find_border"), ch14_autoencoders._walk()
    for digit in (0, 4, 6):
        place = ch14_autoencoders._place_of(digit)
        verdict = verdict_of(exercise, place, seed=0)
        assert not verdict.passed
        assert f"read as {digit}" in str(verdict)
    with pytest.raises(ValueError, match="no place of this plane"):
        walk.at_border((99.0, 99.0))


def test_a_column_of_ones_is_as_good_as_centring():
    rng = np.random.default_rng(0)
    Z_image, Z_audio = ch14_autoencoders._pairs(rng, 30, 4, 4)
    rows = np.arange(20), np.arange(20, 30)
    ours = ch14_autoencoders.match_scores(Z_image, Z_audio, *rows)
    np.testing.assert_allclose(ours, ch14_autoencoders._by_columns_of_one(Z_image, Z_audio, *rows), atol=1e-10)
    np.testing.assert_allclose(ours, ch14_autoencoders._by_the_package(Z_image, Z_audio, *rows), atol=1e-10)
