"""Hide whole modalities while a network learns, so that it can do without."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["drop_modalities"]


def drop_modalities(present: Tensor, share: float) -> Tensor:
    """Hide each modality of each sample with probability `share`, at random, but never the last one it has.

    As dropout hides single numbers, this hides whole modalities [1]_. A network that learns so cannot lean on one
    modality and leave the others idle, and knows what to do where one is missing.

    Parameters
    ----------
    present : Tensor of bool of shape (n_samples, n_modalities)
        True where a sample has the modality.
    share : float in [0, 1)

    Returns
    -------
    Tensor of bool of shape (n_samples, n_modalities)
        True where it still has it.

    References
    ----------
    .. [1] Neverova, N., Wolf, C., Taylor, G. and Nebout, F. (2016). ModDrop: adaptive multi-modal gesture recognition.
       IEEE Trans. Pattern Analysis and Machine Intelligence 38(8), 1692-1706.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import drop_modalities, seeded
    >>> with seeded(0):
    ...     drop_modalities(torch.tensor([[True, True], [True, True], [False, True]]), 0.5)
    tensor([[False,  True],
            [False,  True],
            [False,  True]])
    """
    # everyone draws a number; it takes more than `share` to stay, but the luckiest of a sample stays in any case
    luck = torch.rand(present.shape, device=present.device).masked_fill(~present, -1)
    luckiest = luck.amax(dim=1, keepdim=True)
    return present & (luck >= luckiest.clamp(max=share))
