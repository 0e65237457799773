"""What somebody says about a handwritten digit without naming it."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["caption_digits"]

# Four facts; FACTS[fact][digit] is the one that holds, WORDING[fact][value] two ways to say it.
FACTS = np.array(
    [
        [1, 0, 0, 0, 0, 0, 1, 0, 2, 1],  # closed loops
        [1, 0, 2, 1, 0, 2, 1, 0, 1, 1],  # straight, round, or both
        [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],  # even, odd
        [0, 0, 0, 0, 0, 1, 1, 1, 1, 1],  # lower, upper half
    ]
)
WORDING = [
    [("no loop", "nothing closed"), ("a single loop", "closed once"), ("a pair of loops", "closed twice")],
    [("straight strokes", "only lines"), ("round strokes", "only curves"), ("mixed strokes", "lines and curves")],
    [("an even number", "even"), ("an odd number", "odd")],
    [("a small number", "below the middle"), ("a large number", "above the middle")],
]
SLIP = 0.10  # how often a fact is told wrongly


def caption_digits(digits: NDArray[np.int64], rng: np.random.RandomState) -> NDArray[np.object_]:
    """Tell three of the four facts about each digit, each with a wrong value one time in ten.

    One caption fits several digits, so even a perfect reader is right only 62 % of the time.
    """
    n_facts, n_digits = len(FACTS), len(digits)
    told = FACTS[:, digits]
    n_values = np.array([[len(wording)] for wording in WORDING])
    other = (told + 1 + rng.randint(2**31, size=told.shape) % (n_values - 1)) % n_values
    told = np.where(rng.randint(1000, size=told.shape) < 1000 * SLIP, other, told)
    manner = rng.randint(2, size=told.shape)
    left_out = rng.randint(n_facts, size=n_digits)
    words = [np.array(wording, dtype=object)[told[f], manner[f]] for f, wording in enumerate(WORDING)]
    said = np.array(words).T[np.arange(n_facts) != left_out[:, None]].reshape(n_digits, n_facts - 1)
    return np.array([", ".join(three) for three in said.tolist()], dtype=object)
