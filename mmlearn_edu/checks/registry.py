"""Find an exercise by its id, in the language to speak.

Chapters are imported when one of their exercises is asked for, not before.
"""

import functools
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from mmlearn_edu.checks.exercise import Chapter, Exercise, Prediction, Question
from mmlearn_edu.checks.messages import nearest, say
from mmlearn_edu.checks.translation import twin_of

__all__ = [
    "CHAPTERS",
    "EXTRAS",
    "ChapterError",
    "broken",
    "chapter",
    "chapter_ids",
    "chapter_of",
    "earlier",
    "exercises",
    "get",
    "notebook_ids",
    "prediction",
    "predictions",
    "questions",
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


class ChapterError(ImportError):
    """The file of a chapter cannot be loaded; the message says why and what to do."""


def chapter_ids() -> list[str]:
    """Return the chapters that exist, in order."""
    return list(CHAPTERS)


def notebook_ids() -> list[str]:
    """Return the chapters that exist, in order, and behind them the notebooks that ask nothing."""
    return [*CHAPTERS, *EXTRAS]


def broken(slug: str) -> str:
    """Return why the chapter `slug` cannot be loaded, in words; "" if it can, and the others never suffer from it."""
    try:
        _module(slug)
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
    for slug, (_, name) in CHAPTERS.items():
        if name == topic:
            return slug
    raise LookupError(_unknown(exercise_id))


def chapter(slug: str) -> Chapter:
    """Return the facts about the chapter `slug`."""
    twin = twin_of(_module(slug))
    return twin.chapter(_module(slug).CHAPTER) if twin else _module(slug).CHAPTER


def exercises(slug: str) -> list[Exercise]:
    """Return the exercises of a chapter in the order of its file; none for a notebook that asks nothing."""
    if slug in EXTRAS:
        return []
    found = [thing.__exercise__ for thing in vars(_module(slug)).values() if hasattr(thing, "__exercise__")]
    twin = twin_of(_module(slug))
    return list(map(twin.exercise, found)) if twin else found


def predictions(slug: str) -> Sequence[Prediction]:
    """Return the predictions of a chapter."""
    found: Sequence[Prediction] = getattr(_module(slug), "PREDICTIONS", ())
    twin = twin_of(_module(slug))
    return list(map(twin.prediction, found)) if twin else found


def questions(slug: str) -> Sequence[Question]:
    """Return the recall questions that a chapter gives to later ones."""
    found: Sequence[Question] = getattr(_module(slug), "QUESTIONS", ())
    twin = twin_of(_module(slug))
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
    every = [found.id for slug in CHAPTERS if not broken(slug) for found in predictions(slug)]
    raise LookupError(say("unknown-prediction", id=prediction_id, nearest=nearest(str(prediction_id), every)))


def _unknown(exercise_id: object) -> str:
    every = [exercise.id for slug in CHAPTERS if not broken(slug) for exercise in exercises(slug)]
    return say("unknown-exercise", id=exercise_id, nearest=nearest(str(exercise_id), every))


def earlier(slug: str) -> list[str]:
    """Return the chapters before `slug`; raise LookupError with the nearest ones if there is no such chapter."""
    if slug not in CHAPTERS:
        raise LookupError(say("unknown-chapter", id=slug, nearest=nearest(str(slug), CHAPTERS)))
    return chapter_ids()[: chapter_ids().index(slug)]


@functools.cache
def _module(slug: str) -> ModuleType:
    earlier(slug)  # an unknown chapter is met with words
    try:
        return import_module(f"mmlearn_edu.exercises.{CHAPTERS[slug][0]}")
    except Exception as error:  # whatever a library raises that does not fit the others
        raise ChapterError(say("chapter-broken", id=slug, kind=type(error).__name__, text=error)) from error
