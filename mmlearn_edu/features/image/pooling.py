"""Averages over places: less about where, fewer numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu.features._pixels import Floats, as_array

__all__ = ["global_average_pool"]


def global_average_pool(maps: ArrayLike) -> Floats:
    """Average every map of a convolutional network over all its places [1]_.

    Parameters
    ----------
    maps : array-like of shape (n_images, n_channels, height, width)
        Channels first, as torch has them; a tensor on the CPU works, ``tensor.detach()`` where it has gradients.

    Returns
    -------
    ndarray of shape (n_images, n_channels), in the units of `maps`
        How strongly each feature is present, whatever the place and whatever the size of the picture. float32
        stays float32.

    Raises
    ------
    ValueError
        If `maps` has another shape, is empty, or holds a NaN or an infinity.

    References
    ----------
    .. [1] Lin, M., Chen, Q. and Yan, S. (2014). Network in network. ICLR. Section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import global_average_pool
    >>> global_average_pool(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[1.5, 5.5]])
    """
    array = as_array(maps)
    if array.ndim != 4 or array.size == 0:
        hint = "; for a single picture write maps[None]" if array.ndim == 3 else ""
        raise ValueError(f"expected maps of shape (n_images, n_channels, height, width), got {array.shape}{hint}")
    if not np.isfinite([array.min(), array.max()]).all():
        raise ValueError("the maps hold NaN or infinite values; look at what went into the network, and at its weights")
    return array.mean(axis=(2, 3), dtype=np.float32 if array.dtype == np.float32 else np.float64)


def cell_means(maps: Floats, grid: int) -> Floats:
    """Average maps (n, height, width) over cells: (n, grid * grid), row by row; cells may differ by a pixel."""
    height, width = maps.shape[1:]
    if not 1 <= grid <= min(height, width):
        raise ValueError(f"{grid=} not in 1..{min(height, width)} for pictures of {height} x {width} pixels")
    rows = np.array_split(np.arange(height), grid)
    columns = np.array_split(np.arange(width), grid)
    return np.stack([maps[:, r][:, :, c].mean(axis=(1, 2)) for r in rows for c in columns], axis=1)
