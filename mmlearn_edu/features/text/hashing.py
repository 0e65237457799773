"""Texts to counts without a vocabulary: the hashing trick."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from numbers import Integral
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.utils import Tags, murmurhash3_32

from mmlearn_edu.features.text.bags import BagReader, stack

__all__ = ["HashingVectorizer"]


class HashingVectorizer(BagReader):
    r"""Count words in columns that a hash function picks; nothing is learned, so `fit` may be left out.

    A hash function turns every word w into a whole number h(w) that looks random, here the signed 32-bit MurmurHash3.
    Word w is counted in column :math:`|h(w)| \bmod d` with the sign :math:`\xi(w)` of h(w), where d is `n_features`:

    .. math:: x_{ij} = \sum_{w : |h(w)| \bmod d = j} \xi(w)\,\mathrm{tf}_{iw}

    Two words that meet in one column *collide*, and the column holds the sum of both. Of m words a given one keeps its
    column to itself with probability :math:`(1 - 1/d)^{m - 1} \approx e^{-m/d}`. The signs let collisions cancel on
    average: over random h and :math:`\xi`, the expected dot product of two hashed texts is that of their counts [1]_.

    There is no way back from a column to a word, and no idf, since nothing is remembered: put `TfidfTransformer` behind
    it. Entries can be negative, so it does not suit models of counts such as naive Bayes.

    Parameters
    ----------
    n_features : int, default=2**18
        Columns, from 1 to 2**31 - 1. More columns, fewer collisions; empty columns cost nothing.
    analyzer : {"word", "char"}, default="word"
        Count words, or characters. See `CountVectorizer`, also for the next two.
    ngram_range : (int, int), default=(1, 1)
        Shortest and longest run of neighbours to count.
    token_pattern : str, default: ``r"\w+"``
        Regular expression of one word, matched in the lower-cased text; unused for "char".

    References
    ----------
    .. [1] Weinberger, K. et al. (2009). Feature hashing for large scale multitask learning. ICML, 1113-1120.

    Examples
    --------
    >>> from mmlearn_edu.features import HashingVectorizer
    >>> HashingVectorizer(n_features=8).transform(["a red ring", "ring ring", "红色的圆"]).toarray()
    array([[ 0,  0,  1, -2,  0,  0,  0,  0],
           [ 0,  0,  0, -2,  0,  0,  0,  0],
           [-1,  0,  0,  0,  0,  0,  0,  0]])

    "red" and "ring" collide in the fourth column; with 2**18 columns they do not.
    """

    def __init__(
        self,
        n_features: int = 2**18,
        *,
        analyzer: str = "word",
        ngram_range: tuple[int, int] = (1, 1),
        token_pattern: str = r"\w+",
    ) -> None:
        self.n_features = n_features
        self.analyzer = analyzer
        self.ngram_range = ngram_range
        self.token_pattern = token_pattern

    def fit(self, X: Any = None, y: Any = None) -> HashingVectorizer:
        """Check the options; `X` and `y` are ignored.

        Raises
        ------
        TypeError, ValueError
            If an option is of the wrong kind or out of range.
        """
        self._analyser()
        if not isinstance(self.n_features, Integral):
            raise TypeError(f"n_features={self.n_features!r} must be a whole number of columns, e.g. 2**18")
        if not 1 <= self.n_features < 2**31:
            raise ValueError(f"n_features={self.n_features} not in 1..{2**31 - 1}, the range of a 32-bit hash")
        return self

    def transform(self, X: Iterable[str]) -> csr_array:
        """Count the words of texts `X`, with signs: a sparse matrix of whole numbers, (n_texts, n_features)."""
        self.fit()
        hash_of = cache(murmurhash3_32)  # a word that comes again is not hashed again
        times, hashes, starts = stack(self._bags(X), lambda bag: map(hash_of, bag))
        columns = (np.abs(hashes, dtype=np.int64) % self.n_features).astype(np.int32)
        signed = np.where(hashes < 0, -times, times)
        counts = csr_array((signed, columns, starts), shape=(len(starts) - 1, self.n_features), dtype=np.int64)
        counts.sum_duplicates()
        return counts

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags
