"""Checks shared by the scores of labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["labels", "pair"]

NOTHING = {"None", "nan", "NaN", "NaT", "<NA>"}  # as Python, numpy and pandas write it


def pair(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    true, pred = labels(y_true, "the true labels"), labels(y_pred, "the predicted labels")
    if len(true) != len(pred):
        raise ValueError(f"{len(true)} true labels and {len(pred)} predicted ones; give one of each per sample")
    return true, pred


def labels(y: ArrayLike, name: str) -> NDArray[Any]:
    labels = np.asarray(y)
    if labels.ndim != 1 or len(labels) == 0:
        raise ValueError(f"{name} must have shape (n_samples,) with one label or more, got shape {labels.shape}")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ValueError(f"{name} hold NaN or infinity, which is no class; drop those samples first")
    if labels.dtype.kind == "O" and any(str(each) in NOTHING for each in labels if not isinstance(each, str)):
        raise ValueError(f"{name} hold None or NaN, which is no class; drop those samples first")
    return labels
