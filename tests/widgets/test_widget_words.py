"""Every explorable speaks English and Chinese, and page and Python ask only for words that exist."""

import re
import string
import tomllib

import numpy as np
import pytest

from mmlearn_edu.widgets import (
    BroadcastShapes,
    _words,
    broadcast_shapes,
    drag_centroids,
    move_query,
    move_threshold,
    pick_weights,
    turn_axis,
    walk_latent,
)
from mmlearn_edu.widgets.base import MIMETYPE, state_of

HAN = re.compile(r"[\u4e00-\u9fff]")
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in _words.FOLDER.glob("*.toml")}
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in _words.FOLDER.parent.glob("*.js")}
del SOURCES["alone"]  # mounts the others, and says nothing
RNG = np.random.default_rng(0)
BLOBS = np.concatenate([RNG.normal(centre, 0.5, size=(20, 2)) for centre in [(0, 0), (4, 0), (2, 4)]])
MAKERS = {
    "broadcasting": broadcast_shapes,
    "axis": lambda: turn_axis(BLOBS),
    "centroids": lambda: drag_centroids(BLOBS),
    "scatter": lambda: move_query(BLOBS[::7]),
    "threshold": lambda: move_threshold(np.arange(60) > 30, BLOBS[:, 1]),
    "simplex": lambda: pick_weights([0.5, 0.8, 0.6, 0.6, 0.7, 0.4]),
    "latent": lambda: walk_latent(BLOBS, np.repeat([3, 5, 8], 20), lambda Z: np.hstack([Z, 6 - Z]).clip(0, 6) / 6),
}
each_widget = pytest.mark.parametrize("kind", MAKERS)


def places(sentence):
    return sorted({name for _, name, _, _ in string.Formatter().parse(sentence) if name})


def test_every_page_half_has_its_words():
    assert set(SOURCES) <= set(TABLES), "write words/NAME.toml for every NAME.js"


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_both_languages_have_the_same_words_with_the_same_places(kind):
    english, chinese = TABLES[kind]["en"], TABLES[kind]["zh"]
    assert set(TABLES[kind]) == {"en", "zh"}
    assert list(english) == list(chinese)
    for word, sentence in english.items():
        assert places(sentence) == places(chinese[word]), word
        if re.search(r"[a-z]{2,} [a-z]{2,}", re.sub(r"\{[^}]*\}|\[[^]]*\]", "", sentence)):
            assert HAN.search(chinese[word]), f"{word} is not translated"


@pytest.mark.parametrize("kind", sorted(set(TABLES) - {"kit"}))
def test_words_of_one_do_not_hide_those_of_all(kind):
    assert set(TABLES[kind]["en"]) & set(TABLES["kit"]["en"]) == set()
    assert all(word.startswith("kit-") for word in TABLES["kit"]["en"])


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_the_page_asks_for_words_that_exist(kind):
    asked = set(re.findall(r"\b(?:say|words)\(\s*\"([\w-]+)\"", re.sub(r"/\*.*?\*/", "", SOURCES[kind])))
    assert asked, f"{kind}.js says nothing, or says it past wording(model)"
    assert asked - set(TABLES[kind]["en"]) - set(TABLES["kit"]["en"]) == set()


@pytest.mark.parametrize("kind", sorted(set(TABLES) - {"kit"}))
def test_no_word_is_left_over(kind):
    """A word that is put together, such as say(`axis-${n}`), counts by what it begins with."""
    python = (_words.FOLDER.parent / f"{kind}.py").read_text(encoding="utf-8")
    source = SOURCES.get(kind, "") + python + (_words.FOLDER.parent / "base.py").read_text(encoding="utf-8")
    quoted = set(re.findall(r"[\"']([a-z][\w-]*)[\"']", source))
    begun = tuple(re.findall(r"[`\"']([a-z][\w-]*-)(?:\$?\{|[`\"'])", source))
    assert [word for word in TABLES[kind]["en"] if word not in quoted and not (begun and word.startswith(begun))] == []


@each_widget
def test_speaks_the_language_of_the_moment_it_was_made(kind, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    widget = MAKERS[kind]()
    monkeypatch.setenv("MMLEARN_LANG", "en")
    english = MAKERS[kind]()
    assert HAN.search(widget.task)
    assert not HAN.search(english.task)
    page = widget._repr_mimebundle_()[0]["text/html"]
    assert 'lang="zh-Hans"' in page
    assert "任务" in page
    assert HAN.search(re.search(r'alt="([^"]*)"', page).group(1))
    assert HAN.search(widget._still())
    assert not HAN.search(english._repr_mimebundle_()[0]["text/html"] + english._still())


@each_widget
def test_output_carries_what_a_page_needs_to_show_it_again(kind):
    widget = MAKERS[kind]()
    explorable = widget._repr_mimebundle_()[0][MIMETYPE]
    assert explorable == {"kind": kind, "state": state_of(widget)}
    assert set(explorable["state"]) >= {"task", "answer", "words"}
    assert not [name for name in explorable["state"] if name.startswith("_") or name in ("layout", "tooltip")]


def test_a_variant_in_another_file_keeps_kind_and_page():
    class Variant(BroadcastShapes):
        pass

    assert Variant.kind == "broadcasting"
    assert Variant()._esm == BroadcastShapes()._esm
