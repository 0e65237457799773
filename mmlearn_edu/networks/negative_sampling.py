"""The loss of skip-gram: know a true neighbour from words drawn at random."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import softplus

__all__ = ["negative_sampling_loss"]


def negative_sampling_loss(centre: Tensor, context: Tensor, noise: Tensor) -> Tensor:
    r"""Ask of every word whether it stood near its true neighbour, and near K others drawn at random [1]_.

    .. math:: -\frac{1}{B} \sum_{i=1}^{B} \left(
        \log \sigma(u_i \cdot v_i) + \sum_{k=1}^{K} \log \sigma(-\tilde u_{ik} \cdot v_i) \right)

    with the vector :math:`v_i` of the word, :math:`u_i` of its neighbour and :math:`\tilde u_{ik}` of the others. Who
    cannot tell them apart, all dot products 0, pays :math:`(K + 1) \log 2`.

    Parameters
    ----------
    centre : Tensor of shape (B, n_components)
        The vectors v.
    context : Tensor of shape (B, n_components)
        The vectors u, from a table of their own.
    noise : Tensor of shape (B, K, n_components)
        The vectors of the others, from the same table as u.

    Returns
    -------
    Tensor with one number
        In nats, at least 0.

    Raises
    ------
    ValueError
        If the shapes do not fit, or one is empty.

    References
    ----------
    .. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G. and Dean, J. (2013). Distributed representations of words
       and phrases and their compositionality. NeurIPS 26.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import negative_sampling_loss
    >>> nothing_learnt = negative_sampling_loss(torch.zeros(4, 2), torch.zeros(4, 2), torch.zeros(4, 5, 2))
    >>> round(nothing_learnt.item(), 4)  # 6 log 2
    4.1589
    """
    shapes = [tuple(vectors.shape) for vectors in (centre, context, noise)]
    fit = centre.ndim == 2 and noise.ndim == 3 and shapes[0] == shapes[1] == (shapes[2][0], shapes[2][2])
    if not fit or noise.numel() == 0:
        raise ValueError(
            f"centre has shape {shapes[0]}, context {shapes[1]} and noise {shapes[2]}; expected (B, n_components) "
            "twice and (B, K, n_components), all at least 1"
        )
    true = (context * centre).sum(dim=1)
    false = (noise * centre[:, None]).sum(dim=2)
    return (softplus(-true) + softplus(false).sum(dim=1)).mean()
