"""What networks that read Modalities share: from matrices with holes to tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_array
from torch import Tensor

from mmlearn_edu.fusion.base import Matrices, Presence
from mmlearn_edu.networks._guards import as_tensor, is_number

__all__ = ["as_blocks", "check_modality_dropout"]


def as_blocks(matrices: Matrices, present: Presence) -> list[Tensor]:
    """Return every modality in float32, (n_samples, n_features_m), and last who has which, (n_samples, n_modalities).

    Raises
    ------
    ValueError
        If a sample has no modality at all, or a number is too large for float32.
    """
    here = np.column_stack([present[name] for name in matrices])
    nothing = ~here.any(axis=1)
    if nothing.any():
        raise ValueError(f"sample {int(nothing.argmax())} has no modality at all; drop such samples first")
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is named
        blocks = [check_array(a, dtype=np.float32, input_name=name) for name, a in matrices.items()]
    return [as_tensor(block) for block in [*blocks, here]]


def check_modality_dropout(share: Any) -> None:
    """Insist on a probability that leaves something."""
    if not is_number(share) or not 0 <= share < 1:
        raise ValueError(f"modality_dropout={share!r} not in [0, 1); 0.3 hides each modality three times in ten")
