"""Weights that others have trained: where they are kept, and what to do when they are not there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
import torch
from torch import Tensor

__all__ = ["PRETRAINED", "Pretrained", "WeightsUnavailable", "load_weights"]

PATIENCE = 30  # seconds without an answer
CHUNK = 2**20  # bytes
KINDS = ("cached", "download", "random")


class WeightsUnavailable(OSError):  # noqa: N818 - it is the learner's network that fails, not the learner
    """Pretrained weights are not on this machine: where to put them, how large they are, and how to fetch them.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.networks import WeightsUnavailable, vgg16_features
    >>> def features(images):
    ...     try:
    ...         return vgg16_features(images)
    ...     except WeightsUnavailable:
    ...         return vgg16_features(images, weights="random")
    """


@dataclass(frozen=True)
class Pretrained:
    """One file of weights, as torchvision publishes it; its name ends in the first digits of its SHA256."""

    url: str
    megabytes: int

    @property
    def file(self) -> str:
        """Name of the file, the same on the network and here."""
        return self.url.rpartition("/")[2]

    @property
    def sha256(self) -> str:
        """First 8 hexadecimal digits."""
        return self.file.rpartition("-")[2].removesuffix(".pth")

    @property
    def path(self) -> Path:
        """Where torch keeps such files; the environment variable ``TORCH_HOME`` moves it."""
        return Path(torch.hub.get_dir()) / "checkpoints" / self.file


PRETRAINED = {
    "vgg16": Pretrained("https://download.pytorch.org/models/vgg16-397923af.pth", 553),
    "r3d_18": Pretrained("https://download.pytorch.org/models/r3d_18-b3b3357e.pth", 134),
}


def load_weights(wanted: Pretrained, weights: str) -> Mapping[str, Tensor]:
    """Return the weights from the cache, which is filled first if `weights` is "download".

    Raises
    ------
    WeightsUnavailable
        If the file is not there, is not the published one, or cannot be fetched. No part of it is left behind.
    """
    if weights == "download" and not (wanted.path.is_file() and _is_published(wanted, wanted.path)):
        _download(wanted)
    if not wanted.path.is_file():
        raise _unavailable(wanted, "is not on this machine")
    if not _is_published(wanted, wanted.path):
        raise _unavailable(wanted, "is there, but is not the published file (its SHA256 differs)")
    return torch.load(wanted.path, map_location="cpu", weights_only=True)


def _is_published(wanted: Pretrained, path: Path) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(wanted.sha256)


def _download(wanted: Pretrained) -> None:
    from mmlearn_edu.datasets._download import _Bar, _why  # here: whoever fetches nothing need not load it

    part, bar = wanted.path.with_suffix(".part"), _Bar(wanted.file)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with requests.get(wanted.url, stream=True, timeout=PATIENCE) as answer, part.open("wb") as file:
            answer.raise_for_status()
            bar.total = int(answer.headers.get("Content-Length", 0))
            for chunk in answer.iter_content(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
            bar.close()
        if not _is_published(wanted, part):
            raise ValueError("another file")
        part.replace(wanted.path)
    except (OSError, ValueError) as error:
        raise _unavailable(wanted, f"cannot be fetched: {_why(error)}") from error
    finally:
        if part.is_file():
            part.unlink()


def _unavailable(wanted: Pretrained, why: str) -> WeightsUnavailable:
    path = str(wanted.path)
    return WeightsUnavailable(
        f"{wanted.file} ({wanted.megabytes} MB) {why}. Ask for weights='download' where there is a network; or fetch "
        f"{wanted.url} elsewhere and save it as {path!r}, e.g. `curl --create-dirs -o {path!r} {wanted.url}`. "
        "Shapes and preprocessing can be had without it: weights='random'"
    )
