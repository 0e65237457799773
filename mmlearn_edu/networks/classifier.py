"""Any small network as a classifier of scikit-learn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from mmlearn_edu._samples import read_samples
from mmlearn_edu.classification.base import BaseSoftmaxClassifier, Matrix, number_classes
from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import as_tensor
from mmlearn_edu.networks.dense_network import DenseNetwork

__all__ = ["NetworkClassifier"]

Samples = NDArray[np.float32]
ROWS_AT_A_TIME = 1024  # of a prediction: so few that the maps of all layers fit into memory


class NetworkClassifier(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseSoftmaxClassifier):
    r"""Learn to tell classes apart with a network of your choice, and hand out what its last hidden layer sees.

    The network gives a score :math:`a_c` for every class; what is made small is how surprising the true classes
    :math:`y_i` are, the cross entropy [1]_

    .. math:: -\frac{1}{n} \sum_i \ln p(y_i \mid x_i), \qquad p(c \mid x) = \frac{e^{a_c}}{\sum_k e^{a_k}}.

    `transform` returns the hidden layer below these scores: features that were learnt for one task and can be frozen
    for another, e.g. under a `LogisticRegression` (a *linear probe*).

    Everything is computed in float32. Bring features to about the same range, near [0, 1] or a variance of 1, before.

    The rows held out to stop early are drawn at random. Where rows come in groups, such as several pictures of one
    writer, they hold the same groups as the rows learnt from: their loss is good enough to stop by, and too good to
    report. Split by group yourself first, e.g. with ``GroupKFold``, and score on groups never seen.

    Parameters
    ----------
    network : callable, default=DenseNetwork
        ``network(sample_shape, n_classes)`` returns a ``torch.nn.Module`` that gives scores of shape (n, n_classes) for
        samples of shape (n, \*sample_shape); `transform` needs it to have a method ``features``. A class such as
        `ImageCNN`, `AudioCNN` or `VideoCNN`, a function, or with settings ``partial(DenseNetwork, hidden=(32, 32))``. A
        lambda cannot be pickled.
    epochs : int, default=100
        The most there will be; see `train` for this and the next four.
    batch_size : int, default=64
    learning_rate : float, default=0.003
    validation_share : float in [0, 1), default=0.1
    patience : int, default=10
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out rows and batches.
    verbose : bool, default=False

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), in order
    network_ : torch.nn.Module
        In ``eval()`` mode, and on the CPU wherever it was trained.
    history_ : History
        Cross entropy by epoch, in nats, while learning and on rows held out. Who knows nothing pays
        :math:`\ln n_{\text{classes}}`.
    sample_shape_ : tuple of int
        Shape of one sample.

    References
    ----------
    .. [1] Goodfellow, I., Bengio, Y. and Courville, A. (2016). Deep Learning, ch. 6.2.2.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from mmlearn_edu.networks import ImageCNN, NetworkClassifier
    >>> digits = load_digits()
    >>> X, y = digits.images[:300] / 16, digits.target[:300]  # (300, 8, 8)
    >>> model = NetworkClassifier(ImageCNN, epochs=5, random_state=0).fit(X, y)
    >>> model.predict(X[:5]).shape, model.predict_proba(X[:5]).shape, model.transform(X[:5]).shape
    ((5,), (5, 10), (5, 64))
    """

    def __init__(
        self,
        network: Callable[[tuple[int, ...], int], nn.Module] = DenseNetwork,
        *,
        epochs: int = 100,
        batch_size: int = 64,
        learning_rate: float = 3e-3,
        validation_share: float = 0.1,
        patience: int = 10,
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        self.network = network
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: ArrayLike) -> NetworkClassifier:
        """Learn from samples `X` (n_samples, ...) and their classes `y` (n_samples,).

        Raises
        ------
        ValueError
            If a setting is out of range, `X` has a NaN, `y` has a single class, or the network refuses such samples.
        TypeError
            If `network` does not make networks.
        FloatingPointError
            If the steps were too long for the data.
        """
        X, y = read_samples(self, X, y=y, dtype=np.float32, allow_nd=True, ensure_min_samples=2)
        self.classes_, place = number_classes(y)
        self.network_, self.history_ = build_and_train(
            self, lambda: self._build(X), _cross_entropy, X, place.astype(np.int64)
        )
        self.sample_shape_ = X.shape[1:]
        if callable(getattr(self.network_, "features", None)):
            self._n_features_out = self._features(X[:1]).shape[1]
        return self

    def transform(self, X: ArrayLike) -> Samples:
        """Return the last hidden layer: (n_samples, ...) -> (n_samples, n_features), float32.

        Raises
        ------
        AttributeError
            If the network has no method ``features``.
        """
        return self._features(self._samples(X))

    def _build(self, X: Samples) -> nn.Module:
        """Make the network, and try it on one sample."""
        name = getattr(self.network, "__name__", repr(self.network))
        if isinstance(self.network, nn.Module) or not callable(self.network):
            raise TypeError(
                f"network={self.network!r}, expected what makes a network, called as network(sample_shape, n_classes): "
                "a class such as ImageCNN, not an instance of it, since every fit starts anew"
            )
        network = self.network(X.shape[1:], len(self.classes_))
        if not isinstance(network, nn.Module):
            raise TypeError(f"{name} returned {type(network).__name__}, expected a torch.nn.Module")
        scores = _run(network.eval(), X[:1])
        if scores.shape != (1, len(self.classes_)):
            raise ValueError(
                f"{name} gives {scores.shape} for one sample, expected {(1, len(self.classes_))}: a score per class"
            )
        return network

    def _features(self, X: Samples) -> Samples:
        features = getattr(self.network_, "features", None)
        if not callable(features):
            raise AttributeError(
                f"{type(self.network_).__name__} has no method features(X), which transform needs; "
                "let it return the last hidden layer, as ImageCNN does"
            )
        return _run(features, X)

    def _scores(self, X: Samples) -> Matrix:
        return _run(self.network_, X).astype(np.float64)

    def _samples(self, X: ArrayLike) -> Samples:
        check_is_fitted(self)
        X = read_samples(self, X, dtype=np.float32, allow_nd=True, reset=False)
        if X.shape[1:] != self.sample_shape_:
            hint = "; for a single sample write X[None]" if X.shape == self.sample_shape_ else ""
            raise ValueError(f"X has samples of shape {X.shape[1:]}, but those of fit had {self.sample_shape_}{hint}")
        return X

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _cross_entropy(network: nn.Module, X: Tensor, y: Tensor) -> Tensor:
    return nn.functional.cross_entropy(network(X), y)


@torch.no_grad()
def _run(layers: Callable[[Tensor], Tensor], X: Samples) -> Samples:
    return torch.cat([layers(batch) for batch in torch.split(as_tensor(X), ROWS_AT_A_TIME)]).numpy()
