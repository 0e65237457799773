"""The progress file: nothing lost, nothing doubled, never a traceback."""

import json
import multiprocessing
import os
import signal
import time

import pytest

from mmlearn_edu.checks import journal


def lines():
    return [json.loads(line) for line in (journal.home() / "progress.jsonl").read_text("utf-8").splitlines() if line]


def test_a_record_is_a_line_of_json_in_the_learners_language():
    journal.record("check", "pca.center", status="passed", words="通过")
    (entry,) = lines()
    assert entry["words"] == "通过"
    assert journal.read() == [entry]


def test_a_torn_line_spoils_itself_only():
    journal.record("check", "a")
    with open(journal.home() / "progress.jsonl", "a") as file:
        file.write('{"format": 1, "event": "che')
    journal.record("check", "b")
    assert [entry["id"] for entry in journal.read()] == ["a", "b"]


@pytest.mark.parametrize(
    "rubbish", ["[]", "3", "null", "{}", '{"format": "x", "event": 1, "id": 2, "time": 3}', "\x00\xff"]
)
def test_rubbish_lines_are_passed_over(rubbish):
    journal.record("check", "a")
    with open(journal.home() / "progress.jsonl", "a", encoding="latin-1") as file:
        file.write(rubbish)
    journal.record("check", "b")
    assert [entry["id"] for entry in journal.read()] == ["a", "b"]


def test_a_newer_version_is_kept_not_counted_and_said_once(monkeypatch):
    monkeypatch.setattr(journal, "FORMAT", 2)
    journal.record("check", "new")
    monkeypatch.setattr(journal, "FORMAT", 1)
    journal.record("check", "old")
    with pytest.warns(UserWarning, match="newer mmlearn-edu"):
        assert [entry["id"] for entry in journal.read()] == ["old"]
    journal.read()  # a second warning would be an error here
    assert len(lines()) == 2


@pytest.mark.parametrize(
    "times", [pytest.param(50, id="fifty"), pytest.param(1000, marks=pytest.mark.slow, id="thousand")]
)
def test_killed_at_any_moment(times):
    """Start writers, kill them -9 at random moments; every record they had confirmed is there, once, and readable."""
    rounds = times // 10
    for i in range(rounds):
        pids = [_forked_writer(f"w{i}-{j}") for j in range(10)]
        time.sleep(0.02 + 0.01 * (i % 5))
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    journal.record("check", "end.0")
    numbers = {}
    for entry in journal.read():
        name, _, i = entry["id"].partition(".")
        numbers.setdefault(name, []).append(int(i))
    assert "end" in numbers
    assert len(numbers) > rounds
    assert all(found == list(range(len(found))) for found in numbers.values())


def _forked_writer(name):
    pid = os.fork()
    if pid == 0:
        try:
            i = 0
            while True:
                journal.record("check", f"{name}.{i}", words="x" * 200)
                i += 1
                time.sleep(0.0003)  # a kernel writes seldom; ten that write without a pause only fill the disk
        finally:
            os._exit(0)
    return pid


def _write_many(name):
    for i in range(200):
        journal.record("check", f"{name}.{i}")


def test_two_kernels_at_once():
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(name,)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(entry["id"] for entry in journal.read()) == sorted(
        f"{n}.{i}" for n in ("one", "two") for i in range(200)
    )


def test_a_folder_that_cannot_be_written_costs_one_warning_and_keeps_the_session(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "file" / "below"))
    with pytest.warns(UserWarning, match="cannot be written to .*Not a directory"):
        journal.record("check", "a")
    journal.record("check", "b")
    assert [entry["id"] for entry in journal.read()] == ["a", "b"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk(monkeypatch, tmp_path):
    home = tmp_path / "full"
    home.mkdir()
    (home / "progress.jsonl").symlink_to("/dev/full")
    monkeypatch.setenv("MMLEARN_HOME", str(home))
    with pytest.warns(UserWarning, match="No space left"):
        journal.record("check", "a")


def test_the_nearest_mmlearn_folder_upward_is_home(monkeypatch, tmp_path):
    monkeypatch.delenv("MMLEARN_HOME")
    below = tmp_path / "工作 space" / "notebooks"
    below.mkdir(parents=True)
    (tmp_path / "工作 space" / ".mmlearn").mkdir()
    monkeypatch.chdir(below)
    assert journal.home() == tmp_path / "工作 space" / ".mmlearn"


def test_without_one_it_is_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("MMLEARN_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir("/")
    assert journal.home() == tmp_path / "data" / "mmlearn_edu"
