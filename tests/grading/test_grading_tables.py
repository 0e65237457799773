"""grades.csv: read by Python and by pandas, one row a hand-in, and no formula in it."""

import csv
import io

import pandas as pd
import pytest

from mmlearn_edu.grading.report import write_reports
from mmlearn_edu.grading.results import write_result
from mmlearn_edu.grading.tables import grades_csv, percent
from tests.grading.a_class import EXERCISES, HOSTILE, a_class, a_result, an_exercise


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_one_row_a_hand_in_one_column_an_exercise():
    results = a_class(40)
    found = rows(grades_csv(results, {results[0]["submission"]: 3}))
    assert [row["submission"] for row in found] == [result["submission"] for result in results]
    assert list(found[0]) == [
        *("student", "submission", "origin", "status", "score", "points", "percent"),
        *EXERCISES,
        *("look", "isolation", "seed", "message"),
    ]
    assert [row["look"] for row in found[:2]] == ["3", "0"]
    for row, result in zip(found, results, strict=True):
        marks = [float(row[name]) for name in EXERCISES if row[name]]
        if result["status"] == "unreadable":
            assert (row["score"], row["percent"], marks) == ("", "", [])
            assert row["message"] == result["message"]
        else:
            assert float(row["score"]) == pytest.approx(sum(marks))
            assert float(row["percent"]) == pytest.approx(100 * result["score"] / 16, abs=0.051)
    assert {row["isolation"] for row in found} == {"namespaces"}
    assert {row["seed"] for row in found} == {"917364528"}


def test_the_file_opens_in_excel_and_in_pandas(tmp_path):
    for result in a_class(8):
        write_result(result, tmp_path)
    (path,) = [path for path in write_reports(tmp_path) if path.name == "grades.csv"]
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfstudent,")
    assert content.count(b"\r\n") == content.count(b"\n") == 9
    table = pd.read_csv(path)
    assert "王伟" in set(table["student"])
    assert table["score"].between(0, 16).all()


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "path"])
def test_hostile_names_stay_one_row_of_text(name):
    result = a_result(student=HOSTILE[name], message=HOSTILE[name], origin=f"\n\r\t {HOSTILE[name]}")
    text = grades_csv([result], {})
    text.encode("utf-8")
    assert len(text.splitlines()) == 2
    assert len(text) < 3000
    assert all(character.isprintable() for character in text.replace("\r\n", "").replace("\ufeff", "", 1))
    (row,) = rows(text)
    for column in ("student", "message", "origin"):
        assert row[column][0] not in "=+-@\t\r＝＋－＠"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", " ="])
def test_a_formula_becomes_text_by_an_apostrophe(first):
    (row,) = rows(grades_csv([a_result(student=f"{first}1+1")], {}))
    assert row["student"] == f"'{first.strip()}1+1"


def test_exercises_that_differ_between_files_all_have_a_column():
    one = a_result("one", exercises=[an_exercise("pca.inverse", 1.0)])
    other = a_result("other", exercises=[an_exercise("pca.center", 0.4)])
    found = rows(grades_csv([one, other], {}))
    assert [(row["pca.inverse"], row["pca.center"]) for row in found] == [("2.0", ""), ("", "0.4")]


def test_no_hand_ins_and_no_points():
    assert grades_csv([], {}).count("\n") == 1
    assert percent(0.0, 0.0) == 0.0
    assert percent(1, 3) == 33.3


def test_what_nobody_judged_is_no_zero_and_says_why():
    refused = {**an_exercise("pca.inverse", 0.0, status="refused"), "notes": ["another version"]}
    (row,) = rows(grades_csv([a_result(exercises=[an_exercise("pca.center", 0.0), refused])], {}))
    assert (row["pca.center"], row["pca.inverse"]) == ("0.0", "")
    assert row["message"] == "pca.inverse: another version"
