"""A learner's folder: a copy of the notebooks that is theirs, and that newer chapters never overwrite."""

import contextlib
import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from mmlearn_edu import __version__
from mmlearn_edu._resources import resource

__all__ = [
    "Delivery",
    "WorkspaceError",
    "as_current",
    "broken_chapters",
    "first_unfinished",
    "locate",
    "nearest",
    "prepare",
    "reset",
]

FORMAT = 1
DEFAULT = "workspace"
_MANIFEST = Path(".mmlearn", "workspace.json")


class WorkspaceError(Exception):
    """The folder cannot be used; the message says why and what to do."""


@dataclass
class Delivery:
    """What `prepare` did to a folder."""

    folder: Path
    total: int = 0
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)  # (the learner's file, the new version beside it)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Say it."""
        say = _messages().say
        words = [*self.notes]
        if self.new:
            words.append(say("copied", names=say("comma").join(self.new)))
        words += [say("updated", name=name) for name in self.updated]
        words += [say("beside", name=name, new=new) for name, new in self.beside]
        return [*words, say("your-workbook", folder=self.folder, total=self.total)]


def locate(folder: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder meant: the one given, else the workspace around the current folder, else ``./workspace``."""
    if folder is not None:
        return Path(folder).expanduser().resolve()
    here = Path.cwd()
    return next((up for up in (here, *here.parents) if (up / _MANIFEST).is_file()), here / DEFAULT)


def nearest(folder: Path) -> Path | None:
    """Return the workspace around `folder`, else ``workspace`` in it, else `folder` itself if it holds chapters."""
    for up in (folder, *folder.parents):
        if (up / _MANIFEST.parent).is_dir():  # where the checks keep the progress
            return up
    if (folder / DEFAULT / _MANIFEST).is_file():
        return folder / DEFAULT
    try:
        chapters = [path.name for path in resource("notebooks").glob("*.ipynb")]
    except FileNotFoundError:
        chapters = []
    return folder if any((folder / name).is_file() for name in chapters) else None


def prepare(folder: Path) -> Delivery:
    """Bring the notebooks in `folder` up to date without touching anything the learner changed.

    Raises
    ------
    WorkspaceError
        If the folder cannot be written, is no folder, or was made by a newer version.
    """
    shipped = _shipped()
    if folder.resolve() == resource("notebooks").resolve():
        raise WorkspaceError(f"{folder} holds the originals; choose another folder, for instance `{DEFAULT}`")
    with _in_words(folder):
        if folder.exists() and not folder.is_dir():
            raise WorkspaceError(f"{folder} is a file, not a folder; choose another name")
        (folder / _MANIFEST).parent.mkdir(parents=True, exist_ok=True)
        done = Delivery(folder, total=len(shipped))
        manifest = _read_manifest(folder, done)
        for name, data in shipped.items():
            _deliver(folder, name, data, manifest, done)
        manifest.update(format=FORMAT, version=__version__)
        _replace(folder / _MANIFEST, (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode())
    return done


def reset(folder: Path, chapter: str, exercise: str | None = None) -> list[str]:
    """Put a chapter, or one exercise of it, back to its start; the notebook as it was is kept beside.

    Returns
    -------
    list of str
        What was done, in words.

    Raises
    ------
    WorkspaceError
        If there is no such chapter, exercise or notebook.
    """
    shipped = _shipped()
    stem = Path(chapter).name.removesuffix(".ipynb")
    if f"{stem}.ipynb" not in shipped:
        known = [name.removesuffix(".ipynb") for name in shipped]
        hint = _messages().nearest(stem, known)
        raise WorkspaceError(_messages().say("unknown-chapter", id=chapter, nearest=hint))
    path = folder / f"{stem}.ipynb"
    if not path.exists():
        raise WorkspaceError(f"{path} does not exist; `mmlearn-edu start` copies it")
    fresh = shipped[path.name]
    what = stem
    if exercise is not None:
        what, fresh = _with_stub(path, fresh, exercise)
    with _in_words(folder):
        kept = _free_name(folder, f"{stem}.old")
        _replace(folder / kept, path.read_bytes())
        _replace(path, fresh)
    say = _messages().say
    return [say("back-at-start", what=what, kept=kept), say("reload")]


@contextlib.contextmanager
def as_current(folder: Path) -> Iterator[None]:
    """Work as if inside `folder`, where there is one: that is where progress is looked for."""
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file; give the folder that `mmlearn-edu start` made")
    with contextlib.chdir(folder if folder.is_dir() else Path.cwd()):
        yield


def first_unfinished(folder: Path) -> str:
    """Return the notebook to open: of the first chapter with an exercise that is not passed."""
    from mmlearn_edu.checks import progress  # loads numpy, which copying files does not need

    with as_current(folder):
        name = f"{progress().next_chapter}.ipynb"
    return name if (folder / name).exists() else min(_shipped())


def broken_chapters() -> list[str]:
    """Say which chapters cannot be loaded, and why: their notebooks open, but their checks will not run."""
    from mmlearn_edu.checks import registry  # loads numpy, which copying files does not need

    return [words for slug in registry.chapter_ids() if (words := registry.broken(slug))]


def _messages() -> ModuleType:
    from mmlearn_edu.checks import messages  # loads numpy, which copying files does not need

    return messages


def _shipped() -> dict[str, bytes]:
    """Return the learner notebooks of this installation: name -> content."""
    try:
        found = {path.name: path.read_bytes() for path in sorted(resource("notebooks").glob("*.ipynb"))}
    except FileNotFoundError as error:
        raise WorkspaceError(str(error)) from None
    if not found:
        raise WorkspaceError(f"{resource('notebooks')} holds no notebooks yet; make them with `mmlearn-edu build`")
    return found


def _read_manifest(folder: Path, done: Delivery) -> dict[str, Any]:
    path = folder / _MANIFEST
    empty: dict[str, Any] = {"delivered": {}, "offered": {}}
    if not path.exists():
        return empty
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        known = {part: {str(k): str(v) for k, v in found.get(part, {}).items()} for part in empty}
        newer = int(found.get("format", 0)) > FORMAT or _numbers(found.get("version")) > _numbers(__version__)
    except (ValueError, AttributeError, TypeError):
        kept = _free_name(path.parent, "workspace.broken", ".json")
        path.rename(path.parent / kept)
        done.notes.append(f"{path} could not be read (kept as {kept}); every notebook here counts as changed by you")
        return empty
    if newer:
        raise WorkspaceError(
            f"{folder} was made by mmlearn-edu {found.get('version')}, and this is {__version__}; "
            "install the newer version, or start in another folder: nothing was changed"
        )
    if _numbers(found.get("version")) < _numbers(__version__):
        done.notes.append(f"this folder was made by mmlearn-edu {found.get('version', '0')}; now it is {__version__}")
    return known


def _numbers(version: object) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(version or "0"))[:3])


def _deliver(folder: Path, name: str, data: bytes, manifest: dict[str, Any], done: Delivery) -> None:
    """Bring one notebook up to date; what the learner changed stays, and the new version arrives beside it."""
    path, fresh = folder / name, _digest(data)
    delivered = manifest["delivered"].get(name)
    if not path.exists():
        _replace(path, data)
        done.new.append(name)
    else:
        yours = _digest(path.read_bytes())
        if yours != fresh and yours == delivered:
            _replace(path, data)
            done.updated.append(name)
        elif yours != fresh:
            if delivered != fresh and manifest["offered"].get(name) != fresh:
                beside = _free_name(folder, f"{path.stem}.new")
                _replace(folder / beside, data)
                manifest["offered"][name] = fresh
                done.beside.append((name, beside))
            return
    manifest["delivered"][name] = fresh


def _with_stub(path: Path, fresh: bytes, exercise: str) -> tuple[str, bytes]:
    """Return the full id of `exercise`, and the learner's notebook with only that answer taken back."""
    import nbformat  # takes a second to load, and only this needs it

    original = nbformat.reads(fresh.decode(), as_version=4)
    known = list(original.metadata.mmlearn_edu.exercises)
    wanted = next((one for one in known if exercise in (one, one.partition(".")[2])), None)
    if wanted is None:
        hint = _messages().nearest(exercise, known)
        raise WorkspaceError(_messages().say("no-exercise-in", chapter=path.stem, id=exercise, nearest=hint))
    try:
        yours = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, nbformat.ValidationError):
        raise WorkspaceError(
            f"{path} cannot be read as a notebook; put the whole chapter back with `mmlearn-edu reset {path.stem}`"
        ) from None
    stub = next(cell for cell in original.cells if _asks(cell) == wanted)
    asking = [cell for cell in yours.cells if _asks(cell) == wanted or cell.get("id") == stub.id]
    if not asking:
        raise WorkspaceError(_messages().say("no-cell-of", notebook=path.name, id=wanted, chapter=path.stem))
    for cell in asking:
        cell.source, cell.outputs, cell.execution_count = stub.source, [], None
    return wanted, (nbformat.writes(yours).rstrip() + "\n").encode()


def _asks(cell: Any) -> str | None:
    found: str | None = cell.metadata.get("mmlearn_edu", {}).get("exercise")
    return found


def _free_name(folder: Path, stem: str, suffix: str = ".ipynb") -> str:
    """Return ``stem.ipynb``, or ``stem-2.ipynb`` and so on where that is taken."""
    number = 1
    while (folder / (name := f"{stem}{'' if number == 1 else f'-{number}'}{suffix}")).exists():
        number += 1
    return name


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that a kill at any moment leaves the old one or the new one, never half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    """Return the SHA-256 of what a notebook holds: its cells, their outputs, and which chapter it is.

    JupyterLab rewrites other metadata as soon as it opens a notebook; that is no change of the learner's.
    """
    try:
        notebook = json.loads(data)
        cells = [[c["id"], c["cell_type"], "".join(c["source"]), c.get("outputs")] for c in notebook["cells"]]
        data = json.dumps([cells, notebook["metadata"].get("mmlearn_edu")], sort_keys=True).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        pass  # not a notebook: every byte counts
    return hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            reason = "this user may not write there"
        raise WorkspaceError(
            f"cannot write into {folder}: {reason}; choose another folder, for instance "
            f"`mmlearn-edu start {Path.home() / 'mmlearn'}`"
        ) from None
