"""How often words stand near each other, and how much more often than by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array
from sklearn.utils import check_array

__all__ = ["check_window", "cooccurrence", "neighbours", "ppmi"]


def cooccurrence(
    documents: Iterable[Sequence[str]], window: int = 2, vocabulary: Mapping[str, int] | None = None
) -> tuple[csr_array, dict[str, int]]:
    r"""Count how often two words stand near each other.

    :math:`C_{ij}` counts the pairs of positions :math:`s \ne t` with word i at s and word j at t of one document
    and :math:`|s - t| \le` `window` [1]_. Both orders count, so C is symmetric, and a word that meets itself is
    counted twice. Words without a column are skipped but keep their place: nobody comes nearer by leaving them out.

    Parameters
    ----------
    documents : iterable of sequences of str
        The words of each document, in order; pairs never cross from one document to the next.
    window : int, default=2
        Largest distance in words, 1 or more. Small windows find words of one kind, large ones words of one topic [2]_.
    vocabulary : mapping of str to int, default=None
        Column of every word, 0 to ``n_words - 1``; all words in alphabetical order if None.

    Returns
    -------
    counts : csr_array of shape (n_words, n_words)
        Symmetric, whole numbers as float64.
    vocabulary : dict of str to int

    Raises
    ------
    TypeError
        If a document is no list of words (a text, say), or `window` is no whole number.
    ValueError
        If `window` is less than 1, or there is no word.

    References
    ----------
    .. [1] Church, K. W. and Hanks, P. (1990). Word association norms, mutual information, and lexicography.
       Computational Linguistics 16(1), 22-29.
    .. [2] Bullinaria, J. A. and Levy, J. P. (2007). Extracting semantic representations from word co-occurrence
       statistics: a computational study. Behavior Research Methods 39, 510-526.

    Examples
    --------
    >>> from mmlearn_edu.representations import cooccurrence
    >>> counts, vocabulary = cooccurrence([["a", "red", "ring"], ["a", "red", "disc"]], window=1)
    >>> vocabulary
    {'a': 0, 'disc': 1, 'red': 2, 'ring': 3}
    >>> counts.toarray()
    array([[0., 0., 2., 0.],
           [0., 0., 1., 0.],
           [2., 1., 0., 1.],
           [0., 0., 1., 0.]])
    """
    documents = _word_lists(documents)
    check_window(window)
    if vocabulary is None:
        vocabulary = {word: column for column, word in enumerate(sorted(set(chain.from_iterable(documents))))}
    if not vocabulary:
        raise ValueError(f"there is no word in {len(documents)} documents; look at how the texts were split")
    shape = (len(vocabulary), len(vocabulary))
    counts = csr_array(shape)
    for left, right in neighbours(documents, window, vocabulary):
        counts += coo_array((np.ones(len(left)), (left, right)), shape).tocsr()
    return csr_array(counts + counts.T), dict(vocabulary)


def check_window(window: int) -> None:
    """Insist on a distance at which somebody can stand."""
    if not isinstance(window, (int, np.integer)):
        raise TypeError(f"window must be a whole number of words, got {window!r}")
    if window < 1:
        raise ValueError(f"window must be 1 or more, got {window}; at 0 nobody has a neighbour")


def neighbours(
    documents: list[list[str]], window: int, vocabulary: Mapping[str, int]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield for each distance, 1 to `window`, the words that stand so far apart: columns of the left and of the right.

    Words without a column keep their place, and pairs never cross from one document to the next.
    """
    # 1 one long row of columns; -1 for a word without one, and a gap of -1 after each document
    window = min(window, max(map(len, documents), default=1))
    gap = [-1] * window
    places = np.array(
        [i for words in documents for i in [*(vocabulary.get(w, -1) for w in words), *gap]], dtype=np.intp
    )
    # 2 shift it against itself: what now lies side by side was `distance` apart
    for distance in range(1, window + 1):
        left, right = places[:-distance], places[distance:]
        both = (left >= 0) & (right >= 0)
        yield left[both], right[both]


def ppmi(counts: ArrayLike) -> csr_array:
    r"""Keep how much more often two words meet than chance would have it: positive pointwise mutual information.

    .. math:: \mathrm{PPMI}_{ij} = \max\left(0, \ln \frac{C_{ij}}{E_{ij}}\right), \qquad
        E_{ij} = \frac{\sum_k C_{ik} \, \sum_k C_{kj}}{\sum_{kl} C_{kl}}

    :math:`E_{ij}` is how often they would meet by chance, that is, if words took no notice of each other: row sum times
    column sum, divided by the sum of all. 0 is chance or less [1]_; pairs that never met would have :math:`-\infty` and
    are set to 0 too [2]_, which keeps the matrix sparse. A word that was seen once or twice gets large values by luck:
    leave out rare words before.

    Parameters
    ----------
    counts : array-like or sparse matrix of shape (n_words, n_contexts)
        0 or more, as from `cooccurrence`.

    Returns
    -------
    csr_array of shape (n_words, n_contexts)
        float64, 0 or more, in nats, the unit of the natural logarithm; symmetric if `counts` is. A row or column of
        zeros stays zeros.

    Raises
    ------
    ValueError
        If `counts` is no matrix, or has a negative value, a NaN or an infinity.

    References
    ----------
    .. [1] Church, K. W. and Hanks, P. (1990). Word association norms, mutual information, and lexicography.
       Computational Linguistics 16(1), 22-29.
    .. [2] Bullinaria, J. A. and Levy, J. P. (2007). Extracting semantic representations from word co-occurrence
       statistics: a computational study. Behavior Research Methods 39, 510-526.

    Examples
    --------
    >>> from mmlearn_edu.representations import ppmi
    >>> ppmi([[3.0, 1.0], [1.0, 3.0]]).toarray().round(3)  # 3 of 8 where chance has 2 of 8: ln(3 / 2)
    array([[0.405, 0.   ],
           [0.   , 0.405]])
    """
    C = csr_array(check_array(counts, dtype=np.float64, accept_sparse="csr", input_name="counts"), copy=True)
    if C.nnz and C.data.min() < 0:
        raise ValueError(f"counts must be 0 or more, got {C.data.min():g}; give how often words met, not a score")
    C.sum_duplicates()
    C.eliminate_zeros()
    row_sums, column_sums = C.sum(axis=1), C.sum(axis=0)
    by_chance = np.repeat(row_sums, np.diff(C.indptr)) * column_sums[C.indices] / row_sums.sum()
    C.data = np.maximum(np.log(C.data / by_chance), 0)
    C.eliminate_zeros()
    return C


def _word_lists(documents: Iterable[Sequence[str]]) -> list[list[str]]:
    if isinstance(documents, str):
        raise TypeError("documents is a single text; give a list with the words of each text, e.g. from tokenize")
    lists = []
    for row, words in enumerate(documents):
        if isinstance(words, str):
            raise TypeError(f"documents[{row}] is a text, expected its words in a list; split it, e.g. with tokenize")
        lists.append(list(words))
    return lists
