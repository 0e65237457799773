"""Chapter 12's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.exercises import ch12_fusion
from mmlearn_edu.fusion import (
    AverageFusion,
    ConcatFusion,
    LeastSquaresFusion,
    mean_of_probabilities,
    product_of_experts,
    simplex_grid,
)
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.widgets import pick_weights

RNG = np.random.default_rng(0)
P = RNG.dirichlet(np.ones(4), size=(3, 9))
NAMES = ("image", "audio", "text")


def test_what_the_learner_writes_is_what_the_package_does():
    tables = {name: RNG.normal(size=(20, 3)) * scale for name, scale in zip(NAMES, (1, 30, 0.1), strict=True)}
    np.testing.assert_allclose(ch12_fusion.average_tables(tables), AverageFusion().fit_transform(tables))
    np.testing.assert_allclose(ch12_fusion.scale_blocks(tables), ConcatFusion(scale_blocks=True).fit_transform(tables))
    named = dict(zip(NAMES, P, strict=True))
    np.testing.assert_allclose(ch12_fusion.multiply_experts(P), product_of_experts(named))
    present = np.ones((3, 9), dtype=bool)
    present[1, ::2] = False
    marked = Modalities(named, missing={"audio": ~present[1]})
    np.testing.assert_allclose(ch12_fusion.mean_present(P, present), mean_of_probabilities(marked))


@pytest.mark.parametrize("alpha", [0.0, 2.5])
def test_least_squares_is_the_package_s(alpha):
    X, Y = RNG.normal(size=(30, 5)), RNG.normal(size=(30, 2))
    X, Y = X - X.mean(axis=0), Y - Y.mean(axis=0)
    fusion = LeastSquaresFusion(alpha).fit({"one": X[:, :2], "other": X[:, 2:]}, Y)
    W = np.vstack(list(fusion.coef_.values()))
    np.testing.assert_allclose(ch12_fusion.fit_least_squares(X, Y, alpha), W)


def test_weights_are_those_of_a_plain_search():
    y = RNG.integers(4, size=9)
    grid = simplex_grid(3, 6)
    scores = [np.mean(sum(w * p for w, p in zip(row, P, strict=True)).argmax(axis=1) == y) for row in grid]
    np.testing.assert_array_equal(ch12_fusion.choose_weights(P, y, grid), grid[np.argmax(scores)])


def test_the_point_in_the_triangle_is_the_answer():
    exercise = registry.get("fusion.beat_single")
    widget = pick_weights(ch12_fusion._mixtures(), NAMES, goal=ch12_fusion.GOAL)
    assert verdict_of(exercise, widget, seed=0).status == "not attempted"
    widget.answer = {"image": 0.55, "audio": 0.02, "text": 0.43}
    assert verdict_of(exercise, widget, seed=0).passed
    widget.answer = {"image": 0.4, "audio": 0.2, "text": 0.4}
    assert [item.problem for item in verdict_of(exercise, widget, seed=0).items] == ["sound-too-loud"]


def test_weights_near_a_mistake_are_judged_by_what_they_are_worth():
    exercise = registry.get("fusion.beat_single")
    assert verdict_of(exercise, [0.5, 0.0, 0.5], seed=0).passed
    assert not verdict_of(exercise, [0.5, 0.5], seed=0).passed
    assert not verdict_of(exercise, [0.9, -0.3, 0.4], seed=0).passed
