"""A classifier that weighs its modalities anew for every sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils import Tags, assert_all_finite
from sklearn.utils.validation import check_consistent_length, column_or_1d
from torch import Tensor, nn

from mmlearn_edu.classification.base import number_classes
from mmlearn_edu.fusion import BaseFusion
from mmlearn_edu.fusion.base import Matrices, Presence
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks._blocks import as_blocks, check_modality_dropout
from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import check_widths
from mmlearn_edu.networks.autoencoder import dense
from mmlearn_edu.networks.modality_dropout import drop_modalities

__all__ = ["GatedFusion", "GatedNetwork"]


class GatedFusion(ClassifierMixin, BaseFusion):
    r"""Name the class of a sample from all its modalities, each as far as its gate is open.

    Every modality m has a view :math:`h_m` of its own, the gates g look at all of them, and what comes through goes to
    a softmax over the classes [1]_:

    .. math:: h_m = \tanh(W_m x_m + b_m), \qquad g = \mathrm{softmax}(U [x_1, \ldots, x_M] + c), \qquad
        h = \sum_m g_m h_m, \qquad p = \mathrm{softmax}(V h + a)

    Softmax over the modalities makes the gates of a sample sum to 1, as :math:`\sigma` and :math:`1 - \sigma` do for
    the two modalities of [1]_, which has such gates for every entry of h; here one gate per modality is shared by all
    entries, so that it can be read. The gate of a modality that a sample lacks is 0, and the others share the 1.

    A network may learn from the modality that is easiest and leave the others idle. `modality_dropout` [2]_ hides
    modalities at random while learning, so that each has to be of use alone.

    Everything is computed in float32. Bring the features to a variance of about 1 before.

    Parameters
    ----------
    n_components : int, default=64
        Entries of h.
    hidden : tuple of int, default=()
        Widths of hidden layers, with ReLU, between :math:`x_m` and :math:`h_m`.
    modality_dropout : float in [0, 1), default=0.0
        Probability to hide a modality of a sample while learning; see `drop_modalities`.
    epochs : int, default=100
        The most there will be; see `train` for this and the next four.
    batch_size : int, default=64
    learning_rate : float, default=0.003
    validation_share : float in [0, 1), default=0.1
        Drawn by sample: where samples belong together (one writer, one voice), the loss on them flatters.
    patience : int, default=10
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out rows, batches and what is hidden.
    verbose : bool, default=False

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), in order
    network_ : torch.nn.Module
        With its ``views``, ``gate`` and ``output``, on the CPU wherever it was trained.
    history_ : History
        Mean cross-entropy by epoch, in nats, while learning and on rows held out (with `modality_dropout`, of rows
        that miss as much).
    n_features_per_modality_ : dict of str to int

    References
    ----------
    .. [1] Arevalo, J., Solorio, T., Montes-y-Gomez, M. and Gonzalez, F. A. (2017). Gated multimodal units for
       information fusion. ICLR workshop, arXiv:1702.01992.
    .. [2] Neverova, N., Wolf, C., Taylor, G. and Nebout, F. (2016). ModDrop: adaptive multi-modal gesture recognition.
       IEEE Trans. Pattern Analysis and Machine Intelligence 38(8), 1692-1706.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.networks import GatedFusion
    >>> rng = np.random.default_rng(0)
    >>> X = {"image": rng.normal(size=(300, 2)), "noise": rng.normal(size=(300, 2))}
    >>> y = np.where(X["image"][:, 0] > 0, "right", "left")
    >>> model = GatedFusion(random_state=0).fit(X, y)
    >>> model.predict({"image": [[-2.0, 0.0], [2.0, 0.0]], "noise": [[1.0, -1.0], [0.0, 1.0]]})
    array(['left', 'right'], dtype='<U5')
    >>> gates = model.gates(X).mean(axis=0)  # of image, of noise
    >>> bool(gates[0] > 2 * gates[1])
    True
    """

    def __init__(
        self,
        n_components: int = 64,
        *,
        hidden: tuple[int, ...] = (),
        modality_dropout: float = 0.0,
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
        self.modality_dropout = modality_dropout
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def _fit(self, matrices: Matrices, present: Presence, y: Any) -> None:
        check_widths(self.n_components, self.hidden)
        check_modality_dropout(self.modality_dropout)
        y = column_or_1d(y, warn=True)
        assert_all_finite(y, input_name="y")
        self.classes_, place = number_classes(y)
        check_consistent_length(place, *matrices.values())
        widths, n_classes = [a.shape[1] for a in matrices.values()], len(self.classes_)
        self.network_, self.history_ = build_and_train(
            self,
            lambda: GatedNetwork(widths, self.hidden, self.n_components, n_classes),
            self._loss,
            *as_blocks(matrices, present),
            place.astype(np.int64),
        )

    @torch.no_grad()
    def _fuse(self, matrices: Matrices, present: Presence) -> NDArray[np.float32]:
        *blocks, here = as_blocks(matrices, present)
        return self.network_.fuse(blocks, here).numpy()

    @torch.no_grad()
    def gates(self, X: Modalities | Mapping[str, Any]) -> NDArray[np.float32]:
        """Weigh the modalities of every sample: (n_samples, n_modalities), in [0, 1], every row sums to 1.

        The columns are in the order of ``n_features_per_modality_``.
        """
        *blocks, here = as_blocks(*self._read(X))
        return self.network_.gates(blocks, here).numpy()

    @torch.no_grad()
    def predict_proba(self, X: Modalities | Mapping[str, Any]) -> NDArray[np.float32]:
        """Probabilities in [0, 1], a column per class as in ``classes_``; every row sums to 1."""
        *blocks, here = as_blocks(*self._read(X))
        return self.network_(blocks, here).softmax(dim=1).numpy()

    def predict(self, X: Modalities | Mapping[str, Any]) -> NDArray[Any]:
        """Name the most probable class of every sample: Modalities -> (n_samples,)."""
        place = self.predict_proba(X).argmax(axis=1)
        return self.classes_[place]

    def _loss(self, network: nn.Module, *batch: Tensor) -> Tensor:
        *blocks, here, place = batch
        seen = drop_modalities(here, self.modality_dropout) if self.modality_dropout else here
        return nn.functional.cross_entropy(network(blocks, seen), place)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


class GatedNetwork(nn.Module):
    """Views of the modalities, gates that weigh them, and scores of the classes.

    Parameters
    ----------
    n_features : list of int
        Width of every modality.
    hidden : tuple of int
    n_components, n_classes : int
    """

    def __init__(self, n_features: list[int], hidden: tuple[int, ...], n_components: int, n_classes: int) -> None:
        super().__init__()
        self.views = nn.ModuleList(dense([n, *hidden, n_components]) for n in n_features)
        self.gate = nn.Linear(sum(n_features), len(n_features))
        self.output = nn.Linear(n_components, n_classes)

    def gates(self, blocks: list[Tensor], present: Tensor) -> Tensor:
        """Weigh the modalities: (n_samples, n_modalities); what is absent weighs nothing, and is not looked at."""
        seen = [x * here[:, None] for x, here in zip(blocks, present.T, strict=True)]
        scores = self.gate(torch.cat(seen, dim=1))
        return scores.masked_fill(~present, -torch.inf).softmax(dim=1)

    def fuse(self, blocks: list[Tensor], present: Tensor) -> Tensor:
        """Add up the views, each times its gate: (n_samples, n_components)."""
        views = torch.stack([view(x).tanh() for view, x in zip(self.views, blocks, strict=True)], dim=1)
        return (self.gates(blocks, present)[:, :, None] * views).sum(dim=1)

    def forward(self, blocks: list[Tensor], present: Tensor) -> Tensor:
        """Score the classes: (n_samples, n_classes)."""
        return self.output(self.fuse(blocks, present))
