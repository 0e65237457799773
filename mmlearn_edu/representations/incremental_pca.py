"""Principal component analysis of data that arrives, or fits into memory, only in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import gen_batches

from mmlearn_edu._samples import read_samples
from mmlearn_edu.representations.base import FLOATS, Matrix, check_n_components, fix_signs
from mmlearn_edu.representations.pca import PCA

__all__ = ["IncrementalPCA"]


class IncrementalPCA(PCA):
    r"""PCA from one batch after the other, remembering no sample.

    All that is kept of the past are its mean and its axes :math:`V^\top`, each as long as its singular value. They
    stand in for the rows seen so far: stack them on the new centred batch, add one row for the shift between the two
    means, :math:`\sqrt{nm / (n + m)}\,(\bar x_{old} - \bar x_{new})`, and factor again [1]_. Exact as long as
    `n_components` axes hold all the variance; else an approximation, for what is dropped is gone.

    Parameters
    ----------
    n_components : int, default=2
        Directions to keep, from 1 to ``n_features``; the first batch needs at least as many samples.
    batch_size : int, default=1000
        Samples that ``fit`` takes at a time; the work arrays have ``batch_size + n_components + 1`` rows.

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,), in the units of `X`, exact
    components_ : ndarray of shape (n_components, n_features)
        Orthonormal rows, largest variance first, signs as in `PCA`.
    explained_variance_ : ndarray of shape (n_components,), in squared units of `X`, divisor ``n_samples_seen_ - 1``
    explained_variance_ratio_ : ndarray of shape (n_components,)
        Share of the total variance (the total is exact), in [0, 1]; all 0 when nothing varies.
    n_samples_seen_ : int

    References
    ----------
    .. [1] Ross, D. A. et al. (2008). Incremental learning for robust visual tracking. IJCV 77, 125-141.

    Examples
    --------
    >>> from mmlearn_edu.representations import IncrementalPCA
    >>> pca = IncrementalPCA(n_components=1)
    >>> pca = pca.partial_fit([[0.0, 0.0], [3.0, 4.0]]).partial_fit([[6.0, 8.0]])
    >>> pca.components_.round(3), pca.mean_
    (array([[0.6, 0.8]]), array([3., 4.]))
    """

    def __init__(self, n_components: int = 2, batch_size: int = 1000) -> None:
        super().__init__(n_components)
        self.batch_size = batch_size

    def fit(self, X: ArrayLike, y: Any = None) -> IncrementalPCA:
        """Start afresh and go through `X` of shape (n_samples, n_features) in batches; `y` is ignored.

        Raises
        ------
        ValueError
            If `n_components` is out of range or above `batch_size`, or `X` has a single row or a NaN.
        TypeError
            If `n_components` is not a whole number.
        """
        X = read_samples(self, X, dtype=FLOATS, ensure_min_samples=2)
        check_n_components(self.n_components, X.shape)
        if self.batch_size < max(self.n_components, 2):
            raise ValueError(
                f"batch_size={self.batch_size} is too small for n_components={self.n_components}: "
                "a batch needs that many samples, and at least 2"
            )
        self._start(X)
        for batch in gen_batches(len(X), self.batch_size):
            self._learn(X[batch])
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None) -> IncrementalPCA:
        """Learn from one more batch `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If `X` has a NaN or another width than before, or the first batch is too small for `n_components`.
        """
        first = not hasattr(self, "n_samples_seen_")
        X = read_samples(self, X, dtype=FLOATS, reset=first, ensure_min_samples=2 if first else 1)
        if first:
            check_n_components(self.n_components, X.shape)
            self._start(X)
        self._learn(X)
        return self

    def _start(self, X: Matrix) -> None:
        self.n_samples_seen_ = 0
        self.mean_ = np.zeros(X.shape[1])
        self._past = np.zeros((0, X.shape[1]), dtype=X.dtype)  # rows with the scatter of all samples seen
        self._total = 0.0  # sum of squares around the mean
        self._n_features_out = self.n_components

    def _learn(self, X: Matrix) -> None:
        n, m = self.n_samples_seen_, len(X)
        # 1 centre the batch, and keep one row for how far its mean is from the past's
        batch_mean = X.mean(axis=0, dtype=np.float64).astype(X.dtype)
        shift = (np.sqrt(n * m / (n + m)) * (self.mean_ - batch_mean)).astype(X.dtype)
        news = np.vstack([X - batch_mean, shift])
        # 2 the axes of past and batch together
        _, s, Vt = np.linalg.svd(np.vstack([self._past, news]), full_matrices=False)
        s, Vt = s[: self.n_components], Vt[: self.n_components]
        self._past = s[:, None] * Vt
        # 3 what PCA reports
        self.n_samples_seen_ = n + m
        self.mean_ = ((n * self.mean_.astype(np.float64) + m * batch_mean) / (n + m)).astype(X.dtype)
        self._total += float((news.astype(np.float64) ** 2).sum())
        self.components_ = fix_signs(Vt)
        self.explained_variance_ = s**2 / (n + m - 1)
        self.explained_variance_ratio_ = s**2 / (self._total or 1)
