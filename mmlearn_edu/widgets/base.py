"""What every explorable shares: a task, an answer, and a still picture where no widget can run."""

from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix

__all__ = ["MAX_POINTS", "Explorable", "as_points", "page_module"]

MAX_POINTS = 1000  # more would make every move of the mouse slow


def page_module(name: str) -> str:
    """Return the page's half of a widget: the shared kit, then its own file, as one ES module."""
    folder = Path(__file__).parent
    return "\n".join((folder / file).read_text(encoding="utf-8") for file in ("kit.js", name))


def as_points(X: ArrayLike) -> list[list[float]]:
    """Return `X` as a plain list of ``[x, y]``, or say in words why it cannot be drawn.

    Raises
    ------
    ValueError
        If `X` is not a finite matrix of shape (n_samples, 2) with 2 to `MAX_POINTS` rows.
    """
    X = as_matrix(X)
    if X.shape[1] != 2:
        raise ValueError(f"X has n_features={X.shape[1]}, and a flat picture needs 2: pick two columns, X[:, :2]")
    if not 2 <= len(X) <= MAX_POINTS:
        raise ValueError(
            f"X has n_samples={len(X)}, and this picture takes 2 to {MAX_POINTS}: draw fewer rows, X[:{MAX_POINTS}]"
        )
    points: list[list[float]] = X.astype(float).tolist()
    return points


class Explorable(anywidget.AnyWidget):
    """A picture to move, with a task; a subclass adds its state and draws one still picture.

    Attributes
    ----------
    task : str
        What to do, in words.
    answer : object
        What the task asks for; None until the learner touched the widget.
    """

    _css = Path(__file__).parent / "kit.css"
    task = traitlets.Unicode().tag(sync=True)
    answer = traitlets.Any(None, allow_none=True).tag(sync=True)

    def _still(self) -> str:
        """Return the still picture as SVG."""
        raise NotImplementedError

    def _alt(self) -> str:
        """Return what the still picture shows, in words."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(task={self.task!r}, answer={self.answer!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Offer the live widget first; where none can run, a picture with a text that replaces it."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        picture = b64encode(self._still().encode()).decode()
        # An <img>: cleaners that guard notebooks nobody has trusted yet drop <svg>, and keep this with its alt.
        html = (
            f'<figure style="margin:0"><img alt="{escape(self._alt(), quote=True)}" style="max-width:100%;height:auto"'
            f' src="data:image/svg+xml;base64,{picture}"><figcaption><b>Task.</b> {escape(self.task)} '
            "<i>(A still picture: open the notebook in JupyterLab and run this cell to move it.)</i>"
            "</figcaption></figure>"
        )
        return {**data, "text/plain": repr(self), "text/html": html}, metadata
