"""Clouds of points around a circle: a distribution with many modes, small enough to see all of it."""

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._files import read_card
from mmlearn_edu.datasets._random import RandomLike, streams
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["make_ring", "ring_centres"]

NAME = "ring"
RADIUS = 2.0


def make_ring(n_samples: int = 2000, *, n_modes: int = 8, std: float = 0.1, random_state: RandomLike = 0) -> Dataset:
    """Draw points from Gaussians whose centres stand evenly on a circle of radius 2 [1]_.

    Parameters
    ----------
    n_samples : int, default=2000
        At least 1.
    n_modes : int, default=8
        How many Gaussians, at least 1; all are equally likely.
    std : float, default=0.1
        Their standard deviation in each direction, 0 or more.
    random_state : int, None, Generator or RandomState, default=0

    Returns
    -------
    Dataset of `n_samples` samples
        ``X["point"]`` is float64 of shape (n_samples, 2); ``y`` tells from which Gaussian each was drawn, a row of
        `ring_centres`.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    .. [1] Metz, L., Poole, B., Pfau, D. and Sohl-Dickstein, J. (2017). Unrolled generative adversarial networks. ICLR.

    Examples
    --------
    >>> from mmlearn_edu.datasets import make_ring
    >>> ring = make_ring(500)
    >>> ring.X["point"].shape, ring.target_names[-1]
    ((500, 2), 'mode 7')
    """
    _check(n_samples=n_samples, n_modes=n_modes)
    if not 0 <= std < np.inf:
        raise ValueError(f"{std=}, expected a standard deviation, 0 or more; at 0.1 eight clouds stand well apart")
    (rng,) = streams(random_state, 1)
    y = rng.randint(n_modes, size=n_samples, dtype=np.int64)
    X = ring_centres(n_modes)[y] + std * rng.normal(size=(n_samples, 2))
    names = tuple(f"mode {number}" for number in range(n_modes))
    return Dataset(name=NAME, X=Modalities({"point": X}), y=y, card=read_card(NAME), target_names=names)


def ring_centres(n_modes: int = 8) -> NDArray[np.float64]:
    r"""Return the centres of `make_ring`: row k is :math:`2 (\cos 2\pi k / K,\ \sin 2\pi k / K)`.

    Parameters
    ----------
    n_modes : int, default=8
        K, at least 1.

    Returns
    -------
    ndarray of shape (n_modes, 2)

    Raises
    ------
    ValueError
        If `n_modes` is not a whole number of at least 1.

    Examples
    --------
    >>> from mmlearn_edu.datasets import ring_centres
    >>> ring_centres(4).round() + 0.0
    array([[ 2.,  0.],
           [ 0.,  2.],
           [-2.,  0.],
           [ 0., -2.]])
    """
    _check(n_modes=n_modes)
    angle = 2 * np.pi * np.arange(n_modes) / n_modes
    return RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])


def _check(**counts: int) -> None:
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name}={value!r}, expected a whole number, 1 or more")
