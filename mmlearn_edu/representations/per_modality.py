"""Apply one transformer to each modality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from mmlearn_edu.modalities import Modalities, as_modalities

__all__ = ["PerModality"]


class PerModality(TransformerMixin, BaseEstimator):
    """Modalities in, Modalities out; search parameters as ``image__n_components``.

    A transformer is fitted on the samples that have its modality and is never shown the others:
    their rows come out as NaN, and stay marked in ``missing``.

    Parameters
    ----------
    transformers : mapping of str to estimator
        One transformer per modality; a modality without one passes through unchanged.

    Attributes
    ----------
    transformers_ : dict of str to fitted estimator

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.representations import PCA, PerModality
    >>> X = {"image": np.eye(5), "text": np.ones((5, 3))}
    >>> PerModality({"image": PCA(n_components=2)}).fit_transform(X)
    Modalities(image: (5, 2), text: (5, 3))
    """

    def __init__(self, transformers: Mapping[str, Any]) -> None:
        self.transformers = transformers

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, each transformer's own under ``name__parameter``."""
        params: dict[str, Any] = {"transformers": self.transformers}
        if deep:
            for name, transformer in self.transformers.items():
                params[name] = transformer
                if hasattr(transformer, "get_params"):
                    params.update({f"{name}__{k}": v for k, v in transformer.get_params().items()})
        return params

    def set_params(self, **params: Any) -> PerModality:
        """Set ``transformers``, one transformer by its modality's name, or ``name__parameter``."""
        if "transformers" in params:
            self.transformers = params.pop("transformers")
        for key, value in sorted(params.items()):  # so that a name comes before its own parameters
            name, _, parameter = key.partition("__")
            if name not in self.transformers:
                raise ValueError(f"no transformer for {name!r}; there is {', '.join(self.transformers)}")
            if parameter:
                self.transformers[name].set_params(**{parameter: value})
            else:
                self.transformers = {**self.transformers, name: value}
        return self

    def fit(self, X: Modalities | Mapping[str, Any], y: ArrayLike | None = None) -> PerModality:
        """Fit a fresh copy of every transformer on the rows of its own modality that are present.

        Raises
        ------
        TypeError
            If `transformers` has no names, or one of them is no transformer.
        ValueError
            If a transformer's modality is not in `X`, or no sample has it.
        """
        X = as_modalities(X)
        self._check_transformers()
        unknown = sorted(set(self.transformers) - set(X.names))
        if unknown:
            raise ValueError(f"transformers for {unknown}, but the modalities are {list(X.names)}")
        self.transformers_ = {}
        self._row_shapes = {}
        for name, transformer in self.transformers.items():
            present = X.present(name)
            if not present.any():
                raise ValueError(f"no sample has {name!r}, so nothing can be fitted; leave its transformer out")
            rows = X[name][present]
            self.transformers_[name] = clone(transformer).fit(rows, None if y is None else np.asarray(y)[present])
            self._row_shapes[name] = self.transformers_[name].transform(rows[:1]).shape[1:]
        return self

    def transform(self, X: Modalities | Mapping[str, Any]) -> Modalities:
        """Transform every modality by its own transformer.

        Raises
        ------
        ValueError
            If `X` lacks a modality that was fitted.
        """
        check_is_fitted(self)
        X = as_modalities(X)
        absent = sorted(set(self.transformers_) - set(X.names))
        if absent:
            raise ValueError(
                f"fitted on {absent} too, but the modalities are {list(X.names)}; "
                "mark samples without one by missing=, and keep its column of rows"
            )
        return Modalities({name: self._transform_one(X, name) for name in X.names}, X.missing)

    def set_output(self, *, transform: str | None = None) -> PerModality:
        """Change nothing: Modalities come out, whatever `transform` says; a pipeline may set its other steps."""
        return self

    def _check_transformers(self) -> None:
        if not isinstance(self.transformers, Mapping):
            kind = type(self.transformers).__name__
            raise TypeError(f'transformers needs names, e.g. {{"image": PCA()}}, got {kind}')
        for name, transformer in self.transformers.items():
            if isinstance(transformer, type) or not (hasattr(transformer, "fit") and hasattr(transformer, "transform")):
                raise TypeError(
                    f"transformers[{name!r}] is {transformer!r}, which cannot fit and transform; "
                    "to pass a modality on unchanged, leave it out"
                )

    def _transform_one(self, X: Modalities, name: str) -> Any:
        if name not in self.transformers_:
            return X[name]
        present = X.present(name)
        if present.all():
            return self.transformers_[name].transform(X[name])
        out: NDArray[Any] = np.full((len(X), *self._row_shapes[name]), np.nan)
        if present.any():
            rows = self.transformers_[name].transform(X[name][present])
            out[present] = rows.toarray() if hasattr(rows, "toarray") else rows
        return out

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # the input is Modalities
        tags.no_validation = True
        return tags
