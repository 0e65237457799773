from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn import manifold

from mmlearn_edu.evaluation import trustworthiness


def draw(n_samples, n_features, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples, n_features))
    return X.astype(dtype), (X[:, :2] + rng.normal(size=(n_samples, min(n_features, 2)))).astype(dtype)


@pytest.mark.parametrize("shape", [(60, 4), (20, 50), (30, 1)], ids=["tall", "wide", "one column"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_without_ties_agrees_with_scikit_learn(shape, dtype):
    X, embedding = draw(*shape, dtype)
    for k in range(1, (shape[0] - 1) // 2 + 1):
        expected = manifold.trustworthiness(X, embedding, n_neighbors=k)
        assert trustworthiness(X, embedding, n_neighbors=k) == pytest.approx(expected, abs=1e-12)
        expected = manifold.trustworthiness(embedding, X, n_neighbors=k)
        assert trustworthiness(embedding, X, n_neighbors=k) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("k", [1, 7, 100, 200])
def test_many_samples_agree_with_scikit_learn(k):
    X, embedding = draw(500, 3)
    expected = manifold.trustworthiness(X, embedding, n_neighbors=k)
    assert trustworthiness(X, embedding, n_neighbors=k) == pytest.approx(expected, abs=1e-12)


def over_all_orders(X, embedding, k):
    """The formula, averaged over every order in which ties may be sorted, in the data and on the map."""
    n = len(X)
    cost = 0
    for i in range(n):
        data, on_map = (np.abs(np.delete(A, i) - A[i]) for A in (X, embedding))
        orders = [[o for o in permutations(range(n - 1)) if np.all(np.diff(d[list(o)]) >= 0)] for d in (data, on_map)]
        found = [sum(max(a.index(j) + 1 - k, 0) for j in b[:k]) for a in orders[0] for b in orders[1]]
        cost += np.mean(found)
    return 1 - 2 * cost / (n * k * (2 * n - 3 * k - 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=5), st.integers(1, 2))
def test_ties_count_as_the_mean_of_all_orders(points, k):
    X, embedding = np.array(points, dtype=float).T
    ours = trustworthiness(X[:, None], embedding[:, None], n_neighbors=k)
    assert ours == pytest.approx(over_all_orders(X, embedding, k))


@pytest.mark.parametrize("k", [1, 5, 24])
def test_a_map_of_one_point_tells_nothing(k):
    n = 50
    X, _ = draw(n, 3)
    expected = 1 - (n - 1 - k) * (n - k) / ((n - 1) * (2 * n - 3 * k - 1))  # whoever draws k others blindly
    assert trustworthiness(X, np.zeros((n, 2)), n_neighbors=k) == pytest.approx(expected)
    assert trustworthiness(np.zeros((n, 2)), X, n_neighbors=k) == pytest.approx(expected)


def test_turning_growing_and_moving_a_map_changes_nothing():
    X, embedding = draw(40, 5)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    moved = 1000 * embedding @ turn + 7
    assert trustworthiness(X, moved) == pytest.approx(trustworthiness(X, embedding))
    assert trustworthiness(X, X) == trustworthiness(X, 3 * X - 1) == 1
    order = np.random.default_rng(1).permutation(40)
    assert trustworthiness(X[order], embedding[order]) == pytest.approx(trustworthiness(X, embedding))


def test_five_neighbors_unless_said_otherwise():
    assert trustworthiness(*draw(40, 5)) == trustworthiness(*draw(40, 5), n_neighbors=5)


def test_duplicates_and_sparse_data():
    X, embedding = (np.vstack([A, A]).round() for A in draw(20, 3))
    order = np.random.default_rng(1).permutation(40)
    expected = trustworthiness(X, embedding)
    assert trustworthiness(X[order], embedding[order]) == pytest.approx(expected)
    assert trustworthiness(sparse.csr_array(X), embedding) == pytest.approx(expected)


def test_by_hand():
    X, embedding = [[0.0], [1.0], [3.0], [7.0], [15.0]], [[0.0], [1.0], [3.0], [7.0], [0.9]]
    # on the map the last is nearest to 0 and to 1: place 4 in the data, so each costs 3; its own nearest is 1: place 3,
    # costs 2; 3 and 7 see on the map whom they see in the data
    assert trustworthiness(X, embedding, n_neighbors=1) == pytest.approx(1 - 2 * (3 + 3 + 0 + 0 + 2) / (5 * 6))


@pytest.mark.parametrize("k", [0, -1, 3, 100])
def test_says_which_n_neighbors_are_possible(k):
    with pytest.raises(ValueError, match=rf"n_neighbors={k} not in 1\.\.2, fewer than half of the 6 samples"):
        trustworthiness(np.eye(6), np.eye(6), n_neighbors=k)


def test_says_what_is_wrong():
    with pytest.raises(ValueError, match="X has 6 samples and embedding has 5; row i must be the same sample"):
        trustworthiness(np.eye(6), np.eye(5))
    with pytest.raises(ValueError, match="embedding holds 6 NaN"):
        trustworthiness(np.eye(6), np.full((6, 1), np.nan), n_neighbors=2)
    with pytest.raises(ValueError, match=r"X holds 1 NaN"):
        trustworthiness([[np.inf], [1.0]], np.eye(2))
    with pytest.raises(ValueError, match="embedding must have shape"):
        trustworthiness(np.eye(6), np.ones(6))
    with pytest.raises(ValueError, match="X is empty"):
        trustworthiness(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(ValueError, match=r"n_neighbors=1 not in 1\.\.0"):
        trustworthiness([[1.0]], [[1.0]], n_neighbors=1)
