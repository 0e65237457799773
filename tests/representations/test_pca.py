import numpy as np
import pytest
from scipy.sparse import csr_array
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
    wide, tall = PCA(4).fit(X), PCA(4).fit(np.vstack([X, X]))  # wide, then tall
    np.testing.assert_allclose(wide.components_, tall.components_, atol=1e-8)


@pytest.mark.parametrize(("dtype", "atol"), [(np.float64, 1e-9), (np.float32, 1e-4)])
@pytest.mark.parametrize("shape", [(4100, 7), (20, 1100)], ids=["tall", "wide"])
def test_several_batches_are_one_svd(shape, dtype, atol):
    # three axes stand out; the rows are sorted and far from zero, so that no batch has the mean of all
    rng = np.random.default_rng(4)
    X = rng.normal(size=(shape[0], 3)) * [9, 6, 4] @ np.linalg.qr(rng.normal(size=(shape[1], 3)))[0].T
    X = (X[X[:, 0].argsort()] + 0.01 * rng.normal(size=shape) + 50).astype(dtype)
    centred = X - X.mean(axis=0, dtype=np.float64)
    _, s, Vt = np.linalg.svd(centred, full_matrices=False)
    pca = PCA(3).fit(X)
    signs = np.sign((pca.components_ * Vt[:3]).sum(axis=1))
    np.testing.assert_allclose(pca.components_, Vt[:3] * signs[:, None], atol=atol)
    np.testing.assert_allclose(pca.explained_variance_, s[:3] ** 2 / (len(X) - 1), rtol=atol)
    np.testing.assert_allclose(pca.explained_variance_ratio_, (s**2 / (s**2).sum())[:3], rtol=atol)
    np.testing.assert_allclose(pca.mean_, X.mean(axis=0, dtype=np.float64), rtol=max(np.finfo(dtype).eps, 1e-13))
    np.testing.assert_allclose(pca.transform(X), centred @ Vt[:3].T * signs, atol=40 * atol)


@pytest.mark.parametrize(("weakest", "atol"), [(1e-3, 1e-9), (1e-4, 1e-9), (1e-9, 1e-5)])
def test_weak_axes_of_wide_data_are_as_good_as_the_svd(weakest, atol):
    # known axes and variances; a square loses the axes of 1e-9, which the SVD still finds
    rng = np.random.default_rng(5)
    U = np.linalg.qr(np.hstack([np.ones((12, 1)), rng.normal(size=(12, 6))]))[0][:, 1:]  # orthogonal to 1: centred
    V, s = np.linalg.qr(rng.normal(size=(30, 6)))[0], np.geomspace(1, weakest, 6)
    pca = PCA(6).fit(U * s @ V.T)
    np.testing.assert_allclose(np.abs(pca.components_ @ V), np.eye(6), atol=atol)
    np.testing.assert_allclose(pca.components_ @ pca.components_.T, np.eye(6), atol=1e-9)
    np.testing.assert_allclose(pca.explained_variance_, s**2 / 11, rtol=10 * atol)


def test_more_components_than_the_wide_data_vary_in():
    X = np.random.default_rng(6).normal(size=(5, 20))
    pca = PCA(5).fit(X)  # five rows span four directions around their mean; the fifth axis is any
    np.testing.assert_allclose(pca.components_ @ pca.components_.T, np.eye(5), atol=1e-10)
    np.testing.assert_allclose(pca.explained_variance_[4], 0, atol=1e-25)
    np.testing.assert_allclose(pca.inverse_transform(pca.transform(X)), X, atol=1e-12)


def test_tall_data_never_make_a_matrix_of_rows_by_rows(monkeypatch):
    monkeypatch.setattr("mmlearn_edu.representations.pca._axes_of_wide", None)
    np.testing.assert_allclose(PCA(1).fit([[0.0, 1.0], [0.0, 2.0], [0.0, 3.0]]).components_, [[0, 1]])


def test_the_sign_holds_at_45_degrees():
    # both entries are 0.7071: which is larger is rounding, and must not turn the axis round
    for seed in range(20):
        a = np.random.default_rng(seed).normal(size=(50, 1))
        X = np.hstack([a, -a]) * (1 + 1e-15 * seed)
        np.testing.assert_allclose(PCA(1).fit(X).components_, [[np.sqrt(0.5), -np.sqrt(0.5)]])


def test_single_precision_stays_and_is_exact_far_from_zero():
    X = np.random.default_rng(3).normal(loc=1000, scale=[3, 2, 1], size=(20_000, 3))
    single, double = PCA(2).fit(X.astype(np.float32)), PCA(2).fit(X)
    for learned in (single.mean_, single.components_, single.explained_variance_, single.explained_variance_ratio_):
        assert learned.dtype == np.float32
    assert single.transform(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.components_, double.components_, atol=1e-3)
    np.testing.assert_allclose(single.mean_, double.mean_, rtol=1e-6)
    assert double.transform(X.astype(np.float32)).dtype == single.transform(X).dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, 1e6 + 0.3])
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (5000, 3)], ids=str)
def test_nothing_varies(shape, value, dtype):
    pca = PCA(1).fit(np.full(shape, value, dtype))
    np.testing.assert_array_equal(pca.explained_variance_ratio_, [0.0])
    assert np.isfinite(pca.components_).all()
    np.testing.assert_allclose(pca.transform(np.full((2, shape[1]), value, dtype)), np.zeros((2, 1)), atol=1e-9)


@pytest.mark.parametrize("shape", [(40, 3), (3, 40)], ids=["tall", "wide"])
def test_little_that_varies_is_not_nothing(shape):
    X = 1 + 1e-9 * np.random.default_rng(9).normal(size=shape)
    np.testing.assert_allclose(PCA(min(shape)).fit(X).explained_variance_ratio_.sum(), 1)


@pytest.mark.parametrize("n_samples", [999, 1000, 1500, 2000])
def test_columns_far_from_each_other_lose_no_digits(n_samples):
    X = np.random.default_rng(10).normal(size=(n_samples, 2)) * [3, 1]
    far = PCA(2).fit(X + 2.0**30 * np.array([1, -1]))
    np.testing.assert_allclose(far.explained_variance_, PCA(2).fit(X).explained_variance_, rtol=1e-6)


def test_no_variance_is_negative():
    line = np.random.default_rng(8).normal(size=(50, 1)) @ [[1.0, 2.0, 3.0, 4.0]]  # the other three have rounding only
    assert (PCA(4).fit(line).explained_variance_ >= 0).all()


def test_constant_column_and_duplicate_rows():
    rng = np.random.default_rng(7)
    X = np.hstack([rng.normal(size=(10, 3)) * [5, 3, 1], np.full((10, 1), 0.1)])
    once, twice = PCA(2).fit(X), PCA(2).fit(np.repeat(X, 2, axis=0))
    np.testing.assert_allclose(once.components_, twice.components_, atol=1e-12)
    np.testing.assert_allclose(once.components_[:, 3], 0, atol=1e-15)


@pytest.mark.parametrize(("n_components", "shape"), [(0, (40, 5)), (6, (40, 5)), (7, (6, 20)), (1, (1, 5))])
def test_says_which_n_components_are_possible(n_components, shape):
    with pytest.raises(ValueError, match=rf"not in 1\.\.{min(shape)} |minimum of 2"):
        PCA(n_components=n_components).fit(np.ones(shape))


@pytest.mark.parametrize(("value", "what"), [(np.nan, "NaN"), (np.inf, "infinity")])
@pytest.mark.parametrize("shape", [(9, 3), (3, 9)], ids=["tall", "wide"])
def test_says_what_is_no_number(shape, value, what):
    with pytest.raises(ValueError, match=f"Input X contains {what}"):
        PCA(1).fit(np.full(shape, value))
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        PCA(1).fit(np.zeros((0, 3)))


def test_says_that_sparse_is_not_centred():
    with pytest.raises(TypeError, match="Sparse data was passed"):
        PCA(1).fit(np.eye(3)).transform(csr_array(np.eye(3)))


def test_says_that_a_share_is_not_a_number_of_components():
    with pytest.raises(TypeError, match=r"whole number of directions, got 0\.9"):
        PCA(n_components=0.9).fit(np.eye(5))


def test_says_that_features_are_no_projection():
    with pytest.raises(ValueError, match=r"Z has 5 columns, expected n_components=2; pass what transform returned"):
        PCA(2).fit(np.eye(5)).inverse_transform(np.eye(5))
