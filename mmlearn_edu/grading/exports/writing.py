"""Write an export into a folder of its own: everything or nothing, and never over what is there."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.messages import nearest
from mmlearn_edu.grading.exports import gradescope, nbgrader, otter
from mmlearn_edu.grading.exports.plan import ExportError, Plan, plan
from mmlearn_edu.grading.words import say

__all__ = ["TARGETS", "ExportError", "export"]

TARGETS: dict[str, Callable[[Plan], Mapping[str, bytes]]] = {
    "nbgrader": nbgrader.files,
    "otter": otter.files,
    "gradescope": gradescope.files,
}


def export(chapter: str, target: str, out: Path, seed: int = 0, exercises: Path | None = None) -> list[str]:
    """Write `chapter` as `target` takes it into the folder `out`, the same bytes every time.

    Parameters
    ----------
    chapter : str
        For instance ``"08-pca"``.
    target : {"nbgrader", "otter", "gradescope"}
    out : Path
        A folder that does not exist or is empty.
    seed : int, default=0
        The inputs are drawn from it, the same for every student.
    exercises : Path, default=None
        A folder of a teacher's own exercises, of which `chapter` is one.

    Returns
    -------
    list of str
        The files written, relative to `out`.

    Raises
    ------
    ExportError
        If the chapter or the target is unknown, `out` is not an empty folder, or `exercises` cannot be used.
    """
    if target not in TARGETS:
        raise ExportError(say("exports", "target", given=target, nearest=nearest(target, TARGETS)))
    _check_empty(out)
    try:
        with registry.folder(exercises):
            made = dict(sorted(TARGETS[target](plan(chapter, seed)).items()))
    except registry.FolderError as error:
        raise ExportError(str(error)) from None
    try:
        _write(out, made)
    except OSError as error:
        raise ExportError(say("exports", "unwritable", path=out, reason=error.strerror or error)) from None
    return list(made)


def _check_empty(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ExportError(say("exports", "is-file", path=out))
    if out.is_dir() and any(out.iterdir()):
        raise ExportError(say("exports", "not-empty", path=out))


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write beside `out` first: a kill leaves either nothing there or everything."""
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    try:
        unfinished.chmod(0o755)
        for name, data in files.items():
            path = unfinished / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if out.is_dir():
            out.rmdir()
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
