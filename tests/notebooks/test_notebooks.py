"""Every notebook, top to bottom, without a network: nothing raises, and every solution passes its checks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from mmlearn_edu.checks import registry

ROOT = Path(__file__).parents[2]
LEARNER = {slug: ROOT / "notebooks" / f"{slug}.ipynb" for slug in registry.notebook_ids()}
SOLUTION = {slug: ROOT / "notebooks" / "solutions" / f"{slug}.ipynb" for slug in registry.notebook_ids()}


def first_at_once(values, name):
    """Parametrize; all but the first are slow: other tests execute them too, and `make test` stays short."""
    return [pytest.param(each, id=name(each), marks=[pytest.mark.slow] * (i > 0)) for i, each in enumerate(values)]


def folder_and_stem(path):
    return f"{path.parent.name}/{path.stem}"


UNTOUCHED = [pytest.param(path, id=folder_and_stem(path)) for path in LEARNER.values()]
SOLVED = first_at_once(SOLUTION.values(), folder_and_stem)  # every solution is executed by `check` below

pytestmark = pytest.mark.notebook


@pytest.fixture
def offline(tmp_path):
    """Return the environment of a process of this checkout, without a network and with a progress file of its own."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "no_network"), str(ROOT)]),
        "MMLEARN_HOME": str(tmp_path / "home"),
        "OMP_NUM_THREADS": "1",
    }


def run(*command, env):
    return subprocess.run([sys.executable, *map(str, command)], env=env, capture_output=True, text=True, check=False)


def test_the_block_holds(offline):
    tried = run("-c", "import urllib.request as r; r.urlopen('http://example.org', timeout=5)", env=offline)
    assert "this test has no network, and something asked for example.org" in tried.stderr


@pytest.mark.parametrize("path", [*UNTOUCHED, *SOLVED])
def test_no_cell_raises(path, offline, tmp_path):
    """Through nbval, as a pytest run of its own."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    limits = ["--nbval-cell-timeout=60", "--nbval-kernel-startup-timeout=120"]
    done = run("-m", "pytest", "-q", "-c", tmp_path / "pytest.ini", "--nbval-lax", *limits, path, env=offline)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert f"{len(cells)} passed" in done.stdout


def check(path, env):
    done = run("-m", "mmlearn_edu", "check", "--json", path, env=env)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("slug", SOLUTION)
def test_every_solution_passes(slug, offline):
    code, report = check(SOLUTION[slug], offline)
    assert code == 0, report
    assert report["exercises"] == {exercise.id: "passed" for exercise in registry.exercises(slug)}


@pytest.mark.parametrize("slug", first_at_once(registry.chapter_ids(), str))  # in JupyterLab, test_first_light has all
def test_an_untouched_notebook_reads_not_attempted(slug, offline):
    code, report = check(LEARNER[slug], offline)
    assert code == 1
    assert report["errors"] == []
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
