import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from mmlearn_edu.clustering import KMeans, MiniBatchKMeans, kmeans_objective
from mmlearn_edu.datasets import load_spoken_digits
from mmlearn_edu.evaluation import adjusted_rand_index
from mmlearn_edu.features import flatten_images
from tests.conformance import contract


@contract(MiniBatchKMeans(n_clusters=3), MiniBatchKMeans(n_clusters=3, batch_size=7))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def blobs(n_samples=2000, n_clusters=10, n_features=8, scale=6.0, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=scale, size=(n_clusters, n_features))
    y = rng.integers(n_clusters, size=n_samples)
    return centres[y] + rng.normal(size=(n_samples, n_features)), y


def one_by_one(X, centroids, counts):
    """Sculley's update as it is printed: the nearest centroids first, then one gradient step per sample."""
    centroids, counts = np.array(centroids, dtype=np.float64), counts.copy()
    nearest = ((X[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    for x, c in zip(X, nearest, strict=True):
        counts[c] += 1
        step = 1 / counts[c]
        centroids[c] = (1 - step) * centroids[c] + step * x
    return centroids, counts


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(300, 4, 3), (40, 4, 90)], ids=["tall", "wide"])
def test_a_batch_at_once_is_one_step_per_sample(shape, dtype):
    n_samples, k, n_features = shape
    X = (blobs(n_samples, k, n_features, scale=1.0)[0] + 1000).astype(dtype)
    kmeans = MiniBatchKMeans(k, init=X[:k])
    centroids, counts = X[:k], np.zeros(k, dtype=int)
    for batch in np.array_split(X, 4):
        kmeans.partial_fit(batch)
        centroids, counts = one_by_one(batch, centroids, counts)
        np.testing.assert_array_equal(kmeans.counts_, counts)
        rtol = 1e-6 if dtype == np.float32 else 1e-12
        np.testing.assert_allclose(kmeans.cluster_centers_, centroids, rtol=rtol)
    assert kmeans.cluster_centers_.dtype == dtype


def test_one_batch_of_everything_is_one_round_of_lloyd():
    X, _ = blobs()
    batch = MiniBatchKMeans(5, init=X[:5], batch_size=len(X), max_iter=1).fit(X)
    lloyd = KMeans(5, init=X[:5], max_iter=1).fit(X)
    np.testing.assert_allclose(batch.cluster_centers_, lloyd.cluster_centers_, atol=1e-12)


def test_by_hand():
    kmeans = MiniBatchKMeans(2, init=[[0.0], [10.0]]).partial_fit([[2.0], [4.0]])
    assert kmeans.cluster_centers_.ravel().tolist() == [3.0, 10.0]  # nobody came to the second: it stays
    kmeans.partial_fit([[6.0], [12.0]])  # 6 is nearer to 3: (2 + 4 + 6) / 3
    assert kmeans.cluster_centers_.ravel().tolist() == [4.0, 12.0]
    assert kmeans.counts_.tolist() == [3, 1]


@pytest.mark.parametrize("seed", range(4))
def test_blobs_cost_within_5_percent_of_all_at_once(seed):
    X, y = blobs(seed=seed)
    whole = KMeans(10, random_state=seed).fit(X)
    batches = MiniBatchKMeans(10, batch_size=200, random_state=seed).fit(X)
    assert batches.inertia_ < 1.05 * whole.inertia_
    assert adjusted_rand_index(y, batches.labels_) > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_digits_cost_within_5_percent_of_all_at_once(seed):
    X = flatten_images(load_spoken_digits().X["image"])
    whole = KMeans(10, n_init=3, random_state=seed).fit(X)
    batches = MiniBatchKMeans(10, batch_size=200, random_state=seed).fit(X)
    assert batches.inertia_ < 1.05 * whole.inertia_


def test_learns_from_a_generator_of_batches():
    X, _ = blobs(n_samples=5000)
    kmeans = MiniBatchKMeans(10, random_state=0)
    for batch in (X[start : start + 250] for start in range(0, len(X), 250)):
        assert kmeans.partial_fit(batch) is kmeans
    assert kmeans.counts_.sum() == len(X)
    assert kmeans_objective(X, kmeans.cluster_centers_) < 1.05 * KMeans(10, random_state=0).fit(X).inertia_


def test_a_batch_may_be_a_single_sample():
    kmeans = MiniBatchKMeans(2, init=[[0.0], [9.0]])
    for x in (1.0, 3.0, 8.0):
        kmeans.partial_fit([[x]])
    assert kmeans.cluster_centers_.ravel().tolist() == [2.0, 8.0]


def test_whole_numbers_are_read_as_floats():
    X = np.array([[0], [1], [9]])
    for kmeans in (MiniBatchKMeans(2, init=[[0], [9]]).partial_fit(X), MiniBatchKMeans(2, init=[[0], [9]]).fit(X)):
        assert kmeans.cluster_centers_.ravel().tolist() == [0.5, 9.0]
        assert kmeans.counts_.dtype == np.intp


def test_the_first_batch_may_have_as_many_samples_as_clusters():
    kmeans = MiniBatchKMeans(4, random_state=0).partial_fit(np.eye(4))
    assert kmeans.counts_.tolist() == [1, 1, 1, 1]


def test_a_seed_repeats_the_first_batch():
    X, _ = blobs(scale=0.5)
    first, second, other = (MiniBatchKMeans(6, random_state=seed).partial_fit(X) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.cluster_centers_, second.cluster_centers_)
    assert not np.array_equal(first.cluster_centers_, other.cluster_centers_)


def test_fit_forgets_and_a_seed_repeats():
    X, _ = blobs()
    kmeans = MiniBatchKMeans(4, batch_size=100, random_state=0)
    first = clone(kmeans).fit(X)
    again = kmeans.partial_fit(X[:50]).fit(X)
    np.testing.assert_array_equal(first.cluster_centers_, again.cluster_centers_)
    assert again.counts_.sum() == again.max_iter * len(X)
    np.testing.assert_array_equal(again.labels_, again.predict(X))
    assert again.inertia_ == pytest.approx(kmeans_objective(X, again.cluster_centers_))


@pytest.mark.parametrize("away", [1e4, 1e4 * np.linspace(-1, 1, 8)], ids=["together", "each column by itself"])
def test_single_precision_stays_exact_far_from_zero(away):
    X, _ = blobs()
    here = MiniBatchKMeans(4, init=X[:4], batch_size=1000, random_state=0).fit(X)
    there = MiniBatchKMeans(4, init=X[:4] + away, batch_size=1000, random_state=0).fit((X + away).astype(np.float32))
    np.testing.assert_allclose(there.cluster_centers_ - away, here.cluster_centers_, atol=2e-3)


def test_fewer_distinct_samples_than_clusters():
    kmeans = MiniBatchKMeans(3, random_state=0).fit(np.ones((5, 2)))
    np.testing.assert_array_equal(kmeans.cluster_centers_, np.ones((3, 2)))
    assert kmeans.counts_.tolist() == [50, 0, 0]  # five samples, ten times; equally near goes to the lowest index


def test_in_a_grid_search():
    X, _ = blobs(n_samples=300, n_clusters=3)
    search = GridSearchCV(MiniBatchKMeans(random_state=0), {"n_clusters": [1, 3]}, cv=3).fit(X)
    assert search.best_params_ == {"n_clusters": 3}
    assert search.score(X) == pytest.approx(-search.best_estimator_.inertia_)


def test_says_what_is_wrong():
    X, _ = blobs(n_samples=50)
    with pytest.raises(ValueError, match=r"n_clusters=0, expected 1 or more"):
        MiniBatchKMeans(0).partial_fit(X)
    with pytest.raises(ValueError, match=r"batch_size=0, expected 1 or more"):
        MiniBatchKMeans(batch_size=0).fit(X)
    with pytest.raises(ValueError, match=r"max_iter=0, expected 1 or more"):
        MiniBatchKMeans(max_iter=0).fit(X)
    with pytest.raises(ValueError, match=r"first batch has n_samples=5, fewer than n_clusters=8; make it larger"):
        MiniBatchKMeans(batch_size=5).fit(X)
    with pytest.raises(ValueError, match=r"init has shape \(2, 3\), expected .* = \(2, 8\)"):
        MiniBatchKMeans(2, init=np.ones((2, 3))).partial_fit(X)
    with pytest.raises(ValueError, match=r"init='random', expected \"k-means\+\+\" or an array"):
        MiniBatchKMeans(2, init="random").fit(X)
    with pytest.raises(ValueError, match="X has 7 features, but MiniBatchKMeans is expecting 8"):
        MiniBatchKMeans(2).partial_fit(X).partial_fit(X[:, :7])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        MiniBatchKMeans(2).partial_fit(np.full((3, 3), np.nan))
