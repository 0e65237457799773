"""Which notebook is meant: a path, or a chapter of the learner's folder."""

from pathlib import Path

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.messages import nearest, say

__all__ = ["ExportError", "find_notebook"]


class ExportError(Exception):
    """The notebook cannot be exported; the message says why and what to do."""


def find_notebook(wanted: str, folder: Path) -> Path:
    """Return the file meant by `wanted`: that path if it exists, else the chapter of that name in `folder`.

    Raises
    ------
    ExportError
        If there is neither.
    """
    path = Path(wanted).expanduser()
    if path.is_file():
        return path
    chapters = registry.notebook_ids()
    stem = wanted.removesuffix(".ipynb")
    if stem not in chapters:
        raise ExportError(say("export-no-notebook", name=wanted, nearest=nearest(stem, chapters)))
    copy = folder / f"{stem}.ipynb"
    if not copy.is_file():
        raise ExportError(say("export-not-started", path=copy))
    return copy
