import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array, csr_matrix, lil_array
from scipy.spatial.distance import cdist
from sklearn.metrics import pairwise

from mmlearn_edu.similarity import cosine_similarity, euclidean_distances, manhattan_distances, top_k


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
    half = np.sqrt(0.5)  # the cosine of 45 degrees, between a very short row and a very long one
    np.testing.assert_allclose(cosine_similarity([[1e-200, 1e-200], [1e200, 0]]), [[1, half], [half, 1]])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-200, 1e-3, 1.0, 1e200]))
def test_blind_to_length_and_within_bounds(seed, scale):
    X = np.random.default_rng(seed).normal(size=(5, 3))
    np.testing.assert_allclose(cosine_similarity(X, X * scale), cosine_similarity(X), atol=1e-9)
    assert np.abs(cosine_similarity(X, np.vstack([X, -3 * X]))).max() <= 1.0


DISTANCES = {euclidean_distances: "euclidean", manhattan_distances: "cityblock"}


@pytest.mark.parametrize("distance", DISTANCES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("shape", [(40, 3), (6, 50), (1, 1)], ids=["tall", "wide", "one number"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_distances_agree_with_scipy(distance, shape, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(loc=3.0, scale=10.0, size=shape).astype(dtype)
    Y = np.vstack([rng.normal(size=shape), X[:1]]).astype(dtype)
    X[:, -1], Y[:, -1] = 7, 7  # a constant column
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    np.testing.assert_allclose(distance(X, Y), cdist(X, Y, DISTANCES[distance]), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(distance(X), cdist(X, X, DISTANCES[distance]), rtol=tolerance, atol=tolerance)
    assert distance(X, Y).dtype == dtype
    assert not np.diag(distance(X)).any()


@pytest.mark.parametrize("kind", [csr_matrix, csr_array, coo_array])
def test_distances_of_sparse_rows_agree_with_scipy(kind):
    X, Y = pair()
    X[np.abs(X) < 0.5], Y[0], Y[1] = 0, X[4], 0
    X[3] = 0
    expected = cdist(X, Y)
    np.testing.assert_allclose(euclidean_distances(kind(X), kind(Y)), expected, rtol=1e-12)
    np.testing.assert_allclose(euclidean_distances(kind(X), Y), expected, rtol=1e-12)
    np.testing.assert_allclose(euclidean_distances(X, kind(Y)), expected, rtol=1e-12)
    np.testing.assert_allclose(euclidean_distances(kind(X)), cdist(X, X), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("apart", [1e-9, 1e-4, 1e-3, 1.0])
def test_far_from_the_origin_small_distances_survive(apart):
    X = 1e3 + np.arange(6.0).reshape(2, 3)
    Y = X + np.array([apart, 0.0, 0.0])
    np.testing.assert_allclose(euclidean_distances(X, Y), cdist(X, Y), rtol=1e-9)
    np.testing.assert_allclose(euclidean_distances(csr_array(X), Y), cdist(X, Y), rtol=1e-9)


@pytest.mark.parametrize("size", [1e-300, 1e-3, 1.0, 1e307])
def test_distances_grow_with_the_numbers(size):
    np.testing.assert_allclose(euclidean_distances([[0.0, 0.0]], [[3 * size, 4 * size]]), [[5 * size]])
    np.testing.assert_allclose(manhattan_distances([[0.0, 0.0]], [[3 * size, -4 * size]]), [[7 * size]])


@pytest.mark.parametrize("number", [5e-324, 1.7e308], ids=["smallest", "largest"])
def test_distances_reach_from_the_smallest_to_the_largest_number(number):
    np.testing.assert_array_equal(euclidean_distances([[0.0]], [[number]]), [[number]])


@pytest.mark.parametrize("kind", [np.asarray, csr_matrix, csr_array], ids=["dense", "csr_matrix", "csr_array"])
def test_distances_are_float32_only_if_both_inputs_are(kind):
    X, Y = pair()
    assert euclidean_distances(kind(X.astype(np.float32)), kind(Y)).dtype == np.float64
    assert euclidean_distances(kind(X), kind(Y.astype(np.float32))).dtype == np.float64
    assert euclidean_distances(kind(X.astype(np.float32)), kind(Y.astype(np.float32))).dtype == np.float32
    whole = np.array([[0, 0], [1, 2]])
    np.testing.assert_allclose(euclidean_distances(kind(whole)), cdist(whole, whole))


def test_sparse_rows_of_zeros_and_every_kind_of_sparse():
    np.testing.assert_array_equal(cosine_similarity(csr_array((2, 3))), np.zeros((2, 2)))
    np.testing.assert_array_equal(euclidean_distances(csr_array((2, 3)), np.ones((1, 3))), [[np.sqrt(3)]] * 2)
    np.testing.assert_allclose(euclidean_distances(lil_array([[0, 3], [4, 0]])), [[0, 5], [5, 0]])


def test_distances_by_hand():
    np.testing.assert_array_equal(euclidean_distances([[0, 0], [1, 1]], [[3, 4]]), [[5], [np.sqrt(13)]])
    np.testing.assert_array_equal(manhattan_distances([[0, 0], [1, 1]], [[3, -4]]), [[7], [7]])
    np.testing.assert_array_equal(euclidean_distances(np.zeros((2, 3))), np.zeros((2, 2)))


@pytest.mark.parametrize("distance", DISTANCES, ids=lambda d: d.__name__)
def test_distances_say_what_is_wrong(distance):
    with pytest.raises(ValueError, match=r"X has n_features=6 and Y has n_features=2; they must be equal"):
        distance(pair()[0], np.ones((3, 2)))
    with pytest.raises(ValueError, match="Y holds 1 NaN or infinite values"):
        distance([[0.0]], [[np.nan]])
    with pytest.raises(ValueError, match=r"X is empty: shape \(0, 2\)"):
        distance(np.empty((0, 2)))


@pytest.mark.parametrize(("X", "Y"), [(csr_array([[1.0]]), None), ([[1.0]], csr_array([[1.0]]))])
def test_manhattan_refuses_sparse_rows(X, Y):
    with pytest.raises(TypeError, match=r"manhattan_distances needs dense matrices; write X\.toarray\(\)"):
        manhattan_distances(X, Y)


def test_top_k_agrees_with_a_loop_and_breaks_ties_by_position():
    scores = np.random.default_rng(1).integers(0, 4, size=(50, 9))
    expected = [sorted(range(9), key=lambda j: (-row[j], j))[:5] for row in scores]
    np.testing.assert_array_equal(top_k(scores, 5), expected)
    np.testing.assert_array_equal(top_k(scores.astype(np.uint8), 5), expected)  # -uint8 would wrap round
    np.testing.assert_array_equal(top_k(scores, 1)[:, 0], scores.argmax(axis=1))
    np.testing.assert_array_equal(top_k(np.zeros((1, 4)), 4), [[0, 1, 2, 3]])


def test_cosine_says_which_widths_differ():
    with pytest.raises(ValueError, match=r"X has n_features=6 and Y has n_features=2; they must be equal"):
        cosine_similarity(pair()[0], np.ones((3, 2)))


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"X must have shape .* got shape \(2,\); for one sample write X\.reshape\(1, -1\)"),
        ([[np.nan, 1.0]], ValueError, "X holds 1 NaN or infinite values"),
        (csr_array([[0.0, 0.0], [np.inf, 0.0]]), ValueError, "X holds 1 NaN or infinite values"),
        (csr_array((0, 2)), ValueError, r"X is empty: shape \(0, 2\)"),
        ([["a"]], TypeError, "X must be a matrix of numbers"),
    ],
)
def test_cosine_says_what_is_wrong_with_its_input(X, error, message):
    with pytest.raises(error, match="^" + message):
        cosine_similarity(X)
    with pytest.raises(error, match="^" + message.replace("X ", "Y ", 1)):
        cosine_similarity([[1.0, 1.0]], X)


@pytest.mark.parametrize("k", [0, 10, -1])
def test_top_k_says_how_many_there_are(k):
    with pytest.raises(ValueError, match=rf"k={k} not in 1\.\.9; scores has 9 items"):
        top_k(np.zeros((2, 9)), k)


def test_top_k_refuses_nan():
    with pytest.raises(ValueError, match="scores holds 1 NaN"):
        top_k([[0.0, np.nan]], 1)
