"""The text that says what a picture shows."""

from weakref import WeakKeyDictionary

from matplotlib.axes import Axes

from mmlearn_edu.plots.chinese_font import chinese

__all__ = ["describe", "finish"]

_texts: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()  # forgotten together with the picture


def finish(ax: Axes, text: str, title: str = "") -> Axes:
    """Keep the alt text of `ax`, after its title if it has one; let it write Chinese; return `ax`."""
    chinese(ax)
    _texts[ax] = f"{title}: {text}" if title else text
    return ax


def describe(ax: Axes) -> str:
    """Return the alt text of a picture drawn by this room.

    Parameters
    ----------
    ax : Axes
        What a function of `mmlearn_edu.plots` returned.

    Returns
    -------
    str
        What the picture shows, in one or two sentences.

    Raises
    ------
    LookupError
        If the Axes were drawn by something else.

    Examples
    --------
    >>> from mmlearn_edu.plots import describe, scree
    >>> describe(scree([0.7, 0.2]))
    'Scree plot: 2 components explain 70 %, 20 % of the variance, together 90 %.'
    """
    if ax not in _texts:
        raise LookupError("these Axes have no alt text; describe() knows the pictures drawn by mmlearn_edu.plots")
    return _texts[ax]
