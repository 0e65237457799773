import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.model_selection import GridSearchCV

from mmlearn_edu.clustering import KMeans, MiniBatchKMeans, kmeans_objective, kmeans_plus_plus
from mmlearn_edu.evaluation import adjusted_rand_index
from mmlearn_edu.modalities import Modalities
from tests.conformance import contract


@contract(KMeans(n_clusters=3, n_init=2))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def blobs(n_samples=300, n_clusters=4, n_features=3, spread=1.0, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=8, size=(n_clusters, n_features))
    y = rng.integers(n_clusters, size=n_samples)
    return centres[y] + rng.normal(scale=spread, size=(n_samples, n_features)), y


@pytest.mark.parametrize("spread", [1.0, 8.0], ids=["apart", "overlapping"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_agrees_with_scikit_learn_from_the_same_start(spread, dtype):
    X = blobs(spread=spread)[0].astype(dtype)
    start = X[:5]
    ours = KMeans(5, init=start).fit(X)
    theirs = SklearnKMeans(5, init=start, n_init=1, tol=0, algorithm="lloyd").fit(X)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(
        ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-4 if dtype == np.float32 else 1e-9
    )
    np.testing.assert_allclose(ours.inertia_, theirs.inertia_, rtol=1e-5)
    assert ours.cluster_centers_.dtype == dtype


@pytest.mark.parametrize("n_clusters", [1, 4, 7])
def test_restarts_are_as_good_as_scikit_learns(n_clusters):
    X, _ = blobs(spread=2.0)
    ours = KMeans(n_clusters, random_state=0).fit(X)
    theirs = SklearnKMeans(n_clusters, n_init=10, random_state=0).fit(X)
    assert ours.inertia_ <= theirs.inertia_ * 1.01


def test_finds_separate_blobs():
    X, y = blobs(spread=0.3)
    kmeans = KMeans(4, random_state=0)
    assert adjusted_rand_index(y, kmeans.fit_predict(X)) == 1.0
    np.testing.assert_array_equal(kmeans.predict(X), kmeans.labels_)


def test_by_hand():
    X = [[0.0], [2.0], [10.0]]
    kmeans = KMeans(2, init=[[0.0], [3.0]]).fit(X)
    # {0} {2, 10} -> centroids 0, 6 -> {0, 2} {10} -> centroids 1, 10
    np.testing.assert_allclose(kmeans.cluster_centers_, [[1.0], [10.0]])
    np.testing.assert_allclose(kmeans.objective_history_, [0 + 1 + 49, 0 + 4 + 16, 1 + 1 + 0])
    assert kmeans.labels_.tolist() == [0, 0, 1]
    assert kmeans.n_iter_ == 2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.sampled_from([0.0, 1e4]))
def test_the_objective_never_rises_and_is_what_it_says(seed, n_clusters, offset):
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(size=(rng.integers(n_clusters, 40), 2)), int(rng.integers(0, 3))) + offset
    start = rng.normal(size=(n_clusters, 2)) + offset
    kmeans = KMeans(n_clusters, init=start).fit(X)
    history = kmeans.objective_history_
    assert np.all(np.diff(history) <= 1e-9 * (1 + history[0]))
    assert history[0] == pytest.approx(kmeans_objective(X, start), rel=1e-7, abs=1e-7)
    assert kmeans.inertia_ == pytest.approx(kmeans_objective(X, kmeans.cluster_centers_), rel=1e-7, abs=1e-7)
    assert np.isfinite(kmeans.cluster_centers_).all()
    used = len(np.unique(kmeans.labels_))
    assert used == min(n_clusters, len(np.unique(X, axis=0)))  # no cluster stays empty while samples are to be had


def test_an_empty_cluster_takes_the_farthest_sample():
    X = np.array([[0.0], [1.0], [2.0], [50.0]])
    kmeans = KMeans(2, init=[[1.0], [500.0]], max_iter=1).fit(X)
    np.testing.assert_allclose(kmeans.cluster_centers_, [[1.0], [50.0]])


@pytest.mark.parametrize("algorithm", ["lloyd", "bounds"])
def test_empty_clusters_take_the_first_of_equally_far_samples(algorithm):
    X = np.tile([[1.0], [0.0], [-1.0], [0.0]], (10, 1))
    kmeans = KMeans(4, init=[[0.0], [500.0], [600.0], [700.0]], max_iter=1, algorithm=algorithm).fit(X)
    np.testing.assert_allclose(kmeans.cluster_centers_, [[-1 / 37], [1.0], [-1.0], [1.0]])


@pytest.mark.parametrize("algorithm", ["lloyd", "bounds"])
def test_a_billionth_away_is_away(algorithm):
    kmeans = KMeans(3, init=[[-1.0], [1.0], [500.0]], algorithm=algorithm).fit([[-1.0], [1.0], [1.0 + 1e-9]])
    assert kmeans.labels_.tolist() == [0, 1, 2]


@pytest.mark.parametrize("algorithm", ["lloyd", "bounds"])
def test_an_empty_cluster_stays_where_it_was_if_no_sample_is_away(algorithm):
    kmeans = KMeans(2, init=[[1.0], [50.0]], algorithm=algorithm).fit([[1.0]] * 3)
    assert kmeans.cluster_centers_.ravel().tolist() == [1.0, 50.0]
    # the second takes the 2; the mean of the rest is 0.1 but for rounding, which is no distance
    kmeans = KMeans(3, init=[[0.1], [50.0], [60.0]], algorithm=algorithm).fit([[0.1]] * 6 + [[2.0]])
    np.testing.assert_allclose(kmeans.cluster_centers_, [[0.1], [2.0], [60.0]])


def test_fewer_distinct_samples_than_clusters():
    kmeans = KMeans(3, random_state=0).fit(np.ones((5, 2)))
    np.testing.assert_array_equal(kmeans.cluster_centers_, np.ones((3, 2)))
    assert kmeans.inertia_ == 0


def test_equally_near_goes_to_the_lowest_index():
    assert KMeans(2, init=[[-1.0], [1.0]]).fit([[-1.0], [1.0]]).predict([[0.0]]).tolist() == [0]


def test_far_from_zero_it_is_still_exact():
    X, _ = blobs(spread=0.5)
    here, there = KMeans(4, random_state=0).fit(X), KMeans(4, random_state=0).fit(X + 1e8)
    np.testing.assert_array_equal(here.labels_, there.labels_)
    np.testing.assert_allclose(here.inertia_, there.inertia_, rtol=1e-5)


@pytest.mark.parametrize("algorithm", ["lloyd", "bounds"])
def test_one_column_far_from_zero_costs_the_others_no_digits(algorithm):
    X = [[1e8, 0.0], [1e8, 1.0], [1e8, 0.5 + 1e-8]]
    kmeans = KMeans(2, init=X[:2], max_iter=1, algorithm=algorithm)
    assert kmeans.fit(X).labels_.tolist() == [0, 1, 1]
    assert kmeans.fit(X[:2]).predict(X).tolist() == [0, 1, 1]


def test_chunks_change_nothing(monkeypatch):
    X, _ = blobs(spread=5.0)
    whole = KMeans(4, random_state=0).fit(X)
    monkeypatch.setattr("mmlearn_edu.clustering._distances.BLOCK", 100)
    monkeypatch.setattr("mmlearn_edu.clustering._lloyd.ROWS", 70)
    pieces = KMeans(4, random_state=0).fit(X)
    np.testing.assert_array_equal(whole.labels_, pieces.labels_)
    np.testing.assert_allclose(whole.objective_history_, pieces.objective_history_)


def test_a_seed_gives_the_same_answer_and_seed_zero_is_a_seed():
    X, _ = blobs(spread=8.0)
    first, second = (KMeans(6, n_init=1, random_state=0).fit(X) for _ in range(2))
    np.testing.assert_array_equal(first.labels_, second.labels_)


def test_plus_plus_prefers_far_samples():
    X = np.vstack([np.zeros((98, 1)), [[10.0]], [[20.0]]])
    draws = [kmeans_plus_plus(X, 2, random_state=seed).max() for seed in range(300)]
    # 20 is drawn second with 400 / 500 whenever a 0 came first (98 in 100), and is drawn first 1 in 100
    assert np.mean(np.equal(draws, 20.0)) == pytest.approx(0.98 * 0.8 + 0.01 + 0.01 * 0.5, abs=0.08)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_plus_plus_draws_the_same_samples_whatever_the_units(unit):
    X, _ = blobs()
    for seed in range(5):
        drawn = kmeans_plus_plus(X, 6, random_state=seed)
        np.testing.assert_allclose(kmeans_plus_plus(X * unit, 6, random_state=seed), drawn * unit)


def test_objective_by_hand():
    X, centroids = [[0.0, 0.0], [3.0, 4.0]], [[0.0, 0.0], [3.0, 3.0]]
    assert kmeans_objective(X, centroids) == 1.0  # squared, and the nearest
    assert kmeans_objective(X, centroids, labels=[0, 0]) == 25.0


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_clusters": 0}, r"n_clusters=0, expected 1 or more"),
        ({"n_clusters": 6}, r"n_samples=5 is fewer than n_clusters=6; ask for fewer"),
        ({"n_clusters": 2, "n_init": 0}, r"n_init=0, expected 1 or more"),
        ({"n_clusters": 2, "max_iter": 0}, r"max_iter=0, expected 1 or more"),
        ({"n_clusters": 2, "init": "random"}, r"init='random', expected \"k-means\+\+\" or an array"),
        ({"n_clusters": 2, "init": np.ones((3, 4))}, r"init has shape \(3, 4\), expected .* = \(2, 4\)"),
    ],
)
def test_says_what_is_wrong_with_a_parameter(parameters, message):
    with pytest.raises(ValueError, match=message):
        KMeans(**parameters).fit(np.ones((5, 4)))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1], r"one whole number per sample, shape \(3,\); got shape \(2,\)"),
        ([0.0, 1.0, 1.0], "one whole number per sample"),
        ([0, 1, 2], r"labels run from 0 to 2, expected 0\.\.1"),
        ([0, -1, 1], r"labels run from -1 to 1"),
    ],
)
def test_objective_says_what_is_wrong_with_labels(labels, message):
    with pytest.raises(ValueError, match=message):
        kmeans_objective(np.ones((3, 2)), np.ones((2, 2)), labels)


def test_objective_says_what_is_wrong_with_a_matrix():
    with pytest.raises(ValueError, match=r"X has n_features=2 and centroids 3; they must be equal"):
        kmeans_objective(np.ones((3, 2)), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"^X must have shape"):
        kmeans_objective(np.ones(3), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"^centroids must have shape"):
        kmeans_objective(np.ones((2, 3)), np.ones(3))
    with pytest.raises(ValueError, match=r"^init must have shape"):
        KMeans(2, init=[1.0, 2.0]).fit(np.ones((5, 1)))


def test_another_width_than_at_fit_and_words_are_refused():
    kmeans = KMeans(2, n_init=1).fit(np.eye(4))
    for method in (kmeans.predict, kmeans.score):
        with pytest.raises(ValueError, match="X has 3 features, but KMeans is expecting 4"):
            method(np.eye(3))
        with pytest.raises(ValueError, match="turn words into numbers first"):
            method([["one", "two", "three", "four"]])


def test_plus_plus_says_how_many_are_possible():
    with pytest.raises(ValueError, match=r"n_clusters=4 not in 1\.\.3"):
        kmeans_plus_plus(np.ones((3, 2)), 4)


def test_score_is_minus_the_objective():
    X, _ = blobs()
    kmeans = KMeans(4, random_state=0).fit(X)
    assert kmeans.score(X) == pytest.approx(-kmeans.inertia_)
    search = GridSearchCV(KMeans(n_init=2, random_state=0), {"n_clusters": [1, 4]}, cv=3).fit(X)
    assert search.best_params_ == {"n_clusters": 4}


def test_columns_stored_one_after_the_other_give_the_same():
    X, _ = blobs(spread=5.0)
    rows, columns = (KMeans(4, init=X[:4]).fit(stored) for stored in (X, np.asfortranarray(X)))
    np.testing.assert_array_equal(rows.labels_, columns.labels_)


@pytest.mark.parametrize("estimator", [KMeans, MiniBatchKMeans])
@pytest.mark.parametrize("n_clusters", [2.5, "3", None])
def test_a_fraction_of_a_cluster_is_refused(estimator, n_clusters):
    with pytest.raises(TypeError, match=r"n_clusters=.* must be a whole number: write 3, not"):
        estimator(n_clusters).fit(np.eye(4))
    with pytest.raises(TypeError, match=r"n_clusters=.* must be a whole number: write 3, not"):
        kmeans_plus_plus(np.eye(4), n_clusters)


def test_an_empty_array_and_a_nan_are_refused():
    with pytest.raises(ValueError, match="minimum of 1 is required"):
        KMeans(1).fit(np.ones((0, 2)))
    with pytest.raises(ValueError, match="Input X contains NaN"):
        KMeans(1).fit([[np.nan]])


def test_modalities_explain_themselves():
    X = Modalities({"image": np.ones((5, 2)), "text": np.ones((5, 2))})
    with pytest.raises(TypeError, match=r"is several arrays, not one; pick one, X\['image'\], or fuse them first"):
        KMeans(2).fit(X)
