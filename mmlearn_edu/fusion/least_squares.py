"""Fuse by least squares: every modality gets the linear map that helps the others most."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_consistent_length

from mmlearn_edu.fusion.base import BaseFusion, Matrices, Presence

__all__ = ["LeastSquaresFusion"]

Matrix = NDArray[np.floating[Any]]


class LeastSquaresFusion(BaseFusion):
    r"""Predict `y` as a sum of linear maps, one per modality, fitted together.

    .. math:: \min_{W_1, W_2, \ldots} \Big\lVert Y - \bar y - \sum_m (X_m - \bar x_m) W_m \Big\rVert^2
        + \alpha \sum_m \lVert W_m \rVert^2

    With :math:`X = U \Sigma V^\top` for all centred modalities side by side, the answer is
    :math:`W = V (\Sigma^2 + \alpha)^{-1} \Sigma U^\top (Y - \bar y)` [1]_. Where columns are collinear, as when
    two modalities say the same, many `W` fit equally well: ``alpha=0`` takes the smallest of them (as
    ``numpy.linalg.lstsq`` does), a positive `alpha` (ridge) also tames columns that are nearly collinear.

    A modality that a sample lacks counts as its mean over the training samples that have it: it adds nothing.

    Parameters
    ----------
    alpha : float, default=0.0
        Penalty on the squared weights, 0 or more, in squared units of `X`. Bring the modalities to similar
        scales first, or the penalty falls on those with small numbers.

    Attributes
    ----------
    means_ : dict of str to ndarray of shape (n_features_m,), in the units of each modality
    coef_ : dict of str to ndarray of shape (n_features_m, n_targets), in units of `y` per unit of the feature
    target_mean_ : ndarray of shape (n_targets,), in the units of `y`
    rank_ : int
        Independent columns among all modalities; fewer than there are columns means that some are collinear.
    n_features_per_modality_ : dict of str to int

    Notes
    -----
    `y` is read as numbers. For classes give one column per class, e.g. ``np.eye(n_classes)[y]``, and take the
    ``argmax`` of what ``transform`` returns.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. and Friedman, J. (2009). The Elements of Statistical Learning
       (2nd ed.), section 3.4.1.

    Examples
    --------
    >>> from mmlearn_edu.fusion import LeastSquaresFusion
    >>> X = {"image": [[0.0], [1.0], [0.0], [1.0]], "text": [[0.0], [0.0], [1.0], [1.0]]}
    >>> fusion = LeastSquaresFusion().fit(X, y=[1, 3, 6, 8])  # 1 + 2 image + 5 text
    >>> fusion.transform({"image": [[2.0]], "text": [[1.0]]}).round(6)
    array([[10.]])
    """

    def __init__(self, alpha: float = 0.0) -> None:
        self.alpha = alpha

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        if not 0 <= self.alpha < np.inf:
            raise ValueError(f"alpha={self.alpha} must be a finite number of 0 or more; 0 is plain least squares")
        Y = _targets(y, present)
        self.means_ = {name: a[present[name]].mean(axis=0, dtype=np.float64) for name, a in matrices.items()}
        self.target_mean_ = Y.mean(axis=0)
        precision = max(float(np.finfo(a.dtype).eps) for a in matrices.values())
        W, self.rank_ = _ridge(self._centred(matrices, present), Y - self.target_mean_, self.alpha, precision)
        ends = np.cumsum(list(self.n_features_per_modality_.values()))
        self.coef_ = dict(zip(matrices, np.split(W, ends[:-1]), strict=True))

    def _fuse(self, matrices: Matrices, present: Presence) -> Matrix:
        W = np.vstack(list(self.coef_.values()))
        fused = self._centred(matrices, present) @ W + self.target_mean_
        return fused.astype(np.result_type(*matrices.values()))

    def _centred(self, matrices: Matrices, present: Presence) -> Matrix:
        """All modalities side by side, in float64; a missing row is 0, which is the mean."""
        return np.hstack([(a - self.means_[name]) * present[name][:, None] for name, a in matrices.items()])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def _targets(y: ArrayLike, present: Presence) -> NDArray[np.float64]:
    try:
        Y = check_array(y, dtype=np.float64, ensure_2d=False, input_name="y")
    except ValueError as error:
        if np.asarray(y).dtype.kind not in "OUS":
            raise
        raise ValueError(
            f"y must be numbers ({error}); for classes give one column each, e.g. LabelBinarizer().fit_transform(y)"
        ) from None
    check_consistent_length(Y, *present.values())
    return Y.reshape(len(Y), -1)


def _ridge(X: Matrix, Y: Matrix, alpha: float, precision: float) -> tuple[Matrix, int]:
    """Weights of shape (n_features, n_targets), and the rank of `X`; both are centred."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    # a direction weaker than the rounding of the numbers given is no direction
    kept = s > 10 * len(s) * precision * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return Vt.T @ ((s / (s**2 + alpha))[:, None] * (U.T @ Y)), int(kept.sum())
