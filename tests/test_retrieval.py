import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_matrix
from sklearn.neighbors import NearestNeighbors

from mmlearn_edu.retrieval import csls, search
from mmlearn_edu.similarity import cosine_similarity, euclidean_distances, manhattan_distances, top_k

METRICS = {"cosine": cosine_similarity, "euclidean": euclidean_distances, "manhattan": manhattan_distances}


def dot(X, Y):
    return X @ Y.T


def draw(n_queries, n_items, n_features, dtype=np.float64):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n_queries, n_features)).astype(dtype), rng.normal(size=(n_items, n_features)).astype(dtype)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", [(30, 200, 4), (5, 9, 40), (1, 1, 1)], ids=["tall", "wide", "one number"])
@pytest.mark.parametrize("chunk_size", [1, 7, 2048])
def test_agrees_with_scikit_learn(metric, shape, chunk_size):
    queries, bank = draw(*shape)
    k = min(3, len(bank))
    sign = 1 if metric == "cosine" else -1
    scores, items = search(
        queries, bank, k, similarity=lambda X, Y: sign * METRICS[metric](X, Y), chunk_size=chunk_size
    )
    theirs = NearestNeighbors(n_neighbors=k, metric=metric, algorithm="brute").fit(bank).kneighbors(queries)
    np.testing.assert_allclose(1 - scores if metric == "cosine" else -scores, theirs[0], atol=1e-12)
    np.testing.assert_array_equal(items, theirs[1])


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 14))
def test_chunks_change_nothing_and_the_lowest_item_wins_ties(seed, k, chunk_size):
    rng = np.random.default_rng(seed)
    queries, bank = rng.integers(-1, 2, size=(5, 2)), rng.integers(-1, 2, size=(12, 2))  # few values, many ties
    scores, items = search(queries, bank, k, similarity=dot, chunk_size=chunk_size)
    everything = queries @ bank.T
    np.testing.assert_array_equal(items, top_k(everything, k))
    np.testing.assert_array_equal(items, [sorted(range(12), key=lambda j: (-row[j], j))[:k] for row in everything])
    np.testing.assert_array_equal(scores, np.take_along_axis(everything, items, axis=1))


def test_never_holds_more_scores_than_it_says():
    sizes = []

    def watched(X, Y):
        sizes.append((len(X), len(Y)))
        return cosine_similarity(X, Y)

    search(*draw(25, 40, 3), k=2, similarity=watched, chunk_size=10)
    assert max(sizes) == (10, 10)
    assert sum(n * m for n, m in sizes) == 25 * 40  # and every query met every item once
    search(np.ones((1, 1)), np.ones((2049, 1)), similarity=watched)
    assert sizes[-2:] == [(1, 2048), (1, 1)]


def test_ten_are_found_unless_said_otherwise():
    queries, bank = draw(12, 15, 4)
    np.testing.assert_array_equal(search(queries, bank)[1], search(queries, bank, 10)[1])
    cosines = cosine_similarity(queries, bank)
    np.testing.assert_array_equal(csls(cosines), csls(cosines, 10))


@pytest.mark.parametrize("kind", [csr_matrix, coo_array])
def test_sparse_rows(kind):
    queries, bank = draw(6, 30, 5)
    bank[np.abs(bank) < 0.5] = 0
    expected = search(queries, bank, 4)[1]
    np.testing.assert_array_equal(search(kind(queries), kind(bank), 4, chunk_size=7)[1], expected)
    np.testing.assert_array_equal(search(queries, kind(bank), 4, chunk_size=7)[1], expected)


def test_float32_stays_float32():
    assert search(*draw(3, 20, 4, np.float32), 2, chunk_size=6)[0].dtype == np.float32
    assert search(*draw(3, 20, 4), 2, chunk_size=6)[0].dtype == np.float64
    assert csls(cosine_similarity(*draw(3, 20, 4, np.float32)), 2).dtype == np.float32


def test_by_hand():
    scores, items = search([[1, 0], [0, 2]], [[0, 1], [1, 0], [0, 3]], k=2)
    np.testing.assert_array_equal(items, [[1, 0], [0, 2]])
    np.testing.assert_array_equal(scores, [[1, 0], [1, 1]])
    np.testing.assert_array_equal(search([[0.0, 0.0]], [[1.0, 2.0], [3.0, 4.0]], 2)[1], [[0, 1]])  # zeros: all equal


@pytest.mark.parametrize("k", [0, 10, -1])
def test_search_says_which_k_are_possible(k):
    with pytest.raises(ValueError, match=rf"k={k} not in 1\.\.9; the bank has 9 items"):
        search(*draw(2, 9, 3), k)


@pytest.mark.parametrize("kind", [np.asarray, csr_matrix])
def test_search_says_what_is_wrong(kind):
    with pytest.raises(ValueError, match="chunk_size=0 is below 1"):
        search([[1.0]], [[1.0]], 1, chunk_size=0)
    with pytest.raises(ValueError, match=r"X has n_features=2 and Y has n_features=3; they must be equal"):
        search(kind(np.ones((1, 2))), kind(np.ones((4, 3))), 1)
    with pytest.raises(ValueError, match="holds 1 NaN or infinite values"):
        search(kind(np.ones((1, 2))), kind([[1.0, np.nan]]), 1)
    with pytest.raises(ValueError, match=r"^queries must have shape .*; for one sample write X\.reshape\(1, -1\)"):
        search([1.0, 2.0], kind(np.ones((4, 2))), 1)
    with pytest.raises(ValueError, match=r"(bank is empty: shape|k=1 not in 1\.\.0)"):
        search(kind(np.ones((1, 2))), kind(np.empty((0, 2))), 1)


@pytest.mark.parametrize("shape", [(20, 4), (4, 20), (6, 6), (1, 1)])
@pytest.mark.parametrize("k", [1, 3])
def test_csls_agrees_with_its_formula_pair_by_pair(shape, k):
    k = min(k, *shape)
    cosines = cosine_similarity(*draw(*shape, 5))
    corrected = csls(cosines, k)
    for i, j in np.ndindex(*shape):
        of_query = np.mean(sorted(cosines[i])[-k:])
        of_item = np.mean(sorted(cosines[:, j])[-k:])
        assert corrected[i, j] == pytest.approx(2 * cosines[i, j] - of_query - of_item)


def test_csls_weakens_hubs():
    queries, bank = (1 + rows for rows in draw(300, 300, 50))  # all in one quarter of space
    bank[0] = 1  # its middle: near to everybody
    cosines = cosine_similarity(queries, bank)
    plain, corrected = (np.bincount(top_k(s, 10).ravel(), minlength=300) for s in (cosines, csls(cosines)))
    assert plain[0] > 250
    assert corrected[0] < plain[0] / 2


@pytest.mark.parametrize("k", [0, 3])
def test_csls_says_which_k_are_possible(k):
    with pytest.raises(ValueError, match=rf"k={k} not in 1\.\.2, with similarity of shape \(2, 5\)"):
        csls(np.ones((2, 5)), k)


def test_csls_refuses_nan():
    with pytest.raises(ValueError, match="similarity holds 1 NaN"):
        csls([[np.nan]], 1)
