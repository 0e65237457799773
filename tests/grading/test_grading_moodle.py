"""Back to Moodle: whose mark and page they are, as Moodle's own importers would read it."""

import csv
import io
import zipfile

import pytest

from mmlearn_edu.grading.collect import collect
from mmlearn_edu.grading.moodle import by_participant, worksheet
from mmlearn_edu.grading.report import write_reports
from mmlearn_edu.grading.results import write_result
from tests.grading.a_class import HOSTILE, a_result, an_exercise
from tests.grading.conftest import a_notebook

FOLDER = "Noether Emmy_1234567_assignsubmission_file_"


def moodle_reads(table):
    """Return participant -> (mark, time of the last one), as ``importgradeslib.php`` finds them."""
    rows = [*csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline=""))]
    found = {row["Identifier"][len("Participant ") :]: (row["Grade"], row["Last modified (grade)"]) for row in rows}
    assert len(found) == len(rows), "of two rows of one participant, Moodle takes the last"
    return found


def moodle_finds(path, participants):
    """Return the participant and the file that ``importziplib.php`` makes of a path in the zip."""
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if (
            len(info) == 5 and info[1].isdecimal() and info[1] in participants
        ):  # 5 before Moodle 4.1, 4 are enough since
            assert info[2:4] == ["assignsubmission", "file"]
            return info[1], "/".join([info[4], *parts])
    return None


def from_moodle(submission, place, **changes):
    return a_result(submission, origin=f"downloads/{place}", **changes)


def a_download():
    half = an_exercise("pca.center", 0.4)
    return [
        from_moodle("emmy", f"{FOLDER}/08-pca.ipynb", exercises=[half], score=0.4),
        from_moodle("王芳", "class.zip!王芳_1234568_assignsubmission_file/a/b.ipynb", exercises=[half], score=0.4),
        from_moodle("hidden", "Participant_77_assignsubmission_file_08-pca.ipynb"),
        from_moodle("old", "Li Na_78_assignsubmission_file_/old.ipynb"),
        from_moodle("new", "Li Na_78_assignsubmission_file_/new.ipynb"),
        from_moodle("torn", "=Kurt_79_assignsubmission_file_/x.ipynb", exercises=[], score=0.0, status="unreadable"),
        from_moodle("slow", "Kim_80_assignsubmission_file_/x.ipynb", status="stopped", message="slow"),
        from_moodle("by-hand", "Li_Na_2_81_assignsubmission_file_/x.ipynb", status="stopped", message="slow"),
        from_moodle("loose", "ada.ipynb"),
        from_moodle("team", "Default group_assignsubmission_file_/x.ipynb"),
    ]


def test_moodle_gives_every_mark_to_the_right_participant():
    found = moodle_reads(worksheet(by_participant(a_download())))
    assert {name: mark for name, (mark, _) in found.items()} == {
        "1234567": "0.4",
        "1234568": "0.4",
        "77": "16",
        "78": "",  # two hand-ins: the teacher chooses
        "79": "",  # no zero
        "80": "",  # not graded to its end
        "81": "",
    }
    assert {time for _, time in found.values()} == {"-"}


def test_a_person_sees_why_there_is_no_mark_and_no_formula():
    rows = {row["Full name"]: row for row in csv.DictReader(io.StringIO(worksheet(by_participant(a_download()))))}
    assert rows["Li Na"]["Hand-ins"] == "old (graded) + new (graded)"
    assert rows["'=Kurt"]["Hand-ins"] == "torn (unreadable)"
    assert {row["Maximum grade"] for row in rows.values()} == {"16"}


def test_moodle_gives_every_page_to_its_own_student_alone(tmp_path):
    for result in a_download():
        write_result(result | {"student": f"Only {result['submission']}"}, tmp_path)
    written = [path.name for path in write_reports(tmp_path)]
    assert written[3:] == ["grades_for_moodle.csv", "feedback_for_moodle.zip", "feedback"]
    numbers = moodle_reads((tmp_path / "grades_for_moodle.csv").read_text("utf-8"))
    with zipfile.ZipFile(tmp_path / "feedback_for_moodle.zip") as archive:
        found = {moodle_finds(name, numbers): archive.read(name).decode() for name in archive.namelist()}
        assert f"{FOLDER}/emmy.html" in archive.namelist(), "the folder is called as in the download"
        assert archive.testzip() is None
    pages = {
        "1234567": ["emmy"],
        "1234568": ["王芳"],
        "77": ["hidden"],
        "78": ["old", "new"],
        "79": ["torn"],
        "80": ["slow"],
        "81": ["by-hand"],
    }
    assert set(found) == {(number, f"/{name}.html") for number, names in pages.items() for name in names}
    for (_, name), page in found.items():
        assert f"Only {name[1:].removesuffix('.html')}" in page
        assert page.count("Only ") == 1


def test_the_same_results_make_the_same_files(tmp_path):
    for result in a_download():
        write_result(result, tmp_path)
    first = {path: path.read_bytes() for path in write_reports(tmp_path) if path.is_file()}
    assert {path: path.read_bytes() for path in write_reports(tmp_path) if path.is_file()} == first


def test_what_is_not_from_moodle_gets_no_files_for_it(tmp_path):
    write_result(from_moodle("canvas", "doejane_LATE_12345_67890_08-pca-2.ipynb"), tmp_path)
    write_reports(tmp_path)
    assert not [*tmp_path.glob("*moodle*")]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_one_row_and_one_folder(name, tmp_path):
    student = HOSTILE[name].encode("utf-8", "replace").decode()[:200]
    write_result(from_moodle("someone", f"{student}_12_assignsubmission_file_/nb.ipynb"), tmp_path)
    write_reports(tmp_path)
    assert moodle_reads((tmp_path / "grades_for_moodle.csv").read_text("utf-8")) == {"12": ("16", "-")}
    with zipfile.ZipFile(tmp_path / "feedback_for_moodle.zip") as archive:
        (path,) = archive.namelist()
    assert moodle_finds(path, {"12"}) == ("12", "/someone.html")


def test_the_origins_of_a_real_download_are_understood(tmp_path):
    """A path that is longer than what is kept of it loses its end, its middle, but never digits of the number."""
    names = ["Wang Fang_1234567_assignsubmission_file_", f"{'Long' * 40}_1234568_assignsubmission_file_"]
    for name in names:
        (tmp_path / "deep" / name).mkdir(parents=True)
        (tmp_path / "deep" / name / f"{'x' * 200}.ipynb").write_bytes(a_notebook("a = 1"))
    results = [a_result(one.name, one.student, origin=one.origin) for one in collect([tmp_path / "deep"], "08-pca")]
    assert set(by_participant(results)) <= {"1234567", "1234568"}
    assert "1234567" in by_participant(results)


@pytest.mark.parametrize("status", ["refused", "checker problem"])
def test_a_hand_in_with_an_exercise_that_nobody_judged_gets_no_mark(status):
    exercises = [an_exercise("pca.center", 1.0), an_exercise("pca.inverse", 0.0, status=status)]
    late = from_moodle("late", "Lou_82_assignsubmission_file_/x.ipynb", exercises=exercises)
    assert moodle_reads(worksheet(by_participant([late])))["82"][0] == ""
