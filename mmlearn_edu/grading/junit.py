"""The results as JUnit XML, which GitLab, Jenkins and others show: a suite a hand-in, a case an item."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from mmlearn_edu.grading.pieces import number, say
from mmlearn_edu.grading.results import Result
from mmlearn_edu.grading.texts import cut, one_line, visible

__all__ = ["junit_xml"]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # Char of XML 1.0
_MOST_LETTERS = 4000
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit_xml(results: Sequence[Result]) -> str:
    """Return all results as one document.

    An item with less than its points is a failure, with the counterexample as its text. An exercise that was not
    attempted is skipped; one that could not be judged, and a hand-in that could not be read, is an error.

    Parameters
    ----------
    results : sequence of dict

    References
    ----------
    .. [1] The JUnit schema of Jenkins' xUnit plugin, ``src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/
       junit-10.xsd``, https://github.com/jenkinsci/xunit-plugin. It counts what is skipped in a suite, not in all.
    """
    root = ET.Element("testsuites", name="mmlearn-edu grade")
    for result in results:
        root.append(_suite(result))
    _count(root, "failures", "errors")
    root.set("time", _seconds(sum(result["seconds"]["total"] for result in results)))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(result: Result) -> ET.Element:
    suite = ET.Element("testsuite", name=_line(result["submission"]))
    listed = ET.SubElement(suite, "properties")
    facts = {name: result[name] for name in ("student", "status", "chapter")}
    facts["isolation"] = result["isolation"]["level"]
    if result["status"] != "unreadable":  # which has no score, and that is no zero
        facts["score"] = f"{number(result['score'])} / {number(result['points'])}"
    for name, value in facts.items():
        ET.SubElement(listed, "property", name=name, value=_line(value))
    if result["status"] != "graded":
        suite.append(case := _case(result["chapter"], result["status"]))
        ET.SubElement(case, "error", message=_line(result["message"]), type=result["status"])
    for one in result["exercises"]:
        suite.extend(_cases(one))
    _count(suite, "failures", "errors", "skipped")
    suite.set("time", _seconds(result["seconds"]["total"]))
    return suite


def _cases(one: Result) -> Iterator[ET.Element]:
    """Yield a case for every item; one for the exercise where it has none."""
    if not one["items"]:
        case = _case(one["id"], one["title"], one["seconds"])
        words = _line(" ".join(one["notes"])) or say(f"s-{one['status'].replace(' ', '-')}")
        if one["status"] == "not attempted":
            ET.SubElement(case, "skipped", message=words)
        elif one["status"] != "passed":
            tag = "failure" if one["status"] in ("partly", "failed") else "error"
            ET.SubElement(case, tag, message=words, type=one["status"])
        yield case
    for item in one["items"]:
        case = _case(one["id"], item["label"] or item["id"])
        if item["earned"] < item["points"]:
            kind = _line(item["problem"]) or "points"
            failure = ET.SubElement(case, "failure", message=_line(item["message"]), type=kind)
            failure.text = _text("\n".join([*one["messages"], *_shown(item["example"])]))
        yield case


def _case(owner: str, name: str, seconds: float = 0.0) -> ET.Element:
    return ET.Element("testcase", classname=_line(owner), name=_line(name), time=_seconds(seconds))


def _shown(example: dict[str, str]) -> Iterator[str]:
    for name, value in example.items():
        yield f"{name}:\n{cut(value, _MOST_LETTERS)}"


def _count(element: ET.Element, *names: str) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for name in names:
        element.set(name, str(sum(case.find(_COUNTED[name]) is not None for case in cases)))


def _line(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", one_line(text, 500))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", visible(cut(text, 4 * _MOST_LETTERS)))


def _seconds(value: float) -> str:
    return f"{value:.3f}"
