"""Draw samples anew, whole groups at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import labels

__all__ = ["group_numbers", "resamples"]


def group_numbers(groups: ArrayLike | None, n_samples: int) -> NDArray[np.int64]:
    """Give each sample the number of its group, from 0: shape (n_samples,). Without groups, each sample is one."""
    if groups is None:
        return np.arange(n_samples)
    groups = labels(groups, "groups")
    if len(groups) != n_samples:
        raise ValueError(f"{len(groups)} groups for {n_samples} samples; name one, such as a writer, per sample")
    return np.unique(groups, return_inverse=True)[1]


def resamples(
    groups: ArrayLike | None, n_samples: int, n_resamples: int, random_state: int | None
) -> Iterator[NDArray[Any]]:
    """Row numbers of as many groups as there are, drawn with replacement, `n_resamples` times."""
    number = group_numbers(groups, n_samples)
    members = np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number))[:-1])
    if n_resamples < 1:
        raise ValueError(f"{n_resamples=} is below 1; 500 is usual")
    if groups is not None and len(members) == 1:
        raise ValueError(f"all {n_samples} samples are one group, so no other could have been drawn; pass groups=None")
    draws = np.random.default_rng(random_state).integers(len(members), size=(n_resamples, len(members)))
    return (np.concatenate([members[group] for group in draw]) for draw in draws)
