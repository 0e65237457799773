"""Chapter 10's exercises stand what every exercise must stand, and speak in words of their own."""

import numpy as np
import pytest

from mmlearn_edu.authoring.notebooks import source_folder
from mmlearn_edu.authoring.source import read_source, source_path
from mmlearn_edu.checks import registry, use
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.evaluation import adjusted_rand_index
from mmlearn_edu.exercises import ch10_kmeans as chapter

CHAPTER = "10-kmeans"
EXERCISES = registry.exercises(CHAPTER)


def test_every_kind_of_exercise_is_there():
    assert [exercise.id for exercise in EXERCISES] == [
        "kmeans.objective",
        "kmeans.assign",
        "kmeans.update",
        "kmeans.loop",
        "kmeans.score_labels",
        "kmeans.choose_k",
        "kmeans.beat_lloyd",
        "kmeans.fix_article",
        "kmeans.why_unnoticed",
    ]


@pytest.mark.filterwarnings("ignore:(invalid value|Mean of empty|divide by zero):RuntimeWarning")  # mutants divide by 0
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_gate(exercise):
    report = gate(exercise, seeds=min(10, exercise.seeds // 4))
    assert report.passed, str(report)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:(invalid value|Mean of empty|divide by zero):RuntimeWarning")
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_whole_gate(exercise):
    report = gate(exercise)
    assert report.passed, str(report)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_no_two_mistakes_of_an_exercise_say_the_same(exercise):
    messages = [mistake.message for mistake in exercise.mistakes]
    assert len(set(messages)) == len(messages) >= 3


def test_six_questions_or_more_with_words_for_every_wrong_option():
    questions = registry.questions(CHAPTER)
    assert len(questions) >= 6
    for question in questions:
        assert set(question.wrong) == set(question.options) - {question.answer}, question.id


def test_every_mistake_of_the_notebook_s_table_exists():
    cells = {cell.slug: cell.source for cell in read_source(source_path(CHAPTER, source_folder()))}
    named = [word for line in cells["mistakes"].splitlines()[4:] for word in line.split("|")[3].split("`")[1::2]]
    known = {mistake.id for exercise in EXERCISES for mistake in exercise.mistakes}
    assert len(named) >= 8
    assert set(named) <= known


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
