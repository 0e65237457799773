"""Fuse by stacking: a last model learns how far to trust the model of each modality."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.model_selection import BaseCrossValidator, check_cv, cross_val_predict
from sklearn.utils import Tags
from sklearn.utils.validation import check_consistent_length

from mmlearn_edu.fusion.base import BaseFusion, Matrices, Presence

__all__ = ["StackingFusion"]

Matrix = NDArray[np.floating[Any]]


class StackingFusion(BaseFusion):
    """Let one model per modality give its opinion, and a final model weigh the opinions [1]_.

    An opinion is what ``predict_proba`` returns, or ``predict`` if there is none. ``transform`` returns the opinion of
    the final model: probabilities of shape (n_samples, n_classes), or predictions of shape (n_samples, n_targets).

    The final model learns from opinions on samples that the models had not seen (out of fold): a model that has learnt
    its training samples by heart would otherwise look infallible. Then every modality's model is fitted once more on
    all samples. A sample that lacks a modality gets that modality's mean opinion.

    Parameters
    ----------
    estimator : estimator
        A copy is fitted to each modality.
    final_estimator : estimator
        Fitted to the opinions side by side.
    cv : int, splitter, or iterable of (train, validation) rows, default=5
        Every sample must be in the validation rows of exactly one split. Where samples belong together (one writer,
        one voice), pass the splits of ``GroupKFold`` over these rows.

    Attributes
    ----------
    estimators_ : dict of str to fitted estimator
    opinions_ : dict of str to ndarray of shape (n_samples, n_opinions_m)
        What the final model learnt from: out-of-fold probabilities, or predictions in the units of `y`.
    mean_opinions_ : dict of str to ndarray of shape (n_opinions_m,)
    final_estimator_ : fitted estimator
        Of a classifier, ``final_estimator_.classes_`` names the columns that ``transform`` returns.
    n_features_per_modality_ : dict of str to int

    References
    ----------
    .. [1] Wolpert, D. H. (1992). Stacked generalization. Neural Networks 5(2).

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> from mmlearn_edu.fusion import StackingFusion
    >>> X = {"image": [[0.0], [1.0], [2.0], [3.0], [4.0]], "noise": [[1.0], [0.0], [0.0], [2.0], [1.0]]}
    >>> fusion = StackingFusion(LinearRegression(), LinearRegression()).fit(X, y=[0.0, 2.0, 4.0, 6.0, 8.0])
    >>> fusion.final_estimator_.coef_.round(6) + 0.0  # trust in image, in noise
    array([1., 0.])
    >>> fusion.transform({"image": [[5.0]], "noise": [[2.0]]}).round(6)
    array([[10.]])
    """

    def __init__(
        self,
        estimator: BaseEstimator,
        final_estimator: BaseEstimator,
        cv: int | BaseCrossValidator | Iterable[Any] = 5,
    ) -> None:
        self.estimator = estimator
        self.final_estimator = final_estimator
        self.cv = cv

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        y = np.asarray(y)
        check_consistent_length(y, *present.values())
        splits = list(check_cv(self.cv, y, classifier=is_classifier(self.estimator)).split(np.zeros(len(y)), y))
        _check_partition(splits, len(y))
        # 1 opinions on samples not seen
        unseen = {name: _out_of_fold(self.estimator, a, y, present[name], splits) for name, a in matrices.items()}
        self.mean_opinions_ = {name: opinion.mean(axis=0) for name, opinion in unseen.items()}
        self.opinions_ = {name: self._filled(name, opinion, present[name]) for name, opinion in unseen.items()}
        # 2 how far to trust each
        self.final_estimator_ = clone(self.final_estimator).fit(np.hstack(list(self.opinions_.values())), y)
        # 3 the models themselves, now on all samples
        self.estimators_ = {
            name: clone(self.estimator).fit(a[present[name]], y[present[name]]) for name, a in matrices.items()
        }

    def _fuse(self, matrices: Matrices, present: Presence) -> Matrix:
        opinions = [
            self._filled(name, _opinion(self.estimators_[name], a)[present[name]], present[name])
            for name, a in matrices.items()
        ]
        return _opinion(self.final_estimator_, np.hstack(opinions)).astype(np.result_type(*matrices.values()))

    def _filled(self, name: str, opinion: Matrix, present: NDArray[np.bool_]) -> Matrix:
        """Give the samples without the modality its mean opinion: (n_present, k) -> (n_samples, k)."""
        filled = np.tile(self.mean_opinions_[name], (len(present), 1))
        filled[present] = opinion
        return filled

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def _check_partition(splits: list[Any], n_samples: int) -> None:
    times = np.bincount(np.concatenate([np.arange(n_samples)[val] for _, val in splits]), minlength=n_samples)
    if (times != 1).any():
        row = int((times != 1).argmax())
        raise ValueError(
            f"sample {row} is in the validation rows of {times[row]} splits, expected exactly 1; "
            "use KFold, StratifiedKFold or GroupKFold"
        )


def _out_of_fold(estimator: Any, a: Matrix, y: NDArray[Any], present: NDArray[np.bool_], splits: list[Any]) -> Matrix:
    """Opinions on the present samples, in their order, each by a model that has not seen the sample."""
    # the splits count all rows, but the absent ones are left out: `place` is a present sample's row among those left
    place = np.cumsum(present) - 1
    kept = [(place[train[present[train]]], place[val[present[val]]]) for train, val in splits if present[val].any()]
    method = "predict_proba" if hasattr(estimator, "predict_proba") else "predict"
    opinion = cross_val_predict(estimator, a[present], y[present], cv=kept, method=method)
    return opinion.reshape(len(opinion), -1)


def _opinion(model: Any, a: Matrix) -> Matrix:
    opinion = model.predict_proba(a) if hasattr(model, "predict_proba") else model.predict(a)
    return opinion.reshape(len(a), -1)
