"""What a figure shows, as plain data, read where it was drawn. matplotlib is loaded on first use."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["drawn"]

Description = dict[str, Any]


def drawn(answer: Callable[..., Any]) -> Callable[..., Description]:
    """Turn a function that draws into one that describes what was drawn, and leaves no figure open."""

    @functools.wraps(answer, updated=())
    def describe_figure(*args: Any, **kwargs: Any) -> Description:
        import matplotlib.pyplot as plt  # heavy, and only exercises on figures need it

        before = set(plt.get_fignums())
        try:
            with plt.rc_context():
                returned = answer(*args, **kwargs)
                axes = _axes(returned, set(plt.get_fignums()) - before)
                return {"figure": [_describe(ax) for ax in axes]}
        finally:
            for number in set(plt.get_fignums()) - before:
                plt.close(number)

    return describe_figure


def _axes(returned: Any, new: set[int]) -> list[Any]:
    """Find the Axes in what was returned: Axes, a Figure, several of them, or nothing and a new figure."""
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(returned, Axes):
        return [returned]
    if isinstance(returned, Figure):
        return list(returned.axes)
    if isinstance(returned, list | tuple | np.ndarray):
        found = [ax for part in np.ravel(np.array(returned, dtype=object)) for ax in _axes(part, set())]
        if found:
            return found
    return list(plt.figure(max(new)).axes) if new else []


def _describe(ax: Any) -> Description:
    legend = ax.get_legend()
    return {
        "title": ax.get_title(),
        "xlabel": ax.get_xlabel(),
        "ylabel": ax.get_ylabel(),
        "series": [*_lines(ax), *_points(ax), *_bars(ax)],
        "images": [*_pictures(ax)],
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
        "background": _colour(ax.get_facecolor(), (1, 1, 1)),
        "alt": _alt(ax),
    }


def _lines(ax: Any) -> list[Description]:
    flat = _colour(ax.get_facecolor(), (1, 1, 1))
    return [
        _series("line", line.get_xdata(), line.get_ydata(), line.get_label(), _colour(line.get_color(), flat))
        for line in ax.lines
        if line.get_visible()
    ]


def _points(ax: Any) -> list[Description]:
    from matplotlib.collections import PathCollection

    flat = _colour(ax.get_facecolor(), (1, 1, 1))
    return [
        _series("points", *_xy(dots), str(dots.get_label()), _colour(colours[0], flat))
        for dots in ax.collections
        if isinstance(dots, PathCollection)
        and dots.get_visible()
        and len(_xy(dots)[0])
        and len(colours := np.vstack([dots.get_facecolor(), dots.get_edgecolor()]))
    ]


def _xy(dots: Any) -> tuple[Any, Any]:
    x, y = np.ma.getdata(dots.get_offsets()).T
    return x, y


def _pictures(ax: Any) -> list[Any]:
    """Read the numbers behind ``imshow`` and ``pcolormesh``."""
    from matplotlib.collections import QuadMesh

    shown = [*ax.images, *(mesh for mesh in ax.collections if isinstance(mesh, QuadMesh))]
    return [np.ma.filled(np.ma.asarray(one.get_array(), dtype=float), np.nan) for one in shown if one.get_visible()]


def _bars(ax: Any) -> list[Description]:
    from matplotlib.container import BarContainer

    flat = _colour(ax.get_facecolor(), (1, 1, 1))
    return [
        _series(
            "bars",
            [bar.get_x() + bar.get_width() / 2 for bar in bars],
            [bar.get_y() + bar.get_height() for bar in bars],
            str(bars.get_label()),
            _outline(bars[0], flat),
        )
        for bars in ax.containers
        if isinstance(bars, BarContainer) and len(bars)
    ]


def _outline(bar: Any, background: Any) -> list[float]:
    """Return the colour that sets a bar apart: that of its edge if one is drawn, else of its face."""
    edge = bar.get_edgecolor()
    return _colour(edge if bar.get_linewidth() and edge[3] else bar.get_facecolor(), background)


def _series(kind: str, x: Any, y: Any, label: str, colour: list[float]) -> Description:
    label = "" if str(label).startswith("_") else str(label)
    return {"kind": kind, "x": _numbers(x), "y": _numbers(y), "label": label, "colour": colour}


def _numbers(values: Any) -> Any:
    """Read positions as numbers; names along an axis as 0, 1, 2."""
    values = np.asarray(values)
    return values.astype(float) if values.dtype.kind in "biuf" else np.arange(len(values), dtype=float)


def _colour(colour: Any, background: Any) -> list[float]:
    """Mix a colour with what is behind it, as its transparency says: red, green, blue in [0, 1]."""
    from matplotlib.colors import to_rgba

    *rgb, alpha = to_rgba(colour)
    return [alpha * c + (1 - alpha) * b for c, b in zip(rgb, background, strict=True)]


def _alt(ax: Any) -> str:
    """Return the alt text that `mmlearn_edu.plots` keeps beside the Axes, or what was written into ``ax.alt_text``."""
    from mmlearn_edu.plots import describe

    try:
        return describe(ax)
    except LookupError:
        return str(getattr(ax, "alt_text", ""))
