"""Answers that chance has a hand in: scores over seeds, and maps that differ but keep neighbours."""

from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import as_numbers, describe, kind_problem, show
from mmlearn_edu.checks.exercise import Compare, Problem
from mmlearn_edu.checks.messages import say

__all__ = ["over_seeds", "same_neighbours"]


def over_seeds(fewest: int = 5, p_value: float = 1e-4, margin: float = 0.0) -> Compare:
    """One number per seed, whose mean could be the reference's: Welch's test [1]_ does not tell them apart.

    How many seeds is free, from `fewest` up; the same number for every seed is no draw at all, unless the reference
    is as steady. Values that scatter far wider than the reference's (F test of their variances) are refused: no test
    of means could refuse them. A reference that is the same for every seed leaves no spread to test by: then every
    value has to be the reference's, within `margin`.

    Parameters
    ----------
    fewest : int, default=5
    p_value : float, default=1e-4
        Below it the means differ: of right answers, one in ten thousand is refused.
    margin : float, default=0
        A difference of means that is fine whatever the test says.

    References
    ----------
    .. [1] Welch, B. L. (1947). The generalization of "Student's" problem when several different population variances
       are involved. Biometrika 34.
    """

    def compare(expected: Any, actual: Any) -> Problem | None:
        want, got = as_numbers(expected), as_numbers(actual)
        problem = _no_draws(expected, actual, got, fewest)
        if problem or want is None or got is None:
            return problem
        want, got = want.astype(float), got.astype(float)
        example = {"yours": show(got), "expected": show(want)}
        if np.ptp(want) <= 1e-9 * np.abs(want).max():
            return _unsteady(float(want.mean()), got, margin, example)
        if np.ptp(got) <= 1e-6 * np.ptp(want):
            return Problem("seedless", say("seedless", value=show(got[0])), example)
        if _p_of_no_wider(want, got) < p_value and got.std() > margin:
            words = say("spread", actual=f"{got.std():.4g}", expected=f"{want.std():.4g}")
            return Problem("spread", words, example)
        if abs(want.mean() - got.mean()) <= margin or _p_of_same_mean(want, got) >= p_value:
            return None
        return Problem("mean", say("mean", actual=f"{got.mean():.4g}", expected=f"{want.mean():.4g}"), example)

    return compare


def _no_draws(expected: Any, actual: Any, got: Any, fewest: int) -> Problem | None:
    """Say why an answer is not one finite number per seed."""
    if got is None or got.ndim != 1:
        words = say("type", actual=describe(actual), expected=describe(expected))
        return kind_problem(expected, actual) or Problem("type", words)
    if len(got) < fewest:
        return Problem("seeds", say("seeds", actual=len(got), fewest=fewest))
    return kind_problem(np.zeros(len(got)), got)


def _unsteady(value: float, got: Any, margin: float, example: Any) -> Problem | None:
    """Say how `got` differs from what is `value` for every seed."""
    near = margin + 1e-6 * abs(value)
    if np.abs(got - value).max() <= near:
        return None
    if abs(got.mean() - value) <= near:
        return Problem("spread", say("spread", actual=f"{got.std():.4g}", expected="0"), example)
    return Problem("mean", say("mean", actual=f"{got.mean():.4g}", expected=f"{value:.4g}"), example)


def _p_of_same_mean(want: Any, got: Any) -> float:
    from scipy.stats import ttest_ind  # heavy, and only few exercises need it

    return float(ttest_ind(want, got, equal_var=False).pvalue)


def _p_of_no_wider(want: Any, got: Any) -> float:
    """How likely so wide a spread is by chance."""
    from scipy.stats import f

    ratio = np.var(got, ddof=1) / np.var(want, ddof=1)
    return float(f.sf(ratio, len(got) - 1, len(want) - 1))


def same_neighbours(n_neighbors: int = 5, at_least: float = 0.5) -> Compare:
    """Rows that are neighbours in the expected matrix are neighbours in the answer, wherever the map puts them.

    Of the `n_neighbors` nearest of every row (Euclidean) in the expected matrix, the data or a map, a share of
    `at_least` has to be among as many nearest in the answer. Turns, scales and bends are free, also the number of
    columns. By chance the share is about ``n_neighbors / (n_samples - 1)``.
    """

    def compare(expected: Any, actual: Any) -> Problem | None:
        want, got = as_numbers(expected), as_numbers(actual)
        if want is None or got is None or got.ndim != 2 or len(got) != len(want):
            columns = got.shape[1] if got is not None and got.ndim == 2 else 2
            return kind_problem(np.zeros((len(expected), columns)), actual)
        strange = kind_problem(np.zeros(got.shape), got)
        if strange:
            return strange
        kept = _shared(_nearest(want, n_neighbors), _nearest(got, n_neighbors))
        if kept >= at_least:
            return None
        chance = n_neighbors / (len(want) - 1)
        words = say("neighbours", k=n_neighbors, actual=kept, expected=at_least, chance=chance)
        return Problem("neighbours", words)

    return compare


def _nearest(X: Any, k: int) -> Any:
    """Return the indices of the k nearest other rows: (n_samples, k)."""
    X = X / (np.abs(X).max(initial=0.0) or 1.0)  # neither a scale nor a shift may cost digits
    X = X - X.mean(axis=0, dtype=np.float64)
    X = X / (np.abs(X).max(initial=0.0) or 1.0)
    squares = (X**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * X @ X.T
    np.fill_diagonal(distances, np.inf)
    return np.argpartition(distances, k - 1, axis=1)[:, :k]


def _shared(want: Any, got: Any) -> float:
    return float(np.mean([len(np.intersect1d(a, b)) / len(a) for a, b in zip(want, got, strict=True)]))
