"""Texts to tokens: words, and runs of neighbouring words or characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from unicodedata import normalize

import numpy as np

__all__ = ["ngrams", "tokenize"]


def tokenize(text: str, token_pattern: str = r"\w+") -> list[str]:
    r"""Split a text into lower-case words; words of one letter ("I", "a") stay.

    One accented letter can be stored in two ways, as é or as e and a separate accent. Both become the first (Unicode's
    form NFC [1]_), so that they are the same word. Nothing else is evened out: full-width Ａ is another letter than A.

    Parameters
    ----------
    text : str
    token_pattern : str, default: ``r"\w+"``
        Regular expression of one word, matched in the lower-cased text. ``\w`` is a letter, digit or underscore of any
        language; it leaves out punctuation (also full-width), emoji, and the vowel signs of Hindi or Thai.

    Returns
    -------
    list of str
        In the order of the text; empty for a text without a word.

    References
    ----------
    .. [1] Whistler, K. (ed.). Unicode Normalization Forms. Unicode Standard Annex 15.

    Examples
    --------
    >>> from mmlearn_edu.features import tokenize
    >>> tokenize("I saw a RED ring, twice.")
    ['i', 'saw', 'a', 'red', 'ring', 'twice']

    Chinese has no blanks between words, so a whole clause passes for one word:

    >>> tokenize("一个红色的圆，在左边。")
    ['一个红色的圆', '在左边']

    A pattern can take each Chinese character as a word, and a run of other letters as one word:

    >>> tokenize("红色的LED灯", token_pattern=r"[一-鿿]|[^\W一-鿿]+")
    ['红', '色', '的', 'led', '灯']
    """
    return re.findall(token_pattern, even_out(text))


def ngrams(tokens: Sequence[str], ngram_range: tuple[int, int] = (1, 2), glue: str = " ") -> list[str]:
    """Join every run of n neighbouring tokens, for each n from low to high.

    m tokens have m - n + 1 such runs. Two words together tell "not good" from "good"; two or three characters together
    bear with misspelling, and do for words in Chinese [1]_.

    Parameters
    ----------
    tokens : sequence of str
        Words; or one text, whose tokens are its characters (Unicode code points: an emoji can have several).
    ngram_range : (int, int), default=(1, 2)
        Shortest and longest run, in tokens.
    glue : str, default=" "
        What joins the tokens: a blank for words, ``""`` for characters.

    Returns
    -------
    list of str
        Shortest runs first; no run is longer than `tokens`.

    Raises
    ------
    ValueError
        If not 1 <= low <= high.
    TypeError
        If `ngram_range` is not a pair of whole numbers.

    References
    ----------
    .. [1] Manning, C., Raghavan, P. and Schütze, H. (2008). Introduction to Information Retrieval, sections 2.2, 3.2.

    Examples
    --------
    >>> from mmlearn_edu.features import ngrams
    >>> ngrams(["not", "good", "enough"])
    ['not', 'good', 'enough', 'not good', 'good enough']
    >>> ngrams("红色的圆", glue="")
    ['红', '色', '的', '圆', '红色', '色的', '的圆']
    """
    low, high = check_ngram_range(ngram_range)
    if high == 1:
        return list(tokens)
    runs = (map(glue.join, zip(*(tokens[start:] for start in range(n)), strict=False)) for n in range(low, high + 1))
    return list(chain.from_iterable(runs))


def even_out(text: str) -> str:
    """Lower the case, and store every accented letter in one way."""
    return normalize("NFC", text.lower())


def check_ngram_range(ngram_range: tuple[int, int]) -> tuple[int, int]:
    """Return the pair, or say what is wrong with it."""
    pair = isinstance(ngram_range, (tuple, list)) and len(ngram_range) == 2
    if not pair or not all(isinstance(n, (int, np.integer)) for n in ngram_range):
        raise TypeError(f"ngram_range={ngram_range!r} is no pair of whole numbers; (1, 2) is single tokens and pairs")
    low, high = ngram_range
    if not 1 <= low <= high:
        raise ValueError(f"ngram_range={ngram_range!r} must have 1 <= low <= high; (1, 2) is single tokens and pairs")
    return low, high
