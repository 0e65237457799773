"""Scores of predicted classes.

Three rules hold for precision, recall and F1. A class counts if it is seen in the true or in the predicted labels, or
is named in `labels`. Nothing over nothing is 0: the precision of a class never predicted, the recall of a class that
no sample has. The macro average is the plain mean over all these classes, zeros included, rare or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.evaluation._labels import labels, pair

__all__ = ["accuracy", "class_scores", "confusion_matrix", "macro_f1", "macro_precision", "macro_recall"]


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Share of samples whose predicted class is the true one, in [0, 1]; compare it with `chance_level`.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)

    Returns
    -------
    float
        0 if none is right, 1 if all are.

    Raises
    ------
    ValueError
        If the two are empty, not one-dimensional, or of different lengths.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy
    >>> accuracy(["cat", "dog", "cat"], ["cat", "cat", "cat"]).__round__(2)
    0.67
    """
    y_true, y_pred = pair(y_true, y_pred)
    return float((y_true == y_pred).mean())


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, *, labels: ArrayLike | None = None) -> NDArray[np.int64]:
    """Count how often each true class (row) was taken for each class (column) [1]_.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
    labels : array-like of shape (n_classes,), default=None
        The classes in the order of rows and columns, also those that no sample has; if None, whatever is seen, sorted.

    Returns
    -------
    ndarray of int of shape (n_classes, n_classes)
        The diagonal counts what is right.

    Raises
    ------
    ValueError
        If a sample has a class that is not among `labels`, if `labels` repeats one, or if numbers meet texts.

    References
    ----------
    .. [1] Manning, C. D., Raghavan, P. and Schuetze, H. (2008). Introduction to Information Retrieval, ch. 14.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import confusion_matrix
    >>> confusion_matrix(["cat", "dog", "dog"], ["cat", "cat", "dog"], labels=["dog", "cat", "owl"])
    array([[1, 1, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    return _counts(y_true, y_pred, labels)[1]


def class_scores(y_true: ArrayLike, y_pred: ArrayLike, *, labels: ArrayLike | None = None) -> dict[str, NDArray[Any]]:
    r"""Precision, recall and F1 of every class: columns of a table, ready for ``pandas.DataFrame``.

    Of what was predicted as the class, how much is right; of what is the class, how much was found; and their
    harmonic mean, from true positives, false positives and false negatives [1]_:

    .. math:: P = \frac{TP}{TP + FP} \quad R = \frac{TP}{TP + FN} \quad F_1 = \frac{2\,TP}{2\,TP + FP + FN}

    and 0 where the divisor is 0.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
    labels : array-like of shape (n_classes,), default=None
        The classes, also those that no sample has; if None, whatever is seen in either, sorted.

    Returns
    -------
    dict of str to ndarray of shape (n_classes,)
        ``class``, ``precision``, ``recall`` and ``f1`` in [0, 1], and the counts ``n_true`` and ``n_predicted``.

    References
    ----------
    .. [1] van Rijsbergen, C. J. (1979). Information Retrieval (2nd ed.), ch. 7.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import class_scores
    >>> scores = class_scores(["cat", "cat", "dog", "owl"], ["cat", "dog", "dog", "dog"])
    >>> for name in ("class", "precision", "recall", "n_predicted"):
    ...     scores[name].round(2).tolist() if name != "class" else scores[name].tolist()
    ['cat', 'dog', 'owl']
    [1.0, 0.33, 0.0]
    [0.5, 1.0, 0.0]
    [1, 3, 0]
    """
    classes, counts = _counts(y_true, y_pred, labels)
    right, n_true, n_predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    return {
        "class": classes,
        "precision": right / np.maximum(n_predicted, 1),
        "recall": right / np.maximum(n_true, 1),
        "f1": 2 * right / np.maximum(n_true + n_predicted, 1),
        "n_true": n_true,
        "n_predicted": n_predicted,
    }


def macro_precision(y_true: ArrayLike, y_pred: ArrayLike, *, labels: ArrayLike | None = None) -> float:
    """Mean over classes of the precision, in [0, 1]; a class never predicted counts as 0.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
    labels : array-like of shape (n_classes,), default=None
        The classes to average over; if None, whatever is seen in either.

    Returns
    -------
    float

    Examples
    --------
    >>> from mmlearn_edu.evaluation import macro_precision
    >>> macro_precision([0, 0, 0, 1], [0, 0, 0, 0])  # 3/4 of the zeros are right; no 1 was predicted
    0.375
    """
    return float(class_scores(y_true, y_pred, labels=labels)["precision"].mean())


def macro_recall(y_true: ArrayLike, y_pred: ArrayLike, *, labels: ArrayLike | None = None) -> float:
    """Mean over classes of the recall, in [0, 1]: accuracy in which rare classes weigh as much as frequent ones.

    Always answering the same of c classes gives 1/c, however rare the others are. A class that is predicted but that
    no sample has counts as 0, which is where this differs from "balanced accuracy".

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
    labels : array-like of shape (n_classes,), default=None
        The classes to average over; if None, whatever is seen in either.

    Returns
    -------
    float

    Examples
    --------
    >>> from mmlearn_edu.evaluation import accuracy, macro_recall
    >>> y_true, y_pred = [0] * 98 + [1, 1], [0] * 100
    >>> accuracy(y_true, y_pred), macro_recall(y_true, y_pred)
    (0.98, 0.5)
    """
    return float(class_scores(y_true, y_pred, labels=labels)["recall"].mean())


def macro_f1(y_true: ArrayLike, y_pred: ArrayLike, *, labels: ArrayLike | None = None) -> float:
    """Mean over classes of the F1 score, in [0, 1]: low if either precision or recall is.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
    labels : array-like of shape (n_classes,), default=None
        The classes to average over; if None, whatever is seen in either.

    Returns
    -------
    float

    Examples
    --------
    >>> from mmlearn_edu.evaluation import macro_f1
    >>> macro_f1([0, 0, 1, 1], [0, 0, 1, 0]).__round__(3)  # (4/5 + 2/3) / 2
    0.733
    """
    return float(class_scores(y_true, y_pred, labels=labels)["f1"].mean())


def _counts(y_true: ArrayLike, y_pred: ArrayLike, wanted: ArrayLike | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Name the classes, and count."""
    true, pred = (y.tolist() for y in pair(y_true, y_pred))
    classes = _seen(true, pred) if wanted is None else labels(wanted, "labels").tolist()
    place = {label: i for i, label in enumerate(classes)}
    if len(place) < len(classes):
        raise ValueError(f"labels={classes} names a class twice")
    unknown = next((label for label in [*true, *pred] if label not in place), None)
    if unknown is not None:
        raise ValueError(f"a sample has class {unknown!r}, which is not among labels={classes}; add it, or drop it")
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, ([place[label] for label in true], [place[label] for label in pred]), 1)
    return np.array(classes), counts


def _seen(true: list[Any], pred: list[Any]) -> list[Any]:
    try:
        return sorted({*true, *pred})
    except TypeError:
        raise ValueError(
            f"classes of different kinds, e.g. {true[0]!r} and {pred[0]!r}, cannot be compared; "
            "make both lists texts, or both numbers"
        ) from None
