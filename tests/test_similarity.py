import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, csr_matrix
from sklearn.metrics import pairwise

from mmlearn_edu.similarity import cosine_similarity, top_k


def pair(dtype=np.float64):
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 6)).astype(dtype), rng.normal(size=(30, 6)).astype(dtype)


@pytest.mark.parametrize("kind", [np.asarray, csr_matrix, csr_array], ids=["dense", "csr_matrix", "csr_array"])
def test_agrees_with_scikit_learn(kind):
    X, Y = pair()
    X[np.abs(X) < 0.5] = 0
    X[3] = 0
    np.testing.assert_allclose(cosine_similarity(kind(X), kind(Y)), pairwise.cosine_similarity(X, Y), atol=1e-12)
    np.testing.assert_allclose(cosine_similarity(kind(X)), pairwise.cosine_similarity(X), atol=1e-12)
    np.testing.assert_allclose(cosine_similarity(kind(X), Y), pairwise.cosine_similarity(X, Y), atol=1e-12)
    np.testing.assert_allclose(cosine_similarity(Y, kind(X)), pairwise.cosine_similarity(Y, X), atol=1e-12)


def test_by_hand():
    assert cosine_similarity([[3.0, 4.0]], [[4.0, 3.0]])[0, 0] == pytest.approx(24 / 25)
    np.testing.assert_array_equal(cosine_similarity([[0.0, 0.0]], [[1.0, 2.0]]), [[0.0]])
    np.testing.assert_allclose(cosine_similarity(csr_array([[0, 2], [0, 0]])), [[1, 0], [0, 0]])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-200, 1e-3, 1.0, 1e200]))
def test_blind_to_length_and_within_bounds(seed, scale):
    X = np.random.default_rng(seed).normal(size=(5, 3))
    np.testing.assert_allclose(cosine_similarity(X, X * scale), cosine_similarity(X), atol=1e-9)
    assert np.abs(cosine_similarity(X, np.repeat(X, 3, axis=0))).max() <= 1.0


def test_top_k_agrees_with_a_loop_and_breaks_ties_by_position():
    scores = np.random.default_rng(1).integers(0, 4, size=(50, 9))
    expected = [sorted(range(9), key=lambda j: (-row[j], j))[:5] for row in scores]
    np.testing.assert_array_equal(top_k(scores, 5), expected)
    np.testing.assert_array_equal(top_k(scores.astype(np.uint8), 5), expected)  # -uint8 would wrap round
    np.testing.assert_array_equal(top_k(np.zeros((1, 4)), 4), [[0, 1, 2, 3]])


def test_cosine_says_which_widths_differ():
    with pytest.raises(ValueError, match=r"X has n_features=6 and Y has n_features=2; they must be equal"):
        cosine_similarity(pair()[0], np.ones((3, 2)))


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"X must have shape .* got shape \(2,\); for one sample write X\.reshape\(1, -1\)"),
        ([[np.nan, 1.0]], ValueError, "X holds 1 NaN or infinite values"),
        (csr_array([[np.inf, 0.0]]), ValueError, "X holds 1 NaN or infinite values"),
        ([["a"]], TypeError, "X must be a matrix of numbers"),
    ],
)
def test_cosine_says_what_is_wrong_with_its_input(X, error, message):
    with pytest.raises(error, match=message):
        cosine_similarity(X)


@pytest.mark.parametrize("k", [0, 10, -1])
def test_top_k_says_how_many_there_are(k):
    with pytest.raises(ValueError, match=rf"k={k} not in 1\.\.9; scores has 9 items"):
        top_k(np.zeros((2, 9)), k)


def test_top_k_refuses_nan():
    with pytest.raises(ValueError, match="scores holds 1 NaN"):
        top_k([[0.0, np.nan]], 1)
