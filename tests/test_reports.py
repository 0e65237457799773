"""The reports of long runs say what ran, what was left out and why, and carry no place on a machine."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONG
from tests.conftest import TESTS as FOLDER

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest

def test_right(): pass

def test_wrong(): assert 1 == 2, "sums differ"

@pytest.mark.skip(reason="no accelerator here")
def test_elsewhere(): pass

@pytest.fixture
def broken(): raise OSError("no disk")

def test_set_up(broken): pass
"""


def test_a_report_of_a_run(tmp_path):
    (tmp_path / "tests" / "room").mkdir(parents=True)
    (tmp_path / "tests" / "room" / "test_some.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tools.full_report",
        "--full-report",
        "full.md",
        "-k",
        "not nothing",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, "tests"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    text = (tmp_path / "full.md").read_text()
    assert "**1 passed, 1 failed, 1 error, 1 skipped**, exit status 1" in text
    assert "Asked for: `pytest -k 'not nothing' tests`." in text
    assert "| room | 1 | 2 | 1 | 0 |" in text
    assert "- 1 x no accelerator here" in text
    assert "- `tests/room/test_some.py::test_wrong`: AssertionError: sums differ" in text
    assert "- `tests/room/test_some.py::test_set_up`: OSError: no disk" in text
    assert str(tmp_path) not in text
    assert str(ROOT) not in text


@pytest.fixture
def versions(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("try_versions", ROOT / "tools" / "try_versions.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "try_versions", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "REPORT", tmp_path / "versions.md")
    return module


def test_a_version_that_was_not_tried_keeps_its_line(versions):
    new = versions.Row("1.7.2", 0, 61.0, "900 passed in 61s", (), "everything else as here")
    old = versions.Row("1.6.1", 1, 70.0, "1 failed", ("FAILED tests/a.py::test_b",), "an environment of its own")
    versions.REPORT.write_text(versions.report([old]))
    assert "## Failed with 1.6.1\n\n- `FAILED tests/a.py::test_b`" in versions.REPORT.read_text()
    text = versions.report([new])
    assert [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| 1.")] == ["1.6.1", "1.7.2"]
    assert "| 1.7.2 | 0 | 61 | 900 passed in 61s | commit " in text


def test_a_folder_with_another_version_is_refused(versions, tmp_path):
    with pytest.raises(SystemExit, match=r"gives scikit-learn .*, not 0\.1"):
        versions.try_here("0.1", tmp_path)


def test_what_workers_begin_with_is_there():
    assert [long for long in LONG if not (FOLDER / long).exists()] == []
