"""The smallest network that is one: dense layers, for any sample laid out as a row."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor, nn

from mmlearn_edu.networks._shapes import as_widths
from mmlearn_edu.networks.autoencoder import dense

__all__ = ["DenseNetwork"]


class DenseNetwork(nn.Module):
    r"""Lay every sample out as one row, and send it through dense layers with ReLU between them [1]_.

    ==========================  ==========================  ==================================
    layer                       gives                       numbers to learn
    ==========================  ==========================  ==================================
    flatten                     (n, d), d numbers a sample
    linear, ReLU; once for      (n, h)                      :math:`(d + 1) h`; later
    every h of `hidden`                                     :math:`(h_{\text{before}} + 1) h`
    *the features*
    linear                      (n, n_classes)              :math:`(h + 1) n_{\text{classes}}`
    ==========================  ==========================  ==================================

    A picture loses its rows and columns: whether two pixels are neighbours makes no difference here.

    Parameters
    ----------
    sample_shape : tuple of int
        Shape of one sample: (n_features,) for a row, (height, width) for a grey picture.
    n_classes : int
    hidden : tuple of int, default=(64,)
        Widths of the hidden layers; ``()`` is logistic regression.

    Raises
    ------
    ValueError
        If `sample_shape` or `hidden` is no tuple of whole numbers above 0.

    References
    ----------
    .. [1] Rumelhart, D. E., Hinton, G. E. and Williams, R. J. (1986). Learning representations by back-propagating
       errors. Nature 323, 533-536.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import DenseNetwork
    >>> network = DenseNetwork((8, 8), n_classes=10, hidden=(32,))
    >>> network.features(torch.zeros(5, 8, 8)).shape, network(torch.zeros(5, 8, 8)).shape
    (torch.Size([5, 32]), torch.Size([5, 10]))
    >>> sum(weights.numel() for weights in network.parameters())  # (64 + 1) * 32 + (32 + 1) * 10
    2410
    """

    def __init__(self, sample_shape: Sequence[int], n_classes: int, hidden: Sequence[int] = (64,)) -> None:
        super().__init__()
        n_inputs = math.prod(as_widths(sample_shape, "sample_shape"))
        widths = [n_inputs, *as_widths(hidden, "hidden")]
        self.body = nn.Sequential(nn.Flatten(), *([dense(widths), nn.ReLU()] if len(widths) > 1 else []))
        self.head = nn.Linear(widths[-1], n_classes)

    def features(self, X: Tensor) -> Tensor:
        """Return the last hidden layer: (n, ...) -> (n, hidden[-1])."""
        return self.body(X)

    def forward(self, X: Tensor) -> Tensor:
        """Score every class: (n, ...) -> (n, n_classes), before the softmax."""
        return self.head(self.features(X))
