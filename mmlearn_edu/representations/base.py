"""What the linear representations share: learned directions, a way there and a way back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import get_tags
from sklearn.utils.validation import check_array, check_is_fitted

from mmlearn_edu._samples import read_samples

__all__ = ["FLOATS", "BaseProjection", "Matrix", "check_n_components", "fix_signs"]

FLOATS = [np.float64, np.float32]
Matrix = NDArray[np.floating[Any]]


class BaseProjection(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Project onto directions, the rows of ``components_``; subclasses find them in ``fit``.

    One that subtracts something first says so in ``_project`` and ``_rebuild``.
    """

    components_: Matrix

    def transform(self, X: ArrayLike) -> Matrix:
        """Project: (n_samples, n_features) -> (n_samples, n_components)."""
        check_is_fitted(self)
        accept_sparse = "csr" if get_tags(self).input_tags.sparse else False
        return self._project(read_samples(self, X, dtype=FLOATS, accept_sparse=accept_sparse, reset=False))

    def inverse_transform(self, Z: ArrayLike) -> Matrix:
        """Rebuild: (n_samples, n_components) -> (n_samples, n_features), exact only if nothing was dropped.

        Raises
        ------
        ValueError
            If `Z` does not have one column per component.
        """
        check_is_fitted(self)
        Z = check_array(Z, dtype=FLOATS, input_name="Z")
        if Z.shape[1] != len(self.components_):
            raise ValueError(
                f"Z has {Z.shape[1]} columns, expected n_components={len(self.components_)}; "
                "pass what transform returned, not the original features"
            )
        return self._rebuild(Z)

    def _project(self, X: Any) -> Matrix:
        return X @ self.components_.T

    def _rebuild(self, Z: Matrix) -> Matrix:
        return Z @ self.components_


def check_n_components(n_components: Any, shape: tuple[int, int]) -> None:
    """Complain unless `n_components` is a whole number from 1 to ``min(shape)``."""
    n_samples, n_features = shape
    if not isinstance(n_components, (int, np.integer)):
        raise TypeError(f"n_components must be a whole number of directions, got {n_components!r}")
    if not 1 <= n_components <= min(shape):
        raise ValueError(f"{n_components=} not in 1..{min(shape)} ({n_samples=}, {n_features=}); choose fewer")


def fix_signs(Vt: Matrix) -> Matrix:
    """Turn each row so that its largest entry is positive, the first of them where several are equally large."""
    largest = np.round(np.abs(Vt), 5).argmax(axis=1)  # rounded: at 45 degrees noise would pick the entry
    return Vt * np.sign(Vt[np.arange(len(Vt)), largest])[:, None]
