"""Canonical correlation analysis of what networks make of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor

from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks._guards import is_number
from mmlearn_edu.networks._pairs import Array, Builder, Encoders, PairedEncoders
from mmlearn_edu.networks.total_correlation import total_correlation
from mmlearn_edu.representations import CCA

__all__ = ["DeepCCA"]


class DeepCCA(PairedEncoders):
    r"""Find what two modalities have in common, also where it is no weighted sum of features.

    CCA looks for sums that agree; here a network per modality, a stack of dense layers with ReLU between them (or one
    of your own), first bends the data. Both learn together to make `total_correlation` of their codes large, the sum
    of all canonical correlations [1]_. Linear CCA of the codes then turns them into the shared space, as in the paper.

    A correlation belongs to many samples, not to one: the loss of a small batch says little, and finds in noise what is
    not there. So batches are large [2]_, and always larger than the two codes together; they are cut evenly, that the
    last is no smaller than need be.

    Everything is computed in float32. Bring features to about the same range, near [0, 1] or a variance of 1, before.

    Parameters
    ----------
    n_components : int, default=2
        Numbers in a code, and directions of the shared space.
    hidden : tuple of int, default=(128,)
        Widths of the hidden layers of either network. ``()`` is linear, as CCA is.
    regularization : float, default=0.001
        r in (0, 1], of the loss and of the CCA at the end; see `mmlearn_edu.representations.CCA`.
    encoders : mapping of str to callable, default=None
        For a modality that is no matrix, or needs more than dense layers: a function without arguments that builds a
        torch.nn.Module, of (B, ...) to (B, n_components). To be pickled it must have a name (no lambda).
    epochs : int, default=100
        The most there will be; see `train` for this and the next four.
    batch_size : int, default=512
        The most there will be in a batch; at least ``2 * n_components + 1``.
    learning_rate : float, default=0.003
    validation_share : float in [0, 1), default=0.1
        At least ``2 * n_components + 1`` pairs are held out, unless 0.
    patience : int, default=10
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out pairs and batches.
    verbose : bool, default=False

    Attributes
    ----------
    encoders_ : dict of str to torch.nn.Module
        On the CPU wherever they were trained.
    cca_ : CCA
        Of the codes of all pairs that `fit` got.
    correlations_ : ndarray of shape (n_components,), largest first
        Canonical correlations of these codes.
    history_ : History
        Minus the total correlation by epoch, while learning and on pairs held out.

    References
    ----------
    .. [1] Andrew, G., Arora, R., Bilmes, J. and Livescu, K. (2013). Deep canonical correlation analysis. ICML.
    .. [2] Wang, W., Arora, R., Livescu, K. and Bilmes, J. (2015). On deep multi-view representation learning. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.networks import DeepCCA
    >>> angle = np.random.default_rng(0).uniform(0, 2 * np.pi, size=600)
    >>> circle = np.column_stack([np.cos(angle), np.sin(angle)])
    >>> X = {"circle": circle, "twice as fast": np.column_stack([np.cos(2 * angle), np.sin(2 * angle)])}
    >>> from mmlearn_edu.representations import CCA
    >>> CCA(1).fit(X).score(X) < 0.2  # no sum of x and y goes round twice
    True
    >>> DeepCCA(1, random_state=0).fit(X).score(X) > 0.9
    True
    """

    abbreviation = "dcca"

    def __init__(
        self,
        n_components: int = 2,
        *,
        hidden: tuple[int, ...] = (128,),
        regularization: float = 0.001,
        encoders: Mapping[str, Builder] | None = None,
        epochs: int = 100,
        batch_size: int = 512,
        learning_rate: float = 3e-3,
        validation_share: float = 0.1,
        patience: int = 10,
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        self.n_components = n_components
        self.hidden = hidden
        self.regularization = regularization
        self.encoders = encoders
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def transform(self, X: Modalities | Mapping[str, Any]) -> Modalities:
        """Bring each modality of `X` to shape (n_samples, n_components), float32, all in the one shared space.

        One of the two is enough. A sample that lacks a modality gets a row of NaN there, and stays marked in
        ``missing``.

        Raises
        ------
        ValueError
            If a modality was not there in ``fit``, or its samples had another shape.
        """
        codes = super().transform(X)
        return self.cca_.transform(codes)

    def score(self, X: Modalities | Mapping[str, Any], y: Any = None) -> float:
        """Correlate the two modalities of `X`, component by component: the mean, in [-1, 1], as `CCA` does.

        Raises
        ------
        ValueError
            If `X` lacks a modality, or fewer than two samples are complete.
        """
        codes = super().transform(X)
        return self.cca_.score(codes)

    def _check_settings(self) -> None:
        super()._check_settings()
        if not is_number(self.regularization) or not 0 < self.regularization <= 1:
            raise ValueError(f"regularization={self.regularization!r} not in (0, 1]; 0.001 is a good start")
        if self.batch_size < self._fewest():
            raise ValueError(
                f"batch_size={self.batch_size}, expected {self._fewest()} or more with n_components="
                f"{self.n_components}: fewer pairs than numbers in both codes correlate perfectly, whatever they are"
            )

    def _fewest(self) -> int:
        return 2 * self.n_components + 1

    def _batch_size(self, n_learnt: int, n_held_out: int) -> int:
        """Cut the pairs evenly, into batches of at most `batch_size`."""
        size = math.ceil(n_learnt / math.ceil(n_learnt / self.batch_size))
        smallest = min(n % size or size for n in (n_learnt, n_held_out or size))
        if smallest < self._fewest():
            raise ValueError(
                f"{n_learnt} pairs to learn from and {n_held_out} held out leave a last batch of {smallest}, with "
                f"batch_size={self.batch_size}; n_components={self.n_components} needs {self._fewest()}: "
                f"try batch_size={max(n_learnt, n_held_out)}"
            )
        return size

    def _loss(self, model: Encoders, A: Tensor, B: Tensor) -> Tensor:
        Za, Zb = model(A, B)
        return -total_correlation(Za, Zb, self.regularization)

    def _finish(self, model: Encoders, views: dict[str, Array]) -> None:
        self.cca_ = CCA(self.n_components, self.regularization).fit(super().transform(views))
        self.correlations_ = self.cca_.correlations_
