import numpy as np
import pytest
from sklearn import decomposition

from mmlearn_edu.representations import PCA, IncrementalPCA
from tests.conformance import contract


@contract(IncrementalPCA(), IncrementalPCA(1, batch_size=7))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def drifting(n_samples=95, n_features=6, dtype=np.float64):
    """Rows whose mean moves, so that batches differ in theirs."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_samples, n_features)) * np.geomspace(1, 20, n_features)
    return (X + np.linspace(-5, 30, n_samples)[:, None]).astype(dtype)


@pytest.mark.parametrize("shape", [(95, 6), (60, 40)], ids=["tall", "wide batches"])
def test_agrees_with_scikit_learn(shape):
    X = drifting(*shape)
    ours = IncrementalPCA(3, batch_size=20).fit(X)
    theirs = decomposition.IncrementalPCA(3, batch_size=20).fit(X)
    signs = np.sign((ours.components_ * theirs.components_).sum(axis=1))
    np.testing.assert_allclose(ours.components_, theirs.components_ * signs[:, None], atol=1e-10)
    for name in ["mean_", "explained_variance_", "explained_variance_ratio_", "n_samples_seen_"]:
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name))
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X) * signs, atol=1e-9)


@pytest.mark.parametrize("batch_size", [6, 7, 50, 95, 1000])
def test_is_exact_pca_when_nothing_is_dropped(batch_size):
    X = drifting()
    batches, whole = IncrementalPCA(6, batch_size=batch_size).fit(X), PCA(6).fit(X)
    np.testing.assert_allclose(batches.components_, whole.components_, atol=1e-9)
    for name in ["mean_", "explained_variance_", "explained_variance_ratio_"]:
        np.testing.assert_allclose(getattr(batches, name), getattr(whole, name))
    np.testing.assert_allclose(batches.inverse_transform(batches.transform(X)), X)


def test_is_close_to_pca_when_little_is_dropped():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(400, 3)) @ rng.normal(size=(3, 30)) + 0.01 * rng.normal(size=(400, 30))
    batches, whole = IncrementalPCA(3, batch_size=50).fit(X), PCA(3).fit(X)
    np.testing.assert_allclose(batches.components_, whole.components_, atol=1e-3)


def test_batch_by_batch_is_fit():
    X = drifting()
    step = IncrementalPCA(3)
    for start in range(0, 95, 20):
        assert step.partial_fit(X[start : start + 20]) is step
    whole = IncrementalPCA(3, batch_size=20).fit(X)
    np.testing.assert_array_equal(step.components_, whole.components_)
    np.testing.assert_array_equal(step.explained_variance_ratio_, whole.explained_variance_ratio_)
    assert step.fit(X[:50]).n_samples_seen_ == 50  # fit starts afresh


def test_by_hand():
    pca = IncrementalPCA(1).partial_fit([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(pca.explained_variance_, [12.5])
    pca.partial_fit([[6.0, 8.0]])  # one row is enough from the second batch on
    np.testing.assert_allclose(pca.components_, [[0.6, 0.8]])
    np.testing.assert_allclose(pca.mean_, [3, 4])
    np.testing.assert_allclose(pca.explained_variance_, [25])  # (5**2 + 0 + 5**2) / (3 - 1)
    np.testing.assert_allclose(pca.explained_variance_ratio_, [1])
    np.testing.assert_allclose(pca.transform([[6.0, 8.0]]), [[5]])


def test_single_precision_stays_and_is_exact_far_from_zero():
    X = np.random.default_rng(3).normal(loc=1000, scale=[3, 2, 1], size=(20_000, 3))
    single, double = IncrementalPCA(2).fit(X.astype(np.float32)), PCA(2).fit(X)
    assert {single.transform(X.astype(np.float32)).dtype, single.components_.dtype, single.mean_.dtype} == {
        np.dtype(np.float32)
    }
    np.testing.assert_allclose(single.components_, double.components_, atol=1e-2)
    np.testing.assert_allclose(single.mean_, double.mean_, rtol=1e-6)
    np.testing.assert_allclose(single.explained_variance_ratio_, double.explained_variance_ratio_, rtol=1e-3)


def test_the_mean_of_a_large_batch_is_exact_in_single_precision():
    X = np.random.default_rng(3).normal(loc=1000, size=(20_000, 2)).astype(np.float32)
    pca = IncrementalPCA(2, batch_size=20_000).fit(X)
    np.testing.assert_allclose(pca.mean_, X.astype(np.float64).mean(axis=0), rtol=1e-7)


def test_two_samples_are_enough():
    X = drifting()[:2]
    np.testing.assert_allclose(IncrementalPCA(1).fit(X).components_, PCA(1).fit(X).components_)


def test_nothing_varies():
    pca = IncrementalPCA(1, batch_size=2).fit(np.ones((5, 3)))
    np.testing.assert_array_equal(pca.explained_variance_ratio_, [0.0])
    np.testing.assert_array_equal(pca.transform(np.ones((2, 3))), np.zeros((2, 1)))


def test_says_what_is_wrong():
    X = drifting()
    with pytest.raises(ValueError, match=r"n_components=7 not in 1\.\.6"):
        IncrementalPCA(7).fit(X)
    with pytest.raises(ValueError, match=r"n_components=5 not in 1\.\.4 \(n_samples=4"):
        IncrementalPCA(5).partial_fit(X[:4])
    with pytest.raises(ValueError, match=r"batch_size=2 is too small for n_components=3: a batch needs that many"):
        IncrementalPCA(3, batch_size=2).fit(X)
    with pytest.raises(ValueError, match=r"batch_size=1 is too small for n_components=1"):
        IncrementalPCA(1, batch_size=1).fit(X)
    with pytest.raises(ValueError, match="a minimum of 2 is required"):
        IncrementalPCA(1).partial_fit(X[:1])
    with pytest.raises(ValueError, match="a minimum of 2 is required"):
        IncrementalPCA(1).fit(X[:1])
    with pytest.raises(ValueError, match="X has 5 features, but IncrementalPCA is expecting 6"):
        IncrementalPCA(1).partial_fit(X).partial_fit(X[:, :5])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        IncrementalPCA(1).partial_fit(np.full((3, 3), np.nan))
    with pytest.raises(TypeError, match=r"whole number of directions, got 0\.9"):
        IncrementalPCA(0.9).fit(X)
