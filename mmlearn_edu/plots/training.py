"""How a network learned, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.plots.alt_text import finish
from mmlearn_edu.plots.style import GREY, INKS, LEGEND, LINES, MARKERS, new_axes, on_paper

__all__ = ["training_curves"]

MOST_MARKS = 20  # more marks on one line would touch


@on_paper
def training_curves(
    history: Mapping[str, ArrayLike],
    *,
    best: str | None = None,
    larger_is_better: bool = False,
    label: str = "loss",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Show a loss (or a score) after each epoch, for training, validation and whatever else was kept.

    Where training goes on falling while validation rises, the network learns its training data by heart; the best
    epoch, marked by a dotted line, is where early stopping would have stopped.

    Parameters
    ----------
    history : mapping of str to array-like of shape (n_epochs,)
        One curve by name, e.g. ``{"training": history.train, "validation": history.validation}`` of
        `mmlearn_edu.networks.train`; the first entry is epoch 1. An epoch that was not measured, or where training
        broke down, holds NaN or infinity and is skipped.
    best : str, default=None
        Name of the curve whose best epoch is marked. The last one if None and there are several; none if there is one.
    larger_is_better : bool, default=False
        True for scores such as accuracy.
    label : str, default="loss"
        Of the upright axis; add the units.
    title : str, default=""
    ax : Axes, default=None
        Where to draw; fresh Axes if None.

    Returns
    -------
    Axes
        Where it was drawn; `describe` tells its alt text.

    Raises
    ------
    ValueError
        If there is no curve, a curve is not a row of numbers or has none that is finite, or `best` names none of them.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, training_curves
    >>> describe(training_curves({"training": [0.9, 0.5, 0.2], "validation": [0.8, 0.6, 0.7]}))
    'Curves of loss by epoch: training 0.9 to 0.2, validation 0.8 to 0.7; best validation 0.6 at epoch 2 of 3.'
    """
    curves = {str(name): _curve(values, name) for name, values in history.items()}
    if not curves:
        raise ValueError("history has no curve; give at least one, e.g. {'training': losses}")
    if best is None and len(curves) > 1:
        best = list(curves)[-1]
    if best is not None and best not in curves:
        raise ValueError(f"best={best!r} is none of the curves {', '.join(curves)}")
    ax = new_axes(ax)
    for i, (name, values) in enumerate(curves.items()):
        look: dict[str, Any] = {"color": INKS[i % len(INKS)], "linestyle": LINES[i % len(LINES)]}
        epochs = np.flatnonzero(np.isfinite(values))
        marks: dict[str, Any] = {"marker": MARKERS[i % len(MARKERS)], "markevery": -(-len(epochs) // MOST_MARKS)}
        ax.plot(epochs + 1, values[epochs], label=name, markersize=5, **look, **marks)
    said = [f"{name} {_first(values):.3g} to {_first(values[::-1]):.3g}" for name, values in curves.items()]
    text = f"Curves of {label} by epoch: {', '.join(said)}"
    if best is not None:
        text += f"; {_mark_best(ax, curves[best], best, larger_is_better)}"
    ax.set(xlabel="epoch", ylabel=label, title=title)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", color=GREY, alpha=0.25)
    ax.legend(**LEGEND)
    return finish(ax, f"{text}.", title)


def _mark_best(ax: Axes, values: NDArray[np.floating[Any]], name: str, larger_is_better: bool) -> str:
    epoch = int(np.nanargmax(values) if larger_is_better else np.nanargmin(values))
    ax.axvline(epoch + 1, color="black", linestyle=":", label=f"best {name}: {values[epoch]:.3g} at epoch {epoch + 1}")
    ax.plot(epoch + 1, values[epoch], color="black", marker="*", markersize=13, linestyle="")
    return f"best {name} {values[epoch]:.3g} at epoch {epoch + 1} of {len(values)}"


def _first(values: NDArray[np.floating[Any]]) -> float:
    return float(values[np.isfinite(values)][0])


def _curve(values: ArrayLike, name: object) -> NDArray[np.float64]:
    curve = np.asarray(values, dtype=float)
    if curve.ndim != 1 or not np.isfinite(curve).any():
        raise ValueError(
            f"the curve {name!r} must be finite numbers of shape (n_epochs,), got shape {curve.shape}; "
            "keep one number per epoch, e.g. history['training'].append(float(loss))"
        )
    return np.where(np.isfinite(curve), curve, np.nan)
