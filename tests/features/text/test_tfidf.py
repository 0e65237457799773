import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csc_array, csr_array, csr_matrix
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction import text as sklearn_text
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from mmlearn_edu.features import CountVectorizer, TfidfTransformer, TfidfVectorizer, tokenize
from mmlearn_edu.representations import TruncatedSVD
from tests.conformance import contract
from tests.features.text.test_counts import OPTIONS, letters, theirs_like
from tests.features.text.text_contract import TEXTS, assert_same, text_contract


@contract(TfidfTransformer())
def test_scikit_learn_contract_of_the_transformer(estimator, check):
    check(estimator)


@text_contract(TfidfVectorizer(), TfidfVectorizer(analyzer="char", ngram_range=(1, 2)))
def test_scikit_learn_contract(estimator, check):
    check(type(estimator).__name__, clone(estimator))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_agrees_with_scikit_learn(options):
    theirs = theirs_like(sklearn_text.TfidfVectorizer, options).fit(TEXTS)
    ours = TfidfVectorizer(**options).fit(TEXTS)
    assert ours.vocabulary_ == theirs.vocabulary_
    np.testing.assert_allclose(ours.idf_, theirs.idf_, rtol=1e-12)
    unseen = [*TEXTS, "green", "a green ring", "圆的红色"]
    assert_same(ours.transform(unseen), theirs.transform(unseen), rtol=1e-12)
    assert_same(ours.fit_transform(TEXTS), theirs.transform(TEXTS), rtol=1e-12)


@settings(max_examples=40)
@given(st.lists(letters, min_size=1, max_size=6), st.sampled_from(OPTIONS))
def test_agrees_with_scikit_learn_on_any_text(texts, options):
    theirs = theirs_like(sklearn_text.TfidfVectorizer, options)
    try:
        theirs.fit(texts)
    except ValueError:  # no word, or none often enough
        assume(False)
    assert_same(TfidfVectorizer(**options).fit_transform(texts), theirs.transform(texts), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("shape", [(40, 5), (6, 20), (1, 4), (4, 1)], ids=["tall", "wide", "one row", "one column"])
@pytest.mark.parametrize(
    "make", [np.asarray, csr_array, csr_matrix, csc_array, coo_array], ids=lambda make: make.__name__
)
def test_transformer_agrees_with_scikit_learn(make, shape, dtype):
    counts = np.random.default_rng(0).poisson(0.7, size=shape)
    counts[0] = 0
    counts[-1, 0] = 3
    X = make(counts.astype(dtype))
    theirs = sklearn_text.TfidfTransformer().fit(csr_matrix(counts))
    ours = TfidfTransformer().fit(X)
    np.testing.assert_allclose(ours.idf_, theirs.idf_, rtol=1e-12)
    out = ours.transform(X)
    assert isinstance(out, np.ndarray) == (make is np.asarray)
    assert out.dtype == (np.float32 if dtype is np.float32 else np.float64)
    dense = out if make is np.asarray else out.toarray()
    rtol = 1e-6 if dtype is np.float32 else 1e-12
    np.testing.assert_allclose(dense, theirs.transform(csr_matrix(counts)).toarray(), rtol=rtol)
    np.testing.assert_array_equal(X.toarray() if hasattr(X, "toarray") else X, counts)  # the input stays as it was


def test_transformer_reads_what_a_sparse_matrix_means_not_how_it_is_stored():
    odd = csr_array(([1.0, 1.0, 0.0, 1.0], [0, 0, 1, 1], [0, 3, 4]), shape=(2, 2))  # 1 + 1, and a zero that is stored
    plain = [[2.0, 0.0], [0.0, 1.0]]
    ours = TfidfTransformer().fit(odd)
    np.testing.assert_array_equal(ours.idf_, TfidfTransformer().fit(plain).idf_)
    np.testing.assert_allclose(ours.transform(odd).toarray(), np.eye(2))
    assert odd.nnz == 4


def test_vectorizer_is_counting_and_weighing():
    pipeline = make_pipeline(CountVectorizer(), TfidfTransformer()).fit(TEXTS)
    assert_same(TfidfVectorizer().fit_transform(TEXTS), pipeline.transform(TEXTS), rtol=1e-15)
    assert pipeline.get_feature_names_out().tolist() == TfidfVectorizer().fit(TEXTS).get_feature_names_out().tolist()


def test_by_hand():
    tfidf = TfidfVectorizer().fit(["ring ring", "ring disc"])
    np.testing.assert_allclose(tfidf.idf_, [np.log(3 / 2) + 1, 1.0])  # disc in one of two texts, ring in both
    row = np.array([np.log(3 / 2) + 1, 1.0])
    np.testing.assert_allclose(tfidf.transform(["disc ring"]).toarray()[0], row / np.linalg.norm(row))


def test_rows_have_length_one_or_zero_and_order_is_forgotten():
    out = TfidfVectorizer().fit_transform(TEXTS)
    np.testing.assert_allclose(np.sqrt(out.multiply(out).sum(axis=1)), [1, 1, 0, 1, 1, 1, 1])
    turned = [" ".join(reversed(tokenize(text))) for text in TEXTS]
    np.testing.assert_allclose(TfidfVectorizer().fit(TEXTS).transform(turned).toarray(), out.toarray())


def test_the_chinese_caption_that_shares_most_is_found():
    captions = ["大的红色圆形", "小的蓝色三角形", "大的蓝色方块", "小的红色十字"]
    tfidf = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    bank = tfidf.fit_transform(captions)
    queries = tfidf.transform(["红色的大圆形", "蓝色方块", "一个小三角形", "红十字"])
    assert (queries @ bank.T).toarray().argmax(axis=1).tolist() == [0, 2, 1, 3]


def test_in_a_pipeline_and_a_search():
    texts = ["a red ring", "red red disc", "one red star", "the blue ring", "blue disc", "so blue a star"] * 3
    colour = ["red", "red", "red", "blue", "blue", "blue"] * 3
    for model in (MultinomialNB(), LogisticRegression()):
        np.testing.assert_array_equal(cross_val_score(make_pipeline(TfidfVectorizer(), model), texts, colour, cv=3), 1)
    grid = {"tfidfvectorizer__min_df": [1, 2], "tfidfvectorizer__analyzer": ["word", "char"]}
    search = GridSearchCV(make_pipeline(TfidfVectorizer(), LogisticRegression()), grid, cv=3).fit(texts, colour)
    assert search.score(texts, colour) == 1


def test_a_later_step_can_make_the_table():
    lsa = make_pipeline(TfidfVectorizer(), TruncatedSVD(2).set_output(transform="pandas"))
    assert lsa.fit_transform(TEXTS).columns.tolist() == ["truncatedsvd0", "truncatedsvd1"]


def test_not_fitted():
    for estimator, X in [(clone(TfidfVectorizer().fit(TEXTS)), TEXTS), (TfidfTransformer(), np.eye(2))]:
        with pytest.raises(NotFittedError):
            estimator.transform(X)


def test_says_what_it_cannot_weigh():
    with pytest.raises(ValueError, match=r"nothing is left to count in 2 texts with .*; look at the texts"):
        TfidfVectorizer().fit(["", "!?"])
    with pytest.raises(TypeError, match=r"min_df=0\.5 must be a whole number of texts"):
        TfidfVectorizer(min_df=0.5).fit(TEXTS)
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="Input X contains"):
            TfidfTransformer().fit([[bad, 1.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match="X has 3 features, but TfidfTransformer is expecting 2 features"):
        TfidfTransformer().fit(np.eye(2)).transform(np.eye(3))
