"""The page a student reads: exact, kind, about this hand-in alone."""

import re

import pytest

from mmlearn_edu.grading.feedback import feedback_page
from tests.grading.a_class import EXERCISES, HOSTILE, LABELS, a_class, a_result, an_exercise
from tests.grading.test_grading_report import all_hostile
from tests.outline import Outline, words_of


def test_it_says_mark_mistake_and_counterexample():
    example = {"input": "[[1 2]]", "yours": "[3]", "expected": "[4]"}
    wrong = an_exercise("pca.fit_axes", 0.4, "uncentred", example=example)
    right = an_exercise("pca.center", 1.0)
    page = feedback_page(a_result(exercises=[right, wrong], points=4.0, score=2.2))
    words = words_of(page)
    assert "Ada Lovelace, chapter 08-pca" in words
    assert "2.2 of 4 points (55%)" in words
    assert "All right: 1 of 2 exercises. Most is to be gained in “Find the axes of most variance”: 1.8 points." in words
    assert "◐ partly right 1.2 of 3 points → You did not centre (step 1)." in words
    assert "input[[1 2]] yours[3] expected[4]" in words
    assert f"The same happened with: “{LABELS[3]}”, “{LABELS[4]}”." in words
    assert "2 of 5 checks passed: each gives 0.6 points." in words
    assert "What is all right Centre the cloud pca.center ✓ all right 1 of 1 point" in words


def weighted(*worth):
    """Return an exercise of two points, whose items have these points and pass or do not."""
    (item, *_) = an_exercise("pca.inverse", 0)["items"]
    items = [item | {"points": points, "earned": points * right} for points, right in worth]
    return an_exercise("pca.inverse", 0.5) | {"items": items, "score": sum(points * right for points, right in worth)}


@pytest.mark.parametrize(
    ("worth", "language", "said"),
    [
        ([(0.4, 1)] * 2 + [(0.4, 0)] * 3, "en", "2 of 5 checks passed: each gives 0.4 points."),
        ([(1, 1), (1, 0)], "en", "1 of 2 checks passed: each gives 1 point."),
        (
            [(4 / 9, 1), (4 / 9, 0), (4 / 9, 1), (1 / 3, 0), (1 / 3, 1)],
            "en",
            "3 of 5 checks passed: 2 of 3 that give 0.44 points each, 1 of 2 that give 0.33 points each.",
        ),
        ([(0.5, 0), (1, 1), (0.5, 1)], "en", "1 of 1 that give 1 point each, 1 of 2 that give 0.5 points each."),
        ([(0.4, 1)] * 2 + [(0.4, 0)] * 3, "zh", "5 项检查中有 2 项通过：每项 0.4 分。"),
        ([(1, 1), (0.5, 0), (0.5, 1)], "zh", "每项 1 分的 1 项中 1 项、每项 0.5 分的 2 项中 1 项。"),
    ],
)
def test_the_checks_add_up_to_the_points_beside_them(worth, language, said, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    one = weighted(*worth)
    words = words_of(feedback_page(a_result(exercises=[one], points=2.0, score=one["score"])))
    assert said in words


def test_one_check_alone_is_told_by_its_points():
    words = words_of(feedback_page(a_result(exercises=[weighted((2, 0))], points=2.0, score=0.0)))
    assert "checks passed" not in words
    assert "0 of 2 points" in words


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (0, "en", "0 of 5 checks passed: each gives 0.4 points. What"),
        (1, "en", "each gives 0.4 points. 1 of them was not run: it waits until some values are right."),
        (2, "en", "each gives 0.4 points. 2 of them were not run: they wait until some values are right."),
        (2, "zh", "每项 0.4 分。 其中 2 项没有运行：要等到有些值正确。"),
    ],
)
def test_a_check_that_was_not_run_is_no_failed_one(count, language, said, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    one = an_exercise("pca.inverse", 0)
    for item in one["items"][5 - count :]:
        item |= {"problem": "law-waits", "message": "Waits.", "example": {}}
    words = words_of(feedback_page(a_result(exercises=[one, an_exercise("pca.center", 1.0)], points=3.0, score=1.0)))
    assert said in words
    assert "Waits." not in words


def test_what_a_widget_showed_is_not_in_the_file():
    given = an_exercise("pca.turn_axis", 0, status="not attempted")
    assert "or it was still the one" in words_of(feedback_page(a_result(exercises=[given], score=0.0)))
    words = words_of(feedback_page(a_result(exercises=[given | {"kind": "widget"}], score=0.0)))
    assert "write down what you found, in place of the dots" in words
    assert "or it was still the one" not in words


def test_everything_right():
    words = words_of(feedback_page(a_result()))
    assert "16 of 16 points (100%) Everything is right. Well done!" in words
    assert "What there is to gain" not in words
    assert all(title in words for title, *_ in EXERCISES.values())


def test_not_tried_not_judged_and_refused():
    given = [
        an_exercise("pca.center", 0, status="not attempted"),
        an_exercise("pca.inverse", 0, status="checker problem"),
        an_exercise("pca.transform", 0, status="refused") | {"notes": ["Version 1 was handed in, version 2 is asked."]},
    ]
    words = words_of(feedback_page(a_result(exercises=given)))
    assert "not tried 0 of 1 point There was no answer in your file" in words
    assert "could not be judged 0 of 2 points Something of the grader failed here, not your answer." in words
    assert "Version 1 was handed in, version 2 is asked." in words


def test_unreadable_and_stopped():
    torn = feedback_page(a_result(exercises=[], status="unreadable", message="The file is empty."))
    assert "Your file could not be graded The file is empty. This is no mark." in words_of(torn)
    assert "points" not in words_of(torn)
    stopped = words_of(feedback_page(a_result(status="stopped", message="It took longer than 120 s in all.")))
    assert "Grading stopped part of the way." in stopped
    assert "It took longer than 120 s in all." in stopped


def test_what_happened_and_what_was_printed():
    one = an_exercise("pca.center", 0.0) | {"printed": "hello\nthere"}
    hung = {"kind": "hung", "where": "cell ex-center", "words": "It did not end within 20 s."}
    page = feedback_page(a_result(exercises=[one], events=[hung], notes=["Converted from version 3."]))
    assert "cell ex-center: It did not end within 20 s." in words_of(page)
    assert "Converted from version 3." in words_of(page)
    assert "<pre>hello\nthere</pre>" in page


def test_nothing_of_the_teachers_and_nothing_of_another_student():
    results = a_class(40)
    for result in results:
        result["look"] = ["This looks like SECRET-SUSPICION."]
        result["events"].append({"kind": "protocol", "where": "somewhere", "words": "SECRET-FORGERY was seen."})
        page = feedback_page(result)
        assert "SECRET" not in page
        assert str(result["seed"]) not in page
        assert result["origin"] not in page
        assert "namespaces" not in page
        assert not any(one["fingerprint"] and one["fingerprint"] in page for one in result["exercises"])
        others = {other["student"] for other in results} - {result["student"]}
        words = words_of(page)
        assert not [name for name in others if name in words]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_only_text(name):
    page, plain = (feedback_page(all_hostile(text, text)) for text in (HOSTILE[name], "plain"))
    ours, theirs = ([tag for tag, _ in Outline(text).tags if tag not in ("code", "br")] for text in (page, plain))
    assert ours == theirs
    assert not Outline(page).all("script") + Outline(page).all("a") + Outline(page).all("img")
    assert not any(name.startswith("on") for _, each in Outline(page).tags for name in each)
    assert len(page) < 100_000
    page.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]", page)


def test_in_chinese(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    words = words_of(feedback_page(a_class(1)[0]))
    assert "道全对" in words or "最值得再做" in words
    assert "points" not in words
