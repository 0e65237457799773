import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from mmlearn_edu.networks import search
from mmlearn_edu.networks.search import _top_k
from mmlearn_edu.retrieval import search as reference
from mmlearn_edu.similarity import top_k


def draw(n_queries, n_items, n_features, dtype=np.float64):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n_queries, n_features)).astype(dtype), rng.normal(size=(n_items, n_features)).astype(dtype)


@pytest.mark.parametrize("shape", [(30, 200, 4), (5, 9, 40), (1, 1, 1)], ids=["tall", "wide", "one number"])
@pytest.mark.parametrize("chunk_size", [1, 7, 8192])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-6)])
def test_agrees_with_scikit_learn(shape, chunk_size, dtype, tolerance):
    queries, bank = draw(*shape, dtype)
    k = min(3, len(bank))
    scores, items = search(queries, bank, k, chunk_size=chunk_size, device="cpu")
    theirs = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(bank).kneighbors(queries)
    np.testing.assert_allclose(1 - scores, theirs[0], atol=tolerance)
    np.testing.assert_array_equal(items, theirs[1])
    assert scores.dtype == dtype


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 14))
def test_the_lowest_item_wins_ties(seed, k, chunk_size):
    rng = np.random.default_rng(seed)
    queries, bank = np.sign(rng.normal(size=(5, 1))), rng.integers(-1, 2, size=(12, 1))  # cosines -1, 0, 1: all ties
    scores, items = search(queries, bank, k, chunk_size=chunk_size, device="cpu")
    expected_scores, expected_items = reference(queries, bank, k)
    np.testing.assert_array_equal(items, expected_items)
    np.testing.assert_array_equal(scores, expected_scores)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_top_k_agrees_with_numpys(seed, k):
    scores = np.random.default_rng(seed).integers(0, 4, size=(6, 12)).astype(float)
    best, columns = _top_k(torch.from_numpy(scores), k)
    np.testing.assert_array_equal(columns, top_k(scores, k))
    np.testing.assert_array_equal(best, np.take_along_axis(scores, columns.numpy(), axis=1))


def test_zeros_and_sizes_out_of_the_ordinary():
    scores, items = search([[0.0, 0.0], [1e200, 0.0], [1e-300, 0.0]], [[1e-200, 0.0], [0.0, 0.0]], k=2, device="cpu")
    np.testing.assert_array_equal(scores, [[0, 0], [1, 0], [1, 0]])
    np.testing.assert_array_equal(items, [[0, 1], [0, 1], [0, 1]])


def test_mixed_precision_is_computed_in_single():
    queries, bank = draw(3, 20, 4)
    assert search(queries.astype(np.float32), bank, 2, device="cpu")[0].dtype == np.float32


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_finds_the_same():
    queries, bank = draw(50, 5000, 64, np.float32)
    ours, theirs = search(queries, bank, 10, device="cuda"), search(queries, bank, 10, device="cpu")
    np.testing.assert_allclose(ours[0], theirs[0], atol=1e-5)
    assert (ours[1] == theirs[1]).mean() > 0.99


def test_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"k=4 not in 1\.\.3; the bank has 3 items"):
        search(np.ones((1, 2)), np.ones((3, 2)), 4)
    with pytest.raises(ValueError, match=r"k=0 not in 1\.\.3"):
        search(np.ones((1, 2)), np.ones((3, 2)), 0)
    with pytest.raises(ValueError, match="chunk_size=0 is below 1"):
        search([[1.0]], [[1.0]], 1, chunk_size=0)
    with pytest.raises(ValueError, match="queries have n_features=2 and the bank 3; they must be equal"):
        search(np.ones((1, 2)), np.ones((3, 3)), 1)
    with pytest.raises(ValueError, match="bank holds 1 NaN"):
        search([[1.0]], [[np.nan]], 1)
    with pytest.raises(ValueError, match="queries is empty"):
        search(np.ones((0, 2)), np.ones((3, 2)), 1)
