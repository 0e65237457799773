"""The query among items: nearest by three metrics, in Python and in the page, by mouse, finger and key."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from mmlearn_edu.widgets import move_query, nearest_items, rank_items
from tests.accessibility import violations

METRICS = ("cosine", "euclidean", "manhattan")
SCIPY = {"cosine": "cosine", "euclidean": "euclidean", "manhattan": "cityblock"}
ITEMS = [[4.0, 4.0], [2.0, 0.5], [0.5, 2.0], [3.0, 1.2], [1.0, 3.2], [-1.0, 2.0]]
NAMES = ["cat", "dog", "owl", "bee", "ant", "猫"]
RNG = np.random.default_rng(3)
whole = st.tuples(st.integers(-4, 4), st.integers(-4, 4))


def state(page, name):
    return page.evaluate("name => model.get(name)", name)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_order_is_scipys(metric, scale):
    items, query = RNG.normal(size=(60, 2)) * scale, RNG.normal(size=2) * scale
    expected = cdist([query], items, SCIPY[metric])[0].argsort()
    assert rank_items(query, items, metric).tolist() == expected.tolist()
    assert nearest_items(query, items, metric).tolist() == [expected[0]]


def test_by_hand():
    items = [[4.0, 4.0], [1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]
    ranks = [rank_items([1.0, 1.0], items, metric).tolist() for metric in METRICS]
    assert ranks == [[0, 1, 2, 3], [1, 2, 3, 0], [1, 2, 3, 0]]
    assert [nearest_items([1.0, 1.0], items, metric).tolist() for metric in METRICS] == [[0], [1, 2], [1, 2]]
    assert rank_items([3.0, 3.0], [[3.0, 0.0], [0.0, 0.0], [1.0, 1.0]], "manhattan").tolist() == [0, 2, 1]


@given(st.lists(whole, min_size=1, max_size=6), whole)
def test_ties_of_cosine_are_found_although_it_is_rounded(items, query):
    """Whole numbers point the same way if their cross product is 0 and their dot product positive."""
    nearest = nearest_items(query, items, "cosine").tolist()
    x, y = query
    same = [i for i, (a, b) in enumerate(items) if a * y == b * x and a * x + b * y > 0]
    if same:
        assert nearest == same
    if query == (0, 0):
        assert nearest == list(range(len(items)))


def test_zeros_have_no_direction_and_so_disagree_with_nothing():
    assert nearest_items([0, 0], ITEMS, "cosine").tolist() == list(range(6))
    assert nearest_items([-1, 0], [[0, 0], [1, 0]], "cosine").tolist() == [0]


@pytest.mark.parametrize("metrics", [METRICS, ("manhattan", "euclidean"), ("euclidean", "cosine")])
@pytest.mark.parametrize("seed", range(3))
def test_starts_where_two_agree_and_can_be_done(metrics, seed):
    items = np.random.default_rng(seed).normal(size=(8, 2)).round(2)
    widget = move_query(items, metrics=metrics)
    one, two = (set(nearest_items(widget.query, items, metric)) for metric in metrics[:2])
    assert one & two
    assert any(widget.query)
    sides = [np.arange(low, high, 2 * widget.step) for low, high in zip(widget.low, widget.high, strict=True)]
    places = [(x, y) for x in sides[0] for y in sides[1]]
    apart = [not set(nearest_items(q, items, metrics[0])) & set(nearest_items(q, items, metrics[1])) for q in places]
    assert any(apart)


@pytest.mark.parametrize("scale", [1e-7, 1.0, 1e6])
def test_everything_is_in_the_picture_on_round_numbers(scale):
    widget = move_query(np.array(ITEMS) * scale + 0.1 * scale, query=[3 * scale, 2 * scale])
    for axis in (0, 1):
        low, high = widget.low[axis], widget.high[axis]
        held = [0.0, *np.array(widget.items)[:, axis], *np.array([widget.query])[:, axis]]
        assert low < min(held)
        assert max(held) < high
        assert 4 <= len(widget.ticks[axis]) <= 7
        assert low <= widget.ticks[axis][0]
        assert widget.ticks[axis][-1] <= high
    spans = [high - low for low, high in zip(widget.low, widget.high, strict=True)]
    assert spans[0] == pytest.approx(spans[1])
    assert 80 < spans[0] / widget.step < 300
    np.testing.assert_allclose(widget.query, [3 * scale, 2 * scale], rtol=1e-2)


def test_names_are_letters_then_numbers_and_the_data_stay_as_they_are():
    items = np.array(ITEMS)
    assert move_query(items).names == list("abcdef")
    assert move_query(RNG.normal(size=(27, 2))).names[-1] == "27"
    np.testing.assert_array_equal(items, ITEMS)


def test_still_picture_names_the_items_and_alt_says_the_nearest():
    widget = move_query(ITEMS, [*NAMES[:5], "<猫>"], query=[3.9, 3.9])
    assert "&lt;猫&gt;" in widget._still()
    assert "cosine finds cat, Euclid finds cat, Manhattan finds cat" in widget._alt()
    assert "6 items and a query at (3.9, 3.9)" in widget._alt()
    assert ">27<" not in move_query(RNG.normal(size=(27, 2)))._still()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: move_query(np.ones((3, 3))), r"shape \(3, 3\); a flat picture takes 2 to 200"),
        (lambda: move_query(np.ones((1, 2))), r"shape \(1, 2\)"),
        (lambda: move_query(np.ones((201, 2))), r"shape \(201, 2\)"),
        (lambda: move_query([1.0, 2.0]), r"items must have shape"),
        (lambda: move_query([[np.nan, 1.0], [0.0, 1.0]]), "1 NaN or infinite"),
        (lambda: move_query(np.zeros((4, 2))), "all 4 items are zeros"),
        (lambda: move_query([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]), "the same nearest item wherever"),
        (lambda: move_query([[1.0, 2.0], [1.0, 2.0]]), "the same nearest item wherever"),
        (lambda: move_query(ITEMS, ["a", "b"]), "2 different names for 6 items"),
        (lambda: move_query(ITEMS, ["a"] * 6), "1 different names for 6 items"),
        (lambda: move_query(ITEMS, metrics=["cosine"]), "two or three different ones"),
        (lambda: move_query(ITEMS, metrics=["cosine", "cosine"]), "two or three different ones"),
        (lambda: move_query(ITEMS, metrics=["cosine", "hamming"]), "two or three different ones of cosine, euclidean"),
        (lambda: move_query(ITEMS, query=[1.8, 2.4]), r"at query=\[1.8, 2.4\] cosine and euclidean disagree already"),
        (lambda: move_query(ITEMS, query=[1.0, 2.0, 3.0]), "query has 3 numbers"),
        (lambda: move_query(ITEMS, query=[1.0, np.inf]), "infinite"),
        (lambda: move_query(ITEMS, labels=("x",)), "labels names 1 features"),
        (lambda: rank_items([1.0, 2.0], ITEMS, "hamming"), "metric='hamming' is none of cosine, euclidean, manhattan"),
        (lambda: rank_items([1.0, 2.0, 3.0], ITEMS), "n_features=3 and Y has n_features=2"),
    ],
)
def test_says_what_it_cannot_draw(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# The page


@pytest.mark.browser
def test_the_page_ranks_as_python_does(show):
    page = show(move_query(ITEMS))
    cases = [(RNG.normal(size=2) * 10 ** RNG.uniform(-5, 5), RNG.normal(size=(20, 2))) for _ in range(30)]
    cases += [(s * RNG.normal(size=2), s * RNG.normal(size=(20, 2))) for s in (1e-9, 1e9)]  # sizes do not matter
    cases += [(np.zeros(2), np.array([[1, 0], [3.5e-9, 0], [4e-9, 0]]))]  # half a billionth goes to the even side
    cases += [(RNG.integers(-3, 4, size=2), RNG.integers(-3, 4, size=(30, 2))) for _ in range(150)]  # full of ties
    cases += [(RNG.integers(-30, 31, size=2) / 10, RNG.integers(-30, 31, size=(40, 2)) / 10) for _ in range(150)]
    theirs = page.evaluate(
        "([cases, metrics]) => cases.map(([q, items]) => metrics.map((m) => widget.rankItems(q, items, m)))",
        [[[query.tolist(), items.tolist()] for query, items in cases], METRICS],
    )
    tied = 0
    for (query, items), found in zip(cases, theirs, strict=True):
        for metric, one in zip(METRICS, found, strict=True):
            assert one["order"] == rank_items(query, items, metric).tolist(), (query, metric)
            assert one["nearest"] == nearest_items(query, items, metric).tolist(), (query, metric)
            tied += len(one["nearest"]) > 1
            if metric != "cosine":
                np.testing.assert_allclose(one["values"], cdist([query], items, SCIPY[metric])[0], rtol=1e-12)
            elif query.any():
                lengths = np.linalg.norm(items, axis=1)
                cosine = items @ query / np.linalg.norm(query) / np.where(lengths > 0, lengths, 1)
                np.testing.assert_allclose(one["values"], cosine, atol=1e-12)
    assert tied > 100


@pytest.mark.browser
def test_the_task_by_keyboard_alone(show):
    widget = move_query(ITEMS, NAMES)
    page = show(widget)
    assert state(page, "answer") is None
    assert page.locator(".mml-verdict").inner_text() == "cosine and Euclid both say ant."
    page.keyboard.press("Tab")
    x, y = widget.query
    keys = {"ArrowRight": (1, 0), "ArrowUp": (1, 1), "Shift+ArrowLeft": (-9, 1), "ArrowDown": (-9, 0)}
    for key, (right, up) in keys.items():
        page.keyboard.press(key)
        place = [x + right * widget.step, y + up * widget.step]
        assert state(page, "answer") == state(page, "query") == pytest.approx(place), key
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    answer = state(page, "answer")
    assert not set(nearest_items(answer, ITEMS, "cosine")) & set(nearest_items(answer, ITEMS, "euclidean"))
    assert page.locator(".mml-verdict").inner_text() == "✓ cosine says cat, Euclid says ant."
    handle = page.get_by_role("slider", name="Query")
    assert handle.get_attribute("aria-valuetext") == f"x {answer[0]:g}, y {answer[1]:g}"
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('✓ cosine says cat')")


@pytest.mark.browser
def test_one_tab_stop_for_200_items_and_keys_that_visit_them(show):
    page = show(move_query(RNG.normal(size=(200, 2)).round(2)))
    assert page.locator(".mml [tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('aria-label')"
    for key, name in [
        ("PageDown", "Item 1;"),
        ("PageDown", "Item 2;"),
        ("ArrowRight", "Item 3;"),
        ("ArrowUp", "Item 2;"),
        ("End", "Item 200;"),
        ("PageDown", "Item 200;"),
        ("PageUp", "Item 199;"),
        ("Home", "Query"),
        ("PageUp", "Query"),
    ]:
        page.keyboard.press(key)
        assert page.evaluate(focused).startswith(name), key
    page.keyboard.press("PageDown")
    assert "cosine: place" in page.evaluate(focused)
    assert page.evaluate(focused) == page.locator(".mml-detail").inner_text()
    assert page.locator(".mml [tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.mml')") is None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused).startswith("Item 1;"), "the tab stop stays where one was"
    assert state(page, "answer") is None, "looking is not touching"


@pytest.mark.browser
def test_mouse_drags_and_the_query_stays_inside(show):
    widget = move_query(ITEMS, NAMES)
    page = show(widget)
    box = page.get_by_role("slider", name="Query").locator(".mml-target").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(2, 2, steps=3)
    page.mouse.up()
    assert state(page, "answer") == [widget.low[0], widget.high[1]]
    page.keyboard.press("ArrowRight")
    assert state(page, "answer") == pytest.approx([widget.low[0] + widget.step, widget.high[1]])
    before = state(page, "answer")
    page.get_by_role("button", name="Item cat").click()
    assert state(page, "answer") == before
    assert page.locator(".mml-detail").inner_text().startswith("Item cat; x 4, y 4; cosine: place")


@pytest.mark.browser
@pytest.mark.parametrize("width", [960, 320])
def test_a_finger_places_and_drags(show, width):
    page = show(move_query(ITEMS, NAMES), touch=True, width=width)
    picture = page.locator(".mml-picture").bounding_box()
    page.touchscreen.tap(picture["x"] + 0.4 * picture["width"], picture["y"] + 0.8 * picture["height"])
    placed = state(page, "answer")
    assert placed is not None
    target = page.get_by_role("slider", name="Query").locator(".mml-target").bounding_box()
    assert min(target["width"], target["height"]) >= 44
    assert page.get_by_role("slider", name="Query").evaluate("n => getComputedStyle(n).touchAction") == "none"
    page.drag_finger(target, 30, -20)
    x, y = state(page, "answer")
    assert x > placed[0]
    assert y > placed[1]


@pytest.mark.browser
def test_at_the_origin_there_is_no_direction(show):
    page = show(move_query(ITEMS, NAMES))
    page.evaluate("model.set('query', [0, 0])")
    assert "no direction: its cosine with every item is 0" in page.locator(".mml-verdict").inner_text()
    assert page.locator(".mml-won").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(show, dark):
    assert violations(show(move_query(ITEMS, NAMES), dark=dark), ".mml") == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
def test_fits_into_320_pixels(show, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    page = show(move_query(ITEMS, ["a rather long name", *NAMES[1:]]), width=320)
    card = page.locator(".mml").bounding_box()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    table = page.locator(".mml-ranks").bounding_box()
    assert table["x"] + table["width"] <= card["x"] + card["width"] - 10
