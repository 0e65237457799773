"""An autoencoder for pictures, whose layers look at neighbourhoods."""

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

from mmlearn_edu.features._pixels import unit_range
from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import as_tensor, check_noise, check_widths, read_codes
from mmlearn_edu.networks.autoencoder import EncoderDecoder

__all__ = ["ConvAutoencoder", "conv_decoder", "conv_encoder"]

Floats = NDArray[np.float32]


class ConvAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""Squeeze every picture through a few numbers from which it can be drawn again.

    As `Autoencoder`, it makes the mean squared error of the picture drawn again small [1]_. Its encoder is a stack of
    convolutions of 3 x 3 pixels with stride 2 and ReLU [2]_: each looks at neighbourhoods, with the same weights
    everywhere, and halves height and width, rounded up (8, 4, 2; or 7, 4, 2). One dense layer makes the code of what is
    left. The decoder goes the same way back with transposed convolutions [3]_, through the same sizes. What leaves
    [0, 1] is clipped when a picture is drawn, which can only bring it nearer to the true one.

    With `noise` it is a denoising autoencoder [4]_: the encoder gets the picture with Gaussian noise, and the target is
    still the clean one.

    Parameters
    ----------
    n_components : int, default=2
        Numbers in the code.
    channels : tuple of int, default=(16, 32)
        Maps after each convolution; ``()`` is none, one dense layer each way.
    noise : float, default=0.0
        Standard deviation of the noise added while learning, as a share of the range from black to white.
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
        With its ``encoder`` and ``decoder`` for pictures of shape (n_samples, C, H, W), on the CPU.
    history_ : History
        Mean squared error by epoch, while learning and on pictures held out (with `noise`, of the clean picture drawn
        again from a noisy one).
    image_shape_ : tuple of int
        ``(H, W)`` or ``(H, W, C)``.

    References
    ----------
    .. [1] Hinton, G. E. and Salakhutdinov, R. R. (2006). Reducing the dimensionality of data with neural networks.
       Science 313, 504-507.
    .. [2] Masci, J., Meier, U., Ciresan, D. and Schmidhuber, J. (2011). Stacked convolutional auto-encoders for
       hierarchical feature extraction. ICANN, LNCS 6791, 52-59. (There pooling halves the maps.)
    .. [3] Dumoulin, V. and Visin, F. (2016). A guide to convolution arithmetic for deep learning. arXiv:1603.07285.
    .. [4] Vincent, P. et al. (2008). Extracting and composing robust features with denoising autoencoders. ICML.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from mmlearn_edu.networks import ConvAutoencoder
    >>> images = load_digits().images[:200] / 16
    >>> autoencoder = ConvAutoencoder(n_components=3, epochs=2, random_state=0).fit(images)
    >>> autoencoder.transform(images).shape, autoencoder.inverse_transform([[0.0, 0.0, 0.0]]).shape
    ((200, 3), (1, 8, 8))
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        channels: tuple[int, ...] = (16, 32),
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
        self.channels = channels
        self.noise = noise
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: Any = None) -> ConvAutoencoder:
        """Learn to draw the pictures `X` again; `y` is ignored.

        `X` has shape (n_samples, H, W) or (n_samples, H, W, C): uint8 in 0..255, or floats in [0, 1].

        Raises
        ------
        ValueError
            If a setting is out of range, or `X` are no pictures, or a single one.
        """
        images = _read(X)
        if len(images) < 2:
            raise ValueError("X holds a single picture (n_samples = 1), expected a minimum of 2: what do they share?")
        check_widths(self.n_components, self.channels, name="channels")
        check_noise(self.noise)
        self.image_shape_ = images.shape[1:]
        maps = _channels_first(images)
        settings = (maps.shape[1:], self.channels, self.n_components)
        self.network_, self.history_ = build_and_train(
            self, lambda: EncoderDecoder(conv_encoder(*settings), conv_decoder(*settings)), self._loss, maps
        )
        self._n_features_out = self.n_components
        return self

    @torch.no_grad()
    def transform(self, X: ArrayLike) -> Floats:
        """Encode: (n_samples, H, W) or (n_samples, H, W, C) -> (n_samples, n_components), float32.

        Raises
        ------
        ValueError
            If `X` are no pictures of the size seen in ``fit``.
        """
        images = self._images(X)
        return self.network_.encoder(as_tensor(_channels_first(images))).numpy()

    @torch.no_grad()
    def inverse_transform(self, Z: ArrayLike) -> Floats:
        """Draw: (n_samples, n_components) -> pictures of the shape seen in ``fit``, float32 in [0, 1].

        Raises
        ------
        ValueError
            If `Z` does not have one column per component.
        """
        check_is_fitted(self)
        maps = self.network_.decoder(as_tensor(read_codes(Z, self._n_features_out)))
        return maps.clamp(0, 1).permute(0, 2, 3, 1).reshape(-1, *self.image_shape_).numpy()

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Minus the mean squared error of `X` drawn again: at most 0, the higher the better."""
        images = self._images(X)
        return -float(np.mean((images - self.inverse_transform(self.transform(images))) ** 2, dtype=np.float64))

    def _images(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        images = _read(X)
        if images.shape[1:] != self.image_shape_:
            raise ValueError(
                f"{type(self).__name__} was fitted on pictures of shape {self.image_shape_}, got {images.shape[1:]}; "
                "bring all to one height, width and number of channels first"
            )
        return images

    def _loss(self, network: nn.Module, maps: Tensor) -> Tensor:
        seen = maps + self.noise * torch.randn_like(maps) if self.noise else maps
        return nn.functional.mse_loss(network(seen), maps)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # the input is pictures
        tags.input_tags.three_d_array = True
        tags.no_validation = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def conv_encoder(shape: tuple[int, int, int], channels: tuple[int, ...], n_components: int) -> nn.Sequential:
    """Stack convolutions that halve height and width, and a dense layer: (n, C, H, W) -> (n, n_components)."""
    layers: list[nn.Module] = []
    for before, after in pairwise([shape[0], *channels]):
        layers += [nn.Conv2d(before, after, kernel_size=3, stride=2, padding=1), nn.ReLU()]
    last = map_shapes(shape, channels)[-1]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(int(np.prod(last)), n_components))


def conv_decoder(shape: tuple[int, int, int], channels: tuple[int, ...], n_components: int) -> nn.Sequential:
    """Go the way of `conv_encoder` back: (n, n_components) -> (n, C, H, W)."""
    sizes = map_shapes(shape, channels)[::-1]
    layers: list[nn.Module] = [nn.Linear(n_components, int(np.prod(sizes[0]))), nn.Unflatten(1, sizes[0])]
    for (before, _, _), (after, height, width) in pairwise(sizes):
        # doubled, 4 becomes 7; one row more makes it 8 where the encoder came from an even number
        extra = (1 - height % 2, 1 - width % 2)
        layers += [
            nn.ReLU(),
            nn.ConvTranspose2d(before, after, kernel_size=3, stride=2, padding=1, output_padding=extra),
        ]
    return nn.Sequential(*layers)


def map_shapes(shape: tuple[int, int, int], channels: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """List the shapes (channels, height, width) from the picture to the last maps."""
    shapes = [shape]
    for n_maps in channels:
        _, height, width = shapes[-1]
        shapes.append((int(n_maps), (height + 1) // 2, (width + 1) // 2))
    return shapes


def _read(X: ArrayLike) -> Floats:
    images = unit_range(X)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"expected pictures of shape (n_samples, H, W) or (n_samples, H, W, C), got {images.shape}; "
            "for one picture write X[None], for rows of pixels X.reshape(-1, H, W)"
        )
    return images.astype(np.float32)


def _channels_first(images: Floats) -> Floats:
    """Bring channels where torch wants them: (n, H, W) or (n, H, W, C) -> (n, C, H, W)."""
    return images[:, None] if images.ndim == 3 else np.moveaxis(images, -1, 1)
