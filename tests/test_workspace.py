"""A learner's folder: what is theirs stays, what is ours is brought up to date."""

import contextlib
import errno
import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mmlearn_edu import __version__, lab, workspace
from mmlearn_edu.workspace import WorkspaceError, locate, prepare, reset
from tests.conftest import ordinary_user

MANIFEST = Path(".mmlearn", "workspace.json")


def chapter(name, stub="answer = ...", text="x = 1"):
    cells = [
        new_code_cell(text, id="text"),
        new_code_cell(stub, id="ex-one", metadata={"mmlearn_edu": {"exercise": "pca.one"}}),
        new_code_cell(stub, id="ex-two", metadata={"mmlearn_edu": {"exercise": "pca.two"}}),
    ]
    facts = {"chapter": name, "exercises": {"pca.one": 1, "pca.two": 1}}
    return nbformat.writes(new_notebook(cells=cells, metadata={"mmlearn_edu": facts})) + "\n"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Two chapters as if they came with the package."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("00-start-here", "08-pca"):
        (folder / f"{name}.ipynb").write_text(chapter(name), encoding="utf-8")
    monkeypatch.setattr(workspace, "resource", lambda *parts: folder)
    return folder


@pytest.fixture
def mine(tmp_path, shipped):
    folder = tmp_path / "my 文件 夹"
    prepare(folder)
    return folder


def answer(path, text, cell="ex-one"):
    """Write an answer into a notebook as a learner does, outputs and all."""
    notebook = nbformat.read(path, as_version=4)
    found = next(one for one in notebook.cells if one.id == cell)
    found.source = text
    nbformat.write(notebook, path)


def test_first_copy(mine, shipped):
    for name in ("00-start-here.ipynb", "08-pca.ipynb"):
        assert (mine / name).read_bytes() == (shipped / name).read_bytes()
    assert json.loads((mine / MANIFEST).read_text())["version"] == workspace.__version__
    done = prepare(mine)
    assert (done.new, done.updated, done.beside) == ([], [], [])
    assert sorted(p.name for p in mine.iterdir()) == [".mmlearn", "00-start-here.ipynb", "08-pca.ipynb"]


def test_unchanged_chapter_is_updated_in_place(mine, shipped):
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 2"))
    done = prepare(mine)
    assert done.updated == ["08-pca.ipynb"]
    assert (mine / "08-pca.ipynb").read_bytes() == (shipped / "08-pca.ipynb").read_bytes()
    assert "you had not changed yours" in "\n".join(done.lines())


def test_opening_a_notebook_is_no_change_but_running_it_is(mine, shipped):
    path = mine / "08-pca.ipynb"
    opened = json.loads(path.read_text())
    opened["metadata"]["language_info"] = {"name": "python", "version": "3.11.7"}
    path.write_text(json.dumps(opened, indent=2))
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 2"))
    assert prepare(mine).updated == ["08-pca.ipynb"]
    ran = json.loads(path.read_text())
    ran["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["2"]}]
    path.write_text(json.dumps(ran))
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 3"))
    assert prepare(mine).beside == [("08-pca.ipynb", "08-pca.new.ipynb")]


def test_changed_chapter_is_never_overwritten_and_the_new_one_arrives_beside_it_once(mine, shipped):
    answer(mine / "08-pca.ipynb", "answer = 7")
    yours = (mine / "08-pca.ipynb").read_bytes()
    assert prepare(mine).beside == []  # nothing new to bring
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 2"))
    done = prepare(mine)
    assert done.beside == [("08-pca.ipynb", "08-pca.new.ipynb")]
    assert "08-pca.ipynb has a new version: yours is untouched, the new one is 08-pca.new.ipynb" in done.lines()
    assert (mine / "08-pca.ipynb").read_bytes() == yours
    assert (mine / "08-pca.new.ipynb").read_bytes() == (shipped / "08-pca.ipynb").read_bytes()
    assert prepare(mine).beside == []
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 3"))
    assert prepare(mine).beside == [("08-pca.ipynb", "08-pca.new-2.ipynb")]
    assert (mine / "08-pca.ipynb").read_bytes() == yours


def test_a_file_that_was_there_before_us_is_the_learners(tmp_path, shipped):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "08-pca.ipynb").write_text("my own notes")
    assert prepare(tmp_path / "old").beside == [("08-pca.ipynb", "08-pca.new.ipynb")]
    assert (tmp_path / "old" / "08-pca.ipynb").read_text() == "my own notes"


def test_deleted_chapter_comes_back(mine):
    (mine / "08-pca.ipynb").unlink()
    assert prepare(mine).new == ["08-pca.ipynb"]


def test_folder_from_an_earlier_version(mine, shipped):
    manifest = json.loads((mine / MANIFEST).read_text())
    (mine / MANIFEST).write_text(json.dumps({**manifest, "version": "0.0.9"}))
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 2"))
    done = prepare(mine)
    assert done.updated == ["08-pca.ipynb"]
    assert "was made by mmlearn-edu 0.0.9; now it is" in done.lines()[0]
    assert json.loads((mine / MANIFEST).read_text())["version"] == workspace.__version__


@pytest.mark.parametrize("newer", [{"version": "99.0.0"}, {"format": 99}])
def test_folder_from_a_newer_version_is_left_alone(mine, shipped, newer):
    manifest = json.loads((mine / MANIFEST).read_text())
    (mine / MANIFEST).write_text(json.dumps({**manifest, **newer}))
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 2"))
    before = {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()}
    with pytest.raises(WorkspaceError, match="install the newer version, or start in another folder"):
        prepare(mine)
    assert {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("garbage", ["", "{", "[]", '{"delivered": 3}', '{"format": "x"}', '{"format": null}'])
def test_broken_manifest_makes_every_file_the_learners(mine, shipped, garbage):
    (mine / MANIFEST).write_text(garbage)
    (shipped / "08-pca.ipynb").write_text(chapter("08-pca", text="x = 2"))
    yours = (mine / "08-pca.ipynb").read_bytes()
    done = prepare(mine)
    assert "could not be read (kept as workspace.broken.json)" in done.lines()[0]
    assert (mine / "08-pca.ipynb").read_bytes() == yours
    assert done.beside == [("08-pca.ipynb", "08-pca.new.ipynb")]


def test_folders_that_cannot_be_used(tmp_path, shipped, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="is a file, not a folder"):
        prepare(tmp_path / "file")
    with pytest.raises(WorkspaceError, match=r"cannot write into .*; choose another folder"):
        prepare(tmp_path / "file" / "inside")
    with pytest.raises(WorkspaceError, match="holds the originals"):
        prepare(shipped)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "this user may not write there"),
        (errno.EROFS, "this user may not"),
        (errno.ENOSPC, "No space left"),
    ],
)
def test_folder_that_may_not_be_written(tmp_path, shipped, monkeypatch, number, words):
    def refuse(path, data):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(workspace, "_replace", refuse)
    with pytest.raises(WorkspaceError, match=rf"cannot write into .*: {words}.*mmlearn-edu start"):
        prepare(tmp_path / "mine")


@ordinary_user
def test_read_only_folder(tmp_path, shipped):
    (tmp_path / "mine").mkdir(mode=0o555)
    with pytest.raises(WorkspaceError, match="this user may not write there"):
        prepare(tmp_path / "mine")


def test_locate(tmp_path, mine, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert locate() == tmp_path / "workspace"
    assert locate("a b") == tmp_path / "a b"
    (mine / "deeper").mkdir()
    monkeypatch.chdir(mine / "deeper")
    assert locate() == mine


def test_reset_of_one_exercise_keeps_the_rest(mine):
    path = mine / "08-pca.ipynb"
    answer(path, "answer = 1", "ex-one")
    answer(path, "answer = 2", "ex-two")
    before = path.read_bytes()
    said = reset(mine, "08-pca", "one")
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    assert (sources["ex-one"], sources["ex-two"]) == ("answer = ...", "answer = 2")
    assert (mine / "08-pca.old.ipynb").read_bytes() == before
    assert said[0] == "pca.one is back at its start; your work is kept in 08-pca.old.ipynb"


def test_reset_of_a_chapter_keeps_every_old_answer(mine, shipped):
    answer(mine / "08-pca.ipynb", "answer = 1")
    reset(mine, "08-pca")
    assert (mine / "08-pca.ipynb").read_bytes() == (shipped / "08-pca.ipynb").read_bytes()
    answer(mine / "08-pca.ipynb", "answer = 2")
    reset(mine, "08-pca.ipynb")
    assert "answer = 1" in (mine / "08-pca.old.ipynb").read_text()
    assert "answer = 2" in (mine / "08-pca.old-2.ipynb").read_text()


def test_reset_says_what_there_is(mine):
    with pytest.raises(WorkspaceError, match=r"no chapter '08-pac'; did you mean 08-pca\?"):
        reset(mine, "08-pac")
    with pytest.raises(WorkspaceError, match=r"08-pca has no exercise 'pca.onn'; did you mean pca.one"):
        reset(mine, "08-pca", "pca.onn")
    (mine / "08-pca.ipynb").write_text("{")
    with pytest.raises(WorkspaceError, match="cannot be read as a notebook; put the whole chapter back"):
        reset(mine, "08-pca", "one")
    (mine / "08-pca.ipynb").write_text(chapter("08-pca").replace("pca.one", "mine").replace("ex-one", "mine"))
    with pytest.raises(WorkspaceError, match=r"no longer has the cell of pca.one"):
        reset(mine, "08-pca", "one")
    (mine / "08-pca.ipynb").unlink()
    with pytest.raises(WorkspaceError, match="does not exist; `mmlearn-edu start` copies it"):
        reset(mine, "08-pca")


def test_the_nearest_workspace_is_around_in_or_the_folder_itself(tmp_path, mine):
    inside = mine / "notes"
    inside.mkdir()
    assert workspace.nearest(inside) == mine
    assert workspace.nearest(tmp_path / "elsewhere") is None
    workspace.prepare(tmp_path / "course" / "workspace")
    assert workspace.nearest(tmp_path / "course") == tmp_path / "course" / "workspace"
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "08-pca.ipynb").write_text("{}")
    assert workspace.nearest(tmp_path / "plain") == tmp_path / "plain"


def test_taken_port_is_refused_and_a_free_one_named(mine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WorkspaceError, match=rf"port {port} is taken; try --port \d+, or leave --port out"):
            lab.open_lab(mine, port, browser=False, passed_on=[], say=print)


@pytest.mark.timeout(120)
def test_start_serves_the_notebooks_and_silences_the_news_without_touching_settings(tmp_path):
    home = tmp_path / "home of 学生"
    home.mkdir()
    variables = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config")}
    command = [sys.executable, "-m", "mmlearn_edu", "start", str(tmp_path / "工作 簿"), "--no-browser"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=variables)
    try:
        server, token = next(found for line in started.stdout if (found := address(line)))
        get = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        with get(f"{server}/api/contents?token={token}", timeout=30) as listing:
            names = [entry["name"] for entry in json.load(listing)["content"]]
        with get(f"{server}/lab?token={token}", timeout=60) as page:
            extensions = json.loads(re.search(r'"federated_extensions": (\[.*?\])', page.read().decode())[1])
        with get(f"{server}/mmlearn-edu/progress?token={token}", timeout=60) as panel:
            next_step = json.load(panel)["next"]
        with get(f"{server}/lab/api/settings?token={token}", timeout=60) as settings:
            every = {one["id"]: one for one in json.load(settings)["settings"]}
    finally:
        started.terminate()
        started.communicate(timeout=30)
    assert "00-start-here.ipynb" in names
    assert next_step["chapter"] == "00-start-here"
    (ours,) = [one for one in extensions if one["name"] == "mmlearn-edu"]
    assert ours["load"] == f"static/remoteEntry.js?{__version__}"
    news = every["@jupyterlab/apputils-extension:notification"]
    assert news["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert news["schema"]["properties"]["checkForUpdates"]["default"] is False
    assert not list((home / "config").rglob("*.jupyterlab-settings"))


def address(line):
    found = re.search(r"(http://\S+?)/lab/tree/\S+?\.ipynb\?token=(\w+)", line)
    return found.groups() if found else None


def test_a_killed_copy_leaves_no_half_file(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"old")

    def killed(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with contextlib.suppress(KeyboardInterrupt):
        workspace._replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.ipynb"]
