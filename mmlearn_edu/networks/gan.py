"""Two networks that play against each other: one makes samples, the other tells them from real ones."""

from __future__ import annotations

import math
import sys
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from mmlearn_edu._samples import read_samples
from mmlearn_edu.networks._guards import as_tensor, check_counts, check_finite, check_settings, words_about_memory
from mmlearn_edu.networks.adversarial import discriminator_loss, generator_loss
from mmlearn_edu.networks.autoencoder import dense
from mmlearn_edu.networks.device import device
from mmlearn_edu.networks.seeding import seeded

__all__ = ["GAN", "GANHistory"]

BETAS = (0.5, 0.999)  # less momentum than Adam's usual 0.9: the other player moves the goal all the time


@dataclass
class GANHistory:
    """What a `GAN` went through while it learned.

    Parameters
    ----------
    discriminator : list of float
        Mean `discriminator_loss` of every epoch, in nats; log 4 = 1.386 where it can only guess.
    generator : list of float
        Mean `generator_loss` of every epoch, in nats; log 2 = 0.693 where the discriminator can only guess.
    interrupted : bool, default=False
        Whether someone pressed stop before it was done.

    Examples
    --------
    >>> from mmlearn_edu.networks import GANHistory
    >>> GANHistory(discriminator=[1.1, 1.3], generator=[0.9, 0.7]).generator[-1]
    0.7
    """

    discriminator: list[float] = field(default_factory=list)
    generator: list[float] = field(default_factory=list)
    interrupted: bool = False


class GAN(BaseEstimator):
    r"""Make new samples that look like the given ones: a generative adversarial network [1]_.

    The generator :math:`G` turns Gaussian noise :math:`z` into samples, the discriminator :math:`D` says how probable
    it finds a sample to be real; both are stacks of dense layers with ReLU between them. They learn in turns: in every
    round, D takes steps that make `discriminator_loss` small, then G steps that make `generator_loss` small. Adam
    decides how long the steps are, with :math:`\beta_1 = 0.5` [2]_.

    It is a game and no descent: the losses do not tell when it is done, so nothing is held out and no epoch is the
    best. Look at the samples (`mmlearn_edu.evaluation.mode_counts`). If G learns much faster than D (with
    ``generator_steps=10``, say), it makes only what D likes best at the moment: **mode collapse**.

    Everything is computed in float32. Steps have one length for all features: bring them to about the same range, near
    [-1, 1] or a variance of 1, before.

    Parameters
    ----------
    n_components : int, default=2
        Numbers in the noise z of a sample.
    hidden : tuple of int, default=(128, 128)
        Widths of the hidden layers of the generator; the discriminator has the same in reverse.
    generator_steps : int, default=1
        Steps of the generator in a round.
    discriminator_steps : int, default=1
        Steps of the discriminator in a round, each on `batch_size` rows drawn from `X` and as many samples made.
    epochs : int, default=100
        In an epoch there are as many rounds as `X` has batches.
    batch_size : int, default=64
    learning_rate : float, default=0.001
    random_state : int, RandomState or None, default=None
        Decides first weights, batches and noise.
    verbose : bool, default=False
        Whether to show one line on stderr that follows the epochs.

    Attributes
    ----------
    generator_ : torch.nn.Module
        From (n, n_components) to (n, n_features), on the CPU wherever it was trained.
    discriminator_ : torch.nn.Module
        From (n, n_features) to logits (n, 1).
    history_ : GANHistory
        Both losses by epoch.

    References
    ----------
    .. [1] Goodfellow, I. et al. (2014). Generative adversarial nets. NeurIPS 27.
    .. [2] Radford, A., Metz, L. and Chintala, S. (2016). Unsupervised representation learning with deep convolutional
       generative adversarial networks. ICLR.

    Examples
    --------
    >>> from mmlearn_edu.datasets import make_ring
    >>> from mmlearn_edu.networks import GAN
    >>> gan = GAN(epochs=2, random_state=0).fit(make_ring(200).X["point"])
    >>> made = gan.sample(3, random_state=0)
    >>> made.shape, gan.discriminate(made).shape
    ((3, 2), (3,))
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        hidden: tuple[int, ...] = (128, 128),
        generator_steps: int = 1,
        discriminator_steps: int = 1,
        epochs: int = 100,
        batch_size: int = 64,
        learning_rate: float = 1e-3,
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        self.n_components = n_components
        self.hidden = hidden
        self.generator_steps = generator_steps
        self.discriminator_steps = discriminator_steps
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: Any = None) -> GAN:
        """Learn to make samples like those of `X`, of shape (n_samples, n_features); `y` is ignored.

        If you interrupt it after its first epoch, it warns and keeps the networks as they are.

        Raises
        ------
        ValueError
            If a setting is out of range, or `X` has a single row or a NaN.
        FloatingPointError
            If the steps were too long for the data.
        MemoryError
            If a batch does not fit.
        """
        X = read_samples(self, X, dtype=np.float32, ensure_min_samples=2)
        self._check_settings()
        first, later = check_random_state(self.random_state).randint(np.iinfo(np.int32).max, size=2)
        with seeded(int(first)):
            generator = dense([self.n_components, *self.hidden, X.shape[1]])
            discriminator = dense([X.shape[1], *reversed(self.hidden), 1])
        self.history_ = self._play(generator, discriminator, as_tensor(X), int(later))
        self.generator_, self.discriminator_ = generator.cpu().eval(), discriminator.cpu().eval()
        return self

    @torch.no_grad()
    def sample(self, n_samples: int = 1, random_state: int | np.random.RandomState | None = None) -> NDArray[Any]:
        """Make samples: (n_samples, n_features), float32.

        Raises
        ------
        ValueError
            If `n_samples` is not a whole number of at least 1.
        """
        check_is_fitted(self, "generator_")
        check_counts(n_samples=n_samples)
        size = (n_samples, self.generator_[0].in_features)
        noise = check_random_state(random_state).normal(size=size).astype(np.float32)
        return self.generator_(as_tensor(noise)).numpy()

    @torch.no_grad()
    def discriminate(self, X: ArrayLike) -> NDArray[np.float32]:
        """Say how probable it is that each sample is real: (n_samples, n_features) -> (n_samples,), in [0, 1]."""
        check_is_fitted(self, "generator_")
        X = read_samples(self, X, dtype=np.float32, reset=False)
        return self.discriminator_(as_tensor(X)).sigmoid()[:, 0].numpy()

    def _play(self, generator: nn.Module, discriminator: nn.Module, X: Tensor, seed: int) -> GANHistory:
        place, history = device(), GANHistory()
        with seeded(seed, place), words_about_memory(self.batch_size, place):
            X, generator, discriminator = X.to(place), generator.to(place).train(), discriminator.to(place).train()
            optimizers = [self._optimizer(network) for network in (discriminator, generator)]
            try:
                for epoch in range(1, self.epochs + 1):
                    rounds = range(math.ceil(len(X) / self.batch_size))
                    losses = torch.stack([self._round(generator, discriminator, X, optimizers) for _ in rounds])
                    lost = losses.mean(dim=0).tolist()
                    check_finite(lost, epoch, self.learning_rate)
                    history.discriminator.append(lost[0])
                    history.generator.append(lost[1])
                    if self.verbose:
                        self._show(history)
            except KeyboardInterrupt:
                if not history.generator:
                    raise  # nothing is learnt yet
                history.interrupted = True
                words = f"interrupted after {len(history.generator)} of {self.epochs} epochs; kept the networks as "
                warnings.warn(f"{words}they are", stacklevel=3)
            finally:
                sys.stderr.write("\n" if self.verbose else "")
        return history

    def _round(self, generator: nn.Module, discriminator: nn.Module, X: Tensor, optimizers: list[Any]) -> Tensor:
        """Let both take their steps; return the mean loss of each, the discriminator's first."""
        n, place = int(self.batch_size), X.device
        lost: tuple[list[Tensor], list[Tensor]] = ([], [])
        for _ in range(self.discriminator_steps):
            real = X[torch.randint(len(X), (n,), device=place)]
            with torch.no_grad():
                made = generator(torch.randn(n, self.n_components, device=place))
            lost[0].append(_step(discriminator_loss(discriminator(real), discriminator(made)), optimizers[0]))
        for _ in range(self.generator_steps):
            made = generator(torch.randn(n, self.n_components, device=place))
            lost[1].append(_step(generator_loss(discriminator(made)), optimizers[1]))
        return torch.stack([torch.stack(losses).mean() for losses in lost])

    def _optimizer(self, network: nn.Module) -> torch.optim.Optimizer:
        return torch.optim.Adam(network.parameters(), lr=self.learning_rate, betas=BETAS)

    def _check_settings(self) -> None:
        check_settings(self.epochs, self.batch_size, self.learning_rate, validation_share=0, patience=1)
        names = ("n_components", "generator_steps", "discriminator_steps")
        check_counts(**{name: getattr(self, name) for name in names})
        if not isinstance(self.hidden, tuple | list):
            raise ValueError(f"hidden={self.hidden!r}, expected a tuple of whole numbers, 1 or more")
        check_counts(**{f"hidden[{place}]": width for place, width in enumerate(self.hidden)})

    def _show(self, history: GANHistory) -> None:
        """Rewrite the one line on stderr."""
        losses = f"discriminator loss {history.discriminator[-1]:.4g}, generator loss {history.generator[-1]:.4g}"
        sys.stderr.write(f"\repoch {len(history.generator)} of {self.epochs}: {losses}   ")
        sys.stderr.flush()


def _step(loss: Tensor, optimizer: torch.optim.Optimizer) -> Tensor:
    """Move one player against the gradient of its loss."""
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.detach()  # stays on the device: asking a GPU for a number makes it wait
