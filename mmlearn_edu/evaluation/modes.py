"""Whether a generator has found all modes of a distribution, or has lost some."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.similarity import euclidean_distances

__all__ = ["mode_counts"]


def mode_counts(X: ArrayLike, centres: ArrayLike, std: float, *, within: float = 3.0) -> NDArray[np.int64]:
    """Count for each mode the samples that could have come from it.

    A sample counts for the mode nearest to it if it lies within three of its standard deviations; it is then called a
    sample of high quality. A mode is covered if at least one of 2500 samples counts for it [1]_. That is little: a
    generator that draws a line from mode to mode covers all it crosses. So look at the share of high quality too, or
    ask more of a mode, for instance a quarter of what would be fair, ``counts >= len(X) / len(centres) / 4``.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        What the generator made.
    centres : array-like of shape (n_modes, n_features)
        The means of the modes.
    std : float
        Standard deviation of every mode in each direction, above 0, in the units of `X`.
    within : float, default=3.0
        How many standard deviations a sample may be away; above 0. With 3, of a true Gaussian in two dimensions
        98.9 % count.

    Returns
    -------
    ndarray of shape (n_modes,)
        Whole numbers; their sum is at most n_samples. ``(counts > 0).sum()`` is the number of modes covered and
        ``counts.sum() / n_samples`` the share of high quality.

    Raises
    ------
    ValueError
        If `X` or `centres` is no finite matrix, the two differ in n_features, or `std` or `within` is not above 0.

    References
    ----------
    .. [1] Srivastava, A., Valkov, L., Russell, C., Gutmann, M. U. and Sutton, C. (2017). VEEGAN: reducing mode collapse
       in GANs using implicit variational learning. NeurIPS 30.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import mode_counts
    >>> mode_counts([[0.0, 0.2], [0.0, 0.3], [1.0, 0.9], [0.5, 0.5]], centres=[[0.0, 0.0], [1.0, 1.0]], std=0.1)
    array([2, 1])
    """
    X, centres = as_matrix(X, "X"), as_matrix(centres, "centres")
    if X.shape[1] != centres.shape[1]:
        raise ValueError(f"X has n_features={X.shape[1]} and centres have {centres.shape[1]}; they must be equal")
    for name, value in {"std": std, "within": within}.items():
        if not 0 < value < np.inf:
            raise ValueError(f"{name}={value!r}, expected a number above 0")
    distances = euclidean_distances(X, centres)
    near = distances.min(axis=1) <= within * std
    return np.bincount(distances.argmin(axis=1)[near], minlength=len(centres))
