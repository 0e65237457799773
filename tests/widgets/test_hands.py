"""What hands do: keys, mouse, zoom, themes, and what a screen reader is told."""

import numpy as np
import pytest

from mmlearn_edu.widgets import (
    broadcast_shapes,
    drag_centroids,
    lloyd,
    move_query,
    move_threshold,
    pick_weights,
    share_caught,
    turn_axis,
    walk_latent,
)

pytestmark = pytest.mark.browser
RNG = np.random.default_rng(2)
CLOUD = RNG.normal(size=(40, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]]) + 3
BLOBS = np.concatenate([RNG.normal(centre, 0.5, size=(20, 2)) for centre in [(0, 0), (4, 0), (2, 4)]])
MAKERS = {
    "shapes": broadcast_shapes,
    "axis": lambda: turn_axis(CLOUD),
    "centroids": lambda: drag_centroids(BLOBS),
    "scatter": lambda: move_query(BLOBS[::7]),
    "threshold": lambda: move_threshold(np.arange(60) > 30, BLOBS[:, 1]),
    "simplex": lambda: pick_weights([0.5, 0.8, 0.6, 0.6, 0.7, 0.4]),
    "latent": lambda: walk_latent(BLOBS, np.repeat([3, 5, 8], 20), lambda Z: np.hstack([Z, 6 - Z]).clip(0, 6) / 6),
}
each_widget = pytest.mark.parametrize("name", MAKERS)
FOCUSABLE = ".mml :is(input, button, [tabindex='0'])"


def state(page, name):
    return page.evaluate("name => model.get(name)", name)


def test_axis_turns_by_keyboard(show):
    page = show(turn_axis(CLOUD))
    before = page.locator(".mml-rod").get_attribute("x2")
    assert state(page, "answer") is None
    page.keyboard.press("Tab")
    for key, degrees in [
        ("ArrowRight", 1),
        ("ArrowUp", 2),
        ("PageUp", 12),
        ("ArrowLeft", 11),
        ("End", 179),
        ("PageDown", 169),
        ("Home", 0),
        ("PageDown", 0),
        ("PageUp", 10),
    ]:
        page.keyboard.press(key)
        assert state(page, "degrees") == state(page, "answer") == degrees, key
    assert page.locator(".mml-rod").get_attribute("x2") != before
    said = f"{100 * share_caught(CLOUD, 10):.1f} %"
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == f"10 degrees, {said} of the variance caught"
    assert page.locator(".mml-answer").inner_text() == "Your answer: 10°"
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('Axis at 10 degrees')")
    assert said in page.get_by_role("status").inner_text()


def test_axis_turns_by_mouse_and_then_by_key(show):
    page = show(turn_axis(CLOUD))
    box = page.locator(".mml-picture").bounding_box()
    middle_x, middle_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle_x + 100, middle_y)
    page.mouse.down()
    page.mouse.move(middle_x + 80, middle_y - 80, steps=4)
    page.mouse.up()
    assert state(page, "answer") == 45
    page.keyboard.press("ArrowRight")
    assert state(page, "answer") == 46
    page.mouse.move(middle_x, middle_y - 100)  # the button is up: nothing may follow the pointer
    assert state(page, "answer") == 46


def test_shapes_change_the_result_and_wrong_words_do_not(show):
    page = show(broadcast_shapes())
    page.get_by_label("Shape of a").fill("(5, 1)")
    page.get_by_label("Shape of b").fill("(5,)")
    assert state(page, "answer") == [5, 5]
    assert page.get_by_role("img", name="a of shape (5, 1), stretched to (5, 5)").is_visible()
    assert page.locator(".mml-verdict").inner_text() == "✓ (5, 5), and both were stretched."
    page.get_by_label("Shape of b").fill("(5, x)")
    assert "“x” is not a size" in page.locator(".mml").inner_text()
    assert page.get_by_label("Shape of b").get_attribute("aria-invalid") == "true"
    assert state(page, "answer") == [5, 5]
    page.get_by_label("Shape of b").fill("(4,)")
    page.get_by_label("Shape of a").fill("(5, 3)")
    assert state(page, "answer") == "does not broadcast"
    assert "3 against 4: neither is 1" in page.locator(".mml").inner_text()
    page.get_by_label("Shape of b").fill("(7, 512)")
    page.get_by_label("Shape of a").fill("(7, 7, 7, 512)")
    assert state(page, "answer") == [7, 7, 7, 512]
    assert "the table holds for any size" in page.locator(".mml").inner_text()


def test_centroids_beat_lloyd_by_keyboard_alone(show):
    widget = drag_centroids(BLOBS)
    page = show(widget, reduced_motion="reduce")
    step = page.get_by_role("button", name="Lloyd step")
    step.focus()
    for _ in range(30):
        page.keyboard.press("Enter")
    assert state(page, "answer") == pytest.approx(widget.stuck)
    assert page.locator(".mml-verdict").inner_text() == f"Not below Lloyd yet. Aim below {widget.goal:.4g}."
    page.get_by_role("button", name="Back to the start").press("Enter")
    assert state(page, "centroids") == widget.start
    assert state(page, "answer") == pytest.approx(widget.stuck), "the lowest objective so far stays the answer"
    best = lloyd(BLOBS, [[0, 0], [4, 0], [2, 4]])[1]
    _walk(page, [[0, 0], [4, 0], [2, 4]])
    for _ in range(5):
        step.press("Space")
    assert state(page, "answer") == pytest.approx(best)
    assert page.locator(".mml-verdict").inner_text() == "✓ You beat Lloyd."
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('You beat Lloyd')")


def _walk(page, targets):
    """Bring each centroid near its target with arrow keys, as a learner would."""
    for number, target in enumerate(targets):
        handle = page.get_by_role("slider").nth(number)
        handle.focus()
        for _ in range(120):
            x, y = state(page, "centroids")[number]
            if abs(x - target[0]) < 0.3 and abs(y - target[1]) < 0.3:
                break
            sideways = abs(x - target[0]) >= 0.3
            key = (
                ("ArrowLeft" if x > target[0] else "ArrowRight")
                if sideways
                else "ArrowDown"
                if y > target[1]
                else "ArrowUp"
            )
            page.keyboard.press(key)
        else:
            pytest.fail(f"centroid {number} stopped at {state(page, 'centroids')[number]}, not near {target}")


def test_centroids_follow_the_mouse_and_stay_in_the_picture(show):
    widget = drag_centroids(BLOBS)
    page = show(widget)
    markers = page.locator(".mml-point").evaluate_all(
        "nodes => nodes.map((n) => [n.getAttribute('d'), n.classList.value])"
    )
    box = page.locator(".mml-handle .mml-target").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(5, 5, steps=3)
    page.mouse.up()
    x, y = state(page, "centroids")[0]
    assert x < BLOBS[:, 0].min() + 0.1
    assert y > BLOBS[:, 1].max() - 0.1
    picture = page.locator(".mml-picture").bounding_box()
    ring = page.locator(".mml-handle .mml-halo").first.bounding_box()
    assert ring["x"] >= picture["x"]
    assert ring["y"] >= picture["y"]
    after = page.locator(".mml-point").evaluate_all(
        "nodes => nodes.map((n) => [n.getAttribute('d'), n.classList.value])"
    )
    assert after != markers
    assert len({shape for shape, _ in after}) == len({colour for _, colour in after}) > 1, "colour never alone"


@each_widget
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out_in_both_themes(show, name, dark):
    page = show(MAKERS[name](), dark=dark)
    assert page.evaluate(CONTRAST) == []


@each_widget
def test_targets_are_large_and_controls_are_named(show, name):
    page = show(MAKERS[name]())
    for control in page.locator(FOCUSABLE).all():
        box = control.bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24
    named = page.locator(".mml").aria_snapshot()
    assert "slider:" not in named
    assert "textbox:" not in named
    assert 'button "' in named or "button" not in named


@each_widget
def test_focus_is_seen(show, name):
    page = show(MAKERS[name]())
    for control in page.locator(FOCUSABLE).all():
        page.keyboard.press("Tab")
        assert control.evaluate("node => document.activeElement === node"), "Tab goes through the controls in order"
        ring = control.evaluate(
            "n => n.matches('.mml-handle') ? getComputedStyle(n.querySelector('.mml-halo')).stroke"
            " : getComputedStyle(n).outlineStyle"
        )
        assert ring not in ("none", "rgba(0, 0, 0, 0)")


@each_widget
def test_fits_at_200_percent_zoom(show, name):
    page = show(MAKERS[name](), width=480, height=450, device_scale_factor=2)  # 960 pixels at 200 %
    assert page.evaluate("document.documentElement.scrollWidth") <= 480


@each_widget
def test_two_views_move_together_and_a_closed_one_listens_no_more(show, name):
    page = show(MAKERS[name]())
    page.evaluate("() => { window.stopSecond = widget.default.render({ model, el: document.querySelector('main') }); }")
    assert page.locator(".mml").count() == 2
    ids = page.locator(".mml [id]").evaluate_all("nodes => nodes.map((n) => n.id)")
    assert len(ids) == len(set(ids))
    moved = {
        "degrees": 30,
        "a": "(4, 1)",
        "centroids": [[0, 0], [1, 1], [2, 2]],
        "query": [1, 1],
        "threshold": 1.5,
        "weights": [0.3, 0.3, 0.4],
        "place": [2, 2],
        "found": True,
    }
    page.evaluate(
        "moved => Object.entries(moved).forEach(([k, v]) => model.get(k) !== undefined && model.set(k, v))", moved
    )
    first, second = page.locator(".mml-body, .mml-stack").all()
    plain = "node => node.innerText"
    assert first.evaluate(plain) == second.evaluate(plain)
    page.evaluate("() => { stop(); stopSecond(); }")
    assert page.evaluate("model.listening()") == 0
    assert page.locator(".mml").count() == 0


def test_no_motion_for_those_who_ask_for_none(show):
    page = show(drag_centroids(BLOBS), reduced_motion="reduce")
    page.get_by_role("button", name="Lloyd step").click()
    assert page.locator(".mml-handle").first.evaluate("n => getComputedStyle(n).transitionDuration") == "0s"
    page = show(drag_centroids(BLOBS))
    page.get_by_role("button", name="Lloyd step").click()
    assert page.locator(".mml-handle").first.evaluate("n => getComputedStyle(n).transitionDuration") == "0.3s"


# Every visible piece of text with its contrast against what is painted behind it, where that is under 4.5.
CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (c) => { const x = c / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const behind = (node) => {
    if (!(node instanceof SVGElement)) return ground(node);
    const own = node.parentElement.querySelector(".mml-handle > path");
    if (node.closest(".mml-handle")) return numbers(getComputedStyle(node.parentElement.querySelector("path")).fill);
    const cell = node.previousElementSibling;
    return cell?.tagName === "rect" ? numbers(getComputedStyle(cell).fill) : ground(node);
  };
  const weak = [];
  for (const node of document.querySelectorAll(".mml, .mml *")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim())) continue;
    const style = getComputedStyle(node);
    const colour = numbers(node instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [luminance(colour), luminance(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) weak.push([node.textContent, ratio]);
  }
  return weak;
}"""
