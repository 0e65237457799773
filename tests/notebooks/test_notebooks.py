"""Every notebook, top to bottom, without a network: nothing raises, and every solution passes its checks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mmlearn_edu.authoring import check_notebook
from mmlearn_edu.authoring.kernel import run_notebook
from mmlearn_edu.checks import registry

ROOT = Path(__file__).parents[2]
LEARNER = {slug: ROOT / "notebooks" / f"{slug}.ipynb" for slug in registry.notebook_ids()}
SOLUTION = {slug: ROOT / "notebooks" / "solutions" / f"{slug}.ipynb" for slug in registry.notebook_ids()}


VERDICT = "application/vnd.mmlearn.verdict+json"
LIMIT = 300  # seconds for a cell: a busy machine is no failure
FIRST, *OTHERS = registry.chapter_ids()


def but_slow(slugs):
    """Parametrize by what is executed in another way above: `make test` stays short, `make test-full` is thorough."""
    return [pytest.param(slug, marks=pytest.mark.slow) for slug in slugs]


pytestmark = pytest.mark.notebook


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Give the processes started here this checkout, no network, and a progress file of their own."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent / "no_network"), str(ROOT)]))
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def run(*command):
    return subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False)


def test_the_block_holds(offline):
    tried = run("-c", "import urllib.request as r; r.urlopen('http://example.org', timeout=5)")
    assert "this test has no network, and something asked for example.org" in tried.stderr


@pytest.mark.parametrize("slug", LEARNER)
def test_an_untouched_notebook_runs_and_asks_for_every_answer(slug, offline):
    """Nothing raises, nothing is printed to stderr, and every exercise reads as not attempted."""
    notebook = nbformat.read(LEARNER[slug], as_version=4)
    assert run_notebook(notebook, LEARNER[slug].parent, LIMIT)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert [one for one in outputs if one.output_type == "error" or one.get("name") == "stderr"] == []
    verdicts = [one.data[VERDICT] for one in outputs if VERDICT in one.get("data", {})]
    asked = dict.fromkeys([exercise.id for exercise in registry.exercises(slug)], "not attempted")
    assert {verdict["id"]: verdict["status"] for verdict in verdicts} == asked


@pytest.mark.parametrize("slug", SOLUTION)
def test_every_solution_passes(slug, offline):
    versions = {exercise.id: exercise.version for exercise in registry.exercises(slug)}
    report = check_notebook(SOLUTION[slug], versions, LIMIT)
    assert report.errors == []
    assert report.passed, report
    assert report.exercises == {exercise.id: "passed" for exercise in registry.exercises(slug)}


@pytest.mark.parametrize("slug", ["90-gallery", *but_slow(registry.chapter_ids())])
@pytest.mark.parametrize(
    "files", [pytest.param(LEARNER, id="learner"), pytest.param(SOLUTION, marks=pytest.mark.slow, id="solution")]
)
def test_no_cell_raises_with_nbval(files, slug, offline, tmp_path):
    """As somebody else runs notebooks: a pytest run of its own; in `make test` of the learner's gallery."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    limits = ["--nbval-cell-timeout=60", "--nbval-kernel-startup-timeout=120"]
    done = run("-m", "pytest", "-q", "-c", tmp_path / "pytest.ini", "--nbval-lax", *limits, files[slug])
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    cells = [cell for cell in nbformat.read(files[slug], as_version=4).cells if cell.cell_type == "code"]
    assert f"{len(cells)} passed" in done.stdout


@pytest.mark.parametrize("slug", [FIRST, *but_slow(OTHERS)])
def test_the_command_finds_an_untouched_notebook_not_attempted(slug, offline):
    done = run("-m", "mmlearn_edu", "check", "--json", LEARNER[slug])
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert (done.returncode, report["errors"]) == (1, [])
    assert report["exercises"] == {exercise.id: "not attempted" for exercise in registry.exercises(slug)}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in LEARNER.values()])
def test_learner_notebooks_carry_no_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


@pytest.mark.parametrize("slug", registry.chapter_ids())
def test_what_a_check_advises_is_imported(slug):
    """A card says `hint(...)` and `solution(...)`: typing that must work."""
    path = LEARNER[slug]
    code = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    imported = {
        name.strip()
        for line in code.splitlines()
        if "mmlearn_edu.checks import" in line
        for name in line.split("import")[1].split(",")
    }
    assert {"check", "hint", "solution", "use", "recall", "predict", "progress"} <= imported
