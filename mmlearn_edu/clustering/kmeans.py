"""k-means clustering."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples
from mmlearn_edu._validation import as_matrix, check_whole
from mmlearn_edu.clustering._bounds import lloyd_with_bounds
from mmlearn_edu.clustering._distances import Labels, Matrix, nearest, own_distances
from mmlearn_edu.clustering._lloyd import lloyd
from mmlearn_edu.clustering.objective import kmeans_objective
from mmlearn_edu.clustering.seeding import kmeans_plus_plus

__all__ = ["FLOATS", "KMeans", "check_init", "check_parameters"]

FLOATS = [np.float64, np.float32]
ALGORITHMS = {"lloyd": lloyd, "bounds": lloyd_with_bounds}


class KMeans(ClusterMixin, BaseEstimator):
    r"""Split the samples into `n_clusters` groups around as many centroids.

    Lloyd's algorithm [1]_ lowers the objective :math:`\sum_i \min_c \lVert x_i - \mu_c \rVert^2`: give every
    sample to its nearest centroid (the lowest index when two are equally near, up to rounding), move every
    centroid to the mean of its samples, repeat until no sample changes. It stops at a local minimum, so it
    starts `n_init` times and keeps the best.

    An empty cluster takes the sample that is farthest from its centroid (several take the farthest samples,
    in order). Only when no sample is away from its centroid does it stay empty, where it was: there are then
    fewer distinct samples than clusters.

    Parameters
    ----------
    n_clusters : int, default=8
    init : "k-means++" or array-like of shape (n_clusters, n_features), default="k-means++"
        Where the centroids start; "k-means++" draws samples that are likely to be far apart [2]_.
    n_init : int, default=10
        Starts; a given `init` is started from once.
    max_iter : int, default=300
        Rounds per start.
    algorithm : "lloyd" or "bounds", default="lloyd"
        "bounds" finds the same labels and centroids, and skips distances that cannot matter [3]_: much sooner where
        clusters lie apart. In shapeless data it skips little, and in single precision may even take longer.
    random_state : int, RandomState or None, default=None

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features), in the units of `X`
    labels_ : ndarray of int of shape (n_samples,)
        Names of groups, nothing more: another seed may swap 0 and 1.
    inertia_ : float
        The objective, in squared units of `X`.
    objective_history_ : ndarray of shape (1 + ``n_iter_``,)
        The objective before each round of the best start and after its last; it never rises.
    n_iter_ : int

    References
    ----------
    .. [1] Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Information Theory 28(2).
    .. [2] Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA.
    .. [3] Hamerly, G. (2010). Making k-means even faster. SIAM Int. Conf. Data Mining, 130-140.

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
        algorithm: str = "lloyd",
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.algorithm = algorithm
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> KMeans:
        """Find the centroids of `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If there are fewer samples than clusters, `init` has another shape, or a number is below 1.
        TypeError
            If a number is not whole.
        """
        X = read_samples(self, X, dtype=FLOATS)
        check_parameters(self, ["n_clusters", "n_init", "max_iter"])
        if self.algorithm not in ALGORITHMS:
            raise ValueError(f"algorithm={self.algorithm!r}, expected one of {', '.join(ALGORITHMS)}")
        if len(X) < self.n_clusters:
            raise ValueError(f"n_samples={len(X)} is fewer than n_clusters={self.n_clusters}; ask for fewer")
        mean = X.mean(axis=0, dtype=np.float64).astype(X.dtype)
        # keeps (x - c)^2 = x^2 - 2xc + c^2 exact when the data lies far from zero; rows stay together in memory
        centred = np.subtract(X, mean, order="C")
        runs = (self._run(centred, start) for start in self._starts(X, mean))
        self.inertia_, centroids, self.labels_, history = min(runs, key=itemgetter(0))
        self.cluster_centers_ = centroids + mean
        self.objective_history_ = np.asarray(history)
        self.n_iter_ = len(history) - 1
        return self

    def predict(self, X: ArrayLike) -> Labels:
        """Name the nearest centroid of every sample: (n_samples, n_features) -> (n_samples,)."""
        check_is_fitted(self)
        X = read_samples(self, X, dtype=FLOATS, reset=False)
        return nearest(X, self.cluster_centers_)

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Minus the objective of `X`, in squared units: the higher the better, as scikit-learn's searches expect."""
        check_is_fitted(self)
        X = read_samples(self, X, dtype=FLOATS, reset=False)
        return -kmeans_objective(X, self.cluster_centers_)

    def _run(self, X: Matrix, start: Matrix) -> tuple[float, Matrix, Labels, list[float]]:
        """Return the objective, centroids, labels and history that one start ends with."""
        centroids, labels, history = ALGORITHMS[self.algorithm](X, start, self.max_iter)
        return float(own_distances(X, centroids, labels).sum()), centroids, labels, history

    def _starts(self, X: Matrix, mean: Matrix) -> Iterator[Matrix]:
        if not isinstance(self.init, str):
            yield check_init(self.init, (self.n_clusters, X.shape[1])).astype(X.dtype) - mean
            return
        if self.init != "k-means++":
            raise ValueError(f'init={self.init!r}, expected "k-means++" or an array of starting centroids')
        random = check_random_state(self.random_state)
        for _ in range(self.n_init):
            yield kmeans_plus_plus(X, self.n_clusters, random_state=random) - mean


def check_parameters(estimator: BaseEstimator, names: list[str]) -> None:
    """Insist that each of these settings is a whole number, 1 or more."""
    for name in names:
        value = getattr(estimator, name)
        check_whole(**{name: value})
        if value < 1:
            raise ValueError(f"{name}={value}, expected 1 or more")


def check_init(init: ArrayLike, shape: tuple[int, int]) -> Matrix:
    """Insist on a finite matrix of this shape."""
    start = as_matrix(init, "init")
    if start.shape != shape:
        raise ValueError(f"init has shape {start.shape}, expected (n_clusters, n_features) = {shape}")
    return start
