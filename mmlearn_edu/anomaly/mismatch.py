"""Anomalies between modalities: each half looks normal, but they do not belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.preprocessing import normalize
from sklearn.utils import Tags
from sklearn.utils.validation import check_array

from mmlearn_edu.anomaly.base import FLOATS, BaseDetector, Matrix
from mmlearn_edu.modalities import Modalities, as_modalities
from mmlearn_edu.representations import CCA, LeastSquaresMap

__all__ = ["CrossModalMismatch"]


class CrossModalMismatch(BaseDetector):
    r"""Predict one modality from another, and call anomalous what does not fit its prediction.

    A caption that belongs to another picture is a perfectly good caption: no detector that looks at one modality
    can find it. Here the `source` x predicts the `target` y, :math:`\hat y = f(x)`, and the score is what is left [1]_:
    the squared residual :math:`\lVert y - \hat y \rVert^2`, or the angle
    :math:`1 - \cos(y - \bar y, \hat y - \bar y)`, which forgives predictions that are too timid.

    Parameters
    ----------
    source, target : str
        Names of the two modalities, a matrix each, dense or sparse. The direction matters: a caption follows from its
        picture, but most of a picture (its ground, its noise) does not follow from the caption, and that part drowns
        the residual.
    model : estimator, default=None
        A copy learns to carry source over to target, by ``transform`` or ``predict``. None is `LeastSquaresMap`. With
        `CCA` both are carried into the shared space and compared there.
    measure : {"residual", "cosine"}, default="residual"
    contamination : float, default=0.05
        Share of the training samples above the threshold, in (0, 0.5].

    Attributes
    ----------
    model_ : fitted estimator
    target_mean_ : ndarray of shape (n_targets,)
        Of the training samples; zeros in the shared space of a CCA.
    threshold_ : float
        In squared units of the target ("residual"), or unitless ("cosine"). A model with many weights fits its
        training samples too well: choose a threshold on validation samples, with `alarm_threshold`.

    Notes
    -----
    A sample that lacks one of the two cannot be judged: it is left out in ``fit``, its score is NaN, and ``predict``
    raises no alarm.

    References
    ----------
    .. [1] Chandola, V., Banerjee, A. & Kumar, V. (2009). Anomaly detection: a survey. ACM Computing Surveys 41(3),
       sections 2.2.2 and 4 (contextual anomalies: regression on the context).

    Examples
    --------
    >>> from mmlearn_edu.anomaly import CrossModalMismatch
    >>> X = {"size": [[1.0], [2.0], [3.0], [4.0]], "loudness": [[10.0], [20.0], [30.0], [40.0]]}
    >>> detector = CrossModalMismatch("size", "loudness").fit(X)
    >>> swapped = {"size": [[1.0], [4.0], [2.0]], "loudness": [[40.0], [10.0], [20.0]]}
    >>> detector.anomaly_score(swapped).round(3)
    array([900., 900.,   0.])
    """

    def __init__(
        self,
        source: str,
        target: str,
        *,
        model: BaseEstimator | None = None,
        measure: str = "residual",
        contamination: float = 0.05,
    ) -> None:
        self.source = source
        self.target = target
        self.model = model
        self.measure = measure
        self.contamination = contamination

    def _samples(self, X: Modalities | Mapping[str, Any], *, reset: bool) -> Modalities:
        X = as_modalities(X)
        absent = [name for name in (self.source, self.target) if name not in X]
        if absent:
            raise ValueError(f"no modality {absent[0]!r} in X; there is {', '.join(X.names)}")
        return X

    def _learn(self, X: Modalities) -> None:
        if self.source == self.target:
            raise ValueError(f"source and target are both {self.source!r}; a mismatch needs two modalities")
        if self.measure not in ("residual", "cosine"):
            raise ValueError(f'measure={self.measure!r}, expected "residual" or "cosine"')
        A, B = self._pair(X, fewest=2)
        model = clone(LeastSquaresMap() if self.model is None else self.model)
        self._shared = isinstance(model, CCA)
        self.model_ = model.fit({self.source: A, self.target: B}) if self._shared else model.fit(A, B)
        self.target_mean_ = self._compared(A, B)[1].mean(axis=0)

    def _score(self, X: Modalities) -> Matrix:
        scores = np.full(len(X), np.nan)
        both = self._both(X)
        if both.any():
            scores[both] = self._mismatch(*self._compared(*self._pair(X)))
        return scores

    def _mismatch(self, predicted: Matrix, actual: Matrix) -> Matrix:
        if self.measure == "residual":
            return ((predicted - actual) ** 2).sum(axis=1)
        return 1 - (normalize(predicted - self.target_mean_) * normalize(actual - self.target_mean_)).sum(axis=1)

    def _compared(self, A: Matrix, B: Matrix) -> tuple[Matrix, Matrix]:
        """Bring both to one space: (n_samples, n_targets) each."""
        if self._shared:
            shared = self.model_.transform({self.source: A, self.target: B})
            return shared[self.source], shared[self.target]
        carry = self.model_.transform if hasattr(self.model_, "transform") else self.model_.predict
        predicted = carry(A).reshape(len(A), -1)
        if predicted.shape != B.shape:
            raise ValueError(
                f"the model makes {predicted.shape[1]} columns of {self.source}, but {self.target} has {B.shape[1]}; "
                "pass what fit was given, and a model that learns from pairs, e.g. LeastSquaresMap()"
            )
        return predicted, B

    def _both(self, X: Modalities) -> Any:
        return X.present(self.source) & X.present(self.target)

    def _pair(self, X: Modalities, fewest: int = 1) -> tuple[Matrix, Matrix]:
        """Return the rows of source and target that have both."""
        both = self._both(X)
        A, B = (_matrix(X[name], both, name, fewest) for name in (self.source, self.target))
        return A, B

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # the input is Modalities
        tags.no_validation = True
        return tags


def _matrix(a: Any, both: Any, name: str, fewest: int) -> Matrix:
    if a.ndim != 2:
        raise ValueError(
            f"CrossModalMismatch needs a matrix of shape (n_samples, n_features) per modality, got {name} of shape "
            f"{a.shape}; make features of it first, e.g. with PerModality"
        )
    rows = a[both].toarray() if hasattr(a, "toarray") else a[both]
    return check_array(rows, dtype=FLOATS, input_name=name, ensure_min_samples=fewest)
