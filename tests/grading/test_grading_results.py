"""One result: what is valid, written whole, read with suspicion; the schema says the same as the reader."""

import copy
import json
import re

import pytest
from jsonschema import Draft202012Validator

from mmlearn_edu.grading.results import (
    RESULT_SCHEMA,
    ResultError,
    problems,
    read_result,
    read_results,
    validate,
    write_result,
)
from tests.grading.a_class import EXERCISES, HOSTILE, a_class, a_result, an_exercise

ORACLE = Draft202012Validator(RESULT_SCHEMA)


def test_the_schema_is_a_schema_and_describes_itself():
    Draft202012Validator.check_schema(RESULT_SCHEMA)
    assert RESULT_SCHEMA["$id"].endswith(str(RESULT_SCHEMA["properties"]["format"]["const"]))
    objects = [RESULT_SCHEMA, *(one for one in RESULT_SCHEMA["$defs"].values() if "properties" in one)]
    assert len(objects) == 6
    for one in objects:
        assert set(one["properties"]) - set(one["required"]) <= {"runs"}  # which only the search for copies reads
        assert set(one["required"]) <= set(one["properties"])
    assert sorted(RESULT_SCHEMA["required"]) == sorted(a_result())


def test_a_class_is_valid_and_comes_back_as_it_was(tmp_path):
    results = a_class(40)
    assert all(ORACLE.is_valid(result) for result in results)
    assert {result["status"] for result in results} == {"graded", "unreadable", "stopped"}
    paths = [write_result(result, tmp_path / "out") for result in results]
    assert [read_result(path) for path in paths] == results
    found = read_results(tmp_path / "out")
    assert (sorted(found.graded, key=lambda result: result["submission"]), found.broken) == (results, [])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)


def change(result, path, value):
    *way, last = path
    for step in way:
        result = result[step]
    result[last] = value


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["format"], 2, "format must be same as const definition: 1; it is 2"),
        (["kind"], "notebook", "kind must be same as const"),
        (["submission"], "../../x", "submission must match pattern"),
        (["submission"], ".hidden", "submission must match pattern"),
        (["submission"], "a b", "submission must match pattern"),
        (["submission"], "nul\x00", "submission must match pattern"),
        (["submission"], "", "submission must be longer"),
        (["student"], None, "student must be string; it is null"),
        (["sha256"], "abc", "sha256 must match pattern"),
        (["status"], "fine", r"status must be one of \['graded', 'unreadable', 'stopped'\]; it is \"fine\""),
        (["seed"], -1, "seed must be bigger than or equal to 0; it is -1"),
        (["seed"], True, "seed must be integer"),
        (["score"], -0.5, "score must be bigger than or equal to 0"),
        (["score"], "12", "score must be number"),
        (["isolation", "level"], "none", "isolation.level must be one of"),
        (["limits", "cell"], "long", "limits.cell must be number or null"),
        (["look"], "all of it", "look must be array"),
        (["seconds"], {}, "seconds must contain .*total"),
        (["exercises", 1, "status"], "done", r"exercises\[1\].status must be one of"),
        (["exercises", 1, "fingerprint"], "XYZ", r"exercises\[1\].fingerprint must match"),
        (
            ["exercises", 0, "items", 2, "example"],
            {"yours": 3},
            r"exercises\[0\].items\[2\].example.yours must be string",
        ),
        (["events"], [{"kind": "hung"}], r"events\[0\] must contain .*where"),
        (["cells"], [{}], r"cells\[0\] must contain"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path, value, words):
    """The quick reader of the schema, and another one that knows the whole standard, agree."""
    result = a_result()
    validate(result)
    change(result, path, value)
    assert not ORACLE.is_valid(result)
    with pytest.raises(ResultError, match=f"^{words}"):
        validate(result)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["exercises", 0, "items", 2, "earned"], 0.3, "pca.center, one row: 0.3 of 0.2 points are more than there are"),
        (["exercises", 0, "score"], 1.5, "pca.center: 1.5 of 1 points are more than there are"),
        (["exercises", 0, "score"], 0.5, "score: the exercises add up to 15.5, not to 16"),
        (["points"], 10, "score: 16 of 10 points are more than there are"),
        (["score"], 3, "score: the exercises add up to 16, not to 3"),
        (["score"], float("nan"), "score: nan of 16 points are more"),
    ],
)
def test_sums_that_no_schema_can_check(path, value, words):
    result = a_result()
    change(result, path, value)
    assert ORACLE.is_valid(result)
    with pytest.raises(ResultError, match=words):
        validate(result)


@pytest.mark.parametrize("name", RESULT_SCHEMA["required"])
def test_nothing_may_be_missing(name):
    result = a_result()
    del result[name]
    with pytest.raises(ResultError, match=f"the file must contain .*'{name}'"):
        validate(result)


@pytest.mark.parametrize("thing", [None, [], 3, "text", {}])
def test_another_thing_altogether(thing):
    assert problems(thing)
    assert not ORACLE.is_valid(thing)
    with pytest.raises(ResultError, match="the file must "):
        validate(thing)


def test_what_a_later_version_adds_is_left_alone():
    result = a_result() | {"later": 1}
    result["exercises"][0]["more"] = {}
    assert problems(result) == []


def test_many_problems_are_counted_not_listed():
    exercises = [an_exercise(name, 1.0) | {"points": 0.0} for name in EXERCISES]
    result = a_result(exercises=exercises)
    with pytest.raises(ResultError, match=r"; and \d+ more$") as caught:
        validate(result)
    assert len(str(caught.value)) < 1500


def test_hostile_text_is_written_for_any_reader_and_endless_text_is_cut(tmp_path):
    result = a_result(student=HOSTILE["broken"], message=HOSTILE["long"], notes=[*HOSTILE.values()])
    result["exercises"][0]["items"][0]["example"] = {HOSTILE["broken"]: HOSTILE["control"]}
    path = write_result(result, tmp_path)
    text = path.read_bytes().decode("utf-8")
    assert len(text) < 200_000
    assert not re.search(r"\\u[dD][89a-fA-F]", text)
    again = read_result(path)
    assert again["student"] == "half \ufffd and \ufffd"
    assert again["message"].endswith(" … (10000000 characters, cut)")
    assert HOSTILE["script"] in again["notes"]  # the file keeps what was said; who shows it escapes it


def test_an_invalid_result_is_not_written(tmp_path):
    with pytest.raises(ResultError, match="submission must match"):
        write_result(a_result("../../x"), tmp_path / "out")
    with pytest.raises(ResultError, match="are more than there are"):
        write_result(a_result(score=float("nan")) | {"points": 16.0}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_kill_while_writing_leaves_the_old_result(tmp_path, monkeypatch):
    write_result(a_result(), tmp_path)

    def stopped(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", stopped)
    with pytest.raises(OSError, match="No space"):
        write_result(a_result(message="new"), tmp_path)
    assert read_result(tmp_path / "ada.json")["message"] == ""
    assert [path.name for path in tmp_path.iterdir()] == ["ada.json"]


BROKEN = {
    "half.json": json.dumps(a_result("half"))[:500],
    "empty.json": "",
    "latin.json": b'{"kind": "\xe9"}',
    "deep.json": "[" * 100_000,
    "nan.json": json.dumps(a_result("nan")).replace("0.12", "NaN"),
    "renamed.json": json.dumps(a_result("somebody-else")),
    "list.json": "[]",
    "lines.json": json.dumps(a_result("lines\nbreak")),
}


def test_a_broken_file_is_listed_in_words_and_hides_no_other(tmp_path):
    write_result(a_result("good"), tmp_path)
    for name, content in BROKEN.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "batch.json").write_text('{"kind": "mmlearn-edu grading batch"}')
    (tmp_path / ".hidden.json").write_text("{")
    (tmp_path / "folder.json").mkdir()
    found = read_results(tmp_path)
    assert [result["submission"] for result in found.graded] == ["good"]
    assert {one.path.name for one in found.broken} == set(BROKEN)
    words = {one.path.name: one.words for one in found.broken}
    assert words["half.json"].startswith("it is no JSON: ")
    assert words["nan.json"] == "it is no JSON: NaN is no number of JSON"
    assert words["renamed.json"] == "it holds the result of another hand-in, somebody-else"
    assert all(len(each) < 1000 for each in words.values())


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = write_result(a_result(), tmp_path)
    monkeypatch.setattr("pathlib.Path.read_text", lambda *a, **k: (_ for _ in ()).throw(PermissionError(13, "denied")))
    with pytest.raises(ResultError, match="it cannot be read: denied"):
        read_result(path)
    assert len(read_results(tmp_path).broken) == 1


def test_in_chinese(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    result = copy.deepcopy(a_result(exercises=[an_exercise(name, 1.0) for name in EXERCISES]))
    result["score"] = 3
    with pytest.raises(ResultError, match="各题之和是 16"):
        validate(result)
