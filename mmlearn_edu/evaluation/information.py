"""Information that two groupings share, plain and corrected for chance."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from mmlearn_edu.evaluation.clusters import contingency_matrix

__all__ = ["adjusted_mutual_information", "normalized_mutual_information"]


def adjusted_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    r"""Information the two groupings share, corrected for chance [1]_: 1 for the same groups, about 0 for random ones.

    From the mutual information :math:`I` and the entropies :math:`H` of the two groupings,

    .. math:: \mathrm{AMI} = \frac{I - \mathrm{E}[I]}{\frac12 (H_\mathrm{true} + H_\mathrm{pred}) - \mathrm{E}[I]}

    where the expectation is over all ways to deal out the samples to groups of these sizes, computed exactly.
    Without it, `normalized_mutual_information` rewards many small clusters.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        At most 1; below 0 where they share less than chance. 0 if exactly one of the two is a single group, 1 if
        both are.

    References
    ----------
    .. [1] Vinh, N. X., Epps, J. and Bailey, J. (2010). Information theoretic measures for clusterings comparison:
       variants, properties, normalization and correction for chance. Journal of Machine Learning Research 11.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import adjusted_mutual_information, normalized_mutual_information
    >>> adjusted_mutual_information([0, 0, 1, 1], [7, 7, 3, 3])
    1.0
    >>> alone = range(4)  # every sample a cluster: it tells nothing about the classes
    >>> normalized_mutual_information([0, 0, 1, 1], alone).__round__(2)
    0.67
    >>> abs(adjusted_mutual_information([0, 0, 1, 1], alone)) < 1e-9
    True
    """
    counts = contingency_matrix(labels_true, labels_pred)
    in_true, in_pred = counts.sum(axis=1), counts.sum(axis=0)
    if len(in_true) == 1 or len(in_pred) == 1:
        return float(len(in_true) == len(in_pred))
    if len(in_true) == len(in_pred) == len(counts.nonzero()[0]):
        return 1.0  # the same groups, by other names: also where chance would find them too
    information, entropy = _information(counts)
    expected = _expected_information(in_true, in_pred)
    return float((information - expected) / (entropy - expected))


def normalized_mutual_information(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Information the two groupings share, over the mean of their entropies: in [0, 1].

    Not corrected for chance: many small clusters score above 0 by accident.

    Parameters
    ----------
    labels_true, labels_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        1 also where both put all samples into one group.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import normalized_mutual_information
    >>> normalized_mutual_information([0, 0, 1, 1], [7, 7, 3, 3])
    1.0
    >>> normalized_mutual_information([0, 0, 1, 1], [0, 1, 0, 1])
    0.0
    """
    information, entropy = _information(contingency_matrix(labels_true, labels_pred))
    return float(np.clip(information / entropy, 0, 1)) if entropy > 0 else 1.0


def _information(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Mutual information of the two groupings, and the mean of their entropies."""
    joint = counts / counts.sum()
    h_true, h_pred = _entropy(joint.sum(axis=1)), _entropy(joint.sum(axis=0))
    return h_true + h_pred - _entropy(joint), (h_true + h_pred) / 2


def _expected_information(in_true: NDArray[np.int64], in_pred: NDArray[np.int64]) -> float:
    r"""Mean of the mutual information over all groupings with these sizes (Vinh et al., equation 24a).

    A class of a samples and a cluster of b share n of N samples with the hypergeometric probability
    :math:`\binom{a}{n} \binom{N - a}{b - n} / \binom{N}{b}`, and then add :math:`\frac{n}{N} \log \frac{N n}{a b}`.
    """
    N = int(in_true.sum())
    log_factorial = gammaln(np.arange(N + 1) + 1.0)

    def log_choose(whole: Any, part: Any) -> Any:
        return log_factorial[whole] - log_factorial[part] - log_factorial[whole - part]

    expected = 0.0
    # groups of the same size expect the same: each pair of sizes is computed once
    sizes = (zip(*np.unique(each, return_counts=True), strict=True) for each in (in_true, in_pred))
    for (a, many_a), (b, many_b) in product(*sizes):
        n = np.arange(max(1, a + b - N), min(a, b) + 1)
        probability = np.exp(log_choose(a, n) + log_choose(N - a, b - n) - log_choose(N, b))
        expected += many_a * many_b * float((probability * n / N * np.log(N * n / (a * b))).sum())
    return expected


def _entropy(shares: NDArray[np.floating[Any]]) -> float:
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
