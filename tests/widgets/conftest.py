"""Run a widget's page half in a real browser, without Jupyter: an empty page and a model of a dozen lines."""

import json
from functools import partial

import pytest

from tests.windows import Windows

PAGE = """<!doctype html><html lang="en"><title>A widget alone</title>
<meta name="viewport" content="width=device-width">
<body data-jp-theme-light="{light}" style="background:{background};margin:16px"><main></main></body></html>"""
SHOW = """async ([source, css, state]) => {
  const listeners = {};
  window.saves = 0;
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; (listeners[`change:${name}`] ?? []).forEach((f) => f()); },
    save_changes: () => { window.saves += 1; },
    on: (event, f) => { (listeners[event] ??= []).push(f); },
    off: (event, f) => { listeners[event] = (listeners[event] ?? []).filter((g) => g !== f); },
    tell: (event) => [...(listeners[event] ?? [])].forEach((f) => f()),
    listening: () => Object.values(listeners).flat().length,
  };
  window.widget = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  window.stop = await widget.default.render({ model, el: document.querySelector("main") });
}"""


def _listen(page):
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)


@pytest.fixture(scope="module")
def windows(chromium):
    windows = Windows(chromium, _listen)
    yield windows
    windows.close()


@pytest.fixture
def empty_page(windows):
    """Return a function that gives a page of its own to each caller; complain about any error a page reports."""
    lent, complaints = [], []

    def lend(**options):
        lent.append(windows.lend(complaints, **options))
        return lent[-1]

    yield lend
    for page in lent:
        windows.take_back(page)
    assert complaints == []


@pytest.fixture
def show(empty_page):
    """Return a function that opens a widget in a page of its own."""

    def open_page(widget, *, dark=False, width=960, height=900, touch=False, **options):
        size = {"width": width, "height": height}
        page = empty_page(viewport=size, has_touch=touch, is_mobile=touch, **options)
        page.drag_finger = partial(_drag_finger, page)
        page.set_content(PAGE.format(light=str(not dark).lower(), background="#111" if dark else "#fff"))
        state = json.loads(json.dumps(widget.get_state(), default=str))
        page.evaluate(SHOW, [state.pop("_esm"), state.pop("_css"), state])
        return page

    return open_page


def _drag_finger(page, box, right, down):
    """Put a finger on the middle of `box`, move it in four steps, and lift it: Playwright itself only taps."""
    session = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, share in [("touchStart", 0), *[("touchMove", step / 4) for step in range(1, 5)], ("touchEnd", None)]:
        points = [] if share is None else [{"x": x + share * right, "y": y + share * down}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(30)  # a browser that wants to scroll takes the finger away after a few moves
