"""What the classifiers share: from one score per class to probabilities and a name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import get_tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples

__all__ = ["BaseSoftmaxClassifier", "Matrix", "log_softmax", "number_classes"]

Matrix = NDArray[np.floating[Any]]


class BaseSoftmaxClassifier(ClassifierMixin, BaseEstimator):
    r"""Turn the score :math:`a_c` of every class into :math:`p(c \mid x) = e^{a_c} / \sum_k e^{a_k}`.

    Subclasses learn ``classes_`` in ``fit`` and give the scores in ``_scores``, as logarithms up to a constant per row.
    """

    classes_: NDArray[Any]

    def _scores(self, X: Any) -> Matrix:
        """Score every class: (n_samples, n_features) -> (n_samples, n_classes)."""
        raise NotImplementedError(f"{type(self).__name__} needs a method _scores(X)")

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Name the most probable class of every sample: (n_samples, n_features) -> (n_samples,)."""
        scores = self._scores(self._samples(X))
        return self.classes_[scores.argmax(axis=1)]

    def predict_proba(self, X: ArrayLike) -> Matrix:
        """Probabilities in [0, 1], a column per class as in ``classes_``; every row sums to 1."""
        return np.exp(self.predict_log_proba(X))

    def predict_log_proba(self, X: ArrayLike) -> Matrix:
        """Natural logarithms of the probabilities; they tell apart what ``predict_proba`` rounds to 0."""
        return log_softmax(self._scores(self._samples(X)))

    def _samples(self, X: ArrayLike) -> Any:
        check_is_fitted(self)
        accept_sparse = "csr" if get_tags(self).input_tags.sparse else False
        return read_samples(self, X, dtype=np.float64, accept_sparse=accept_sparse, reset=False)


def log_softmax(scores: Matrix) -> Matrix:
    r"""Return :math:`a_c - \ln \sum_k e^{a_k}` per row; with the largest score taken out, no exponential overflows."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def number_classes(y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return the classes in order, and for every sample the place of its own among them.

    Raises
    ------
    ValueError
        If `y` holds numbers that are no classes, or a single class.
    """
    check_classification_targets(y)
    classes, place = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"all {len(y)} samples are of one class, {classes[0]!s}; a classifier needs at least two classes to tell "
            "apart (was the data sorted by class before it was split?)"
        )
    return classes, place
