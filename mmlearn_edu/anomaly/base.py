"""What the detectors share: one score per sample, higher is more anomalous, and a threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu._samples import read_samples

__all__ = ["FLOATS", "BaseDetector", "Matrix"]

FLOATS = [np.float64, np.float32]
Matrix = NDArray[np.floating[Any]]


class BaseDetector(OutlierMixin, BaseEstimator):
    """Raise the alarm where the score is above ``threshold_``; subclasses learn in ``_learn`` and score in ``_score``.

    ``contamination`` sets the threshold on the training samples. Better choose one on validation samples, with
    `alarm_threshold`, and compare with ``anomaly_score``: training samples look more normal than new ones.
    """

    contamination: float
    threshold_: float
    offset_: float

    def fit(self, X: Any, y: Any = None) -> Any:
        """Learn what is normal from `X`, by its ``anomaly_score`` set ``threshold_``; `y` is ignored.

        Raises
        ------
        ValueError
            If `contamination` is out of range, or `X` is too small or has a NaN.
        """
        if not 0 < self.contamination <= 0.5:
            raise ValueError(
                f"contamination={self.contamination} not in (0, 0.5]; it is the share of training samples to suspect"
            )
        X = self._samples(X, reset=True)
        self._learn(X)
        scores = self._score(X)
        self.threshold_ = float(np.quantile(scores[~np.isnan(scores)], 1 - self.contamination))
        self.offset_ = -self.threshold_  # scikit-learn's name for it, on the scale of its score_samples
        return self

    def anomaly_score(self, X: Any) -> Matrix:
        """Score every sample, (n_samples,): higher is more anomalous."""
        check_is_fitted(self)
        return self._score(self._samples(X, reset=False))

    def score_samples(self, X: Any) -> Matrix:
        """Minus ``anomaly_score``, as scikit-learn has it: lower is more anomalous."""
        return -self.anomaly_score(X)

    def decision_function(self, X: Any) -> Matrix:
        """Distance to the alarm, ``threshold_ - anomaly_score``: below 0 is anomalous, as scikit-learn has it."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> NDArray[np.int64]:
        """-1 for samples whose score is above ``threshold_`` (anomalous), 1 for the others: (n_samples,)."""
        return np.where(self.anomaly_score(X) > self.threshold_, -1, 1)

    def _samples(self, X: Any, *, reset: bool) -> Any:
        return read_samples(self, X, dtype=FLOATS, reset=reset, ensure_min_samples=2 if reset else 1)

    def _learn(self, X: Any) -> None:
        raise NotImplementedError(f"{type(self).__name__} needs a method _learn(X)")

    def _score(self, X: Any) -> Matrix:
        raise NotImplementedError(f"{type(self).__name__} needs a method _score(X)")
