"""Anomalies by how rare they are under one bell curve in many dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu.anomaly.base import BaseDetector, Matrix

__all__ = ["GaussianDensity"]


class GaussianDensity(BaseDetector):
    r"""Fit one Gaussian to the normal samples, and call anomalous what is rare under it.

    The score is minus the log density, in nats,

    .. math:: -\ln p(x) = \frac{1}{2} \big( d^2(x) + \ln \det \Sigma + p \ln 2 \pi \big), \qquad
              d^2(x) = (x - \bar x)^\top \Sigma^{-1} (x - \bar x),

    with the squared Mahalanobis distance :math:`d^2` [1]_: squared standard deviations from the mean, along every
    direction its own. With p features and few samples the covariance S of the samples is too small in some directions
    (a new sample looks rare there) and too large in others; shrinking it towards a ball mends that,
    :math:`\Sigma = (1 - \lambda) S + \lambda \frac{\operatorname{tr} S}{p} I`.

    Parameters
    ----------
    shrinkage : "ledoit-wolf" or float, default="ledoit-wolf"
        :math:`\lambda` in [0, 1]. "ledoit-wolf" estimates the one that comes nearest to the true covariance [2]_.
        Bring features of different units to one scale first: a ball is a poor guess otherwise.
    contamination : float, default=0.05
        Share of the training samples above the threshold, in (0, 0.5].

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,), in the units of `X`
    covariance_ : ndarray of shape (n_features, n_features), in squared units of `X`, divisor n_samples
        Shrunk.
    shrinkage_ : float
        The :math:`\lambda` that was used.
    threshold_ : float
        In nats; scores above it are anomalous.

    References
    ----------
    .. [1] Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National Institute
       of Sciences of India 2(1), 49-55.
    .. [2] Ledoit, O. & Wolf, M. (2004). A well-conditioned estimator for large-dimensional covariance matrices.
       Journal of Multivariate Analysis 88(2), 365-411.

    Examples
    --------
    >>> from mmlearn_edu.anomaly import GaussianDensity
    >>> density = GaussianDensity(shrinkage=0.0).fit([[-3.0, 0.0], [3.0, 0.0], [0.0, -1.0], [0.0, 1.0]])
    >>> density.mahalanobis([[2.0, 0.0], [0.0, 2.0]]).round(3)  # as far from the mean, in a rarer direction
    array([0.889, 8.   ])
    >>> density.predict([[2.0, 0.0], [0.0, 2.0]])
    array([ 1, -1])
    """

    def __init__(self, shrinkage: str | float = "ledoit-wolf", *, contamination: float = 0.05) -> None:
        self.shrinkage = shrinkage
        self.contamination = contamination

    def mahalanobis(self, X: Any) -> Matrix:
        """Squared Mahalanobis distance of every sample to the mean, of shape (n_samples,), unitless."""
        check_is_fitted(self)
        return self._distances(self._samples(X, reset=False))

    def _learn(self, X: Matrix) -> None:
        X = X.astype(np.float64, copy=False)  # variances of float32 lose digits
        self.mean_ = X.mean(axis=0)
        centred = X - self.mean_
        S = centred.T @ centred / len(X)
        self.shrinkage_ = self._choose_shrinkage(centred, S)
        ball = np.trace(S) / len(S) * np.eye(len(S))
        self.covariance_ = (1 - self.shrinkage_) * S + self.shrinkage_ * ball
        variances, axes = np.linalg.eigh(self.covariance_)
        self._check_variances(variances, X)
        self._whitener = axes / np.sqrt(variances)
        self._log_det = np.log(variances).sum()

    def _choose_shrinkage(self, centred: NDArray[np.float64], S: NDArray[np.float64]) -> float:
        if isinstance(self.shrinkage, str):
            if self.shrinkage != "ledoit-wolf":
                raise ValueError(f'shrinkage={self.shrinkage!r}, expected "ledoit-wolf" or a number in [0, 1]')
            return _ledoit_wolf(centred, S)
        if not 0 <= self.shrinkage <= 1:
            raise ValueError(f'shrinkage={self.shrinkage} not in [0, 1]; "ledoit-wolf" estimates it')
        return float(self.shrinkage)

    def _check_variances(self, variances: NDArray[np.float64], X: Matrix) -> None:
        eps, (n_samples, n_features) = np.finfo(float).eps, X.shape
        rounding = n_features * eps * max(variances[-1], eps * (self.mean_**2).max())
        flat = int((variances <= rounding).sum())
        if flat:
            raise ValueError(
                f"the {n_samples} samples do not vary in {flat} of {n_features} directions, and the density there is "
                'infinite; drop constant features, shorten with PCA, or set shrinkage="ledoit-wolf"'
            )

    def _distances(self, X: Matrix) -> Matrix:
        return (((X - self.mean_) @ self._whitener) ** 2).sum(axis=1)

    def _score(self, X: Matrix) -> Matrix:
        return 0.5 * (self._distances(X) + self._log_det + X.shape[1] * np.log(2 * np.pi))


def _ledoit_wolf(centred: NDArray[np.float64], S: NDArray[np.float64]) -> float:
    """Compare how much S wobbles from sample to sample with how far it is from a ball."""
    n_samples, n_features = centred.shape
    away = ((S - np.trace(S) / n_features * np.eye(n_features)) ** 2).sum()
    # sum over samples of || x x' - S ||^2, written without any of those matrices
    wobble = (((centred**2).sum(axis=1) ** 2).sum() / n_samples - (S**2).sum()) / n_samples
    return float(min(wobble, away) / away) if away > 0 else 0.0
