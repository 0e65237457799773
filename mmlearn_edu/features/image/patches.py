"""Small pieces of pictures that remember where they come from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.features._pixels import as_array

__all__ = ["image_patches"]


def image_patches(images: ArrayLike, size: int = 8, stride: int = 8) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Cut square patches out of every picture, and note from which picture each one came.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width) or (n_images, height, width, n_channels)
        Of any range and dtype.
    size : int, default=8
        Height and width of a patch, in pixels.
    stride : int, default=8
        Step from one patch to the next, in pixels. With `size` the patches lie side by side; what is left at
        the right and lower border, narrower than a step, is in no patch.

    Returns
    -------
    patches : ndarray of shape (n_patches, size, size) or (n_patches, size, size, n_channels)
        Picture after picture, in each row by row: ``1 + (height - size) // stride`` rows of
        ``1 + (width - size) // stride`` patches. A copy, of the dtype of `images`; with small strides it takes
        about ``(size / stride) ** 2`` times the memory of the pictures.
    source : ndarray of shape (n_patches,)
        Index of the picture, from 0 to ``n_images - 1``: ``labels[source]`` are the labels of the patches.

    Raises
    ------
    ValueError
        If the pictures have another shape, or a patch does not fit into them.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.features import image_patches
    >>> patches, source = image_patches(np.zeros((2, 16, 24, 3), dtype=np.uint8))
    >>> patches.shape, source
    ((12, 8, 8, 3), array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]))
    """
    array = as_array(images)
    if array.ndim not in (3, 4) or array.size == 0:
        raise ValueError(
            f"expected pictures of shape (n, height, width) or (n, height, width, n_channels), got {array.shape}; "
            "for a single picture write image[None]"
        )
    height, width = array.shape[1:3]
    if not 1 <= size <= min(height, width):
        raise ValueError(f"{size=} not in 1..{min(height, width)} for pictures of {height} x {width} pixels")
    if stride < 1:
        raise ValueError(f"{stride=}, expected a step of 1 pixel or more")
    windows = np.lib.stride_tricks.sliding_window_view(array, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    if array.ndim == 4:
        windows = np.moveaxis(windows, 3, -1)  # colours last again
    n_images, n_rows, n_columns = windows.shape[:3]
    source = np.repeat(np.arange(n_images), n_rows * n_columns)
    return np.array(windows, order="C").reshape(len(source), *windows.shape[3:]), source
