from fractions import Fraction
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csc_array, csr_array, csr_matrix
from sklearn import naive_bayes
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from mmlearn_edu.classification import MultinomialNB
from mmlearn_edu.datasets import load_docstrings
from mmlearn_edu.features import CountVectorizer
from tests.conformance import contract


@contract(MultinomialNB())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def texts(n_samples, n_words, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n_samples) % n_classes)
    rates = rng.gamma(0.5, size=(n_classes, n_words))
    return rng.poisson(rates[y]).astype(float), y


@pytest.mark.parametrize(
    "make",
    [np.asarray, csr_array, csr_matrix, csc_array, lambda X: X.astype(np.float32), lambda X: X.astype(int)],
    ids=["dense", "csr", "csr_matrix", "csc", "float32", "integers"],
)
@pytest.mark.parametrize("shape", [(90, 12), (9, 200), (30, 1)], ids=["tall", "wide", "one word"])
@pytest.mark.parametrize("alpha", [1.0, 0.01, 1e-300])
def test_agrees_with_scikit_learn(make, shape, alpha):
    X, y = texts(*shape)
    names = np.array(["news", "poems", "recipes"])[y]
    ours = MultinomialNB(alpha=alpha).fit(make(X), names)
    theirs = naive_bayes.MultinomialNB(alpha=alpha).fit(X, names)
    np.testing.assert_allclose(ours.feature_log_prob_, theirs.feature_log_prob_, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.class_log_prior_, theirs.class_log_prior_, rtol=1e-12)
    np.testing.assert_allclose(ours.predict_log_proba(make(X)), theirs.predict_log_proba(X), rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(ours.predict_proba(make(X)), theirs.predict_proba(X), atol=1e-12)
    assert ours.predict(make(X)).tolist() == theirs.predict(X).tolist()
    assert ours.classes_.tolist() == ["news", "poems", "recipes"]


def test_by_hand():
    model = MultinomialNB().fit([[2, 1], [0, 1], [0, 3]], [0, 0, 1])
    # class 0 has the counts (2, 2) and class 1 (0, 3); one is added to each
    np.testing.assert_allclose(np.exp(model.feature_log_prob_), [[3 / 6, 3 / 6], [1 / 5, 4 / 5]])
    np.testing.assert_allclose(np.exp(model.class_log_prior_), [2 / 3, 1 / 3])
    zero, one = Fraction(2, 3) * Fraction(1, 2) ** 3, Fraction(1, 3) * Fraction(1, 5) * Fraction(4, 5) ** 2
    np.testing.assert_allclose(model.predict_proba([[1, 2]]), [[float(zero / (zero + one)), float(one / (zero + one))]])


def test_does_not_underflow_on_ten_thousand_words():
    model = MultinomialNB().fit([[600, 400], [400, 600]], [0, 1])
    text = [[5100, 4900]]
    assert np.exp(model._scores(np.array(text, dtype=float))).tolist() == [[0, 0]]  # as the product of probabilities is
    expected = 200 * log(601 / 401)  # 200 words more for class 0, each that much more probable there
    log_p = model.predict_log_proba(text)[0]
    np.testing.assert_allclose(log_p[0] - log_p[1], expected, rtol=1e-10)
    np.testing.assert_allclose(model.predict_proba(text).sum(axis=1), 1)
    far = model.predict_log_proba([[10_000, 0]])[0]  # e**-4000 is 0 for a computer
    np.testing.assert_allclose(far, [0, -10_000 * log(601 / 401)], rtol=1e-10)


def test_a_text_without_known_words_gets_the_prior():
    X, y = texts(50, 8, n_classes=2)
    model = MultinomialNB().fit(X, y)
    np.testing.assert_allclose(model.predict_proba(np.zeros((1, 8))), [np.bincount(y) / 50])
    np.testing.assert_allclose(model.predict_proba(csr_array((1, 8))), [np.bincount(y) / 50])


@settings(deadline=None, max_examples=50)
@given(arrays(np.int64, (6, 4), elements=st.integers(0, 50)), st.floats(1e-3, 100))
def test_probabilities_sum_to_one_and_two_texts_count_like_one_long_text(X, alpha):
    model = MultinomialNB(alpha).fit(X, ["a", "b", "c"] * 2)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(np.exp(model.feature_log_prob_).sum(axis=1), 1, rtol=1e-12)
    joined = MultinomialNB(alpha).fit(X[:3] + X[3:], ["a", "b", "c"])  # words are drawn one by one, whatever the text
    np.testing.assert_allclose(joined.feature_log_prob_, model.feature_log_prob_)


def test_names_the_topic_of_docstrings_of_libraries_it_has_not_seen():
    docstrings = load_docstrings()
    model = make_pipeline(CountVectorizer(min_df=2), MultinomialNB(alpha=0.1))
    splits = GroupKFold(4)
    scores = cross_val_score(model, docstrings.X["text"], docstrings.y, groups=docstrings.groups["module"], cv=splits)
    assert 0.6 < scores.mean() < 0.95  # of twelve topics: chance is 1/12
    shuffled = np.random.default_rng(0).permutation(docstrings.y)
    scores = cross_val_score(model, docstrings.X["text"], shuffled, groups=docstrings.groups["module"], cv=splits)
    assert scores.mean() < 0.12


def test_alpha_can_be_searched():
    X, y = texts(60, 10)
    search = GridSearchCV(MultinomialNB(), {"alpha": [0.1, 1.0]}, cv=3).fit(X, y)
    assert search.best_score_ > 0.5


@pytest.mark.parametrize("make", [np.asarray, csr_array], ids=["dense", "sparse"])
def test_says_that_counts_cannot_be_negative(make):
    words = "the lowest is -1, but nothing is counted less than 0 times; give counts of words"
    with pytest.raises(ValueError, match=words):
        MultinomialNB().fit(make([[1.0, -1.0], [0.0, 2.0]]), [0, 1])
    with pytest.raises(ValueError, match=words):
        MultinomialNB().fit(make([[1.0, 1.0], [0.0, 2.0]]), [0, 1]).predict(make([[-1.0, 0.0]]))


@pytest.mark.parametrize("alpha", [0, -1.0, np.nan, np.inf])
def test_says_which_alpha_it_takes(alpha):
    with pytest.raises(ValueError, match=rf"alpha={alpha}, expected a number above 0: without smoothing"):
        MultinomialNB(alpha=alpha).fit([[1, 0], [0, 1]], [0, 1])


def test_says_what_is_wrong_with_the_classes_and_the_numbers():
    with pytest.raises(ValueError, match=r"all 2 samples are of one class, 好; a classifier needs at least two"):
        MultinomialNB().fit([[1, 0], [0, 1]], ["好", "好"])
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        MultinomialNB().fit([[1, 0], [0, 1]], [0.5, 0.7])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        MultinomialNB().fit([[np.nan, 0], [0, 1]], [0, 1])
    with pytest.raises(ValueError, match="Input X contains infinity"):
        MultinomialNB().fit([[np.inf, 0], [0, 1]], [0, 1])
    with pytest.raises(ValueError, match="Found array with 0 sample"):
        MultinomialNB().fit(np.empty((0, 2)), [])
    with pytest.raises(ValueError, match="requires y to be passed"):
        MultinomialNB().fit([[1, 0], [0, 1]], None)
