"""What ``fit`` does in every estimator of this room that learns by `train`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.utils import check_random_state
from torch import nn

from mmlearn_edu.networks.seeding import seeded
from mmlearn_edu.networks.training import History, Loss, train

__all__ = ["build_and_train"]

SETTINGS = ("epochs", "batch_size", "learning_rate", "validation_share", "patience", "verbose")


def build_and_train(
    estimator: Any, build: Callable[[], nn.Module], loss: Loss, *arrays: Any, **instead: Any
) -> tuple[Any, History]:
    """Build a network and train it as the parameters of `estimator` say; return it, on the CPU, and its history.

    One number drawn from ``random_state`` decides the first weights, another everything that `train` draws.
    `instead` replaces single settings.
    """
    first, later = check_random_state(estimator.random_state).randint(np.iinfo(np.int32).max, size=2)
    with seeded(int(first)):
        network = build()
    settings = {name: getattr(estimator, name) for name in SETTINGS} | instead
    history = train(network, loss, *arrays, seed=int(later), **settings)
    return network.cpu(), history
