"""The broken article of chapter 08 fails, and misleads, exactly as its text says, on the versions we pin."""

import numpy as np
import pytest
from sklearn.decomposition import PCA, TruncatedSVD

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import load_spoken_digits


@pytest.fixture(scope="module")
def images():
    return load_spoken_digits().X["image"].reshape(1797, 64).astype(float)


@pytest.fixture(scope="module")
def broken():
    """The comment's repair, as the learner's cell has it."""
    scope = {"np": np}
    exec(stub_source(registry.get("pca.fix_article")), scope)
    return scope["article_pca"]


def test_the_loud_fault_names_pca_and_the_module_that_has_none():
    with pytest.raises(ImportError, match=r"^cannot import name 'PCA' from 'sklearn\.manifold' \("):
        exec("from sklearn.manifold import PCA", {})


def test_the_silent_fault_runs_with_the_right_shapes_and_a_better_number(images, broken):
    Z, share = broken(images, 2)
    honest = PCA(n_components=2).fit(images).explained_variance_ratio_.sum()
    assert Z.shape == (1797, 2)
    assert share > 2 * honest


def test_adding_a_constant_gives_the_silent_fault_away(images, broken):
    mended = registry.get("pca.fix_article").reference
    assert broken(images + 1000, 2)[1] > broken(images, 2)[1] + 0.2
    np.testing.assert_allclose(mended(images + 1000, 2)[1], mended(images, 2)[1])


def test_the_first_raw_axis_is_the_mean_and_the_next_are_one_place_late(images):
    mean = images.mean(axis=0)
    raw = np.linalg.svd(images, full_matrices=False)[2]
    centred = np.linalg.svd(images - mean, full_matrices=False)[2]
    assert abs(raw[0] @ mean) / np.linalg.norm(mean) > 0.999
    assert min(abs(raw[1] @ centred[0]), abs(raw[2] @ centred[1])) > 0.99


def test_by_hand_the_raw_axis_claims_most_and_catches_least():
    points = np.array([[6, 2], [2, 6], [5, 5], [3, 3]])
    centred = points - points.mean(axis=0)
    _, s, Vt = np.linalg.svd(points, full_matrices=False)
    assert s[0] ** 2 / np.sum(s**2) == pytest.approx(132 / 148)
    assert (centred @ Vt[0]).var() / centred.var(axis=0).sum() == pytest.approx(0.2)


def test_truncated_svd_is_named(images):
    def answer(X, k):
        svd = TruncatedSVD(n_components=k, random_state=0).fit(X)
        return svd.transform(X), svd.explained_variance_ratio_.sum()

    assert verdict_of(registry.get("pca.fix_article"), answer, seed=0).diagnosis[0] == "truncated-svd"


@pytest.mark.parametrize("seed", range(5))
def test_rows_of_the_test_flatter_more_than_all_training_rows(images, seed):
    """The thresholds that section 6 states, on five other seeds than it shows."""
    writer = load_spoken_digits().groups["writer"]
    rng = np.random.default_rng(100 + seed)
    train, rest = (rng.permutation(np.flatnonzero(half)) for half in (writer < 7, writer >= 7))
    few, test, others = train[:60], rest[:60], rest[60:120]

    def error(rows):
        pca = PCA(n_components=20, svd_solver="full").fit(images[rows])
        return np.mean((images[test] - pca.inverse_transform(pca.transform(images[test]))) ** 2)

    alone, more, leaked, every = map(error, (few, np.r_[few, others], np.r_[few, test], train))
    assert leaked < 2 / 3 * alone
    assert leaked < every < alone
    assert leaked < more < alone
