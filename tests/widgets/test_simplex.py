"""The triangle of weights: interpolation against SciPy and the page, and the task by mouse, finger and key."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import LinearNDInterpolator
from sklearn.linear_model import LogisticRegression

from mmlearn_edu.fusion import WeightedFusion, simplex_grid
from mmlearn_edu.widgets import pick_weights, shift_weight, simplex_value
from mmlearn_edu.widgets._mixtures import grid_of
from tests.accessibility import violations

NAMES = ("image", "text", "audio")
PLACE = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]])  # of the three corners in the plane
RNG = np.random.default_rng(7)
VALUES = (0.9 - ((simplex_grid(3, 10) - [0.4, 0.2, 0.4]) ** 2 * [0.5, 0.9, 0.4]).sum(axis=1)).round(4)
units = (
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000))
    .map(sorted)
    .map(lambda cuts: [cuts[0] / 10_000, (cuts[1] - cuts[0]) / 10_000, (10_000 - cuts[1]) / 10_000])
)


def state(page, name):
    return page.evaluate("name => model.get(name)", name)


@pytest.mark.parametrize("n_steps", [1, 2, 3, 7, 10, 20])
def test_passes_through_the_grid(n_steps):
    grid = simplex_grid(3, n_steps)
    values = RNG.normal(size=len(grid))
    assert [simplex_value(weights, values) for weights in grid] == pytest.approx(values.tolist())


@pytest.mark.parametrize("n_steps", [1, 2, 5, 10])
def test_is_a_plane_in_each_small_triangle(n_steps):
    """SciPy interpolates linearly on the same points; on a convex bowl its triangles (Delaunay's) may be others."""
    grid = simplex_grid(3, n_steps)
    weights = RNG.dirichlet([1, 1, 1], 200)
    plane = grid @ [1.0, -2.0, 5.0] + 3
    assert [simplex_value(w, plane) for w in weights] == pytest.approx((weights @ [1.0, -2.0, 5.0] + 3).tolist())
    # within one small triangle, whatever the values: its three corners decide
    values = RNG.normal(size=len(grid))
    down, across = np.eye(3)[1] - np.eye(3)[0], np.eye(3)[2] - np.eye(3)[0]
    for corner in grid[grid[:, 0] > 1e-9]:
        three = [corner, corner + down / n_steps, corner + across / n_steps]
        shares = RNG.dirichlet([1, 1, 1])
        rows = [int(np.abs(grid - each).sum(axis=1).argmin()) for each in three]
        assert simplex_value(shares @ np.array(three), values) == pytest.approx(shares @ values[rows])


def test_agrees_with_scipy_on_a_grid_of_equal_triangles():
    grid = simplex_grid(3, 4)
    place = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])
    values = np.abs(grid @ [1.0, 2.0, 3.0] - 2)  # bent along a line of the grid: every triangulation of it agrees
    theirs = LinearNDInterpolator(grid @ place, values)
    for weights in RNG.dirichlet([2, 2, 2], 100):
        assert simplex_value(weights, values) == pytest.approx(float(theirs(weights @ place)[0]), abs=1e-9)


def test_by_hand():
    values = [1.0, 0.0, 0.0, 0.0, 4.0, 0.0]  # 1 for the first alone, 4 half-way between the second and third
    assert simplex_value([1, 0, 0], values) == 1
    assert simplex_value([0.75, 0.25, 0], values) == 0.5
    assert simplex_value([0, 0.5, 0.5], values) == 4
    assert simplex_value([0.25, 0.375, 0.375], values) == pytest.approx(2)
    assert simplex_value([1 / 3, 1 / 3, 1 / 3], values) == pytest.approx(4 / 3)


@pytest.mark.parametrize("n_steps", [1, 2, 10])
def test_grid_is_that_of_the_fusion(n_steps):
    np.testing.assert_array_equal(grid_of(n_steps), simplex_grid(3, n_steps))


@given(units)
def test_stays_within_the_range_everywhere(weights):
    assert VALUES.min() - 1e-12 <= simplex_value(weights, VALUES) <= VALUES.max() + 1e-12


@given(units, st.integers(0, 2), st.integers(-20, 120).map(lambda percent: percent / 100))
def test_shifted_weights_sum_to_one_and_keep_their_proportion(weights, which, weight):
    shifted = shift_weight(weights, which, weight)
    in_units = [round(10_000 * number) for number in shifted]
    assert sum(in_units) == 10_000
    assert min(in_units) >= 0
    assert in_units[which] == min(10_000, max(0, round(10_000 * weight)))
    one, other = (weights[k] for k in range(3) if k != which)
    rest = 1 - shifted[which]
    share = one / (one + other) if one + other > 0 else 0.5
    assert next(shifted[k] for k in range(3) if k != which) == pytest.approx(rest * share, abs=0.51e-4)


def test_a_hundred_small_steps_are_one_large_one():
    weights = [1.0, 0.0, 0.0]
    for percent in range(99, 39, -1):
        weights = shift_weight(weights, 0, percent / 100)
    assert weights == pytest.approx([0.4, 0.3, 0.3], abs=2e-4)


def test_starts_at_the_best_modality_with_a_goal_half_way():
    widget = pick_weights(VALUES, NAMES)
    corners = [simplex_value(corner, VALUES) for corner in np.eye(3)]
    assert widget.alone == int(np.argmax(corners))
    assert widget.weights == np.eye(3)[widget.alone].tolist()
    assert max(corners) < widget.goal < max(VALUES)
    assert widget.goal == pytest.approx((max(corners) + max(VALUES)) / 2, rel=5e-3)
    assert widget.task == (
        f"With {NAMES[widget.alone]} alone, accuracy is {max(corners):.4g}. "
        f"Mix the three until it is at least {widget.goal:.4g}."
    )


def test_a_goal_between_close_values_keeps_enough_digits():
    values = [0.90001, 0.90003, 0.5, 0.5, 0.90002, 0.5]
    assert 0.90001 < pick_weights(values).goal < 0.90003


def test_takes_what_weighted_fusion_found():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 30)
    X = {name: y[:, None] + rng.normal(scale=1.0, size=(60, 2)) for name in NAMES}
    fusion = WeightedFusion(LogisticRegression(), n_steps=4, cv=3).fit(X, y)
    widget = pick_weights(fusion.scores_, list(fusion.weights_))
    best = [fusion.weights_[name] for name in NAMES]
    assert simplex_value(best, widget.values) == pytest.approx(max(fusion.scores_))


def test_still_picture_stars_the_best_and_alt_tells_the_range():
    widget = pick_weights(VALUES, ("<图>", "text", "audio"), measure="macro F1", goal=0.85)
    assert "★" in widget._still()
    assert "&lt;图&gt;" in widget._still()
    assert f"runs from {VALUES.min():.4g} to {VALUES.max():.4g}" in widget._alt()
    assert "The aim is 0.85" in widget._alt()
    assert "macro F1" in widget._alt()
    assert len(widget.levels) >= 3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: pick_weights([1.0, 2.0]), "2 values fill no triangle: give one for each row of simplex_grid"),
        (lambda: pick_weights(VALUES[:-1]), "65 values fill no triangle"),
        (lambda: pick_weights([]), "values is empty"),
        (lambda: pick_weights([[1.0, 2.0, 3.0]]), "values must have shape"),
        (lambda: pick_weights(np.append(VALUES[:-1], np.nan)), "1 NaN or infinite"),
        (lambda: pick_weights(RNG.random(42 * 43 // 2)), "n_steps=41, and this picture takes at most 40"),
        (lambda: pick_weights(VALUES, ("a", "b")), "three different ones"),
        (lambda: pick_weights(VALUES, ("a", "b", "a")), "three different ones"),
        (lambda: pick_weights([1.0, 0.0, 0.0]), r"no mixture is better than the best modality alone \(1\)"),
        (lambda: pick_weights(np.ones(66)), "nothing to beat"),
        (lambda: pick_weights(VALUES, goal=0.99), "must be above the best modality alone, 0.[0-9]+, and at most 0.9"),
        (lambda: pick_weights(VALUES, goal=0.1), "goal=0.1 must be above"),
        (lambda: simplex_value([0.5, 0.6, 0.1], VALUES), r"weights=\[0.5, 0.6, 0.1\] must be three"),
        (lambda: simplex_value([1.2, -0.2, 0.0], VALUES), "0 or more"),
        (lambda: simplex_value([0.5, 0.5], VALUES), "must be three"),
        (lambda: simplex_value([np.nan, 0.5, 0.5], VALUES), "must be three"),
    ],
)
def test_says_what_it_cannot_draw(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# The page


@pytest.mark.browser
def test_the_page_computes_as_python_does(show):
    page = show(pick_weights(VALUES, NAMES))
    cases = []
    for n_steps in (1, 2, 3, 10, 20):
        grid = simplex_grid(3, n_steps)
        values = RNG.normal(size=len(grid))
        places = [*RNG.dirichlet([0.5, 0.5, 0.5], 60), *grid, *(RNG.multinomial(100, [0.4, 0.3, 0.3], 60) / 100)]
        cases += [[place.tolist(), values.tolist()] for place in places]
    found = page.evaluate("cases => cases.map(([w, v]) => widget.simplexValue(w, v))", cases)
    np.testing.assert_allclose(found, [simplex_value(*case) for case in cases], rtol=1e-13, atol=1e-15)
    moves = [
        [(RNG.multinomial(10_000, RNG.dirichlet([0.3] * 3)) / 10_000).tolist(), int(k), float(w)]
        for k, w in zip(RNG.integers(0, 3, 300), RNG.uniform(-0.1, 1.1, 300), strict=True)
    ]
    moves += [[[1, 0, 0], k, w] for k in range(3) for w in (0, 0.41, 0.9999, 1)]
    found = page.evaluate("moves => moves.map((move) => widget.shiftWeight(...move))", moves)
    assert found == [shift_weight(*move) for move in moves]


@pytest.mark.browser
def test_any_place_becomes_weights_in_whole_percent(show):
    page = show(pick_weights(VALUES, NAMES))
    found = page.evaluate(
        "[[1, 1, 1], [2, -1, 0], [0.335, 0.335, 0.33], [0, 0, 7], [0.8, 0.4, -0.2]].map(widget.toWeights)"
    )
    assert found == [[0.34, 0.33, 0.33], [1, 0, 0], [0.34, 0.33, 0.33], [0, 0, 1], [0.7, 0.3, 0]]
    places = [[210, 44], [30, 356], [390, 356], [210, 251], [0, 500]]
    corners = page.evaluate("places => places.map(([x, y]) => widget.fromPicture(x, y))", places)
    assert corners == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.34, 0.33, 0.33], [0, 1, 0]]


@pytest.mark.browser
def test_bands_are_cut_where_the_value_passes_a_level(show):
    page = show(pick_weights(VALUES, NAMES))
    cut = page.evaluate("widget.cutAt([[0, 0, 0], [4, 0, 4], [0, 4, 0]], 1)")
    assert cut["polygon"] == [[1, 0], [4, 0], [1, 3]]
    assert cut["line"] == [[1, 0], [1, 3]]
    assert page.evaluate("widget.cutAt([[0, 0, 5], [4, 0, 5], [0, 4, 5]], 1).polygon.length") == 3
    assert page.evaluate("widget.cutAt([[0, 0, 0], [4, 0, 0], [0, 4, 0]], 1)") == {"polygon": [], "line": []}


@pytest.mark.browser
def test_the_task_by_keyboard_alone(show):
    widget = pick_weights(VALUES, NAMES)
    page = show(widget)
    assert widget.alone in (0, 2)
    assert state(page, "answer") is None
    assert page.locator(".mml-verdict").inner_text() == f"Not above {NAMES[widget.alone]} alone yet."
    page.keyboard.press("Tab")
    for keys, weights in [
        ("Home", [0.3334, 0.3333, 0.3333]),
        ("ArrowRight", [0.3334, 0.3233, 0.3433]),
        ("Shift+ArrowLeft", [0.3334, 0.4233, 0.2433]),
        ("End", np.eye(3)[widget.alone].tolist()),
        ("Home", [0.3334, 0.3333, 0.3333]),
        ("PageDown", shift_weight([0.3334, 0.3333, 0.3333], 0, 0.2334)),
        ("ArrowUp", shift_weight([0.2334, 0.3833, 0.3833], 0, 0.2434)),
    ]:
        page.keyboard.press(keys)
        assert state(page, "weights") == weights, keys
        assert state(page, "answer") == dict(zip(NAMES, weights, strict=True)), keys
    for keys in ["PageUp", "PageUp", *["ArrowRight"] * 12]:
        page.keyboard.press(keys)
    weights = state(page, "weights")
    assert simplex_value(weights, VALUES) >= widget.goal
    assert page.locator(".mml-verdict").inner_text() == "✓ Better than any modality alone."
    spoken = page.get_by_role("slider", name="Mixture").get_attribute("aria-valuetext")
    value = f"{simplex_value(weights, VALUES):.4g}"
    assert (
        spoken
        == ", ".join(f"{name} {weight:g}" for name, weight in zip(NAMES, weights, strict=True)) + f"; accuracy {value}"
    )
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('✓ Better')")


@pytest.mark.browser
def test_arrows_stop_at_the_sides(show):
    page = show(pick_weights(VALUES, NAMES))
    for start, key, weights in [
        ([0.4, 0.6, 0.0], "ArrowLeft", [0.4, 0.6, 0.0]),
        ([0.4, 0.0, 0.6], "ArrowRight", [0.4, 0.0, 0.6]),
        ([0.4, 0.595, 0.005], "ArrowLeft", [0.4, 0.6, 0.0]),
        ([1, 0, 0], "ArrowUp", [1, 0, 0]),
        ([1, 0, 0], "ArrowDown", [0.99, 0.005, 0.005]),
        ([0, 0.5, 0.5], "ArrowDown", [0, 0.5, 0.5]),
    ]:
        assert page.evaluate("([w, key]) => widget.afterKey(w, key, false, 0)", [start, key]) == weights, (start, key)
    assert page.evaluate("widget.afterKey([1, 0, 0], 'a', false, 0)") is None


@pytest.mark.browser
def test_three_linked_sliders_always_sum_to_one(show):
    page = show(pick_weights(VALUES, NAMES))
    page.get_by_role("slider", name="Mixture").press("Home")
    sliders = [page.get_by_role("slider", name=f"Weight of {name}") for name in NAMES]
    sliders[1].focus()
    for key in ("ArrowRight", "PageUp", "End", "PageDown", "ArrowLeft", "Home"):
        before = state(page, "weights")
        page.keyboard.press(key)
        weights = state(page, "weights")
        assert weights == shift_weight(before, 1, weights[1]), key
        assert sum(round(10_000 * weight) for weight in weights) == 10_000
        shown = [float(each.inner_text()) for each in page.locator(".mml-control .mml-number").all()]
        assert shown == weights
    assert weights[1] == 0
    assert all("accuracy" in slider.get_attribute("aria-valuetext") for slider in sliders)


@pytest.mark.browser
def test_mouse_drags_taps_and_stays_in_the_triangle(show):
    page = show(pick_weights(VALUES, NAMES))
    handle = page.get_by_role("slider", name="Mixture")
    box = handle.locator(".mml-target").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 160, box["y"] - 80, steps=3)
    inside = state(page, "weights")
    assert min(inside) > 0.05
    page.mouse.move(2, 890, steps=3)
    page.mouse.up()
    assert state(page, "weights") == [0, 1, 0]
    page.keyboard.press("ArrowUp")
    assert state(page, "weights") == [0.01, 0.99, 0]
    picture = page.locator(".mml-picture").bounding_box()
    page.mouse.click(picture["x"] + picture["width"] / 2, picture["y"] + 0.63 * picture["height"])
    assert state(page, "weights") == pytest.approx([1 / 3] * 3, abs=0.03)
    assert handle.evaluate("n => n === document.activeElement")


@pytest.mark.browser
@pytest.mark.parametrize("width", [960, 320])
def test_a_finger_drags(show, width):
    page = show(pick_weights(VALUES, NAMES), touch=True, width=width)
    before = state(page, "weights")
    box = page.get_by_role("slider", name="Mixture").locator(".mml-target").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    page.drag_finger(box, -10 if before[2] else 5, -40 if before[2] else 40)
    assert state(page, "answer") is not None
    assert state(page, "weights") != before


@pytest.mark.browser
def test_shades_have_words_and_the_best_corner_a_star(show):
    widget = pick_weights(VALUES, NAMES)
    page = show(widget)
    assert [each.strip() for each in page.locator(".mml-shades li").all_inner_texts()] == [
        f"under {widget.levels[0]:g}",
        *[f"from {level:g}" for level in widget.levels],
    ]
    assert page.locator(".mml-level").all_text_contents() == [f"{level:g}" for level in widget.levels]
    shades = page.locator(".mml-shades rect").evaluate_all("nodes => nodes.map((n) => getComputedStyle(n).fill)")
    assert len(set(shades)) == len(widget.levels) + 1
    corner = simplex_value(np.eye(3)[widget.alone], VALUES)
    assert f"★ {NAMES[widget.alone]} {corner:.4g}" in page.locator(".mml-picture .mml-class").all_text_contents()


@pytest.mark.browser
def test_a_coarse_grid_will_do(show):
    page = show(pick_weights([0.5, 0.6, 0.4, 0.5, 0.5, 0.4], goal=0.55))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert state(page, "answer") is not None


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(show, dark):
    assert violations(show(pick_weights(VALUES, NAMES), dark=dark), ".mml") == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
def test_long_names_fit_into_320_pixels(show, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    page = show(pick_weights(VALUES, ("photographs", "description", "recordings")), width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    card = page.locator(".mml").bounding_box()
    for label in page.locator(".mml-picture text").all():
        box = label.bounding_box()
        assert card["x"] <= box["x"]
        assert box["x"] + box["width"] <= card["x"] + card["width"]
