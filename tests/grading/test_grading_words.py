"""Every sentence of grading is there in both languages, with the same places to fill."""

import string

import pytest

from mmlearn_edu.grading import words
from mmlearn_edu.grading.words import say, topic

TOPICS = sorted(path.stem for path in words.Path(words.__file__).parent.glob("*.toml"))


@pytest.mark.parametrize("name", TOPICS)
def test_both_languages_say_the_same_things(name):
    english, chinese = topic(name)["en"], topic(name)["zh"]
    assert english.keys() == chinese.keys()
    for sentence in english:
        assert _places(english[sentence]) == _places(chinese[sentence]), sentence


def _places(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_speaks_the_readers_language(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    assert say("sandbox", "no-words") == topic("sandbox")["zh"]["no-words"]
