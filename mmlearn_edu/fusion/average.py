"""Fuse by averaging, feature by feature."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.fusion.base import BaseFusion, Matrices, Presence

__all__ = ["AverageFusion"]


class AverageFusion(BaseFusion):
    r"""Average the modalities, :math:`\sum_m w_m X_m / \sum_m w_m`, over those a sample has.

    All modalities need the same width, and the average means something only where feature j of one
    says the same as feature j of the others (scores or probabilities do; pixels and sound do not).

    Parameters
    ----------
    weights : mapping of str to float, default=None
        One weight of 0 or more per modality; only their proportions matter. Equal if None.

    Attributes
    ----------
    weights_ : dict of str to float, summing to 1
    n_features_per_modality_ : dict of str to int

    Examples
    --------
    >>> from mmlearn_edu.fusion import AverageFusion
    >>> AverageFusion().fit_transform({"image": [[0.0, 2.0]], "text": [[4.0, 4.0]]})
    array([[2., 3.]])
    """

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        self.weights = weights

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        check_one_width(self.n_features_per_modality_)
        self.weights_ = normalised(self.weights, list(matrices))

    def _fuse(self, matrices: Matrices, present: Presence) -> NDArray[np.floating[Any]]:
        return weighted_mean(matrices, present, self.weights_)


def check_one_width(widths: Mapping[str, int]) -> None:
    """Insist that all modalities have the same number of features."""
    if len(set(widths.values())) != 1:
        raise ValueError(
            f"an average needs modalities of one width, got {widths}; "
            "bring each to the same n_components first (PerModality), or use ConcatFusion"
        )


def weighted_mean(matrices: Matrices, present: Presence, weights: Mapping[str, float]) -> NDArray[np.floating[Any]]:
    """Average over the modalities that each sample has: (n_samples, n_features)."""
    dtype = np.result_type(*matrices.values())
    # 1 the weight each sample gives each modality: 0 where it is missing
    per_sample = np.stack([weights[name] * present[name] for name in matrices]).astype(dtype)
    total = per_sample.sum(axis=0)
    if not total.all():
        raise ValueError(f"sample {int(total.argmin())} has no modality with a weight above 0; drop such samples first")
    # 2 the weighted mean; missing rows are zeros and add nothing
    return np.einsum("mn,mnd->nd", per_sample / total, np.stack(list(matrices.values())))


def normalised(weights: Mapping[str, float] | None, names: list[str]) -> dict[str, float]:
    """Return one weight per name, 0 or more, with sum 1; equal if None."""
    weights = dict.fromkeys(names, 1.0) if weights is None else weights
    if set(weights) != set(names):
        raise ValueError(f"weights for {sorted(weights)}, but the modalities are {names}; give one weight each")
    numbers = all(isinstance(weight, Real) for weight in weights.values())
    if not numbers or min(weights.values()) < 0 or not 0 < (total := sum(weights.values())) < np.inf:
        raise ValueError(f"weights must be 0 or more, with a positive sum, got {dict(weights)}")
    return {name: weights[name] / total for name in names}
