"""The loss of two towers: know your partner among everyone else in the batch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["infonce"]


def infonce(Za: Tensor, Zb: Tensor, temperature: float | Tensor = 0.07) -> Tensor:
    r"""Ask of every row of one modality which row of the other is its partner, and the other way round.

    With :math:`s_{ij}` the cosine of row i of `Za` and row j of `Zb`, and the temperature :math:`\tau`, it is the mean
    of the two cross entropies

    .. math:: -\frac{1}{2B} \sum_{i=1}^{B} \left(
        \log \frac{e^{s_{ii} / \tau}}{\sum_j e^{s_{ij} / \tau}}
        + \log \frac{e^{s_{ii} / \tau}}{\sum_j e^{s_{ji} / \tau}} \right)

    The first is InfoNCE [1]_, both together the loss of CLIP [2]_. Everyone else in the batch counts as a wrong answer,
    also those that mean the same. Who cannot tell them apart at all pays :math:`\log B`.

    Parameters
    ----------
    Za : Tensor of shape (B, n_components)
        Codes of one modality; only their directions count.
    Zb : Tensor of shape (B, n_components)
        Codes of the other; row i is the partner of row i of `Za`.
    temperature : float or Tensor with one number, above 0, default=0.07
        The smaller, the more the nearest wrong answers matter.

    Returns
    -------
    Tensor with one number
        In nats, at least 0.

    Raises
    ------
    ValueError
        If the two are not matrices of one shape, or `temperature` is not above 0.

    References
    ----------
    .. [1] van den Oord, A., Li, Y. and Vinyals, O. (2018). Representation learning with contrastive predictive coding.
       arXiv:1807.03748.
    .. [2] Radford, A. et al. (2021). Learning transferable visual models from natural language supervision. ICML.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import infonce
    >>> Z = torch.eye(4)
    >>> round(infonce(Z, Z).item(), 4), round(infonce(torch.ones(4, 2), torch.ones(4, 2)).item(), 4)  # log 4
    (0.0, 1.3863)
    """
    if Za.ndim != 2 or Za.shape != Zb.shape or len(Za) == 0:
        raise ValueError(
            f"Za has shape {tuple(Za.shape)} and Zb {tuple(Zb.shape)}; expected (B, n_components) twice, with row i of "
            "one the partner of row i of the other"
        )
    if not temperature > 0:
        raise ValueError(f"{temperature=}, expected a number above 0; 0.07 is a good start")
    cosines = nn.functional.normalize(Za) @ nn.functional.normalize(Zb).T
    scores = cosines / temperature
    partner = torch.arange(len(Za), device=Za.device)
    a_to_b = nn.functional.cross_entropy(scores, partner)
    b_to_a = nn.functional.cross_entropy(scores.T, partner)
    return (a_to_b + b_to_a) / 2
