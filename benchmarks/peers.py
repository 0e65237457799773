"""The same class, graded by nbgrader and by Otter-Grader: plain questions, as their own documentation shows them.

Both get a few plain assertions a question, and the hand-ins in two forms: whole, as they were handed in, without our
`check` lines; and the kindest we could think of, only the cells that answer a question, with no demonstrations and no
imports of ours. nbgrader runs `nbgrader autograde`, one notebook after the other, since
it has no other way. Otter's `otter grade` needs Docker; its documentation offers `otter run` and
`otter.api.grade_submission` without. The latter spares a process for every hand-in, so we take that, half of the class
in each of two processes.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from classroom import ROOT, HandIn

CHAPTER = "08-pca"
SET_UP = """import numpy as np

# A cloud with its first axis at 136 degrees, like the one of the chapter.
turned = np.radians(136)
turn = np.array([[np.cos(turned), np.sin(turned)], [-np.sin(turned), np.cos(turned)]])
halves = np.random.default_rng(0).normal(size=(150, 2))
halves = 90 + np.linalg.qr(halves - halves.mean(axis=0))[0] * [300, 90] @ turn
"""
# The first line of a test draws its data; every other line must be true.
CLOUD = "X = np.random.default_rng(1).normal(3, [5, 3, 2, 1], (30, 4))"
AXES = "mean, axes = X.mean(axis=0), np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:2]"
TESTS = {
    "pca.center": [CLOUD, "np.allclose(center(X), X - X.mean(axis=0))", "np.allclose(center(X[:3]).mean(axis=0), 0)"],
    "pca.fit_axes": [
        f"{CLOUD}; {AXES}",
        "np.allclose(np.abs(np.sum(fit_axes(X, 2)[0] * axes, axis=1)), 1)",
        "np.allclose(fit_axes(X, 2)[1], np.var((X - mean) @ axes.T, axis=0, ddof=1))",
    ],
    "pca.transform": [f"{CLOUD}; {AXES}", "np.allclose(transform(X[:7], mean, axes), (X[:7] - mean) @ axes.T)"],
    "pca.inverse": [f"{CLOUD}; {AXES}", "np.allclose(inverse(X[:7, :2], mean, axes), X[:7, :2] @ axes + mean)"],
    "pca.components_for": [
        "v = np.array([6.0, 3.0, 1.0])",
        "components_for(v, 0.9) == 2",
        "components_for(v, 0.91) == 3",
        "components_for(v, 0.5) == 1",
        "components_for(v, 1.0) == 3",
    ],
    "pca.train_only_fit": [
        f"{CLOUD}; {AXES}",
        "np.allclose(np.abs(train_only_fit(X, X[:7] + 1, 2)[0]), np.abs((X - mean) @ axes.T))",
        "np.allclose(np.abs(train_only_fit(X, X[:7] + 1, 2)[1]), np.abs((X[:7] + 1 - mean) @ axes.T))",
    ],
    "pca.turn_axis": ["pass", "abs((angle - 136 + 90) % 180 - 90) <= 3"],
    "pca.fix_article": [
        f"{CLOUD}; {AXES}",
        "np.allclose(np.abs(article_pca(X, 2)[0]), np.abs((X - mean) @ axes.T))",
        "np.isclose(article_pca(X, 2)[1], np.var((X - mean) @ axes.T, axis=0).sum() / X.var(axis=0).sum())",
    ],
    "pca.why_unnoticed": ["pass", "answer == 'a'"],
}


def cells_of(notebook: dict[str, Any], whole: bool) -> list[dict[str, Any]]:
    """Return the code cells a peer gets: all of them, or a short set-up, the answers, and what the learner added."""
    cells = [] if whole else [_code("set-up", SET_UP)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and (whole or cell["metadata"] or cell["id"].startswith("own-")):
            source = "".join(cell["source"]).split("\n\ncheck(")[0]
            cells.append(_code(cell["id"], source, cell["metadata"].get("mmlearn_edu", {}).get("exercise")))
    return cells


def nbgrader(python: Path, hand_ins: list[HandIn], folder: Path, whole: bool) -> tuple[float, list[float]]:
    """Return the seconds of `nbgrader autograde` on the class, and its marks."""
    tool = [str(python.with_name("nbgrader"))]
    given = json.loads((ROOT / "notebooks" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))
    _write(folder / "source" / CHAPTER / "plain.ipynb", _with_tests(cells_of(given, whole)))
    _run([*tool, "generate_assignment", CHAPTER, "--create"], folder)
    for number, hand_in in enumerate(hand_ins):
        path = folder / "submitted" / f"learner-{number}" / CHAPTER / "plain.ipynb"
        _write(path, _with_tests(cells_of(hand_in.notebook, whole)))
    seconds = _run([*tool, "autograde", CHAPTER, "--create"], folder)
    _run([*tool, "export", "--to", "marks.csv"], folder)
    lines = [line.split(",") for line in (folder / "marks.csv").read_text(encoding="utf-8").splitlines()]
    who, score = lines[0].index("student_id"), lines[0].index("score")
    marks = {line[who]: float(line[score]) for line in lines[1:]}
    return seconds, [marks[f"learner-{number}"] for number in range(len(hand_ins))]


def otter(python: Path, hand_ins: list[HandIn], folder: Path, whole: bool) -> tuple[float, list[float]]:
    """Return the seconds of Otter on the class, half of it in each of two processes, and its marks."""
    (folder / "tests").mkdir(parents=True)
    for exercise, test in TESTS.items():
        (folder / "tests" / f"{exercise.replace('.', '_')}.py").write_text(
            _otter_test(exercise, test), encoding="utf-8"
        )
    (folder / "otter_config.json").write_text('{"pdf": false}', encoding="utf-8")
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    tool = str(python.with_name("otter"))
    _run(
        [tool, "generate", "-t", "tests", "-c", "otter_config.json", "-o", "autograder.zip", "--no-environment"], folder
    )
    for number, hand_in in enumerate(hand_ins):
        _write(folder / f"learner-{number}.ipynb", cells_of(hand_in.notebook, whole))
    halves = [[f"learner-{n}.ipynb" for n in range(start, len(hand_ins), 2)] for start in (0, 1)]
    start = time.perf_counter()
    running = [_start([str(python), "-W", "ignore", "-c", OTTER, *half], folder) for half in halves]
    if sum([process.wait() for process in running]):
        sys.exit("otter did not get through the class")
    seconds = time.perf_counter() - start
    return seconds, [
        json.loads((folder / f"learner-{n}.json").read_text(encoding="utf-8")) for n in range(len(hand_ins))
    ]


OTTER = """
import json, sys
from pathlib import Path
from otter.api import grade_submission
for name in sys.argv[1:]:
    results = grade_submission(name, "autograder.zip", quiet=True)
    Path(name).with_suffix(".json").write_text(json.dumps(results.total))
"""


def _with_tests(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the answers nbgrader's marks, and put a test after each."""
    made = []
    for cell in cells:
        exercise = cell["metadata"].pop("exercise", None)
        made.append(cell)
        if exercise:
            draw, *truths = TESTS[exercise]
            source = "\n".join([draw, *(f"assert {truth}" for truth in truths)])
            facts = {"schema_version": 3, "task": False}
            cell["metadata"]["nbgrader"] = facts | {
                "grade_id": cell["id"],
                "grade": False,
                "solution": True,
                "locked": False,
            }
            test = _code(f"test-{cell['id']}", source)
            test["metadata"]["nbgrader"] = facts | {
                "grade_id": test["id"],
                "grade": True,
                "solution": False,
                "locked": True,
                "points": 1,
            }
            made.append(test)
    return made


def _otter_test(exercise: str, test: list[str]) -> str:
    draw, *truths = test
    code = f">>> {draw}\n" + "".join(f">>> bool({truth})\nTrue\n" for truth in truths)
    case = {"code": code, "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return f"OK_FORMAT = True\ntest = {{'name': {exercise!r}, 'points': 1, 'suites': [{suite!r}]}}\n"


def _code(name: str, source: str, exercise: str | None = None) -> dict[str, Any]:
    metadata = {"exercise": exercise} if exercise else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _write(path: Path, cells: list[dict[str, Any]]) -> None:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _start(command: list[str], folder: Path) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=_environment(Path(command[0])), stdout=quiet, stderr=quiet)


def _environment(tool: Path) -> dict[str, str]:
    """Return the variables with which a tool finds its own neighbours, and a notebook this package."""
    here = {"PATH": f"{tool.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **here, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}


def _run(command: list[str], folder: Path) -> float:
    """Run a tool of an environment, which finds its own neighbours first, and return the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=_environment(Path(command[0]))
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return time.perf_counter() - start
