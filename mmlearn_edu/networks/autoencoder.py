"""A network that learns to say its input again, through a bottleneck."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from mmlearn_edu._samples import read_samples
from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import as_tensor, check_noise, check_widths, read_codes

__all__ = ["Autoencoder", "EncoderDecoder", "dense"]

Matrix = NDArray[np.float32]


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Squeeze every sample through a few numbers from which it can be rebuilt.

    An encoder :math:`e` and a decoder :math:`d`, two stacks of dense layers with ReLU between them, learn together to
    make :math:`\frac{1}{nd}\sum_i \lVert x_i - d(e(x_i)) \rVert^2` small [1]_. Without hidden layers both are linear,
    and what they find is the subspace of PCA [2]_ (though not its axes: the code may be turned and stretched).

    With `noise` it is a **denoising** autoencoder [3]_: the encoder gets :math:`x_i + \varepsilon`, with Gaussian
    :math:`\varepsilon`, and the target is still the clean :math:`x_i`. Copying no longer pays, even with a code as wide
    as the data.

    Everything is computed in float32. Steps have one length for all features: bring them to about the same range, near
    [0, 1] or a variance of 1, before.

    Parameters
    ----------
    n_components : int, default=2
        Numbers in the code.
    hidden : tuple of int, default=(128,)
        Widths of the hidden layers of the encoder; the decoder has the same in reverse. ``()`` is the linear one.
    noise : float, default=0.0
        Standard deviation of the noise added while learning, in the units of `X`.
    epochs : int, default=100
        The most there will be; see `train` for this and the next four.
    batch_size : int, default=64
    learning_rate : float, default=0.003
    validation_share : float in [0, 1), default=0.1
    patience : int, default=10
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out rows, batches and noise.
    verbose : bool, default=False

    Attributes
    ----------
    network_ : torch.nn.Module
        With its ``encoder`` and ``decoder``, on the CPU wherever it was trained.
    history_ : History
        Mean squared error by epoch, in squared units of `X`, while learning and on rows held out (with `noise`, of the
        clean sample rebuilt from a noisy one).

    References
    ----------
    .. [1] Hinton, G. E. and Salakhutdinov, R. R. (2006). Reducing the dimensionality of data with neural networks.
       Science 313, 504-507.
    .. [2] Baldi, P. and Hornik, K. (1989). Neural networks and principal component analysis: learning from examples
       without local minima. Neural Networks 2, 53-58.
    .. [3] Vincent, P. et al. (2008). Extracting and composing robust features with denoising autoencoders. ICML; and
       (2010). Stacked denoising autoencoders. JMLR 11, 3371-3408.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from mmlearn_edu.networks import Autoencoder
    >>> X = load_digits().data / 16
    >>> autoencoder = Autoencoder(n_components=2, epochs=5, random_state=0).fit(X)
    >>> autoencoder.transform(X).shape, autoencoder.inverse_transform([[0.0, 0.0]]).shape
    ((1797, 2), (1, 64))
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        hidden: tuple[int, ...] = (128,),
        noise: float = 0.0,
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
        self.noise = noise
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: Any = None) -> Autoencoder:
        """Learn to rebuild `X` of shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            If a setting is out of range, or `X` has a single row or a NaN.
        FloatingPointError
            If the steps were too long for the data.
        """
        X = read_samples(self, X, dtype=np.float32, ensure_min_samples=2)
        self._check_settings()
        widths = [X.shape[1], *self.hidden, self.n_components]
        self.network_, self.history_ = build_and_train(
            self, lambda: EncoderDecoder(dense(widths), dense(widths[::-1])), self._loss, X
        )
        self._n_features_out = self.n_components
        return self

    def transform(self, X: ArrayLike) -> Matrix:
        """Encode: (n_samples, n_features) -> (n_samples, n_components), float32."""
        check_is_fitted(self)
        return _run(self.network_.encoder, read_samples(self, X, dtype=np.float32, reset=False))

    def inverse_transform(self, Z: ArrayLike) -> Matrix:
        """Decode: (n_samples, n_components) -> (n_samples, n_features), float32.

        Raises
        ------
        ValueError
            If `Z` does not have one column per component.
        """
        check_is_fitted(self)
        return _run(self.network_.decoder, read_codes(Z, self._n_features_out))

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Minus the mean squared error of `X` rebuilt: at most 0, the higher the better; in squared units of `X`."""
        check_is_fitted(self)
        X = read_samples(self, X, dtype=np.float32, reset=False)
        return -float(np.mean((X - _run(self.network_, X)) ** 2, dtype=np.float64))

    def _loss(self, network: nn.Module, X: Tensor) -> Tensor:
        seen = X + self.noise * torch.randn_like(X) if self.noise else X
        return nn.functional.mse_loss(network(seen), X)

    def _check_settings(self) -> None:
        check_widths(self.n_components, self.hidden)
        check_noise(self.noise)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


class EncoderDecoder(nn.Module):
    """First one network, then the other."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, X: Tensor) -> Tensor:
        """Rebuild `X`."""
        return self.decoder(self.encoder(X))


def dense(widths: list[int]) -> nn.Sequential:
    """Stack dense layers of these widths, from input to output, with a ReLU between two of them and none at the end."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.ReLU(), nn.Linear(before, after)]
    return nn.Sequential(*layers[1:])


@torch.no_grad()
def _run(network: nn.Module, X: Matrix) -> Matrix:
    return network(as_tensor(X)).numpy()
