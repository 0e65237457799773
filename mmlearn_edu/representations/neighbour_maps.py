"""Maps to look at: points that are neighbours stay neighbours, and little else is true."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn import manifold
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples
from mmlearn_edu.representations.base import FLOATS, Matrix

__all__ = ["TSNE", "UMAP"]

PROCESS = os.getpid()  # a forked copy has another
ONE_AT_A_TIME = threading.Lock()  # numba's fork-safe threads abort when two ask at once


class TSNE(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Draw a map on which every point keeps its neighbours: t-distributed stochastic neighbour embedding.

    Point i picks j as its neighbour with probability
    :math:`p_{j \mid i} \propto \exp(-\lVert x_i - x_j \rVert^2 / 2 \sigma_i^2)`, with :math:`\sigma_i` such that it has
    about `perplexity` of them. In `X` a pair of n points has :math:`p_{ij} = (p_{j \mid i} + p_{i \mid j}) / 2n`,
    on the map it has :math:`q_{ij} \propto (1 + \lVert y_i - y_j \rVert^2)^{-1}`. The points move until the
    Kullback-Leibler divergence :math:`\mathrm{KL}(P \Vert Q) = \sum p_{ij} \ln (p_{ij} / q_{ij})` stops falling [1]_:
    it is large where neighbours in `X` are far apart on the map, and 0 if Q equals P. scikit-learn does the work.

    How to read it [2]_: *who is whose neighbour* is kept. The size of a cluster, the distance between clusters, an
    angle, or the axes say nothing; other seeds and perplexities give other pictures, and pure noise shows clusters
    too. With ``init="pca"`` the large arrangement follows the data's main directions, with "random" not even that [3]_.

    There is no `transform`: a map is the positions of these very points, not a rule for new ones.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map, 1 to 3.
    perplexity : float, default=30.0
        About how many neighbours each point listens to: 1 or more, and less than n_samples.
    init : "pca" or "random", default="pca"
        Where the points start.
    max_iter : int, default=1000
        Steps, 250 or more.
    random_state : int, RandomState or None, default=0
        The same seed draws the same map; draw several before you believe one.

    Attributes
    ----------
    embedding_ : ndarray of float32 of shape (n_samples, n_components), without units
    kl_divergence_ : float
        In nats, 0 or more; compares maps of the same data at the same perplexity, nothing else.
    n_iter_ : int

    References
    ----------
    .. [1] van der Maaten, L. and Hinton, G. (2008). Visualizing data using t-SNE. JMLR 9, 2579-2605.
    .. [2] Wattenberg, M., Viégas, F. and Johnson, I. (2016). How to use t-SNE effectively. Distill,
       doi:10.23915/distill.00002.
    .. [3] Kobak, D. and Berens, P. (2019). The art of using t-SNE for single-cell transcriptomics. Nature
       Communications 10, 5416.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.representations import TSNE
    >>> cloud = np.random.default_rng(0).normal(size=(20, 5))
    >>> Y = TSNE(perplexity=5).fit_transform(np.vstack([cloud, cloud + 10]))
    >>> distance = np.linalg.norm(Y[:, None] - Y, axis=2) + np.diag([np.inf] * 40)
    >>> (distance.argmin(axis=1) < 20).sum()  # the points whose nearest on the map is of the first cloud: its own 20
    np.int64(20)
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = 30.0,
        init: str = "pca",
        max_iter: int = 1000,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_components = n_components
        self.perplexity = perplexity
        self.init = init
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> TSNE:
        """Draw the map of `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If a parameter is out of range, or `X` has a single row, a NaN, or nothing but equal rows.
        """
        X = read_samples(self, X, dtype=FLOATS, ensure_min_samples=2)
        self._check(X)
        tsne = manifold.TSNE(
            self.n_components,
            perplexity=self.perplexity,
            init=self.init,
            learning_rate="auto",
            max_iter=self.max_iter,
            random_state=self.random_state,
        )
        self.embedding_ = tsne.fit_transform(X)
        self.kl_divergence_, self.n_iter_ = float(tsne.kl_divergence_), tsne.n_iter_
        self._n_features_out = self.n_components
        return self

    def fit_transform(self, X: ArrayLike, y: Any = None) -> Matrix:
        """Draw the map of `X` and return it: (n_samples, n_features) -> (n_samples, n_components)."""
        return self.fit(X).embedding_

    def __getattr__(self, name: str) -> Any:
        if name == "transform":
            raise AttributeError(
                "t-SNE has no transform: it finds places for the points it is given, not a rule for new ones. "
                "Use fit_transform(X) to look at X, and PCA or UMAP where new rows must come out, as in a test set"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _check(self, X: Matrix) -> None:
        n_samples, n_features = X.shape
        if self.n_components not in (1, 2, 3):
            raise ValueError(
                f"n_components={self.n_components!r} not in 1..3: a map is to look at; to shorten take PCA"
            )
        if not 1 <= self.perplexity < n_samples:
            raise ValueError(
                f"perplexity={self.perplexity} must be 1 or more and less than n_samples={n_samples}: nobody has more "
                f"neighbours than there are others; try {max(1, (n_samples - 1) // 3)}"
            )
        if self.init not in ("pca", "random"):
            raise ValueError(f'init must be "pca" or "random", got {self.init!r}')
        if self.init == "pca" and self.n_components > n_features:
            raise ValueError(
                f'init="pca" has only n_features={n_features} directions for n_components={self.n_components}; '
                'lower n_components, or set init="random"'
            )
        _check_spread(X)


class UMAP(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Draw a map on which every point keeps its neighbours, and find places for new points on it.

    Every point is tied to its `n_neighbors` nearest, with strengths between 0 and 1 that forget how crowded its
    region is; the map is laid out such that tied points are drawn together and others pushed apart [1]_. umap-learn
    does the work: ``pip install "mmlearn-edu[umap]"``. Its first call compiles, which takes half a minute.

    Read it like a `TSNE` map: neighbours are kept, sizes and distances of clusters are not, and neither method keeps
    the large arrangement better than the points it starts from [2]_. Where the ties fall into separate pieces, the
    places of the pieces say nothing at all. What UMAP adds is `transform`.

    One thread and a seed make the same map every time. numba's threads are set to "workqueue" for this process unless
    others were chosen or already run: OpenMP, its first choice, ends a forked copy of the process.

    Parameters
    ----------
    n_components : int, default=2
        Dimensions of the map, from 1 to ``n_samples - 2``.
    n_neighbors : int, default=15
        Points that each is tied to, itself included: 2 or more, and less than n_samples. Few show detail.
    min_dist : float, default=0.1
        How closely points may be packed on the map, in [0, 1]. Only how it looks.
    random_state : int, RandomState or None, default=0

    Attributes
    ----------
    embedding_ : ndarray of float32 of shape (n_samples, n_components), without units
    model_ : umap.UMAP, fitted

    References
    ----------
    .. [1] McInnes, L., Healy, J. and Melville, J. (2018). UMAP: uniform manifold approximation and projection for
       dimension reduction. arXiv:1802.03426.
    .. [2] Kobak, D. and Linderman, G. C. (2021). Initialization is critical for preserving global data structure in
       both t-SNE and UMAP. Nature Biotechnology 39, 156-157.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.representations import UMAP
    >>> X = np.random.default_rng(0).normal(size=(30, 4))
    >>> umap = UMAP(n_neighbors=5).fit(X)  # doctest: +SKIP
    >>> umap.transform(X[:3] + 0.1).shape  # doctest: +SKIP
    (3, 2)
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_neighbors: int = 15,
        min_dist: float = 0.1,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.min_dist = min_dist
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> UMAP:
        """Draw the map of `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ImportError
            If umap-learn is not installed.
        ValueError
            If a parameter is out of range, or `X` has a single row, a NaN, or nothing but equal rows.
        RuntimeError
            In a forked copy of a process in which numba already runs OpenMP threads: it would be ended.
        """
        X = read_samples(self, X, dtype=FLOATS, ensure_min_samples=2)
        self._check(X)
        umap = _import_umap()
        model = umap.UMAP(
            n_components=self.n_components,
            n_neighbors=self.n_neighbors,
            min_dist=self.min_dist,
            random_state=self.random_state,
            n_jobs=1,
        )
        with ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Graph is not fully connected")  # pieces: promised above
            self.model_ = model.fit(X)
        self.embedding_ = model.embedding_
        self._n_features_out = self.n_components
        return self

    def transform(self, X: ArrayLike) -> Matrix:
        """Find places for the rows of `X` on the map: (n_samples, n_features) -> (n_samples, n_components).

        New rows are placed among their nearest training rows; the map itself stays. Rows placed together may come out
        a little differently from rows placed one by one.
        """
        check_is_fitted(self)
        X = read_samples(self, X, dtype=FLOATS, reset=False)
        _import_umap()
        with ONE_AT_A_TIME:
            return np.asarray(self.model_.transform(X))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def _check(self, X: Matrix) -> None:
        n_samples = len(X)
        if not 2 <= self.n_neighbors < n_samples:
            raise ValueError(
                f"n_neighbors={self.n_neighbors} must be 2 or more and less than n_samples={n_samples}: nobody has "
                "more neighbours than there are others"
            )
        if not 1 <= self.n_components < n_samples - 1:
            raise ValueError(f"n_components={self.n_components} not in 1..{n_samples - 2} ({n_samples=})")
        if not 0 <= self.min_dist <= 1:
            raise ValueError(f"min_dist={self.min_dist} not in [0, 1]; 0 packs points tightly, 1 spreads them")
        _check_spread(X)


def _check_spread(X: Matrix) -> None:
    """Distances are squared in single precision, and where all are 0 nobody is nearest."""
    with np.errstate(over="ignore"):
        spread = (X.max(axis=0).astype(np.float64) - X.min(axis=0)).max()
    if spread == 0:
        raise ValueError(f"all {len(X)} rows of X are equal: everybody is everybody's neighbour, and there is no map")
    if not 1e-12 < spread < 1e15:
        raise ValueError(f"the widest feature of X spans {spread:.0e}; bring features near 1, e.g. by StandardScaler")


def _import_umap() -> Any:
    """Import umap-learn where it is needed: it takes seconds, and not everybody has it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ImportWarning)  # it says that TensorFlow is missing; nothing here needs it
            import numba
            import umap
    except ImportError as error:
        raise ImportError(
            f'UMAP needs umap-learn ({error}); install it with: pip install "mmlearn-edu[umap]". '
            "TSNE and PCA need nothing more"
        ) from error
    settings: Any = numba.config
    if settings.THREADING_LAYER == "default":
        settings.THREADING_LAYER = "workqueue"
    if os.getpid() != PROCESS and _threads_end_a_fork(numba):
        raise RuntimeError(
            "numba already runs OpenMP threads, and they would end this forked copy of the process; set the variable "
            "NUMBA_THREADING_LAYER=workqueue before Python starts, or call UMAP outside the copy"
        )
    return umap


def _threads_end_a_fork(numba: Any) -> bool:
    try:
        return numba.threading_layer() == "omp" and sys.platform.startswith("linux")
    except ValueError:  # none has been started
        return False
