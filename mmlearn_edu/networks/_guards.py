"""What can go wrong around training, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.utils.validation import check_array
from torch import Tensor

OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")  # CUDA and Apple, Linux, Windows


def is_number(value: Any) -> bool:
    """Tell numbers, also numpy's, from everything that cannot be compared with them."""
    return isinstance(value, Real)


def check_counts(**counts: Any) -> None:
    """Insist on whole numbers of at least 1; give them by name, ``check_counts(epochs=epochs)``."""
    for name, value in counts.items():
        if not isinstance(value, Integral) or value < 1:
            raise ValueError(f"{name}={value!r}, expected a whole number, 1 or more")


def check_settings(epochs: Any, batch_size: Any, learning_rate: Any, validation_share: Any, patience: Any) -> None:
    """Insist on settings that can train."""
    check_counts(epochs=epochs, batch_size=batch_size, patience=patience)
    if not is_number(learning_rate) or not 0 < learning_rate < math.inf:
        raise ValueError(f"{learning_rate=}, expected a number above 0; 0.001 is a good start")
    if not is_number(validation_share) or not 0 <= validation_share < 1:
        raise ValueError(f"{validation_share=} not in [0, 1); 0.1 holds out one row in ten")


def check_widths(n_components: Any, hidden: Any, name: str = "hidden") -> None:
    """Insist on layers that can be built; `name` is what the estimator calls the widths of its hidden layers."""
    if not _is_width(n_components):
        raise ValueError(f"{n_components=}, expected a whole number, 1 or more")
    if not isinstance(hidden, tuple | list) or not all(map(_is_width, hidden)):
        raise ValueError(f"{name}={hidden!r}, expected a tuple of whole numbers, 1 or more")


def check_noise(noise: Any) -> None:
    """Insist on a standard deviation."""
    if not is_number(noise) or not 0 <= noise < math.inf:
        raise ValueError(f"{noise=}, expected a standard deviation, 0 or more, in the units of X")


def _is_width(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value >= 1)


def read_codes(Z: Any, n_components: int) -> NDArray[np.float32]:
    """Insist on a finite matrix with one column per component; return it in float32."""
    Z = check_array(Z, dtype=np.float32, input_name="Z")
    if Z.shape[1] != n_components:
        raise ValueError(
            f"Z has {Z.shape[1]} columns, expected {n_components=}; "
            "pass what transform returned, not the original features"
        )
    return Z


def as_tensor(X: Any) -> Tensor:
    """Copy any array, also one that is read-only or runs backwards, which torch takes badly."""
    return torch.from_numpy(np.array(X, order="C"))


def as_tensors(arrays: Any, place: torch.device) -> list[Tensor]:
    """Copy the arrays to the device, and insist that row i of all of them can belong together."""
    tensors = [(X if isinstance(X, Tensor) else as_tensor(X)).to(place) for X in arrays]
    lengths = [len(tensor) if tensor.ndim else 0 for tensor in tensors]
    if not tensors or 0 in lengths or len(set(lengths)) > 1:
        raise ValueError(
            f"the arrays have {lengths} rows; expected one array or more, with equally many rows, at least 1"
        )
    return tensors


def check_finite(losses: list[float], epoch: int, learning_rate: float) -> None:
    """Stop a training that has left the numbers."""
    strange = [value for value in losses if not math.isfinite(value)]
    if strange:
        raise FloatingPointError(
            f"the loss became {strange[0]} in epoch {epoch}: the steps were too long; "
            f"try learning_rate={learning_rate / 10:g}, or scale the data to about 1 first"
        )


@contextmanager
def words_about_memory(batch_size: int, place: torch.device) -> Iterator[None]:
    """Say which batch was too large, where torch counts bytes."""
    try:
        yield
    except RuntimeError as error:  # torch.OutOfMemoryError is one of them; the CPU has none of its own
        if not any(words in str(error) for words in OUT_OF_MEMORY):
            raise
        advice = f"batch_size={batch_size // 2}" if batch_size > 1 else "a smaller network"
        where = "" if place.type == "cpu" else ", or the CPU's memory: MMLEARN_DEVICE=cpu"
        raise MemoryError(f"{batch_size=} is too large for the memory of {place}; try {advice}{where}") from error
