"""Chapter 08's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of


@pytest.mark.parametrize("flip", [(1, 1, 1), (-1, 1, 1), (-1, 1, -1)])
def test_any_signs_of_the_axes_are_right(flip):
    exercise = registry.get("pca.fit_axes")

    def answer(X, k):
        axes, variances = exercise.reference(X, k)
        return axes * np.resize(flip, k)[:, None], variances

    assert judge(exercise, InPlace(answer), 0, hidden=True).passed


def test_the_reference_agrees_with_scikit_learn():
    X = np.random.default_rng(0).normal(size=(40, 6)) * np.geomspace(1, 9, 6) + 5
    axes, variances = registry.get("pca.fit_axes").reference(X, 3)
    theirs = PCA(n_components=3, svd_solver="full").fit(X)
    np.testing.assert_allclose(np.abs(np.sum(axes * theirs.components_, axis=1)), 1)
    np.testing.assert_allclose(variances, theirs.explained_variance_)


def test_signs_that_differ_between_training_and_test_are_wrong():
    exercise = registry.get("pca.train_only_fit")

    def answer(X_train, X_test, k):
        Z_train, Z_test = exercise.reference(X_train, X_test, k)
        return Z_train, -Z_test

    assert not judge(exercise, InPlace(answer), 0).passed


@pytest.mark.parametrize("turn", [0, 180, -180, 360, 2.5, -2.5])
def test_an_axis_has_no_front_and_no_back(turn):
    exercise = registry.get("pca.turn_axis")
    (case,) = exercise.cases(np.random.default_rng(0), float)
    right = exercise.reference(**case.kwargs)
    assert verdict_of(exercise, right + turn, seed=0).passed
    assert not verdict_of(exercise, right + turn + 10, seed=0).passed


def test_the_debug_exercise_takes_the_library_for_an_answer():
    """The best repair of the article is the right import; nobody is made to write an SVD instead."""
    from mmlearn_edu.representations import PCA as OURS

    def answer(X, k):
        pca = OURS(n_components=k).fit(X)
        return pca.transform(X), pca.explained_variance_ratio_.sum()

    assert verdict_of(registry.get("pca.fix_article"), answer, seed=0).passed
    assert "uses-library" in verdict_of(registry.get("pca.fit_axes"), lambda X, k: OURS(k).fit(X), seed=0).diagnosis
