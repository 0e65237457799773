"""A small network for short films."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from mmlearn_edu.networks._shapes import check_batch, check_sample_shape

__all__ = ["VideoCNN"]

N_FEATURES = 16
MOMENTUM = 0.2  # share of each new batch in the running averages: small data has few batches


class VideoCNN(nn.Module):
    r"""Look for patterns in space and time at once: a small network of 3-D convolutions [1]_ [2]_.

    A kernel of 3 frames x 3 x 3 pixels sees where an edge is, was and will be; so one weight pattern can answer to "an
    edge that goes to the left", which no kernel on a single frame can. Both convolutions go two pixels at a time
    through the picture and one frame at a time through the film.

    ====================================  ================================  ==================================
    layer                                 gives                             numbers to learn
    ====================================  ================================  ==================================
    channels first                        (n, C, T, H, W)
    conv 3 x 3 x 3, stride (1, 2, 2),     (n, 8, T, ⌈H / 2⌉, ⌈W / 2⌉)       :math:`(27 C + 1) \cdot 8 + 16`
    batch norm, ReLU
    conv 3 x 3 x 3, stride (1, 2, 2),     (n, 16, T, ⌈H / 4⌉, ⌈W / 4⌉)      3472 + 32
    batch norm, ReLU
    mean over the map: *features*         (n, 16)
    linear                                (n, n_classes)                    :math:`17 \, n_{\text{classes}}`
    ====================================  ================================  ==================================

    For grey films (C = 1) of four classes that makes 3812 numbers. Films are framed by zeros in space and time, so that
    every size works that is not too small. One number of the last map sees 5 frames of 7 x 7 pixels.

    Parameters
    ----------
    clip_shape : tuple of int
        (frames, height, width) for grey films or (frames, height, width, channels), in the order of a batch;
        2 frames at least, height and width at least 4. Pixels in [0, 1].
    n_classes : int

    Raises
    ------
    ValueError
        If films have another shape or are too small.

    References
    ----------
    .. [1] Ji, S., Xu, W., Yang, M. and Yu, K. (2013). 3D convolutional neural networks for human action recognition.
       IEEE Trans. Pattern Analysis and Machine Intelligence 35(1), 221-231.
    .. [2] Tran, D. et al. (2015). Learning spatiotemporal features with 3D convolutional networks. ICCV.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import VideoCNN
    >>> network = VideoCNN((8, 32, 32), n_classes=4)
    >>> network.features(torch.zeros(5, 8, 32, 32)).shape, network(torch.zeros(5, 8, 32, 32)).shape
    (torch.Size([5, 16]), torch.Size([5, 4]))
    >>> sum(weights.numel() for weights in network.parameters())
    3812
    """

    def __init__(self, clip_shape: Sequence[int], n_classes: int) -> None:
        super().__init__()
        expected = "(frames, height, width) or (frames, height, width, channels)"
        advice = "one frame has no motion, for that take ImageCNN; small frames can be enlarged"
        self.clip_shape = check_sample_shape(clip_shape, "clips", expected, (2, 4, 4), advice)
        n_channels = self.clip_shape[3] if len(self.clip_shape) == 4 else 1
        self.body = nn.Sequential(*_convolution(n_channels, 8), *_convolution(8, N_FEATURES))
        self.head = nn.Linear(N_FEATURES, n_classes)

    def maps(self, X: Tensor) -> Tensor:
        """Return what the last convolution sees: (n, ...) -> (n, 16, frames, ⌈height / 4⌉, ⌈width / 4⌉)."""
        check_batch(X, self.clip_shape, "clips")
        return self.body(X[:, None] if X.ndim == 4 else X.movedim(-1, 1))

    def features(self, X: Tensor) -> Tensor:
        """Average every map over space and time: (n, ...) -> (n, 16), 0 or more."""
        return self.maps(X).mean(dim=(2, 3, 4))

    def forward(self, X: Tensor) -> Tensor:
        """Score every class: (n, ...) -> (n, n_classes), before the softmax."""
        return self.head(self.features(X))


def _convolution(n_in: int, n_out: int) -> list[nn.Module]:
    convolution = nn.Conv3d(n_in, n_out, kernel_size=3, stride=(1, 2, 2), padding=1)
    return [convolution, nn.BatchNorm3d(n_out, momentum=MOMENTUM), nn.ReLU()]
