"""The true thing from end to end: the command, the sandbox, a kill in the middle, and what is left of it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.grading.results import read_result

CHAPTER = "00-start-here"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """Four hand-ins: the solution three times, and the notebook as it was handed out."""
    folder = tmp_path_factory.mktemp("class")
    solution = Path(resource("notebooks"), "solutions", f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    for name in ("anna", "boris", "王小明"):
        (folder / name).mkdir()
        (folder / name / f"{CHAPTER}.ipynb").write_text(solution, encoding="utf-8")
    (folder / "emil").mkdir()
    handed_out = Path(resource("notebooks"), f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    (folder / "emil" / f"{CHAPTER}.ipynb").write_text(handed_out, encoding="utf-8")
    return folder


def command(*arguments):
    return [sys.executable, "-m", "mmlearn_edu", "grade", *map(str, arguments)]


def descendants(process):
    """Return the processes below one: workers and sandboxes."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}


def rows(out):
    return [path.stem for path in out.glob("*.json") if path.name != "run.json"]


def test_a_class_is_graded_killed_and_resumed(class_, tmp_path):
    out = tmp_path / "results"
    begun = command(class_, "--chapter", CHAPTER, "--out", out, "--jobs", 2)
    process = subprocess.Popen(begun, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while not rows(out) and time.monotonic() < until:
        time.sleep(0.01)
    below = descendants(process.pid)
    assert len(below) >= 4, "two workers, two sandboxes"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 30
    while any(Path(f"/proc/{each}").exists() for each in below) and time.monotonic() < until:
        time.sleep(0.02)
    assert not [each for each in below if Path(f"/proc/{each}").exists()], "a worker or a sandbox outlived the command"
    kept = rows(out)
    resumed = subprocess.run(
        command(class_, "--out", out, "--resume", "--json", "--jobs", 1), capture_output=True, text=True, check=False
    )
    assert (resumed.returncode, resumed.stderr) == (0, "")
    facts = json.loads(resumed.stdout)
    assert (facts["ok"], facts["files"], facts["rows"]) == (True, 4, 4)
    assert facts["kept"] == len(kept) > 0
    scores = {name: read_result(out / f"{name}.json")["score"] for name in rows(out)}
    assert scores.pop("emil") == 0
    assert set(scores.values()) == {facts["points"]}
    assert len(scores) == 3
