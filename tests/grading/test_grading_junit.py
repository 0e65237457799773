"""JUnit XML: well formed whatever a student writes, and with the counts and elements that its readers know."""

import re
import xml.etree.ElementTree as ET

import pytest

from mmlearn_edu.grading.junit import junit_xml
from tests.grading.a_class import EXERCISES, HOSTILE, LABELS, a_class, a_result, an_exercise

# What junit-10.xsd of Jenkins' xUnit plugin says of the elements that we use: attributes ("!" must be there), children.
SCHEMA = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": (
        "name! tests! failures! errors! group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    "properties": ("", "property"),
    "property": ("name! value!", ""),
    "testcase": ("name! time classname group", "skipped error failure system-out system-err"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "skipped": ("type message", ""),
}
SUREFIRE_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
OF_TEXT = {"failure", "error", "skipped"}  # the others hold elements alone


def against_the_schema(element):
    """Return what the schema does not allow, an element a line."""
    attributes, children = (words.split() for words in SCHEMA[element.tag])
    found = [f"{element.tag} has no {name}" for name in set(element.attrib) - {name.rstrip("!") for name in attributes}]
    needed = {name.rstrip("!") for name in attributes if name.endswith("!")}
    found += [f"{element.tag} needs {name}" for name in needed - set(element.attrib)]
    found += [f"{child.tag} in {element.tag}" for child in element if child.tag not in children]
    if element.tag in ("testsuite", "testsuites") and not SUREFIRE_TIME.fullmatch(element.get("time", "")):
        found.append(f"time of {element.tag}: {element.get('time')}")
    if element.tag not in OF_TEXT and (element.text or "").strip():
        found.append(f"text in {element.tag}")
    return found + [line for child in element for line in against_the_schema(child)]


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
    for name in ("tests", "failures", "errors"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)


def test_it_is_as_the_schema_of_jenkins_wants_it():
    results = a_class(40)
    results[0]["seconds"]["total"] = 12345.6789
    root = ET.fromstring(junit_xml(results))
    assert against_the_schema(root) == []
    assert {element.tag for element in root.iter()} == set(SCHEMA), "every element was looked at"
    for case in root.iter("testcase"):
        assert len(case) <= 1
        assert float(case.get("time")) >= 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('tests="', 'skipped="0" tests="', "testsuites has no skipped"),
        ('errors="0" skipped', "skipped", "testsuite needs errors"),
        ("<properties>", "<properties><testcase name='a'/>", "testcase in properties"),
        ("<properties>", "<properties>aside", "text in properties"),
        ('time="0.120"', 'time="0.12 s"', "time of testsuite"),
    ],
)
def test_the_look_at_the_schema_can_fail(old, new, words):
    text = junit_xml([a_result()])
    assert old in text
    found = against_the_schema(ET.fromstring(text.replace(old, new, 1)))
    assert words in "; ".join(found)


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


def test_what_cannot_be_read_has_no_score():
    for status, scored in (("unreadable", False), ("stopped", True)):
        suite = ET.fromstring(junit_xml([a_result(status=status, exercises=[], score=0.0, message="why")]))[0]
        assert ("score" in {one.get("name") for one in suite.iter("property")}) == scored
