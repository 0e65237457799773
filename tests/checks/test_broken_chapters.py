"""A chapter whose file cannot be loaded costs words, and no other chapter."""

import json
import sys
from types import SimpleNamespace

import pytest
from jupyterlab.labapp import LabApp

from mmlearn_edu import cli, lab
from mmlearn_edu.checks import check, journal, progress, recall, registry
from mmlearn_edu.workspace import first_unfinished, prepare

BROKEN = "00-start-here"
WORDS = "chapter 00-start-here cannot be loaded (OSError: libtorch.so is missing); `mmlearn-edu doctor` says what"


@pytest.fixture(autouse=True)
def _broken(monkeypatch):
    """Let the first chapter fail as a broken library makes it fail."""
    whole = registry.import_module

    def fails(name):
        if name == "mmlearn_edu.exercises.ch00_start_here":
            raise OSError("libtorch.so is missing")
        return whole(name)

    monkeypatch.setattr(registry, "import_module", fails)
    registry._module.cache_clear()
    yield
    registry._module.cache_clear()


def test_start_says_it_and_opens_the_next_chapter(tmp_path, monkeypatch):
    monkeypatch.delenv("MMLEARN_HOME")
    prepare(tmp_path)
    assert first_unfinished(tmp_path) == f"{registry.chapter_ids()[1]}.ipynb"
    said, started = [], []
    server = SimpleNamespace(log=SimpleNamespace(addFilter=print), local_url="", start=lambda: started.append(1))
    server.io_loop = SimpleNamespace(add_callback=lambda *_: None)
    monkeypatch.setattr(LabApp, "initialize_server", lambda argv: server)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    assert lab.open_lab(tmp_path, None, browser=False, passed_on=[], say=said.append) == 0
    assert started
    assert any(WORDS in line for line in said)


def test_progress_and_recall_go_on_without_it(capsys):
    journal.record("check", "pca.center", status="passed")
    found = progress()
    assert WORDS in str(found)
    assert {chapter.id: chapter.passed for chapter in found.chapters}["08-pca"] == 1
    assert found.next_exercise[0] == registry.chapter_ids()[1]
    recall("10-kmeans", ..., ..., ...)
    assert "pca" not in str(registry.broken("08-pca"))
    with pytest.raises(LookupError, match=r"did you mean pca\.center"):
        check("pca.centre", 1)


def test_its_own_check_says_why():
    with pytest.raises(registry.ChapterError, match=r"libtorch\.so is missing"):
        check("start.to_2d", 1)


def test_the_commands_say_why(capsys, tmp_path):
    assert cli.main(["list"]) == 1
    said = capsys.readouterr()
    assert "08-pca" in said.out
    assert WORDS in said.err
    assert cli.main(["list", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert WORDS in found["problems"][0]
    assert [row["chapter"] for row in found["chapters"]] == registry.chapter_ids()[1:]
    prepare(tmp_path)
    assert cli.main(["check", str(tmp_path / f"{BROKEN}.ipynb")]) == 2
    assert WORDS in capsys.readouterr().err


def test_a_chapter_that_is_mended_loads_in_the_same_process(monkeypatch):
    assert registry.broken(BROKEN)
    monkeypatch.setattr(registry, "import_module", lambda name: __import__(name) and sys.modules[name])
    assert registry.broken(BROKEN) == ""
    assert registry.exercises(BROKEN)
