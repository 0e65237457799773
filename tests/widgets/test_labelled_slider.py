"""A slider for people who use ipywidgets: named, by keyboard, heard in Python, and it plays."""

import pytest
from ipywidgets import interactive_output

from mmlearn_edu.widgets import LabelledSlider, labelled_slider
from tests.accessibility import violations


def test_observers_and_interactive_output_hear_of_it():
    k, alpha = labelled_slider("clusters", 1, 8), labelled_slider("weight", 0, 1, value=0.5, step=0.1)
    heard, seen = [], []
    k.observe(lambda change: heard.append(change["new"]), "value")
    interactive_output(lambda k, alpha: seen.append((k, alpha)), {"k": k, "alpha": alpha})
    k.set_state({"value": 3})
    alpha.value = 0.7
    assert heard == [3.0]
    assert seen == [(1.0, 0.5), (3.0, 0.5), (3.0, 0.7)]


def test_value_stays_between_the_ends():
    k = labelled_slider("clusters", 1, 8)
    k.value = 20
    assert k.value == 8
    assert LabelledSlider(min=2, max=5, value=1).value == 2
    assert repr(k) == "LabelledSlider('clusters', value=8, from 1 to 8)"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"label": " "}, "without a label"),
        ({"low": 8, "high": 1}, "make no slider"),
        ({"low": float("nan")}, "make no slider"),
        ({"step": 0}, "make no slider"),
        ({"step": 20}, "step at most high - low"),
        ({"step": 1e-9}, "more than 10000 steps"),
        ({"value": 9}, "is not between"),
        ({"interval": 20}, "too quick to follow"),
        ({"interval": -200}, "too quick to follow"),
    ],
)
def test_says_what_makes_no_slider(options, words):
    with pytest.raises(ValueError, match=words):
        labelled_slider(**{"label": "k", "low": 1, "high": 8, **options})
    with pytest.raises(TypeError, match="must be a whole number"):
        labelled_slider("k", 1, 8, interval=200.0)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_by_keyboard_with_a_name(show, dark):
    page = show(labelled_slider("weight of sound", 0, 1, value=0.5, step=0.1), dark=dark)
    slider = page.get_by_role("slider", name="weight of sound")
    page.keyboard.press("Tab")
    for key, value in [("ArrowRight", 0.6), ("ArrowRight", 0.7), ("PageDown", 0.6), ("End", 1), ("Home", 0)]:
        page.keyboard.press(key)
        assert page.evaluate("model.get('value')") == value, key
    assert slider.get_attribute("aria-valuetext") == "0"
    page.evaluate("model.tell('comm_live_update')")
    assert "Run this cell again" in page.get_by_role("status").inner_text()
    page.evaluate("model.set('value', 0.3)")
    assert slider.input_value() == "0.3"
    assert violations(page, ".mml") == []


@pytest.mark.browser
def test_plays_around_until_paused(show, monkeypatch):
    page = show(labelled_slider("epoch", 0, 3, interval=100))
    assert page.get_by_role("slider").get_attribute("max") == "3"
    assert page.evaluate("() => [0, 1, 2, 3].map((v) => widget.next(v, { min: 0, max: 3, step: 1 }))") == [1, 2, 3, 0]
    assert page.evaluate("widget.next(0.1, { min: 0, max: 1, step: 0.1 })") == 0.2
    page.get_by_role("button", name="Play: epoch").press("Enter")
    page.wait_for_function("window.saves >= 5")
    page.get_by_role("button", name="Pause: epoch").press("Space")
    saves = page.evaluate("saves")
    page.wait_for_timeout(350)
    assert page.evaluate("saves") == saves
    page.get_by_role("button", name="Play: epoch").click()
    page.evaluate("stop()")
    saves = page.evaluate("saves")
    page.wait_for_timeout(350)
    assert page.evaluate("saves") == saves, "a closed widget plays no more"
    assert page.evaluate("model.listening()") == 0
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    page = show(labelled_slider("轮次", 0, 3, interval=100))
    assert page.get_by_role("button", name="播放：轮次").count() == 1
