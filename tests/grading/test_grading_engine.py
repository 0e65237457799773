"""One hand-in through the whole engine, at every level this machine offers."""

import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

import mmlearn_edu
from mmlearn_edu._resources import resource
from mmlearn_edu.grading.engine import Grader
from mmlearn_edu.grading.judging import Judging
from mmlearn_edu.grading.sandbox import IsolationError, Limits, choose, launch, levels
from mmlearn_edu.grading.submission import Cell, Submission, read_submission

RIGHT = 'def center(X):\n    return X - X.mean(axis=0)\n\ncheck("pca.center", center)'
WRONG = RIGHT.replace("axis=0", "axis=1, keepdims=True")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")
OFFERED = [level.name for level in levels() if not level.missing]


@pytest.fixture(scope="module", params=OFFERED)
def grader(request):
    with Grader("08-pca", seed=1, isolation=request.param, limits=Limits(cell=3, submission=60)) as made:
        yield made


def handed_in(*cells, **facts):
    every = {"versions": {}, "chapter": "08-pca", "kernel": "python3", "language": "python", "notes": ()}
    named = {"name": "a", "student": "A", "origin": "a.ipynb", "sha256": "0" * 64}
    return Submission(cells=tuple(cells), **{**every, **named, **facts})


def row(result, exercise="pca.center"):
    return next(one for one in result["exercises"] if one["id"] == exercise)


def test_the_solution_gets_every_point(grader):
    data = resource("notebooks", "solutions", "08-pca.ipynb").read_bytes()
    result = grader.grade(read_submission(data, "s", "S", "s.ipynb"))
    assert result["status"] == "graded"
    assert result["score"] == result["points"] == 17
    assert result["isolation"]["level"] == grader.level.name


def test_the_untouched_hand_out_gets_none_and_starts_nothing(grader):
    data = resource("notebooks", "08-pca.ipynb").read_bytes()
    result = grader.grade(read_submission(data, "s", "S", "s.ipynb"))
    assert {one["status"] for one in result["exercises"]} == {"not attempted"}
    assert result["score"] == 0
    assert not result["look"]


def test_a_mistake_is_named_as_in_the_notebook(grader):
    found = row(grader.grade(handed_in(Cell("c", WRONG))))
    assert found["diagnosis"] == ["centred-rows"]
    assert found["messages"]
    assert found["score"] < 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("while True: pass", "hung"),
        ("import os; os._exit(3)", "died"),
        ("raise SystemExit", "raised"),
    ],
)
def test_what_breaks_one_exercise_leaves_the_others_alone(grader, code, kind):
    broken = Cell("b", f'def transform(X, mean, axes): return X\n{code}\ncheck("pca.transform", transform)')
    result = grader.grade(handed_in(broken, Cell("c", RIGHT)))
    assert row(result)["score"] == 1
    assert row(result, "pca.transform")["status"] == "failed"
    assert [event["kind"] for event in result["events"]] == [kind]


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import os; os._exit(3)", ["exit code 3", "cut its line"]),  # which of both is seen, depends on who is first
        ("import os, time; os.closerange(3, 200); time.sleep(60)", ["cut its line"]),
        ("import os; os.abort()", ["SIGABRT", "cut its line"]),
    ],
)
def test_a_process_that_ends_says_what_to_look_for(grader, code, how):
    dying = f'def transform(X, mean, axes):\n    {code}\ncheck("pca.transform", transform)'
    (words, *_) = [event["words"] for event in grader.grade(handed_in(Cell("b", dying)))["events"]]
    assert any(part in words for part in how)
    assert words.endswith("look there for what ends Python, or takes much memory")
    assert "stopped" not in words


def test_a_call_that_hangs_or_dies_costs_its_exercise_only(grader):
    for body in ("while True: pass", "import os; os._exit(1)"):
        mean = f'def transform(X, mean, axes):\n    {body}\ncheck("pca.transform", transform)'
        result = grader.grade(handed_in(Cell("b", mean), Cell("c", RIGHT)))
        assert row(result)["score"] == 1
        assert row(result, "pca.transform")["score"] == 0
        assert result["look"]


def test_another_version_is_refused_in_words(grader):
    result = grader.grade(handed_in(Cell("c", RIGHT), versions={"pca.center": 7}))
    assert row(result)["status"] == "refused"
    assert "version 7" in row(result)["notes"][0]
    assert row(result)["handed_in_version"] == 7


def test_the_library_is_not_handed_out(grader):
    for code in ('center = use("pca.center", None)', "from mmlearn_edu.exercises.ch08_pca import center"):
        result = grader.grade(handed_in(Cell("c", f'{code}\ncheck("pca.center", center)')))
        assert row(result)["score"] == 0
        assert row(result)["status"] == "failed"


def test_the_same_seed_gives_the_same_marks_and_another_other_inputs(grader):
    cells = (Cell("c", WRONG),)
    once, again = (grader.grade(handed_in(*cells)) for _ in range(2))
    assert row(once)["items"] == row(again)["items"]


def test_a_sandbox_that_breaks_is_started_anew(grader):
    grader.sandbox().process.kill()
    assert row(grader.grade(handed_in(Cell("c", RIGHT))))["score"] == 1


def test_an_exercise_that_breaks_every_sandbox_costs_itself_only(grader, monkeypatch):
    judged = Judging.verdict

    def breaks(judging, exercise, work):
        if exercise.id == "pca.transform":
            grader.sandbox().process.kill()
            raise IsolationError("for a test")
        return judged(judging, exercise, work)

    monkeypatch.setattr(Judging, "verdict", breaks)
    other = Cell("t", 'def transform(X, mean, axes):\n    return X\ncheck("pca.transform", transform)')
    result = grader.grade(handed_in(Cell("c", RIGHT), other))
    assert row(result)["score"] == 1
    assert row(result, "pca.transform")["status"] == "checker problem"
    assert "broke down twice (for a test)" in result["look"][0]


def test_most_answers_run_in_a_copy_of_a_process_that_holds_little(grader):
    light = grader.sandbox()
    assert grader.sandbox({"numpy.linalg", "os.path", "mmlearn_edu.checks"}) is light
    data = grader.sandbox({"numpy", "mmlearn_edu.datasets", "mmlearn_edu.widgets.axis"})
    full = grader.sandbox({"numpy", "sklearn.decomposition"})
    assert len({light, data, full}) == 3


def test_a_level_that_is_missing_is_refused(monkeypatch):
    from mmlearn_edu.grading.sandbox import isolation as module

    monkeypatch.setattr(module, "level", lambda name: module.Level(name, missing="for a test"))
    with pytest.raises(IsolationError, match=r"bubblewrap is asked for.*for a test"):
        choose("bubblewrap")
    with pytest.raises(IsolationError, match="no level of isolation works"):
        choose()
    with pytest.raises(IsolationError, match="no level of isolation 'jail'"):
        choose("jail")


def test_limits_are_above_zero():
    with pytest.raises(ValueError, match="cell=0 is not above 0"):
        Limits(cell=0)


def test_a_notebook_with_commands_of_its_own(grader):
    cells = (Cell("m", "%matplotlib inline\n!ls /\nimport numpy as np"), Cell("c", "%%time\n" + RIGHT))
    assert row(grader.grade(handed_in(*cells)))["score"] == 1


def test_nbformat_writes_what_we_read(grader):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(RIGHT)])
    read = read_submission(nbformat.writes(notebook).encode(), "n", "N", "n.ipynb")
    assert row(grader.grade(read))["score"] == 1


def test_a_file_of_its_own_can_be_written_and_is_gone_for_the_next(grader):
    write = "import tempfile, os\nwith open(os.path.join(tempfile.gettempdir(), 'mine'), 'w') as f:\n    f.write('x')\n"
    found = "import tempfile, os\nassert not os.path.exists(os.path.join(tempfile.gettempdir(), 'mine'))\n"
    for code in (write, found):
        assert row(grader.grade(handed_in(Cell("c", code + RIGHT))))["score"] == 1


def test_answers_that_differ_in_names_and_layout_have_one_fingerprint(grader):
    other = RIGHT.replace("X", "cloud").replace("return", "# the mean of each column\n    return")
    prints = {row(grader.grade(handed_in(Cell("c", code))))["fingerprint"] for code in (RIGHT, other)}
    assert len(prints) == 1
    assert "" not in prints


@pytest.mark.parametrize("level", [name for name in OFFERED if name != "processes"])
def test_a_package_below_tmp_is_not_hidden_by_the_private_folder(level):
    place = Path(tempfile.mkdtemp(dir="/tmp"))  # wherever pytest keeps its folders
    place.chmod(0o755)
    shutil.copytree(
        Path(mmlearn_edu.__file__).parent, place / "mmlearn_edu", ignore=shutil.ignore_patterns("__pycache__")
    )
    (place / "datasets").symlink_to(resource("datasets"))
    code = (
        "import mmlearn_edu.grading.sandbox.isolation as i, mmlearn_edu\n"
        f"print([one.name for one in i.levels() if not one.missing], mmlearn_edu.__file__.startswith({str(place)!r}))"
    )
    try:
        here = {**os.environ, "PYTHONPATH": str(place)}
        told = subprocess.run([sys.executable, "-c", code], env=here, cwd=place, capture_output=True, text=True)
    finally:
        shutil.rmtree(place)
    assert f"'{level}'" in told.stdout
    assert "True" in told.stdout


def test_a_cache_that_nobody_may_read_is_none(monkeypatch):
    def refused(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(launch.os, "listdir", refused)
    assert launch._fonts() == ""


def test_a_cell_that_could_not_be_read_once_is_read_again_and_before_those_of_the_hand_in():
    with Grader("08-pca", seed=0) as grader:
        ours = grader.handout.cells[0].source
        grader.facts(["# mine", ours], {"# mine": {}, ours: {"problem": "slow"}})
        assert grader.unknown(["# mine", ours]) == [ours, "# mine"]
        grader.facts([ours], {ours: {"binds": []}})
        assert grader.unknown(["# mine", ours]) == ["# mine"]


def test_who_took_longer_than_the_limit_says_so(grader):
    submission = handed_in(Cell("ex-center", RIGHT, "pca.center"))
    judging = Judging(grader, submission, math.inf)
    judging.judge_all()
    for seconds, look in ((59.0, []), (90.0, ["it took 90 s, more than the 60 s for a whole hand-in"])):
        assert grader._result(submission, judging, seconds)["look"] == look
