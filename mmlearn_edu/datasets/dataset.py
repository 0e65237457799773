"""What every loader returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from mmlearn_edu.modalities import Modalities

__all__ = ["SAMPLING_RATE", "Dataset"]

SAMPLING_RATE = 8000
"""Samples per second (Hz) of every sound in `mmlearn_edu.datasets`."""


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """Samples described several ways, with all that is known about them.

    Parameters
    ----------
    name : str
    X : Modalities of n_samples
        The raw data of each modality.
    y : ndarray of shape (n_samples,), default=None
        The target, where the data has one.
    groups : mapping of str to ndarray of shape (n_samples,)
        Who made a sample, for instance ``groups["writer"]``: split by these, or the test set is no news.
    latents : mapping of str to ndarray of shape (n_samples,)
        Facts about a sample that a learner of `X` is not given; they are for judging what it found.
    card : str
        Origin, licence, how it was made, limits; Markdown.
    target_names : tuple of str
        What each value of `y` means.

    Raises
    ------
    ValueError
        If `y`, a group or a latent has another number of samples than `X`.
    """

    name: str
    X: Modalities
    y: NDArray[Any] | None = None
    groups: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    latents: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    card: str = ""
    target_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        columns = {} if self.y is None else {"y": self.y}
        columns |= {f"groups[{k!r}]": v for k, v in self.groups.items()}
        columns |= {f"latents[{k!r}]": v for k, v in self.latents.items()}
        for what, column in columns.items():
            if len(column) != len(self.X):
                raise ValueError(
                    f"{what} has {len(column)} values, but X has {len(self.X)} samples; give one per sample"
                )
        object.__setattr__(self, "groups", MappingProxyType(dict(self.groups)))
        object.__setattr__(self, "latents", MappingProxyType(dict(self.latents)))

    def __len__(self) -> int:
        return len(self.X)

    def __reduce__(self) -> tuple[Any, ...]:  # a read-only mapping does not pickle by itself
        facts = (dict(self.groups), dict(self.latents), self.card, self.target_names)
        return Dataset, (self.name, self.X, self.y, *facts)

    def __repr__(self) -> str:
        lines = [f"Dataset {self.name!r}, {len(self)} samples", f"  X        {self.X!r}"]
        if self.y is not None:
            lines.append(f"  y        {len(self.target_names)} classes: {_some(self.target_names)}")
        known = {what: ", ".join(getattr(self, what)) for what in ("groups", "latents")}
        lines += [f"  {what:8} {names}" for what, names in known.items() if names]
        return "\n".join([*lines, "  card     print(dataset.card): origin, licence, limits"])


def _some(names: tuple[str, ...], most: int = 10) -> str:
    return ", ".join(names if len(names) <= most else [*names[:3], "..."])
