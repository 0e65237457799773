"""What chance would score, and how far luck moves a score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import labels, pair
from mmlearn_edu.evaluation._resampling import resamples
from mmlearn_edu.modalities import Modalities, as_modalities

__all__ = ["bootstrap_interval", "chance_level", "chance_scores", "shuffled_modality_scores"]

Score = Callable[[NDArray[Any], NDArray[Any]], float]


def chance_level(y: ArrayLike) -> float:
    """Accuracy of whoever always answers the most frequent class, without looking: in (0, 1].

    Parameters
    ----------
    y : array-like of shape (n_samples,)

    Returns
    -------
    float
        The share of the most frequent class.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import chance_level
    >>> chance_level(["cat", "dog", "cat", "cat"])
    0.75
    """
    y = labels(y, "y")
    return float(np.unique(y, return_counts=True)[1].max() / len(y))


def chance_scores(
    score: Score, y_true: ArrayLike, y_pred: ArrayLike, *, n_permutations: int = 200, random_state: int | None = 0
) -> NDArray[np.float64]:
    """Score the same predictions handed to the wrong samples: what chance gives, sorted, of shape (n_permutations,).

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred : array-like of shape (n_samples,)
    n_permutations : int, default=200
    random_state : int or None, default=0

    Returns
    -------
    ndarray of shape (n_permutations,)
        In the units of `score`, smallest first.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, chance_scores
    >>> y = [0, 1] * 50
    >>> float(abs(chance_scores(accuracy, y, y).mean() - 0.5)) < 0.02
    True
    """
    y_true, y_pred = pair(y_true, y_pred)
    random = np.random.default_rng(random_state)
    return np.sort([score(y_true, random.permutation(y_pred)) for _ in range(n_permutations)])


def shuffled_modality_scores(
    score: Callable[[Modalities], float],
    X: Modalities | Mapping[str, Any],
    modality: str,
    *,
    n_shuffles: int = 20,
    random_state: int | None = 0,
) -> NDArray[np.float64]:
    """Score again with the rows of one modality handed to the wrong samples: what is left is owed to the others [1]_.

    If the score does not change, nothing looked at that modality, or it did not help. The modality keeps its values,
    only the pairing is lost; its mask of missing rows moves along.

    Parameters
    ----------
    score : callable
        ``score(X) -> float`` for Modalities; it holds the fitted model, and `y` where it needs one.
    X : Modalities or mapping of str to array-like
        At least two samples.
    modality : str
        Whose rows are shuffled.
    n_shuffles : int, default=20
    random_state : int or None, default=0

    Returns
    -------
    ndarray of shape (n_shuffles,)
        In the units of `score`, smallest first; compare with ``score(X)``.

    Raises
    ------
    ValueError
        If there is a single sample, or `n_shuffles` is below 1.
    KeyError
        If `X` has no such modality.

    References
    ----------
    .. [1] Breiman, L. (2001). Random forests. Machine Learning 45, section 10.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.evaluation import recall_at_k, shuffled_modality_scores
    >>> from mmlearn_edu.similarity import cosine_similarity
    >>> X = {"image": np.eye(50), "text": np.eye(50)}
    >>> def found(X):
    ...     return recall_at_k(cosine_similarity(X["image"], X["text"]), k=1)
    >>> found(X), bool(shuffled_modality_scores(found, X, "text").max() < 0.2)
    (1.0, True)
    """
    X = as_modalities(X)
    rows = X[modality]
    if len(X) < 2 or n_shuffles < 1:
        raise ValueError(f"{len(X)} sample(s) and {n_shuffles=}; give two samples or more, and one shuffle or more")
    random = np.random.default_rng(random_state)
    scores = []
    for order in (random.permutation(len(X)) for _ in range(n_shuffles)):
        missing = {name: mask[order] if name == modality else mask for name, mask in X.missing.items()}
        scores.append(score(Modalities({**dict(X.items()), modality: rows[order]}, missing)))
    return np.sort(scores)


def bootstrap_interval(
    score: Score,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    n_resamples: int = 500,
    random_state: int | None = 0,
) -> tuple[float, float]:
    """Interval in which the score would fall, had other samples been drawn (percentile bootstrap).

    It covers the luck of drawing these samples, not that of training once more.

    Parameters
    ----------
    score : callable
        ``score(y_true, y_pred) -> float``.
    y_true, y_pred : array-like of shape (n_samples,)
    groups : array-like of shape (n_samples,), default=None
        Whose sample it is, for instance a writer or a voice: groups are drawn whole. Each sample by itself if None.
    level : float in (0, 1), default=0.95
    n_resamples : int, default=500
    random_state : int or None, default=0

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, bootstrap_interval
    >>> low, high = bootstrap_interval(accuracy, [1] * 100, [1] * 80 + [0] * 20)
    >>> 0.7 < low < 0.8 < high < 0.9
    True
    """
    if not 0 < level < 1:
        raise ValueError(f"{level=} not between 0 and 1; 0.95 is usual")
    y_true, y_pred = pair(y_true, y_pred)
    draws = resamples(groups, len(y_true), n_resamples, random_state)
    low, high = np.quantile([score(y_true[i], y_pred[i]) for i in draws], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
