"""Fuse by a weighted average whose weights are chosen on validation."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, is_classifier
from sklearn.model_selection import BaseCrossValidator, check_cv, cross_val_score
from sklearn.utils import Tags

from mmlearn_edu.fusion.average import check_one_width, weighted_mean
from mmlearn_edu.fusion.base import BaseFusion, Matrices, Presence

__all__ = ["WeightedFusion", "simplex_grid"]


class WeightedFusion(BaseFusion):
    r"""Average the modalities, :math:`\sum_m w_m X_m`, with the weights that serve an estimator best.

    The choice is a plain search:

    1. Candidates are all weights that are multiples of ``1 / n_steps``, 0 or more, with sum 1 (`simplex_grid`).
       One that would leave a training sample without any modality is dropped.
    2. The score of a candidate is the mean validation score of `estimator` on that average, over the same
       splits for all.
    3. The highest score wins (to 12 decimals). Among equals the one nearest to equal weights wins, then the
       first in the grid.

    The winning score flatters, because it was chosen for being high: judge the weights on samples that ``fit``
    never saw. Where a sample lacks a modality the weights of the others grow in proportion.

    Parameters
    ----------
    estimator : estimator with ``fit``, ``predict`` and ``score``
        Copies of it are scored; give it a `random_state` if it draws.
    n_steps : int, default=10
        Steps along each side of the triangle of weights: 66 candidates for three modalities, 286 for four.
    cv : int, splitter, or iterable of (train, validation) rows, default=5
        As in ``cross_val_score``. Where samples belong together (one writer, one voice), pass the splits of
        ``GroupKFold`` over these rows.

    Attributes
    ----------
    weights_ : dict of str to float, summing to 1
    candidates_ : ndarray of shape (n_candidates, n_modalities)
    scores_ : ndarray of shape (n_candidates,), in the units of ``estimator.score``
    n_features_per_modality_ : dict of str to int

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from mmlearn_edu.fusion import WeightedFusion
    >>> X = {"image": [[0.0], [9.0], [1.0], [8.0]], "noise": [[90.0], [0.0], [0.0], [90.0]]}
    >>> fusion = WeightedFusion(LogisticRegression(), n_steps=2, cv=2).fit(X, [0, 1, 0, 1])
    >>> fusion.weights_
    {'image': 1.0, 'noise': 0.0}
    """

    def __init__(
        self,
        estimator: BaseEstimator,
        n_steps: int = 10,
        cv: int | BaseCrossValidator | Iterable[Any] = 5,
    ) -> None:
        self.estimator = estimator
        self.n_steps = n_steps
        self.cv = cv

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        check_one_width(self.n_features_per_modality_)
        # 1 the weights that leave every sample with something
        grid = simplex_grid(len(matrices), self.n_steps)
        covers = (grid @ np.stack([present[name] for name in matrices]) > 0).all(axis=1)
        if not covers.any():
            raise ValueError(
                f"with n_steps={self.n_steps} all weights leave some sample without a modality; "
                f"take n_steps={len(matrices)} or more, and drop the samples that have none"
            )
        self.candidates_ = grid[covers]
        # 2 what each is worth, on the same splits
        rows = np.arange(len(next(iter(matrices.values()))))
        splits = list(check_cv(self.cv, y, classifier=is_classifier(self.estimator)).split(rows, y))
        averages = (weighted_mean(matrices, present, dict(zip(matrices, w, strict=True))) for w in self.candidates_)
        self.scores_ = np.array(
            [cross_val_score(self.estimator, Z, y, cv=splits, error_score="raise").mean() for Z in averages]
        )
        # 3 the best, and among equals the most even
        best = self.candidates_[_first_choice(self.candidates_, self.scores_)]
        self.weights_ = dict(zip(matrices, best.tolist(), strict=True))

    def _fuse(self, matrices: Matrices, present: Presence) -> NDArray[np.floating[Any]]:
        return weighted_mean(matrices, present, self.weights_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def simplex_grid(n_modalities: int, n_steps: int) -> NDArray[np.float64]:
    """List all weights that are multiples of ``1 / n_steps``, 0 or more, and sum to 1.

    Stars and bars: put ``n_modalities - 1`` bars among `n_steps` stars; a weight is the share of the stars
    between two bars.

    Parameters
    ----------
    n_modalities, n_steps : int
        1 or more.

    Returns
    -------
    ndarray of shape (comb(n_steps + n_modalities - 1, n_modalities - 1), n_modalities)
        The first modality's weight falls from 1 to 0.

    Raises
    ------
    ValueError
        If a number is below 1.

    Examples
    --------
    >>> from mmlearn_edu.fusion import simplex_grid
    >>> simplex_grid(2, 2)
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 1. ]])
    """
    if n_modalities < 1 or n_steps < 1:
        raise ValueError(f"{n_modalities=} and {n_steps=} must be 1 or more")
    places = n_steps + n_modalities - 1
    bars = np.array([(-1, *inner, places) for inner in combinations(range(places), n_modalities - 1)])
    return (np.diff(bars, axis=1) - 1)[::-1] / n_steps


def _first_choice(candidates: NDArray[np.float64], scores: NDArray[np.float64]) -> int:
    if not np.isfinite(scores).all():
        raise ValueError(
            "the estimator's score is NaN or infinite for some weights; use fewer splits (cv), or another estimator"
        )
    uneven = (candidates**2).sum(axis=1)  # weights sum to 1, and their squares to least where all are equal
    return int(np.lexsort((uneven.round(12), -scores.round(12)))[0])
