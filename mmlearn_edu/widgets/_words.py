"""The words of the explorables in the learner's language: ``words/NAME.toml``, and ``words/kit.toml`` for all."""

import functools
import tomllib
from collections.abc import Callable
from pathlib import Path

from mmlearn_edu.checks.messages import language

__all__ = ["wording", "words_of"]

FOLDER = Path(__file__).parent / "words"


def words_of(kind: str) -> dict[str, str]:
    """Return what the explorable `kind` says, with what all of them say, in the language to speak: id -> sentence."""
    spoken = language()
    return {**_tables("kit")[spoken], **_tables(kind)[spoken]}


def wording(words: dict[str, str]) -> Callable[..., str]:
    """Return ``say("its-id", share=...)`` for some words; `wording` of ``kit.js`` does the same in the page."""
    return lambda word, **values: words[word].format(**values)


@functools.cache
def _tables(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
