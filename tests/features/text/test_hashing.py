import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction import text as sklearn_text
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import murmurhash3_32
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu.features import CountVectorizer, HashingVectorizer, TfidfTransformer
from tests.features.text.test_counts import OPTIONS, letters, theirs_like
from tests.features.text.text_contract import TEXTS, assert_same, text_contract


@text_contract(HashingVectorizer(), HashingVectorizer(64, analyzer="char", ngram_range=(1, 2)))
def test_scikit_learn_contract(estimator, check):
    check(type(estimator).__name__, clone(estimator))


HASHING_OPTIONS = [options for options in OPTIONS if "min_df" not in options]


@pytest.mark.parametrize("n_features", [1, 7, 2**10, 2**31 - 1])
@pytest.mark.parametrize("options", HASHING_OPTIONS, ids=str)
def test_agrees_with_scikit_learn(options, n_features):
    theirs = theirs_like(sklearn_text.HashingVectorizer, options).set_params(norm=None, n_features=n_features)
    assert_same(HashingVectorizer(n_features, **options).transform(TEXTS), theirs.transform(TEXTS))


@settings(max_examples=40)
@given(st.lists(letters, min_size=1, max_size=5), st.sampled_from(HASHING_OPTIONS), st.integers(1, 40))
def test_agrees_with_scikit_learn_on_any_text(texts, options, n_features):
    theirs = theirs_like(sklearn_text.HashingVectorizer, options).set_params(norm=None, n_features=n_features)
    assert_same(HashingVectorizer(n_features, **options).transform(texts), theirs.transform(texts))


def test_by_hand():
    red, ring = -347068675, -1787999043
    assert (murmurhash3_32("red"), murmurhash3_32("ring")) == (red, ring)
    out = HashingVectorizer(1000).transform(["ring red ring"]).toarray()[0]
    expected = np.zeros(1000)
    expected[abs(red) % 1000] = np.sign(red)
    expected[abs(ring) % 1000] = 2 * np.sign(ring)
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize(("h", "sign"), [(0, 1), (-1, -1), (2**31 - 1, 1), (-(2**31), -1)])
def test_the_ends_of_32_bits(monkeypatch, h, sign):
    monkeypatch.setattr("mmlearn_edu.features.text.hashing.murmurhash3_32", lambda word: h)
    out = HashingVectorizer(1000).transform(["ring"])
    assert (out.indices.tolist(), out.data.tolist()) == ([abs(h) % 1000], [sign])


def test_dot_products_are_kept_on_average():
    # other words, other hashes: rename the words of two texts many times
    a, b = ["w0 w1 w2 w3", "w0 w0 w4 w5"]
    products = []
    for k in range(400):
        u, v = HashingVectorizer(4).transform([text.replace("w", f"k{k}w") for text in (a, b)]).toarray()
        products.append(u @ v)
    # one shared word, 1 * 2; without the signs, 3 more would be expected from collisions
    assert abs(np.mean(products) - 2) < 3 * np.std(products) / np.sqrt(400)


def test_enough_columns_keep_every_word_apart():
    hashed, counts = HashingVectorizer().transform(TEXTS), CountVectorizer().fit_transform(TEXTS)
    assert hashed.nnz == counts.nnz
    np.testing.assert_array_equal((hashed @ hashed.T).toarray(), (counts @ counts.T).toarray())


def test_it_counts_as_fitted():
    check_is_fitted(HashingVectorizer())


def test_parts_of_a_corpus_need_not_know_of_each_other():
    parts = [HashingVectorizer(32).transform(part).toarray() for part in (TEXTS[:3], TEXTS[3:])]
    np.testing.assert_array_equal(np.vstack(parts), HashingVectorizer(32).transform(TEXTS).toarray())


def test_in_a_pipeline():
    texts = ["a red ring", "red red disc", "one red star", "the blue ring", "blue disc", "so blue a star"] * 3
    colour = ["red", "red", "red", "blue", "blue", "blue"] * 3
    model = make_pipeline(HashingVectorizer(), TfidfTransformer(), LogisticRegression())
    np.testing.assert_array_equal(cross_val_score(model, texts, colour, cv=3), 1)


@pytest.mark.parametrize(
    ("n_features", "error", "message"),
    [
        (0, ValueError, r"n_features=0 not in 1\.\.2147483647"),
        (2**31, ValueError, r"n_features=2147483648 not in 1\.\.2147483647"),
        (1e3, TypeError, r"n_features=1000\.0 must be a whole number of columns"),
    ],
)
def test_says_how_many_columns_are_possible(n_features, error, message):
    with pytest.raises(error, match=message):
        HashingVectorizer(n_features).transform(TEXTS)
