import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array, issparse
from sklearn.feature_extraction.text import CountVectorizer

from mmlearn_edu.features import tokenize
from mmlearn_edu.representations import cooccurrence, ppmi

DOCUMENTS = [
    tokenize("the cat drinks milk and the dog drinks water"),
    [],
    ["one"],
    tokenize("一 只 红色 的 圆 红色 的 圆"),
    tokenize("milk milk milk"),
]
some_words = st.lists(st.lists(st.sampled_from("abcdé圆"), max_size=8), min_size=1, max_size=5).filter(any)


def double_loop(documents, window, vocabulary):
    counts = np.zeros((len(vocabulary), len(vocabulary)))
    for words in documents:
        for s, left in enumerate(words):
            for t, right in enumerate(words):
                if s != t and abs(s - t) <= window and left in vocabulary and right in vocabulary:
                    counts[vocabulary[left], vocabulary[right]] += 1
    return counts


def dense_ppmi(counts):
    P = counts / counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(P / np.outer(P.sum(axis=1), P.sum(axis=0)))
    return np.maximum(np.nan_to_num(pmi, nan=0, neginf=0), 0)


@pytest.mark.parametrize("window", [1, 2, 5, 100])
def test_counts_like_the_double_loop(window):
    counts, vocabulary = cooccurrence(DOCUMENTS, window)
    assert list(vocabulary) == sorted({word for words in DOCUMENTS for word in words})
    assert list(vocabulary.values()) == list(range(len(vocabulary)))
    assert isinstance(counts, csr_array)
    np.testing.assert_array_equal(counts.toarray(), double_loop(DOCUMENTS, window, vocabulary))


@hypothesis.given(some_words, st.integers(1, 9), st.sets(st.sampled_from("abcdé圆z"), min_size=1))
def test_is_symmetric_and_counts_like_the_double_loop_whatever_the_words(documents, window, chosen):
    vocabulary = {word: column for column, word in enumerate(sorted(chosen))}
    counts, same = cooccurrence(documents, window, vocabulary)
    assert same == vocabulary
    np.testing.assert_array_equal(counts.toarray(), counts.T.toarray())
    np.testing.assert_array_equal(counts.toarray(), double_loop(documents, window, vocabulary))


def test_a_window_over_the_whole_text_is_the_product_of_word_counts():
    texts = ["a b a c", "b b", "c a"]
    X = CountVectorizer(token_pattern=r"\w").fit_transform(texts).toarray()
    counts, _ = cooccurrence(map(tokenize, texts), window=10)
    np.testing.assert_array_equal(counts.toarray(), X.T @ X - np.diag(X.sum(axis=0)))  # no word is its own neighbour


def test_words_without_a_column_keep_their_place():
    counts, _ = cooccurrence([["red", "big", "ring"]], window=1, vocabulary={"red": 0, "ring": 1})
    assert counts.nnz == 0
    counts, _ = cooccurrence([["red", "big", "ring"]], window=2, vocabulary={"red": 0, "ring": 1})
    np.testing.assert_array_equal(counts.toarray(), [[0, 1], [1, 0]])


def test_the_usual_window_is_two_and_no_text_has_no_pairs():
    np.testing.assert_array_equal(cooccurrence(DOCUMENTS)[0].toarray(), cooccurrence(DOCUMENTS, 2)[0].toarray())
    np.testing.assert_array_equal(cooccurrence([], vocabulary={"a": 0, "b": 1})[0].toarray(), np.zeros((2, 2)))


def test_pairs_do_not_cross_documents():
    counts, _ = cooccurrence([["a"], ["b"], [], ["c"]], window=9)
    assert counts.nnz == 0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["a red ring"], TypeError, "documents is a single text; give a list with the words of each text"),
        ([[["a"], "a red ring"]], TypeError, r"documents\[1\] is a text, expected its words in a list; split it"),
        ([[["a"]], 0], ValueError, "window must be 1 or more, got 0"),
        ([[["a"]], 1.5], TypeError, r"window must be a whole number of words, got 1\.5"),
        ([[[], []]], ValueError, "there is no word in 2 documents; look at how the texts were split"),
        ([[]], ValueError, "there is no word in 0 documents"),
    ],
)
def test_says_what_it_cannot_count(arguments, error, message):
    with pytest.raises(error, match=message):
        cooccurrence(*arguments)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
@pytest.mark.parametrize("shape", [(6, 6), (30, 4), (4, 30), (1, 5), (5, 1)], ids=str)
def test_ppmi_agrees_with_the_dense_formula(shape, dtype):
    counts = np.random.default_rng(0).poisson(1.0, size=shape).astype(dtype)
    counts[-1, -1] = 7
    out = ppmi(counts)
    assert out.dtype == np.float64
    np.testing.assert_allclose(out.toarray(), dense_ppmi(counts.astype(np.float64)), atol=1e-14)
    for kind in (csr_array, coo_array):
        np.testing.assert_array_equal(ppmi(kind(counts)).toarray(), out.toarray())


def test_ppmi_by_hand():
    # a meets b 3 times and c once; of 8 pairs a has 4, b 3, c 1
    counts = [[0, 3, 1], [3, 0, 0], [1, 0, 0]]
    expected = np.log([3 * 8 / (4 * 3), 1 * 8 / (4 * 1)])
    np.testing.assert_allclose(
        ppmi(counts).toarray(), [[0, *expected], [expected[0], 0, 0], [expected[1], 0, 0]], rtol=1e-15
    )


def test_ppmi_of_independent_words_is_exactly_nothing():
    out = ppmi(np.outer([1, 2, 30, 7], [5, 1, 11]))
    assert out.nnz == 0
    assert out.shape == (4, 3)


@hypothesis.given(st.integers(0, 1000), st.integers(1, 50))
def test_ppmi_forgets_the_scale_and_keeps_symmetry(seed, times):
    counts = np.random.default_rng(seed).poisson(0.7, size=(6, 6))
    counts = counts + counts.T
    out = ppmi(counts).toarray()
    np.testing.assert_allclose(ppmi(counts * times).toarray(), out, atol=1e-12)
    np.testing.assert_array_equal(out, out.T)


def test_ppmi_leaves_its_input_alone_and_sums_what_is_stored_twice():
    twice = csr_array((np.array([1.0, 2.0, 3.0]), np.array([1, 1, 0]), np.array([0, 2, 3])), shape=(2, 2))
    np.testing.assert_allclose(ppmi(twice).toarray(), [[0, np.log(2)], [np.log(2), 0]])
    assert twice.data.tolist() == [1, 2, 3]
    zero = csr_array((np.array([3.0, 0.0, 3.0]), np.array([1, 1, 0]), np.array([0, 1, 3])), shape=(2, 2))
    np.testing.assert_allclose(ppmi(zero).toarray(), [[0, np.log(2)], [np.log(2), 0]])
    assert zero.nnz == 3


def test_ppmi_keeps_rows_of_zeros():
    assert ppmi(np.zeros((3, 2))).nnz == 0
    np.testing.assert_array_equal(ppmi([[2.0, 0.0], [0.0, 0.0]]).toarray(), np.zeros((2, 2)))
    assert issparse(ppmi(csr_array((3, 3))))


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1.0, -2.0]], "counts must be 0 or more, got -2; give how often words met, not a score"),
        ([[np.nan, 1.0]], "Input counts contains NaN"),
        ([[np.inf, 1.0]], "Input counts contains infinity"),
        ([1.0, 2.0], "Expected 2D array, got 1D array"),
        (np.empty((0, 3)), r"Found array with 0 sample\(s\)"),
    ],
)
def test_ppmi_says_what_no_count_is(counts, message):
    with pytest.raises(ValueError, match=message):
        ppmi(counts)
