"""Checks shared by the plain functions: say what came, what was expected, and what to do."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["as_matrix", "check_whole"]


def as_matrix(X: ArrayLike, name: str = "X") -> NDArray[np.floating[Any]]:
    """Return `X` as a finite, non-empty float matrix of shape (n_samples, n_features).

    float32 stays float32; everything else becomes float64.

    Raises
    ------
    ValueError
        If `X` is not two-dimensional, has no rows or columns, or holds a NaN or an infinity.
    TypeError
        If `X` cannot be read as numbers.
    """
    try:
        array = np.asarray(X)
        array = array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be a matrix of numbers, got {type(X).__name__} ({error})") from None
    if array.ndim != 2:
        hint = "; for one sample write X.reshape(1, -1)" if array.ndim == 1 else ""
        raise ValueError(f"{name} must have shape (n_samples, n_features), got shape {array.shape}{hint}")
    if 0 in array.shape:
        raise ValueError(f"{name} is empty: shape {array.shape}; it needs at least one row and one column")
    if not np.isfinite(array).all():
        bad = int((~np.isfinite(array)).sum())
        raise ValueError(f"{name} holds {bad} NaN or infinite values; remove or impute them first")
    return array


def check_whole(**numbers: Any) -> None:
    """Insist on whole numbers; give them by name, ``check_whole(k=k)``.

    Raises
    ------
    TypeError
        If one is a fraction, a text or None.
    """
    for name, value in numbers.items():
        if not isinstance(value, (int, np.integer)):
            raise TypeError(f"{name}={value!r} must be a whole number: write 3, not 3.0 or '3'")
