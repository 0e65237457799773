"""A teacher's own chapter, handed out and graded: with the notebook's metadata, and where a platform stripped it."""

import json

import pytest

from mmlearn_edu.authoring import begin, hand_out
from mmlearn_edu.checks import registry
from mmlearn_edu.grading.collect import HandIn
from mmlearn_edu.grading.engine import Grader
from mmlearn_edu.grading.sandbox import Limits
from mmlearn_edu.grading.submission import read_submission
from mmlearn_edu.grading.words import say

ANSWERS = {"ex-mean-power": ("    ...", "    return np.mean(sounds**2, axis=1)"), "ex-why-squared": ("...", '"b"')}


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exam") / "期末 考试"
    begin(folder)
    with registry.folder(None), Grader("my-exam", seed=1, exercises=folder, limits=Limits(cell=10)) as made:
        yield made


def graded(grader, answers=(), stripped=False):
    notebook = json.loads(hand_out("my-exam"))
    for cell in notebook["cells"]:
        if cell["id"] in answers:
            cell["source"] = "".join(cell["source"]).replace(*answers[cell["id"]])
        if stripped:
            cell["metadata"] = {}
    if stripped:
        notebook["metadata"] = {}
    result = grader.grade(read_submission(json.dumps(notebook).encode(), "s", "S", "s.ipynb"))
    return result["score"], {one["id"]: one["status"] for one in result["exercises"]}


def test_an_untouched_hand_out_is_not_attempted(grader):
    assert graded(grader) == (0, {"exam.mean_power": "not attempted", "exam.why_squared": "not attempted"})


@pytest.mark.parametrize("stripped", [False, True], ids=["as handed in", "metadata stripped"])
def test_right_answers_get_every_point(grader, stripped):
    assert graded(grader, ANSWERS, stripped) == (4, {"exam.mean_power": "passed", "exam.why_squared": "passed"})


def test_the_reference_cannot_be_imported_by_an_answer(grader):
    steal = "    import sys\n    return [m for m in sys.modules if 'exam' in m and 'exercises' in m][0]"
    score, statuses = graded(grader, {"ex-mean-power": ("    ...", steal)})
    assert (score, statuses["exam.mean_power"]) == (0, "failed")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_the_solutions_of_the_workbook_are_public(grader, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    public = say("sandbox", "public-not")
    found = grader.grade(read_submission(hand_out("my-exam"), "s", "S", "s.ipynb"))
    assert found["isolation"]["does_not_defend"] == grader.level.does_not_defend()[:-1]
    assert grader.level.does_not_defend()[-1] == public
    with Grader("08-pca", seed=1) as ours:
        assert public in ours.unreadable(HandIn("a", "A", "a", bytes), "-")["isolation"]["does_not_defend"]
