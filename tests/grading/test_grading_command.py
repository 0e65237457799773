"""``mmlearn-edu grade``: what it prints, what it answers, and that it never ends in a traceback."""

import fcntl
import json
import os
import pty
import subprocess
import sys
import time
from functools import partial

import pytest

from mmlearn_edu.grading import batch
from mmlearn_edu.grading.results import read_result
from tests.grading.conftest import CHAPTER, FakeGrader, FakeLimits, a_notebook


@pytest.fixture
def run(command, monkeypatch):
    """Run the command with the grader that only looks like one."""
    monkeypatch.setattr(batch, "_tools", lambda grader, limits, isolation: (FakeGrader, FakeLimits()))
    return partial(command, "grade")


@pytest.fixture
def class_(tmp_path):
    """A folder with the hand-ins of three."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("anna", "boris", "王小明"):
        (folder / f"{name}.ipynb").write_bytes(a_notebook(f"answer = {name!r}"))
    return folder


def test_a_class(run, class_, tmp_path):
    code, out, err = run("class", "--chapter", CHAPTER, "--out", "results", "--seed", "5")
    assert code == 0
    assert len(err.splitlines()) == 3
    for words in (
        "3 files, 3 rows: 3 graded, 0 unreadable, 0 stopped",
        "mean score 0.",
        "isolation: processes\n  does not defend against: reading files",
        "seed 5 (the same seed",
        f"report: {tmp_path / 'results' / 'report.html'}",
    ):
        assert words in out
    assert read_result(tmp_path / "results" / "王小明.json")["status"] == "graded"


@pytest.mark.parametrize(("language", "words"), [("en", "to upload to Moodle: "), ("zh", "可上传到 Moodle：")])
def test_what_to_upload_after_a_download_of_moodle(run, tmp_path, language, words, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    folder = tmp_path / "class" / "王 芳_1234567_assignsubmission_file_"
    folder.mkdir(parents=True)
    (folder / f"{CHAPTER}.ipynb").write_bytes(a_notebook("1"))
    code, out, _ = run("class", "--chapter", CHAPTER, "--out", "results")
    told = [line.removeprefix(words) for line in out.splitlines() if line.startswith(words)]
    assert (code, told) == (
        0,
        [str(tmp_path / "results" / name) for name in ("grades_for_moodle.csv", "feedback_for_moodle.zip")],
    )


def test_json_and_nothing_else(run, class_):
    (class_ / "broken.ipynb").write_text("{")
    code, out, err = run("class", "--chapter", CHAPTER, "--out", "results", "--json")
    facts = json.loads(out)
    assert (code, err) == (0, "")
    assert (facts["ok"], facts["files"], facts["rows"], facts["statuses"]) == (
        True,
        4,
        4,
        {"graded": 3, "unreadable": 1},
    )
    assert facts["isolation"] == [{"level": "processes", "does_not_defend": ["reading files"]}]
    assert isinstance(facts["seed"], int)


def test_resume_in_words(run, class_):
    run("class", "--chapter", CHAPTER, "--out", "results", "--seed", "5")
    code, _, err = run("class", "--chapter", CHAPTER, "--out", "results")
    assert (code, "add --resume to go on with it" in err) == (2, True)
    code, _, err = run("class", "--out", "results", "--resume", "--seed", "6")
    assert (code, "--seed 6 is not that of the run" in err) == (2, True)
    (class_ / "anna.ipynb").write_bytes(a_notebook("better = 1"))
    code, out, err = run("class", "--out", "results", "--resume")
    assert code == 0
    assert "the file of anna has changed since it was graded" in out
    assert "2 of them were there already and were kept" in out
    assert len(err.splitlines()) == 1


def test_results_inside_the_folder_that_is_graded(run, class_, tmp_path):
    for resume in ([], ["--resume"]):
        code, out, _ = run("class", "--chapter", CHAPTER, "--out", class_ / "results", *resume)
        assert (code, "3 files, 3 rows" in out) == (0, True)
    (class_ / "results" / "deep").mkdir()
    (class_ / "results" / "deep" / "x.ipynb").write_bytes(a_notebook("1"))
    assert "3 files, 3 rows" in run(tmp_path, "--out", class_ / "results", "--resume")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say what to grade and where the results go"),
        (["class"], "say what to grade and where the results go"),
        (["class", "--out", "results"], "say which chapter was handed in, for instance --chapter 08-pca"),
        (["class", "--out", "results", "--chapter", "08-pac"], "did you mean 08-pca"),
        (["clas", "--out", "results", "--chapter", CHAPTER], "clas"),
        (["class", "--out", "results", "--chapter", CHAPTER, "--seed", "-1"], "'-1' is no seed; give a whole"),
        (["class", "--out", "results", "--chapter", CHAPTER, "--seed", "x"], "'x' is no seed; give a whole"),
        (
            ["class", "--out", "results", "--chapter", CHAPTER, "--jobs", "0"],
            "'0' is no number of processes; give a whole",
        ),
        (["class", "--out", "class", "--chapter", CHAPTER], "class holds other things (anna.ipynb, boris.ipynb"),
        (["class", "--out", "class/anna.ipynb", "--chapter", CHAPTER], "anna.ipynb: "),
        (["nobody", "--out", "results", "--chapter", CHAPTER], "there is nothing to grade"),
    ],
)
def test_wrong_use(run, class_, tmp_path, arguments, words):
    (tmp_path / "nobody").mkdir()
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not (tmp_path / "results").exists()


def test_one_that_the_grader_gave_up_is_told_by_name_and_exit_code(run, class_):
    (class_ / "cleo.ipynb").write_bytes(a_notebook("crash"))
    code, out, _ = run("class", "--chapter", CHAPTER, "--out", "results")
    assert code == 1
    assert "4 files, 4 rows: 3 graded, 0 unreadable, 1 stopped" in out
    assert "the grader gave up on: cleo" in out
    assert "one needs a human look" in out


def test_isolation_of_this_machine(run):
    code, out, _ = run("--show-isolation")
    assert out.startswith("Isolation on this machine, best first:\nbubblewrap: ")
    levels = json.loads(run("--show-isolation", "--json")[1])["levels"]
    assert [level["level"] for level in levels] == ["bubblewrap", "namespaces", "processes"]
    assert code == (1 if all(level["missing"] for level in levels) else 0)


SCRIPT = """
import sys
from mmlearn_edu import cli
from mmlearn_edu.grading import batch
from tests.grading.conftest import FakeGrader, FakeLimits

batch._tools = lambda grader, limits, isolation: (FakeGrader, FakeLimits())
sys.exit(cli.main(sys.argv[1:]))
"""


def test_ctrl_c_on_a_terminal_says_how_to_go_on(class_, tmp_path):
    """The terminal sends it to everybody in the foreground; the workers leave it to the main process."""
    (class_ / "zoe.ipynb").write_bytes(a_notebook("hang"))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SCRIPT, "grade", "class", "--chapter", CHAPTER, "--out", "results", "--jobs", "2"]
    lead = partial(fcntl.ioctl, theirs, 0x540E, 0)  # TIOCSCTTY: our terminal, so that its Ctrl-C arrives
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "MMLEARN_LANG": "en", "COLUMNS": "100"}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True, preexec_fn=lead,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    until = time.monotonic() + 60
    while b"3/4" not in shown and time.monotonic() < until:
        shown += os.read(ours, 1000)
    os.write(ours, b"\x03")
    assert process.wait(30) == 1
    os.set_blocking(ours, False)
    try:
        while more := os.read(ours, 1000):
            shown += more
    except OSError:  # nothing is left, or the other side has closed
        pass
    assert b"stopped after 3 of 4 hand-ins. They are kept in results: run the same command with --resume" in shown
    assert b"Traceback" not in shown
    assert b"\r\x1b[K[" in shown
