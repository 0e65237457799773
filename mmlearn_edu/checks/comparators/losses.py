"""Losses in NumPy, for the judge: what a trained module is measured by, and what a PCA would reach."""

from typing import Any

import numpy as np

__all__ = ["LOSSES", "pca_error"]


def _mse(output: Any, truth: Any) -> float:
    output, truth = np.asarray(output, dtype=float), np.asarray(truth, dtype=float)
    return float(np.mean((output - truth) ** 2)) if output.shape == truth.shape else np.inf


def _cross_entropy(output: Any, truth: Any) -> float:
    """Mean surprise, in nats, at the true classes; `output` holds one score per class before the softmax."""
    scores = np.asarray(output, dtype=float)
    if scores.ndim != 2 or len(scores) != len(truth):
        return np.inf
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return float(-log_p[np.arange(len(truth)), np.asarray(truth, dtype=int)].mean())


LOSSES = {"mse": _mse, "cross_entropy": _cross_entropy}


def pca_error(inputs: Any, held_out: Any, truth: Any, n_components: int) -> float:
    """Mean squared error against `truth` of `held_out` rebuilt from `n_components` numbers by a PCA of `inputs`."""
    X, Y, truth = (np.asarray(a, dtype=float).reshape(len(a), -1) for a in (inputs, held_out, truth))
    mean = X.mean(axis=0)
    Vt = np.linalg.svd(X - mean, full_matrices=False)[2][:n_components]
    return float(np.mean((truth - mean - (Y - mean) @ Vt.T @ Vt) ** 2))
