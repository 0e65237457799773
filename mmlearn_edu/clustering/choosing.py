"""How many groups: the number on which runs agree better than they would on data without any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.clustering._distances import Labels, Matrix, Vector
from mmlearn_edu.clustering.stability import stability

__all__ = ["StabilityResult", "choose_n_clusters"]

QUARTER = 0.25  # of the disagreement that the luckiest data set without groups has
NEARLY_ALL = 0.98  # agreement of groups that are there: hardly a sample changes sides


@dataclass(frozen=True)
class StabilityResult:
    """What `choose_n_clusters` found; every array has one entry per number of clusters tried.

    Parameters
    ----------
    tried : ndarray of int
    mean, spread : ndarray
        Mean and standard deviation of the agreement of two runs (adjusted Rand index, at most 1).
    reference, luckiest : ndarray
        Mean and highest agreement among the data sets without groups.
    chosen : int or None
        None if no number is clearly more stable than on data without groups.

    Examples
    --------
    >>> from mmlearn_edu.clustering import choose_n_clusters
    >>> result = choose_n_clusters([[x + gap] for gap in (0, 500, 900) for x in range(40)], [2, 3], n_references=6)
    >>> result.chosen, float(result.mean[1])
    (3, 1.0)
    """

    tried: Labels
    mean: Vector
    spread: Vector
    reference: Vector
    luckiest: Vector
    chosen: int | None


def choose_n_clusters(
    X: ArrayLike,
    n_clusters: Iterable[int] = range(2, 9),
    *,
    n_runs: int = 6,
    n_references: int = 20,
    random_state: int | None = 0,
) -> StabilityResult:
    r"""Choose the number of clusters that is more stable than on data without groups, if there is one.

    Stability alone misleads: few clusters are always more stable than many, and an elongated cloud is cut at the same
    place every time [2]_. So the same is measured on data without groups: half of them normal, with the covariance of
    `X`, half spread evenly over a box along its principal axes [3]_.

    A number is *clearly* more stable if runs agree almost perfectly, 0.98 or more on average, and disagree less than a
    quarter as much as on the luckiest of the data sets without groups. Of these, the largest is chosen: it says most.

    Groups that overlap are not clear in this sense, and two are the hardest to tell from none: most clouds are cut
    in two almost as stably. Nor is luck excluded: in a long, thin, evenly filled band, where every cut is stable,
    groups were found in 3 of 20 draws.

    Stable groups come back in new samples [1]_. Whether they mean anything is another question.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    n_clusters : iterable of int, default=range(2, 9)
        The numbers to try, each 2 or more.
    n_runs : int, default=6
        Runs per number and data set.
    n_references : int, default=20
        Data sets without groups. With fewer, luck is more often taken for groups.
    random_state : int or None, default=0

    Returns
    -------
    StabilityResult

    Raises
    ------
    ValueError
        If a number to try is below 2 or too large, or there are too few runs or references.

    References
    ----------
    .. [1] Lange, T. et al. (2004). Stability-based validation of clustering solutions. Neural Computation 16(6).
    .. [2] von Luxburg, U. (2010). Clustering stability: an overview. Found. Trends in Machine Learning 2(3), 235-274.
    .. [3] Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data set via the
       gap statistic. J. Royal Statistical Society B 63(2), 411-423.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.clustering import choose_n_clusters
    >>> noise = np.random.default_rng(0).normal(size=(90, 2))
    >>> print(choose_n_clusters(noise, range(2, 5), n_references=6).chosen)
    None
    >>> three_clouds = noise + np.repeat([[0, 0], [9, 0], [0, 9]], 30, axis=0)
    >>> choose_n_clusters(three_clouds, range(2, 5), n_references=6).chosen
    3
    """
    X, tried = as_matrix(X), np.unique(list(n_clusters))
    if len(tried) == 0 or tried[0] < 2:
        raise ValueError(f"n_clusters tries {tried.tolist()}, expected numbers from 2: one group is always stable")
    if n_references < 2:
        raise ValueError(f"n_references={n_references}, expected 2 or more, one of either kind")
    random = np.random.default_rng(random_state)
    found = np.array([stability(X, int(k), n_runs=n_runs, random_state=random) for k in tried])
    shapeless = [_without_groups(X, random, even=bool(i % 2)) for i in range(n_references)]
    luck = np.array([_means(R, tried, n_runs, random) for R in shapeless])
    mean, luckiest = found.mean(axis=1), luck.max(axis=0)
    clear = tried[(mean >= NEARLY_ALL) & (1 - mean < QUARTER * (1 - luckiest))]
    chosen = int(clear[-1]) if len(clear) else None
    return StabilityResult(tried, mean, found.std(axis=1), luck.mean(axis=0), luckiest, chosen)


def _means(X: Matrix, tried: Labels, n_runs: int, random: np.random.Generator) -> list[float]:
    return [float(stability(X, int(k), n_runs=n_runs, random_state=random).mean()) for k in tried]


def _without_groups(X: Matrix, random: np.random.Generator, *, even: bool) -> Matrix:
    """As many samples as `X`, of the same extent along each principal axis."""
    _, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    if not even:
        return random.normal(size=(len(X), len(s))) * (s / np.sqrt(max(len(X) - 1, 1))) @ Vt
    scores = (X - X.mean(axis=0)) @ Vt.T
    return random.uniform(scores.min(axis=0), scores.max(axis=0), size=(len(X), len(s))) @ Vt
