"""What is said about notebooks that are broken, not ours, or do not behave."""

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mmlearn_edu.authoring import NotebookError, check_notebook
from mmlearn_edu.authoring.verdicts import MIME

OURS = {"mmlearn_edu": {"chapter": "99-toy", "kind": "learner", "exercises": {"toy.add": 1}}}
SHOW = f"""
def check(name, answer):
    from IPython.display import publish_display_data
    publish_display_data({{"{MIME}": {{"id": name, "status": answer, "notes": ["look here"]}}}})
"""


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook of ours with these cells, and return its path."""

    def written(*sources, metadata=OURS):
        cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate([SHOW, *sources])]
        path = tmp_path / "99-toy.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
        return path

    return written


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not a notebook that can be read"),
        (b"{", "is not a notebook that can be read"),
        (b"hello", "is not a notebook that can be read"),
        (b"\xff\xfe\x00", "is not a notebook that can be read"),
        (b"[]", "is not a notebook that can be read"),
        (b"{}", "is not a notebook that can be read"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', "is not a notebook that can be read"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}', "is not a notebook that can be read"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "but none of ours"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {"mmlearn_edu": 3}, "cells": []}', "but none of ours"),
    ],
)
def test_files_that_are_no_chapter(tmp_path, content, complaint):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookError) as caught:
        check_notebook(path)
    assert complaint in str(caught.value)
    assert "mmlearn-edu start" in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    (tmp_path / "08-pca.ipynb").write_text("{}")
    with pytest.raises(NotebookError, match=r"there is no file .*08-pac.ipynb; did you mean 08-pca.ipynb\?"):
        check_notebook(tmp_path / "08-pac.ipynb")
    with pytest.raises(NotebookError, match="is a folder; give the notebook in it"):
        check_notebook(tmp_path)


@pytest.mark.notebook
def test_errors_and_the_last_verdict_are_reported(notebook):
    path = notebook('check("toy.add", "failed")', "1 / 0", 'check("toy.add", "passed")')
    before = path.read_bytes()
    report = check_notebook(path)
    assert report.exercises == {"toy.add": "passed"}
    assert [(error.cell, error.error) for error in report.errors] == [("cell-2", "ZeroDivisionError: division by zero")]
    assert report.passed
    assert path.read_bytes() == before
    json.dumps(report.to_dict())


@pytest.mark.notebook
def test_what_was_wrong_is_passed_on(notebook):
    report = check_notebook(notebook('check("toy.add", "partly")'))
    assert (report.exercises, report.messages) == ({"toy.add": "partly"}, {"toy.add": "look here"})
    assert not report.passed


@pytest.mark.notebook
def test_exercise_whose_cell_is_gone_is_missing(notebook):
    report = check_notebook(notebook("1"))
    assert report.exercises == {"toy.add": "missing"}
    assert report.errors == []


@pytest.mark.notebook
def test_cell_that_never_ends_is_stopped_and_the_rest_runs(notebook):
    report = check_notebook(notebook("while True: pass", 'check("toy.add", "passed")'), limit=2)
    assert report.exercises == {"toy.add": "passed"}
    assert [error.cell for error in report.errors] == ["cell-1"]


@pytest.mark.notebook
def test_cell_that_kills_the_kernel(notebook):
    report = check_notebook(notebook("import os; os._exit(3)", 'check("toy.add", "passed")'))
    assert report.kernel_died
    assert not report.passed
    assert report.exercises == {"toy.add": "missing"}


@pytest.mark.notebook
def test_path_with_spaces_and_chinese_characters_and_no_trace_in_the_users_progress(notebook, tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    monkeypatch.setenv("MMLEARN_HOME", str(mine))
    folder = tmp_path / "my 文件 夹"
    folder.mkdir()
    source = (
        "import os\nfrom pathlib import Path\n"
        "ok = Path.cwd().name == 'my 文件 夹' and os.environ['MMLEARN_HOME'] != " + repr(str(mine)) + "\n"
        'check("toy.add", "passed" if ok else "failed")'
    )
    path = notebook(source).rename(folder / "99 玩具.ipynb")
    assert check_notebook(path).passed


@pytest.mark.notebook
@pytest.mark.skipif(os.name == "nt", reason="sends what Ctrl-C sends in a POSIX terminal")
def test_ctrl_c_stops_the_command_and_its_kernel(notebook, tmp_path):
    marker = tmp_path / "kernel's pid"
    source = f"import os\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    path = notebook(source, metadata={"mmlearn_edu": {**OURS["mmlearn_edu"], "chapter": "08-pca"}})
    command = [sys.executable, "-m", "mmlearn_edu", "check", str(path)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert _wait_for(lambda: marker.exists() and marker.read_text(), 120)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 1
    assert said == "mmlearn-edu: stopped\n"
    assert _wait_for(lambda: not _lives(int(marker.read_text())), 20)


def _wait_for(true, seconds):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
