"""Carry one space over to another by a linear map."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples
from mmlearn_edu.representations.base import FLOATS

__all__ = ["LeastSquaresMap"]


class LeastSquaresMap(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Map one space onto another so that paired samples fall on each other.

    From pairs :math:`(x_i, y_i)`, say pictures and their captions, find the matrix that minimises
    :math:`\lVert (X - \bar x) W - (Y - \bar y) \rVert_F`. Afterwards a new picture can be compared with any caption.
    With `orthogonal`, W may only turn and mirror (Procrustes [1]_): :math:`W = U V^\top` of
    :math:`(X - \bar x)^\top (Y - \bar y) = U \Sigma V^\top`. That keeps all distances, and overfits less [2]_.

    Parameters
    ----------
    orthogonal : bool, default=False
        Allow rotations and reflections only; both spaces need the same width then.

    Attributes
    ----------
    map_ : ndarray of shape (n_features, n_targets), in units of `Y` per unit of `X`
        Of all that fit equally well, as when features are collinear, the smallest.
    source_mean_ : ndarray of shape (n_features,), in the units of `X`
    target_mean_ : ndarray of shape (n_targets,), in the units of `Y`

    References
    ----------
    .. [1] Schönemann, P. H. (1966). A generalized solution of the orthogonal Procrustes problem. Psychometrika 31.
    .. [2] Xing, C. et al. (2015). Normalized word embedding and orthogonal transform for bilingual word translation.
       NAACL-HLT, 1006-1011.

    Examples
    --------
    >>> from mmlearn_edu.representations import LeastSquaresMap
    >>> here, there = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [[5.0, 5.0], [5.0, 6.0], [4.0, 5.0]]  # a quarter turn
    >>> quarter_turn = LeastSquaresMap(orthogonal=True).fit(here, there)
    >>> quarter_turn.transform([[2.0, 0.0]]).round(3)
    array([[5., 7.]])
    """

    def __init__(self, orthogonal: bool = False) -> None:
        self.orthogonal = orthogonal

    def fit(self, X: ArrayLike, y: ArrayLike) -> LeastSquaresMap:
        """Learn from pairs: row i of `X` (n_samples, n_features) belongs to row i of `y` (n_samples, n_targets).

        Raises
        ------
        ValueError
            If `y` is missing, the two differ in n_samples, there are fewer than two pairs or a NaN, or `orthogonal`
            meets spaces of different widths.
        """
        X, y = read_samples(self, X, y=y, dtype=FLOATS, multi_output=True, y_numeric=True, ensure_min_samples=2)
        Y = y.reshape(len(X), -1).astype(X.dtype)  # one number per sample is a space of width 1
        if self.orthogonal and X.shape[1] != Y.shape[1]:
            raise ValueError(
                f"a rotation needs two spaces of one width, got n_features={X.shape[1]} and n_targets={Y.shape[1]}; "
                "bring both to the same n_components first, e.g. with PCA, or set orthogonal=False"
            )
        self.source_mean_, self.target_mean_ = _mean(X), _mean(Y)
        fit_map = _rotation if self.orthogonal else _least_squares
        self.map_ = fit_map(X - self.source_mean_, Y - self.target_mean_)
        self._n_features_out = Y.shape[1]
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.floating[Any]]:
        """Carry over: (n_samples, n_features) -> (n_samples, n_targets)."""
        check_is_fitted(self)
        X = read_samples(self, X, dtype=FLOATS, reset=False)
        return (X - self.source_mean_) @ self.map_ + self.target_mean_

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        return tags


def _mean(X: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return X.mean(axis=0, dtype=np.float64).astype(X.dtype)  # float32 sums lose digits on tall data


def _least_squares(X: NDArray[np.floating[Any]], Y: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.linalg.lstsq(X, Y, rcond=None)[0]


def _rotation(X: NDArray[np.floating[Any]], Y: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    U, _, Vt = np.linalg.svd(X.T @ Y)
    return U @ Vt
