"""Which samples a network can take, in words."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

from torch import Tensor


def as_widths(widths: Any, name: str) -> tuple[int, ...]:
    """Insist on a tuple of whole numbers above 0."""
    if not isinstance(widths, Sequence) or any(not isinstance(w, Integral) or w < 1 for w in widths):
        raise ValueError(f"{name}={widths!r}, expected a tuple of whole numbers, 1 or more")
    return tuple(int(width) for width in widths)


def check_sample_shape(shape: Any, what: str, expected: str, smallest: Sequence[int], advice: str) -> tuple[int, ...]:
    """Insist on one size per axis, each at least that of `smallest`; pictures may have one axis more, of channels."""
    sizes = as_widths(shape, f"shape of {what}")
    allowed = {len(smallest)} if len(smallest) == 1 else {len(smallest), len(smallest) + 1}
    if len(sizes) not in allowed:
        raise ValueError(f"{what} of shape {sizes}, expected {expected}")
    if any(size < least for size, least in zip(sizes, smallest, strict=False)):
        raise ValueError(f"{what} of shape {sizes} are too small, at least {tuple(smallest)} is needed; {advice}")
    return sizes


def check_batch(X: Tensor, shape: tuple[int, ...], what: str) -> None:
    """Insist on a batch of such samples."""
    if tuple(X.shape[1:]) != shape:
        raise ValueError(f"expected {what} of shape (n, {', '.join(map(str, shape))}), got {tuple(X.shape)}")
