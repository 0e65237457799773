"""JUnit XML: well formed whatever a student writes, and with the counts and elements that its readers know."""

import xml.etree.ElementTree as ET

import pytest

from mmlearn_edu.grading.junit import junit_xml
from tests.grading.a_class import EXERCISES, HOSTILE, LABELS, a_class, a_result, an_exercise

# what junit-10.xsd allows, of what we use
ALLOWED = {
    "testsuites": {"name", "time", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}


def test_one_suite_a_hand_in_one_case_an_item():
    results = a_class(40)
    root = ET.fromstring(junit_xml(results))
    assert [suite.get("name") for suite in root] == [result["submission"] for result in results]
    for suite, result in zip(root, results, strict=True):
        cases = suite.findall("testcase")
        items = [item for one in result["exercises"] for item in one["items"]]
        skipped = sum(one["status"] == "not attempted" for one in result["exercises"])
        ended = result["status"] != "graded"
        assert len(cases) == int(suite.get("tests")) == len(items) + skipped + ended
        assert int(suite.get("skipped")) == skipped == len(suite.findall("testcase/skipped"))
        assert int(suite.get("failures")) == sum(item["earned"] < item["points"] for item in items)
        assert int(suite.get("errors")) == ended
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)


def test_every_element_is_one_that_readers_know():
    for element in ET.fromstring(junit_xml(a_class(40))).iter():
        assert set(element.attrib) <= ALLOWED[element.tag]
        if element.tag == "testcase":
            assert len(element) <= 1
            assert float(element.get("time")) >= 0


def test_a_failure_says_what_was_wrong():
    one = an_exercise("pca.center", 0.8, "averaged-rows", example={"input": "[[1 2]]", "yours": "<3>"})
    root = ET.fromstring(junit_xml([a_result(exercises=[one])]))
    (case,) = [case for case in root.iter("testcase") if case.find("failure") is not None]
    assert (case.get("classname"), case.get("name")) == ("pca.center", LABELS[-1])
    assert case.find("failure").get("type") == "values"
    assert case.find("failure").text.startswith("`axis=1` averages along each row")
    assert case.find("failure").text.endswith("input:\n[[1 2]]\nyours:\n<3>")


@pytest.mark.parametrize(
    ("status", "tag"),
    [("refused", "error"), ("checker problem", "error"), ("not attempted", "skipped"), ("failed", "failure")],
)
def test_an_exercise_without_items_is_one_case(status, tag):
    one = an_exercise("pca.center", 0.0, status=status) | {"items": [], "notes": ["because"]}
    (case,) = ET.fromstring(junit_xml([a_result(exercises=[one])])).iter("testcase")
    assert [(found.tag, found.get("message")) for found in case] == [(tag, "because")]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_well_formed(name):
    text = HOSTILE[name]
    one = an_exercise("pca.center", 0.0, "averaged-rows", example={text[:99]: text, "yours": text})
    one |= {"messages": [text], "title": text}
    one["items"][0] |= {"label": text, "message": text, "problem": text}
    result = a_result(text, text, [one], status="stopped", message=text)
    written = junit_xml([result])
    assert len(written) < 100_000
    root = ET.fromstring(written.encode("utf-8"))
    assert len([*root.iter("testcase")]) == 1 + len(LABELS)
    texts = "".join(element.text or "" for element in root.iter())
    assert texts.replace("\n", "").isprintable()


def test_no_hand_ins():
    root = ET.fromstring(junit_xml([]))
    assert (root.get("tests"), root.get("time"), len(root)) == ("0", "0.000", 0)


def test_everything_right():
    root = ET.fromstring(junit_xml([a_result()]))
    assert (root.get("tests"), root.get("failures")) == (str(len(EXERCISES) * len(LABELS)), "0")
