"""Word counts to word weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples
from mmlearn_edu.features.text.counts import CountVectorizer

__all__ = ["TfidfTransformer", "TfidfVectorizer"]

FLOATS = [np.float64, np.float32]


class TfidfTransformer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    r"""Weigh each count by how rare its word is elsewhere, then scale every text to length 1.

    Entry (i, j) becomes :math:`\mathrm{tf}_{ij}\,\mathrm{idf}_j` with the smoothed
    :math:`\mathrm{idf}_j = \ln\frac{1 + n}{1 + \mathrm{df}_j} + 1` [1]_. tf is the count, df says how many training
    texts have word j at all, n counts the training texts. A row of zeros stays zeros.

    Attributes
    ----------
    idf_ : ndarray of shape (n_words,)
        1 for a word that every training text has, more for rarer ones.

    References
    ----------
    .. [1] Manning, C., Raghavan, P. and Schütze, H. (2008). Introduction to Information Retrieval, ch. 6.

    Examples
    --------
    >>> from mmlearn_edu.features import TfidfTransformer
    >>> tfidf = TfidfTransformer().fit([[1, 1, 0], [1, 0, 1]])  # the first word is in both texts
    >>> tfidf.idf_.round(2)
    array([1.  , 1.41, 1.41])
    >>> tfidf.transform([[2, 1, 0]]).round(2)
    array([[0.82, 0.57, 0.  ]])
    """

    def fit(self, X: ArrayLike, y: Any = None) -> TfidfTransformer:
        """Learn the rarity of every word from counts `X`, dense or sparse, (n_texts, n_words); `y` is ignored."""
        self.idf_ = _inverse_document_frequency(self._counts(X, reset=True))
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.floating[Any]] | csr_array:
        """Weigh counts (n_texts, n_words); dense stays dense, sparse stays sparse."""
        check_is_fitted(self)
        return _weigh(self._counts(X, reset=False), self.idf_)

    def _counts(self, X: ArrayLike, *, reset: bool) -> Any:
        X = read_samples(self, X, dtype=FLOATS, accept_sparse="csr", copy=True, reset=reset)
        if issparse(X):  # a stored zero is no word, and an entry stored in two parts is one word
            X.sum_duplicates()
            X.eliminate_zeros()
        return X

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


class TfidfVectorizer(CountVectorizer, auto_wrap_output_keys=None):  # type: ignore[call-arg]  # never a table
    r"""Weigh each word of a text by how often it stands there and how rare it is elsewhere.

    `CountVectorizer`, then `TfidfTransformer`: entry (i, j) is :math:`\mathrm{tf}_{ij}\,\mathrm{idf}_j` with
    :math:`\mathrm{idf}_j = \ln\frac{1 + n}{1 + \mathrm{df}_j} + 1` [1]_, and every row has length 1. A text without a
    single known word becomes a row of zeros.

    Parameters
    ----------
    analyzer : {"word", "char"}, default="word"
        Count words, or characters (the usual choice for Chinese). See `CountVectorizer`, also for the others.
    ngram_range : (int, int), default=(1, 1)
        Shortest and longest run of neighbours to count.
    token_pattern : str, default: ``r"\w+"``
        Regular expression of one word, matched in the lower-cased text; unused for "char".
    min_df : int, default=1
        Leave out words that fewer training texts than this have.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of every word, in alphabetical order. Words met only later have no column and are ignored.
    idf_ : ndarray of shape (n_words,)
        1 for a word that every training text has, more for rarer ones.

    References
    ----------
    .. [1] Manning, C., Raghavan, P. and Schütze, H. (2008). Introduction to Information Retrieval, ch. 6.

    Examples
    --------
    >>> from mmlearn_edu.features import TfidfVectorizer
    >>> tfidf = TfidfVectorizer().fit(["a red ring", "a blue ring"])
    >>> tfidf.get_feature_names_out().tolist()
    ['a', 'blue', 'red', 'ring']
    >>> tfidf.transform(["red", "red ring", "green"]).toarray().round(2)
    array([[0.  , 0.  , 1.  , 0.  ],
           [0.  , 0.  , 0.81, 0.58],
           [0.  , 0.  , 0.  , 0.  ]])

    Rows have length 1, so their products are cosines. Which Chinese caption is nearest to the query?

    >>> captions = ["红色的大圆", "蓝色的小星", "红色的小方块"]
    >>> tfidf = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    >>> bank = tfidf.fit_transform(captions)
    >>> (tfidf.transform(["小方块"]) @ bank.T).toarray().round(2)
    array([[0.  , 0.11, 0.79]])
    """

    idf_: NDArray[np.float64]

    def fit_transform(self, X: Iterable[str], y: Any = None) -> csr_array:
        """Learn the words of texts `X` and their rarity, and weigh them, reading every text once; `y` is ignored.

        Raises
        ------
        TypeError, ValueError
            As `CountVectorizer.fit_transform`.
        """
        counts = self._learn(X).astype(np.float64)
        self.idf_ = _inverse_document_frequency(counts)
        return _weigh(counts, self.idf_)

    def transform(self, X: Iterable[str]) -> csr_array:
        """Weigh the known words of texts `X`: a sparse matrix of shape (n_texts, n_words), rows of length 1 or 0."""
        return _weigh(self._count(X).astype(np.float64), self.idf_)


def _inverse_document_frequency(counts: Any) -> NDArray[np.float64]:
    n_texts, n_words = counts.shape
    df = np.bincount(counts.indices, minlength=n_words) if issparse(counts) else np.count_nonzero(counts, axis=0)
    return np.log((1 + n_texts) / (1 + df)) + 1


def _weigh(counts: Any, idf: NDArray[np.float64]) -> Any:
    """Multiply every column by its idf and scale every row to length 1; writes into `counts`."""
    if issparse(counts):
        counts.data *= idf[counts.indices]
    else:
        counts *= idf
    return normalize(counts, copy=False) if counts.shape[0] else counts  # normalize refuses to do nothing
