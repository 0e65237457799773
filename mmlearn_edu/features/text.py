"""Texts to word weights."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

__all__ = ["TfidfVectorizer", "tokenize"]


def tokenize(text: str, token_pattern: str = r"\w+") -> list[str]:
    """Split a text into lower-case words; words of one letter ("I", "a") stay.

    Examples
    --------
    >>> from mmlearn_edu.features import tokenize
    >>> tokenize("I saw a RED ring, twice.")
    ['i', 'saw', 'a', 'red', 'ring', 'twice']
    """
    return re.findall(token_pattern, text.lower())


class TfidfVectorizer(TransformerMixin, BaseEstimator):
    r"""Weigh each word of a text by how often it stands there and how rare it is elsewhere.

    Entry (i, j) is :math:`\mathrm{tf}_{ij}\,\mathrm{idf}_j` with the smoothed
    :math:`\mathrm{idf}_j = \ln\frac{1 + n}{1 + \mathrm{df}_j} + 1` [1]_; then every row is scaled to length 1.
    tf counts word j in text i, df counts the training texts that have it, n counts the training texts.

    Parameters
    ----------
    token_pattern : str, default=r"\w+"
        Regular expression of one word, matched in the lower-cased text.
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
    """

    def __init__(self, token_pattern: str = r"\w+", min_df: int = 1) -> None:
        self.token_pattern = token_pattern
        self.min_df = min_df

    def fit(self, X: Iterable[str], y: Any = None) -> TfidfVectorizer:
        """Learn the words and their rarity from texts `X`; `y` is ignored.

        Raises
        ------
        TypeError
            If `X` is a single text, or holds something that is no text.
        ValueError
            If no word is left to learn.
        """
        documents = self._tokens(X)
        frequency: dict[str, int] = {}
        for word in chain.from_iterable(map(set, documents)):
            frequency[word] = frequency.get(word, 0) + 1
        words = sorted(word for word, df in frequency.items() if df >= self.min_df)
        if not words:
            raise ValueError(
                f"no word is left from {len(documents)} texts with min_df={self.min_df} and "
                f"token_pattern={self.token_pattern!r}; look at the texts, or lower min_df"
            )
        self.vocabulary_ = {word: column for column, word in enumerate(words)}
        df = np.array([frequency[word] for word in words])
        self.idf_ = np.log((1 + len(documents)) / (1 + df)) + 1
        return self

    def transform(self, X: Iterable[str]) -> csr_array:
        """Weigh the words of texts `X`: a sparse matrix of shape (n_texts, n_words), rows of length 1.

        A text without a single known word becomes a row of zeros.
        """
        check_is_fitted(self)
        known = [[self.vocabulary_[t] for t in tokens if t in self.vocabulary_] for tokens in self._tokens(X)]
        starts = np.cumsum([0, *map(len, known)])
        columns = np.fromiter(chain.from_iterable(known), dtype=np.intp, count=starts[-1])
        counts = csr_array((np.ones(len(columns)), columns, starts), shape=(len(known), len(self.idf_)))
        counts.sum_duplicates()
        counts.data *= self.idf_[counts.indices]
        length = np.sqrt(counts.multiply(counts).sum(axis=1))
        counts.data /= np.repeat(length, np.diff(counts.indptr))  # a row without words has no entry to divide
        return counts

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Return the word of every column."""
        check_is_fitted(self)
        return np.asarray(list(self.vocabulary_), dtype=object)

    def _tokens(self, X: Iterable[str]) -> list[list[str]]:
        if isinstance(X, str):
            raise TypeError('X is a single text; give a list of texts, e.g. ["a red ring"]')
        texts = list(X)
        for row, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"X[{row}] is {type(text).__name__}, expected a text; for one that is missing give ''")
        return [tokenize(text, self.token_pattern) for text in texts]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags
