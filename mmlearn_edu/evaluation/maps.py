"""Whether a map shows as neighbours those who are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.similarity import euclidean_distances

__all__ = ["trustworthiness"]


def trustworthiness(X: ArrayLike, embedding: ArrayLike, *, n_neighbors: int = 5) -> float:
    r"""Tell how far the neighbours on a map are neighbours in the data too [1]_.

    Every sample looks at its :math:`k` nearest on the map, :math:`U_i`. One who is not among its :math:`k` nearest in
    the data is an intruder, and costs as much as its place in the data, :math:`r_{ij}`, lies beyond :math:`k`:

    .. math:: T = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_i \sum_{j \in U_i} \max(0,\, r_{ij} - k)

    Equal distances are taken in every order, and the mean counts. With the arguments swapped,
    ``trustworthiness(embedding, X)`` is the continuity: whether neighbours in the data were torn apart.

    Parameters
    ----------
    X : array-like or sparse matrix of shape (n_samples, n_features)
        The data; Euclidean distances.
    embedding : array-like of shape (n_samples, n_components)
        The map of the same samples, row by row.
    n_neighbors : int, default=5
        1 or more, and fewer than half of the samples.

    Returns
    -------
    float
        In [0, 1]; 1 if there is no intruder, about 0.5 for a map drawn at random.

    Raises
    ------
    ValueError
        If `n_neighbors` is out of range, the two differ in n_samples, or one is not a finite matrix.

    References
    ----------
    .. [1] Venna, J. and Kaski, S. (2001). Neighborhood preservation in nonlinear projection methods: an experimental
       study. ICANN.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.evaluation import trustworthiness
    >>> random = np.random.default_rng(0)
    >>> height = random.random(50)
    >>> slope = np.column_stack([height, 2 * height])
    >>> trustworthiness(slope, height[:, None])
    1.0
    >>> abs(trustworthiness(slope, random.permutation(height)[:, None]) - 0.5) < 0.1
    True
    """
    near_in_data = euclidean_distances(X)  # checks X, dense or sparse
    embedding = as_matrix(embedding, "embedding")
    n, k = len(near_in_data), n_neighbors
    if len(embedding) != n:
        raise ValueError(f"X has {n} samples and embedding has {len(embedding)}; row i must be the same sample in both")
    if not 1 <= k < n / 2:
        raise ValueError(f"n_neighbors={k} not in 1..{(n - 1) // 2}, fewer than half of the {n} samples")
    others = ~np.eye(n, dtype=bool)
    near_on_map = euclidean_distances(embedding)
    rows = zip(near_in_data, near_on_map, others, strict=True)
    cost = sum(_intrusion(data[other], on_map[other], k) for data, on_map, other in rows)
    return float(1 - 2 * cost / (n * k * (2 * n - 3 * k - 1)))


def _intrusion(in_data: NDArray[Any], on_map: NDArray[Any], k: int) -> float:
    """Cost of the k nearest on the map, from one sample's distances to all others; mean over the orders of ties."""
    # 1 who is among the k nearest on the map; the places left are shared by those tied at the edge
    edge = np.partition(on_map, k - 1)[k - 1]
    near, tied = on_map < edge, on_map == edge
    shares = np.where(near, 1, (k - near.sum()) / tied.sum())[near | tied]
    # 2 what they cost: places 1..k in the data nothing, k + 1 costs 1, k + 2 costs 2, ...; ties their mean
    cost_up_to = np.append(0, np.cumsum(np.maximum(np.arange(1, len(in_data) + 1) - k, 0)))
    ordered, theirs = np.sort(in_data), in_data[near | tied]
    first, last = np.searchsorted(ordered, theirs, "left"), np.searchsorted(ordered, theirs, "right")
    return float((shares * (cost_up_to[last] - cost_up_to[first]) / (last - first)).sum())
