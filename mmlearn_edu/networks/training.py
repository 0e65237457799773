"""How a network learns: the one loop that all of them share."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from mmlearn_edu.networks._guards import as_tensors, check_finite, check_settings, words_about_memory
from mmlearn_edu.networks.device import device as fastest
from mmlearn_edu.networks.seeding import seeded

__all__ = ["History", "train"]

Loss = Callable[..., Tensor]


@dataclass
class History:
    """What `train` went through.

    Parameters
    ----------
    train : list of float
        Mean loss of every epoch on the rows learnt from, measured while learning.
    validation : list of float
        Mean loss after every epoch on the rows held out; empty if none were.
    best_epoch : int, default=0
        The epoch, counted from 1, whose weights were kept: the lowest validation loss, or training loss without.
    interrupted : bool, default=False
        Whether someone pressed stop before it was done.

    Examples
    --------
    >>> from mmlearn_edu.networks import History
    >>> History(train=[0.9, 0.5, 0.4], validation=[0.8, 0.6, 0.7], best_epoch=2).validation[-1]
    0.7
    """

    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    best_epoch: int = 0
    interrupted: bool = False


def train(
    model: nn.Module,
    loss: Loss,
    *arrays: ArrayLike | Tensor,
    epochs: int = 100,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    validation_share: float = 0.1,
    patience: int = 10,
    seed: int = 0,
    device: str | torch.device | None = None,
    verbose: bool = False,
) -> History:
    r"""Fit the weights of `model` in place, and keep those of its best epoch.

    Every epoch shuffles the rows, and for every batch of them moves the weights :math:`\theta` one step against the
    gradient :math:`\nabla_\theta L(\theta)` of its mean loss, as long as Adam chooses [1]_. Learning stops when the
    loss on rows held out has not fallen for `patience` epochs [2]_. The same seed gives the same weights on the same
    machine; torch's own random numbers are left as they were.

    Parameters
    ----------
    model : torch.nn.Module
        Ends on `device` and in ``eval()`` mode.
    loss : callable
        ``loss(model, *batch)`` returns the mean loss of a batch, a tensor with one number; `batch` has the same rows of
        every one of `arrays`.
    *arrays : array-like or Tensor, each of shape (n_samples, ...)
        Row i of all of them belongs together. They go to `device` whole, with the dtype they have.
    epochs : int, default=100
        The most there will be.
    batch_size : int, default=64
    learning_rate : float, default=0.001
    validation_share : float in [0, 1), default=0.1
        Of the rows, drawn at random, to hold out; rounded up, but one row stays. Without any, the training loss is
        watched instead.
    patience : int, default=10
        Epochs to wait for a lower loss.
    seed : int, default=0
        Decides who is held out, the order of rows, and all random numbers of `model` and `loss`.
    device : str or torch.device, default=None
        Such as "cpu"; what `mmlearn_edu.networks.device` says if None.
    verbose : bool, default=False
        Whether to show one line on stderr that follows the epochs.

    Returns
    -------
    History
        The losses of every epoch. If you interrupt it after its first epoch, it warns and returns the best so far.

    Raises
    ------
    ValueError
        If a setting is out of range, or the arrays have no rows or not equally many.
    FloatingPointError
        If the loss is no longer finite.
    MemoryError
        If a batch does not fit.

    References
    ----------
    .. [1] Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization. ICLR.
    .. [2] Prechelt, L. (1998). Early stopping - but when? Neural Networks: Tricks of the Trade, LNCS 1524, 55-69.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import train
    >>> x = torch.linspace(-1, 1, 200)[:, None]
    >>> line = torch.nn.Linear(1, 1)
    >>> history = train(line, lambda f, x, y: ((f(x) - y) ** 2).mean(), x, 3 * x + 1, learning_rate=0.1, device="cpu")
    >>> abs(line.weight.item() - 3) < 0.1, abs(line.bias.item() - 1) < 0.1
    (True, True)
    """
    check_settings(epochs, batch_size, learning_rate, validation_share, patience)
    batch_size = int(batch_size)  # torch splits by plain integers, not by those of a numpy grid
    place = torch.device(fastest() if device is None else device)
    history, lowest, weights = History(), math.inf, {}
    with seeded(seed, place), words_about_memory(batch_size, place):
        model.to(place)
        tensors = as_tensors(arrays, place)
        rows, held_out = _split(len(tensors[0]), validation_share)
        optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
        try:
            for epoch in range(1, epochs + 1):
                shuffled = rows[torch.randperm(len(rows))]
                losses = [_one_epoch(model, loss, tensors, torch.split(shuffled, batch_size), optimizer)]
                if len(held_out):
                    losses.append(_one_epoch(model, loss, tensors, torch.split(held_out, batch_size)))
                check_finite(losses, epoch, learning_rate)
                if losses[-1] < lowest:
                    lowest, weights, history.best_epoch = losses[-1], _copy_of_weights(model), epoch
                history.train.append(losses[0])
                history.validation += losses[1:]
                if verbose:
                    _show(history, epochs)
                if epoch - history.best_epoch == patience:
                    break
        except KeyboardInterrupt:
            if not weights:
                raise  # nothing is learnt yet
            history.interrupted = True
            words = f"interrupted after {len(history.train)} of {epochs} epochs; kept the weights of epoch "
            warnings.warn(f"{words}{history.best_epoch}, the best so far", stacklevel=2)
        finally:
            sys.stderr.write("\n" if verbose else "")
        model.load_state_dict(weights)
    model.eval()
    return history


def _split(n_samples: int, validation_share: float) -> tuple[Tensor, Tensor]:
    """Draw the rows to learn from and the rows to hold out."""
    n_held_out = min(math.ceil(validation_share * n_samples), n_samples - 1)
    order = torch.randperm(n_samples)
    return order[n_held_out:], order[:n_held_out]


def _one_epoch(
    model: nn.Module,
    loss: Loss,
    tensors: list[Tensor],
    batches: Iterable[Tensor],
    optimizer: torch.optim.Optimizer | None = None,
) -> float:
    """Return the mean loss over these batches of rows; with an optimizer, learn from each of them."""
    model.train(optimizer is not None)
    losses, sizes = [], []
    with torch.set_grad_enabled(optimizer is not None):
        for batch in batches:
            value = loss(model, *[tensor[batch] for tensor in tensors])
            if optimizer is not None:
                optimizer.zero_grad()
                value.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            losses.append(value.detach())  # stays on the device: asking a GPU for a number makes it wait
            sizes.append(len(batch))
    return (torch.stack(losses).cpu().double() @ torch.tensor(sizes).double() / sum(sizes)).item()


def _copy_of_weights(model: nn.Module) -> dict[str, Tensor]:
    return {name: weight.clone() for name, weight in model.state_dict().items()}


def _show(history: History, epochs: int) -> None:
    """Rewrite the one line on stderr."""
    validation = f", validation {history.validation[-1]:.4g}" if history.validation else ""
    now = f"epoch {len(history.train)} of {epochs}: training loss {history.train[-1]:.4g}{validation}"
    sys.stderr.write(f"\r{now}, best epoch {history.best_epoch}   ")
    sys.stderr.flush()
