"""Random numbers that can be had again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["seeded"]


@contextmanager
def seeded(seed: int, place: torch.device | str = "cpu") -> Iterator[None]:
    """Let torch draw its random numbers from `seed` inside a ``with`` block; what it draws after is untouched.

    Inside, NVIDIA's convolutions are asked to add in the same order every time, or one seed would give two results.

    Parameters
    ----------
    seed : int
    place : torch.device or str, default="cpu"
        A device that has random numbers of its own, such as "cuda"; those of the CPU are always seeded too.

    Yields
    ------
    None

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import seeded
    >>> with seeded(0):
    ...     first = torch.rand(3)
    >>> with seeded(0):
    ...     print(torch.equal(first, torch.rand(3)))
    True
    """
    place = torch.device(place)
    apples = torch.mps.get_rng_state() if place.type == "mps" else None  # fork_rng does not know Apple's GPU
    deterministic = torch.backends.cudnn.deterministic
    try:
        torch.backends.cudnn.deterministic = True
        with torch.random.fork_rng(devices=[place] if place.type == "cuda" else []):
            torch.default_generator.manual_seed(seed)  # not torch.manual_seed: that would seed every GPU
            if place.type == "cuda":
                with torch.cuda.device(place):
                    torch.cuda.manual_seed(seed)
            elif place.type == "mps":
                torch.mps.manual_seed(seed)
            yield
    finally:
        torch.backends.cudnn.deterministic = deterministic
        if apples is not None:
            torch.mps.set_rng_state(apples)
