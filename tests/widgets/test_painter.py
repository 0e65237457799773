"""A matrix to paint: numbers against SciPy and torch, page against Python, and what hands do."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from mmlearn_edu.widgets import correlate, edge_responses, paint_kernel, paint_matrix

RNG = np.random.default_rng(5)
SQUARE = np.full((20, 24), 60, dtype=np.uint8)
SQUARE[5:14, 6:15] = 220
SOBEL = [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
TASK = "Hide entries until half of the rows are complete."
SHAPES = [(1, 1), (3, 3), (5, 5), (1, 3), (7, 3)]


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_correlates_as_scipy_and_torch_do(shape, padding):
    X, kernel = RNG.random((9, 12)), RNG.normal(size=shape)
    ours = correlate(X, kernel, padding)
    np.testing.assert_allclose(ours, correlate2d(X, kernel, padding), atol=1e-12)
    tensors = [torch.from_numpy(array)[None, None] for array in (X, kernel)]
    np.testing.assert_allclose(ours, torch.nn.functional.conv2d(*tensors, padding=padding)[0, 0], atol=1e-12)


def test_kernel_is_not_turned_round_by_hand():
    np.testing.assert_array_equal(correlate([[0, 0, 1, 0, 0]], [[1, 2, 3]]), [[0, 3, 2, 1, 0]])
    np.testing.assert_array_equal(correlate([[1, 2, 3]], [[1, 1, 1]], "valid"), [[6]])


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [
        (np.zeros((3, 3)), (0, 0, 0)),
        (SOBEL, (4, 0, 0)),
        (np.transpose(SOBEL), (0, 4, 0)),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], (1, 1, 1)),
        ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], (3, 3, 0)),
        ([[-1, 0, 1]], (1, 0, 0)),
        ([[-1, 0, 1], [1, 0, -1], [0, 0, 0]], (0, 0, 0)),
    ],
)
def test_responses_by_hand(kernel, expected):
    assert edge_responses(kernel) == expected


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(3, 3), (5, 3), (1, 7)]))
def test_turning_a_kernel_swaps_its_edges(seed, shape):
    kernel = np.random.default_rng(seed).integers(-4, 5, shape)
    vertical, horizontal, even = edge_responses(kernel)
    assert edge_responses(kernel.T) == (horizontal, vertical, even)
    assert even == abs(kernel.sum())


@pytest.mark.parametrize("goal", ["vertical", "horizontal"])
def test_starts_from_zeros_with_a_task_and_a_picture_in_words(goal):
    widget = paint_kernel(SQUARE, (5, 3), goal=goal)
    assert widget.answer is None
    assert widget.values == [[0.0] * 3] * 5
    assert f"5 x 3 that finds {goal} edges" in widget.task
    assert "5 rows and 3 columns: 0 0 0; 0 0 0" in widget._alt()
    assert widget._still().count("<image") == 2


def test_still_picture_and_words_follow_the_kernel():
    widget = paint_kernel(SQUARE)
    before = widget._still()
    widget.values = SOBEL
    assert widget._still() != before
    assert "4 at a vertical edge, 0 at a horizontal edge, 0 on an even area" in widget._alt()


def test_floats_are_drawn_in_256_levels():
    assert paint_kernel(SQUARE / 255).pixels == paint_kernel(SQUARE).pixels


def test_matrix_keeps_its_names_and_needs_no_picture():
    widget = paint_matrix([[1, 0], [1, 1], [0.5, 1]], TASK, step=0.5, rows=range(3), columns=["image", "sound"])
    assert (widget.task, widget.rows, widget.columns) == (TASK, ["0", "1", "2"], ["image", "sound"])
    assert widget.values == widget.start == [[1, 0], [1, 1], [0.5, 1]]
    assert "<image" not in widget._still()
    assert widget._alt() == "A matrix of 3 rows and 2 columns: 1 0; 1 1; 0.5 1."


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: paint_kernel(np.zeros((4, 20, 20))), ValueError, r"shape \(4, 20, 20\).*one grey picture"),
        (lambda: paint_kernel(np.zeros((97, 20))), ValueError, r"at most 96 x 96.*X\[::2, ::2\]"),
        (lambda: paint_kernel(np.full((9, 9), 7.0)), ValueError, "from 7.0 to 7.0; divide"),
        (lambda: paint_kernel(np.full((9, 9), np.nan)), ValueError, "floats in"),
        (lambda: paint_kernel(np.zeros((0, 9))), ValueError, "X is empty"),
        (lambda: paint_kernel([["a"]]), TypeError, "real numbers"),
        (lambda: paint_kernel([[0.0, 1.0], [0.0]]), ValueError, "differ in size"),
        (lambda: paint_kernel(SQUARE, (2, 3)), ValueError, r"shape=\(2, 3\): a kernel has 1, 3, 5 or 7"),
        (lambda: paint_kernel(SQUARE[:2], (3, 3)), ValueError, r"no more than the picture \(2, 24\)"),
        (lambda: paint_kernel(SQUARE, (7, 1)), ValueError, "fewer than 3 columns can find vertical edges"),
        (lambda: paint_kernel(SQUARE, (1, 3), goal="horizontal"), ValueError, "fewer than 3 rows can find horizontal"),
        (lambda: paint_kernel(SQUARE, goal="diagonal"), ValueError, "goal holds 'diagonal'; there is vertical"),
        (lambda: paint_kernel(SQUARE, padding="full"), ValueError, "padding holds 'full'"),
        (lambda: paint_kernel(SQUARE, presets=["sobel"]), ValueError, "presets holds 'sobel'; there is identity"),
        (lambda: paint_matrix(np.zeros((13, 2)), TASK), ValueError, "at most 12 rows"),
        (lambda: paint_matrix(np.zeros((2, 8)), TASK), ValueError, r"shape \(2, 8\).*and 7 columns"),
        (lambda: paint_matrix([1.0, 0.0], TASK), ValueError, r"got shape \(2,\)"),
        (lambda: paint_matrix([[np.nan]], TASK), ValueError, "1 NaN"),
        (lambda: paint_matrix([[2.0]], TASK), ValueError, "go from 2 to 2, and a cell may hold 0 to 1"),
        (lambda: paint_matrix([[0.0]], TASK, low=1.0), ValueError, "expected low < high"),
        (lambda: paint_matrix([[0.0]], TASK, step=2.0), ValueError, "step of at most"),
        (lambda: paint_matrix([[0.0]], TASK, columns=["a", "b"]), ValueError, "columns has 2 names for 1"),
    ],
)
def test_says_what_it_cannot_open(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.evaluate(
        "async (source) => { window.widget = "
        "await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))); }",
        paint_kernel(SQUARE)._esm,
    )
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_page_correlates_alike(page, padding):
    for shape in SHAPES:
        X, kernel = RNG.random((8, 11)), RNG.normal(size=shape)
        theirs = page.evaluate(
            "([X, shape, K, padding]) => { const made = widget.correlate(X, shape, K, padding);"
            " return [[...made.values], made.shape]; }",
            [X.ravel().tolist(), X.shape, kernel.tolist(), padding],
        )
        ours = correlate(X, kernel, padding)
        assert tuple(theirs[1]) == ours.shape
        np.testing.assert_allclose(theirs[0], ours.ravel(), atol=1e-12)


@pytest.mark.browser
def test_page_measures_the_same_responses(page):
    kernels = [RNG.integers(-4, 5, size=shape) for shape in [*SHAPES, (3, 3), (3, 3)]]
    theirs = page.evaluate("kernels => kernels.map(widget.edgeResponses)", [kernel.tolist() for kernel in kernels])
    for kernel, told in zip(kernels, theirs, strict=True):
        assert (told["vertical"], told["horizontal"], told["even"]) == edge_responses(kernel)


@pytest.mark.browser
@pytest.mark.parametrize("shape", [(3, 3), (5, 5), (1, 3), (7, 5)], ids=str)
def test_presets_do_what_they_are_called(page, shape):
    kernels = {
        name: page.evaluate("given => widget.preset(...given)", [name, *shape])
        for name in ("identity", "blur", "vertical", "horizontal")
    }
    X = RNG.random((9, 9))
    np.testing.assert_allclose(correlate(X, kernels["identity"]), X)
    assert np.sum(kernels["blur"]) == pytest.approx(1)
    assert np.ptp(kernels["blur"]) == 0
    assert [response >= 1 for response in edge_responses(kernels["vertical"])] == [True, False, False]
    assert edge_responses(kernels["horizontal"])[::2] == (0, 0)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("kernel", "goal", "verdict"),
    [
        (SOBEL, "vertical", "won"),
        (SOBEL, "horizontal", "weak"),
        (np.transpose(SOBEL).tolist(), "horizontal", "won"),
        ([[0.5, 0, -0.5]], "vertical", "weak"),
        ([[0, 0, 0], [0, 2, 0], [0, 0, 0]], "vertical", "also-even"),
        ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "vertical", "also-other"),
        ([[0.1, 0.2, -0.3]] * 5, "vertical", "won"),  # 0.1 + 0.2 - 0.3 is not quite 0
    ],
)
def test_verdict(page, kernel, goal, verdict):
    assert page.evaluate("([K, goal]) => widget.judge(widget.edgeResponses(K), goal)", [kernel, goal]) == verdict


@pytest.mark.browser
def test_values_stay_allowed_and_rows_are_counted(page):
    given = [(5, -4, 4, 1), (-9, -4, 4, 1), (0.30000000000000004, -4, 4, 0.1), (0.7, 0, 1, 1), (0.2, 0, 1, 1)]
    assert page.evaluate("given => given.map((g) => widget.allowed(...g))", given) == [4, -4, 0.3, 1, 0]
    assert page.evaluate("() => widget.completeRows([[1, 1], [1, 0], [1, 1]], 1)") == 2


def state(page, name="values"):
    return page.evaluate("name => model.get(name)", name)


@pytest.mark.browser
def test_builds_the_detector_by_keyboard_alone(show):
    page = show(paint_kernel(SQUARE))
    assert state(page, "answer") is None
    page.keyboard.press("Tab")
    for row in range(3):
        page.keyboard.type("-1")
        page.keyboard.press("End")
        page.keyboard.press("+")
        if row < 2:
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Home")
    assert state(page) == state(page, "answer") == [[-1, 0, 1]] * 3
    assert page.locator(".mml-verdict").inner_text() == "✓ This kernel finds these edges, and nothing else."
    assert page.locator(".mml-answer").inner_text() == "Your answer: 3 x 3 numbers, sum 0"
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('row 2, column 2: 1.')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range", "the whole grid is one stop"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "1", "and remembers its cell"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["2"], 2), (["2", ".", "5"], 2.5), (["-", "3"], -3), (["-", "-"], -2), (["+", "+"], 2), (["9"], 4),
        (["3", "Delete"], 0), (["-", "0", ".", "2", "5"], -0.25), (["2", "x", "Shift"], 2), (["."], 0),
        (["1", "+", "3"], 3), (["Space"], 1), (["Enter"], 1), (["1", ",", "5"], 1.5),
    ],
    ids=lambda keys: " ".join(keys) if isinstance(keys, list) else None,
)  # fmt: skip
def test_one_cell_takes_keys(show, keys, value):
    page = show(paint_kernel(SQUARE))
    page.keyboard.press("Tab")
    for key in keys:
        page.keyboard.press(key)
    assert state(page)[0][0] == value


@pytest.mark.browser
def test_arrows_stop_at_the_edge_and_keys_of_jupyterlab_pass(show):
    page = show(paint_kernel(SQUARE))
    page.keyboard.press("Tab")
    where = "(({ row, column }) => [row, column].join())(document.activeElement.dataset)"
    for key, place in [
        ("ArrowLeft", "0,0"), ("ArrowUp", "0,0"), ("End", "0,2"), ("ArrowRight", "0,2"), ("PageDown", "2,2"),
        ("ArrowDown", "2,2"), ("Home", "2,0"), ("PageUp", "0,0"), ("ArrowDown", "1,0"), ("ArrowRight", "1,1"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate(where) == place, key
    page.keyboard.press("Control+5")
    assert state(page, "answer") is None


@pytest.mark.browser
def test_paints_with_the_mouse_and_the_brush(show):
    page = show(paint_kernel(SQUARE))
    brush = page.get_by_role("slider", name="Brush")
    brush.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    drag(page, 0, 6)
    assert state(page) == [[-2, 0, 0]] * 3
    page.get_by_role("button", name="Blur").click()
    np.testing.assert_allclose(state(page, "answer"), np.full((3, 3), 1 / 9))
    assert "It responds to an even area" in page.locator(".mml-verdict").inner_text()
    page.get_by_role("button", name="Back to the start").click()
    assert state(page) == [[0, 0, 0]] * 3


def drag(page, first, last):
    cells = page.get_by_role("gridcell")
    start, end = cells.nth(first).bounding_box(), cells.nth(last).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 10, steps=12)
    page.mouse.up()
    page.mouse.move(5, 5)


@pytest.mark.browser
def test_a_mask_turns_over_as_its_first_cell_does(show):
    page = show(paint_matrix([[1, 0, 1], [1, 1, 1]], TASK, columns=["image", "text", "sound"]))
    drag(page, 0, 2)
    assert state(page) == [[0, 0, 0], [1, 1, 1]], "all follow the first, none is turned twice"
    assert "1 of 2 (50.0 %)" in page.locator(".mml").inner_text()
    page.keyboard.press("Space")
    assert state(page, "answer") == [[0, 0, 1], [1, 1, 1]]
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('row 0, sound: 1')")
    assert page.get_by_role("slider").count() == 0
    assert page.get_by_role("columnheader").all_inner_texts() == ["image", "text", "sound"]


@pytest.mark.browser
@pytest.mark.parametrize(
    "make",
    [
        lambda: paint_matrix(np.ones((12, 7)), TASK, columns=["text"] * 7, rows=["sample 1"] * 12),
        lambda: paint_kernel(SQUARE, (7, 7)),
    ],
    ids=["matrix", "kernel"],
)
def test_the_widest_grid_fits_a_telephone(show, make):
    widget = make()
    page = show(widget, width=320, touch=True)
    low = -0.25 if widget.pixels else 0
    page.evaluate("low => model.set('values', model.get('values').map((row) => row.map(() => low)))", low)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for cell in page.get_by_role("gridcell").all():
        assert cell.bounding_box()["width"] >= 24
        assert cell.evaluate("n => n.scrollWidth <= n.clientWidth"), "the number stands in its cell"


@pytest.mark.browser
def test_a_finger_paints_and_does_not_scroll(show):
    page = show(paint_kernel(SQUARE))
    assert page.locator(".mml-painted").evaluate("n => getComputedStyle(n).touchAction") == "none"
    for number in (0, 3):
        box = page.get_by_role("gridcell").nth(number).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    session = page.context.new_cdp_session(page)
    boxes = [page.get_by_role("gridcell").nth(number).bounding_box() for number in (1, 4, 7)]
    points = [{"x": box["x"] + 20, "y": box["y"] + 20} for box in boxes]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [points[0]]})
    for point in points[1:]:
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert state(page) == [[0, 1, 0]] * 3


@pytest.mark.browser
@pytest.mark.parametrize(("padding", "last"), [("same", (19, 23)), ("valid", (17, 21))])
def test_the_frame_tells_the_response_under_it(show, padding, last):
    widget = paint_kernel(SQUARE, padding=padding)
    page = show(widget)
    page.evaluate("kernel => model.set('values', kernel)", SOBEL)
    frame = page.get_by_role("slider", name="Where to look")
    frame.focus()
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    row, column = state(page, "place")
    assert column == 6
    response = correlate(SQUARE / 255, SOBEL, padding)
    said = page.locator(".mml-wide > .mml-row").inner_text()
    assert f"row {row}, column {column}" in said
    assert said.replace("−", "-").split()[-1] == f"{response[row, column]:.4g}"
    box = page.locator(".mml-board").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    assert tuple(state(page, "place")) == last
    page.keyboard.press("Shift+ArrowUp")
    assert state(page, "place")[0] == last[0] - 5
    inside = box["width"] - 2
    page.mouse.click(box["x"] + 1 + inside * 12.5 / 24, box["y"] + 1 + inside * 10.5 / 24)
    assert state(page, "place") == ([10, 12] if padding == "same" else [9, 11]), "centred on what was touched"
    assert state(page, "answer") is None, "looking is no answer"
