"""A plane of codes: the square to draw, the samples in it, and the two classes of the task."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.widgets._axes import decimals_of, nice_step, snap, ticks
from mmlearn_edu.widgets._latent import at_border

__all__ = ["MAX_CLASSES", "MAX_DRAWN", "PARTS", "box", "drawn_rows", "end", "numbered", "samples", "sides"]

MAX_CLASSES = 20
MAX_DRAWN = 200  # samples in the picture: more would hide one another
PARTS = 100  # steps across the plane, at most


def samples(codes: ArrayLike, labels: ArrayLike) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.intp]]:
    """Return the codes, the classes, and the number of each sample's class."""
    Z = as_matrix(codes, "codes").astype(float)
    if Z.shape[1] != 2:
        raise ValueError(f"codes has {Z.shape[1]} numbers a sample, and a plane has two: encode with n_components=2")
    y = np.asarray(labels)
    if y.shape != (len(Z),):
        raise ValueError(f"labels has shape {y.shape} for {len(Z)} codes; expected one label for each, ({len(Z)},)")
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        raise ValueError(f"labels holds {np.count_nonzero(~np.isfinite(y))} NaN or infinite values; drop these samples")
    values, groups = np.unique(y, return_inverse=True)
    if not 2 <= len(values) <= MAX_CLASSES:
        raise ValueError(f"labels has {len(values)} classes, and this picture takes 2 to {MAX_CLASSES}; pick some")
    return Z, values, groups


def box(Z: NDArray[Any]) -> dict[str, Any]:
    """Choose a square that holds the codes with room around them, in round numbers."""
    least, most = Z.min(axis=0), Z.max(axis=0)
    span = 1.1 * (most - least).max()
    if span == 0:
        raise ValueError(f"all {len(Z)} codes are the same: there is nothing to walk through; train the encoder longer")
    step = nice_step(span, PARTS)
    low = [snap(corner, step) for corner in (least + most - span) / 2]
    high = [snap(corner + round(span / step) * step, step) for corner in low]
    marks = [ticks(*ends) for ends in zip(low, high, strict=True)]
    return {"low": low, "high": high, "step": step, "decimals": decimals_of(step), "ticks": marks}


def numbered(labels: NDArray[Any], values: NDArray[Any]) -> NDArray[np.intp]:
    """Return the number of each label among `values`."""
    known = values.tolist()
    strange = [label for label in np.unique(labels).tolist() if label not in known]
    if strange:
        more = " ..." if len(strange) > 3 else ""
        raise ValueError(f"classify reads pictures as {strange[:3]}{more}, and labels has {known}; use the same names")
    return np.searchsorted(values, labels)


def sides(
    readings: NDArray[Any], borders: NDArray[Any], values: NDArray[Any], start: Any, goal: Any
) -> tuple[int, int]:
    """Return the numbers of the two classes of the task."""
    names, read = values.tolist(), np.unique(readings).tolist()
    if len(read) < 2:
        raise ValueError(f"every picture of the plane is read as {names[read[0]]!r}: there is no border to find")
    for name, value in {"start": start, "goal": goal}.items():
        if value is not None and value not in [names[k] for k in read]:
            raise ValueError(f"no place of the plane is read as {name}={value!r}; there is {[names[k] for k in read]}")
    if start is None and goal is None:
        one, other = divmod(int(borders.argmax()), len(names))
        return one, other
    if start is None:
        other = names.index(goal)
        return int(borders[other].argmax()), other
    one = names.index(start)
    other = int(borders[one].argmax()) if goal is None else names.index(goal)
    if one == other:
        raise ValueError(f"start and goal are both {start!r}; walk from one class to another")
    return one, other


def end(
    readings: NDArray[Any], places: NDArray[Any], Z: NDArray[Any], group: int, sides: tuple[int, list[int]]
) -> NDArray[Any]:
    """Find the place read as `group` that has the samples `Z` of this class around it; off the border if it can be."""
    inside = np.flatnonzero(readings.ravel() == group)
    clear = [cell for cell in inside if not at_border(readings, *divmod(int(cell), len(readings)), *sides)]
    found = places[clear or inside]
    far = sum(np.hypot(*(found - code).T) for code in Z[:MAX_DRAWN])
    return found[np.argmin(far)]


def drawn_rows(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Choose which samples to draw: evenly from all, class by class."""
    order = np.argsort(groups, kind="stable")
    return order[np.unique(np.linspace(0, len(order) - 1, MAX_DRAWN).round().astype(int))]
