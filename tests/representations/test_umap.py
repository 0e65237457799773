"""The first map compiles umap-learn, which takes half a minute; the others are quick."""

import os
import pickle
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from mmlearn_edu.representations import PCA, UMAP, neighbour_maps
from tests.conformance import contract

# the places of new rows are found together, so they depend a little on which rows those are, and on their order
TOGETHER = ["check_methods_subset_invariance", "check_methods_sample_order_invariance"]


@contract(UMAP(n_neighbors=3), but=TOGETHER)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    return load_digits(return_X_y=True)


@pytest.fixture(scope="module")
def fitted(digits):
    return UMAP().fit(digits[0][:300])


def test_is_umap_learns_map(digits, fitted):
    theirs = neighbour_maps._import_umap().UMAP(random_state=0, n_jobs=1).fit(digits[0][:300])
    np.testing.assert_array_equal(fitted.embedding_, theirs.embedding_)
    np.testing.assert_array_equal(fitted.transform(digits[0][300:320]), theirs.transform(digits[0][300:320]))
    assert fitted.embedding_.dtype == np.float32


def test_keeps_neighbours_better_than_two_components(digits, fitted):
    X = digits[0][:300]
    assert trustworthiness(X, fitted.embedding_) > 0.95
    assert trustworthiness(X, PCA(2).fit_transform(X)) < 0.88


def test_new_rows_land_among_their_own(digits, fitted):
    X, y = digits
    new = fitted.transform(X[300:400])
    nearest = np.linalg.norm(new[:, None] - fitted.embedding_, axis=2).argmin(axis=1)
    assert (y[:300][nearest] == y[300:400]).mean() > 0.8  # other writers; chance is 0.1
    np.testing.assert_array_equal(fitted.transform(X[300:400]), new)
    np.testing.assert_array_equal(fitted.transform(X[:300]), fitted.embedding_)


def test_the_same_seed_draws_the_same_map_and_another_does_not(digits):
    X = digits[0][:60]
    first = UMAP().fit_transform(X)
    np.testing.assert_array_equal(UMAP().fit_transform(X), first)
    assert not np.allclose(UMAP(random_state=1).fit_transform(X), first)
    assert np.isfinite(UMAP(random_state=None).fit_transform(X)).all()


@pytest.mark.parametrize("shape", [(20, 300), (20, 1), (4, 3)], ids=["wide", "one column", "four rows"])
def test_odd_shapes_give_finite_maps(shape):
    X = np.random.default_rng(0).normal(size=shape)
    assert np.isfinite(UMAP(n_neighbors=3).fit_transform(X)).all()
    assert np.isfinite(UMAP(n_neighbors=3).fit_transform(np.repeat(X, 3, axis=0))).all()
    assert np.isfinite(UMAP(n_neighbors=3).fit_transform(np.hstack([X, np.ones((len(X), 1))]))).all()


def test_parameters_arrive(digits):
    X = digits[0][:60]
    loose, tight = UMAP(min_dist=1.0).fit_transform(X), UMAP(min_dist=0.0).fit_transform(X)
    assert closest(loose) > 1.5 * closest(tight)
    ties = [UMAP(n_neighbors=k).fit(X).model_.graph_.nnz for k in (3, 20)]
    assert ties[0] < ties[1] / 3
    assert UMAP(3).fit_transform(X).shape == (60, 3)


def closest(Z):
    apart = np.linalg.norm(Z[:, None] - Z, axis=2)
    return np.median((apart + 1e9 * np.eye(len(Z))).min(axis=1))


def test_inside_pipelines_searches_and_copies(digits, fitted):
    X, y = digits[0][:150], digits[1][:150]
    pipe = make_pipeline(PCA(20), UMAP(), KNeighborsClassifier())
    search = GridSearchCV(pipe, {"umap__n_neighbors": [5, 10]}, cv=2, error_score="raise").fit(X, y)
    assert search.best_score_ > 0.7
    assert list(UMAP().set_output(transform="pandas").fit_transform(X).columns) == ["umap0", "umap1"]
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(digits[0][300:310]), fitted.transform(digits[0][300:310]))
    assert not hasattr(clone(fitted), "embedding_")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork, which this system lacks")
def test_works_in_a_forked_copy_after_use_in_its_parent(digits, fitted):
    """Answers are checked in forked copies of the notebook's process; OpenMP would end them."""
    X = digits[0]
    here, there = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            same = np.array_equal(UMAP().fit_transform(X[:300]), fitted.embedding_)
            os.write(there, b"same" if same and fitted.transform(X[300:310]).shape == (10, 2) else b"other")
        finally:
            os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    assert (said, status) == (b"same", 0)


def test_refuses_in_words_where_threads_would_end_the_copy(monkeypatch, digits):
    import numba

    monkeypatch.setattr(numba, "threading_layer", lambda: "omp")
    monkeypatch.setattr(sys, "platform", "linux")
    assert UMAP().fit(digits[0][:30]).embedding_.shape == (30, 2)  # the process that started them may go on
    monkeypatch.setattr(neighbour_maps, "PROCESS", -1)
    with pytest.raises(RuntimeError, match=r"OpenMP threads, .* set the variable NUMBA_THREADING_LAYER=workqueue"):
        UMAP().fit(digits[0][:30])
    monkeypatch.setattr(numba, "threading_layer", lambda: "workqueue")
    assert UMAP().fit(digits[0][:30]).embedding_.shape == (30, 2)


def test_keeps_the_threads_that_were_chosen(monkeypatch):
    import numba

    monkeypatch.setattr(numba.config, "THREADING_LAYER", "omp")
    neighbour_maps._import_umap()
    assert numba.config.THREADING_LAYER == "omp"
    monkeypatch.setattr(numba.config, "THREADING_LAYER", "default")
    neighbour_maps._import_umap()
    assert numba.config.THREADING_LAYER == "workqueue"


def test_says_how_to_install_what_is_missing(monkeypatch, digits, fitted):
    monkeypatch.setitem(sys.modules, "umap", None)
    for attempt in (lambda: UMAP().fit(digits[0]), lambda: fitted.transform(digits[0])):
        with pytest.raises(ImportError, match=r"UMAP needs umap-learn \(.*\); .*pip install \"mmlearn-edu\[umap\]\""):
            attempt()


@pytest.mark.parametrize(
    ("parameters", "X", "message"),
    [
        ({}, np.eye(15), "n_neighbors=15 must be 2 or more and less than n_samples=15: nobody has more"),
        ({"n_neighbors": 1}, np.eye(10), "n_neighbors=1 must be 2 or more"),
        ({"n_components": 0}, np.eye(20), r"n_components=0 not in 1\.\.18 \(n_samples=20\)"),
        ({"n_components": 19}, np.eye(20), r"n_components=19 not in 1\.\.18"),
        ({"min_dist": -0.1}, np.eye(20), r"min_dist=-0\.1 not in \[0, 1\]"),
        ({"min_dist": 1.1}, np.eye(20), r"min_dist=1\.1 not in \[0, 1\]"),
        ({}, np.ones((20, 3)), "all 20 rows of X are equal"),
        ({}, np.eye(20) * 1e30, r"spans 1e\+30; bring features near 1"),
        ({}, np.full((20, 3), np.nan), "Input X contains NaN"),
        ({}, np.eye(1), "a minimum of 2 is required"),
    ],
)
def test_says_what_it_cannot_map(parameters, X, message):
    with pytest.raises(ValueError, match=message):
        UMAP(**parameters).fit(X)


def test_says_that_sparse_is_too_wide():
    with pytest.raises(TypeError, match="Sparse data was passed"):
        UMAP().fit(csr_array(np.eye(50)))
