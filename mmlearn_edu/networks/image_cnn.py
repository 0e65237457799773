"""A small network for small pictures."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from mmlearn_edu.networks._shapes import check_batch, check_sample_shape

__all__ = ["ImageCNN"]

N_FEATURES = 64
MOMENTUM = 0.2  # share of each new batch in the running averages: small data has few batches


class ImageCNN(nn.Module):
    r"""Look for small patterns everywhere in a picture, then for patterns of patterns: a convolutional network [1]_.

    Four convolutions of 3 x 3 pixels, each followed by batch normalisation [2]_ (every map gets mean 0 and variance 1
    over the batch, then a scale and an offset that are learnt) and ReLU. Half way the maximum of every 2 x 2 pixels is
    kept. At the end each of the 64 maps is averaged over the whole picture [3]_: what is there counts, not where.

    ===============================  ==========================  ==================================
    layer                            gives                       numbers to learn
    ===============================  ==========================  ==================================
    channels first                   (n, C, H, W)
    conv 3 x 3, batch norm, ReLU     (n, 16, H, W)               :math:`(9 C + 1) \cdot 16 + 32`
    conv 3 x 3, batch norm, ReLU     (n, 32, H, W)               4640 + 64
    max pool 2 x 2                   (n, 32, H // 2, W // 2)
    conv 3 x 3, batch norm, ReLU     (n, 64, H // 2, W // 2)     18 496 + 128
    conv 3 x 3, batch norm, ReLU     (n, 64, H // 2, W // 2)     36 928 + 128
    mean over the map: *features*    (n, 64)
    linear                           (n, n_classes)              :math:`65 \, n_{\text{classes}}`
    ===============================  ==========================  ==================================

    For grey pictures (C = 1) of ten classes that makes 61 226 numbers, whatever the size. A picture is framed by a
    border of zeros so that convolution keeps its size; with an odd height or width the pool leaves out the last row or
    column. One number of the last map sees 14 x 14 pixels.

    While learning, the batch decides what mean 0 is; after ``eval()`` a running average over all batches does. Forget
    ``eval()``, and what is said of a picture depends on its neighbours in the batch (`train` and `NetworkClassifier`
    do not forget).

    Parameters
    ----------
    image_shape : tuple of int
        (height, width) for grey pictures or (height, width, channels), in the order of a batch
        of shape (n, height, width) or (n, height, width, channels); height and width at least 4. Pixels in [0, 1].
    n_classes : int

    Raises
    ------
    ValueError
        If pictures have another shape or are too small.

    References
    ----------
    .. [1] LeCun, Y. et al. (1998). Gradient-based learning applied to document recognition. Proceedings of the IEEE
       86(11), 2278-2324.
    .. [2] Ioffe, S. and Szegedy, C. (2015). Batch normalization: accelerating deep network training by reducing
       internal covariate shift. ICML.
    .. [3] Lin, M., Chen, Q. and Yan, S. (2014). Network in network. ICLR.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import ImageCNN
    >>> network = ImageCNN((32, 32, 3), n_classes=4)
    >>> network.features(torch.zeros(5, 32, 32, 3)).shape, network(torch.zeros(5, 32, 32, 3)).shape
    (torch.Size([5, 64]), torch.Size([5, 4]))
    """

    def __init__(self, image_shape: Sequence[int], n_classes: int) -> None:
        super().__init__()
        expected = "(height, width) or (height, width, channels)"
        advice = "enlarge them, or take DenseNetwork"
        self.image_shape = check_sample_shape(image_shape, "images", expected, (4, 4), advice)
        n_channels = self.image_shape[2] if len(self.image_shape) == 3 else 1
        self.body = nn.Sequential(
            *_convolution(n_channels, 16),
            *_convolution(16, 32),
            nn.MaxPool2d(2),
            *_convolution(32, N_FEATURES),
            *_convolution(N_FEATURES, N_FEATURES),
        )
        self.head = nn.Linear(N_FEATURES, n_classes)

    def maps(self, X: Tensor) -> Tensor:
        """Return what the last convolution sees: (n, ...) -> (n, 64, height // 2, width // 2), 0 or more."""
        check_batch(X, self.image_shape, "images")
        return self.body(X[:, None] if X.ndim == 3 else X.movedim(-1, 1))

    def features(self, X: Tensor) -> Tensor:
        """Average every map: (n, ...) -> (n, 64), 0 or more."""
        return self.maps(X).mean(dim=(2, 3))

    def forward(self, X: Tensor) -> Tensor:
        """Score every class: (n, ...) -> (n, n_classes), before the softmax."""
        return self.head(self.features(X))


def _convolution(n_in: int, n_out: int) -> list[nn.Module]:
    return [nn.Conv2d(n_in, n_out, kernel_size=3, padding=1), nn.BatchNorm2d(n_out, momentum=MOMENTUM), nn.ReLU()]
