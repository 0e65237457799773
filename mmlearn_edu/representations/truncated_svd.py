"""Truncated singular value decomposition, on word counts known as latent semantic analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from scipy.sparse.linalg import svds
from sklearn.utils import Tags

from mmlearn_edu._samples import read_samples
from mmlearn_edu.representations.base import FLOATS, BaseProjection, Matrix, check_n_components, fix_signs

__all__ = ["TruncatedSVD"]


class TruncatedSVD(BaseProjection):
    r"""Keep the strongest directions of a matrix, dense or sparse, without subtracting its mean.

    Of :math:`X = U \Sigma V^\top` keep the first rows of :math:`V^\top`: no matrix of that rank is closer to `X` [1]_.
    Zeros stay zeros and a sparse `X` stays sparse, which centring (see `PCA`) would spoil. On word counts or TF-IDF
    this is latent semantic analysis: words that keep the same company share directions [2]_.

    Parameters
    ----------
    n_components : int, default=2
        Directions to keep, from 1 to ``min(n_samples, n_features)``.

    Attributes
    ----------
    components_ : ndarray of shape (n_components, n_features)
        Orthonormal rows, strongest first. The sign of a direction means nothing; here each row's largest entry is
        positive (the first of them where several are equally large).
    singular_values_ : ndarray of shape (n_components,), in the units of `X`, largest first

    References
    ----------
    .. [1] Eckart, C. & Young, G. (1936). The approximation of one matrix by another of lower rank. Psychometrika 1.
    .. [2] Deerwester, S. et al. (1990). Indexing by latent semantic analysis. JASIS 41(6), 391-407.

    Examples
    --------
    >>> from mmlearn_edu.representations import TruncatedSVD
    >>> counts = [[2.0, 2.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]  # the first two words always come together
    >>> svd = TruncatedSVD(n_components=2).fit(counts)
    >>> (svd.components_ + 0.0).round(3)
    array([[0.707, 0.707, 0.   ],
           [0.   , 0.   , 1.   ]])
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def fit(self, X: ArrayLike, y: Any = None) -> TruncatedSVD:
        """Find the directions of `X`, dense or sparse, of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If `n_components` is out of range, or `X` has a NaN or nothing but zeros.
        TypeError
            If `n_components` is not a whole number.
        """
        X = read_samples(self, X, dtype=FLOATS, accept_sparse="csr")
        check_n_components(self.n_components, X.shape)
        if not abs(X).max() > 0:
            raise ValueError(f"X of shape {X.shape} is all zeros and has no direction; look at how it was made")
        s, Vt = _strongest(X, self.n_components)
        self.singular_values_, self.components_ = s, fix_signs(Vt)
        self._n_features_out = self.n_components
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _strongest(X: Any, n_components: int) -> tuple[Matrix, Matrix]:
    """Singular values, largest first, and the right singular vectors as rows."""
    if not issparse(X):
        _, s, Vt = np.linalg.svd(X, full_matrices=False)
    elif n_components == min(X.shape):  # the iteration below finds all but one
        _, s, Vt = np.linalg.svd(X.toarray(), full_matrices=False)
    else:  # ARPACK only multiplies by X and never fills in its zeros; it starts from the same random vector every time
        start = np.random.default_rng(0).normal(size=min(X.shape))
        _, s, Vt = svds(X, k=n_components, v0=start, return_singular_vectors="vh")
        order = s.argsort()[::-1]
        s, Vt = s[order], Vt[order]
    return s[:n_components], Vt[:n_components]
