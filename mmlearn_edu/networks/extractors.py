"""Features of pictures and clips from networks that were trained on millions of others."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate

from mmlearn_edu.networks._guards import as_tensor, check_counts, words_about_memory
from mmlearn_edu.networks.device import device
from mmlearn_edu.networks.seeding import seeded
from mmlearn_edu.networks.vision import torchvision
from mmlearn_edu.networks.weights import KINDS, PRETRAINED, load_weights

__all__ = ["prepare_clips", "prepare_images", "r3d_18_features", "vgg16_features"]

# What the pretrained networks were shown: mean and standard deviation of red, green and blue, of values in [0, 1]
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
KINETICS = ((0.43216, 0.394666, 0.37645), (0.22803, 0.22145, 0.216989))
VGG16 = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)  # channels; 0: halve the sides


def vgg16_features(
    images: ArrayLike,
    *,
    weights: str = "cached",
    pooled: bool = False,
    batch_size: int = 16,
    random_state: int = 0,
) -> NDArray[np.float32]:
    """Describe pictures by the last maps of VGG16 [1]_, which was trained to name what is on photographs.

    Only its convolutions are built, 15 of its 138 million weights. It sees what `prepare_images` makes.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width, 3)
        uint8, 0 to 255, in the order red, green, blue. Grey ones, (n_images, height, width), are shown in all three.
    weights : {"cached", "download", "random"}, default="cached"
        Pretrained ones, if they are on this machine; or fetched first (553 MB); or drawn at random from `random_state`,
        which needs nothing and knows nothing, but has the same shapes.
    pooled : bool, default=False
        Average each map over its 7 x 7 places.
    batch_size : int, default=16
        Pictures that are in the network at once.
    random_state : int, default=0
        Draws random weights; unused with others.

    Returns
    -------
    ndarray of shape (n_images, 7, 7, 512) or, pooled, (n_images, 512)
        float32, 0 or more.

    Raises
    ------
    WeightsUnavailable
        If the pretrained weights are not there: where to put them, and how to fetch them.
    ValueError
        If the pictures are no uint8 of such a shape, or a setting is none of those.
    MemoryError
        If a batch does not fit.

    References
    ----------
    .. [1] Simonyan, K. and Zisserman, A. (2015). Very deep convolutional networks for large-scale image recognition.
       ICLR.

    Examples
    --------
    >>> from mmlearn_edu.datasets import make_scenes
    >>> from mmlearn_edu.networks import vgg16_features
    >>> vgg16_features(make_scenes(2).X["image"], weights="random").shape
    (2, 7, 7, 512)
    """
    images = _pixels(images, "images", 4)
    network = _network("vgg16", Convolutions, weights, random_state)
    maps = _run(network, images, prepare_images, batch_size)
    return maps.mean(axis=(2, 3)) if pooled else np.ascontiguousarray(maps.transpose(0, 2, 3, 1))


def r3d_18_features(
    clips: ArrayLike, *, weights: str = "cached", batch_size: int = 4, random_state: int = 0
) -> NDArray[np.float32]:
    """Describe clips by 512 numbers each, with R3D-18 [1]_, which was trained to name what people do in films.

    Its convolutions are three-dimensional, over time too. It sees what `prepare_clips` makes.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width, 3)
        uint8, 0 to 255, in the order red, green, blue. Grey ones, without the last axis, are shown in all three. It was
        trained on 16 frames, 15 a second.
    weights : {"cached", "download", "random"}, default="cached"
        As for `vgg16_features`; the file has 134 MB.
    batch_size : int, default=4
        Clips that are in the network at once.
    random_state : int, default=0
        Draws random weights; unused with others.

    Returns
    -------
    ndarray of shape (n_clips, 512)
        float32, 0 or more: the last maps, averaged over time and place.

    Raises
    ------
    WeightsUnavailable
        If the pretrained weights are not there: where to put them, and how to fetch them.
    ValueError
        If the clips are no uint8 of such a shape, or a setting is none of those.
    MemoryError
        If a batch does not fit.

    References
    ----------
    .. [1] Tran, D. et al. (2018). A closer look at spatiotemporal convolutions for action recognition. CVPR.

    Examples
    --------
    >>> from mmlearn_edu.datasets import make_scenes
    >>> from mmlearn_edu.networks import r3d_18_features
    >>> r3d_18_features(make_scenes(1).X["clip"], weights="random").shape
    (1, 512)
    """
    clips = _pixels(clips, "clips", 5)
    return _run(_network("r3d_18", _r3d_18, weights, random_state), clips, prepare_clips, batch_size)


def prepare_images(images: ArrayLike) -> Tensor:
    r"""Turn pictures into what VGG16 was trained on: this is its contract, and each clause of it matters.

    1. Red, green, blue, in this order.
    2. The shorter side becomes 256 pixels, the other in proportion (bilinear, smoothed where it shrinks).
    3. The 224 x 224 in the middle are cut out.
    4. 0..255 becomes 0..1, minus the mean (0.485, 0.456, 0.406), over the standard deviation (0.229, 0.224, 0.225) of
       each colour.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width, 3), uint8
        Or grey, (n_images, height, width).

    Returns
    -------
    Tensor of shape (n_images, 3, 224, 224)
        float32, about -2.1 to 2.7.

    Raises
    ------
    ValueError
        If the pictures are no uint8 of such a shape.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.networks import prepare_images
    >>> prepare_images(np.full((1, 40, 30, 3), 255, dtype=np.uint8))[0, :, 0, 0]  # white: (1 - mean) / std
    tensor([2.2489, 2.4286, 2.6400])
    """
    images = _pixels(images, "images", 4)
    height, width = images.shape[1:3]
    short = min(height, width)
    size = (256 * height // short, 256 * width // short)
    return _standard(_resize(images, size, antialias=True), 224, IMAGENET)


def prepare_clips(clips: ArrayLike) -> Tensor:
    r"""Turn clips into what R3D-18 was trained on: this is its contract, and each clause of it matters.

    1. Red, green, blue, in this order; the colour before the time.
    2. Every frame becomes 128 x 171 pixels, whatever its proportions (bilinear, not smoothed).
    3. The 112 x 112 in the middle are cut out.
    4. 0..255 becomes 0..1, minus the mean (0.43216, 0.394666, 0.37645), over the standard deviation (0.22803, 0.22145,
       0.216989) of each colour.

    Parameters
    ----------
    clips : array-like of shape (n_clips, n_frames, height, width, 3), uint8
        Or grey, without the last axis.

    Returns
    -------
    Tensor of shape (n_clips, 3, n_frames, 112, 112)
        float32, about -1.9 to 2.9.

    Raises
    ------
    ValueError
        If the clips are no uint8 of such a shape.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.networks import prepare_clips
    >>> prepare_clips(np.zeros((1, 16, 60, 80, 3), dtype=np.uint8)).shape
    torch.Size([1, 3, 16, 112, 112])
    """
    clips = _pixels(clips, "clips", 5)
    n_clips, n_frames = clips.shape[:2]
    frames = _standard(_resize(clips.reshape(-1, *clips.shape[2:]), (128, 171), antialias=False), 112, KINETICS)
    return frames.view(n_clips, n_frames, 3, 112, 112).transpose(1, 2)


def _pixels(images: ArrayLike, name: str, n_axes: int) -> NDArray[np.uint8]:
    """Return (n, ..., height, width, 3), uint8."""
    try:
        pixels = np.asarray(images)
    except ValueError:
        raise ValueError(f"{name} are not all of one shape; scale or cut them to one size first") from None
    grey = pixels.ndim == n_axes - 1 and pixels.shape[-1] != 3  # (height, width, 3) is one picture, not many grey ones
    pixels = np.repeat(pixels[..., None], 3, axis=-1) if grey else pixels
    if pixels.dtype != np.uint8 or pixels.ndim != n_axes or pixels.shape[-1] != 3 or 0 in pixels.shape:
        expected = "(n, frames, height, width, 3)" if n_axes == 5 else "(n, height, width, 3)"
        raise ValueError(
            f"{name} are {pixels.dtype} of shape {pixels.shape}, expected uint8 of shape {expected}, or grey without "
            f"the 3; a single one is {name}[None], and values in [0, 1] become (255 * x).round().astype('uint8')"
        )
    return pixels


def _resize(images: NDArray[np.uint8], size: tuple[int, int], antialias: bool) -> Tensor:
    """Give (n, height, width, 3) another size: (n, 3, *size), whole numbers from 0 to 255 as float32."""
    pixels = as_tensor(images).permute(0, 3, 1, 2).float()
    return interpolate(pixels, size, mode="bilinear", antialias=antialias).round()


def _standard(pixels: Tensor, side: int, colours: tuple[tuple[float, ...], tuple[float, ...]]) -> Tensor:
    """Cut out the middle and standardise each colour."""
    top, left = (round((length - side) / 2) for length in pixels.shape[2:])
    mean, std = (torch.tensor(values)[:, None, None] for values in colours)
    return (pixels[..., top : top + side, left : left + side] / 255 - mean) / std


def _network(name: str, build: Callable[[], nn.Module], weights: str, random_state: int) -> nn.Module:
    if weights not in KINDS:
        raise ValueError(f"{weights=}, expected one of {', '.join(map(repr, KINDS))}")
    if not isinstance(random_state, Integral):
        raise ValueError(f"{random_state=}, expected a whole number; it draws the random weights")
    pretrained = None if weights == "random" else load_weights(PRETRAINED[name], weights)
    with seeded(int(random_state)):
        network = build()
    if pretrained is not None:
        own = network.state_dict()
        network.load_state_dict({name: weight for name, weight in pretrained.items() if name in own})
    return network.eval()


class Convolutions(nn.Module):
    """The convolutions of VGG16, named as in its file of weights; at first random, such that signals keep their size.

    References
    ----------
    .. [1] He, K., Zhang, X., Ren, S. and Sun, J. (2015). Delving deep into rectifiers. ICCV.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for width in VGG16:
            if width == 0:
                layers.append(nn.MaxPool2d(2))
                continue
            convolution = nn.Conv2d(before, width, kernel_size=3, padding=1)
            nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(convolution.bias)  # type: ignore[arg-type]
            layers += [convolution, nn.ReLU()]
            before = width
        self.features = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """Look at pictures: (n, 3, 224, 224) -> (n, 512, 7, 7)."""
        return self.features(images)


def _r3d_18() -> nn.Module:
    """Take torchvision's, without its last layer, which names what people do."""
    network = torchvision().models.video.r3d_18(weights=None)
    network.fc = nn.Identity()
    return network


@torch.no_grad()
def _run(
    network: nn.Module, samples: NDArray[np.uint8], prepare: Callable[[Any], Tensor], batch_size: int
) -> NDArray[np.float32]:
    """Send the samples through, batch by batch."""
    check_counts(batch_size=batch_size)
    place, batches = device(), range(0, len(samples), int(batch_size))
    with words_about_memory(batch_size, place):
        network = network.to(place)
        found = [network(prepare(samples[at : at + batch_size]).to(place)).cpu() for at in batches]
        return torch.cat(found).numpy()
