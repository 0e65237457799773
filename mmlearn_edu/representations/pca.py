"""Principal component analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import gen_batches

from mmlearn_edu._samples import read_samples
from mmlearn_edu.representations.base import FLOATS, BaseProjection, Matrix, check_n_components, fix_signs

__all__ = ["PCA"]

ROWS, COLUMNS = 2000, 500  # centred at a time: no centred copy of all of `X`


class PCA(BaseProjection):
    r"""Keep the directions along which the data varies most.

    Subtract the mean, factor :math:`X - \bar x = U \Sigma V^\top` [1]_, keep the first rows of :math:`V^\top`.
    Row k has the variance :math:`\sigma_k^2 / (n - 1)` for n samples. Eigenvectors give the same rows faster: those of
    the covariance for tall data, those of the products of each row with each other row for wide data.

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
    .. [2] Chan, T. F., Golub, G. H. & LeVeque, R. J. (1983). Algorithms for computing the sample variance. The American
       Statistician 37(3), 242-247.

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
        X = read_samples(self, X, dtype=FLOATS, ensure_min_samples=2)
        check_n_components(self.n_components, X.shape)
        n_samples, n_features = X.shape
        find_axes = _axes_of_tall if n_samples > n_features else _axes_of_wide
        mean, total, variance, Vt = find_axes(X, self.n_components)
        self.mean_ = mean.astype(X.dtype)
        self.components_ = fix_signs(Vt).astype(X.dtype)
        self.explained_variance_ = variance.astype(X.dtype)
        rounding = ((np.finfo(float).eps * mean) ** 2).sum()  # the mean of 0.1, 0.1 and 0.1 is not quite 0.1
        self.explained_variance_ratio_ = (variance / total if total > rounding else 0 * variance).astype(X.dtype)
        self._n_features_out = self.n_components
        return self

    def _project(self, X: Matrix) -> Matrix:
        Z = np.empty((len(X), len(self.components_)), dtype=np.result_type(X, self.components_))
        for rows in gen_batches(len(X), ROWS):
            Z[rows] = (X[rows] - self.mean_) @ self.components_.T
        return Z

    def _rebuild(self, Z: Matrix) -> Matrix:
        return Z @ self.components_ + self.mean_


Axes = tuple[Matrix, float, Matrix, Matrix]  # mean, total variance, variances from the largest, axes as rows


def _axes_of_tall(X: Matrix, n_components: int) -> Axes:
    """Tall data: the axes are the eigenvectors of the covariance, a small matrix, which is much faster."""
    mean, covariance = _mean_and_covariance(X)
    variance, axes = _leading(covariance, n_components)
    return mean, np.trace(covariance), variance, axes.T


def _mean_and_covariance(X: Matrix) -> tuple[Matrix, Matrix]:
    r"""Mean and covariance in one pass over batches of rows, without a centred copy of all of them [2]_.

    Sums of large numbers lose digits: subtract a point a `near` the mean. In the end the `shift` :math:`d = \bar x - a`
    is known, and :math:`\sum (x - \bar x)(x - \bar x)^\top = \sum (x - a)(x - a)^\top - n \, d d^\top`.
    """
    n_samples, n_features = X.shape
    near = X[:: n_samples // 1000 + 1].mean(axis=0)
    shift, scatter = np.zeros(n_features), np.zeros((n_features, n_features))
    for rows in gen_batches(n_samples, ROWS):
        centred = X[rows] - near
        shift += centred.sum(axis=0) / n_samples
        scatter += centred.T @ centred
    return near + shift, (scatter - n_samples * np.outer(shift, shift)) / (n_samples - 1)


def _axes_of_wide(X: Matrix, n_components: int) -> Axes:
    r"""Wide data: the small matrix of the products of all rows has the axes too, though less exactly.

    :math:`X = U \Sigma V^\top` makes :math:`X X^\top = U \Sigma^2 U^\top`, and :math:`V^\top = \Sigma^{-1} U^\top X`.
    Squares cost a weak axis twice the digits: where fewer than ten would be left of 16, the SVD itself has to do it.
    """
    mean = X.mean(axis=0, dtype=np.float64)
    batches = list(gen_batches(X.shape[1], COLUMNS))
    products = np.zeros((len(X), len(X)))
    for columns in batches:
        centred = X[:, columns] - mean[columns]
        products += centred @ centred.T
    s2, U = _leading(products, n_components)
    if s2[-1] > 1e-6 * s2[0]:
        Vt = np.hstack([U.T @ (X[:, columns] - mean[columns]) for columns in batches]) / np.sqrt(s2)[:, None]
    else:
        _, s, Vt = np.linalg.svd(X - mean.astype(X.dtype), full_matrices=False)
        s2, Vt = s[:n_components] ** 2, Vt[:n_components]
    return mean, np.trace(products) / (len(X) - 1), s2 / (len(X) - 1), Vt


def _leading(C: Matrix, n: int) -> tuple[Matrix, Matrix]:
    """Return the `n` largest eigenvalues of a symmetric matrix, none below 0, and their eigenvectors as columns."""
    values, vectors = np.linalg.eigh(C)  # all of them: SciPy's subset would wake a second set of threads
    return np.maximum(values[::-1][:n], 0), vectors[:, ::-1][:, :n]
