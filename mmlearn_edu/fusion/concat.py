"""Fuse by putting the features side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.fusion.base import BaseFusion, Matrices, Presence

__all__ = ["ConcatFusion"]


class ConcatFusion(BaseFusion):
    """Put the modalities side by side; a missing block is filled with its mean over the training rows.

    Parameters
    ----------
    scale_blocks : bool, default=False
        Divide each block by the square root of its total variance, so that every modality brings the same
        share of variance, whatever its units and width. A block that never varies is left as it is.

    Attributes
    ----------
    means_ : dict of str to ndarray of shape (n_features_m,)
    scales_ : dict of str to float
        What each block is divided by; all 1 unless `scale_blocks`.
    n_features_per_modality_ : dict of str to int

    Examples
    --------
    >>> from mmlearn_edu.fusion import ConcatFusion
    >>> ConcatFusion().fit_transform({"image": [[0.0, 2.0]], "text": [[4.0]]})
    array([[0., 2., 4.]])
    """

    def __init__(self, scale_blocks: bool = False) -> None:
        self.scale_blocks = scale_blocks

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        rows = {name: a if present[name].all() else a[present[name]] for name, a in matrices.items()}
        self.means_ = {name: a.mean(axis=0) for name, a in rows.items()}
        self.scales_ = {name: _scale(a) if self.scale_blocks else 1.0 for name, a in rows.items()}

    def _fuse(self, matrices: Matrices, present: Presence) -> NDArray[np.floating[Any]]:
        fused = np.hstack(list(matrices.values()))
        ends = np.cumsum([a.shape[1] for a in matrices.values()])
        for name, block in zip(matrices, np.split(fused, ends[:-1], axis=1), strict=True):  # views: they write to fused
            block[~present[name]] = self.means_[name]
            block /= self.scales_[name]
        return fused

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Name the columns after their modality: ``image0``, ``image1``, ``text0``..."""
        widths = self.n_features_per_modality_
        return np.asarray([f"{name}{i}" for name, width in widths.items() for i in range(width)], dtype=object)


def _scale(a: NDArray[np.floating[Any]]) -> float:
    return float(np.sqrt(a.var(axis=0).sum())) or 1.0
