"""The real nbgrader and the real otter-grader, each in its own environment, give the marks that we give.

``make peers`` makes the environments; ``MMLEARN_PEERS`` names another folder of them.
"""

import csv
import json
import os
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pytest

from mmlearn_edu.grading.exports import export
from mmlearn_edu.grading.exports.beside import judged

CHAPTER = "08-pca"
ROOT = Path(__file__).parents[2]
PEERS = Path(os.environ.get("MMLEARN_PEERS", ROOT / ".peers"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WRONG = {
    "ex-center": "def center(X):\n    return X - X.mean(axis=1, keepdims=True)",
    "ex-components-for": "def components_for(variances, share):\n"
    '    return int(np.searchsorted(np.cumsum(variances) / np.sum(variances), share, side="right") + 1)',
    "ex-inverse": "def inverse(Z, mean, axes):\n    while True:\n        pass",
    "ex-fit-axes": "fit_axes = use('pca.fit_axes', None)",
    "ex-transform": "del numpy_was_never_here",
    "ex-why-unnoticed": 'answer = "neither"',
}


def answers(name):
    """Return what the wrong hand-in answers, as its code says."""
    scope = {"np": np}
    exec(WRONG[name], scope)
    return scope


def partial_credit():
    """Return what our own judge gives to the wrong answer that is right in part."""
    score = judged("pca.components_for", answers("ex-components-for")["components_for"], 0, "en").score
    assert 0 < score < 2
    return score


def wrong(notebook):
    """Replace six answers: wrong, partly right, endless, the library's, one that raises, a bad letter."""
    for cell in notebook.cells:
        if cell.id in WRONG:
            last = cell.source.splitlines()[-1]
            cell.source = f"{WRONG[cell.id]}\n\n{last}"
    return notebook


EXPECTED = {  # what is left of 17 points in the wrong hand-in; pca.components_for: see partial_credit
    "pca.center": 0,
    "pca.fit_axes": 0,
    "pca.transform": 0,
    "pca.inverse": 0,
    "pca.train_only_fit": 3,
    "pca.turn_axis": 1,
    "pca.fix_article": 3,
    "pca.why_unnoticed": 0,
}


@pytest.fixture
def tool(tmp_path):
    """Run a command of a peer's environment in the folder given; skip the test if there is no such environment."""

    def ran(peer, folder, *arguments):
        home = PEERS / peer / "bin"
        if not (home / peer).exists():
            pytest.skip(f"{peer} is not here; `make peers` makes its environment (or name a folder: MMLEARN_PEERS)")
        own = {"PATH": f"{home}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
        own |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "MMLEARN_LANG": "zh"}
        command = [str(home / "python"), str(home / peer), *map(str, arguments)]
        done = subprocess.run(command, cwd=folder, env=os.environ | own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return ran


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "en")
    return tmp_path / "out"


def hand_ins(out, blank):
    solution = nbformat.read(out / "solution" / f"{CHAPTER}.ipynb", as_version=4)
    untouched = nbformat.read(blank, as_version=4)
    return {"solution": solution, "untouched": untouched, "wrong": wrong(nbformat.from_dict(solution))}


def test_nbgrader_gives_our_marks(out, tool, tmp_path):
    export(CHAPTER, "nbgrader", out)
    tool("nbgrader", out, "generate_assignment", CHAPTER)
    blank = out / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    assert "marks(" not in blank.read_text(encoding="utf-8")
    assert "BEGIN HIDDEN" not in blank.read_text(encoding="utf-8")
    for student, notebook in hand_ins(out, blank).items():
        path = out / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
        path.parent.mkdir(parents=True)
        if student == "wrong":  # what a student deletes is put back
            notebook.cells = [cell for cell in notebook.cells if cell.id != "marks-pca-why_unnoticed"]
        nbformat.write(notebook, path)
    tool("nbgrader", out, "autograde", CHAPTER)
    tool("nbgrader", out, "generate_feedback", CHAPTER)
    tool("nbgrader", out, "export")
    with (out / "grades.csv").open(encoding="utf-8") as file:
        found = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert found["solution"] == (17, 17)
    assert found["untouched"] == (0, 17)
    assert found["wrong"] == (pytest.approx(sum(EXPECTED.values()) + partial_credit()), 17)
    words = (out / "feedback" / "wrong" / CHAPTER / f"{CHAPTER}.html").read_text(encoding="utf-8")
    assert "average over axis 0" in words, "the name of the mistake reaches the student, in the language of the export"
    assert not (tmp_path / "data" / "mmlearn_edu").exists(), "nobody's own progress was written"


def test_otter_gives_our_marks(out, tool, tmp_path):
    export(CHAPTER, "otter", out)
    (name,) = [path.name for path in out.glob("*.whl")]
    command = ["generate", "-t", "tests", "-c", "otter_config.json", "-r", "requirements.txt", "-o", "autograder.zip"]
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert " ".join(["otter", *command, ".mmlearn", name]) in readme
    tool("otter", out, *command, ".mmlearn", name)
    found = {}
    for student, notebook in hand_ins(out, out / "student" / f"{CHAPTER}.ipynb").items():
        path = tmp_path / student / f"{CHAPTER}.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook, path)
        tool("otter", out, "run", "-a", "autograder.zip", "-o", path.parent, path)
        found[student] = json.loads((path.parent / "results.json").read_text(encoding="utf-8"))["tests"]
    marks = {student: {one["name"]: one for one in tests if "score" in one} for student, tests in found.items()}
    assert {name: one["score"] for name, one in marks["solution"].items()} == {
        name: pytest.approx(one["max_score"]) for name, one in marks["solution"].items()
    }
    assert sum(one["max_score"] for one in marks["solution"].values()) == pytest.approx(17)
    assert {one["score"] for one in marks["untouched"].values()} == {0}
    expected = EXPECTED | {"pca.components_for": partial_credit()}
    scores = {name: one["score"] for name, one in marks["wrong"].items()}
    assert scores == {name.replace(".", "_"): pytest.approx(points, abs=1e-4) for name, points in expected.items()}
    assert "average over axis 0" in marks["wrong"]["pca_center"]["output"]
    assert not (tmp_path / "data" / "mmlearn_edu").exists(), "nobody's own progress was written"
