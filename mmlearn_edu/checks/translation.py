"""A chapter in Chinese: the English objects with the words of their twin file, ``exercises/zh/NAME.toml``.

Hints, options and the messages of mistakes are found by id. What a chapter makes up as it goes, such as labels of cases
and details of laws, is found by its English: ``"{} samples, {} groups" = "{} 个样本，{} 组"``.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from mmlearn_edu.checks.exercise import Chapter, Exercise, Prediction, Question
from mmlearn_edu.checks.messages import catalogue, language

__all__ = ["Twin", "twin_of", "unknown_in"]

_EXERCISE = ("title", "hints", "hints_for", "options", "mistakes")  # what an exercise has in words
_SHARED = ("kind-array", "trial-builds", "trial-computes", "trial-learns", "trial-steady")  # labels of every chapter's


class Twin:
    """The Chinese words of one chapter; what they lack stays English."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words
        pairs = {_plain("en", name): _plain("zh", name) for name in _SHARED} | words.get("words", {})
        longest = sorted(pairs, key=len, reverse=True)  # the most particular sentence first
        self._patterns = [(_pattern(english), pairs[english]) for english in longest]

    def said(self, text: str) -> str:
        """Return the Chinese twin of something the chapter says; the text itself if it has none."""
        for pattern, chinese in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return chinese.format(*map(self.said, found.groups()))
        return text

    def chapter(self, one: Chapter) -> Chapter:
        """Return the chapter with a Chinese title."""
        return replace(one, title=self.words.get("title", one.title))

    def exercise(self, one: Exercise) -> Exercise:
        """Return the exercise with a Chinese title, hints, options and messages; what it judges by is the same."""
        own = self._of("exercise", one.id)
        messages = own.get("mistakes", {})
        return replace(
            one,
            title=own.get("title", one.title),
            hints=own.get("hints", one.hints),
            hints_for={**one.hints_for, **own.get("hints_for", {})},
            options={**one.options, **own.get("options", {})},
            mistakes=[replace(each, message=messages.get(each.id, each.message)) for each in one.mistakes],
            said=self.said,
        )

    def prediction(self, one: Prediction) -> Prediction:
        """Return the prediction with Chinese words."""
        own = self._of("prediction", one.id)
        return replace(one, **{**own, "options": {**one.options, **own.get("options", {})}})

    def question(self, one: Question) -> Question:
        """Return the recall question with Chinese words."""
        own = self._of("question", one.id)
        merged = {name: {**getattr(one, name), **own.get(name, {})} for name in ("options", "wrong")}
        return replace(one, **{**own, **merged})

    def _of(self, kind: str, name: str) -> Mapping[str, Any]:
        own: Mapping[str, Any] = self.words.get(kind, {}).get(name, {})
        return own


def twin_of(module: ModuleType) -> Twin | None:
    """Return the twin of a chapter in the language to speak; None for English, or where there is no file."""
    spoken = language()
    if spoken == "en" or not module.__file__:
        return None
    path = Path(module.__file__)
    return _read(path.parent / spoken / f"{path.stem}.toml")


@functools.cache
def _read(path: Path) -> Twin | None:
    import tomllib  # not needed in English

    return Twin(tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def unknown_in(words: Mapping[str, Any], module: ModuleType) -> Iterator[str]:
    """Yield what `words` has a translation of and the chapter has not: it would never be read.

    Parameters
    ----------
    words : mapping
        What stands in the twin file.
    module : module
        The chapter.
    """
    exercises = [thing.__exercise__ for thing in vars(module).values() if hasattr(thing, "__exercise__")]
    known: dict[str, dict[str, Any]] = {
        "exercise": {one.id: _EXERCISE for one in exercises},
        "prediction": {one.id: [f.name for f in fields(one)] for one in getattr(module, "PREDICTIONS", ())},
        "question": {one.id: [f.name for f in fields(one)] for one in getattr(module, "QUESTIONS", ())},
    }
    yield from (kind for kind in words if kind not in ("title", "words", *known))
    for kind, names in known.items():
        for name, own in words.get(kind, {}).items():
            if name not in names:
                yield f'{kind}."{name}"'
            else:
                yield from (f'{kind}."{name}".{part}' for part in own if part not in names[name])
    for one in exercises:
        mistakes = words.get("exercise", {}).get(one.id, {}).get("mistakes", {})
        yield from (
            f'exercise."{one.id}".mistakes.{name}' for name in mistakes.keys() - {each.id for each in one.mistakes}
        )


def _pattern(english: str) -> re.Pattern[str]:
    """Match `english` with anything in its places; a shape such as (3, 2) is one thing, commas and all."""
    return re.compile(r"(\([^()]*\)|.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL)


def _plain(name: str, message_id: str) -> str:
    return re.sub(r"\{\w+\}", "{}", catalogue(name)[message_id])
