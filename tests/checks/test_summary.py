"""What the summary adds up besides statuses: help that was asked for, questions that are due, the next step."""

import pytest

from mmlearn_edu.checks import journal, progress, registry
from mmlearn_edu.checks.recall import due, pending, recall


def pass_all(slug):
    for exercise in registry.exercises(slug):
        journal.record("check", exercise.id, status="passed")


def test_nothing_done_yet():
    found = progress()
    assert found.next_exercise == ("00-start-here", registry.exercises("00-start-here")[0].id, "not attempted")
    assert (found.due_in, len(found.due)) == ("00-start-here", 3)
    assert all(question.time is None for question in found.due)
    assert (found.hints, found.solutions, found.predicted) == ({}, set(), [])


def test_hints_and_solutions_are_counted_by_exercise():
    for _ in range(2):
        journal.record("hint", "pca.center", level=1, about="")
    journal.record("solution", "pca.center")
    found = progress()
    assert (found.hints["pca.center"], found.hints["pca.inverse"]) == (2, 0)
    assert found.solutions == {"pca.center"}


def test_the_first_outcome_of_a_prediction_counts():
    journal.record("outcome", "pca.raw_axis", guess="a", right=False)
    journal.record("outcome", "pca.raw_axis", guess="b", right=True)
    assert [(entry["guess"], entry["right"]) for entry in progress().predicted] == [("a", False)]


def test_questions_are_pending_until_they_are_answered(capsys):
    first = [question.id for question in pending("08-pca", journal.read())]
    assert first == [question.id for question in due("08-pca", journal.read())]
    recall("08-pca", ..., ..., ...)
    assert [question.id for question in pending("08-pca", journal.read())] == first
    recall("08-pca", "a", "a", "a")
    assert pending("08-pca", journal.read()) == []


def test_due_is_what_the_next_chapter_will_ask_and_when_it_was_answered_last(capsys):
    first, second, third, *_ = registry.chapter_ids()
    pass_all(first)
    recall(first, "a", "b", "c")
    found = progress()
    assert (found.next_chapter, found.due_in) == (second, second)
    assert found.to_dict()["recall_due"] == {"chapter": second, "questions": [question.id for question in found.due]}
    recall(second, "a", "a", "a")
    found = progress()
    assert found.due_in == third  # the second's are answered, so the next are asked one chapter later
    answered = {entry["id"]: entry for entry in journal.read() if entry["event"] == "recall"}
    for question in found.due:
        assert question.time == answered.get(question.id, {}).get("time")
        assert question.right == answered.get(question.id, {}).get("right", False)


def test_a_finished_chapter_asks_no_more():
    pass_all("00-start-here")
    assert progress().due_in == progress().next_chapter != "00-start-here"


@pytest.mark.parametrize("posed", [None, 5, "pca.q1", [None], [["a"]], {"a": 1}])
def test_a_damaged_record_of_questions_costs_nothing(posed):
    journal.record("posed", "00-start-here", questions=posed)
    assert len(progress().due) == 3


def test_all_is_passed_and_asked(capsys):
    for slug in registry.chapter_ids():
        pass_all(slug)
        recall(slug, "a", "a", "a")
    found = progress()
    assert found.next_exercise is None
    assert (found.due, found.due_in) == ([], "")
    assert found.next_step == "Every exercise is passed."
