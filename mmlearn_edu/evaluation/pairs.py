"""Is one predictor better than another, on the same samples? Paired: what is hard for both cancels out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import pair
from mmlearn_edu.evaluation._resampling import group_numbers, resamples

__all__ = ["paired_bootstrap", "paired_permutation_test"]

Score = Callable[[NDArray[Any], NDArray[Any]], float]


def paired_bootstrap(
    score: Score,
    y_true: ArrayLike,
    y_pred_a: ArrayLike,
    y_pred_b: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    n_resamples: int = 500,
    random_state: int | None = 0,
) -> tuple[float, float]:
    """Interval of how much better `a` scores than `b`, had other samples been drawn (percentile bootstrap [1]_).

    Both are scored on the same draw. Two intervals of their own may overlap where this one is clear of 0.

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred_a, y_pred_b : array-like of shape (n_samples,)
    groups : array-like of shape (n_samples,), default=None
        Whose sample it is, for instance a writer or a voice: groups are drawn whole, because their samples are alike
        and count for less than as many strangers. Each sample by itself if None.
    level : float in (0, 1), default=0.95
    n_resamples : int, default=500
    random_state : int or None, default=0

    Returns
    -------
    low, high : float
        Of ``score(a) - score(b)``, in the units of `score`.

    Raises
    ------
    ValueError
        If the lengths differ, all samples are one group, or `level` is out of range.

    References
    ----------
    .. [1] Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap, ch. 13.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, paired_bootstrap
    >>> y, a, b = [1] * 100, [1] * 90 + [0] * 10, [1] * 80 + [0] * 20  # b is wrong where a is, and on ten more
    >>> low, high = paired_bootstrap(accuracy, y, a, b)
    >>> 0.03 < low < 0.1 < high < 0.2
    True
    """
    if not 0 < level < 1:
        raise ValueError(f"{level=} not between 0 and 1; 0.95 is usual")
    y, a, b = _three(y_true, y_pred_a, y_pred_b)
    draws = resamples(groups, len(y), n_resamples, random_state)
    differences = [score(y[i], a[i]) - score(y[i], b[i]) for i in draws]
    low, high = np.quantile(differences, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def paired_permutation_test(
    score: Score,
    y_true: ArrayLike,
    y_pred_a: ArrayLike,
    y_pred_b: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_permutations: int = 999,
    random_state: int | None = 0,
) -> tuple[float, float]:
    r"""How much better `a` scores than `b`, and how often luck alone would make so large a difference.

    If the two were equally good, it would not matter who gave which answer. So for every sample a coin decides
    whether `a` and `b` swap their answers; of `n_permutations` such rounds, :math:`m` differ at least as much as
    the real answers do, in either direction, and [1]_

    .. math:: p = \frac{m + 1}{n_\mathrm{permutations} + 1}

    never 0, since the real answers are one of the rounds.

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred_a, y_pred_b : array-like of shape (n_samples,)
    groups : array-like of shape (n_samples,), default=None
        Whose sample it is, for instance a writer or a voice: one coin per group. Each sample by itself if None.
    n_permutations : int, default=999
    random_state : int or None, default=0

    Returns
    -------
    difference : float
        ``score(a) - score(b)``.
    p_value : float
        In (0, 1]; small if luck would hardly do that. It does not say how large the difference is: see
        `paired_bootstrap`.

    Raises
    ------
    ValueError
        If the lengths differ, one predicts texts and the other numbers, or `n_permutations` is below 1.

    References
    ----------
    .. [1] Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in
       Genetics and Molecular Biology 9(1), article 39.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, paired_permutation_test
    >>> y, a, b = [1] * 100, [1] * 90 + [0] * 10, [1] * 80 + [0] * 20
    >>> difference, p_value = paired_permutation_test(accuracy, y, a, b)  # ten coins must fall alike: 2 in 1024
    >>> round(difference, 3), p_value < 0.01
    (0.1, True)
    >>> paired_permutation_test(accuracy, y, a, a)
    (0.0, 1.0)
    """
    if n_permutations < 1:
        raise ValueError(f"{n_permutations=} is below 1; 999 is usual")
    y, a, b = _three(y_true, y_pred_a, y_pred_b)
    number = group_numbers(groups, len(y))
    random = np.random.default_rng(random_state)
    difference = score(y, a) - score(y, b)
    as_large = 1
    for _ in range(n_permutations):
        swap = random.integers(2, size=number.max() + 1)[number] == 1
        by_luck = score(y, np.where(swap, b, a)) - score(y, np.where(swap, a, b))
        as_large += abs(by_luck) >= abs(difference) - 1e-12  # equal but for rounding is equal
    return float(difference), as_large / (n_permutations + 1)


def _three(y_true: ArrayLike, y_pred_a: ArrayLike, y_pred_b: ArrayLike) -> tuple[NDArray[Any], ...]:
    y, a = pair(y_true, y_pred_a)
    b = pair(y, y_pred_b)[1]
    if "O" not in a.dtype.kind + b.dtype.kind and (a.dtype.kind == "U") != (b.dtype.kind == "U"):
        raise ValueError(f"one predicts texts and the other numbers, {a.tolist()[0]!r} and {b.tolist()[0]!r}; map one")
    return y, a, b
