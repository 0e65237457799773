"""k-means of data that arrives, or fits into memory, only in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state, gen_batches

from mmlearn_edu._samples import read_samples
from mmlearn_edu.clustering._distances import Matrix, nearest, own_distances
from mmlearn_edu.clustering._lloyd import cluster_sums
from mmlearn_edu.clustering.kmeans import FLOATS, KMeans, check_init, check_parameters

__all__ = ["MiniBatchKMeans"]


class MiniBatchKMeans(KMeans):
    r"""k-means from one batch after the other, remembering no sample.

    Every sample of a batch goes to its nearest centroid; then the samples pull at their centroids, one by one [1]_:
    :math:`n_c \leftarrow n_c + 1`, :math:`\mu_c \leftarrow (1 - \frac{1}{n_c}) \mu_c + \frac{1}{n_c} x`. The step
    :math:`1 / n_c` shrinks, so that a centroid is always the mean of all samples it was ever given, and comes to rest.
    That mean is kept as a sum and a count: a whole batch is added at once. Nobody goes back to samples that were
    given to another centroid long ago, so the objective usually ends a little above that of `KMeans`.

    Parameters
    ----------
    n_clusters : int, default=8
    init : "k-means++" or array-like of shape (n_clusters, n_features), default="k-means++"
        Where the centroids start; "k-means++" clusters the first batch with `KMeans`.
    batch_size : int, default=1000
        Samples that ``fit`` takes at a time.
    max_iter : int, default=10
        How often ``fit`` goes through the data, in another random order each time.
    random_state : int, RandomState or None, default=None

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features), in the units of `X`
    counts_ : ndarray of int of shape (n_clusters,)
        Samples that each centroid was given so far; one with none is where it started.
    labels_ : ndarray of int of shape (n_samples,)
        Nearest centroid of every sample; only ``fit`` sets it.
    inertia_ : float
        The objective, in squared units of `X`; only ``fit`` sets it.
    n_iter_ : int
        How often ``fit`` went through the data.

    References
    ----------
    .. [1] Sculley, D. (2010). Web-scale k-means clustering. WWW, 1177-1178.

    Examples
    --------
    >>> from mmlearn_edu.clustering import MiniBatchKMeans
    >>> kmeans = MiniBatchKMeans(n_clusters=2, init=[[0.0], [10.0]])
    >>> kmeans.partial_fit([[1.0], [3.0]]).partial_fit([[5.0], [11.0]]).cluster_centers_
    array([[ 3.],
           [11.]])
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: str | ArrayLike = "k-means++",
        batch_size: int = 1000,
        max_iter: int = 10,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> MiniBatchKMeans:
        """Start afresh and go through `X` of shape (n_samples, n_features) in random batches; `y` is ignored.

        Raises
        ------
        ValueError
            If the first batch has fewer samples than clusters, `init` has another shape, or a number is below 1.
        """
        X = read_samples(self, X, dtype=FLOATS)
        check_parameters(self, ["n_clusters", "batch_size", "max_iter"])
        random = check_random_state(self.random_state)
        self._start(X[random.permutation(len(X))[: self.batch_size]], random)
        for _ in range(self.max_iter):
            order = random.permutation(len(X))
            for batch in gen_batches(len(X), self.batch_size):
                self._learn(X[order[batch]])
        self.n_iter_ = self.max_iter
        self.labels_ = nearest(X, self.cluster_centers_)
        self.inertia_ = float(own_distances(X, self.cluster_centers_, self.labels_).sum())
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None) -> MiniBatchKMeans:
        """Learn from one more batch `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If `X` has a NaN or another width than before, or the first batch has fewer samples than clusters.
        """
        first = not hasattr(self, "counts_")
        X = read_samples(self, X, dtype=FLOATS, reset=first)
        if first:
            check_parameters(self, ["n_clusters"])
            self._start(X, check_random_state(self.random_state))
        self._learn(X)
        return self

    def _start(self, batch: Matrix, random: np.random.RandomState) -> None:
        if not isinstance(self.init, str):
            start = check_init(self.init, (self.n_clusters, batch.shape[1])).astype(batch.dtype)
        elif len(batch) < self.n_clusters:
            raise ValueError(
                f"the first batch has n_samples={len(batch)}, fewer than n_clusters={self.n_clusters}; make it larger"
            )
        else:
            start = KMeans(self.n_clusters, init=self.init, random_state=random).fit(batch).cluster_centers_
        self.cluster_centers_ = start
        self.counts_ = np.zeros(self.n_clusters, dtype=np.intp)
        self._sums = np.zeros(start.shape)  # of all samples a centroid was given, in double precision

    def _learn(self, batch: Matrix) -> None:
        labels = nearest(batch, self.cluster_centers_)
        middle = self.cluster_centers_.mean(axis=0)  # sums of small differences from it lose fewer digits
        sums, counts = cluster_sums(batch - middle, labels, self.n_clusters)
        self._sums += sums + counts[:, None] * middle.astype(np.float64)
        self.counts_ += counts
        means = self._sums / np.maximum(self.counts_, 1)[:, None]
        self.cluster_centers_ = np.where(self.counts_[:, None] > 0, means, self.cluster_centers_).astype(batch.dtype)
