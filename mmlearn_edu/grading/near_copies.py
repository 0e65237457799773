"""Which hand-ins share much that nobody else wrote: runs of words and signs, as plagiarism finders compare them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, triu

from mmlearn_edu.grading.alike import tokens
from mmlearn_edu.grading.copies import FEW, SHARE
from mmlearn_edu.grading.submission import Submission
from mmlearn_edu.grading.words import say

__all__ = ["NearCopies", "find_near_copies"]

RUN = 8  # words and signs in a row
LEAST = 40  # rare runs that two hand-ins must share
ALIKE = 0.6  # of the rare runs of the one that has fewer


@dataclass(frozen=True)
class NearCopies:
    """Two hand-ins of different students that share much that few wrote.

    Parameters
    ----------
    submissions : tuple of str
        Their two names, sorted.
    share : float
        The part of the rare runs of the one that has fewer which stands in both, above 0.6 and at most 1.
    words : str
        What a teacher reads.
    """

    submissions: tuple[str, str]
    share: float
    words: str


def find_near_copies(submissions: Sequence[Submission], published: Iterable[str] = ()) -> list[NearCopies]:
    """Find pairs of hand-ins that are alike after all names are made equal, whatever was moved or exchanged between.

    Every 8 words and signs in a row are a run [1]_. Runs that `published` holds, or that more than three students and
    more than one in fifty wrote, say nothing. Two hand-ins are listed if they share at least 40 of the others, and at
    least 0.6 of those of the one that has fewer. Nothing is parsed or run: only characters are looked at.

    Parameters
    ----------
    submissions : sequence of Submission
    published : iterable of str
        Code that everybody has: the cells of the hand-out, and of its solution.

    Returns
    -------
    list of NearCopies
        The most alike first.

    References
    ----------
    .. [1] Schleimer, S., Wilkerson, D. S. & Aiken, A. (2003). Winnowing: local algorithms for document fingerprinting.
       SIGMOD '03, 76-85.
    """
    cells = set(published)
    common = {run for source in cells for run in _runs(source)}
    theirs = [
        {run for cell in one.cells if cell.source not in cells for run in _runs(cell.source)} for one in submissions
    ]
    rare = _rare([runs - common for runs in theirs], [one.student.casefold() for one in submissions])
    sizes = rare.sum(axis=1)
    both = triu(rare @ rare.T, k=1).tocoo()
    found = []
    for first, second, count in zip(*both.coords, both.data, strict=True):
        one, other = submissions[first], submissions[second]
        share = float(count / min(sizes[first], sizes[second]))
        if count >= LEAST and share >= ALIKE and one.student.casefold() != other.student.casefold():
            words = f"{say('copies', 'near', share=share)} {say('copies', 'look')}"
            left, right = sorted((one.name, other.name))
            found.append(NearCopies((left, right), share, words))
    return sorted(found, key=lambda pair: (-pair.share, pair.submissions))


def _runs(source: str) -> Iterator[tuple[str, ...]]:
    words = tokens(source)
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _rare(theirs: Sequence[set[tuple[str, ...]]], students: Sequence[str]) -> csr_array:
    """Return a table with a row for every hand-in and a column for every rare run: 1 where it stands in it."""
    columns: dict[tuple[str, ...], int] = {}
    pairs = [(row, columns.setdefault(run, len(columns))) for row, runs in enumerate(theirs) for run in runs]
    rows, runs = np.array(pairs, dtype=int).reshape(-1, 2).T
    table = csr_array((np.ones(len(rows), dtype=int), (rows, runs)), shape=(len(theirs), len(columns)))
    names, whose = np.unique(students, return_inverse=True)
    by_student = csr_array((np.ones(len(rows), dtype=int), (whose[rows], runs)), shape=(len(names), len(columns)))
    holders = np.diff(by_student.tocsc().indptr) if len(rows) else np.zeros(len(columns))
    return table[:, holders <= max(FEW, SHARE * len(names))]
