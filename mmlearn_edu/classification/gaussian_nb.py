"""Naive Bayes for measurements."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._samples import read_samples
from mmlearn_edu.classification.base import BaseSoftmaxClassifier, Matrix, number_classes

__all__ = ["GaussianNB"]


class GaussianNB(BaseSoftmaxClassifier):
    r"""Give every class one bell curve per feature, and ask under whose curves a sample is the most probable [1]_.

    With the mean :math:`\mu_{cj}` and the variance :math:`\sigma_{cj}^2` of feature j in class c, Bayes' rule gives

    .. math:: \ln p(c \mid x) = \ln \frac{n_c}{n} - \frac{1}{2} \sum_j \Big( \ln 2 \pi \sigma_{cj}^2 +
              \frac{(x_j - \mu_{cj})^2}{\sigma_{cj}^2} \Big) + \text{constant}.

    "Naive" because the features are taken to be independent within a class.

    Parameters
    ----------
    var_smoothing : float, default=1e-9
        To every variance this share of the largest variance of any feature (over all classes) is added, so that a
        feature that is constant within a class does not make its curve infinitely high. At least 0.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), in order
    class_prior_ : ndarray of shape (n_classes,)
        Share of the training samples in each class, :math:`n_c / n`.
    theta_ : ndarray of shape (n_classes, n_features), in the units of `X`
        Means.
    var_ : ndarray of shape (n_classes, n_features), in squared units of `X`, divisor :math:`n_c`
        Variances, smoothed.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. & Friedman, J. (2009). The Elements of Statistical Learning (2nd ed.), ch. 6.6.3.

    Examples
    --------
    >>> from mmlearn_edu.classification import GaussianNB
    >>> model = GaussianNB().fit([[1.0], [3.0], [7.0], [9.0]], ["low", "low", "high", "high"])
    >>> model.theta_.ravel(), model.var_.ravel().round(3)
    (array([8., 2.]), array([1., 1.]))
    >>> model.predict([[4.0]]), model.predict_proba([[5.0]]).round(3)
    (array(['low'], dtype='<U4'), array([[0.5, 0.5]]))
    """

    def __init__(self, var_smoothing: float = 1e-9) -> None:
        self.var_smoothing = var_smoothing

    def fit(self, X: ArrayLike, y: ArrayLike) -> GaussianNB:
        """Measure mean and variance of every feature of `X` (n_samples, n_features) in every class of `y`.

        Raises
        ------
        ValueError
            If `X` has a NaN, `y` has a single class, `var_smoothing` is below 0, or a variance of 0 is left.
        """
        if not 0 <= self.var_smoothing < np.inf:
            raise ValueError(f"var_smoothing={self.var_smoothing}, expected a number from 0 up; the usual is 1e-9")
        X, y = read_samples(self, X, y=y, dtype=np.float64)
        self.classes_, place = number_classes(y)
        self.class_prior_ = np.bincount(place) / len(place)
        own = [X[place == c] for c in range(len(self.classes_))]
        self.theta_ = np.array([samples.mean(axis=0) for samples in own])
        self.var_ = np.array([samples.var(axis=0) for samples in own]) + self.var_smoothing * X.var(axis=0).max()
        self._check_variances()
        return self

    def _check_variances(self) -> None:
        flat = np.argwhere(self.var_ == 0)
        if len(flat):
            c, j = flat[0]
            raise ValueError(
                f"feature {j} is constant in class {self.classes_[c]!s}, and var_smoothing={self.var_smoothing:g} "
                "of the largest variance adds nothing to that; remove constant features, or raise var_smoothing"
            )

    def _scores(self, X: NDArray[np.float64]) -> Matrix:
        curves = zip(self.class_prior_, self.theta_, self.var_, strict=True)
        return np.column_stack(
            [
                np.log(prior) - 0.5 * (np.log(2 * np.pi * var) + (X - mean) ** 2 / var).sum(axis=1)
                for prior, mean, var in curves
            ]
        )
