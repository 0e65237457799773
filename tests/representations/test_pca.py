import numpy as np
import pytest
from sklearn import decomposition

from mmlearn_edu.representations import PCA
from tests.conformance import contract


@contract(PCA())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.mark.parametrize("shape", [(40, 5), (6, 20), (7, 7)], ids=["tall", "wide", "square"])
def test_agrees_with_scikit_learn_and_decorrelates(shape):
    X = np.random.default_rng(0).normal(loc=3.0, scale=np.geomspace(1, 100, shape[1]), size=shape)
    ours, theirs = PCA(n_components=3).fit(X), decomposition.PCA(n_components=3, svd_solver="full").fit(X)
    signs = np.sign((ours.components_ * theirs.components_).sum(axis=1))
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X) * signs, atol=1e-9)
    np.testing.assert_allclose(ours.explained_variance_ratio_, theirs.explained_variance_ratio_, atol=1e-12)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(X)), theirs.inverse_transform(theirs.transform(X)))
    np.testing.assert_allclose(np.cov(ours.transform(X), rowvar=False), np.diag(ours.explained_variance_), atol=1e-8)


def test_by_hand():
    pca = PCA(n_components=1).fit([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(pca.components_, [[0.6, 0.8]])
    np.testing.assert_allclose(pca.transform([[3.0, 4.0]]), [[2.5]])
    np.testing.assert_allclose(pca.explained_variance_, [12.5])  # (2.5**2 + 2.5**2) / (2 - 1)
    np.testing.assert_allclose(pca.inverse_transform([[0.0]]), [[1.5, 2.0]])


def test_error_falls_with_every_component_and_ends_at_zero():
    X = np.random.default_rng(1).normal(size=(30, 6))
    errors = []
    for n_components in range(1, 7):
        pca = PCA(n_components).fit(X)
        errors.append(((X - pca.inverse_transform(pca.transform(X))) ** 2).sum())
    assert all(np.diff(errors) < 0)
    assert errors[-1] < 1e-20


def test_both_roads_lead_to_the_same_axes_and_signs():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(9, 9)) * np.arange(1, 10)
    wide, tall = PCA(4).fit(X), PCA(4).fit(np.vstack([X, X]))  # the square one takes the SVD, the doubled one eigh
    np.testing.assert_allclose(wide.components_, tall.components_, atol=1e-8)


def test_the_sign_holds_at_45_degrees():
    # both entries are 0.7071: which is larger is rounding, and must not turn the axis round
    for seed in range(20):
        a = np.random.default_rng(seed).normal(size=(50, 1))
        X = np.hstack([a, -a]) * (1 + 1e-15 * seed)
        np.testing.assert_allclose(PCA(1).fit(X).components_, [[np.sqrt(0.5), -np.sqrt(0.5)]])


def test_single_precision_stays_and_is_exact_far_from_zero():
    X = np.random.default_rng(3).normal(loc=1000, scale=[3, 2, 1], size=(20_000, 3))
    single, double = PCA(2).fit(X.astype(np.float32)), PCA(2).fit(X)
    assert single.transform(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.components_, double.components_, atol=1e-3)
    np.testing.assert_allclose(single.mean_, double.mean_, rtol=1e-6)


def test_nothing_varies():
    pca = PCA(1).fit(np.ones((5, 3)))
    np.testing.assert_array_equal(pca.explained_variance_ratio_, [0.0])
    np.testing.assert_array_equal(pca.transform(np.ones((2, 3))), np.zeros((2, 1)))


@pytest.mark.parametrize(("n_components", "shape"), [(0, (40, 5)), (6, (40, 5)), (7, (6, 20)), (1, (1, 5))])
def test_says_which_n_components_are_possible(n_components, shape):
    with pytest.raises(ValueError, match=rf"not in 1\.\.{min(shape)} |minimum of 2"):
        PCA(n_components=n_components).fit(np.ones(shape))


def test_says_that_a_share_is_not_a_number_of_components():
    with pytest.raises(TypeError, match=r"whole number of directions, got 0\.9"):
        PCA(n_components=0.9).fit(np.eye(5))


def test_says_that_features_are_no_projection():
    with pytest.raises(ValueError, match=r"Z has 5 columns, expected n_components=2; pass what transform returned"):
        PCA(2).fit(np.eye(5)).inverse_transform(np.eye(5))
