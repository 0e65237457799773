"""Principal component analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import validate_data

from mmlearn_edu.representations.base import FLOATS, BaseProjection, Matrix, check_n_components, fix_signs

__all__ = ["PCA"]


class PCA(BaseProjection):
    r"""Keep the directions along which the data varies most.

    Subtract the mean, factor :math:`X - \bar x = U \Sigma V^\top` [1]_, keep the first rows of :math:`V^\top`
    (for tall data the same rows are found as eigenvectors of the covariance).

    Parameters
    ----------
    n_components : int, default=2
        Directions to keep, from 1 to ``min(n_samples, n_features)``.

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,), in the units of `X`
    components_ : ndarray of shape (n_components, n_features)
        Orthonormal rows, largest variance first. The sign of a direction means nothing; here each row's
        largest entry is positive (the first of them where several are equally large).
    explained_variance_ : ndarray of shape (n_components,), in squared units of `X`, divisor ``n_samples - 1``
    explained_variance_ratio_ : ndarray of shape (n_components,)
        Share of the total variance, in [0, 1]; all 0 when nothing varies.

    References
    ----------
    .. [1] Jolliffe, I. T. (2002). Principal Component Analysis (2nd ed.), ch. 3.

    Examples
    --------
    >>> from mmlearn_edu.representations import PCA
    >>> pca = PCA(n_components=1).fit([[0.0, 0.0], [3.0, 4.0]])
    >>> pca.components_.round(3)
    array([[0.6, 0.8]])
    >>> pca.transform([[3.0, 4.0]])
    array([[2.5]])
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def fit(self, X: ArrayLike, y: Any = None) -> PCA:
        """Find the directions in `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If `n_components` is out of range, or `X` has a single row or a NaN.
        TypeError
            If `n_components` is not a whole number.
        """
        X = validate_data(self, X, dtype=FLOATS, ensure_min_samples=2)
        check_n_components(self.n_components, X.shape)
        self.mean_ = X.mean(axis=0, dtype=np.float64).astype(X.dtype)  # float32 sums lose digits on tall data
        variance, Vt = _principal_axes(X - self.mean_)
        total = variance.sum()
        self.components_ = fix_signs(Vt[: self.n_components])
        self.explained_variance_ = variance[: self.n_components]
        self.explained_variance_ratio_ = self.explained_variance_ / (total if total > 0 else 1)
        self._n_features_out = self.n_components
        return self

    def _project(self, X: Matrix) -> Matrix:
        return (X - self.mean_) @ self.components_.T

    def _rebuild(self, Z: Matrix) -> Matrix:
        return Z @ self.components_ + self.mean_


def _principal_axes(centred: Matrix) -> tuple[Matrix, Matrix]:
    """Variances, largest first, and the axes as rows."""
    n_samples, n_features = centred.shape
    if n_samples > n_features:  # tall: the small covariance matrix has the same axes, and they come much sooner
        variance, axes = np.linalg.eigh(centred.T @ centred / (n_samples - 1))
        return np.maximum(variance[::-1], 0), axes.T[::-1]
    _, s, Vt = np.linalg.svd(centred, full_matrices=False)
    return s**2 / (n_samples - 1), Vt
