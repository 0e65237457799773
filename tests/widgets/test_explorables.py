"""The Python half: states, still pictures, and words for input that cannot be drawn."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from mmlearn_edu.clustering import kmeans_objective
from mmlearn_edu.widgets import (
    broadcast_shapes,
    drag_centroids,
    lloyd,
    move_query,
    move_threshold,
    pick_weights,
    share_caught,
    stuck_start,
    turn_axis,
    walk_latent,
)

RNG = np.random.default_rng(0)
CLOUD = RNG.normal(size=(50, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]]) + 3
BLOBS = np.concatenate([RNG.normal(centre, 0.5, size=(30, 2)) for centre in [(0, 0), (4, 0), (2, 4)]])
MAKERS = {
    "broadcast_shapes": broadcast_shapes,
    "turn_axis": lambda: turn_axis(CLOUD),
    "drag_centroids": lambda: drag_centroids(BLOBS),
    "move_query": lambda: move_query(BLOBS[::7]),
    "move_threshold": lambda: move_threshold(np.arange(90) > 40, BLOBS[:, 1]),
    "pick_weights": lambda: pick_weights([0.5, 0.8, 0.6, 0.6, 0.7, 0.4]),
    "walk_latent": lambda: walk_latent(BLOBS, np.repeat([3, 5, 8], 30), lambda Z: np.hstack([Z, 6 - Z]).clip(0, 6) / 6),
}
each_widget = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


@each_widget
def test_starts_with_a_task_and_no_answer(make):
    widget = make()
    assert widget.answer is None
    assert len(widget.task) > 30
    assert widget.task in repr(widget)


@each_widget
def test_page_half_is_ours_and_fetches_nothing(make):
    module = make().get_state()["_esm"]
    assert "export default { render }" in module
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", module)
    assert set(re.findall(r"https?://[^\"'\s]+", module)) == {"http://www.w3.org/2000/svg"}  # a name, never fetched


@each_widget
def test_offers_the_live_view_and_a_picture_in_words_and_svg(make):
    widget = make()
    data, _ = widget._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    alt = re.search(r'<img alt="([^"]{40,})"', data["text/html"])
    assert alt, "the picture has no text that replaces it"
    picture = base64.b64decode(re.search(r"base64,([^\"]+)", data["text/html"]).group(1))
    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"
    assert "<b>Task</b>" in data["text/html"]
    assert widget.task.split("'")[0] in data["text/html"]


def test_picture_escapes_the_learners_words():
    html = turn_axis(CLOUD, ('<b>"x"</b>', "y"))._repr_mimebundle_()[0]["text/html"]
    assert "<b>&quot;" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("value", [(5, 5), "does not broadcast", "already (5, 5)", None], ids=str)
def test_shape_answer_is_a_tuple_in_python_and_a_list_in_the_page(value):
    widget = broadcast_shapes()
    widget.set_state({"answer": list(value) if isinstance(value, tuple) else value})
    assert widget.answer == value
    assert widget.get_state()["answer"] == (list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize("degrees", [0, 17, 90, 161])
def test_share_is_the_variance_of_the_projections(degrees):
    turn = np.radians(degrees)
    projected = CLOUD @ [np.cos(turn), np.sin(turn)]
    assert share_caught(CLOUD, degrees) == pytest.approx(projected.var() / CLOUD.var(axis=0).sum())


def test_share_by_hand():
    assert share_caught([[0, 0], [2, 0]], 0) == pytest.approx(1)
    assert share_caught([[0, 0], [2, 0]], 60) == pytest.approx(0.25)
    assert share_caught([[0, 0], [2, 0]], 90) == pytest.approx(0)


def test_best_angle_is_the_first_axis():
    best = max(range(180), key=lambda degrees: share_caught(CLOUD, degrees))
    _, _, Vt = np.linalg.svd(CLOUD - CLOUD.mean(axis=0))
    first = np.degrees(np.arctan2(Vt[0, 1], Vt[0, 0])) % 180
    assert abs(best - first) <= 0.5


def test_lloyd_by_hand_and_against_the_library():
    centroids, objective = lloyd([[0, 0], [0, 2], [10, 0], [10, 2]], [[0, 0], [10, 2]])
    np.testing.assert_allclose(centroids, [[0, 1], [10, 1]])
    assert objective == 4
    centroids, objective = lloyd(BLOBS, BLOBS[[0, 1, 2]])
    assert objective == pytest.approx(kmeans_objective(BLOBS, centroids))


def test_lloyd_keeps_the_centroid_of_an_empty_cluster():
    centroids, _ = lloyd([[0.0, 0.0], [1.0, 0.0]], [[0.5, 0.0], [50.0, 50.0]])
    np.testing.assert_array_equal(centroids, [[0.5, 0.0], [50.0, 50.0]])


@pytest.mark.parametrize("seed", range(5))
def test_start_gets_stuck_well_above_what_can_be_reached(seed):
    start, stuck, lowest = stuck_start(BLOBS, 3, seed)
    assert lloyd(BLOBS, start)[1] == stuck > 1.1 * lowest
    assert kmeans_objective(BLOBS, start) >= stuck


def test_goal_lies_between_what_is_stuck_and_what_can_be_reached():
    widget = drag_centroids(BLOBS)
    _, stuck, lowest = stuck_start(BLOBS, 3)
    assert lowest < widget.goal < stuck == widget.stuck
    assert f"below {widget.goal:.4g}" in widget.task


def test_same_seed_same_start_and_the_data_stay_as_they_are():
    before = BLOBS.copy()
    one, two = drag_centroids(BLOBS, random_state=4), drag_centroids(BLOBS, random_state=4)
    assert one.start == two.start == one.centroids
    np.testing.assert_array_equal(BLOBS, before)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: turn_axis(np.ones((5, 3))), r"n_features=3.*needs 2.*X\[:, :2\]"),
        (lambda: turn_axis([1.0, 2.0]), r"got shape \(2,\)"),
        (lambda: turn_axis([[1.0, 2.0]]), "n_samples=1, and this picture takes 2 to 1000"),
        (lambda: turn_axis(np.zeros((1001, 2))), r"n_samples=1001.*X\[:1000\]"),
        (lambda: turn_axis(np.ones((5, 2))), "all 5 points of X coincide"),
        (lambda: turn_axis([[0.0, np.nan], [1.0, 1.0]]), "1 NaN or infinite"),
        (lambda: turn_axis(CLOUD, ("x", "y", "z")), "labels names 3 features"),
        (lambda: drag_centroids(BLOBS, k=1), r"k=1 not in 2\.\.6"),
        (lambda: drag_centroids(BLOBS, k=7), r"k=7 not in 2\.\.6"),
        (lambda: drag_centroids(BLOBS[:3], k=3), r"k=3 not in 2\.\.2 \(n_samples=3"),
        (lambda: drag_centroids(BLOBS[:60], k=2), "nothing to beat"),
    ],
)
def test_says_what_it_cannot_draw(make, words):
    with pytest.raises(ValueError, match=words):
        make()
