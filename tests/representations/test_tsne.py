import pickle
from functools import partial

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn import manifold
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import trustworthiness
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks as ec

from mmlearn_edu.representations import PCA, TSNE
from tests.conformance import FEWEST_CHECKS

QUICK = {"perplexity": 5, "max_iter": 250}
# the whole suite, which skips what asks for transform; of the extras, these two do not ask for it
CHECKS = [
    *ec.estimator_checks_generator(TSNE(perplexity=2, max_iter=250)),
    *[
        (TSNE(perplexity=2, max_iter=250), partial(check, "TSNE"))
        for check in (ec.check_n_features_in_after_fitting, ec.check_dataframe_column_names_consistency)
    ],
]


@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=ec._get_check_estimator_ids)
def test_scikit_learn_contract(estimator, check):
    assert len(CHECKS) > FEWEST_CHECKS
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    return load_digits().data[:300]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("parameters", [{}, {"init": "random", "random_state": 3, "n_components": 3}], ids=str)
def test_is_scikit_learns_map(digits, parameters, dtype):
    X = digits[:80].astype(dtype)
    ours = TSNE(**QUICK, **parameters)
    theirs = manifold.TSNE(**QUICK, **{"init": "pca", "random_state": 0, "learning_rate": "auto"} | parameters)
    np.testing.assert_array_equal(ours.fit_transform(X), theirs.fit_transform(X))
    assert ours.kl_divergence_ == theirs.kl_divergence_
    assert ours.n_iter_ == theirs.n_iter_


def test_keeps_neighbours_better_than_two_components(digits):
    tsne = TSNE().fit(digits)
    assert trustworthiness(digits, tsne.embedding_) > 0.97
    assert trustworthiness(digits, PCA(2).fit_transform(digits)) < 0.88
    assert tsne.kl_divergence_ < TSNE(max_iter=250).fit(digits).kl_divergence_


def test_the_same_seed_draws_the_same_map_and_another_does_not(digits):
    X = digits[:60]
    first = TSNE(**QUICK, init="random").fit_transform(X)
    np.testing.assert_array_equal(TSNE(**QUICK, init="random").fit_transform(X), first)
    assert not np.allclose(TSNE(**QUICK, init="random", random_state=1).fit_transform(X), first)


@pytest.mark.parametrize(
    "X",
    [
        np.random.default_rng(0).normal(size=(20, 300)),
        np.repeat(np.random.default_rng(0).normal(size=(5, 3)), 4, axis=0),
        np.column_stack([np.arange(20.0), np.ones(20)]),
    ],
    ids=["wide", "duplicate rows", "a constant column"],
)
def test_odd_shapes_give_finite_maps(X):
    assert np.isfinite(TSNE(**QUICK).fit_transform(X)).all()


def test_one_column_makes_a_line():
    X = np.arange(20.0)[:, None]
    assert TSNE(1, **QUICK).fit_transform(X).shape == (20, 1)
    assert TSNE(2, init="random", **QUICK).fit_transform(X).shape == (20, 2)


def test_has_no_transform_and_says_why(digits):
    tsne = TSNE(**QUICK).fit(digits[:40])
    assert not hasattr(tsne, "transform")
    with pytest.raises(AttributeError, match=r"t-SNE has no transform: .*Use fit_transform\(X\) .*PCA or UMAP"):
        tsne.transform(digits[40:])
    with pytest.raises(AttributeError, match="'TSNE' object has no attribute 'embeding_'"):
        _ = tsne.embeding_
    with pytest.raises(TypeError, match="All intermediate steps should be transformers"):
        make_pipeline(TSNE(), LogisticRegression()).fit(digits, digits[:, 20] > 8)


def test_last_in_a_pipeline_in_pandas_cloned_and_pickled(digits):
    table = make_pipeline(PCA(10), TSNE(**QUICK)).set_output(transform="pandas").fit_transform(digits[:50])
    assert list(table.columns) == ["tsne0", "tsne1"]
    tsne = TSNE(**QUICK).fit(digits[:50])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(tsne)).embedding_, tsne.embedding_)
    assert not hasattr(clone(tsne), "embedding_")
    assert clone(tsne).get_params() == tsne.get_params()


@pytest.mark.parametrize(
    ("parameters", "X", "message"),
    [
        ({}, np.eye(10), r"perplexity=30\.0 must be 1 or more and less than n_samples=10: .*; try 3$"),
        ({"perplexity": 0.5}, np.eye(10), r"perplexity=0\.5 must be 1 or more"),
        ({"perplexity": 10}, np.eye(10), r"perplexity=10 must be .* less than n_samples=10"),
        ({"n_components": 4}, np.eye(50), r"n_components=4 not in 1\.\.3: a map is to look at; to shorten take PCA"),
        ({"n_components": 1.5}, np.eye(50), r"n_components=1\.5 not in 1\.\.3"),
        ({"init": "spectral"}, np.eye(50), r"init must be \"pca\" or \"random\", got 'spectral'"),
        ({}, np.eye(50)[:, :1], r"init=\"pca\" has only n_features=1 directions for n_components=2; lower"),
        ({}, np.ones((50, 3)), "all 50 rows of X are equal"),
        ({}, np.eye(50) * 1e200, r"the widest feature of X spans 1e\+200; bring features near 1"),
        ({}, np.eye(50) * 1e-30, r"the widest feature of X spans 1e-30; bring features near 1"),
        ({"perplexity": 2, "n_components": 1}, [[1e308], [-1e308]] * 2, "spans inf"),
        ({"max_iter": 10}, np.eye(50), "'max_iter' parameter of TSNE must be an int in the range"),
        ({}, np.full((50, 3), np.nan), "Input X contains NaN"),
        ({}, np.full((50, 3), np.inf), "Input X contains infinity"),
        ({}, np.empty((0, 3)), r"0 sample\(s\)"),
        ({}, np.eye(1), "a minimum of 2 is required"),
        ({}, [1.0, 2.0], "Expected 2D array"),
    ],
)
def test_says_what_it_cannot_map(parameters, X, message):
    with pytest.raises(ValueError, match=message):
        TSNE(**parameters).fit(X)


def test_says_that_sparse_is_too_wide():
    with pytest.raises(TypeError, match="Sparse data was passed"):
        TSNE().fit(csr_array(np.eye(50)))
