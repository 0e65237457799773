"""Topics: which words are used together, and how much of each topic a text has."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.special import digamma, gammaln
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags, check_random_state, gen_batches
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples
from mmlearn_edu.representations.base import FLOATS, Matrix

__all__ = ["LatentDirichletAllocation"]

ROUNDS, SETTLED = 100, 1e-3  # a text's shares are improved until they move, on average, by less than this many words


class LatentDirichletAllocation(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Explain word counts by topics: a topic is a distribution over words, a text a mixture of topics.

    The story [1]_: topics :math:`\beta_k \sim \mathrm{Dirichlet}(\eta)`; for text d shares
    :math:`\theta_d \sim \mathrm{Dirichlet}(\alpha)`; for each of its words a topic z from :math:`\theta_d`, then the
    word from :math:`\beta_z`. What the words tell of :math:`\theta_d` and :math:`\beta_k` is approximated by Dirichlet
    distributions with parameters :math:`\gamma_d` and :math:`\lambda_k`. They are improved in turns [2]_, with
    :math:`n_{dw}` the counts, :math:`T_{dk} = e^{E[\ln \theta_{dk}]}` and :math:`B_{kw} = e^{E[\ln \beta_{kw}]}`:

    .. math:: \gamma_{dk} = \alpha + \sum_w n_{dw} \frac{T_{dk} B_{kw}}{(TB)_{dw}}, \qquad
        \lambda_{kw} = \eta + \sum_d n_{dw} \frac{T_{dk} B_{kw}}{(TB)_{dw}}

    The fraction is the chance that topic k wrote word w of text d. Each turn raises a lower bound of the log
    probability of all words, the *evidence lower bound*.

    Parameters
    ----------
    n_components : int, default=10
        Topics to find.
    topic_prior : float or None, default=None
        :math:`\alpha > 0`; small: few topics in a text. None is ``1 / n_components``.
    word_prior : float or None, default=None
        :math:`\eta > 0`; small: few words in a topic. None is ``1 / n_components``.
    batch_size : int or None, default=None
        Texts to learn from before the topics move. None is all; fewer is online learning, sooner on many texts.
    max_iter : int, default=100
        Times to go through all texts at most.
    tol : float, default=1e-5
        Stop when the bound changes by less than this share of itself.
    random_state : int, RandomState instance or None, default=None
        Draws the first :math:`\lambda`. Other draws find other topics: the best of several has the highest bound.

    Attributes
    ----------
    components_ : ndarray of shape (n_components, n_words)
        :math:`\lambda`: in words, how often a topic was seen to use each word, plus :math:`\eta`.
    topic_word_ : ndarray of shape (n_components, n_words)
        The expected topics: probabilities, each row sums to 1.
    bounds_ : ndarray of shape (n_iter,), in nats
        The evidence lower bound after every iteration; without `batch_size` it never falls.
    n_iter_ : int

    References
    ----------
    .. [1] Blei, D. M., Ng, A. Y. & Jordan, M. I. (2003). Latent Dirichlet allocation. JMLR 3, 993-1022.
    .. [2] Hoffman, M. D., Blei, D. M. & Bach, F. (2010). Online learning for latent Dirichlet allocation. NIPS 23.

    Examples
    --------
    >>> from mmlearn_edu.representations import LatentDirichletAllocation
    >>> counts = [[4, 3, 0, 0], [5, 4, 0, 0], [0, 0, 3, 5], [0, 0, 4, 4]]  # two vocabularies
    >>> lda = LatentDirichletAllocation(n_components=2, random_state=0).fit(counts)
    >>> shares = lda.transform([[9, 9, 0, 0], [5, 5, 5, 5]])
    >>> sorted(shares[0].round(2).tolist()), shares[1].round(1).tolist()
    ([0.03, 0.97], [0.5, 0.5])
    """

    def __init__(
        self,
        n_components: int = 10,
        topic_prior: float | None = None,
        word_prior: float | None = None,
        batch_size: int | None = None,
        max_iter: int = 100,
        tol: float = 1e-5,
        random_state: Any = None,
    ) -> None:
        self.n_components = n_components
        self.topic_prior = topic_prior
        self.word_prior = word_prior
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> LatentDirichletAllocation:
        """Find the topics of counts `X`, dense or sparse, of shape (n_texts, n_words); `y` is ignored.

        Raises
        ------
        ValueError
            If `X` has a negative number, a NaN, or no word at all, or a parameter is out of range.

        Warns
        -----
        UserWarning
            If `X` has fractions, as TF-IDF has: a model of how often words are drawn cannot explain those.
        """
        X = self._counts(X, reset=True)
        self._check(X)
        rng, n_topics = check_random_state(self.random_state), self.n_components
        self.components_ = rng.gamma(100, 0.01, (n_topics, X.shape[1]))  # all alike, but not quite
        self.bounds_, gamma, updates = np.zeros(0), np.ones((X.shape[0], n_topics)), 0
        for _ in range(self.max_iter):
            for texts in gen_batches(X.shape[0], self.batch_size or X.shape[0]):
                # 1 with the topics as they are: the shares of these texts
                gamma[texts] = self._shares(X[texts], gamma[texts])
                # 2 with the shares as they are: the topics, as if all texts were like these
                updates += 1
                weight = 1 if self.batch_size is None else (10 + updates) ** -0.7
                used = self._words_per_topic(X[texts], gamma[texts]) * X.shape[0] / (texts.stop - texts.start)
                self.components_ = (1 - weight) * self.components_ + weight * (self._prior("word_prior") + used)
            bound = self._bound(X, gamma) - _divergence(self.components_, self._prior("word_prior"))
            self.bounds_ = np.append(self.bounds_, bound)
            if len(self.bounds_) > 1 and abs(np.diff(self.bounds_)[-1]) <= self.tol * abs(self.bounds_[-1]):
                break
        self.n_iter_ = len(self.bounds_)
        self.topic_word_ = self.components_ / self.components_.sum(axis=1, keepdims=True)
        self._n_features_out = n_topics
        return self

    def transform(self, X: ArrayLike) -> Matrix:
        """Share of each topic in each text: (n_texts, n_words) -> (n_texts, n_components), rows sum to 1.

        A text without words has equal shares. The topics stay as they are.
        """
        check_is_fitted(self)
        X = self._counts(X, reset=False)
        gamma = self._shares(X, np.ones((X.shape[0], self.n_components)))
        return (gamma / gamma.sum(axis=1, keepdims=True)).astype(X.dtype)

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Return a lower bound of the log probability of `X`, in nats, given the topics: on new texts, more is better.

        In contrast to ``bounds_`` and to scikit-learn, what the topics themselves cost is not taken off once more, so
        that numbers of topics can be compared on texts that were not learnt from.
        """
        check_is_fitted(self)
        X = self._counts(X, reset=False)
        return self._bound(X, self._shares(X, np.ones((X.shape[0], self.n_components))))

    def perplexity(self, X: ArrayLike) -> float:
        """Return ``exp(-score / number of words)``: guessing among that many equally likely words is as hard."""
        return float(np.exp(-self.score(X) / self._counts(X, reset=False).sum()))

    def _shares(self, X: Any, gamma: Matrix) -> Matrix:
        r"""Improve :math:`\gamma` of every text until it settles."""
        gamma, moving = gamma.copy(), np.arange(len(gamma))
        B = np.exp(_expected_log(self.components_))
        for _ in range(ROUNDS):
            T = np.exp(_expected_log(gamma[moving]))
            better = self._prior("topic_prior") + T * (_surprise(X[moving], T, B) @ B.T)
            change = np.abs(better - gamma[moving]).mean(axis=1)
            gamma[moving] = better
            moving = moving[change >= SETTLED]
            if len(moving) == 0:
                break
        return gamma

    def _words_per_topic(self, X: Any, gamma: Matrix) -> Matrix:
        T, B = np.exp(_expected_log(gamma)), np.exp(_expected_log(self.components_))
        return B * (_surprise(X, T, B).T @ T).T

    def _bound(self, X: Any, gamma: Matrix) -> float:
        T, B = np.exp(_expected_log(gamma)), np.exp(_expected_log(self.components_))
        words = X.data @ np.log(_mixture(X, T, B))
        return float(words - _divergence(gamma, self._prior("topic_prior")))

    def _prior(self, name: str) -> float:
        prior: float | None = getattr(self, name)
        return 1 / self.n_components if prior is None else prior

    def _counts(self, X: Any, reset: bool) -> csr_array:
        X = csr_array(read_samples(self, X, dtype=FLOATS, accept_sparse="csr", reset=reset))
        if X.nnz and X.data.min() < 0:
            raise ValueError(
                f"Negative values in data passed to LatentDirichletAllocation, the smallest is {X.data.min():g}; "
                "it explains how often each word stands in each text: pass counts"
            )
        return X

    def _check(self, X: csr_array) -> None:
        for name in ("n_components", "max_iter", "batch_size"):
            value = getattr(self, name)
            if not (isinstance(value, (int, np.integer)) and value >= 1) and (name, value) != ("batch_size", None):
                raise ValueError(f"{name} must be a whole number from 1 up, got {value!r}")
        for name in ("topic_prior", "word_prior"):
            if not 0 < self._prior(name) < np.inf:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}; 1 / n_components is usual")
        if not X.sum() > 0:
            raise ValueError(f"X of shape {X.shape} has not a single word; look at how the words were counted")
        if (X.data % 1 != 0).any():
            warnings.warn(
                "X holds fractions, as TF-IDF does; topics explain counts: pass those, e.g. of CountVectorizer",
                UserWarning,
                stacklevel=3,
            )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _expected_log(a: Matrix) -> Matrix:
    r"""Return :math:`E[\log p]` for every row of `a`, where p is drawn from the Dirichlet distribution of that row."""
    return digamma(a) - digamma(a.sum(axis=1, keepdims=True))


def _mixture(X: csr_array, T: Matrix, B: Matrix) -> Matrix:
    """Say how much text and topics together expect each word that is there: one number per stored entry of `X`."""
    texts = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
    return np.maximum(np.einsum("ik,ki->i", T[texts], B[:, X.indices]), 1e-200)  # it is divided by


def _surprise(X: csr_array, T: Matrix, B: Matrix) -> csr_array:
    """Divide each count by how much it was expected."""
    return csr_array((X.data / _mixture(X, T, B), X.indices, X.indptr), shape=X.shape)


def _divergence(a: Matrix, prior: float) -> float:
    """Return the sum over rows of the Kullback-Leibler divergence of Dirichlet(row) from the symmetric Dirichlet."""
    total, size = a.sum(axis=1), a.shape[1]
    normalisers = gammaln(total) - gammaln(a).sum(axis=1) + size * gammaln(prior) - gammaln(size * prior)
    return float(((a - prior) * _expected_log(a)).sum() + normalisers.sum())
