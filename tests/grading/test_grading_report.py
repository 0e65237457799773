"""report.html and the rest of the reports: right numbers, sentences from data, nobody named where nobody should be."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from mmlearn_edu.grading.class_page import class_page
from mmlearn_edu.grading.overview import overview, reasons_to_look
from mmlearn_edu.grading.report import write_reports
from mmlearn_edu.grading.results import Broken, write_result
from mmlearn_edu.grading.texts import cut, one_line, visible
from tests.grading.a_class import EXERCISES, HOSTILE, LABELS, a_class, a_result, an_exercise
from tests.outline import Outline, assert_in_order, words_of


@pytest.fixture(scope="module")
def forty():
    return a_class(40)


@pytest.fixture(scope="module")
def page(forty):
    return class_page(overview(forty))


def sections(page):
    """Return the words of each section by its id."""
    found = re.findall(r'<section aria-labelledby="([\w-]+)".*?>(.*?)</section>', page, re.DOTALL)
    return {name: words_of(body) for name, body in found}


def test_headings_landmarks_and_tables_are_in_order(page):
    assert_in_order(Outline(page))
    assert [*sections(page)] == ["glance", "scores", "hardest", "mistakes", "look", "all", "how"]


def test_it_asks_nobody_for_anything(page):
    assert "http" not in page.replace("http-equiv", "")
    assert not {"link", "iframe", "img", "base", "form"} & {tag for tag, _ in Outline(page).tags}
    policy = next(each["content"] for each in Outline(page).all("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'; style-src-elem 'sha256-")
    assert "unsafe" not in policy
    assert not any("style" in each for _, each in Outline(page).tags)


def test_the_sentences_are_counted_from_the_results(forty, page):
    judged = [result for result in forty if result["status"] != "unreadable"]
    made = [name for result in judged for one in result["exercises"] for name in one["diagnosis"]]
    often = max(made.count(name) for name in set(made))
    assert f"Explain again{often} of {len(judged)} made the same mistake in" in sections(page)["glance"]
    marks = {
        name: [
            one["score"] / one["points"]
            for result in judged
            for one in result["exercises"]
            if one["id"] == name and one["status"] in ("passed", "partly", "failed")
        ]
        for name in EXERCISES
    }
    hardest = min(marks, key=lambda name: sum(marks[name]) / len(marks[name]))
    tried, right = len(marks[hardest]), marks[hardest].count(1)
    words = f"Hardest“{EXERCISES[hardest][0]}”: {tried} of {len(judged)} tried it, and {right} have it all right"
    assert words in sections(page)["glance"]
    assert f"earned {sum(marks[hardest]) / tried:.0%} of its points" in sections(page)["glance"]
    assert "40 hand-ins: 37 graded, 1 stopped part of the way, 2 unreadable." in words_of(page)


def test_hardest_comes_first(forty, page):
    seen = overview(forty)
    assert [one.share for one in seen.exercises] == sorted(one.share for one in seen.exercises)
    assert [item.share for item in seen.items] == sorted(item.share for item in seen.items)
    assert [one.count for one in seen.mistakes] == sorted((one.count for one in seen.mistakes), reverse=True)
    order = [sections(page)["hardest"].index(one.id) for one in seen.exercises]
    assert order == sorted(order)


def test_an_exercise_that_many_skip_is_not_the_hardest():
    """The last one of a chapter is left out by many, and was easy for those who came that far."""
    skipped = an_exercise("pca.fix_article", 0.0, status="not attempted")
    given = [
        a_result("s1", "S 1", [an_exercise("pca.inverse", 0.8), an_exercise("pca.fix_article", 1.0)]),
        *(a_result(f"s{n}", f"S {n}", [an_exercise("pca.inverse", 0.8), skipped]) for n in (2, 3)),
    ]
    seen = overview(given)
    assert [one.id for one in seen.exercises] == ["pca.inverse", "pca.fix_article"]
    assert [one.share for one in seen.exercises] == pytest.approx([0.8, 1.0])
    words = sections(class_page(seen))["glance"]
    assert f"Hardest“{EXERCISES['pca.inverse'][0]}”: 3 of 3 tried it" in words
    assert f"2 of 3 did not try “{EXERCISES['pca.fix_article'][0]}”" in words
    untouched = overview([a_result("s1", "S 1", [skipped, an_exercise("pca.inverse", 0.8)])])
    assert [one.id for one in untouched.exercises] == ["pca.inverse", "pca.fix_article"]
    assert "Hardest" not in sections(class_page(overview([a_result("s1", "S 1", [skipped])])))["glance"]


def test_by_hand():
    good, bad = an_exercise("pca.center", 1.0), an_exercise("pca.center", 0.4, "averaged-rows")
    none = an_exercise("pca.center", 0.0, status="not attempted")
    wrong = an_exercise("pca.center", 0.0)
    given = [a_result(f"s{n}", f"S {n}", [one]) for n, one in enumerate([good, bad, none, wrong])]
    seen = overview([*given, a_result("torn", "T", [], status="unreadable", message="torn")])
    (one,) = seen.exercises
    assert one.share == pytest.approx(1.4 / 3)
    assert one.statuses == {"passed": 1, "partly": 1, "not attempted": 1, "failed": 1}
    assert one.tried == 3
    assert one.unnamed == 1
    assert [(item.label, item.right, item.tried) for item in one.items] == [
        *((label, 1, 3) for label in LABELS[2:]),
        *((label, 2, 3) for label in LABELS[:2]),
    ]
    assert [(made.id, made.count) for made in seen.mistakes] == [("averaged-rows", 1)]
    assert set(seen.look) == {"torn"}
    assert seen.shares == pytest.approx([1 / 16, 0.4 / 16, 0, 0])


def test_a_check_that_was_not_run_counts_for_nobody():
    right, wrong = an_exercise("pca.center", 1.0), an_exercise("pca.center", 0.0)
    wrong["items"][-1] |= {"problem": "law-waits", "example": {}}
    seen = overview([a_result(f"s{n}", f"S {n}", [one]) for n, one in enumerate([right, wrong])])
    assert [(item.label, item.right, item.tried) for item in seen.exercises[0].items] == [
        *((label, 1, 2) for label in LABELS[:-1]),
        (LABELS[-1], 1, 1),
    ]
    (alone,) = overview([a_result(exercises=[wrong])]).exercises
    assert LABELS[-1] not in [item.label for item in alone.items]


def test_the_histogram_says_its_numbers(forty, page):
    label = next(each["aria-label"] for each in Outline(page).all("svg") if "aria-label" in each)
    counts = [int(count) for count in re.findall(r"%: (\d+)", label)]
    assert sum(counts) == 38
    assert label.startswith("Histogram of the scores of 38 hand-ins")
    assert len(Outline(page).all("rect")) >= len(counts)


def test_nobody_is_named_where_mistakes_are_shown(forty):
    """Also where the answer itself says who it is of: another example is taken, or none."""
    tell = {"input": "[1]", "yours": "'I am Ada LOVELACE'"}
    plain = {"input": "[[1, 2], [3, 4]]", "yours": "[[5, 6], [7, 8]] and more"}
    chinese = {"input": "[2]", "yours": "'王伟的答案'"}
    mine = a_result("a", "Ada Lovelace", [an_exercise("pca.center", 0.0, "averaged-rows", example=tell)])
    his = a_result("w", "王伟", [an_exercise("pca.center", 0.0, "averaged-rows", example=chinese)])
    other = a_result("b", "Bo", [an_exercise("pca.center", 0.0, "averaged-rows", example=plain)])
    assert overview([mine, his]).mistakes[0].example == {}
    assert overview([mine, his, other]).mistakes[0].example == plain
    page = sections(class_page(overview([*forty, mine, his, other])))
    for name in ("glance", "scores", "hardest", "mistakes", "how"):
        for result in forty:
            assert result["student"] not in page[name]
            assert result["submission"] not in page[name]


def test_who_needs_a_look_and_why(forty, page):
    look = sections(page)["look"]
    assert "It could not be graded: This is no notebook: the file ends in the middle." in look
    assert "It was stopped part of the way: It took longer than 120 s in all." in look
    assert "The cell ex-center replaces numpy.allclose." in look
    assert look.index("numpy.allclose") < look.index("120 s in all") < look.index("It could not be graded")
    assert "Answers that are the same" in look
    assert "It shares answers with other hand-ins (2)." in look
    alike = re.search("<h3>Answers that are the same</h3>.*?</ul>", page, re.DOTALL).group()
    copied = {forty[number]["submission"] for number in range(40) if _is_copied(forty[number])}
    assert {unquote(each["href"])[9:-5] for each in Outline(alike).all("a")} == copied
    assert f"{len(copied)} of them in groups that share answers." in sections(page)["glance"]
    broken = an_exercise("pca.center", 0, status="checker problem") | {"notes": ["out of memory"]}
    other = an_exercise("pca.inverse", 0, status="refused") | {"notes": ["Use 3."]}
    assert reasons_to_look(a_result(exercises=[broken, other])) == [
        "“Centre the cloud” has no fair mark: something of the grader failed there. out of memory",
        "“Rebuild samples from their codes” was not graded, it answers another version of the exercise. Use 3.",
    ]
    assert reasons_to_look(a_result(message="slow", status="stopped", look=["slow"])) == [
        "It was stopped part of the way: slow"
    ]


def _is_copied(result):
    return "0" * 16 in [one["fingerprint"] for one in result["exercises"]]


def test_every_hand_in_has_a_row_that_leads_to_its_page(forty, tmp_path):
    for result in forty:
        write_result(result, tmp_path)
    written = write_reports(tmp_path)
    assert [path.name for path in written] == ["report.html", "grades.csv", "junit.xml", "feedback"]
    pages = [*written[:3], *written[3].iterdir()]
    assert len(pages) == 3 + 40
    page = (tmp_path / "report.html").read_text("utf-8")
    links = {unquote(each["href"]) for each in Outline(page).all("a")}
    assert links == {f"feedback/{result['submission']}.html" for result in forty}
    assert all((tmp_path / link).is_file() for link in links)
    listed = re.search(r'<table class="all".*?</table>', page, re.DOTALL).group()
    assert len(Outline(listed).all("tr")) == 41
    before = {path: path.read_bytes() for path in pages}
    assert write_reports(tmp_path) == written
    assert {path: path.read_bytes() for path in pages} == before
    assert not list(tmp_path.rglob(".*"))


def test_an_unreadable_hand_in_has_no_marks(page):
    row = re.search(r'<tr role="row"><th [^>]*>(?:(?!</tr>).)*>unreadable</td>.*?</tr>', page, re.DOTALL).group()
    assert words_of(row).count("–") == 3


def test_how_it_was_graded(forty, page):
    how = sections(page)["how"]
    assert "Isolation of 40 of 40 hand-ins: namespaces (code ran as root, dropped to 61001)." in how
    assert "What it does not defend against: a hole in the kernel" in how
    assert "Seed 917364528" in how
    assert "20 s a cell, 5 s a call, 120 s a hand-in, 2 GB of memory, 64 processes" in how
    one = an_exercise("pca.center", 1.0) | {"version": 3, "handed_in_version": 2}
    mixed = [a_result(), a_result("b", exercises=[one], seed=7, package="0.2.0", limits={"cell": None})]
    mixed[1]["isolation"] = mixed[1]["isolation"] | {"level": "processes", "does_not_defend": []}
    how = sections(class_page(overview(mixed)))["how"]
    assert "different seeds (7, 917364528)" in how
    assert "different versions of mmlearn_edu (0.1.0, 0.2.0)" in how
    assert "“Centre the cloud” is in version 3; 1 hand-ins answered version 2." in how
    assert "Isolation of 1 of 2 hand-ins: processes" in how
    assert "Nothing is listed." in how


def test_a_file_that_is_no_result_is_listed_in_words(tmp_path):
    write_result(a_result(), tmp_path)
    (tmp_path / "<b>torn.json").write_text('{"kind": ')
    write_reports(tmp_path)
    broken = sections((tmp_path / "report.html").read_text("utf-8"))["broken"]
    assert "<b>torn.json it is no JSON: " in broken


def test_an_empty_class_a_class_of_one_and_one_of_unreadable_files(tmp_path):
    assert len(write_reports(tmp_path)) == 4
    empty = (tmp_path / "report.html").read_text("utf-8")
    assert "There is no result in this folder yet." in words_of(empty)
    assert not Outline(empty).all("script")
    one = words_of(class_page(overview([a_result()])))
    assert "One hand-in: 1 graded" in one
    assert "The one hand-in earned 100% of the points." in one
    assert "No answer makes a mistake that has a name." in one
    torn = [a_result(name, name, [], status="unreadable", message="torn") for name in "ab"]
    assert "No hand-in has marks." in words_of(class_page(overview(torn)))
    few = [a_result("a"), a_result("b", "B", [an_exercise("pca.center", 0.4)], score=0.4)]
    assert "2 hand-ins earned 2% to 100% of the points. One has everything right." in words_of(
        class_page(overview(few))
    )
    nothing = a_result(exercises=[], points=0.0)
    assert "No hand-in has marks." in words_of(class_page(overview([nothing])))


def test_names_that_come_twice_are_said():
    given = [a_result("ada-1"), a_result("ada-2"), a_result("bo", "Bo")]
    assert "One name stands on more than one file" in words_of(class_page(overview(given)))
    assert "on more than one file" not in words_of(class_page(overview(given[1:])))
    assert "2 names stand on more than one file" in words_of(class_page(overview([*given, a_result("bo-2", "Bo")])))


def all_hostile(text, student):
    """Return a result in which everything that is free text is hostile."""
    one = an_exercise("pca.center", 0.4, "averaged-rows", example={text: text, "yours": text})
    one |= {"title": text, "id": text, "messages": [text], "diagnosis": [text], "notes": [text], "printed": text}
    for item in one["items"]:
        item |= {"label": text, "id": text, "message": text, "problem": item["problem"] and text}
    event = {"kind": "hung", "where": text, "words": text}
    result = a_result("x", student, [one], title=text, message=text, notes=[text], look=[text], events=[event])
    isolation = {"level": "processes", "user": text, "defends": [text], "does_not_defend": [text]}
    return result | {"chapter": text, "package": text, "origin": text, "isolation": isolation}


@pytest.mark.parametrize("student", ["Bo", None])  # where a student is named by the same text, the example is left out
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_only_text(name, student):
    pages = [
        class_page(overview([all_hostile(text, student or who)]), [Broken(Path(f"{text[:50]}.json"), text)])
        for text, who in ((HOSTILE[name], HOSTILE[name]), ("plain", "plain"))
    ]
    page = pages[0]
    shapes = [[(tag, [*each]) for tag, each in Outline(text).tags if tag != "code"] for text in pages]
    if student or name != "path":  # "x" is too short for a name
        assert shapes[0] == shapes[1]
    assert {each["href"] for each in Outline(page).all("a")} == {"feedback/x.html"}
    assert len(Outline(page).all("script")) == 1
    assert len(page) < 100_000
    page.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]", page)


def test_a_name_with_a_path_never_becomes_a_link_or_a_file(tmp_path):
    """No valid result has one; a page made from it all the same quotes it."""
    page = class_page(overview([a_result("../../x"), a_result("javascript:alert(1)")]))
    links = {each["href"] for each in Outline(page).all("a")}
    assert links == {"feedback/..%2F..%2Fx.html", "feedback/javascript%3Aalert%281%29.html"}


def test_in_chinese(forty, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    page = class_page(overview(forty))
    assert '<html lang="zh-Hans">' in page
    words = words_of(page)
    assert "40 份作业：已批改 37 份，中途停止 1 份，无法读取 2 份。" in words
    assert "份在“Fit on the training rows alone”里犯了同样的错误" in words
    assert "hand-in" not in words.replace("hand-ins.zip", "")


def test_what_is_unseen_is_shown_and_what_is_endless_ends():
    assert visible("a\u202eb\x00c\r\nd\te\x9b") == "a⟨U+202E⟩b␀c\nd\te⟨U+009B⟩"
    assert one_line("\u2028 a \n b \ud800") == "a b \ufffd"
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc … (4 characters, cut)"
