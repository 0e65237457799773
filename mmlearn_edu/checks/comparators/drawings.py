"""What a figure shows, as plain data, read where it was drawn. matplotlib is loaded on first use."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["drawn"]

Description = dict[str, Any]


def drawn(answer: Callable[..., Any]) -> Callable[..., Description]:
    """Turn a function that draws into one that describes what was drawn, and leaves no figure open."""

    @functools.wraps(answer, updated=())
    def describe_figure(*args: Any, **kwargs: Any) -> Description:
        import matplotlib.pyplot as plt  # heavy, and only exercises on figures need it

        with plt.rc_context(), _empty_desk():
            returned = answer(*args, **kwargs)
            return {"figure": [_describe(ax) for ax in _axes(returned, set(plt.get_fignums()))]}

    return describe_figure


@contextmanager
def _empty_desk() -> Iterator[None]:
    """Put open figures aside, so that none is drawn on or closed; ``show()`` shows nothing and closes nothing."""
    import matplotlib.pyplot as plt
    from matplotlib._pylab_helpers import Gcf

    figures, show = dict(Gcf.figs), plt.show
    Gcf.figs.clear()
    plt.show = _no_show
    try:
        yield
    finally:
        plt.show = show
        plt.close("all")
        Gcf.figs.update(figures)


def _no_show(*_args: Any, **_kwargs: Any) -> None:
    """Stand in for ``plt.show``, which may close the figure before it is read, or wait for somebody."""


def _axes(returned: Any, new: set[int]) -> list[Any]:
    """Find the Axes in what was returned: Axes, a Figure, several of them, or nothing and a new figure."""
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    if isinstance(returned, Axes):
        return [returned]
    if isinstance(returned, Figure | SubFigure):
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
        _series(
            "line",
            line.get_xdata(orig=False),  # dates as days, names as 0, 1, 2
            line.get_ydata(orig=False),
            str(line.get_label()),
            _colour(line.get_color(), flat, line.get_alpha()),
        )
        for line in ax.lines
        if line.get_visible() and not (_is_none(line.get_linestyle()) and _is_none(line.get_marker()))
    ]


def _is_none(style: Any) -> bool:
    return style is None or str(style).strip().lower() in ("", "none")


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
    return {"kind": kind, "x": _floats(x), "y": _floats(y), "label": label, "colour": colour}


def _floats(values: Any) -> Any:
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)


def _colour(colour: Any, background: Any, alpha: float | None = None) -> list[float]:
    """Mix a colour with what is behind it, as its transparency says: red, green, blue in [0, 1]."""
    from matplotlib.colors import to_rgba

    *rgb, opacity = to_rgba(colour, alpha)
    return [opacity * c + (1 - opacity) * b for c, b in zip(rgb, background, strict=True)]


def _alt(ax: Any) -> str:
    """Return the alt text that `mmlearn_edu.plots` keeps beside the Axes, or what was written into ``ax.alt_text``."""
    from mmlearn_edu.plots import describe

    try:
        return describe(ax)
    except LookupError:
        return str(getattr(ax, "alt_text", ""))
