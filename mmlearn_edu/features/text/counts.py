"""Texts to word counts: the bag of words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import count, repeat
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu.features.text.bags import BagReader, stack

__all__ = ["CountVectorizer"]


class CountVectorizer(BagReader, auto_wrap_output_keys=None):  # type: ignore[call-arg]  # never a table
    r"""Count how often each word stands in each text; the order of the words is lost.

    Entry (i, j) is :math:`\mathrm{tf}_{ij}`, how often word j stands in text i [1]_. The words are those of the texts
    given to `fit`; words met only later have no column and are ignored. "Word" below stands for whatever is counted.

    Parameters
    ----------
    analyzer : {"word", "char"}, default="word"
        Count words, or characters: all of them, with blanks and punctuation (two or more blanks count as one).
        Characters are the usual choice for Chinese, where no blanks mark the words.
    ngram_range : (int, int), default=(1, 1)
        Shortest and longest run of neighbours to count: (1, 2) is single ones and pairs. See `ngrams`.
    token_pattern : str, default: ``r"\w+"``
        Regular expression of one word, matched in the lower-cased text; unused for "char". See `tokenize`.
    min_df : int, default=1
        Leave out words that fewer training texts than this have.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of every word, in the order of their Unicode numbers: alphabetical for English.

    References
    ----------
    .. [1] Manning, C., Raghavan, P. and Schütze, H. (2008). Introduction to Information Retrieval, ch. 6.

    Examples
    --------
    >>> from mmlearn_edu.features import CountVectorizer
    >>> count = CountVectorizer().fit(["a red ring", "a blue ring"])
    >>> count.get_feature_names_out().tolist()
    ['a', 'blue', 'red', 'ring']
    >>> count.transform(["Red ring, red disc!", "green"]).toarray()
    array([[0, 0, 2, 1],
           [0, 0, 0, 0]])

    Chinese, by single characters and pairs:

    >>> count = CountVectorizer(analyzer="char", ngram_range=(1, 2)).fit(["红圆", "红星"])
    >>> count.get_feature_names_out().tolist()
    ['圆', '星', '红', '红圆', '红星']
    """

    vocabulary_: dict[str, int]

    def __init__(
        self,
        *,
        analyzer: str = "word",
        ngram_range: tuple[int, int] = (1, 1),
        token_pattern: str = r"\w+",
        min_df: int = 1,
    ) -> None:
        self.analyzer = analyzer
        self.ngram_range = ngram_range
        self.token_pattern = token_pattern
        self.min_df = min_df

    def fit(self, X: Iterable[str], y: Any = None) -> CountVectorizer:
        """Learn the words of texts `X`; `y` is ignored. Raises what `fit_transform` raises."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Iterable[str], y: Any = None) -> csr_array:
        """Learn the words of texts `X` and count them, reading every text once; `y` is ignored.

        Raises
        ------
        TypeError
            If `X` is a single text or no list of texts, or an option is of the wrong kind.
        ValueError
            If no word is left to count, or an option is out of range.
        """
        return self._learn(X).astype(np.int64)

    def transform(self, X: Iterable[str]) -> csr_array:
        """Count the known words of texts `X`: a sparse matrix of whole numbers, of shape (n_texts, n_words)."""
        return self._count(X).astype(np.int64)

    def _learn(self, X: Iterable[str]) -> csr_array:
        if not isinstance(self.min_df, Integral):
            raise TypeError(f"min_df={self.min_df!r} must be a whole number of texts, e.g. 2")
        if self.min_df < 1:
            raise ValueError(f"min_df={self.min_df} must be at least 1: every word is in some text")
        number: defaultdict[str, int] = defaultdict(count().__next__)  # a new word gets the next number
        times, numbers, starts = stack(self._bags(X), lambda bag: map(number.__getitem__, bag))
        df = np.bincount(numbers, minlength=len(number))
        words = sorted(word for word, n_texts in zip(number, df.tolist(), strict=True) if n_texts >= self.min_df)
        if not words:
            options = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
            raise ValueError(f"nothing is left to count in {len(starts) - 1} texts with {options}; look at the texts")
        self.vocabulary_ = {word: column for column, word in enumerate(words)}
        column = np.full(len(number), len(words), dtype=np.int32)
        column[[number[word] for word in words]] = np.arange(len(words))
        return _matrix(times, column[numbers], starts, len(words))

    def _count(self, X: Iterable[str]) -> csr_array:
        check_is_fitted(self)
        n_words = len(self.vocabulary_)
        times, columns, starts = stack(self._bags(X), lambda bag: map(self.vocabulary_.get, bag, repeat(n_words)))
        return _matrix(times, columns, starts, n_words)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Return the word of every column."""
        check_is_fitted(self)
        return np.asarray(list(self.vocabulary_), dtype=object)


def _matrix(times: NDArray[Any], columns: NDArray[Any], starts: NDArray[Any], n_words: int) -> csr_array:
    """Sort the columns of every row. A word without a column is given the one after the last, which is cut off."""
    counts = csr_array((times, columns, starts), shape=(len(starts) - 1, n_words + 1))
    counts.sort_indices()
    return counts[:, :n_words]
