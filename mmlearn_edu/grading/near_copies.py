"""Which students share much that nobody else wrote, after all names are made equal."""

from collections.abc import Hashable, Mapping, Set
from typing import Any

import numpy as np
from scipy.sparse import csr_array, triu

__all__ = ["near_pairs"]


def near_pairs(
    runs: Mapping[str, Set[Hashable]], few: float, least: int = 12, alike: float = 0.6
) -> dict[tuple[str, str], float]:
    """Find pairs of students who have most of their rare runs in common.

    Parameters
    ----------
    runs : mapping of str to set
        Student -> the runs they wrote, as :func:`mmlearn_edu.grading.alike.runs` numbers them.
    few : float
        A run is rare if at most so many students wrote it; the others say nothing.
    least : int, default=12
        Rare runs that two students share.
    alike : float, default=0.6
        The same as a part of the rare runs of the student who has fewer, 0 to 1.

    Returns
    -------
    dict of (str, str) to float
        Pair, in order -> the part that they share.
    """
    students = sorted(runs)
    columns: dict[Hashable, int] = {}
    pairs = [(row, columns.setdefault(run, len(columns))) for row, who in enumerate(students) for run in runs[who]]
    if not pairs:
        return {}
    rows, places = np.array(pairs).T
    table: Any = csr_array((np.ones(len(rows), dtype=int), (rows, places)), shape=(len(students), len(columns)))
    rare = table[:, np.diff(table.tocsc().indptr) <= few]
    sizes = rare.sum(axis=1)
    both = triu(rare @ rare.T, k=1).tocoo()
    found = {}
    for first, second, count in zip(*both.coords, both.data, strict=True):
        share = float(count / min(sizes[first], sizes[second]))
        if count >= least and share >= alike:
            found[students[first], students[second]] = share
    return found
