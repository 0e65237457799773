"""The pieces every explorable is made of: labelled controls, the frame, and what happens when the kernel goes."""

from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.widgets import (
    base,
    broadcast_shapes,
    drag_centroids,
    move_query,
    move_threshold,
    pick_weights,
    turn_axis,
)

pytestmark = pytest.mark.browser
KIT = Path(base.__file__).with_name("kit.js").read_text(encoding="utf-8")
CSS = Path(base.__file__).with_name("kit.css").read_text(encoding="utf-8")
PAGE = """<!doctype html><html lang=en><title>Controls</title>
<meta name=viewport content="width=device-width"><main></main></html>"""
WIDE = {"width": 1280, "height": 720}
NAMES = "html, rangeControl, textControl, numberControl, choiceControl, buttonControl"
PANEL = """async ([kit, css]) => {
  const source = `${kit}\\nexport { NAMES };`;
  const kitted = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  window.heard = [];
  const hear = (name) => (value) => { heard.push([name, value]); };
  const say = (id, { min, max }) => `Write a number from ${min} to ${max}.`;
  window.range = kitted.rangeControl({ label: "Cut", min: 0, max: 1, step: 0.01, page: 0.1 }, (value) => {
    hear("range")(value);
    range.show(value, value.toFixed(2), `cut at ${value.toFixed(2)}`);
  });
  window.number = kitted.numberControl(say, { label: "Row", min: 1, max: 9, step: 1 }, hear("number"));
  window.choice = kitted.choiceControl({ label: "Metric", options: [["a", "cos"], ["b", "L2"]] }, hear("choice"));
  const go = kitted.buttonControl("Go", () => hear("button")("pressed"), { first: true });
  const parts = [range.node, number.node, choice.node, go];
  document.querySelector("main").append(kitted.html("div", { class: "mml" }, ...parts));
  range.show(0.5, "0.50", "cut at 0.50");
  number.show(3);
  choice.show("a");
}""".replace("NAMES", NAMES)
RNG = np.random.default_rng(3)
CLOUD = RNG.normal(size=(30, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]])
BLOBS = np.concatenate([RNG.normal(centre, 0.5, size=(20, 2)) for centre in [(0, 0), (4, 0), (2, 4)]])
MAKERS = {
    "shapes": broadcast_shapes,
    "axis": lambda: turn_axis(CLOUD),
    "centroids": lambda: drag_centroids(BLOBS),
    "scatter": lambda: move_query(BLOBS[::7]),
    "threshold": lambda: move_threshold(np.arange(60) > 30, BLOBS[:, 1]),
    "simplex": lambda: pick_weights([0.5, 0.8, 0.6, 0.6, 0.7, 0.4]),
}
each_widget = pytest.mark.parametrize("name", MAKERS)


@pytest.fixture
def panel(empty_page):
    """Return a function that opens a page with one control of every kind."""

    def open_panel(viewport=WIDE, **options):
        page = empty_page(viewport=viewport, **options)
        page.set_content(PAGE)
        page.evaluate(PANEL, [KIT, CSS])
        return page

    return open_panel


def heard(page):
    return page.evaluate("() => heard.splice(0)")


def test_slider_by_keys(panel):
    page = panel()
    slider = page.get_by_role("slider", name="Cut")
    slider.focus()
    for key, value in [
        ("ArrowRight", 0.51),
        ("PageUp", 0.61),
        ("PageDown", 0.51),
        ("ArrowLeft", 0.5),
        ("End", 1),
        ("PageUp", 1),
        ("Home", 0),
        ("PageDown", 0),
    ]:
        page.keyboard.press(key)
        now = heard(page)
        assert [each for each, _ in now] in (["range"], []), key
        assert float(slider.input_value()) == pytest.approx(value), key
    assert slider.get_attribute("aria-valuetext") == "cut at 0.00"


def test_number_hears_only_what_is_allowed_and_says_what_is(panel):
    page = panel()
    field = page.get_by_label("Row")
    field.fill("7")
    assert heard(page) == [["number", 7]]
    for wrong in ("12", "0", "2.5", ""):
        field.fill(wrong)
        assert heard(page) == []
        assert field.get_attribute("aria-invalid") == "true"
        assert page.locator(".mml-wrong").inner_text() == "Write a number from 1 to 9."
    field.fill("4")
    page.keyboard.press("ArrowUp")
    assert heard(page) == [["number", 4], ["number", 5]]
    assert field.get_attribute("aria-invalid") == "false"
    page.evaluate("() => number.show(5)")
    assert field.input_value() == "5"


def test_choice_and_button_by_keys(panel):
    page = panel()
    page.get_by_label("Metric").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Go").press("Enter")
    assert heard(page) == [["choice", "b"], ["button", "pressed"]]


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger"])
def test_controls_are_large_enough(panel, finger):
    page = panel(viewport={"width": 320, "height": 700}, has_touch=finger, is_mobile=finger)
    least = 44 if finger else 24
    controls = page.locator(".mml :is(input, select, button)").all()
    assert len(controls) == 4
    for control in controls:
        assert control.bounding_box()["height"] >= least
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@each_widget
@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
def test_fits_into_320_pixels(show, name, chinese, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh" if chinese else "en")
    page = show(MAKERS[name](), width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".mml").get_attribute("lang") == ("zh-Hans" if chinese else "en")


@each_widget
def test_says_nothing_english_in_chinese(show, name, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    page = show(MAKERS[name]())
    written = page.locator(".mml").inner_text() + page.locator(".mml").aria_snapshot()
    for left in ("Task", "Your answer", "none", " the ", "Centroid", "axis", "Shape"):
        assert left not in written


@each_widget
def test_forced_colours_leave_nothing_invisible(show, name):
    page = show(MAKERS[name](), forced_colors="active", color_scheme="dark")
    ground = page.locator(".mml").evaluate("n => getComputedStyle(n).backgroundColor")
    inks = page.locator(".mml svg :is(text, path, circle, rect, line)").evaluate_all(
        "nodes => nodes.map((n) => [getComputedStyle(n).fill, getComputedStyle(n).stroke])"
    )
    assert inks
    shown = [pair for pair in inks if set(pair) - {ground, "none", "rgba(0, 0, 0, 0)"}]
    assert len(shown) >= 0.5 * len(inks)
    texts = page.locator(".mml svg > text, .mml svg :not(.mml-handle) > text")
    assert ground not in texts.evaluate_all("nodes => nodes.map((n) => getComputedStyle(n).fill)")


@pytest.fixture
def finger():
    """Return a function that draws a line with one finger over a page."""

    def draw(page, start, end, steps=6):
        session = page.context.new_cdp_session(page)
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": start[0], "y": start[1]}]}
        )
        for step in range(1, steps + 1):
            x, y = (a + (b - a) * step / steps for a, b in zip(start, end, strict=True))
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
            page.wait_for_timeout(30)  # a browser that wants to scroll takes the finger away after a few moves
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    return draw


def test_turns_under_a_finger(show, finger):
    page = show(turn_axis(CLOUD), touch=True, width=320, height=500)
    box = page.locator(".mml-picture").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger(page, (x + 80, y + 15), (x, y - 100))  # fifteen pixels off the axis: fingers are not precise
    assert page.evaluate("model.get('answer')") == 90
    assert page.evaluate("window.scrollY") == 0
    finger(page, (x, page.locator(".mml-task").bounding_box()["y"] + 5), (x, 20))
    assert page.evaluate("window.scrollY") > 0, "beside the axis, a finger scrolls as ever"


def test_a_centroid_follows_a_finger(show, finger):
    page = show(drag_centroids(BLOBS), touch=True, width=320, height=700)
    targets = page.locator(".mml-target")
    for target in targets.all():
        assert target.bounding_box()["width"] >= 44
    before = page.evaluate("model.get('centroids')")
    box = targets.first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger(page, (x, y), (x + 40, y - 40 if y > 150 else y + 40))
    after = page.evaluate("model.get('centroids')")
    moved = [c for c in range(3) if before[c] != after[c]]
    assert len(moved) == 1
    assert after[moved[0]][0] > before[moved[0]][0]
    assert page.evaluate("window.scrollY") == 0


GONE = """(how) => {
  const signals = () => { const all = []; return { connect: (f) => all.push(f), all,
    disconnect: (f) => all.splice(all.indexOf(f), 1) }; };
  const session = { statusChanged: signals(), kernelChanged: signals() };
  window.session = session;
  model.widget_manager = { context: { sessionContext: session }, disconnect() { model.tell("comm_live_update"); } };
  stop();
  window.stop = widget.default.render({ model, el: document.querySelector("main") });
}"""


@each_widget
@pytest.mark.parametrize(
    ("event", "deaf"),
    [
        ("session.statusChanged.all.forEach((f) => f(null, 'busy'))", False),
        ("session.kernelChanged.all.forEach((f) => f(null, { oldValue: null, newValue: {} }))", False),
        ("session.statusChanged.all.forEach((f) => f(null, 'autorestarting'))", True),
        ("session.statusChanged.all.forEach((f) => f(null, 'dead'))", True),
        ("session.kernelChanged.all.forEach((f) => f(null, { oldValue: {}, newValue: null }))", True),
        ("model.widget_manager.disconnect()", True),  # what JupyterLab's widgets do at a restart
    ],
)
def test_says_that_python_hears_it_no_more_and_goes_on(show, name, event, deaf):
    page = show(MAKERS[name]())
    page.evaluate(GONE)
    words = page.locator(".mml-deaf")
    assert words.inner_text() == ""
    page.evaluate(f"() => {{ {event} }}")
    assert ("Run this cell again" in words.inner_text()) is deaf
    assert page.get_by_role("status").inner_text() == words.inner_text()
    page.locator(".mml :is(input, [tabindex='0'])").first.focus()
    page.keyboard.press("End" if name == "shapes" else "ArrowRight")
    if name == "shapes":
        page.keyboard.type(" ")
    assert page.evaluate("Object.values(['answer']).map((n) => model.get(n))") != [None], "it goes on in the page"
    page.evaluate("stop()")
    assert page.evaluate("session.statusChanged.all.length + session.kernelChanged.all.length") == 0
    assert page.evaluate("model.listening()") == 0
