"""What the estimators share that give two modalities an encoder each and train both together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_is_fitted
from torch import Tensor, nn

from mmlearn_edu.modalities import Modalities, as_modalities
from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import as_tensor, check_settings, check_widths
from mmlearn_edu.networks.autoencoder import dense

__all__ = ["Builder", "Encoders", "PairedEncoders"]

Builder = Callable[[], nn.Module]
Array = NDArray[np.float32]
ROWS_AT_A_TIME = 1024  # to encode: what lies between the layers of a picture's network takes memory


class Encoders(nn.Module):
    """One network per modality, in the order of the modalities."""

    def __init__(self, encoders: list[nn.Module]) -> None:
        super().__init__()
        self.encoders = nn.ModuleList(encoders)

    def forward(self, *batches: Tensor) -> list[Tensor]:
        """Encode every modality by its own network: (B, ...) -> (B, n_components) each."""
        return [encoder(X) for encoder, X in zip(self.encoders, batches, strict=True)]


class PairedEncoders(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]  # untyped
    """Two modalities in, two codes of one width out; subclasses write ``_loss``."""

    abbreviation: ClassVar[str]

    def fit(self, X: Modalities | Mapping[str, Any], y: Any = None) -> Self:
        """Learn from the samples of `X` that have both modalities; `y` is ignored.

        Raises
        ------
        ValueError
            If there are not two modalities, one is no finite array, too few samples are complete, or a setting is out
            of range.
        FloatingPointError
            If the steps were too long for the data.
        """
        self._check_settings()
        views = self._complete_pairs(as_modalities(X))
        n_pairs = len(next(iter(views.values())))
        n_held_out = self._held_out(n_pairs)
        model, self.history_ = build_and_train(
            self,
            lambda: self._model([self._new_encoder(name, rows) for name, rows in views.items()]),
            self._loss,
            *views.values(),
            batch_size=self._batch_size(n_pairs - n_held_out, n_held_out),
            validation_share=max(n_held_out - 0.5, 0) / n_pairs,  # rounded up it is n_held_out
        )
        self.encoders_ = dict(zip(views, model.encoders, strict=True))
        self._row_shapes = {name: rows.shape[1:] for name, rows in views.items()}
        self._finish(model, views)
        return self

    def transform(self, X: Modalities | Mapping[str, Any]) -> Modalities:
        """Encode each modality of `X` to shape (n_samples, n_components), float32, all in the one shared space.

        One of the two is enough (a picture looks for its caption). A sample that lacks a modality gets a row of NaN
        there, and stays marked in ``missing``.

        Raises
        ------
        ValueError
            If a modality was not there in ``fit``, or its samples had another shape.
        """
        check_is_fitted(self)
        X = as_modalities(X)
        return Modalities({name: self._encode(X, name) for name in X.names}, X.missing)

    def get_feature_names_out(self, input_features: Any = None) -> dict[str, NDArray[Any]]:
        """Return the names of the numbers in every code: the modality, the method and a number, as ``image_cca0``."""
        check_is_fitted(self)
        suffixes = [f"_{self.abbreviation}{i}" for i in range(self.n_components)]
        return {name: np.array([name + suffix for suffix in suffixes], dtype=object) for name in self.encoders_}

    def set_output(self, *, transform: str | None = None) -> Self:
        """Change nothing: Modalities come out, whatever `transform` says; a pipeline may set its other steps."""
        return self

    def _check_settings(self) -> None:
        check_widths(self.n_components, self.hidden)
        check_settings(self.epochs, self.batch_size, self.learning_rate, self.validation_share, self.patience)
        for name, build in (self.encoders or {}).items():
            if isinstance(build, nn.Module) or not callable(build):
                raise ValueError(
                    f"encoders[{name!r}] is {type(build).__name__}, expected a function without arguments that builds "
                    "a network, so that random_state decides its first weights; write it as def, or after lambda:"
                )

    def _complete_pairs(self, X: Modalities) -> dict[str, Array]:
        """Return the rows of both modalities that have a partner."""
        kind = type(self).__name__
        if len(X.names) != 2:
            raise ValueError(
                f"{kind} takes two modalities, got {list(X.names)}; pick two, "
                "e.g. {name: X[name] for name in ('image', 'text')}"
            )
        unknown = sorted(set(self.encoders or {}) - set(X.names))
        if unknown:
            raise ValueError(f"encoders for {unknown}, but the modalities are {list(X.names)}; name them alike")
        complete = np.logical_and.reduce([X.present(name) for name in X.names])
        return {name: self._read(X, name, complete) for name in X.names}

    def _read(self, X: Modalities, name: str, present: NDArray[np.bool_]) -> Array:
        """Return the rows of modality `name` that are present, checked."""
        a = X[name].toarray() if hasattr(X[name], "toarray") else X[name]
        own = name in (self.encoders or {})
        if a.ndim != 2 and not own:
            raise ValueError(
                f"{type(self).__name__} needs a matrix of shape (n_samples, n_features), got {name} of shape {a.shape};"
                " make features of it first, e.g. with PerModality, or give it a network of its own in encoders"
            )
        rows = a if present.all() else a[present]
        return _numbers(rows, name, ensure_2d=not own)

    def _held_out(self, n_pairs: int) -> int:
        """Count the pairs to hold out: never so few that their loss says nothing."""
        fewest = self._fewest()
        n_held_out = max(math.ceil(self.validation_share * n_pairs), fewest) if self.validation_share else 0
        if n_pairs - n_held_out < fewest:
            raise ValueError(
                f"n_samples={n_pairs} have both modalities; {type(self).__name__} needs {fewest} or more to learn from "
                f"and {n_held_out} to hold out with validation_share={self.validation_share}; pass more"
            )
        return n_held_out

    def _new_encoder(self, name: str, rows: Array) -> nn.Module:
        """Build the network of a modality, and see what it makes of two samples."""
        if name not in (self.encoders or {}):
            return dense([rows.shape[1], *self.hidden, self.n_components])
        encoder = self.encoders[name]()
        try:
            found = tuple(_run(encoder.eval(), rows[:2]).shape)
        except (RuntimeError, AttributeError, TypeError) as error:
            raise ValueError(
                f"the network of encoders[{name!r}] cannot take {name} of shape {rows[:2].shape}: {error}"
            ) from error
        if found != (2, self.n_components):
            raise ValueError(
                f"the network of encoders[{name!r}] makes {found} of {rows[:2].shape}, expected one row of "
                f"n_components={self.n_components} numbers per sample"
            )
        return encoder

    def _encode(self, X: Modalities, name: str) -> Array:
        kind = type(self).__name__
        if name not in self.encoders_:
            raise ValueError(
                f"{kind} was fitted on {list(self.encoders_)}, not on {name!r}; leave it out, or fit again"
            )
        present = X.present(name)
        rows = self._read(X, name, present)
        if rows.shape[1:] != self._row_shapes[name]:
            raise ValueError(
                f"a sample of {name} has shape {rows.shape[1:]}, {kind} was fitted on {self._row_shapes[name]}; "
                "prepare it by the same transformer"
            )
        out = np.full((len(X), self.n_components), np.nan, dtype=np.float32)
        if present.any():
            out[present] = _run(self.encoders_[name], rows)
        return out

    def _model(self, encoders: list[nn.Module]) -> Encoders:
        return Encoders(encoders)

    def _finish(self, model: Any, views: dict[str, Array]) -> None:
        """Keep what else was learnt; nothing by default."""

    def _loss(self, model: Any, A: Tensor, B: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} needs a method _loss(model, A, B)")

    def _fewest(self) -> int:
        """Count the pairs that a loss needs at least to say something."""
        return 2

    def _batch_size(self, n_learnt: int, n_held_out: int) -> int:
        return self.batch_size

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # the input is Modalities
        tags.no_validation = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _numbers(rows: Any, name: str, ensure_2d: bool) -> Array:
    checks = {"input_name": name, "ensure_2d": ensure_2d, "allow_nd": not ensure_2d, "ensure_min_samples": 0}
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is named
            return check_array(rows, dtype=np.float32, **checks)
    except ValueError as error:
        if "could not convert string" not in str(error):
            raise
        raise ValueError(f"{name}: {error}; make numbers of the texts first, e.g. by CountVectorizer") from None


@torch.no_grad()
def _run(network: nn.Module, rows: Array) -> Array:
    return torch.cat([network(part) for part in torch.split(as_tensor(rows), ROWS_AT_A_TIME)]).numpy()
