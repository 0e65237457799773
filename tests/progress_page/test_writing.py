"""Where the page goes, from the command: over its own pages only, and never half of it."""

import json
import os
import subprocess
import sys

import pytest

from mmlearn_edu import cli, progress_page
from tests.conftest import ordinary_user


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run the command in a folder with Chinese characters; return exit code, output and errors."""
    folder = tmp_path / "我的 workbook"
    (folder / ".mmlearn").mkdir(parents=True)
    (folder / ".mmlearn" / "workspace.json").write_text("{}")
    monkeypatch.chdir(folder)

    def ran(*arguments):
        code = cli.main(["progress", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    ran.folder = folder
    return ran


def test_the_page_is_written_into_the_folder_and_written_again(run):
    path = run.folder / "progress.html"
    assert run("--html") == (0, f"wrote {path}; open it in a browser\n", "")
    path.write_text(path.read_text("utf-8") + "old", encoding="utf-8")
    assert run("--html")[0] == 0
    assert path.read_text("utf-8").endswith("</html>\n")
    assert "我的 workbook" in path.read_text("utf-8")
    assert sorted(each.name for each in run.folder.iterdir()) == [".mmlearn", "progress.html"]


def test_a_name_of_ones_own_and_json(run):
    code, out, _ = run("--html", "第 1 页.html", "--json")
    assert code == 0
    assert json.loads(out)["page"] == str(run.folder / "第 1 页.html")
    assert json.loads(out)["chapters"]
    assert (run.folder / "第 1 页.html").exists()


def test_without_a_workspace_it_goes_where_one_is(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("--html") == (0, f"wrote {tmp_path / 'elsewhere' / 'progress.html'}; open it in a browser\n", "")


@pytest.mark.parametrize("content", ["<h1>mine</h1>", "", "x" * 9000 + progress_page.MARKER, "\udcff"])
def test_a_file_of_yours_stays_and_another_name_is_proposed(run, content):
    path = run.folder / "progress.html"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    before = path.read_bytes()
    (run.folder / "progress-2.html").write_text("mine too")
    code, out, err = run("--html")
    assert (code, out) == (2, "")
    assert "exists and is no page of this command, so it stays as it is" in err
    assert f"`mmlearn-edu progress --html {run.folder / 'progress-3.html'}`" in err
    assert path.read_bytes() == before


def test_a_folder_is_no_file(run):
    (run.folder / "pages").mkdir()
    code, _, err = run("--html", "pages")
    assert code == 2
    assert f"pages is a folder; name a file in it, for instance `mmlearn-edu progress --html {run.folder}/pages/" in err


def test_a_link_is_followed_and_stays_a_link(run):
    (run.folder / "kept").mkdir()
    (run.folder / "progress.html").symlink_to(run.folder / "kept" / "page.html")
    assert run("--html")[0] == 0
    assert (run.folder / "progress.html").is_symlink()
    assert progress_page.MARKER in (run.folder / "kept" / "page.html").read_text("utf-8")


@pytest.mark.parametrize("where", ["missing/progress.html", ".mmlearn/workspace.json/progress.html"])
def test_a_place_that_does_not_exist(run, where):
    code, out, err = run("--html", where)
    assert (code, out) == (2, "")
    assert "cannot be written (" in err
    assert "choose another place" in err


def test_a_folder_or_page_that_is_read_only(run, monkeypatch):
    assert run("--html")[0] == 0
    path = run.folder / "progress.html"
    before = path.read_bytes()
    real = os.access
    monkeypatch.setattr(os, "access", lambda p, mode, **k: False if str(p) == str(path) else real(p, mode, **k))
    code, _, err = run("--html")
    assert (code, "cannot be written (Permission denied)" in err, path.read_bytes()) == (2, True, before)
    monkeypatch.setattr(os, "access", real)

    def full(*a, **k):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = run("--html")
    assert (code, "No space left on device" in err, path.read_bytes()) == (2, True, before)
    assert sorted(each.name for each in run.folder.iterdir()) == [".mmlearn", "progress.html"]


def test_stopped_in_the_middle_the_old_page_is_whole(run, monkeypatch):
    assert run("--html")[0] == 0
    path = run.folder / "progress.html"
    path.write_text(before := path.read_text("utf-8") + "old", encoding="utf-8")

    def stopped(*a):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pathlib.Path.replace", stopped)
    code, _, err = run("--html")
    assert (code, "Input/output error" in err, path.read_text("utf-8") == before) == (2, True, True)
    assert sorted(each.name for each in run.folder.iterdir()) == [".mmlearn", "progress.html"]


@ordinary_user
def test_a_really_read_only_folder(run):
    run.folder.chmod(0o555)
    try:
        assert run("--html")[0] == 2
    finally:
        run.folder.chmod(0o755)


def test_torn_and_newer_records_are_told_on_the_page_and_beside_it(run, home):
    home.mkdir()
    newer = {"format": 99, "event": "check", "id": "pca.center", "time": 1.0, "status": "passed"}
    (home / "progress.jsonl").write_text(json.dumps(newer) + '\n{"format": 1, "ev', encoding="utf-8")
    command = [sys.executable, "-m", "mmlearn_edu", "progress", "--html"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"wrote {run.folder / 'progress.html'}; open it in a browser\n")
    words = "Some of your progress comes from a newer mmlearn-edu; it is kept, and not counted here."
    assert done.stderr == f"mmlearn-edu: {words}\n"
    assert f'<p class="note">{words}</p>' in (run.folder / "progress.html").read_text("utf-8")
