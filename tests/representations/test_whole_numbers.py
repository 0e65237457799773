"""Counts, bytes and columns of tables become floats, single precision stays, and nothing is cut off."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone

from mmlearn_edu.representations import (
    CCA,
    PCA,
    TSNE,
    IncrementalPCA,
    LatentDirichletAllocation,
    LeastSquaresMap,
    TruncatedSVD,
)

X = np.random.default_rng(0).integers(0, 9, size=(12, 3))
y = np.random.default_rng(1).normal(size=(12, 2))
ESTIMATORS = [
    PCA(),
    IncrementalPCA(batch_size=5),
    TruncatedSVD(),
    LatentDirichletAllocation(2, random_state=0),
    LeastSquaresMap(),
]


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float16, object], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_whole_numbers_are_floats(estimator, dtype):
    expected = clone(estimator).fit(X.astype(float), y).transform(X.astype(float))
    ours = clone(estimator).fit(X.astype(dtype), y).transform(X.astype(dtype))
    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours, expected)
    if hasattr(estimator, "partial_fit"):
        np.testing.assert_allclose(clone(estimator).partial_fit(X.astype(dtype)).transform(X), PCA().fit_transform(X))


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_what_came_out_in_double_precision_does_so_after_single(estimator):
    single = clone(estimator).fit(X.astype(np.float32), y)
    assert single.transform(X.astype(np.uint8)).dtype == single.transform(X.astype(float)).dtype == np.float64
    assert single.transform(X.astype(np.float32)).dtype == np.float32


def test_whole_numbers_stored_sparsely():
    np.testing.assert_allclose(TruncatedSVD(1).fit(csr_array(X)).components_, TruncatedSVD(1).fit(X).components_)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, object], ids=lambda dtype: dtype.__name__)
def test_whole_numbers_of_several_modalities(dtype):
    views = {"a": X, "b": X[:, ::-1] ** 2}
    expected = CCA().fit(views).transform(views)
    given = {name: a.astype(dtype) for name, a in views.items()}
    ours = CCA().fit(given).transform(given)
    assert ours["a"].dtype == np.float64
    np.testing.assert_allclose(ours["b"], expected["b"])


def test_whole_numbers_on_a_map():
    quick = TSNE(perplexity=3, max_iter=250)
    np.testing.assert_array_equal(quick.fit_transform(X), clone(quick).fit_transform(X.astype(float)))
