import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array, csr_matrix, random_array
from sklearn import decomposition
from sklearn.pipeline import make_pipeline

from mmlearn_edu.features import TfidfVectorizer
from mmlearn_edu.representations import TruncatedSVD
from tests.conformance import contract


@contract(TruncatedSVD(1), TruncatedSVD())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def counts(shape, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    X = random_array(shape, density=0.2, rng=rng, dtype=np.float64, format="csr")
    return (X @ csr_array(np.diag(np.geomspace(1, 30, shape[1])))).astype(dtype)


@pytest.mark.parametrize(
    "make", [csr_array, csr_matrix, csc_array, lambda X: X.toarray()], ids=["csr", "csr_matrix", "csc", "dense"]
)
@pytest.mark.parametrize("shape", [(60, 20), (20, 60), (25, 25)], ids=["tall", "wide", "square"])
def test_agrees_with_scikit_learn_and_numpy(shape, make):
    X = counts(shape)
    ours = TruncatedSVD(4).fit(make(X))
    theirs = decomposition.TruncatedSVD(4, algorithm="arpack", random_state=0).fit(csr_matrix(X))
    signs = np.sign((ours.components_ * theirs.components_).sum(axis=1))
    np.testing.assert_allclose(ours.components_, theirs.components_ * signs[:, None], atol=1e-9)
    np.testing.assert_allclose(ours.transform(make(X)), theirs.transform(csr_matrix(X)) * signs, atol=1e-9)
    np.testing.assert_allclose(ours.singular_values_, np.linalg.svd(X.toarray(), compute_uv=False)[:4])


def test_by_hand():
    svd = TruncatedSVD(2).fit([[0.0, 0.0, 2.0], [3.0, 4.0, 0.0]])
    np.testing.assert_allclose(svd.singular_values_, [5, 2])
    np.testing.assert_allclose(svd.components_, [[0.6, 0.8, 0], [0, 0, 1]], atol=1e-15)
    np.testing.assert_allclose(svd.transform([[6.0, 8.0, 1.0]]), [[10, 1]])
    np.testing.assert_allclose(svd.inverse_transform([[10.0, 1.0]]), [[6, 8, 1]])


def test_error_falls_with_every_component_and_ends_at_zero():
    X = counts((30, 6))
    errors = []
    for n_components in range(1, 7):
        svd = TruncatedSVD(n_components).fit(X)
        errors.append(((X.toarray() - svd.inverse_transform(svd.transform(X))) ** 2).sum())
        # what is left is what the dropped singular values hold: no matrix of that rank comes closer
        np.testing.assert_allclose(errors[-1], (np.linalg.svd(X.toarray())[1][n_components:] ** 2).sum(), atol=1e-12)
    assert all(np.diff(errors) < 0)


def test_every_component_of_a_sparse_matrix():
    X = counts((8, 5))
    sparse, dense = TruncatedSVD(5).fit(X), TruncatedSVD(5).fit(X.toarray())
    np.testing.assert_allclose(sparse.components_, dense.components_)


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
def test_single_precision_stays(sparse):
    X = counts((60, 20), dtype=np.float32)
    X = X if sparse else X.toarray()
    svd = TruncatedSVD(3).fit(X)
    assert {svd.transform(X).dtype, svd.components_.dtype, svd.singular_values_.dtype} == {np.dtype(np.float32)}
    np.testing.assert_allclose(svd.components_, TruncatedSVD(3).fit(X.astype(np.float64)).components_, atol=1e-4)


def test_small_numbers_are_numbers():
    np.testing.assert_allclose(TruncatedSVD(1).fit([[3e-9, 4e-9], [0.0, 0.0]]).singular_values_, [5e-9])


def test_the_same_twice():
    X = counts((60, 20))
    np.testing.assert_array_equal(TruncatedSVD(3).fit(X).components_, TruncatedSVD(3).fit(X).components_)


def test_one_row_and_constant_columns():
    svd = TruncatedSVD(1).fit([[3.0, 4.0]])
    np.testing.assert_allclose(svd.components_, [[0.6, 0.8]])
    ones = TruncatedSVD(1).fit(np.ones((4, 2)))  # nothing varies, but without centring there is a direction
    np.testing.assert_allclose(ones.transform(np.ones((1, 2))), [[np.sqrt(2)]])


def test_words_that_keep_the_same_company_come_close():
    texts = ["car engine", "automobile engine", "car wheel", "automobile wheel", "cat milk", "kitten milk", "cat fur"]
    lsa = make_pipeline(TfidfVectorizer(), TruncatedSVD(2))
    lsa.fit(texts)
    car, automobile, cat = lsa.transform(["car", "automobile", "cat"])
    assert car @ automobile > 0.99 * np.linalg.norm(car) * np.linalg.norm(automobile)
    assert abs(car @ cat) < 1e-6


@pytest.mark.parametrize(("n_components", "shape"), [(0, (40, 5)), (6, (40, 5)), (7, (6, 20))])
def test_says_which_n_components_are_possible(n_components, shape):
    with pytest.raises(ValueError, match=rf"not in 1\.\.{min(shape)} \(n_samples={shape[0]}, n_features={shape[1]}\)"):
        TruncatedSVD(n_components).fit(np.ones(shape))
    with pytest.raises(TypeError, match=r"whole number of directions, got 0\.9"):
        TruncatedSVD(0.9).fit(np.ones(shape))


@pytest.mark.parametrize("X", [np.zeros((3, 4)), csr_array((3, 4))], ids=["dense", "sparse"])
def test_says_that_zeros_have_no_direction(X):
    with pytest.raises(ValueError, match=r"X of shape \(3, 4\) is all zeros and has no direction"):
        TruncatedSVD(1).fit(X)


def test_says_that_values_are_missing_and_that_features_are_no_projection():
    with pytest.raises(ValueError, match="Input X contains NaN"):
        TruncatedSVD(1).fit([[np.nan, 1.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match=r"Z has 5 columns, expected n_components=2; pass what transform returned"):
        TruncatedSVD(2).fit(np.eye(5)).inverse_transform(np.eye(5))
