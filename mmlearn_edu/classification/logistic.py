"""Logistic regression for two and more classes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import Tags

from mmlearn_edu._samples import read_samples
from mmlearn_edu.classification.base import BaseSoftmaxClassifier, Matrix, log_softmax, number_classes

__all__ = ["LogisticRegression"]


class LogisticRegression(BaseSoftmaxClassifier):
    r"""Score every class by a weighted sum of the features, and learn the weights from the probabilities they give.

    With the scores :math:`a_c = w_c^\top x + b_c` and :math:`p(c \mid x) = e^{a_c} / \sum_k e^{a_k}` (softmax), the
    weights minimise how surprising the true classes :math:`y_i` are, plus a penalty on large weights [1]_:

    .. math:: \frac{1}{n} \sum_i -\ln p(y_i \mid x_i) + \frac{1}{2 C n} \sum_c \lVert w_c \rVert^2.

    There is one minimum; L-BFGS [2]_ walks down the gradient to it,
    :math:`\nabla_{w_c} = \frac{1}{n} \sum_i (p(c \mid x_i) - [y_i = c])\, x_i + \frac{1}{C n} w_c`. Two classes share
    one weight vector, :math:`a = (0, w^\top x + b)`. Scale the features first: the penalty treats all alike.

    Parameters
    ----------
    C : float, default=1.0
        Above 0. The smaller, the stronger the penalty and the milder the probabilities.
    max_iter : int, default=1000
        Steps, at least 1.
    tol : float, default=1e-6
        Stop when no entry of the gradient is larger. Above 0. 1e-6 leaves about three digits of a probability exact
        (on handwritten digits), 1e-8 about five.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), in order
    coef_ : ndarray of shape (n_classes, n_features), or (1, n_features) for two classes
        Weights, in 1 / units of `X`.
    intercept_ : ndarray of shape (n_classes,) or (1,)
        Not penalised.
    n_iter_ : int
        Steps taken.

    References
    ----------
    .. [1] Bishop, C. M. (2006). Pattern Recognition and Machine Learning, ch. 4.3.
    .. [2] Liu, D. C. & Nocedal, J. (1989). On the limited memory BFGS method for large scale optimization.
       Mathematical Programming 45, 503-528.

    Examples
    --------
    >>> from mmlearn_edu.classification import LogisticRegression
    >>> model = LogisticRegression().fit([[-2.0], [-1.0], [1.0], [2.0]], ["left", "left", "right", "right"])
    >>> model.predict([[-3.0], [0.5]])
    array(['left', 'right'], dtype='<U5')
    >>> model.predict_proba([[0.0]]).round(3)
    array([[0.5, 0.5]])
    """

    def __init__(self, C: float = 1.0, *, max_iter: int = 1000, tol: float = 1e-6) -> None:
        self.C = C
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: ArrayLike, y: ArrayLike) -> LogisticRegression:
        """Learn the weights from `X`, dense or sparse, (n_samples, n_features) and the classes `y` (n_samples,).

        Warns
        -----
        ConvergenceWarning
            If `max_iter` steps were not enough.

        Raises
        ------
        ValueError
            If `X` has a NaN, `y` has a single class, or a parameter is out of range.
        """
        for name in ("C", "max_iter", "tol"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name}={getattr(self, name)}, expected a finite number above 0")
        X, y = read_samples(self, X, y=y, dtype=np.float64, accept_sparse="csr")
        self.classes_, place = number_classes(y)
        Y = np.eye(len(self.classes_))[place]  # one row per sample: 1 for its class, 0 for the others
        n_rows = len(self.classes_) if len(self.classes_) > 2 else 1
        found = minimize(
            penalised_loss,
            np.zeros(n_rows * (X.shape[1] + 1)),
            args=(X, Y, self.C),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iter, "maxfun": 20 * self.max_iter, "gtol": self.tol, "ftol": 1e-15},
        )
        W = found.x.reshape(n_rows, -1)
        self.coef_, self.intercept_, self.n_iter_ = W[:, :-1], W[:, -1], found.nit
        if not found.success:
            warnings.warn(_not_there(self.max_iter, found, self.tol), ConvergenceWarning, stacklevel=2)
        return self

    def decision_function(self, X: ArrayLike) -> Matrix:
        """Score before the softmax: (n_samples, n_classes).

        For two classes (n_samples,): above 0 for the second.
        """
        scores = self._scores(self._samples(X))
        return scores[:, 1] if len(self.classes_) == 2 else scores

    def _scores(self, X: Any) -> Matrix:
        return _class_scores(X, self.coef_, self.intercept_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def penalised_loss(
    weights: NDArray[np.float64], X: Any, Y: NDArray[np.float64], C: float
) -> tuple[float, NDArray[np.float64]]:
    """Return the objective and its gradient; `weights` holds the rows (w_c, b_c) one after the other."""
    n_samples = X.shape[0]
    W = weights.reshape(-1, X.shape[1] + 1)
    W, b = W[:, :-1], W[:, -1]
    log_p = log_softmax(_class_scores(X, W, b))
    loss = -(Y * log_p).sum() / n_samples + (W**2).sum() / (2 * C * n_samples)
    error = (np.exp(log_p) - Y)[:, -len(W) :]  # two classes: the first has no weights to move
    slope = (error.T @ X + W / C) / n_samples
    return loss, np.column_stack([slope, error.mean(axis=0)]).ravel()


def _class_scores(X: Any, W: Matrix, b: Matrix) -> Matrix:
    scores = X @ W.T + b
    return scores if len(W) > 1 else np.column_stack([np.zeros(len(scores)), scores])


def _not_there(max_iter: int, found: Any, tol: float) -> str:
    steepest = np.abs(found.jac).max()
    return (
        f"stopped after {found.nit} steps (max_iter={max_iter}) with a gradient of {steepest:.1e}, not {tol:.1e}; "
        "scale the features first, e.g. with StandardScaler, or raise max_iter"
    )
