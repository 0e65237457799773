"""Words as vectors: words that keep the same company point the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu.features import tokenize
from mmlearn_edu.naming import nearest as did_you_mean
from mmlearn_edu.representations.cooccurrence import cooccurrence, ppmi
from mmlearn_edu.representations.truncated_svd import TruncatedSVD

__all__ = ["WordVectors"]

NOISE = 1e-7  # singular values below this share of the largest are rounding


class WordVectors(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Learn a short vector for every word from the words around it; a text is the mean of its words.

    1. Count which words stand near each other (`cooccurrence`).
    2. Keep how much more often than by chance: the matrix M, one long row per word (`ppmi`).
    3. Shorten (`TruncatedSVD`): with :math:`M = U \Sigma V^\top` the vector of word i is row i of
       :math:`U \Sigma^{1/2}` [1]_.

    No dictionary is needed: words are alike when they have the same neighbours, and could stand in for each other. The
    order of words in a text is forgotten, and a word has one vector for all its meanings.

    Parameters
    ----------
    n_components : int, default=2
        Length of a vector, from 1 to n_words. For real texts 50 to 300.
    window : int, default=2
        How many words away a neighbour may be.
    min_count : int, default=1
        Leave out words that the training texts have fewer times than this: what rare words met was luck.
    token_pattern : str, default: ``r"\w+"``
        Regular expression of one word, matched in the lower-cased text.

    Attributes
    ----------
    vectors_ : ndarray of shape (n_words, n_components)
        Largest singular value first. A word that met no other more often than chance has a vector of zeros.
    vocabulary_ : dict of str to int
        Row of every word, in alphabetical order.
    singular_values_ : ndarray of shape (n_components,), in nats (see `ppmi`), largest first

    References
    ----------
    .. [1] Levy, O. and Goldberg, Y. (2014). Neural word embedding as implicit matrix factorization. NeurIPS 27.

    Examples
    --------
    >>> from mmlearn_edu.representations import WordVectors
    >>> texts = ["the cat drinks milk", "the dog drinks milk"]
    >>> texts += ["a car needs fuel", "a truck needs fuel"]
    >>> words = WordVectors(n_components=3).fit(texts)
    >>> words.nearest("cat", k=1)  # though the two never meet
    [('dog', 1.0)]
    >>> words.transform(["cat and dog", "nobody knows these"]).shape
    (2, 3)
    """

    def __init__(
        self, n_components: int = 2, *, window: int = 2, min_count: int = 1, token_pattern: str = r"\w+"
    ) -> None:
        self.n_components = n_components
        self.window = window
        self.min_count = min_count
        self.token_pattern = token_pattern

    def fit(self, X: Iterable[str], y: Any = None) -> WordVectors:
        """Learn the vectors from texts `X`; `y` is ignored.

        Raises
        ------
        TypeError
            If `X` is a single text, holds something that is no text, or a parameter is no whole number.
        ValueError
            If a parameter is out of range, no word is left, or no two words meet more often than chance.
        """
        documents = self._tokens(X)
        frequency = Counter(chain.from_iterable(documents))
        self.vocabulary_ = self._choose(frequency, len(documents))
        if self.n_components > (n_words := len(self.vocabulary_)):
            raise ValueError(
                f"n_components={self.n_components} needs as many words, and {len(documents)} texts have {n_words} with "
                f"min_count={self.min_count}; choose fewer components, or give more text"
            )
        M = ppmi(cooccurrence(documents, self.window, self.vocabulary_)[0])
        if M.nnz == 0:
            raise ValueError(
                f"no two of the {len(self.vocabulary_)} words meet more often than chance (window={self.window}); "
                "give more and longer texts"
            )
        svd = TruncatedSVD(self.n_components).fit(M)
        s = self.singular_values_ = svd.singular_values_
        there = s > NOISE * s[0]  # where M has fewer directions, the others are zeros, not magnified rounding
        self.vectors_ = svd.transform(M) / np.sqrt(np.where(there, s, 1)) * there  # U S^(1/2) = M V / S^(1/2)
        self._n_features_out = self.n_components
        return self

    def transform(self, X: Iterable[str]) -> NDArray[np.float64]:
        """Average the vectors of each text's words: (n_texts, n_components).

        Words that were not learnt are left out; a text without a single known word becomes a row of zeros.
        """
        check_is_fitted(self)
        documents = self._tokens(X)
        out = np.zeros((len(documents), self.vectors_.shape[1]))
        for row, tokens in enumerate(documents):
            known = [self.vocabulary_[word] for word in tokens if word in self.vocabulary_]
            if known:
                out[row] = self.vectors_[known].mean(axis=0)
        return out

    def nearest(self, word: str, k: int = 5) -> list[tuple[str, float]]:
        """Find the `k` words whose vectors point most nearly the same way, best first, each with its cosine.

        The word itself is left out. Among equals the alphabet decides.

        Raises
        ------
        LookupError
            If `word` was not learnt; the message suggests words spelt like it.
        ValueError
            If `word` has a vector of zeros, or `k` is not in 1 to ``n_words - 1``.
        """
        check_is_fitted(self)
        if word not in self.vocabulary_:
            raise LookupError(
                f"{word!r} is not among the {len(self.vocabulary_)} words; {did_you_mean(word, self.vocabulary_)}"
            )
        if not 1 <= k < len(self.vocabulary_):
            raise ValueError(f"{k=} not in 1..{len(self.vocabulary_) - 1}; there are no other words")
        row = self.vocabulary_[word]
        lengths = np.linalg.norm(self.vectors_, axis=1)
        lengths[lengths < NOISE * lengths.max()] = 0
        if lengths[row] == 0:
            raise ValueError(
                f"{word!r} has a vector of zeros, which points nowhere: what it met, if anything, is not among the "
                f"{self.vectors_.shape[1]} strongest directions; give more text, or raise n_components"
            )
        cosines = np.zeros(len(lengths))
        np.divide(self.vectors_ @ self.vectors_[row], lengths * lengths[row], out=cosines, where=lengths > 0)
        cosines = cosines.round(12)  # noise would decide between equals
        best = [i for i in np.argsort(-cosines, kind="stable") if i != row][:k]
        names = list(self.vocabulary_)
        return [(names[i], float(cosines[i])) for i in best]

    def _choose(self, frequency: Mapping[str, int], n_texts: int) -> dict[str, int]:
        words = sorted(word for word, count in frequency.items() if count >= self.min_count)
        if not words:
            raise ValueError(
                f"no word is left from {n_texts} texts with min_count={self.min_count} and "
                f"token_pattern={self.token_pattern!r}; look at the texts, or lower min_count"
            )
        return {word: row for row, word in enumerate(words)}

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
