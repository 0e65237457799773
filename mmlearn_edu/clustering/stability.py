"""Whether the groups come back when some of the samples are left out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.clustering._distances import Labels, Matrix, Vector
from mmlearn_edu.clustering.kmeans import KMeans
from mmlearn_edu.evaluation import adjusted_rand_index

__all__ = ["stability"]

SHARE = 0.8  # of the samples, in each run


def stability(
    X: ArrayLike, n_clusters: int, *, n_runs: int = 6, random_state: int | np.random.Generator | None = 0
) -> Vector:
    """Cluster random 80 % of the samples, again and again; measure how alike two runs group those they share [1]_.

    Every run is the best of three starts of `KMeans`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    n_clusters : int
    n_runs : int, default=6
        At least 2.
    random_state : int, Generator or None, default=0

    Returns
    -------
    ndarray of shape (n_runs * (n_runs - 1) / 2,)
        Adjusted Rand index of every pair of runs: 1 for the same groups, about 0 for unrelated ones.

    Raises
    ------
    ValueError
        If `n_runs` is below 2, or 80 % of the samples are fewer than `n_clusters`.

    References
    ----------
    .. [1] Ben-Hur, A., Elisseeff, A. and Guyon, I. (2002). A stability based method for discovering structure in
       clustered data. Pacific Symposium on Biocomputing 7, 6-17.

    Examples
    --------
    >>> from mmlearn_edu.clustering import stability
    >>> float(stability([[0.0], [1.0], [2.0], [3.0], [50.0], [51.0], [52.0], [53.0]], 2).min())
    1.0
    """
    X = as_matrix(X)
    if n_runs < 2:
        raise ValueError(f"n_runs={n_runs}, expected 2 or more: agreement takes two")
    if not 1 <= n_clusters <= int(SHARE * len(X)):
        raise ValueError(f"n_clusters={n_clusters} not in 1..{int(SHARE * len(X))}, {SHARE:.0%} of {len(X)} samples")
    random = np.random.default_rng(random_state)
    runs = [_run(X, n_clusters, random) for _ in range(n_runs)]
    return np.array([_agreement(first, second) for first, second in combinations(runs, 2)])


def _run(X: Matrix, n_clusters: int, random: np.random.Generator) -> Labels:
    """Labels of a random share of the samples; -1 for those that were left out."""
    rows = random.permutation(len(X))[: int(SHARE * len(X))]
    labels = np.full(len(X), -1)
    labels[rows] = KMeans(n_clusters, n_init=3, random_state=int(random.integers(2**31))).fit(X[rows]).labels_
    return labels


def _agreement(first: Labels, second: Labels) -> float:
    shared = (first >= 0) & (second >= 0)
    return adjusted_rand_index(first[shared], second[shared])
