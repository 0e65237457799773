import pickle

import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array, csr_matrix
from scipy.special import digamma
from sklearn import decomposition
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV

from mmlearn_edu.representations import LatentDirichletAllocation, topics
from tests.conformance import contract


@pytest.mark.filterwarnings("ignore:X holds fractions")  # scikit-learn's checks have no counts
@contract(
    LatentDirichletAllocation(3, max_iter=5, random_state=0), LatentDirichletAllocation(2, batch_size=8, max_iter=3)
)
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def bars(n_texts=200, n_words=100, seed=0):
    """Griffiths & Steyvers (2004): words are the pixels of 5 x 5 pictures, the ten topics are rows and columns."""
    rng = np.random.default_rng(seed)
    squares = [np.zeros((5, 5)) for _ in range(10)]
    for i in range(5):
        squares[i][i], squares[5 + i][:, i] = 0.2, 0.2
    planted = np.array([square.ravel() for square in squares])
    shares = rng.dirichlet(np.ones(10), size=n_texts)
    return rng.multinomial(n_words, shares @ planted).astype(float), planted, shares


def test_recovers_planted_topics():
    X, planted, shares = bars()
    fits = [LatentDirichletAllocation(10, 1.0, 0.1, random_state=seed).fit(X) for seed in range(2)]
    lda = max(fits, key=lambda fit: fit.bounds_[-1])
    nearest = np.abs(planted[:, None] - lda.topic_word_).sum(axis=2).argmin(axis=1)
    assert sorted(nearest) == list(range(10))
    np.testing.assert_allclose(lda.topic_word_[nearest], planted, atol=0.06)  # a bar has 0.2
    assert np.abs(lda.transform(X)[:, nearest] - shares).mean() < 0.04


@pytest.mark.parametrize(
    ("shape", "make"),
    [((20, 8), np.asarray), ((6, 40), csr_array)],
    ids=["tall", "wide and sparse"],
)
@pytest.mark.parametrize("batch_size", [None, 4], ids=["batch", "online"])
def test_agrees_with_scikit_learn(shape, make, batch_size, monkeypatch):
    # same first draw; each text settled completely, because scikit-learn starts each afresh and we go on
    monkeypatch.setattr(topics, "SETTLED", 1e-9)
    monkeypatch.setattr(topics, "ROUNDS", 3000)
    X = np.random.default_rng(0).poisson(2.0, size=shape).astype(float)
    ours = LatentDirichletAllocation(3, 0.5, 0.3, batch_size, max_iter=3, tol=0, random_state=0).fit(make(X))
    theirs = decomposition.LatentDirichletAllocation(
        3, doc_topic_prior=0.5, topic_word_prior=0.3, max_iter=3, mean_change_tol=1e-9, max_doc_update_iter=3000,
        learning_method="online" if batch_size else "batch", batch_size=batch_size or 128, random_state=0,
    ).fit(X)  # fmt: skip
    np.testing.assert_allclose(ours.components_, theirs.components_, rtol=1e-5)
    np.testing.assert_allclose(ours.transform(make(X)), theirs.transform(X), atol=1e-6)
    topics_cost = topics._divergence(ours.components_, 0.3)  # theirs takes it off at every score
    np.testing.assert_allclose(ours.score(make(X)) - topics_cost, theirs.score(X), rtol=1e-8)
    np.testing.assert_allclose(ours.perplexity(make(X)), np.exp(-ours.score(X) / X.sum()))


@pytest.mark.parametrize("make", [csr_array, csr_matrix, csc_array], ids=lambda make: make.__name__)
def test_sparse_is_dense(make):
    X, _, _ = bars(n_texts=12)
    dense, sparse = (LatentDirichletAllocation(3, random_state=0, max_iter=4).fit(data) for data in (X, make(X)))
    np.testing.assert_allclose(sparse.components_, dense.components_)
    np.testing.assert_allclose(sparse.transform(make(X)), dense.transform(X))


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_never_falls(seed):
    rng = np.random.default_rng(seed)
    X = rng.poisson(rng.gamma(0.3, 3, size=(25, 15)))
    X[0, 0] = 1
    for topic_prior, word_prior in [(None, None), (0.01, 0.01), (5.0, 2.0)]:
        lda = LatentDirichletAllocation(4, topic_prior, word_prior, max_iter=30, tol=0, random_state=seed).fit(X)
        rises = np.diff(lda.bounds_)
        assert (rises > -1e-9 * np.abs(lda.bounds_[1:])).all()
        assert lda.bounds_[-1] < 0
    assert LatentDirichletAllocation(4, random_state=seed).fit(X).bounds_[[0, -1]] @ [-1, 1] > 10


def test_one_topic_by_hand():
    # nothing to divide: the topic has seen every word, and the prior once
    X = [[3, 0, 1], [1, 1, 0]]
    lda = LatentDirichletAllocation(1, word_prior=0.5).fit(X)
    np.testing.assert_allclose(lda.components_, [[4.5, 1.5, 1.5]])
    np.testing.assert_allclose(lda.topic_word_, [[0.6, 0.2, 0.2]])
    np.testing.assert_array_equal(lda.transform(X), [[1], [1]])
    # then the bound is exact: the probability of the words under a Dirichlet-multinomial (Polya's urn)
    urn = [0.5 / 1.5, 1.5 / 2.5, 2.5 / 3.5, 3.5 / 4.5, 0.5 / 5.5, 0.5 / 6.5]  # a, a, a, a, b, c
    np.testing.assert_allclose(lda.bounds_[-1], np.log(urn).sum())
    # given the topic, a word scores E[log beta] = digamma(4.5) - digamma(7.5), and for 1.5
    a, b = digamma(4.5) - digamma(7.5), digamma(1.5) - digamma(7.5)
    np.testing.assert_allclose(lda.score(X), 4 * a + 2 * b)
    np.testing.assert_allclose(lda.perplexity([[1, 1, 0]]), np.exp(-(a + b) / 2))


def test_rows_sum_to_one_and_a_text_without_words_has_equal_shares():
    X, _, _ = bars(n_texts=30)
    lda = LatentDirichletAllocation(4, random_state=0).fit(X)
    np.testing.assert_allclose(lda.topic_word_.sum(axis=1), 1)
    Z = lda.transform(np.vstack([X, np.zeros(25)]))
    np.testing.assert_allclose(Z.sum(axis=1), 1)
    assert (Z > 0).all()
    np.testing.assert_allclose(Z[-1], 0.25)


def test_constant_columns_duplicate_rows_and_unseen_words():
    X = np.tile([[5.0, 1, 0, 2], [0, 1, 6, 2]], (4, 1))
    lda = LatentDirichletAllocation(2, 1e-4, 1e-4, random_state=0).fit(np.hstack([X, np.zeros((8, 1))]))
    Z = lda.transform(np.array([[5, 1, 0, 2, 0], [5, 1, 0, 2, 0], [0, 0, 0, 0, 9], [0, 3, 0, 0, 9]]))
    np.testing.assert_array_equal(Z[0], Z[1])
    assert np.isfinite(Z).all()
    assert np.isfinite(lda.score([[0, 0, 0, 0, 9]]))
    one = LatentDirichletAllocation(2, random_state=0).fit([[3], [4]])
    np.testing.assert_array_equal(one.topic_word_, [[1], [1]])
    assert LatentDirichletAllocation(2, random_state=0).fit([[3, 0, 4]]).transform([[1, 1, 1]]).shape == (1, 2)


def test_a_single_word_and_zeros_that_are_stored():
    lda = LatentDirichletAllocation(1, word_prior=0.5).fit(csr_array(([1.0, 0.0], [0, 1], [0, 2]), shape=(1, 2)))
    np.testing.assert_allclose(lda.components_, [[1.5, 0.5]])


def test_single_precision_stays():
    X, _, _ = bars(n_texts=20)
    lda = LatentDirichletAllocation(3, random_state=0).fit(X.astype(np.float32))
    assert lda.transform(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(lda.transform(X.astype(np.float32)), lda.transform(X), atol=1e-6)
    np.testing.assert_array_equal(lda.components_, LatentDirichletAllocation(3, random_state=0).fit(X).components_)


def test_the_same_twice_searched_cloned_and_pickled():
    X, _, _ = bars(n_texts=20)
    lda = LatentDirichletAllocation(3, random_state=0).fit(X)
    np.testing.assert_array_equal(clone(lda).fit(X).components_, lda.components_)
    np.testing.assert_array_equal(lda.fit(X).components_, clone(lda).fit(X).components_)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(lda)).transform(X), lda.transform(X))
    two = np.kron([[1, 0], [0, 1]] * 15, np.full(6, 5))  # two vocabularies of six words, text after text
    search = GridSearchCV(LatentDirichletAllocation(random_state=0), {"n_components": [1, 2]}, cv=3).fit(two)
    assert search.best_params_ == {"n_components": 2}
    assert search.best_estimator_.set_output(transform="pandas").transform(two).shape == (30, 2)


def test_stops_when_the_bound_does():
    X, _, _ = bars(n_texts=30)
    lda = LatentDirichletAllocation(2, random_state=0, tol=1e-3).fit(X)
    assert lda.n_iter_ == len(lda.bounds_) < 100
    changes, limits = np.abs(np.diff(lda.bounds_)), 1e-3 * np.abs(lda.bounds_[1:])
    assert (changes > limits).tolist() == [True] * (len(changes) - 1) + [False]
    assert len(LatentDirichletAllocation(2, random_state=0, tol=0, max_iter=7).fit(X).bounds_) == 7


def test_says_that_topics_need_counts():
    with pytest.raises(ValueError, match=r"Negative values .* the smallest is -0\.5; .*: pass counts"):
        LatentDirichletAllocation(2).fit([[1.0, -0.5], [2.0, 3.0]])
    fitted = LatentDirichletAllocation(2, random_state=0).fit([[1, 0], [2, 3]])
    with pytest.raises(ValueError, match="the smallest is -1"):
        fitted.transform(csr_array([[0, -1.0]]))
    with pytest.warns(UserWarning, match="X holds fractions, as TF-IDF does; .* pass those, e.g. of Count"):
        LatentDirichletAllocation(2, random_state=0).fit([[0.8, 0.6], [1.0, 0.0]])
    with pytest.raises(ValueError, match=r"X of shape \(2, 3\) has not a single word; look at how"):
        LatentDirichletAllocation(2).fit(csr_array((2, 3)))
    for X, what in [(np.nan, "NaN"), (np.inf, "infinity")]:
        with pytest.raises(ValueError, match=f"Input X contains {what}"):
            LatentDirichletAllocation(2).fit([[X, 1.0]])
    with pytest.raises(ValueError, match=r"Found array with 0 sample\(s\)"):
        LatentDirichletAllocation(2).fit(np.zeros((0, 3)))
    with pytest.raises(NotFittedError):
        LatentDirichletAllocation(2).score([[1, 2]])


def test_the_warning_points_at_the_line_that_fits():
    with pytest.warns(UserWarning, match="X holds fractions") as caught:
        LatentDirichletAllocation(2, random_state=0).fit([[0.8, 0.6], [1.0, 0.0]])
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"n_components": 0}, "n_components must be a whole number from 1 up, got 0"),
        ({"n_components": 2.5}, r"n_components must be a whole number from 1 up, got 2\.5"),
        ({"batch_size": 0}, "batch_size must be a whole number from 1 up, got 0"),
        ({"max_iter": None}, "max_iter must be a whole number from 1 up, got None"),
        ({"topic_prior": 0.0}, r"topic_prior must be above 0, got 0\.0; 1 / n_components is usual"),
        ({"word_prior": np.nan}, "word_prior must be above 0, got nan"),
        ({"topic_prior": np.inf}, "topic_prior must be above 0, got inf"),
    ],
    ids=str,
)
def test_says_which_parameters_are_possible(wrong, words):
    with pytest.raises(ValueError, match=words):
        LatentDirichletAllocation(**wrong).fit([[1, 2], [3, 4]])
