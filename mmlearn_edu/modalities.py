"""The one multimodal container: named arrays with one row per sample."""

from __future__ import annotations

from collections.abc import ItemsView, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Modalities", "as_modalities"]


class Modalities:
    """Several descriptions of the same samples, each under its own name.

    A string picks a modality, anything else picks samples, and the length is the
    number of samples. That is all scikit-learn's splitters, pipelines and searches need.

    Parameters
    ----------
    arrays : mapping of str to array-like of shape (n_samples, ...)
        At least one entry; numpy arrays, sparse matrices, and lists of texts all work.
    missing : mapping of str to array-like of bool of shape (n_samples,), default=None
        True where a sample lacks that modality. Whatever fills such a row (zeros, NaN, "") is
        never looked at. A modality that is not named here is complete.

    Raises
    ------
    TypeError
        If `arrays` has no names (a list, or a single array).
    ValueError
        If there is no modality, if they disagree on the number of samples, or if a mask of
        `missing` belongs to no modality, has another length, or is not boolean.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.modalities import Modalities
    >>> X = Modalities({"image": np.ones((3, 4)), "text": ["a", "b", "c"]}, missing={"text": [False, True, False]})
    >>> X["image"].shape, len(X)
    ((3, 4), 3)
    >>> X[[1, 2]]
    Modalities(image: (2, 4), text: (2,) with 1 missing)
    """

    __iter__ = None  # by name or by sample? say X.names or X.items()

    def __init__(self, arrays: Mapping[str, Any], missing: Mapping[str, ArrayLike] | None = None) -> None:
        if not isinstance(arrays, Mapping):
            raise TypeError(f'Modalities needs names, e.g. {{"image": A, "text": B}}, got {type(arrays).__name__}')
        self._arrays = {name: _rows(a, name) for name, a in arrays.items()}
        counts = {name: a.shape[0] for name, a in self._arrays.items()}
        if len(set(counts.values())) != 1:
            found = ", ".join(f"{name}={n}" for name, n in counts.items()) or "no modality"
            raise ValueError(f"every modality needs the same number of samples, got {found}")
        self._missing = {name: _mask(m, name, counts) for name, m in (missing or {}).items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the modalities, in the order given."""
        return tuple(self._arrays)

    @property
    def shape(self) -> tuple[int]:
        """``(n_samples,)``."""
        return (next(iter(self._arrays.values())).shape[0],)

    @property
    def missing(self) -> Mapping[str, NDArray[np.bool_]]:
        """Masks of shape (n_samples,), True where a sample lacks the modality; only where one was given."""
        return MappingProxyType(self._missing)

    def present(self, name: str) -> NDArray[np.bool_]:
        """Tell for each sample whether it has modality `name`: booleans of shape (n_samples,)."""
        n_samples = self[name].shape[0]
        return ~self._missing[name] if name in self._missing else np.ones(n_samples, dtype=bool)

    def items(self) -> ItemsView[str, Any]:
        """Pairs of name and array."""
        return self._arrays.items()

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self._arrays:
                raise KeyError(f"no modality {key!r}; there is {', '.join(self.names)}")
            return self._arrays[key]
        rows = _row_key(key)
        missing = {name: mask[rows] for name, mask in self._missing.items()}
        return Modalities({name: a[rows] for name, a in self.items()}, missing)

    def __repr__(self) -> str:
        lost = {name: f" with {mask.sum()} missing" for name, mask in self._missing.items() if mask.any()}
        return f"Modalities({', '.join(f'{name}: {a.shape}' + lost.get(name, '') for name, a in self.items())})"

    def __array__(self, *args: Any, **kwargs: Any) -> NDArray[Any]:
        raise TypeError(
            f"{self!r} is several arrays, not one; "
            f"pick one, X[{self.names[0]!r}], or fuse them first, e.g. with ConcatFusion()"
        )


def as_modalities(X: Modalities | Mapping[str, Any]) -> Modalities:
    """Accept a plain dict wherever Modalities are wanted: return `X` as Modalities.

    Parameters
    ----------
    X : Modalities or mapping of str to array-like

    Returns
    -------
    Modalities
        `X` itself if it is one.
    """
    return X if isinstance(X, Modalities) else Modalities(X)


def _rows(a: Any, name: str) -> Any:
    """Keep a sparse matrix sparse, make an array of anything else (a pandas column would pick rows by its labels)."""
    try:
        a = a.tocsr() if hasattr(a, "tocsr") else np.asarray(a)
    except ValueError:  # numpy's words for a ragged list do not say which modality
        raise ValueError(f"the rows of {name!r} differ in shape; pad or crop them to one shape first") from None
    if a.ndim == 0:
        raise ValueError(f"{name!r} is a single value; give one row per sample")
    return a


def _mask(mask: ArrayLike, name: str, counts: Mapping[str, int]) -> NDArray[np.bool_]:
    if name not in counts:
        raise ValueError(f"missing names {name!r}, which is no modality; there is {', '.join(counts)}")
    array = np.asarray(mask)
    if array.dtype != bool or array.shape != (counts[name],):
        raise ValueError(
            f"missing[{name!r}] needs one True or False per sample, shape ({counts[name]},); "
            f"got {array.dtype} of shape {array.shape}"
        )
    return array


def _row_key(key: Any) -> Any:
    rows = key[0] if isinstance(key, tuple) else key  # scikit-learn asks for X[rows, ...]
    if isinstance(rows, (int, np.integer)):
        return [rows]  # one sample is still a container, of length 1
    rows = rows if isinstance(rows, slice) else np.asarray(rows)
    if getattr(rows, "size", 1) == 0:
        return np.zeros(0, dtype=int)  # numpy makes floats of an empty list, and floats pick nothing
    if not isinstance(rows, slice) and rows.dtype.kind not in "iub":
        raise TypeError(f"X[...] takes one modality's name, or rows (a slice, integers or booleans); got {key!r}")
    return rows
