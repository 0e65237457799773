"""Two towers: an encoder for each of two modalities, and one space for both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmlearn_edu.evaluation import recall_at_k
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks._guards import is_number
from mmlearn_edu.networks._pairs import Builder, Encoders, PairedEncoders
from mmlearn_edu.networks.infonce import infonce

__all__ = ["TwoTowers"]

LOWEST = 0.01  # temperature to be learnt: CLIP divides by no less either


class TwoTowers(PairedEncoders):
    r"""Encode two modalities so that partners point the same way, and everybody else another.

    A tower per modality, a stack of dense layers with ReLU between them (or a network of your own), turns a sample into
    a code of length 1. Both learn together by `infonce`: every sample has to find its partner among all those of the
    batch. Afterwards a sample of either modality finds what belongs to it in the other by the cosine of the codes
    [1]_ [2]_: the towers meet nowhere but in the loss, so a bank is encoded once, and a query alone.

    The temperature :math:`\tau` is learnt with the weights, as :math:`\tau = 0.01 + e^\theta`, so it stays above 0.01,
    or fixed.

    Everything is computed in float32. Bring features to about the same range, near [0, 1] or a variance of 1, before.

    Parameters
    ----------
    n_components : int, default=32
        Numbers in a code.
    hidden : tuple of int, default=(128,)
        Widths of the hidden layers of either tower. ``()`` is a linear one.
    encoders : mapping of str to callable, default=None
        For a modality that is no matrix, or needs more than dense layers: a function without arguments that builds a
        torch.nn.Module, of (B, ...) to (B, n_components). To be pickled it must have a name (no lambda).
    temperature : float, default=0.07
        The one to start from, above 0.01, or to keep, above 0.
    learn_temperature : bool, default=True
    epochs : int, default=100
        The most there will be; see `train` for this and the next four.
    batch_size : int, default=64
        2 or more. A sample's wrong answers are all others of its batch, also those that mean the same.
    learning_rate : float, default=0.003
    validation_share : float in [0, 1), default=0.1
        At least two pairs are held out, unless 0: a single one has no wrong answers.
    patience : int, default=10
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out pairs and batches.
    verbose : bool, default=False

    Attributes
    ----------
    encoders_ : dict of str to torch.nn.Module
        The towers, on the CPU wherever they were trained; what comes out has length 1.
    temperature_ : float
    history_ : History
        InfoNCE by epoch, in nats, while learning and on pairs held out.

    References
    ----------
    .. [1] Huang, P.-S. et al. (2013). Learning deep structured semantic models for web search using clickthrough data.
       CIKM.
    .. [2] Radford, A. et al. (2021). Learning transferable visual models from natural language supervision. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.networks import TwoTowers
    >>> rng = np.random.default_rng(0)
    >>> same = rng.normal(size=(200, 4))
    >>> X = {"image": same @ rng.normal(size=(4, 8)), "text": same @ rng.normal(size=(4, 5))}
    >>> towers = TwoTowers(n_components=8, epochs=20, random_state=0).fit(X)
    >>> towers.score(X) > 0.5  # chance is 1 / 200
    True
    >>> query = towers.transform({"text": X["text"][:1]})["text"]
    >>> bank = towers.transform({"image": X["image"]})["image"]
    >>> bool(0 in (-query @ bank.T).argsort()[0, :3])  # its partner is among the three nearest
    True
    """

    abbreviation = "tower"

    def __init__(
        self,
        n_components: int = 32,
        *,
        hidden: tuple[int, ...] = (128,),
        encoders: Mapping[str, Builder] | None = None,
        temperature: float = 0.07,
        learn_temperature: bool = True,
        epochs: int = 100,
        batch_size: int = 64,
        learning_rate: float = 3e-3,
        validation_share: float = 0.1,
        patience: int = 10,
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        self.n_components = n_components
        self.hidden = hidden
        self.encoders = encoders
        self.temperature = temperature
        self.learn_temperature = learn_temperature
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def score(self, X: Modalities | Mapping[str, Any], y: Any = None) -> float:
        """Recall at 1 of the complete samples of `X`, the mean of both directions, in [0, 1]; chance is 1 / n_samples.

        Compare it only for equally many samples. Where several have the same caption it cannot reach 1: see
        `mmlearn_edu.evaluation.exact_ceiling`. `y` is ignored.

        Raises
        ------
        ValueError
            If `X` has no sample with both modalities.
        """
        Z = self.transform(X)
        complete = np.logical_and.reduce([Z.present(name) for name in Z.names])
        if set(Z.names) != set(self.encoders_) or not complete.any():
            raise ValueError(
                f"recall needs samples that have both of {list(self.encoders_)}, got {list(Z.names)} "
                f"and {complete.sum()} complete samples; pass both"
            )
        Za, Zb = (Z[name][complete].astype(np.float64) for name in self.encoders_)
        cosines = np.round(Za @ Zb.T, 5)  # codes of one caption differ in the seventh digit, which must decide nothing
        return (recall_at_k(cosines, 1) + recall_at_k(cosines.T, 1)) / 2

    def _check_settings(self) -> None:
        super()._check_settings()
        lowest = LOWEST if self.learn_temperature else 0
        if not is_number(self.temperature) or not lowest < self.temperature < math.inf:
            raise ValueError(
                f"temperature={self.temperature!r}, expected a number above {lowest}; 0.07 is a good start"
            )
        if self.batch_size < 2:
            raise ValueError(f"batch_size={self.batch_size}, expected 2 or more: one pair has no wrong answers")

    def _model(self, encoders: list[nn.Module]) -> Towers:
        return Towers(encoders, self.temperature, self.learn_temperature)

    def _loss(self, model: Towers, A: Tensor, B: Tensor) -> Tensor:
        Za, Zb = model(A, B)
        return infonce(Za, Zb, model.temperature())

    def _finish(self, model: Towers, views: dict[str, Any]) -> None:
        self.temperature_ = model.temperature().item()


class Towers(Encoders):
    """Encoders whose codes have length 1, and the temperature of their cosines."""

    def __init__(self, encoders: list[nn.Module], temperature: float, learn_temperature: bool) -> None:
        super().__init__([nn.Sequential(encoder, UnitLength()) for encoder in encoders])
        self.lowest = LOWEST if learn_temperature else 0.0
        theta = torch.tensor(math.log(temperature - self.lowest))
        self.theta = nn.Parameter(theta, requires_grad=learn_temperature)

    def temperature(self) -> Tensor:
        """Return the temperature, a tensor with one number."""
        return self.lowest + self.theta.exp()


class UnitLength(nn.Module):
    """Divide every row by its length; a row of zeros stays a row of zeros."""

    def forward(self, Z: Tensor) -> Tensor:
        """Keep the directions of `Z` of shape (B, n_components)."""
        return nn.functional.normalize(Z)
