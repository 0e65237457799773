"""Naive Bayes for counts of words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import Tags

from mmlearn_edu._samples import read_samples
from mmlearn_edu.classification.base import BaseSoftmaxClassifier, Matrix, number_classes

__all__ = ["MultinomialNB"]


class MultinomialNB(BaseSoftmaxClassifier):
    r"""Ask of which class the words of a text are the most probable [1]_.

    A text of class c draws its words one by one, each from the same bag: word w with probability
    :math:`\theta_{cw} = \frac{N_{cw} + \alpha}{\sum_v (N_{cv} + \alpha)}`, where :math:`N_{cw}` counts w in the
    training texts of class c. With :math:`n_c` of the n training texts in class c, Bayes' rule gives

    .. math:: \ln p(c \mid x) = \ln \frac{n_c}{n} + \sum_w x_w \ln \theta_{cw} + \text{constant}.

    Sums of logarithms instead of products of probabilities: :math:`0.001^{10000}` is 0 for a computer, its logarithm
    is not. "Naive" because neighbouring words are taken to be independent; the classes are often right all the same,
    but the probabilities are far too sure of themselves.

    Parameters
    ----------
    alpha : float, default=1.0
        Added to every count, above 0 (1: Laplace). Without it a single word that a class has never had rules that
        class out: its logarithm is minus infinity.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), in order
    class_log_prior_ : ndarray of shape (n_classes,)
        :math:`\ln (n_c / n)`.
    feature_log_prob_ : ndarray of shape (n_classes, n_words)
        :math:`\ln \theta_{cw}`; the exponentials of every row sum to 1.

    References
    ----------
    .. [1] McCallum, A. & Nigam, K. (1998). A comparison of event models for naive Bayes text classification.
       AAAI-98 Workshop on Learning for Text Categorization, 41-48.

    Examples
    --------
    >>> from mmlearn_edu.classification import MultinomialNB
    >>> counts = [[2, 0], [1, 1], [0, 3]]  # how often "goal" and "vote" stand in three texts
    >>> model = MultinomialNB().fit(counts, ["sport", "sport", "politics"])
    >>> model.predict([[1, 0], [0, 1]])
    array(['sport', 'politics'], dtype='<U8')
    >>> model.predict_proba([[1, 0]]).round(3)  # (1/3 * 1/5, 2/3 * 4/6), divided by their sum
    array([[0.13, 0.87]])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def fit(self, X: ArrayLike, y: ArrayLike) -> MultinomialNB:
        """Count the words of every class in `X`, dense or sparse, (n_texts, n_words); `y` (n_texts,) are the classes.

        Raises
        ------
        ValueError
            If a count is negative or NaN, `y` has a single class, or `alpha` is not above 0.
        """
        if not 0 < self.alpha < np.inf:
            raise ValueError(
                f"alpha={self.alpha}, expected a number above 0: without smoothing a word new to a class has the "
                "log-probability -inf; try 1.0, or 0.01 for many texts"
            )
        X, y = read_samples(self, X, y=y, dtype=np.float64, accept_sparse="csr")
        _check_counts(X)
        self.classes_, place = number_classes(y)
        self.class_log_prior_ = np.log(np.bincount(place) / len(place))
        counts = [np.asarray(X[place == c].sum(axis=0)).ravel() for c in range(len(self.classes_))]
        smoothed = np.array(counts) + self.alpha
        self.feature_log_prob_ = np.log(smoothed) - np.log(smoothed.sum(axis=1, keepdims=True))
        return self

    def _scores(self, X: Any) -> Matrix:
        _check_counts(X)
        return X @ self.feature_log_prob_.T + self.class_log_prior_

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.classifier_tags.poor_score = True  # on measurements, which scikit-learn's checks score it by
        return tags


def _check_counts(X: Any) -> None:
    lowest = X.min()
    if lowest < 0:
        raise ValueError(
            f"Negative values in data passed to X: the lowest is {lowest:g}, but nothing is counted less than 0 times; "
            "give counts of words, e.g. from CountVectorizer, or use GaussianNB for measurements"
        )
