"""A real Jupyter server answers what the learner has done: who may ask, what is said, and that nothing is written."""

import asyncio
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from mmlearn_edu import serverextension, workspace
from mmlearn_edu.checks import fingerprint, journal, registry

TOKEN = {"Authorization": "token a-test"}
CENTER = 'def center(X):\n    return X - X.mean(axis=0)\n\ncheck("pca.center", center)'
CHANGED = CENTER.replace("axis=0", "0")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a folder; yield it and a function that asks."""
    root = tmp_path_factory.mktemp("served 文件夹")
    home = tmp_path_factory.mktemp("jupyter")
    with ThreadPoolExecutor(1) as thread:  # a thread of its own: the browser's tests keep a loop in this one
        run = _loop_in(thread)
        app = run(_started, root, home)
        port = run(_listening, app)

        def ask(query="", headers=TOKEN, **request):
            address = f"http://127.0.0.1:{port}/course/mmlearn-edu/progress{query}"
            return run(_fetched, address, {"headers": headers, "raise_error": False, **request})

        yield SimpleNamespace(root=root, ask=ask)
        run(app._cleanup)
        thread.submit(lambda: asyncio.get_event_loop().close()).result()


def _loop_in(thread):
    """Return a function that runs a coroutine function in the one loop of `thread`, and waits."""
    loop = asyncio.new_event_loop()
    thread.submit(asyncio.set_event_loop, loop).result()
    return lambda function, *given: thread.submit(lambda: loop.run_until_complete(function(*given))).result()


async def _started(root, home):
    app = ServerApp(root_dir=str(root), base_url="/course/", open_browser=False, allow_root=True, log_level="CRITICAL")
    app.config_dir = app.data_dir = app.runtime_dir = str(home)  # no setting of this machine
    app.identity_provider_class.token = "a-test"
    app.jpserver_extensions = {"mmlearn_edu.serverextension": True}
    app.init_signal = lambda: None  # Ctrl-C stays pytest's
    app.initialize(argv=[], find_extensions=False, new_httpserver=False)
    return app


async def _listening(app):
    socket, port = bind_unused_port()
    HTTPServer(app.web_app).add_sockets([socket])
    return port


async def _fetched(address, request):
    return await AsyncHTTPClient().fetch(address, **request)


@pytest.fixture
def book(served, monkeypatch):
    """Make a workspace in the served folder, with the notebook of chapter 08 and nothing done; gone afterwards."""
    monkeypatch.delenv("MMLEARN_HOME", raising=False)
    folder = served.root / "my book"
    (folder / ".mmlearn").mkdir(parents=True)
    save(folder, CENTER)
    yield folder
    shutil.rmtree(folder)


def save(folder, *sources):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    (folder / "08-pca.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")


def passes(folder, source=CENTER):
    with journal.looking_from(folder):
        code = fingerprint.of_cells(registry.get("pca.center"), [source])
        journal.record("check", "pca.center", status="passed", code=code)


def panel(answered):
    assert answered.code == 200, answered.body
    return json.loads(answered.body)


def center(found):
    (chapter,) = [one for one in found["chapters"] if one["id"] == "08-pca"]
    return chapter["exercises"][0]["status"]


def test_the_answer_is_what_the_learner_did(served, book):
    found = panel(served.ask("?folder=my%20book"))
    assert [chapter["id"] for chapter in found["chapters"]] == registry.chapter_ids()
    assert [chapter["notebook"] for chapter in found["chapters"]].count("my book/08-pca.ipynb") == 1
    assert center(found) == "not-attempted"
    passes(book)
    found = panel(served.ask("?folder=my%20book/"))
    assert center(found) == "passed"
    assert found["next"]["words"].startswith("Next: ")
    assert found["notes"] == []


def test_what_is_open_counts_more_than_what_is_saved(served, book):
    passes(book)
    save(book, CHANGED)
    assert center(panel(served.ask("?folder=my%20book"))) == "stale"

    def ask(*cells):
        return center(
            panel(served.ask("?folder=my%20book", method="POST", body=json.dumps({"my book/08-pca.ipynb": cells})))
        )

    assert ask("import numpy", CENTER) == "passed"
    assert ask(CENTER, CHANGED) == "stale"
    assert ask("# the learner deleted it") == "passed", "where the code cannot be found nothing is said"
    assert (book / "08-pca.ipynb").read_text(encoding="utf-8").count("axis=0") == 0


def test_nothing_is_written(served, book):
    before = {path: path.read_bytes() if path.is_file() else None for path in served.root.rglob("*")}
    served.ask("?folder=my%20book")
    served.ask("?folder=my%20book", method="POST", body='{"my book/08-pca.ipynb": ["x = 1"]}')
    assert {path: path.read_bytes() if path.is_file() else None for path in served.root.rglob("*")} == before


def test_who_is_not_logged_in_learns_nothing(served, book):
    assert served.ask(headers={}).code == 403
    assert served.ask(headers={"Authorization": "token another"}).code == 403
    assert served.ask(headers={}, method="POST", body="{}").code == 403


@pytest.mark.parametrize("body", ["3", "[]", '{"08-pca": "x"}', '{"08-pca": [3]}', "{", "null", ""])
def test_a_body_of_another_kind_is_refused_in_words(served, body):
    answered = served.ask(method="POST", body=body)
    assert answered.code == 400
    assert json.loads(answered.body)["message"]


def test_the_workspace_is_found_where_start_puts_it(served, book):
    assert panel(served.ask())["notes"] == [
        "There is no workbook in this folder. `mmlearn-edu start` makes one and opens it."
    ]
    usual = served.root / "workspace"
    workspace.prepare(usual)
    try:
        found = panel(served.ask())
        assert found["chapters"][0]["notebook"] == "workspace/00-start-here.ipynb"
    finally:
        shutil.rmtree(usual)


@pytest.mark.parametrize("folder", ["../..", "/", "my book/../..", "no such place", "%00", "my book/08-pca.ipynb"])
def test_a_place_outside_the_served_folder_counts_as_the_folder(served, book, folder, monkeypatch):
    monkeypatch.setattr(workspace, "nearest", lambda place: seen.append(place))
    seen = []
    served.ask(f"?folder={quote(folder, safe='%')}")
    assert all(served.root in (place, *place.parents) for place in seen)


def test_chapters_without_a_workspace_use_the_progress_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "home"))
    save(tmp_path, CENTER)
    passes(tmp_path)
    found = serverextension.answer(tmp_path, "", {})
    assert (center(found), found["chapters"][0]["notebook"]) == ("passed", None)


def test_a_served_folder_inside_of_a_workspace_has_progress_but_cannot_open_the_notebooks(tmp_path, monkeypatch):
    monkeypatch.delenv("MMLEARN_HOME", raising=False)
    (tmp_path / ".mmlearn").mkdir()
    (tmp_path / "notes").mkdir()
    save(tmp_path, CENTER)
    passes(tmp_path)
    found = serverextension.answer(tmp_path / "notes", "", {})
    assert center(found) == "passed"
    assert {chapter["notebook"] for chapter in found["chapters"]} == {None}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\x00{{{\n[1]\nnull\n", None),
        (b'{"format": 99, "event": "check", "id": "pca.center", "time": 1}', "comes from a newer mmlearn-edu"),
        (b'{"format": 1, "event": "check", "id": "pca.center", "time": 1, "status": ["?"]}', None),
        (b'{"format": 1, "event": "posed", "id": "08-pca", "time": 1, "questions": 7}', None),
        ("a folder", "cannot be read"),
    ],
)
def test_a_broken_progress_file_is_told_in_words(served, book, content, words):
    file = book / ".mmlearn" / "progress.jsonl"
    file.mkdir() if content == "a folder" else file.write_bytes(content)
    for _ in range(2):  # said every time, not only once
        found = panel(served.ask("?folder=my%20book"))
        assert len(found["chapters"]) == len(registry.chapter_ids())
        assert [words in note for note in found["notes"]] == ([True] if words else [])


def test_whatever_breaks_the_panel_gets_words_and_the_log_the_rest(served, book, monkeypatch, caplog):
    def broken(cells):
        raise RuntimeError("no chapter today")

    monkeypatch.setattr("mmlearn_edu.checks.panel.facts", broken)
    found = panel(served.ask("?folder=my%20book"))
    assert found["chapters"] == []
    assert found["notes"] == [
        "The progress cannot be shown (RuntimeError: no chapter today); your notebooks and checks are not affected."
    ]
    assert "the progress cannot be read" in caplog.text


def test_it_speaks_chinese(served, book, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    found = panel(served.ask("?folder=my%20book"))
    assert (found["language"], found["words"]["title"]) == ("zh-Hans", "学习手册")
    assert "下一题" in found["next"]["words"]


def test_a_new_server_loads_it_by_the_file_we_ship():
    from mmlearn_edu.lab import _FOLDERS

    file = _FOLDERS["JUPYTER_CONFIG_PATH"] / "jupyter_server_config.d" / "mmlearn_edu.json"
    (name,) = json.loads(file.read_text(encoding="utf-8"))["ServerApp"]["jpserver_extensions"]
    assert serverextension._jupyter_server_extension_points() == [{"module": name}]
