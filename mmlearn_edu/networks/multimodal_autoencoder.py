"""A network that rebuilds all modalities from a code they share, also those that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from mmlearn_edu.fusion import BaseFusion
from mmlearn_edu.fusion.average import normalised
from mmlearn_edu.fusion.base import Matrices, Presence
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.networks._blocks import as_blocks, check_modality_dropout
from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import as_tensor, check_widths, read_codes
from mmlearn_edu.networks.autoencoder import dense
from mmlearn_edu.networks.modality_dropout import drop_modalities

__all__ = ["JointAutoencoder", "MultimodalAutoencoder"]


class MultimodalAutoencoder(BaseFusion):
    r"""Squeeze all modalities of a sample through one code, from which each of them can be rebuilt.

    Every modality m has an encoder :math:`e_m` and a decoder :math:`d_m` [1]_, stacks of dense layers with ReLU
    between them. The code of a sample is the mean over the modalities it has [2]_, and all of them learn together to
    rebuild what the sample has. With :math:`p_{im} = 1` where sample i has modality m, of :math:`D_m` features, else 0:

    .. math:: z_i = \frac{\sum_m p_{im}\, e_m(x_{im})}{\sum_m p_{im}}, \qquad
        L = \frac1n \sum_i \sum_m \frac{w_m\, p_{im}}{D_m} \lVert x_{im} - d_m(z_i) \rVert^2

    The code of a picture alone goes through the decoder of sound too: ``inverse_transform`` fills in what is missing.
    A network that always saw both need not have learnt that. With `modality_dropout` [3]_ it does: modalities are
    hidden from the encoders at random, and have to be rebuilt all the same.

    Everything is computed in float32. Bring the features to about the same range, near [0, 1] or a variance of 1,
    before: steps have one length for all of them, and the modality with the largest numbers has the largest errors.

    Parameters
    ----------
    n_components : int, default=2
        Numbers in the code.
    hidden : tuple of int, default=(128,)
        Widths of the hidden layers of every encoder; the decoders have the same in reverse. ``()`` is linear.
    modality_dropout : float in [0, 1), default=0.0
        Probability to hide a modality of a sample while learning; see `drop_modalities`.
    weights : mapping of str to float, default=None
        How much the error of each modality counts, 0 or more; only their proportions matter. Equal if None.
    epochs : int, default=100
        The most there will be; see `train` for this and the next four.
    batch_size : int, default=64
    learning_rate : float, default=0.003
    validation_share : float in [0, 1), default=0.1
    patience : int, default=10
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out rows, batches and what is hidden.
    verbose : bool, default=False

    Attributes
    ----------
    network_ : torch.nn.Module
        With its ``encoders`` and ``decoders`` in the order of ``n_features_per_modality_``, on the CPU.
    history_ : History
        The loss by epoch, a weighted mean of squared errors, while learning and on rows held out (with
        `modality_dropout`, of rows that miss as much).
    weights_ : dict of str to float, summing to 1
    n_features_per_modality_ : dict of str to int

    References
    ----------
    .. [1] Ngiam, J., Khosla, A., Kim, M., Nam, J., Lee, H. and Ng, A. Y. (2011). Multimodal deep learning. ICML,
       689-696. (There a layer of its own joins the modalities.)
    .. [2] Havaei, M., Guizard, N., Chapados, N. and Bengio, Y. (2016). HeMIS: hetero-modal image segmentation.
       MICCAI, LNCS 9901, 469-477.
    .. [3] Neverova, N., Wolf, C., Taylor, G. and Nebout, F. (2016). ModDrop: adaptive multi-modal gesture recognition.
       IEEE Trans. Pattern Analysis and Machine Intelligence 38(8), 1692-1706.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.modalities import Modalities
    >>> from mmlearn_edu.networks import MultimodalAutoencoder
    >>> image = np.random.default_rng(0).normal(size=(200, 2))
    >>> sound = image @ [[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]]
    >>> autoencoder = MultimodalAutoencoder(modality_dropout=0.3, random_state=0).fit({"image": image, "sound": sound})
    >>> silent = Modalities({"image": image, "sound": 0 * sound}, missing={"sound": np.ones(200, dtype=bool)})
    >>> rebuilt = autoencoder.inverse_transform(autoencoder.transform(silent))  # sound from the image alone
    >>> bool(((rebuilt["sound"] - sound) ** 2).mean() < 0.1 * sound.var())
    True
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        hidden: tuple[int, ...] = (128,),
        modality_dropout: float = 0.0,
        weights: Mapping[str, float] | None = None,
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
        self.weights = weights
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
        self.weights_ = normalised(self.weights, list(matrices))
        widths = [a.shape[1] for a in matrices.values()]
        self.network_, self.history_ = build_and_train(
            self,
            lambda: JointAutoencoder(widths, self.hidden, self.n_components),
            self._loss,
            *as_blocks(matrices, present),
        )

    @torch.no_grad()
    def _fuse(self, matrices: Matrices, present: Presence) -> NDArray[np.float32]:
        *blocks, here = as_blocks(matrices, present)
        return self.network_.encode(blocks, here).numpy()

    @torch.no_grad()
    def inverse_transform(self, Z: ArrayLike) -> Modalities:
        """Rebuild every modality: (n_samples, n_components) -> Modalities in float32, none of them missing.

        Raises
        ------
        ValueError
            If `Z` does not have one column per component.
        """
        check_is_fitted(self)
        rebuilt = self.network_.decode(as_tensor(read_codes(Z, self._n_features_out)))
        names = self.n_features_per_modality_
        return Modalities({name: block.numpy() for name, block in zip(names, rebuilt, strict=True)})

    @torch.no_grad()
    def score(self, X: Modalities | Mapping[str, Any], y: Any = None) -> float:
        """Minus the loss of `X`, nothing hidden: at most 0, the higher the better; in squared units of `X`."""
        *blocks, here = as_blocks(*self._read(X))
        return -self._error(self.network_.decode(self.network_.encode(blocks, here)), blocks, here).item()

    def _loss(self, network: nn.Module, *batch: Tensor) -> Tensor:
        *blocks, here = batch
        seen = drop_modalities(here, self.modality_dropout) if self.modality_dropout else here
        return self._error(network(blocks, seen), blocks, here)

    def _error(self, rebuilt: list[Tensor], blocks: list[Tensor], here: Tensor) -> Tensor:
        pairs = zip(rebuilt, blocks, strict=True)
        errors = torch.stack([((ours - x) ** 2).mean(dim=1) for ours, x in pairs], dim=1)  # (n_samples, n_modalities)
        return (errors * here @ errors.new_tensor(list(self.weights_.values()))).mean()

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


class JointAutoencoder(nn.Module):
    """One encoder and one decoder per modality; the codes of those that are present are averaged.

    Parameters
    ----------
    n_features : list of int
        Width of every modality.
    hidden : tuple of int
    n_components : int
    """

    def __init__(self, n_features: list[int], hidden: tuple[int, ...], n_components: int) -> None:
        super().__init__()
        widths = [[n, *hidden, n_components] for n in n_features]
        self.encoders = nn.ModuleList(dense(w) for w in widths)
        self.decoders = nn.ModuleList(dense(w[::-1]) for w in widths)

    def encode(self, blocks: list[Tensor], present: Tensor) -> Tensor:
        """Average the codes of what is present: M blocks (n_samples, n_features_m) -> (n_samples, n_components)."""
        codes = torch.stack([encoder(x) for encoder, x in zip(self.encoders, blocks, strict=True)], dim=1)
        weights = present.to(codes.dtype)
        weights = weights / weights.sum(dim=1, keepdim=True)
        return (weights[:, :, None] * codes).sum(dim=1)

    def decode(self, Z: Tensor) -> list[Tensor]:
        """Rebuild every modality from the codes."""
        return [decoder(Z) for decoder in self.decoders]

    def forward(self, blocks: list[Tensor], present: Tensor) -> list[Tensor]:
        """Rebuild every modality from those that are present."""
        return self.decode(self.encode(blocks, present))
