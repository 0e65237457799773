"""k-means clustering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from mmlearn_edu._validation import as_matrix

__all__ = ["KMeans", "kmeans_objective", "kmeans_plus_plus"]

Matrix = NDArray[np.floating[Any]]
Labels = NDArray[np.intp]
CHUNK = 2**20  # distances held at a time


class KMeans(ClusterMixin, BaseEstimator):
    r"""Split the samples into `n_clusters` groups around as many centroids.

    Lloyd's algorithm [1]_ lowers the objective :math:`\sum_i \min_c \lVert x_i - \mu_c \rVert^2`: give every
    sample to its nearest centroid (the lowest index when two are equally near), move every centroid to the
    mean of its samples, repeat until no sample changes. It stops at a local minimum, so it starts `n_init`
    times and keeps the best.

    An empty cluster takes the sample that is farthest from its centroid (several take the farthest samples,
    in order). Only when no sample is away from its centroid does it stay empty, where it was: there are then
    fewer distinct samples than clusters.

    Parameters
    ----------
    n_clusters : int, default=8
    init : "k-means++" or array-like of shape (n_clusters, n_features), default="k-means++"
        Where the centroids start; "k-means++" draws samples that are far apart [2]_.
    n_init : int, default=10
        Starts; a given `init` is started from once.
    max_iter : int, default=300
        Rounds per start.
    random_state : int, RandomState or None, default=None

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features), in the units of `X`
    labels_ : ndarray of int of shape (n_samples,)
        Names of groups, nothing more: another seed may swap 0 and 1.
    inertia_ : float
        The objective, in squared units of `X`.
    objective_history_ : ndarray of shape (n_iter_ + 1,)
        The objective before each round of the best start and after its last; it never rises.
    n_iter_ : int

    References
    ----------
    .. [1] Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Information Theory 28(2).
    .. [2] Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA.

    Examples
    --------
    >>> from mmlearn_edu.clustering import KMeans
    >>> kmeans = KMeans(n_clusters=2, random_state=0).fit([[0.0], [1.0], [10.0], [11.0]])
    >>> sorted(kmeans.cluster_centers_.ravel().tolist()), kmeans.inertia_
    ([0.5, 10.5], 1.0)
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: str | ArrayLike = "k-means++",
        n_init: int = 10,
        max_iter: int = 300,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> KMeans:
        """Find the centroids of `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If there are fewer samples than clusters, `init` has another shape, or a number is below 1.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32])
        self._check_parameters(X.shape[0])
        mean = X.mean(axis=0)
        centred = X - mean  # keeps (x - c)^2 = x^2 - 2xc + c^2 exact when the data lies far from zero
        best = min(
            (_lloyd(centred, start, self.max_iter) for start in self._starts(X, mean)), key=lambda run: run[2][-1]
        )
        centroids, self.labels_, history = best
        self.cluster_centers_ = centroids + mean
        self.objective_history_ = np.asarray(history)
        self.n_iter_ = len(history) - 1
        self.inertia_ = float(((centred - centroids[self.labels_]) ** 2).sum())
        return self

    def predict(self, X: ArrayLike) -> Labels:
        """Name the nearest centroid of every sample: (n_samples, n_features) -> (n_samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        mean = self.cluster_centers_.mean(axis=0)
        return _nearest(X - mean, self.cluster_centers_ - mean)

    def _check_parameters(self, n_samples: int) -> None:
        for name in ("n_clusters", "n_init", "max_iter"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)}, expected 1 or more")
        if n_samples < self.n_clusters:
            raise ValueError(f"n_samples={n_samples} is fewer than n_clusters={self.n_clusters}; ask for fewer")

    def _starts(self, X: Matrix, mean: Matrix) -> Iterator[Matrix]:
        if not isinstance(self.init, str):
            yield _check_init(self.init, (self.n_clusters, X.shape[1])).astype(X.dtype) - mean
            return
        if self.init != "k-means++":
            raise ValueError(f'init={self.init!r}, expected "k-means++" or an array of starting centroids')
        random = check_random_state(self.random_state)
        for _ in range(self.n_init):
            yield kmeans_plus_plus(X, self.n_clusters, random_state=random) - mean


def kmeans_objective(X: ArrayLike, centroids: ArrayLike, labels: ArrayLike | None = None) -> float:
    """Add up the squared distances from the samples to their centroids.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    centroids : array-like of shape (n_clusters, n_features)
    labels : array-like of int of shape (n_samples,), default=None
        Which centroid each sample belongs to; the nearest one if None.

    Returns
    -------
    float
        In squared units of `X`.

    Raises
    ------
    ValueError
        If the widths differ, or `labels` is not one valid centroid number per sample.

    Examples
    --------
    >>> from mmlearn_edu.clustering import kmeans_objective
    >>> kmeans_objective([[0.0], [1.0], [10.0]], [[0.0], [9.0]])
    2.0
    """
    X, centroids = as_matrix(X, "X"), as_matrix(centroids, "centroids")
    if X.shape[1] != centroids.shape[1]:
        raise ValueError(f"X has n_features={X.shape[1]} and centroids {centroids.shape[1]}; they must be equal")
    mean = centroids.mean(axis=0)
    chosen = _nearest(X - mean, centroids - mean) if labels is None else np.asarray(labels)
    if chosen.shape != (len(X),) or chosen.dtype.kind not in "iu":
        raise ValueError(f"labels needs one whole number per sample, shape ({len(X)},); got shape {chosen.shape}")
    if chosen.min() < 0 or chosen.max() >= len(centroids):
        raise ValueError(f"labels run from {chosen.min()} to {chosen.max()}, expected 0..{len(centroids) - 1}")
    return float(((X - centroids[chosen]) ** 2).sum())


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

    Examples
    --------
    >>> from mmlearn_edu.clustering import kmeans_plus_plus
    >>> sorted(kmeans_plus_plus([[0.0], [0.0], [7.0]], 2, random_state=0).ravel().tolist())
    [0.0, 7.0]
    """
    X = as_matrix(X, "X")
    if not 1 <= n_clusters <= len(X):
        raise ValueError(f"{n_clusters=} not in 1..{len(X)}; every centroid starts on a sample of its own")
    random = check_random_state(random_state)
    chosen = [int(random.randint(len(X)))]
    distance = np.full(len(X), np.inf)  # squared, to the nearest centroid drawn so far
    while len(chosen) < n_clusters:
        distance = np.minimum(distance, ((X - X[chosen[-1]]) ** 2).sum(axis=1, dtype=np.float64))
        total = distance.sum()
        chosen.append(int(random.choice(len(X), p=distance / total if total > 0 else None)))
    return X[chosen]


def _lloyd(X: Matrix, centroids: Matrix, max_iter: int) -> tuple[Matrix, Labels, list[float]]:
    squares = _squares(X)
    labels, distance = _assign(X, centroids, squares)
    history = [float(distance.sum())]
    for _ in range(max_iter):
        centroids = _update(X, labels, distance, centroids)
        previous = labels
        labels, distance = _assign(X, centroids, squares)
        history.append(float(distance.sum()))
        if np.array_equal(labels, previous):
            break
    return centroids, labels, history


def _assign(X: Matrix, centroids: Matrix, squares: Matrix) -> tuple[Labels, NDArray[np.float64]]:
    """Nearest centroid of every sample, and the squared distance to it, as x^2 - 2xc + c^2 in chunks of rows."""
    labels = np.empty(len(X), dtype=np.intp)
    distance = np.empty(len(X))
    step = max(1, CHUNK // len(centroids))
    for rows in (slice(i, i + step) for i in range(0, len(X), step)):
        partial = X[rows] @ (-2 * centroids).T
        partial += _squares(centroids)  # x^2 is the same for every centroid: it can wait
        labels[rows] = partial.argmin(axis=1)
        nearest = partial[np.arange(len(partial)), labels[rows]]
        distance[rows] = np.maximum(nearest + squares[rows], 0)
    return labels, distance


def _nearest(X: Matrix, centroids: Matrix) -> Labels:
    return _assign(X, centroids, _squares(X))[0]


def _squares(X: Matrix) -> Matrix:
    return np.einsum("ij,ij->i", X, X)  # each row's squared length, without a copy of X


def _update(X: Matrix, labels: Labels, distance: NDArray[np.float64], centroids: Matrix) -> Matrix:
    """Mean of every cluster, after empty clusters have taken the farthest samples."""
    n_clusters = len(centroids)
    empty = np.flatnonzero(np.bincount(labels, minlength=n_clusters) == 0)
    farthest = np.argsort(-distance, kind="stable")[: len(empty)] if len(empty) else empty
    away = distance[farthest] > 0
    labels = labels.copy()
    labels[farthest[away]] = empty[: len(away)][away]
    count = np.bincount(labels, minlength=n_clusters)
    # one row per cluster, a 1 for each of its samples: the product is every cluster's sum
    member = csr_array((np.ones(len(X), X.dtype), labels, np.arange(len(X) + 1)), shape=(len(X), n_clusters)).T
    means = (member @ X) / np.maximum(count, 1)[:, None].astype(X.dtype)
    return np.where(count[:, None] > 0, means, centroids)


def _check_init(init: ArrayLike, shape: tuple[int, int]) -> Matrix:
    start = as_matrix(init, "init")
    if start.shape != shape:
        raise ValueError(f"init has shape {start.shape}, expected (n_clusters, n_features) = {shape}")
    return start
