"""What k-means lowers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.clustering._distances import nearest, own_distances

__all__ = ["kmeans_objective"]


def kmeans_objective(X: ArrayLike, centroids: ArrayLike, labels: ArrayLike | None = None) -> float:
    """Add up the squared distances from the samples to their centroids.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    centroids : array-like of shape (n_clusters, n_features)
    labels : array-like of int of shape (n_samples,), default=None
        Which centroid each sample belongs to; the nearest one if None.

    Returns
    -------
    float
        In squared units of `X`.

    Raises
    ------
    ValueError
        If the widths differ, or `labels` is not one valid centroid number per sample.

    Examples
    --------
    >>> from mmlearn_edu.clustering import kmeans_objective
    >>> kmeans_objective([[0.0], [1.0], [10.0]], [[0.0], [9.0]])
    2.0
    """
    X, centroids = as_matrix(X), as_matrix(centroids, "centroids")
    if X.shape[1] != centroids.shape[1]:
        raise ValueError(f"X has n_features={X.shape[1]} and centroids {centroids.shape[1]}; they must be equal")
    chosen = nearest(X, centroids) if labels is None else np.asarray(labels)
    if chosen.shape != (len(X),) or chosen.dtype.kind not in "iu":
        raise ValueError(f"labels needs one whole number per sample, shape ({len(X)},); got shape {chosen.shape}")
    if chosen.min() < 0 or chosen.max() >= len(centroids):
        raise ValueError(f"labels run from {chosen.min()} to {chosen.max()}, expected 0..{len(centroids) - 1}")
    return float(own_distances(X, centroids, chosen).sum())
