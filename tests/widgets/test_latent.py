"""The plane of codes: pictures between pictures and what they are read as, in Python and in the page; and hands."""

import json

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from mmlearn_edu.widgets import at_border, blend_pictures, walk_latent
from mmlearn_edu.widgets._latent import touching
from tests.accessibility import violations

RNG = np.random.default_rng(4)
MIDDLES = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 3.0]])
CODES = np.concatenate([RNG.normal(middle, 0.4, size=(30, 2)) for middle in MIDDLES])
DIGITS = np.repeat([7, 1, 4], 30)
PIXELS = np.stack(np.meshgrid(np.arange(6), np.arange(4)), axis=-1).reshape(-1, 2)  # of 4 x 6


def bump(Z):
    """Decode a place to a bright spot there."""
    return np.exp(-np.square(Z[:, None] - PIXELS).sum(axis=2)).reshape(-1, 4, 6)


def stripe(Z):
    """Decode a place to four pixels that tell how far to the right it is."""
    return np.repeat(Z[:, :1].clip(0, 3) / 3, 4, axis=1)


def third(pictures):
    return np.array(["left", "middle", "right"])[np.digitize(pictures[:, 0], [0.34, 0.67])]


STRIPES = (np.array([[0.0, 0.0], [1.5, 1.0], [3.0, 0.0]]), ["left", "middle", "right"], stripe)


def digits(**options):
    return walk_latent(CODES, DIGITS, bump, **{"start": 7, "goal": 1, **options})


def state(page, name):
    return page.evaluate("name => model.get(name)", name)


def test_blend_is_scipys():
    pictures = RNG.random((5, 7, 2, 3))
    theirs = RegularGridInterpolator((np.linspace(0, 1, 5), np.linspace(0, 1, 7)), pictures)
    places = [*RNG.random((50, 2)), [0, 0], [1, 1], [0, 1], [0.25, 0.5]]
    for up, across in places:
        np.testing.assert_allclose(blend_pictures(pictures, across, up), theirs([up, across])[0], atol=1e-12)


def test_blend_by_hand():
    grid = np.array([[0.0, 1.0], [2.0, 5.0]])[:, :, None, None]
    places = [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0), (0.5, 0.5)]
    assert [blend_pictures(grid, *place).item() for place in places] == [0, 1, 2, 5, 0.5, 2]


def test_border_by_hand():
    readings = np.array([[7] * 5 + [1] * 4, [7] * 5 + [1] * 4, [4] * 9])
    found = [at_border(readings, 0, column, 7, [1]) for column in range(9)]
    assert found == [False] * 3 + [True] * 4 + [False] * 2
    assert not any(at_border(readings, 2, column, 7, [1]) for column in range(9)), "neither of both"
    assert at_border(readings, 2, 0, 7, [1, 4])
    assert not at_border(readings, 2, 8, 7, [1, 4]), "1 beside 4 is a border, but not of 7"


def test_length_of_borders_by_hand():
    counts = touching(np.array([[0, 0, 1], [0, 1, 1], [2, 2, 2]]), 4)
    np.testing.assert_array_equal(counts, [[0, 3, 1, 0], [3, 0, 2, 0], [1, 2, 0, 0], [0, 0, 0, 0]])


def test_reads_a_picture_as_the_class_whose_mean_is_nearest():
    widget = digits()
    means = [bump(CODES[digit == DIGITS]).mean(axis=0) for digit in (1, 4, 7)]
    for x, y in RNG.uniform(widget.low, widget.high, size=(200, 2)):
        place = widget.step * np.rint(np.array([x, y]) / widget.step)
        errors = [np.square(bump(place[None])[0] - mean).sum() for mean in means]
        if np.ptp(np.sort(errors)[:2]) > 1e-9:
            assert widget.read_as((x, y)) == (1, 4, 7)[int(np.argmin(errors))]
    assert widget.read_as(MIDDLES[0]) == 7
    assert isinstance(widget.read_as(MIDDLES[0]), int)
    assert widget.at_border([2, 0])
    assert not widget.at_border([1, 0])


@pytest.mark.parametrize("resolution", [2, 33, 101])
def test_shows_what_is_decoded(resolution):
    """Bilinear interpolation is off by at most 1/8 spacing squared times each second derivative, here at most 2."""
    widget = digits(resolution=resolution)
    spacing = (widget.high[0] - widget.low[0]) / (resolution - 1)
    for place in [*RNG.uniform(widget.low, widget.high, size=(20, 2)), widget.low, widget.high]:
        worst = np.abs(widget.picture_at(place) - bump(np.array([place]))[0]).max()
        assert worst <= 2 * 2 * spacing**2 / 8 + 1 / 255
    corner = widget.picture_at(widget.high)
    np.testing.assert_allclose(corner, bump(np.array([widget.high]))[0], atol=0.5 / 255 + 1e-9)


def test_asks_for_the_border_between_both_where_there_is_one():
    widget = digits()
    assert widget.task.startswith("Walk from 7 to 1, and stop at the border")
    assert [widget.read_as(end) for end in widget.ends] == [7, 1]
    assert not any(map(widget.at_border, widget.ends)), "the walk neither begins nor ends where it leads to"
    assert widget.place == widget.ends[0]
    np.testing.assert_allclose(widget.ends, MIDDLES[:2], atol=0.3)


def test_begins_off_the_border_even_where_the_samples_lie_on_it():
    codes = np.array([[1.0, 0.0], [1.0, 1.0], [1.1, 0.0], [2.9, 1.0]])
    widget = walk_latent(codes, ["left", "left", "middle", "right"], stripe, third, start="middle", goal="left")
    assert not any(map(widget.at_border, widget.ends))
    beside = [place + np.multiply([dx, 0], widget.step) for place, dx in zip(widget.ends, (-1, 1), strict=True)]
    assert all(map(widget.at_border, beside)), "and no farther from them than that takes"


def test_asks_to_leave_the_start_where_the_two_lie_apart():
    widget = walk_latent(*STRIPES, third, start="left", goal="right")
    assert "side by side nowhere" in widget.task
    assert widget.at_border([1.0, 0.5])
    assert not widget.at_border([2.0, 0.5]), "middle to right is another border"
    assert widget.read_as([2.9, 0.0]) == "right"


def test_names_the_longest_border_where_it_is_not_told():
    def wide(pictures):  # the one at the left takes part in the only border of the middle that is long
        return np.array(["left", "middle", "right"])[np.digitize(pictures[:, 0], [0.34, 2.0])]

    widget = walk_latent(*STRIPES, wide)
    assert {widget.classes[widget.start], widget.classes[widget.goal]} == {"left", "middle"}
    chosen = [
        (widget.classes[widget.start], widget.classes[widget.goal])
        for widget in (walk_latent(*STRIPES, third, start="right"), walk_latent(*STRIPES, third, goal="left"))
    ]
    assert chosen == [("right", "middle"), ("middle", "left")]
    for goal in (1, 4, 7):
        widget = walk_latent(CODES, DIGITS, bump, goal=goal)
        assert widget.start == touching(widget._map(), 3)[(1, 4, 7).index(goal)].argmax()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_everything_is_in_the_picture_on_round_numbers(scale):
    Z = CODES * scale + scale
    widget = walk_latent(Z, DIGITS, lambda places: bump(places / scale - 1), start=7, goal=1)
    spans = np.subtract(widget.high, widget.low)
    assert spans[0] == pytest.approx(spans[1])
    assert 40 <= spans[0] / widget.step <= 100.01
    assert (Z.min(axis=0) > widget.low).all()
    assert (Z.max(axis=0) < widget.high).all()
    assert len(widget._map()) == pytest.approx(spans[0] / widget.step + 1)
    assert widget.at_border([3 * scale, 1 * scale])
    np.testing.assert_allclose(widget.codes, Z[np.argsort(DIGITS, kind="stable")], atol=widget.step / 10)


def test_many_samples_are_thinned_evenly_and_the_data_stay_as_they_are():
    Z, y = np.tile(CODES, (20, 1)), np.tile(DIGITS, 20)
    Z[1] = 50.0  # far out, and not among those that are drawn
    before = Z.copy()
    widget = walk_latent(Z, y, bump)
    assert max(widget.high) < 10
    np.testing.assert_array_equal(np.bincount(widget.groups), [67, 66, 67])
    np.testing.assert_array_equal(Z, before)


def test_flat_square_and_uint8_pictures_are_the_same():
    flat = walk_latent(*STRIPES, third)
    tall = walk_latent(*STRIPES[:2], lambda Z: stripe(Z).reshape(-1, 2, 2), lambda P: third(P[:, 0]))
    levels = walk_latent(*STRIPES[:2], lambda Z: np.rint(stripe(Z) * 255).astype(np.uint8), lambda P: third(P / 255))
    assert flat.pictures == tall.pictures == levels.pictures
    assert flat.readings == tall.readings


def test_carries_no_more_than_a_notebook_should():
    widget = walk_latent(
        np.tile(CODES, (20, 1)), np.tile(DIGITS, 20), lambda Z: np.zeros((len(Z), 64)) + Z[:, :1] / 9 % 1
    )
    assert len(json.dumps(widget._repr_mimebundle_()[0]["application/vnd.mmlearn-edu.explorable+json"])) < 150_000


def test_still_picture_and_alt_tell_the_walk():
    widget = digits()
    assert "90 samples of 3 classes" in widget._alt()
    assert "from 7 to 1 are read as 7, 7, 7, 7, " in widget._alt()
    assert widget._alt().endswith(", 1, 1.")
    assert widget._still().count("<image") == 10
    named = walk_latent(*STRIPES, third, axes=("<a>", "b"))
    assert "&lt;a&gt;" in named._still()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: walk_latent(np.ones((9, 3)), DIGITS[:9], bump), "codes has 3 numbers a sample.*n_components=2"),
        (lambda: walk_latent(np.ones(9), DIGITS[:9], bump), r"codes must have shape"),
        (lambda: walk_latent([[np.nan, 0], [1, 1]], [0, 1], bump), "1 NaN or infinite"),
        (lambda: walk_latent(np.ones((90, 2)), DIGITS, bump), "all 90 codes are the same"),
        (lambda: walk_latent(CODES, DIGITS[:5], bump), r"labels has shape \(5,\) for 90 codes"),
        (lambda: walk_latent(CODES, np.where(DIGITS == 7, np.nan, 1.0), bump), "labels holds 30 NaN"),
        (lambda: walk_latent(CODES, np.zeros(90), bump), "labels has 1 classes"),
        (lambda: walk_latent(CODES, np.arange(90), bump), "labels has 90 classes"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: Z[:5]), r"decode returned shape \(5, 2\) for 1089 places"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: Z[:, 0]), r"decode returned shape \(1089,\)"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: np.zeros((len(Z), 2, 2, 3))), r"expected \(n_places, n_pixels\)"),
        (
            lambda: walk_latent(CODES, DIGITS, lambda Z: np.zeros((len(Z), 60))),
            "rows of 60 pixels, which make no square",
        ),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: Z[:, :1] * 0 - 0.5), r"from -0.5 to -0.5.*\.clip\(0, 1\)"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: Z[:, :1] * 0 + 1.5), r"decode returned pixels from 1.5 to 1.5"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: Z[:, :1] * np.nan), "from nan to nan"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: np.zeros((len(Z), 64, 64))), "4,460,544 bytes.*resolution=15"),
        (lambda: digits(resolution=1), r"resolution=1 not in 2\.\.101"),
        (lambda: digits(resolution=102), r"resolution=102 not in 2\.\.101"),
        (lambda: walk_latent(CODES, DIGITS, bump, lambda P: P), r"classify returned shape \(1000, 4, 6\) for 1000 pic"),
        (
            lambda: walk_latent(CODES, DIGITS, bump, lambda P: P[:, 0, 0]),
            r"pictures as \[.{5,80}\] \.\.\., and",
        ),
        (lambda: walk_latent(*STRIPES, lambda P: np.full(len(P), "up")), r"reads pictures as \['up'\], and labels has"),
        (
            lambda: walk_latent(*STRIPES, lambda P: np.full(len(P), "left")),
            "every picture .* is read as .left.:",
        ),
        (lambda: digits(start=8), r"no place of the plane is read as start=8; there is \[1, 4, 7\]"),
        (lambda: digits(goal="1"), "no place of the plane is read as goal='1'"),
        (lambda: digits(goal=7), "start and goal are both 7"),
        (lambda: digits(axes=("x",)), "axes names 1 numbers"),
        (lambda: digits().at_border(digits().answer), "there is no answer yet: move the point first"),
        (lambda: digits().read_as([1.0]), r"point=\[1.0\] is no place of this plane; expected \(x, y\) with x from"),
        (lambda: digits().at_border([0.0, np.nan]), "is no place of this plane"),
        (lambda: digits().picture_at([99.0, 0.0]), "is no place of this plane"),
        (lambda: digits().read_as([1.0, 2.0, 3.0]), "is no place of this plane"),
        (lambda: blend_pictures(np.zeros((3, 3)), 0, 0), r"expected pictures of shape \(n_rows"),
        (lambda: blend_pictures(np.zeros((3, 3, 1, 1)), 1.5, 0), r"across=1.5 and up=0 must lie in \[0, 1\]"),
    ],
)
def test_says_what_it_cannot_draw(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: walk_latent(CODES, DIGITS, np.zeros((3, 3))), "decode is ndarray, expected a function"),
        (lambda: walk_latent(CODES, DIGITS, bump, "nearest"), "classify is str, expected a function"),
        (lambda: walk_latent(CODES, DIGITS, lambda Z: np.full((len(Z), 4), "0")), "decode returned <U1"),
        (lambda: digits(resolution=9.0), "resolution=9.0 must be a whole number"),
    ],
)
def test_says_what_it_cannot_call(make, words):
    with pytest.raises(TypeError, match=words):
        make()


# The page


@pytest.mark.browser
def test_the_page_computes_what_python_does(show):
    widget = digits()
    page = show(widget)
    size, *_ = shape = widget.shape
    grid = RNG.integers(0, 256, size=(size, size, *shape[1:]))
    places = [*RNG.random((40, 2)).tolist(), [0, 0], [1, 1], [0.5, 1]]
    theirs = page.evaluate(
        "([grid, shape, places]) => places.map(([across, up]) => [...widget.blendPictures(grid, shape, across, up)])",
        [grid.ravel().tolist(), shape, places],
    )
    ours = [blend_pictures(grid, *place).ravel() for place in places]
    np.testing.assert_allclose(theirs, ours, rtol=1e-12, atol=1e-9)

    readings = RNG.integers(0, 4, size=(9, 9)).repeat(3, axis=0).repeat(3, axis=1)
    for start, beyond in [(0, [1]), (2, [0, 1, 3])]:
        theirs = page.evaluate(
            "([map, n, ...sides]) => map.map((_, i) => widget.atBorder(map, n, Math.floor(i / n), i % n, ...sides))",
            [readings.ravel().tolist(), 27, start, beyond],
        )
        assert theirs == [at_border(readings, row, column, start, beyond) for row, column in np.ndindex(27, 27)]
        assert 50 < sum(theirs) < 650
    readings = RNG.integers(0, 4, size=(27, 27))
    lines = page.evaluate(
        "map => widget.borderLines(map, 27, (at) => at, (a, b) => a + b === 1)", readings.ravel().tolist()
    )
    counts = touching(readings, 4)
    assert lines["asked"].count("M") == counts[0, 1]
    assert lines["others"].count("M") == np.triu(counts).sum() - counts[0, 1]


@pytest.mark.browser
def test_the_page_says_what_python_reads(show):
    widget = digits()
    page = show(widget)
    canvas = page.locator(".mml-large canvas")
    for place in RNG.uniform(widget.low, widget.high, size=(15, 2)).tolist():
        page.evaluate("([x, y]) => model.set('place', [x, y])", place)
        assert canvas.get_attribute("aria-label") == f"Picture of 4 x 6 pixels, read as {widget.read_as(place)}"
        assert page.locator(".mml-won").count() == widget.at_border(place)
        levels = canvas.evaluate(
            "c => [...c.getContext('2d').getImageData(0, 0, 6, 4).data].filter((_, i) => i % 4 === 0)"
        )
        np.testing.assert_allclose(levels, widget.picture_at(place).ravel() * 255, atol=0.5 + 1e-6)


@pytest.mark.browser
def test_the_task_by_keyboard_alone(show):
    widget = digits()
    page = show(widget)
    verdict = page.locator(".mml-verdict")
    assert state(page, "answer") is None
    assert verdict.inner_text() == "Still 7. Walk on."
    assert page.get_by_role("button").count() == 0, "the borders are shown once one is found"
    page.keyboard.press("Tab")
    x, y = widget.ends[0]
    step = widget.step
    for key, (right, up) in {
        "ArrowRight": (1, 0), "ArrowUp": (1, 1), "Shift+ArrowDown": (1, -4), "ArrowLeft": (0, -4), "Home": (0, 0),
    }.items():  # fmt: skip
        page.keyboard.press(key)
        assert state(page, "answer") == state(page, "place") == pytest.approx([x + right * step, y + up * step]), key
    page.keyboard.press("End")
    assert state(page, "answer") == widget.ends[1]
    assert verdict.inner_text() == "Already 1: the border lies behind you."
    for _ in range(60):
        page.keyboard.press("PageUp")
        if page.locator(".mml-won").count():
            break
    answer = state(page, "answer")
    assert widget.at_border(answer)
    assert verdict.inner_text() == "✓ The border: 1 here, and 7 within two steps."
    assert page.locator(".mml-answer").inner_text() == f"Your answer: ({answer[0]:g}, {answer[1]:g})"
    handle = page.get_by_role("slider", name="Point")
    assert handle.get_attribute("aria-valuetext") == f"x {answer[0]:g}, y {answer[1]:g}: read as 1"
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('✓ The border')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Hide the borders").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Hide the borders"
    assert page.locator(".mml-asked").get_attribute("d").count("M") > 10
    assert state(page, "answer") == answer
    page.keyboard.press("Enter")
    assert page.locator(".mml-asked").get_attribute("d") == ""


@pytest.mark.browser
def test_a_border_with_whatever_lies_between(show):
    page = show(walk_latent(*STRIPES, third, start="left", goal="right"))
    told = []
    for x in (0.0, 1.0, 1.5, 2.0, 3.0, 0.0):
        page.evaluate("x => model.set('place', [x, 0.5])", x)
        told.append(page.locator(".mml-verdict").inner_text())
    past = [f"Already {name}: the border lies behind you." for name in ("middle", "middle", "right")]
    won = "✓ The border: left here, and middle within two steps."
    assert told == ["Still left. Walk on.", won, *past, "Still left. Walk on."]


@pytest.mark.browser
def test_borders_are_drawn_where_they_lie_and_stay_once_found(show):
    page = show(walk_latent(*STRIPES, third, start="left", goal="middle"))
    page.keyboard.press("Tab")
    for _ in range(60):
        if page.locator(".mml-won").count():
            break
        page.keyboard.press("PageDown")
    page.get_by_role("button", name="Show every border").click()
    handle, line = (page.locator(name).bounding_box() for name in (".mml-handle > path", ".mml-asked"))
    assert line["x"] + line["width"] / 2 == pytest.approx(handle["x"] + handle["width"] / 2, abs=12)
    assert line["width"] < 20, "the browser counts what a mitred corner would add"
    assert line["height"] > 300
    page.locator(".mml-handle").press("End")
    assert page.locator(".mml-won").count() == 0
    assert page.get_by_role("button", name="Hide the borders").is_visible()
    assert state(page, "found")


@pytest.mark.browser
def test_page_keys_stop_at_every_border(show):
    """Three steps at once are fewer than the band around a border is wide, whichever way one crosses it."""
    page = show(digits())
    page.keyboard.press("Tab")
    said = []
    for _ in range(60):
        page.keyboard.press("PageDown")
        said.append(page.locator(".mml-verdict").inner_text()[:5])
    assert said.index("✓ The") > 0
    assert said[-1] == "Alrea"
    assert state(page, "place") == digits().ends[1]


@pytest.mark.browser
def test_mouse_drags_and_the_point_stays_inside(show):
    widget = digits()
    page = show(widget)
    box = page.get_by_role("slider", name="Point").locator(".mml-target").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(2, 2, steps=3)
    page.mouse.up()
    assert state(page, "answer") == [widget.low[0], widget.high[1]]
    page.keyboard.press("ArrowRight")
    assert state(page, "answer") == pytest.approx([widget.low[0] + widget.step, widget.high[1]])
    assert page.locator(".mml-verdict").inner_text().startswith("This is 4") or widget.read_as(widget.low) != 4


@pytest.mark.browser
@pytest.mark.parametrize("width", [960, 320])
def test_a_finger_places_and_drags(show, width):
    page = show(digits(), touch=True, width=width)
    picture = page.locator(".mml-picture").bounding_box()
    page.touchscreen.tap(picture["x"] + 0.4 * picture["width"], picture["y"] + 0.8 * picture["height"])
    placed = state(page, "answer")
    assert placed is not None
    handle = page.get_by_role("slider", name="Point")
    target = handle.locator(".mml-target").bounding_box()
    assert min(target["width"], target["height"]) >= 44
    assert handle.evaluate("n => getComputedStyle(n).touchAction") == "none"
    page.drag_finger(target, 30, -20)
    x, y = state(page, "answer")
    assert x > placed[0]
    assert y > placed[1]


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(show, dark):
    page = show(digits(), dark=dark)
    page.evaluate("() => { model.set('found', true); model.set('shown', true); }")
    assert violations(page, ".mml") == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
def test_fits_into_320_pixels_with_long_names(show, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    named = (STRIPES[0], ["a rather long name", "Donaudampfschifffahrtsgesellschaft", "右"], stripe)
    page = show(walk_latent(*named, lambda P: np.array(named[1])[np.digitize(P[:, 0], [0.34, 0.67])]), width=320)
    page.evaluate("() => { model.set('found', true); model.set('shown', true); }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".mml").evaluate("n => n.scrollWidth <= n.clientWidth")
