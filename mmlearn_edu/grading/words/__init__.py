"""What a teacher and a class read from grading: a file a topic, with tables ``[en]`` and ``[zh]``."""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from mmlearn_edu.checks.messages import language

__all__ = ["say", "topic"]


def say(name: str, sentence: str, /, **values: object) -> str:
    """Return a sentence of the topic `name` in the reader's language, filled with `values`.

    Parameters
    ----------
    name : str
        The file: ``"sandbox"`` is ``words/sandbox.toml``.
    sentence : str
        Its id there; a sentence that Chinese lacks comes in English.
    """
    tables = topic(name)
    words = tables.get(language(), {}).get(sentence) or tables["en"][sentence]
    return words.format(**values)


@functools.cache
def topic(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the tables of one topic."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
