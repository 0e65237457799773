"""A check that passed goes stale when its code changes, and only then."""

import json

import numpy as np
import pytest

from mmlearn_edu.checks import check, fingerprint, journal, progress, registry
from mmlearn_edu.checks.authoring import answer_name
from mmlearn_edu.checks.summary import gather

CENTER = "def center(X):\n    return X - X.mean(axis=0)\n"
EXERCISE = registry.get("pca.center")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A learner's folder; gives a function that saves the notebook of chapter 08 with these cells."""
    home = tmp_path / "my 文件夹" / ".mmlearn"
    home.mkdir(parents=True)
    monkeypatch.setenv("MMLEARN_HOME", str(home))

    def save(*cells):
        notebook = {"cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]}
        (home.parent / "08-pca.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    return save


def _learner(source, tmp_path):
    """Run a cell as a notebook would, so that its source can be found."""
    file = tmp_path / "cell.py"
    file.write_text(source, encoding="utf-8")
    scope = {"np": np}
    exec(compile(source, str(file), "exec"), scope)
    return scope["center"]


def _status():
    (chapter,) = [chapter for chapter in progress().chapters if chapter.id == "08-pca"]
    return chapter.statuses["pca.center"]


def test_a_change_after_the_check_makes_it_stale_and_a_new_check_mends_that(workspace, tmp_path, capsys):
    workspace(CENTER)
    assert check("pca.center", _learner(CENTER, tmp_path)).passed
    assert _status() == "passed"
    workspace("# a comment\n\ndef center( X ):\n    'a docstring'\n    return (X - X.mean(axis=0))")
    assert _status() == "passed", "layout, comments and docstrings do not count"
    changed = CENTER.replace("axis=0", "0")
    workspace(changed)
    assert _status() == "stale"
    assert "Next: check pca.center in 08-pca again" in progress().next_step or "00-start-here" in progress().next_step
    assert "(1 changed since)" in str(progress())
    assert "(1 changed since)" in progress()._repr_html_()
    (tmp_path / "later").mkdir()
    assert check("pca.center", _learner(changed, tmp_path / "later")).passed
    assert _status() == "passed"


def test_the_last_definition_counts_and_other_cells_do_not(workspace, tmp_path):
    assert check("pca.center", _learner(CENTER, tmp_path)).passed
    workspace("def center(X):\n    return 1", "%matplotlib inline\n!ls\n" + CENTER, "def other(X): ...", "def broken(")
    assert _status() == "passed"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"\xff\xfe"])
def test_a_notebook_that_cannot_be_read_makes_nothing_stale(workspace, tmp_path, content):
    workspace(CENTER)
    assert check("pca.center", _learner(CENTER, tmp_path)).passed
    file = journal.home().parent / "08-pca.ipynb"
    file.unlink() if content is None else file.write_bytes(content)
    assert _status() == "passed"


def test_cells_that_are_open_count_more_than_the_file(workspace, tmp_path):
    assert check("pca.center", _learner(CENTER, tmp_path)).passed
    workspace(CENTER.replace("axis=0", "0"))

    def status(*cells):
        open_cells = {journal.home().parent / "08-pca.ipynb": cells}
        return next(c for c in gather(journal.read(), open_cells).chapters if c.id == "08-pca").statuses["pca.center"]

    assert _status() == "stale"
    assert status("import numpy", CENTER) == "passed"
    assert status(CENTER, CENTER.replace("X - X", "1 * X - X")) == "stale"
    assert status() == "passed", "where the code cannot be found nothing is said"


def test_an_answer_without_source_is_never_stale(workspace):
    workspace(CENTER)
    assert check("pca.center", lambda X: X - X.mean(axis=0)).passed
    assert _status() == "passed"


def test_a_copy_of_the_chapter_is_judged_by_itself(workspace, tmp_path, monkeypatch):
    workspace("def center(X):\n    ...")
    copy = journal.home().parent / "08 我的.ipynb"
    for cell, status in [(CENTER, "passed"), (CENTER.replace("axis=0", "0"), "stale")]:
        copy.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [cell]}]}), encoding="utf-8")
        if status == "passed":
            monkeypatch.setenv("JPY_SESSION_NAME", str(copy))
            assert check("pca.center", _learner(cell, tmp_path)).passed
        assert _status() == status
    copy.unlink()
    assert _status() == "stale", "without the copy, the chapter itself is what is left: it holds the stub"


@pytest.mark.parametrize("name", ["", "/elsewhere/08-pca.ipynb", "08-pca.ipynb", "console", "notes.txt"])
def test_a_notebook_elsewhere_is_not_recorded(tmp_path, monkeypatch, name):
    monkeypatch.setenv("JPY_SESSION_NAME", name)
    assert fingerprint.this_notebook(tmp_path) == ""


def test_records_of_an_older_version_are_never_stale(workspace):
    workspace(CENTER)
    journal.record("check", "pca.center", status="passed", score=1, points=1)
    assert _status() == "passed"


def test_a_value_is_known_by_its_cell_without_our_own_calls(tmp_path):
    exercise = next(e for slug in registry.chapter_ids() for e in registry.exercises(slug) if e.kind == "value")
    name = answer_name(exercise)
    cell = f"{name} = 1\ncheck({exercise.id!r}, {name})"
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [cell]}]}))
    same = fingerprint.of_answer(exercise, 1, cell + "\nhint('a.b')\n")
    assert same
    assert fingerprint.of_notebook(exercise, path) == same
    assert fingerprint.of_answer(exercise, 1, cell.replace("1", "2")) != same
    assert fingerprint.of_answer(exercise, 1, "") == ""


def test_the_share_of_right_predictions_over_time_and_recall(workspace):
    for i in range(12):
        journal.record("outcome", f"pca.p{i}", guess="a", right=i >= 6)
    for right in (True, False, True):
        journal.record("recall", "pca.q1", right=right, answer="a")
    found = progress()
    assert "Predictions: 6 of 12 came true. Of the latest 5, 5 did; before, 14%." in str(found)
    assert "Recall: 2 of 3 answers were right." in str(found)
    assert found.to_dict()["predictions"]["over_time"] == [False] * 6 + [True] * 6
    assert found.to_dict()["recall"] == {"answered": 3, "right": 2}


def test_a_fingerprint_outlives_an_update_of_python(tmp_path):
    assert fingerprint.of_answer(EXERCISE, _learner(CENTER, tmp_path)) == "aa1470f26fc4243f"


def test_code_and_files_too_deep_to_read_say_nothing(tmp_path):
    path = tmp_path / "deep.ipynb"
    path.write_text("[" * 100_000, encoding="utf-8")
    assert fingerprint.of_notebook(EXERCISE, path) == ""
    loop = tmp_path / "loop.ipynb"
    loop.symlink_to(loop)
    assert fingerprint.of_notebook(EXERCISE, loop) == ""


def test_a_backslash_in_a_cell_is_no_warning_of_ours(workspace, tmp_path):
    workspace("pattern = '\\d'\n" + CENTER)
    notebook = journal.home().parent / "08-pca.ipynb"
    assert fingerprint.of_notebook(EXERCISE, notebook) == fingerprint.of_answer(EXERCISE, _learner(CENTER, tmp_path))


def test_a_cell_is_known_as_it_was_typed(monkeypatch):
    from types import SimpleNamespace

    from mmlearn_edu.checks import display

    history = SimpleNamespace(input_hist_raw=["", "%time answer = 3"])
    parsed = {"In": ["", "get_ipython().run_line_magic('time', 'answer = 3')"]}
    monkeypatch.setattr(display, "shell", lambda: SimpleNamespace(history_manager=history, user_ns=parsed))
    assert display.this_cell() == "%time answer = 3"


def test_a_long_notebook_is_read_once_until_it_is_saved_again(workspace, monkeypatch):
    workspace(CENTER)
    path = journal.home().parent / "08-pca.ipynb"
    reads = []

    def read_bytes(self):
        reads.append(self)
        with self.open("rb") as file:
            return file.read()

    monkeypatch.setattr(type(path), "read_bytes", read_bytes)
    first = {fingerprint.of_notebook(EXERCISE, path) for _ in range(3)}
    assert len(first) == reads.count(path) == 1
    workspace(CENTER.replace("axis=0", "axis=1 - 1"))
    assert fingerprint.of_notebook(EXERCISE, path) not in first
    assert reads.count(path) == 2
