"""Where k-means starts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from mmlearn_edu._validation import as_matrix, check_whole
from mmlearn_edu.clustering._distances import Matrix, own_distances

__all__ = ["kmeans_plus_plus"]


def kmeans_plus_plus(
    X: ArrayLike, n_clusters: int, *, random_state: int | np.random.RandomState | None = None
) -> Matrix:
    """Draw `n_clusters` samples as centroids, each with a chance that grows with its squared distance to the others.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    n_clusters : int, from 1 to n_samples
    random_state : int, RandomState or None, default=None

    Returns
    -------
    ndarray of shape (n_clusters, n_features)
        Rows of `X`; the same row twice only if there are fewer distinct rows than clusters.

    Raises
    ------
    ValueError
        If `n_clusters` is not in 1 to n_samples, or `X` is no finite matrix.
    TypeError
        If `n_clusters` is not a whole number.

    Examples
    --------
    >>> from mmlearn_edu.clustering import kmeans_plus_plus
    >>> sorted(kmeans_plus_plus([[0.0], [0.0], [7.0]], 2, random_state=0).ravel().tolist())
    [0.0, 7.0]
    """
    X = as_matrix(X)
    check_whole(n_clusters=n_clusters)
    if not 1 <= n_clusters <= len(X):
        raise ValueError(f"{n_clusters=} not in 1..{len(X)}; every centroid starts on a sample of its own")
    random = check_random_state(random_state)
    chosen = [int(random.randint(len(X)))]
    distance = np.full(len(X), np.inf)  # squared, to the nearest centroid drawn so far
    while len(chosen) < n_clusters:
        distance = np.minimum(distance, own_distances(X, X[chosen[-1:]], np.zeros(len(X), dtype=np.intp)))
        total = distance.sum()
        chosen.append(int(random.choice(len(X), p=distance / total if total > 0 else None)))
    return X[chosen]
