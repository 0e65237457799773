"""What every fusion shares: remember the modalities at fit, insist on them at transform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags, get_tags
from sklearn.utils.validation import check_array, check_is_fitted

from mmlearn_edu.modalities import Modalities, as_modalities

__all__ = ["BaseFusion", "Matrices", "Presence"]

Matrices = dict[str, NDArray[np.floating[Any]]]
Presence = dict[str, NDArray[np.bool_]]


class BaseFusion(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Fuse aligned modalities into one matrix; subclasses write ``_fit`` and ``_fuse``.

    Both get a dict of matrices and a dict of boolean masks of shape (n_samples,), True where the
    sample has that modality. A row that is missing holds zeros, whatever stood there before.
    """

    def fit(self, X: Modalities | Mapping[str, Any], y: Any = None) -> BaseFusion:
        """Learn from `X`, one array of shape (n_samples, n_features_m) per modality m.

        `y` of shape (n_samples,) or (n_samples, n_targets) is for the fusions that learn from it; others ignore it.

        Raises
        ------
        ValueError
            If a modality is not a finite matrix, or no sample has it; if `y` is needed and is not there.
        """
        if y is None and get_tags(self).target_tags.required:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None; "
                "call fit(X, y), or use AverageFusion or ConcatFusion, which learn without a target"
            )
        matrices, present = read_matrices(as_modalities(X))
        empty = [name for name, mask in present.items() if not mask.any()]
        if empty:
            raise ValueError(f"no sample has {', '.join(empty)}; leave it out of X, there is nothing to learn from")
        self.n_features_per_modality_ = {name: a.shape[1] for name, a in matrices.items()}
        self._fit(matrices, present, y)
        here = {name: np.ones(1, dtype=bool) for name in matrices}
        self._n_features_out = self._fuse({name: a[:1] for name, a in matrices.items()}, here).shape[1]
        return self

    def transform(self, X: Modalities | Mapping[str, Any]) -> NDArray[np.floating[Any]]:
        """Fuse `X` into one array of shape (n_samples, n_features_out).

        Raises
        ------
        ValueError
            If `X` does not have the modalities and widths seen in ``fit``. Their order does not matter.
        """
        return self._fuse(*self._read(X))

    def _read(self, X: Modalities | Mapping[str, Any]) -> tuple[Matrices, Presence]:
        """Insist on what was seen in ``fit``; return the matrices in the order they had there, and who has which."""
        check_is_fitted(self)
        matrices, present = read_matrices(as_modalities(X))
        found = {name: a.shape[1] for name, a in matrices.items()}
        if found != self.n_features_per_modality_:
            raise ValueError(
                f"{type(self).__name__} was fitted on n_features {self.n_features_per_modality_}, got {found}; "
                "pass the same modalities, prepared by the same transformers"
            )
        names = self.n_features_per_modality_
        return {name: matrices[name] for name in names}, {name: present[name] for name in names}

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        """Learn what ``_fuse`` needs; nothing by default."""

    def _fuse(self, matrices: Matrices, present: Presence) -> NDArray[np.floating[Any]]:
        raise NotImplementedError(f"{type(self).__name__} needs a method _fuse(matrices, present)")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # the input is Modalities
        tags.no_validation = True
        return tags


def read_matrices(X: Modalities) -> tuple[Matrices, Presence]:
    """Check every modality of `X`; return the matrices, and who has which."""
    present = {name: X.present(name) for name in X.names}
    return {name: _matrix(X[name], present[name], name) for name in X.names}, present


def _matrix(a: Any, present: NDArray[np.bool_], name: str) -> NDArray[np.floating[Any]]:
    """Check the rows that are there, and blank the others."""
    a = a.toarray() if hasattr(a, "toarray") else a
    if a.ndim != 2:
        raise ValueError(
            f"fusion needs a matrix of shape (n_samples, n_features) per modality, got {name} of shape {a.shape}; "
            "make features of it first, e.g. with PerModality"
        )
    if present.all():
        return check_array(a, dtype=[np.float64, np.float32], input_name=name)
    rows = check_array(a[present], dtype=[np.float64, np.float32], input_name=name, ensure_min_samples=0)
    out = np.zeros(a.shape, dtype=rows.dtype)
    out[present] = rows
    return out
