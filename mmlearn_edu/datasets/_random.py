"""Random numbers that are the same on every machine: whole numbers from a frozen stream, never rounded floats."""

from math import prod
from numbers import Integral

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = ["RandomLike", "bell", "streams"]

RandomLike = int | np.random.Generator | np.random.RandomState | None

LARGEST_DEVIATION = 7000
_QUANTILES = ndtri((np.arange(2**16) + 0.5) / 2**16)  # of the standard normal distribution


def streams(random_state: RandomLike, n_streams: int) -> list[np.random.RandomState]:
    """Return independent streams, so that more noise in one modality leaves the others as they were.

    numpy promises never to change what a RandomState draws; a Generator may change between releases.

    Raises
    ------
    ValueError
        If `random_state` is an int outside 0..2**32 - 1.
    TypeError
        If it is something else that cannot seed.
    """
    if isinstance(random_state, np.random.Generator):
        seeds = random_state.integers(2**32, size=n_streams, dtype=np.uint64)
    elif isinstance(random_state, np.random.RandomState):
        seeds = random_state.randint(2**32, size=n_streams, dtype=np.uint64)
    elif random_state is None or (isinstance(random_state, Integral) and not isinstance(random_state, bool)):
        if random_state is not None and not 0 <= random_state < 2**32:
            raise ValueError(f"random_state={random_state} is out of range; give a whole number from 0 to 2**32 - 1")
        seeds = np.random.RandomState(random_state).randint(2**32, size=n_streams, dtype=np.uint64)
    else:
        raise TypeError(
            f"random_state must be a whole number, None, a numpy Generator or a RandomState, "
            f"got {type(random_state).__name__}; write random_state=0 for the same data every time"
        )
    return [np.random.RandomState(int(seed)) for seed in seeds]


def bell(rng: np.random.RandomState, shape: tuple[int, ...], deviation: float) -> NDArray[np.int16]:
    """Draw Gaussian noise of mean 0, in whole numbers, cut off at 4.3 standard deviations.

    Two random bytes pick one of 65 536 quantiles: several times faster than drawing floats.
    """
    if not 0 <= deviation <= LARGEST_DEVIATION:
        raise ValueError(f"{deviation=} does not fit int16; expected 0 to {LARGEST_DEVIATION}")
    quantiles = np.rint(_QUANTILES * deviation).astype(np.int16)
    return quantiles[np.frombuffer(rng.bytes(2 * prod(shape)), dtype="<u2")].reshape(shape)
