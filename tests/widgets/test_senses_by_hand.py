"""What a painter, a player and a film owe every hand, eye and ear: targets, focus, themes, zoom, words, and axe."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from mmlearn_edu.widgets import edit_document, listen, paint_kernel, paint_matrix, resolve_tones, watch
from mmlearn_edu.widgets.base import MIMETYPE
from mmlearn_edu.widgets.page import explorable_html, page_script, page_style
from tests.accessibility import violations

SQUARE = np.full((20, 24), 60, dtype=np.uint8)
SQUARE[5:14, 6:15] = 220
MAKERS = {
    "kernel": lambda: paint_kernel(SQUARE),
    "tones": resolve_tones,
    "sound": lambda: listen(np.sin(np.arange(8000) / 3) * np.linspace(0, 1, 8000), 8000),
    "film": lambda: watch([np.cumsum(np.full((12, 8, 8), 0.07), axis=0), np.zeros((12, 8, 8))]),
    "words": lambda: edit_document("A red, red ring.", {"a": 1.0, "red": 1.5, "ring": 2.0}, "a"),
    "mask": lambda: paint_matrix(np.ones((8, 4)), "Hide half.", columns=["image", "text", "sound", "film"]),
}
KEYS = {"film": ("Tab", "ArrowRight", "Enter"), "sound": ("Tab", "Tab", "Tab", "ArrowRight", "Enter")}
each_widget = pytest.mark.parametrize("name", MAKERS)
HAN = re.compile(r"[\u4e00-\u9fff]")
FOCUSABLE = ".mml :is(input, textarea, button, select, [tabindex='0'])"


@each_widget
def test_output_has_state_and_picture_in_both_languages(name, monkeypatch):
    for language, han in (("en", False), ("zh", True)):
        monkeypatch.setenv("MMLEARN_LANG", language)
        widget = MAKERS[name]()
        data, _ = widget._repr_mimebundle_()
        assert data[MIMETYPE] == json.loads(json.dumps(data[MIMETYPE])), "a page gets it as JSON"
        assert data[MIMETYPE]["kind"] == widget.kind == type(widget).__module__.rpartition(".")[2]
        for words in (widget._still(), widget._alt()):
            assert bool(HAN.search(words)) == han
        ElementTree.fromstring(widget._still())
        assert widget.answer is None
        assert widget.task in repr(widget)


@pytest.mark.browser
@each_widget
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(show, name, dark):
    page = show(MAKERS[name](), dark=dark)
    assert violations(page, ".mml") == []


@pytest.mark.browser
def test_all_live_in_one_plain_page_without_python(chromium, tmp_path):
    bundles = [MAKERS[name]()._repr_mimebundle_()[0] for name in MAKERS]
    parts = [explorable_html(bundle[MIMETYPE], "<img alt='still'>") for bundle in bundles]
    script = page_script([bundle[MIMETYPE]["kind"] for bundle in bundles])
    page_file = tmp_path / "senses.html"
    page_file.write_text(
        f"<!doctype html><html lang=en><title>Senses</title><style>{page_style()}</style><main>{''.join(parts)}</main>"
        f'<script type="module">{script}</script></html>',
        encoding="utf-8",
    )
    page, said = chromium.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url) if request.url[:5] not in ("file:", "blob:") else None)
    page.goto(page_file.as_uri())
    assert page.locator(".mml").count() == len(MAKERS)
    page.get_by_role("slider", name="Length of the window").press("End")
    page.get_by_role("gridcell").first.press("3")
    page.get_by_role("slider", name="Frame").press("Enter")
    page.get_by_role("slider", name="Playhead of clip 1").press("Enter")
    page.get_by_role("button", name="Play clip 1").click()
    page.wait_for_function("Number(document.querySelector('.mml-playhead').ariaValueNow) > 0")
    told = page.locator(".mml-answer").all_inner_texts()
    assert sum("none yet" in words for words in told) == 2, "the words and the mask were left alone"
    assert said == []
    page.close()


@pytest.mark.browser
@each_widget
def test_axe_finds_nothing_once_there_is_an_answer(show, name, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    page = show(MAKERS[name](), dark=True, width=320)
    for key in KEYS.get(name, ("Tab", "Space", "ArrowRight")):
        page.keyboard.press(key)
    assert page.evaluate("model.get('answer')") is not None
    assert violations(page, ".mml") == []


@pytest.mark.browser
@each_widget
def test_targets_are_large_and_focus_is_seen(show, name):
    page = show(MAKERS[name]())
    for control in page.locator(FOCUSABLE).all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        page.keyboard.press("Tab")
        assert control.evaluate("node => document.activeElement === node"), "Tab goes through the controls in order"
        assert control.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


@pytest.mark.browser
@each_widget
@pytest.mark.parametrize("language", ["en", "zh"])
def test_fits_320_pixels_and_speaks_one_language(show, name, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    page = show(MAKERS[name](), width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    names = page.locator(".mml").evaluate(
        "node => [node.innerText, ...[...node.querySelectorAll('*')].flatMap((n) =>"
        " ['aria-label', 'aria-valuetext', 'aria-roledescription'].map((a) => n.getAttribute(a) ?? ''))].join(' ')"
    )
    assert not re.search(r"undefined|NaN|null|\{\w+\}", names)
    assert bool(HAN.search(names)) == (language == "zh")


@pytest.mark.browser
@each_widget
def test_two_views_show_the_same_and_a_closed_one_listens_no_more(show, name):
    page = show(MAKERS[name]())
    page.evaluate("() => { window.stopSecond = widget.default.render({ model, el: document.querySelector('main') }); }")
    ids = page.locator(".mml [id]").evaluate_all("nodes => nodes.map((n) => n.id)")
    assert len(ids) == len(set(ids))
    for key in KEYS.get(name, ("Tab", "Space", "ArrowRight")):
        page.keyboard.press(key)
    assert page.evaluate("model.get('answer')") is not None
    first, second = page.locator(".mml > :is(.mml-body, .mml-stack)").all()
    assert first.evaluate("node => node.innerText") == second.evaluate("node => node.innerText")
    page.evaluate("() => { stop(); stopSecond(); }")
    assert page.evaluate("model.listening()") == 0
    assert page.locator(".mml").count() == 0
