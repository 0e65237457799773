"""Kernels slid over pictures: what the matrix painter computes in the page."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["correlate", "edge_responses"]


def correlate(X: ArrayLike, kernel: ArrayLike, padding: str = "same") -> NDArray[np.float64]:
    r"""Slide `kernel` over a picture; at every place multiply what lies under it, and add up.

    :math:`Y_{ij} = \sum_{k,l} K_{kl} X_{i+k,\,j+l}`: what networks call convolution. The kernel is not turned round
    [1]_, as in ``torch.nn.functional.conv2d`` and ``scipy.signal.correlate2d``.

    Parameters
    ----------
    X : array-like of shape (height, width)
    kernel : array-like of shape (n_rows, n_columns), both odd
    padding : {"same", "valid"}, default="same"
        "same" puts zeros around the picture, so that the result has its shape; "valid" keeps to places where the
        whole kernel lies on the picture.

    Returns
    -------
    ndarray of shape (height, width), or (height - n_rows + 1, width - n_columns + 1) for "valid"

    References
    ----------
    .. [1] Goodfellow, I., Bengio, Y. and Courville, A. (2016). Deep Learning, section 9.1.

    Examples
    --------
    >>> from mmlearn_edu.widgets import correlate
    >>> correlate([[0, 0, 1, 1]], [[-1, 0, 1]])  # the last: a step down, from the picture to the zeros around it
    array([[ 0.,  1.,  1., -1.]])
    """
    X, kernel = np.asarray(X, float), np.asarray(kernel, float)
    if padding == "same":
        X = np.pad(X, [(size // 2, size // 2) for size in kernel.shape])
    windows = np.lib.stride_tricks.sliding_window_view(X, kernel.shape)
    return np.asarray(np.einsum("ijkl,kl->ij", windows, kernel))


def edge_responses(kernel: ArrayLike) -> tuple[float, float, float]:
    """Return how strongly `kernel` responds to a vertical edge, to a horizontal edge, and to an even area.

    Parameters
    ----------
    kernel : array-like of shape (n_rows, n_columns)

    Returns
    -------
    vertical, horizontal, even : float, 0 or more
        The largest absolute response, without padding, on three pictures: 0 on the left and 1 on the right; 0 above
        and 1 below; 1 all over.

    Examples
    --------
    >>> from mmlearn_edu.widgets import edge_responses
    >>> edge_responses([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])  # finds horizontal edges
    (0.0, 3.0, 0.0)
    """
    rows, columns = np.shape(kernel)
    right, below, even = np.zeros((3, 2 * rows, 2 * columns))
    right[:, columns:], below[rows:], even[:] = 1, 1, 1
    vertical, horizontal, flat = (float(np.abs(correlate(X, kernel, "valid")).max()) for X in (right, below, even))
    return vertical, horizontal, flat
