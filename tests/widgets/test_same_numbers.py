"""The page computes; Python says what it should have computed."""

import numpy as np
import pytest

from mmlearn_edu.clustering import kmeans_objective
from mmlearn_edu.widgets import broadcast_shapes, drag_centroids, lloyd, share_caught, turn_axis

pytestmark = pytest.mark.browser
RNG = np.random.default_rng(1)
BLOBS = np.concatenate([RNG.normal(centre, 0.5, size=(20, 2)) for centre in [(0, 0), (4, 0), (2, 4)]])


@pytest.fixture(scope="module")
def page(chromium):
    """Return a page that holds the functions of all three modules, and nothing else."""
    page = chromium.new_page()
    for maker in (broadcast_shapes, lambda: turn_axis(BLOBS), lambda: drag_centroids(BLOBS)):
        page.evaluate(
            "async (source) => { const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));"
            " window.widget = { ...window.widget, ...await import(url) }; }",
            maker().get_state()["_esm"],
        )
    yield page
    page.close()


def test_share_caught(page):
    cases = [
        (RNG.normal(RNG.normal(scale=100), RNG.uniform(0.01, 30), size=(RNG.integers(2, 80), 2)), int(degrees))
        for degrees in RNG.integers(0, 180, size=60)
    ]
    theirs = page.evaluate(
        "cases => cases.map(([X, degrees]) => widget.shareCaught(X, degrees))",
        [[X.tolist(), degrees] for X, degrees in cases],
    )
    np.testing.assert_allclose(theirs, [share_caught(X, degrees) for X, degrees in cases], rtol=1e-9, atol=1e-12)


def test_wrapped_angles(page):
    angles = [-181, -180, -1, -0.4, 0, 89.6, 179.4, 179.6, 180, 359, 725]
    theirs = page.evaluate("angles => angles.map(widget.wrap)", angles)
    assert theirs == [int(np.floor(angle + 0.5)) % 180 for angle in angles]


def test_labels_objective_and_lloyd_step(page):
    for k in (2, 3, 6):
        centroids = RNG.normal(2, 3, size=(k, 2))
        theirs = page.evaluate("([X, C]) => widget.assign(X, C)", [BLOBS.tolist(), centroids.tolist()])
        labels = np.square(BLOBS[:, None] - centroids).sum(axis=2).argmin(axis=1)
        assert theirs["labels"] == labels.tolist()
        assert theirs["objective"] == pytest.approx(kmeans_objective(BLOBS, centroids), rel=1e-12)
        moved = page.evaluate("([X, C]) => widget.lloydStep(X, C)", [BLOBS.tolist(), centroids.tolist()])
        expected = [BLOBS[labels == c].mean(axis=0) if (labels == c).any() else centroids[c] for c in range(k)]
        np.testing.assert_allclose(moved, expected, rtol=1e-12)


def test_lloyd_to_the_end(page):
    widget = drag_centroids(BLOBS)
    ended = page.evaluate(
        "([X, C]) => { for (let i = 0; i < 100; i += 1) C = widget.lloydStep(X, C); return C; }",
        [BLOBS.tolist(), widget.start],
    )
    np.testing.assert_allclose(ended, lloyd(BLOBS, widget.start)[0], rtol=1e-12)


def test_result_of_broadcasting(page):
    shapes = [
        tuple(RNG.choice([1, 2, 3, 5, 0], size=RNG.integers(0, 5), p=[0.4, 0.2, 0.2, 0.15, 0.05]).tolist())
        for _ in range(600)
    ]
    pairs = [*zip(shapes[::2], shapes[1::2], strict=True), ((7, 7, 7, 512), (7, 512)), ((), ())]
    theirs = page.evaluate("pairs => pairs.map(([a, b]) => widget.broadcast(a, b).shape)", pairs)
    for (a, b), shape in zip(pairs, theirs, strict=True):
        try:
            expected = list(np.broadcast_shapes(a, b))
        except ValueError:
            expected = None
        assert shape == expected, f"{a} with {b}"
    assert None in theirs
    assert sum(shape is not None for shape in theirs) > 50


@pytest.mark.parametrize(
    ("a", "b"), [((2, 3), (3,)), ((5, 1), (5,)), ((3, 1, 2), (4, 1)), ((2, 1, 3), (2, 4, 1)), ((4,), ())]
)
def test_numbers_in_the_cells(page, a, b):
    shape = np.broadcast_shapes(a, b)
    places = [list(place) for place in np.ndindex(shape)]
    theirs = page.evaluate(
        "([a, b, places]) => places.map((p) => widget.valueAt(a, p, 1) + widget.valueAt(b, p, 10))", [a, b, places]
    )
    expected = np.arange(np.prod(a, dtype=int)).reshape(a) + 10 * np.arange(np.prod(b, dtype=int)).reshape(b)
    assert theirs == expected.ravel().tolist()


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("(5, 1)", [5, 1]),
        ("5,1", [5, 1]),
        (" 5  1 ", [5, 1]),
        ("(5,)", [5]),
        ("[2, 3, 4]", [2, 3, 4]),
        ("7", [7]),
        ("()", []),
        ("(0, 3)", [0, 3]),
    ],
)
def test_reads_a_shape_however_it_is_typed(page, typed, shape):
    assert page.evaluate("text => widget.readShape(text)", typed) == shape


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", {"word": "such-as"}),
        ("five", {"word": "no-size", "size": "five"}),
        ("5, -1", {"word": "no-size", "size": "-1"}),
        ("2.5", {"word": "no-size", "size": "2.5"}),
        ("5,,1", {"word": "no-size", "size": ""}),
        ("1 2 3 4 5 6 7", {"word": "too-many", "count": 7, "most": 6}),
    ],
)
def test_says_what_is_wrong_with_a_shape(page, typed, problem):
    assert page.evaluate("text => widget.readShape(text)", typed) == problem


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        ([5, 1], [5], [5, 5]),
        ([5, 1], [1, 5], [5, 5]),
        ([5, 5], [1], "already (5, 5)"),
        ([5], [5, 5], "already (5, 5)"),
        ([2, 3], [4], "does not broadcast"),
        ([2, 3], [3], [2, 3]),
        ([1, 5, 5], [5, 5], [1, 5, 5]),
    ],
)
def test_answer_counts_only_a_goal_reached_by_stretching_both(page, a, b, answer):
    assert page.evaluate("([a, b]) => widget.answerOf(a, b, [5, 5])", [a, b]) == answer


def test_a_hair_below_lloyd_is_not_enough(page):
    said = page.evaluate(
        "numbers => numbers.map((n) => widget.compare(n, 100, 60))", [100.0, 100 - 1e-9, 99.9, 60.0, 59.9]
    )
    assert said == ["not-yet", "not-yet", "hardly", "hardly", "won"]
