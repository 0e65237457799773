"""The bounds must never change an answer: everything here is compared with plain Lloyd, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans as SklearnKMeans

from mmlearn_edu.clustering import KMeans, _bounds, _distances
from tests.conformance import contract


@contract(KMeans(n_clusters=3, n_init=2, algorithm="bounds"))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def both(X, k, start, max_iter=100):
    return (KMeans(k, init=start, max_iter=max_iter, algorithm=name).fit(X) for name in ("lloyd", "bounds"))


def assert_same(X, k, start, max_iter=100):
    lloyd, bounds = both(X, k, start, max_iter)
    np.testing.assert_array_equal(lloyd.labels_, bounds.labels_)
    np.testing.assert_array_equal(lloyd.cluster_centers_, bounds.cluster_centers_)
    assert lloyd.n_iter_ == bounds.n_iter_
    assert lloyd.inertia_ == bounds.inertia_
    size = (np.asarray(X, np.float64) - np.mean(X, axis=0, dtype=np.float64)) ** 2
    atol = (1e-4 if bounds.cluster_centers_.dtype == np.float32 else 1e-11) * (size.sum() + lloyd.objective_history_[0])
    np.testing.assert_allclose(lloyd.objective_history_, bounds.objective_history_, atol=atol, rtol=0)
    return bounds


def blobs(n_samples, n_clusters, n_features, scale, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=scale, size=(n_clusters, n_features))
    return centres[rng.integers(n_clusters, size=n_samples)] + rng.normal(size=(n_samples, n_features))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("scale", [0.0, 1.0, 8.0], ids=["noise", "overlapping", "apart"])
@pytest.mark.parametrize("shape", [(3000, 6, 8), (60, 4, 200)], ids=["tall", "wide"])
def test_same_as_lloyd_and_scikit_learn(scale, shape, dtype):
    n_samples, k, n_features = shape
    X = blobs(n_samples, k, n_features, scale).astype(dtype)
    ours = assert_same(X, k, X[:k], max_iter=300)
    theirs = SklearnKMeans(k, init=X[:k], n_init=1, tol=0, algorithm="lloyd").fit(X)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    rtol = 1e-4 if dtype == np.float32 else 1e-9
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=rtol, atol=rtol)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 12),
    width=st.sampled_from([1, 2, 9]),
    decimals=st.sampled_from([0, 1, 9]),
    offset=st.sampled_from([0.0, 1e4, 1 / 3]),
    dtype=st.sampled_from([np.float64, np.float32]),
)
def test_same_with_ties_duplicates_and_empty_clusters(seed, k, width, decimals, offset, dtype):
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(size=(rng.integers(k, 60), width)), decimals)  # few decimals: many ties and duplicates
    X[0] *= rng.choice([1, 1e5])  # one sample far away
    start = X[rng.integers(len(X), size=k)] if rng.random() < 0.5 else rng.normal(scale=30, size=(k, width))
    assert_same((X + offset).astype(dtype), k, start + offset)


@pytest.mark.parametrize("k", [1, 40])
def test_one_cluster_and_one_for_every_sample(k):
    X = blobs(40, 3, 2, 5.0)
    assert_same(X, k, X[:k])


def test_columns_that_do_not_vary_and_samples_that_are_all_alike():
    X = blobs(100, 3, 2, 5.0)
    assert_same(np.hstack([X, np.full((100, 1), 7.7)]), 3, np.hstack([X[:3], [[7.7]] * 3]))
    assert assert_same(np.full((20, 2), 0.1), 3, np.full((3, 2), 0.1)).inertia_ < 1e-30


@pytest.mark.parametrize("max_iter", [1, 2, 3, 7])
def test_same_when_stopped_early(max_iter):
    X = blobs(500, 5, 3, 0.0)
    assert assert_same(X, 5, X[:5], max_iter).n_iter_ == max_iter


def test_restarts_choose_the_same_start():
    X = blobs(300, 6, 2, 2.0)
    lloyd, bounds = (KMeans(6, algorithm=name, random_state=3).fit(X) for name in ("lloyd", "bounds"))
    np.testing.assert_array_equal(lloyd.labels_, bounds.labels_)
    np.testing.assert_array_equal(lloyd.cluster_centers_, bounds.cluster_centers_)


def test_equally_near_goes_to_the_lowest_index_although_rounding_would_not():
    # 0.1 + 0.2 is not 0.3: the middle sample is as near to either centroid, but not in floating point
    for algorithm in ("lloyd", "bounds"):
        kmeans = KMeans(2, init=[[0.3], [0.1]], max_iter=1, algorithm=algorithm).fit([[0.1], [0.2], [0.3]])
        assert kmeans.labels_.tolist()[::2] == [1, 0]
        assert kmeans.predict([[0.2]]).tolist() == [0]


def test_it_does_skip(monkeypatch):
    asked = []

    def count(X, centroids, X_squares, rows=None):
        asked.append(len(X if rows is None else rows))
        return _distances.nearest_two(X, centroids, X_squares, rows)

    monkeypatch.setattr(_bounds, "nearest_two", count)
    X = blobs(2000, 4, 5, 20.0)
    bounds = KMeans(4, init=X[:4], algorithm="bounds").fit(X)
    assert asked[0] == 2000
    assert bounds.n_iter_ == len(asked) - 1 > 1
    assert asked[-1] < 20  # nearly nobody, once the clusters stand


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([np.float64, np.float32]))
def test_bounds_are_bounds(seed, dtype):
    rng = np.random.default_rng(seed)
    X = (rng.normal(size=(30, 3)) * 10.0 ** rng.integers(-3, 4)).astype(dtype)
    old, X_squares = X[:4], _distances.squares(X)
    labels, *found = _distances.nearest_two(X, old, X_squares)
    upper, lower = _bounds._bounds(X, X_squares, *found)
    new = old + rng.normal(scale=rng.choice([1e-6, 0.1, 3]), size=old.shape).astype(dtype)
    rows = _bounds._widen(upper, lower, labels, old, new, _distances.rounding(X))
    distances = np.linalg.norm(X[:, None].astype(np.float64) - new, axis=2)
    own = distances[np.arange(30), labels].copy()
    distances[np.arange(30), labels] = np.inf
    assert np.all(own <= upper)
    assert np.all(distances.min(axis=1) >= lower)
    skipped = np.setdiff1d(np.arange(30), rows)
    assert np.all(own[skipped] < distances[skipped].min(axis=1))


def test_bounds_hold_where_rounding_swallows_the_distance():
    # in single precision 1000^2 is rounded to 0.06, so a distance of 0.1 may come out as 0
    X = (1000 + np.random.default_rng(0).uniform(-0.3, 0.3, size=(300, 3))).astype(np.float32)
    centroids = np.array([[1000] * 3, [1000.5] * 3], dtype=np.float32)
    X_squares = _distances.squares(X)
    _, *found = _distances.nearest_two(X, centroids, X_squares)
    upper, lower = _bounds._bounds(X, X_squares, *found)
    near, far = np.sort(np.linalg.norm(X[:, None].astype(np.float64) - centroids, axis=2)).T
    assert np.all(upper >= near)
    assert np.all(lower <= far)


def test_widening_by_hand():
    old, new = np.array([[0.0], [10.0]]), np.array([[0.5], [12.0]])  # moves of 0.5 and 2
    upper, lower, labels = np.array([1.0, 1.0, 1.0]), np.array([5.0, 5.0, 1.0]), np.array([0, 1, 0])
    doubtful = _bounds._widen(upper, lower, labels, old, new, 1e-15)
    assert upper == pytest.approx([1.5, 3.0, 1.5], rel=1e-8)
    assert lower == pytest.approx([3.0, 4.5, -1.0], rel=1e-8)
    assert doubtful.tolist() == [2]


def test_bounds_that_meet_decide_nothing():
    centroids, labels = np.array([[0.0], [10.0]]), np.zeros(4, dtype=np.intp)
    upper, lower = np.array([0.0, 3.0, 3.0, 3.0]), np.array([0.0, 3.0, 3.0 * (1 + 1e-9), 3.0 * (1 + 1e-6)])
    assert _bounds._widen(upper, lower, labels, centroids, centroids, 1e-15).tolist() == [0, 1, 2]


@pytest.mark.parametrize("rows", [None, np.arange(0, 200, 3)], ids=["all", "some"])
def test_the_nearest_two_are_those_of_all_distances(rows):
    X = blobs(200, 5, 3, 2.0)
    X -= X.mean(axis=0)
    labels, first, second = _distances.nearest_two(X, X[:5], _distances.squares(X), rows)
    distances = ((X[:, None] - X[:5]) ** 2).sum(axis=2)[slice(None) if rows is None else rows]
    np.testing.assert_array_equal(labels, distances.argmin(axis=1))
    np.testing.assert_allclose(np.stack([first, second]), np.sort(distances).T[:2], atol=1e-12)


def test_a_far_sample_does_not_make_others_equally_near():
    X, centroids = np.array([[0.5 + 1e-9], [1e8]]), np.array([[0.0], [1.0]])
    for rows in (np.array([0]), np.array([0, 1])):
        assert _distances._first_of_equals(X, centroids, rows)[0] == 1


def test_a_sample_at_zero_on_its_centroid_is_nearest_to_it():
    assert _distances._first_of_equals(np.zeros((1, 1)), np.array([[1.0], [0.0]]), np.array([0])).tolist() == [1]


@pytest.mark.parametrize("algorithm", ["lloyd", "bounds"])
def test_a_sample_in_the_very_middle(algorithm):
    # the mean is 0 and so is the sample: nothing may be divided by its length, and its own centroid is near, at 0
    kmeans = KMeans(2, init=[[-1.0], [0.0]], algorithm=algorithm).fit([[-1.0], [0.0], [1.0]])
    assert kmeans.labels_.tolist() == [0, 1, 1]
    assert kmeans.cluster_centers_.ravel().tolist() == [-1.0, 0.5]


@pytest.mark.parametrize("algorithm", ["lloyd", "bounds"])
def test_the_history_is_added_up_in_double_precision(algorithm):
    X = np.array([[-4096.0], [4096.0], [-1.0], [1.0]], dtype=np.float32)
    kmeans = KMeans(1, init=[[0.0]], algorithm=algorithm).fit(X)
    assert kmeans.objective_history_.tolist() == [2**25 + 2] * 2  # single precision would lose the 2


def test_says_which_algorithms_there_are():
    with pytest.raises(ValueError, match=r"algorithm='elkan', expected one of lloyd, bounds"):
        KMeans(2, algorithm="elkan").fit(np.ones((5, 4)))
