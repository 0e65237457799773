"""Chapter 10's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import pytest

from mmlearn_edu.authoring.notebooks import source_folder
from mmlearn_edu.authoring.source import read_source, source_path
from mmlearn_edu.checks import registry, use
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.evaluation import adjusted_rand_index
from mmlearn_edu.exercises import ch10_kmeans as chapter

CHAPTER = "10-kmeans"


@pytest.mark.parametrize(
    ("answer", "words"), [(100.0, "No four"), (200.0, None), (446.5, "lower than"), (500.0, "not below")]
)
def test_any_number_below_the_goal_that_can_be_reached_is_right(answer, words):
    verdict = verdict_of(registry.get("kmeans.beat_lloyd"), answer, seed=0)
    assert verdict.passed == (words is None)
    assert words is None or words in verdict.items[0].message


def test_the_widget_of_the_notebook_has_the_points_of_the_check():
    cells = {cell.slug: cell.source for cell in read_source(source_path(CHAPTER, source_folder()))}
    made = cells["predict-restarts"].split("predict(")[0]
    scope = {}
    exec(f"from sklearn.datasets import make_blobs\n{made}", scope)
    np.testing.assert_array_equal(scope["points"], chapter._islands()[0].points)


def test_an_unseeded_repair_breaks_the_law_of_the_seed():
    def unseeded(images, y, k, seed):
        return adjusted_rand_index(y, chapter._groups(chapter._flat(images), k, None))

    verdict = judge(registry.get("kmeans.fix_article"), InPlace(unseeded), 0)
    assert [item.id for item in verdict.items if not item.passed] == ["the same seed gives the same score"]


def test_a_history_that_rises_breaks_the_law():
    def shuffled(X, centroids, max_iter=100):
        centroids, labels, history = chapter.loop(X, centroids, max_iter)
        return centroids, labels, [history[0], *sorted(history[1:-1]), history[-1]]

    verdict = judge(registry.get("kmeans.loop"), InPlace(shuffled), 0)
    assert any("It rose from" in item.message for item in verdict.items)


LOOP = """
def loop(X, centroids, max_iter=100):
    history = []
    for _ in range(max_iter):
        labels = assign(X, centroids)
        history.append(objective(X, centroids, labels))
        moved = update(X, labels, centroids)
        if (moved == centroids).all():
            break
        centroids = moved
    return centroids, labels, history
"""


def test_whoever_skipped_the_parts_can_still_write_the_loop():
    cells = {cell.slug: cell.source for cell in read_source(source_path(CHAPTER, source_folder()))}
    scope = {"use": use}
    for name in ("objective", "assign", "update"):
        exec(f"def {name}(*args): ...", scope)  # three stubs
    exec(cells["parts"] + LOOP, scope)
    verdict = verdict_of(registry.get("kmeans.loop"), scope["loop"], seed=0)
    assert verdict.passed, str(verdict)


def test_a_loop_that_does_not_obey_max_iter_is_told():
    scope = {name: getattr(chapter, name) for name in ("objective", "assign", "update")}
    exec(LOOP.replace("range(max_iter)", "range(100)"), scope)
    verdict = verdict_of(registry.get("kmeans.loop"), scope["loop"], seed=0)
    assert [item.id for item in verdict.items if not item.passed] == ["it obeys max_iter"]


def test_pictures_of_one_channel_only_do_not_pass():
    verdict = judge(registry.get("kmeans.fix_article"), InPlace(chapter._one_channel), 0)
    assert list(verdict.diagnosis) == ["one-channel"]
