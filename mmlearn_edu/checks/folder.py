"""Read a teacher's own exercises: ``FOLDER/NAME.py``, its notebook ``FOLDER/source/NAME.py``, Chinese in ``FOLDER/zh``.

A file is run from its path, and nothing else can import it: `sys.path` stays as it is, and no bytecode is written.
"""

import ast
import re
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from mmlearn_edu.checks.errors import FolderError, first_line, trouble
from mmlearn_edu.checks.exercise import Chapter, Exercise
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.translation import unknown_in

__all__ = ["OwnChapter", "exercises_of", "read_folder"]

_SLUG = re.compile(r"[^\W_A-Z]+(-[^\W_A-Z]+)*")


@dataclass(frozen=True)
class OwnChapter:
    """A chapter out of a teacher's folder: its id, the topic of its exercises, and where both its files are."""

    slug: str
    topic: str
    module: ModuleType
    source: Path


def read_folder(folder: Path, slugs: Collection[str], topics: Collection[str]) -> list[OwnChapter]:
    """Return the chapters of a folder in the order of their file names.

    Parameters
    ----------
    folder : Path
    slugs, topics : collection of str
        What is taken already.

    Raises
    ------
    FolderError
        If one of its files cannot be used. Every file is looked at first, and all is said at once.
    """
    found: list[OwnChapter] = []
    problems = []
    for path in _files(folder):
        try:
            found.append(_chapter(path, {*slugs, *(c.slug for c in found)}, {*topics, *(c.topic for c in found)}))
        except FolderError as error:
            problems.append(str(error))
    if problems:
        for chapter in found:
            del sys.modules[chapter.module.__name__]
        raise FolderError("\n".join(problems))
    return found


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise FolderError(say("folder-missing" if not folder.exists() else "folder-is-file", path=folder))
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith((".", "_")))
    if not files:
        raise FolderError(say("folder-empty", path=folder))
    return files


def _chapter(path: Path, slugs: Collection[str], topics: Collection[str]) -> OwnChapter:
    module = _module(path)
    try:
        slug = _slug(path, module, slugs)
        topic = _topic(path, module, topics)
        _check_twin(path, module)
    except FolderError:
        del sys.modules[module.__name__]
        raise
    return OwnChapter(slug, topic, module, _source(path))


def _module(path: Path) -> ModuleType:
    """Run the file; the name is known to `sys.modules`, since classes find their source by it, but cannot be typed."""
    module = ModuleType(f"mmlearn_edu.exercises.<{path}>")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        with tokenize.open(path) as file:  # heeds a coding line and a byte order mark
            tree = ast.parse(file.read(), str(path))
        exec(compile(tree, str(path), "exec", dont_inherit=True), vars(module))
    except (Exception, SystemExit) as error:  # whatever a teacher's file may raise
        del sys.modules[module.__name__]
        raise FolderError(trouble(path, error)) from error
    if name := _defined_twice(tree):
        del sys.modules[module.__name__]
        raise FolderError(say("own-same-name", path=path, name=name))
    return module


def _defined_twice(tree: ast.Module) -> str:
    """Return a name that two exercises of the file have: the second would take the first one's place unseen."""
    made = Counter(n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.decorator_list)
    return next((name for name, times in made.items() if times > 1), "")


def _slug(path: Path, module: ModuleType, taken: Collection[str]) -> str:
    chapter = getattr(module, "CHAPTER", None)
    if not isinstance(chapter, Chapter):
        raise FolderError(say("own-no-chapter", path=path, name=path.stem.lower().replace("_", "-")))
    if not isinstance(chapter.id, str) or not _SLUG.fullmatch(chapter.id):
        raise FolderError(say("own-slug", path=path, id=chapter.id))
    if chapter.id in taken:
        raise FolderError(say("own-slug-taken", path=path, id=chapter.id))
    return chapter.id


def _topic(path: Path, module: ModuleType, taken: Collection[str]) -> str:
    ids = [exercise.id for exercise in exercises_of(module)]
    if not ids:
        raise FolderError(say("own-no-exercise", path=path))
    for name in [*ids, *(prediction.id for prediction in getattr(module, "PREDICTIONS", ()))]:
        topic, _, rest = name.partition(".")
        if not topic or not rest or topic != ids[0].partition(".")[0]:
            raise FolderError(say("own-topics", path=path, first=ids[0], id=name))
        if topic in taken:
            raise FolderError(say("own-topic-taken", path=path, topic=topic, id=name))
        if ids.count(name) > 1:
            raise FolderError(say("own-twice", path=path, id=name))
    return ids[0].partition(".")[0]


def exercises_of(module: ModuleType) -> list[Exercise]:
    """Return the exercises of a chapter's module in the order of its file."""
    return [thing.__exercise__ for thing in vars(module).values() if hasattr(thing, "__exercise__")]


def _check_twin(path: Path, module: ModuleType) -> None:
    twin = path.parent / "zh" / f"{path.stem}.toml"
    if not twin.exists():
        return
    try:
        words = tomllib.loads(twin.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise FolderError(say("own-twin", path=twin, text=first_line(error))) from None
    try:
        unknown = ", ".join(unknown_in(words, module))
    except (AttributeError, TypeError):  # a text where a table belongs
        raise FolderError(say("own-twin-shape", path=twin)) from None
    if unknown:
        raise FolderError(say("own-twin-unknown", path=twin, unknown=unknown))


def _source(path: Path) -> Path:
    source = path.parent / "source" / path.name
    if not source.is_file():
        raise FolderError(say("own-no-source", path=path, source=source))
    return source
