"""Texts to bags of tokens: what the vectorizers share."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from mmlearn_edu.features.text.tokens import check_ngram_range, even_out, ngrams

__all__ = ["BagReader", "stack"]


class BagReader(TransformerMixin, BaseEstimator):
    """Base of the vectorizers: check the options and the texts, and count the tokens of each text."""

    analyzer: str
    ngram_range: tuple[int, int]
    token_pattern: str

    def _bags(self, X: Iterable[str]) -> Iterator[Counter[str]]:
        """Yield the tokens of every text with how often each stands there: its order is forgotten."""
        analyse = self._analyser()
        if isinstance(X, (str, bytes, Mapping)) or not isinstance(X, Iterable) or getattr(X, "ndim", 1) != 1:
            kind = "a single text" if isinstance(X, str) else type(X).__name__
            raise TypeError(f'X is {kind}; give a list of texts, e.g. ["a red ring"], or one column of a table')
        for row, text in enumerate(X):
            if not isinstance(text, str):
                kind = type(text).__name__
                raise TypeError(f"X[{row}] is {kind}, expected a text; for one that is missing give ''")
            yield Counter(analyse(text))

    def _analyser(self) -> Callable[[str], list[str]]:
        """Return the function from a text to its tokens that the options ask for."""
        check_ngram_range(self.ngram_range)
        if self.analyzer == "char":
            blanks = re.compile(r"\s\s+")
            return lambda text: ngrams(blanks.sub(" ", even_out(text)), self.ngram_range, glue="")
        if self.analyzer != "word":
            raise ValueError(f"analyzer={self.analyzer!r} is neither 'word' nor 'char'")
        words = _compiled(self.token_pattern).findall
        if tuple(self.ngram_range) == (1, 1):  # the usual case, which needs no joining
            return lambda text: words(even_out(text))
        return lambda text: ngrams(words(even_out(text)), self.ngram_range)

    def set_output(self, *, transform: str | None = None) -> BagReader:
        """Accept the default only: a table would store every zero.

        Raises
        ------
        ValueError
            If `transform` asks for a table.
        """
        if transform not in (None, "default"):
            raise ValueError(
                f"{type(self).__name__} returns a sparse matrix and makes no {transform} table; in a pipeline set the "
                "output of a later step, or for a few texts write pd.DataFrame(X.toarray())"
            )
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def stack(
    bags: Iterable[Counter[str]], numbers_of: Callable[[Counter[str]], Iterable[int]]
) -> tuple[NDArray[np.int32], ...]:
    """Lay the bags one after another: how often, which token by its number, and where every bag starts.

    These are the three arrays of a sparse matrix in CSR format, one row per bag.
    """
    times, starts = array("i"), [0]
    numbers: list[int] = []
    for bag in bags:
        times.extend(bag.values())
        numbers += numbers_of(bag)
        starts.append(len(numbers))
    return np.asarray(times), np.array(numbers, dtype=np.int32), np.array(starts, dtype=np.int32)


def _compiled(token_pattern: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(token_pattern)
    except (re.error, TypeError) as error:
        raise ValueError(f"token_pattern={token_pattern!r} is no regular expression: {error}") from None
    if pattern.groups > 1:
        raise ValueError(f"token_pattern={token_pattern!r} has {pattern.groups} groups; write (?:...) for all but one")
    return pattern
