"""What every explorable shares: a task, an answer, and a still picture where no widget can run."""

from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from numpy.typing import ArrayLike

from mmlearn_edu._validation import as_matrix
from mmlearn_edu.widgets._words import wording, words_of
from mmlearn_edu.widgets.page import MARKER, page_html

__all__ = ["MAX_POINTS", "MIMETYPE", "Explorable", "as_points", "page_module", "state_of"]

MAX_POINTS = 1000  # more would make every move of the mouse slow
MIMETYPE = "application/vnd.mmlearn-edu.explorable+json"  # {"kind", "state"}: enough for a page to show it again
_NOT_OURS = {"layout", "tabbable", "tooltip"}  # what ipywidgets adds


def page_module(name: str) -> str:
    """Return the page's half of a widget: the shared kit, then its own file, as one ES module."""
    folder = Path(__file__).parent
    return "\n".join((folder / file).read_text(encoding="utf-8") for file in ("kit.js", name))


def state_of(widget: anywidget.AnyWidget) -> dict[str, Any]:
    """Return what the page's half of `widget` reads: its own synced traits, as JSON would carry them."""
    state = widget.get_state()
    return {name: value for name, value in state.items() if not name.startswith("_") and name not in _NOT_OURS}


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

    A subclass in ``NAME.py`` is of the kind ``NAME``: its page half is ``NAME.js``, its words are ``words/NAME.toml``.

    Attributes
    ----------
    kind : str
        Which explorable this is.
    task : str
        What to do, in words.
    answer : object
        What the task asks for; None until the learner touched the widget.
    words : dict
        What it says, in the language spoken when it was made: id -> sentence.
    """

    kind: ClassVar[str]
    _esm: ClassVar[str]
    _css = Path(__file__).parent / "kit.css"
    task = traitlets.Unicode().tag(sync=True)
    answer = traitlets.Any(None, allow_none=True).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        name = cls.__module__.rpartition(".")[2]
        # A variant in another file keeps its parent's page; so does the class that anywidget makes of every instance.
        if "_esm" not in vars(cls) and (Path(__file__).parent / f"{name}.js").exists():
            cls.kind, cls._esm = name, page_module(f"{name}.js")
        super().__init_subclass__(**kwargs)

    def __init__(self, **state: Any) -> None:
        super().__init__(**{"words": words_of(self.kind), **state})
        self.task = self.task or self._task()

    def _say(self, word: str, **values: object) -> str:
        """Return one of the widget's sentences, filled with `values`."""
        return wording(self.words)(word, **values)

    def _task(self) -> str:
        """Return what to do; a subclass fills in what its task names."""
        return self._say("task")

    def _still(self) -> str:
        """Return the still picture as SVG."""
        raise NotImplementedError

    def _alt(self) -> str:
        """Return what the still picture shows, in words."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(task={self.task!r}, answer={self.answer!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Offer the live widget first; where none can run, its state for a page, and a picture with its text."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        explorable = {"kind": self.kind, "state": state_of(self)}
        return {**data, "text/plain": repr(self), "text/html": self._figure(), MIMETYPE: explorable}, metadata

    def save_html(self, path: str | Path) -> Path:
        """Write a page with this explorable alone, as it stands: it needs neither Python nor a network.

        Parameters
        ----------
        path : str or Path
            A new file, or a page that was written by this method before.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        FileExistsError
            If there is a file of another kind.
        """
        path = Path(path).expanduser()
        if path.exists() and MARKER not in path.read_text(encoding="utf-8", errors="replace")[:1000]:
            raise FileExistsError(f"{path} exists and was not written by save_html; give another name, or move it away")
        explorable = {"kind": self.kind, "state": state_of(self)}
        title = self.words.get("title", self.kind)
        path.write_text(page_html(explorable, self._figure(), self._say("kit-lang"), title), encoding="utf-8")
        return path

    def _figure(self) -> str:
        """Return the still picture as HTML, with its text and the task."""
        picture = b64encode(self._still().encode()).decode()
        # An <img>: cleaners that guard notebooks nobody has trusted yet drop <svg>, and keep this with its alt.
        return (
            f'<figure style="margin:0" lang="{self._say("kit-lang")}">'
            f'<img alt="{escape(self._alt(), quote=True)}" style="max-width:100%;height:auto"'
            f' src="data:image/svg+xml;base64,{picture}">'
            f"<figcaption><b>{self._say('kit-task')}</b> {escape(self.task)} <i>{self._say('kit-still')}</i>"
            "</figcaption></figure>"
        )
