"""Find an exercise by its id, in the language to speak.

Chapters are imported when one of their exercises is asked for, not before.
"""

import functools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from mmlearn_edu.checks.errors import ChapterError, FolderError
from mmlearn_edu.checks.exercise import Chapter, Exercise, Prediction, Question
from mmlearn_edu.checks.folder import OwnChapter, exercises_of, read_folder
from mmlearn_edu.checks.messages import nearest, say
from mmlearn_edu.checks.translation import twin_of

__all__ = [
    "CHAPTERS",
    "EXTRAS",
    "ChapterError",
    "FolderError",
    "add_folder",
    "added_ids",
    "broken",
    "chapter",
    "chapter_ids",
    "chapter_of",
    "earlier",
    "exercises",
    "folder",
    "get",
    "notebook_ids",
    "prediction",
    "predictions",
    "questions",
    "source_of",
]

# chapter -> (module of its exercises, topic of its ids); the order is the order of the workbook
CHAPTERS = {
    "00-start-here": ("ch00_start_here", "start"),
    "02-tfidf": ("ch02_tfidf", "tfidf"),
    "04-images": ("ch04_images", "images"),
    "05-cnn-features": ("ch05_cnn_features", "cnn"),
    "06-sound": ("ch06_sound", "sound"),
    "07-video": ("ch07_video", "video"),
    "08-pca": ("ch08_pca", "pca"),
    "09-similarity": ("ch09_similarity", "similarity"),
    "10-kmeans": ("ch10_kmeans", "kmeans"),
    "12-fusion": ("ch12_fusion", "fusion"),
    "13-evaluation": ("ch13_evaluation", "evaluation"),
    "14-autoencoders": ("ch14_autoencoders", "autoencoder"),
}

EXTRAS = ("90-gallery",)  # notebooks that ask nothing, and count for no progress


_added: dict[str, OwnChapter] = {}  # a teacher's own chapters: known by name, and in no list of the workbook's


def add_folder(path: str | Path) -> list[str]:
    """Make a teacher's own chapters known beside the workbook's, to whoever asks for them by name.

    Lists of the workbook, `progress()` and the launcher stay as they are. A folder that is added again is read anew.

    Parameters
    ----------
    path : str or Path
        Holds ``NAME.py`` and ``source/NAME.py`` for each chapter.

    Returns
    -------
    list of str
        Ids of its chapters.

    Raises
    ------
    FolderError
        If one of its files cannot be used; then none of its chapters is added.
    """
    folder = Path(path).expanduser().resolve()
    others = {slug: own for slug, own in _added.items() if Path(str(own.module.__file__)).parent != folder}
    topics = {name for _, name in CHAPTERS.values()} | {own.topic for own in others.values()}
    try:
        found = {own.slug: own for own in read_folder(folder, [*notebook_ids(), *others], topics)}
    except FolderError:
        _replace_added(dict(_added))  # what was read before stays whole
        raise
    _replace_added(others | found)
    return list(found)


@contextmanager
def folder(path: str | Path | None) -> Iterator[list[str]]:
    """Add a folder for a while; None adds nothing.

    Yields
    ------
    list of str
        Ids of its chapters.
    """
    before = dict(_added)
    try:
        yield [] if path is None else add_folder(path)
    finally:
        _replace_added(before)


def _replace_added(chapters: dict[str, OwnChapter]) -> None:
    for own in _added.values():
        sys.modules.pop(own.module.__name__, None)
    _added.clear()
    _added.update(chapters)
    sys.modules.update({own.module.__name__: own.module for own in chapters.values()})


def added_ids() -> list[str]:
    """Return the chapters of the folders that were added."""
    return list(_added)


def source_of(slug: str) -> Path | None:
    """Return the notebook's source of an added chapter; None for the workbook's own."""
    return _added[slug].source if slug in _added else None


def chapter_ids() -> list[str]:
    """Return the chapters that exist, in order."""
    return list(CHAPTERS)


def notebook_ids() -> list[str]:
    """Return the chapters that exist, in order, and behind them the notebooks that ask nothing."""
    return [*CHAPTERS, *EXTRAS]


def broken(slug: str) -> str:
    """Return why the chapter `slug` cannot be loaded, in words; "" if it can, and the others never suffer from it."""
    try:
        _loaded(slug)
    except ChapterError as error:
        return str(error)
    return ""


def chapter_of(exercise_id: str) -> str:
    """Return the chapter of an exercise or prediction id.

    Raises
    ------
    LookupError
        If no chapter has that topic; the message names the nearest ids.
    """
    topic = exercise_id.partition(".")[0] if isinstance(exercise_id, str) else ""
    topics = {name: slug for slug, (_, name) in CHAPTERS.items()} | {own.topic: own.slug for own in _added.values()}
    if topic in topics:
        return topics[topic]
    raise LookupError(_unknown(exercise_id))


def chapter(slug: str) -> Chapter:
    """Return the facts about the chapter `slug`."""
    twin = twin_of(_loaded(slug))
    return twin.chapter(_loaded(slug).CHAPTER) if twin else _loaded(slug).CHAPTER


def exercises(slug: str) -> list[Exercise]:
    """Return the exercises of a chapter in the order of its file; none for a notebook that asks nothing."""
    if slug in EXTRAS:
        return []
    found = exercises_of(_loaded(slug))
    twin = twin_of(_loaded(slug))
    return list(map(twin.exercise, found)) if twin else found


def predictions(slug: str) -> Sequence[Prediction]:
    """Return the predictions of a chapter."""
    found: Sequence[Prediction] = getattr(_loaded(slug), "PREDICTIONS", ())
    twin = twin_of(_loaded(slug))
    return list(map(twin.prediction, found)) if twin else found


def questions(slug: str) -> Sequence[Question]:
    """Return the recall questions that a chapter gives to later ones."""
    found: Sequence[Question] = getattr(_loaded(slug), "QUESTIONS", ())
    twin = twin_of(_loaded(slug))
    return list(map(twin.question, found)) if twin else found


def get(exercise_id: str) -> Exercise:
    """Return the exercise `exercise_id`.

    Raises
    ------
    LookupError
        If there is none; the message names the nearest ids.
    """
    for exercise in exercises(chapter_of(exercise_id)):
        if exercise.id == exercise_id:
            return exercise
    raise LookupError(_unknown(exercise_id))


def prediction(prediction_id: str) -> Prediction:
    """Return the prediction `prediction_id`; raise LookupError with the nearest ids if there is none."""
    for found in predictions(chapter_of(prediction_id)):
        if found.id == prediction_id:
            return found
    every = [found.id for slug in _known() if not broken(slug) for found in predictions(slug)]
    raise LookupError(say("unknown-prediction", id=prediction_id, nearest=nearest(str(prediction_id), every)))


def _unknown(exercise_id: object) -> str:
    every = [exercise.id for slug in _known() if not broken(slug) for exercise in exercises(slug)]
    return say("unknown-exercise", id=exercise_id, nearest=nearest(str(exercise_id), every))


def earlier(slug: str) -> list[str]:
    """Return the workbook's chapters before `slug`, all of them before an added one.

    Raises
    ------
    LookupError
        If there is no such chapter; the message names the nearest ones.
    """
    if slug not in _known():
        raise LookupError(say("unknown-chapter", id=slug, nearest=nearest(str(slug), _known())))
    return chapter_ids() if slug in _added else chapter_ids()[: chapter_ids().index(slug)]


def _known() -> list[str]:
    return [*CHAPTERS, *_added]


def _loaded(slug: str) -> ModuleType:
    return _added[slug].module if slug in _added else _module(slug)


@functools.cache
def _module(slug: str) -> ModuleType:
    earlier(slug)  # an unknown chapter is met with words
    try:
        return import_module(f"mmlearn_edu.exercises.{CHAPTERS[slug][0]}")
    except Exception as error:  # whatever a library raises that does not fit the others
        raise ChapterError(say("chapter-broken", id=slug, kind=type(error).__name__, text=error)) from error
