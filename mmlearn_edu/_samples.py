"""Read samples as scikit-learn does, and say what to do next where it does not."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

__all__ = ["read_samples"]

WHAT_TO_DO = {
    "could not convert string to float": "turn words into numbers first, e.g. by TfidfVectorizer",
    "Found array with dim": "give one row per sample, e.g. X.reshape(len(X), -1)",
}


def read_samples(estimator: BaseEstimator, X: Any, **checks: Any) -> Any:
    """Return `X` as ``validate_data(estimator, X, **checks)`` does; its complaints about texts and pictures help.

    Raises
    ------
    ValueError
        If `X` is not what `checks` ask for.
    """
    try:
        return validate_data(estimator, X, **checks)
    except ValueError as error:
        for words, advice in WHAT_TO_DO.items():
            if words in str(error):
                raise ValueError(f"{str(error).rstrip('.')}; {advice}") from None
        raise
