"""The two losses of a generative adversarial network."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import softplus

__all__ = ["discriminator_loss", "generator_loss"]


def discriminator_loss(real: Tensor, made: Tensor) -> Tensor:
    r"""Ask the discriminator to tell real samples from made ones [1]_.

    With :math:`D = \sigma(a)`, the probability of being real, it is the cross entropy

    .. math:: -\frac{1}{n} \sum_i \log D(x_i) - \frac{1}{m} \sum_j \log \left(1 - D(G(z_j))\right)

    computed from the logits :math:`a`, by :math:`-\log \sigma(a) = \log(1 + e^{-a})`, so that no logarithm meets a 0.
    Who can only guess, D = 1/2 everywhere, pays :math:`\log 4`.

    Parameters
    ----------
    real : Tensor of any shape
        Logits of real samples.
    made : Tensor of any shape
        Logits of samples that the generator made.

    Returns
    -------
    Tensor with one number
        In nats, at least 0.

    Raises
    ------
    ValueError
        If one of the two is empty.

    References
    ----------
    .. [1] Goodfellow, I. et al. (2014). Generative adversarial nets. NeurIPS 27.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import discriminator_loss
    >>> round(discriminator_loss(real=torch.zeros(5), made=torch.zeros(5)).item(), 4)  # log 4
    1.3863
    """
    _check(real=real, made=made)
    return softplus(-real).mean() + softplus(made).mean()


def generator_loss(made: Tensor) -> Tensor:
    r"""Ask the generator to be taken for real: the non-saturating loss [1]_.

    .. math:: -\frac{1}{m} \sum_j \log D(G(z_j)), \qquad D = \sigma(a)

    Its gradient with respect to a logit is :math:`-(1 - D) / m`: strong just where the discriminator is sure that a
    sample is made. What the minimax game asks for, making :math:`\log(1 - D)` small, has the gradient :math:`-D / m`,
    which is nearly 0 there: it saturates.

    Parameters
    ----------
    made : Tensor of any shape
        Logits :math:`a` that the discriminator gives the generator's samples.

    Returns
    -------
    Tensor with one number
        In nats, at least 0; :math:`\log 2` where the discriminator can only guess.

    Raises
    ------
    ValueError
        If `made` is empty.

    References
    ----------
    .. [1] Goodfellow, I. et al. (2014). Generative adversarial nets. NeurIPS 27, section 3.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import generator_loss
    >>> found_out = torch.tensor([-6.0], requires_grad=True)  # D = 0.0025
    >>> generator_loss(found_out).backward()
    >>> round(found_out.grad.item(), 4)
    -0.9975
    """
    _check(made=made)
    return softplus(-made).mean()


def _check(**logits: Tensor) -> None:
    for name, values in logits.items():
        if values.numel() == 0:
            raise ValueError(f"{name} has shape {tuple(values.shape)}, expected the logit of one sample or more")
