"""The progress file: nothing lost, nothing doubled, never a traceback."""

import errno
import json
import mmap
import multiprocessing
import os
import re
import signal
import struct
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mmlearn_edu.checks import journal
from tests.conftest import ordinary_user


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


def test_a_file_that_cannot_be_read_is_told_once_and_a_check_goes_on():
    (journal.home() / "progress.jsonl").mkdir(parents=True)
    with pytest.warns(UserWarning, match="cannot be read .*directory"):
        assert journal.read() == []
    journal.read()  # a second warning would be an error here


def test_who_looks_from_another_folder_gets_notes_and_no_warning(tmp_path, monkeypatch):
    monkeypatch.delenv("MMLEARN_HOME")
    book = tmp_path / "book"
    (book / ".mmlearn").mkdir(parents=True)
    (book / ".mmlearn" / "progress.jsonl").write_text('{"format": 2, "event": "check", "id": "a", "time": 1}')
    before = journal.home()
    with journal.looking_from(book):
        assert journal.home() == book / ".mmlearn"
        entries, notes = journal.look()
        assert entries == []
        assert "newer mmlearn-edu" in notes[0]
        with ThreadPoolExecutor(1) as other:
            assert other.submit(journal.home).result() == before
    assert journal.home() == before


@pytest.mark.parametrize(
    "times", [pytest.param(50, id="fifty"), pytest.param(1000, marks=pytest.mark.slow, id="thousand")]
)
def test_killed_at_any_moment(times):
    """Start writers, kill them -9 at random moments; every record they had confirmed is there, once, and readable."""
    rounds = times // 10
    confirmed = {}
    for i in range(rounds):
        counts = mmap.mmap(-1, 8 * 10)  # how many each of the ten had written; shared, so it outlives them
        pids = [_forked_writer(f"w{i}-{j}", counts, j) for j in range(10)]
        time.sleep(0.02 + 0.01 * (i % 5))
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        confirmed |= {f"w{i}-{j}": struct.unpack_from("q", counts, 8 * j)[0] for j in range(10)}
    journal.record("check", "end.0")
    numbers = {}
    for entry in journal.read():
        name, _, i = entry["id"].partition(".")
        numbers.setdefault(name, []).append(int(i))
    assert numbers.pop("end") == [0]
    assert sum(confirmed.values()) > rounds
    for name, count in confirmed.items():
        found = numbers.get(name, [])
        assert found == list(range(len(found))), name
        assert count <= len(found) <= count + 1, name  # the one it was killed in may be there or not


def _forked_writer(name, counts, place):
    pid = os.fork()
    if pid == 0:
        try:
            i = 0
            while True:
                journal.record("check", f"{name}.{i}", words="x" * 200)
                i += 1
                struct.pack_into("q", counts, 8 * place, i)
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


def test_a_record_of_another_kernel_that_comes_in_between(monkeypatch):
    """The worst moment there is: after the file was opened here, and before it is written."""
    write = os.write

    def late(handle, data):
        with monkeypatch.context() as other:
            other.setattr(os, "write", write)
            journal.record("check", "other")
        return write(handle, data)

    monkeypatch.setattr(os, "write", late)
    journal.record("check", "mine")
    assert [entry["id"] for entry in journal.read()] == ["other", "mine"]


def test_a_folder_that_cannot_be_written_costs_one_warning_and_keeps_the_session(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "file" / "below"))
    with pytest.warns(UserWarning, match="cannot be written to .*Not a directory"):
        journal.record("check", "a")
    journal.record("check", "b")
    assert [entry["id"] for entry in journal.read()] == ["a", "b"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EDQUOT], ids=errno.errorcode.get)
def test_what_was_written_stays_and_the_rest_is_kept_in_memory(monkeypatch, number):
    """A folder that became read-only (the superuser may write everywhere, so the system's answer is played)."""
    journal.record("check", "a")
    before = (journal.home() / "progress.jsonl").read_bytes()

    def refused(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as read_only:
        read_only.setattr(os, "open", refused)
        with pytest.warns(UserWarning, match=re.escape(os.strerror(number))):
            journal.record("check", "b")
        journal.record("check", "c")  # said once
    assert [entry["id"] for entry in journal.read()] == ["a", "b", "c"]
    assert (journal.home() / "progress.jsonl").read_bytes() == before


@ordinary_user
def test_a_folder_that_really_is_read_only():
    journal.record("check", "a")
    (journal.home() / "progress.jsonl").chmod(0o400)
    with pytest.warns(UserWarning, match="Permission denied"):
        journal.record("check", "b")
    assert [entry["id"] for entry in journal.read()] == ["a", "b"]


@pytest.mark.parametrize("missing", [1, 2, 3, 40, 80])
def test_a_disk_that_fills_up_in_the_middle_of_a_record_neither_loses_nor_doubles_it(monkeypatch, missing):
    journal.record("check", "a")
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda handle, data: write(handle, data[:-missing]))
        if missing == 1:  # only the last line break
            journal.record("check", "b")
        else:
            with pytest.warns(UserWarning, match="the disk is full"):
                journal.record("check", "b")
    journal.record("check", "c")
    assert sorted(entry["id"] for entry in journal.read()) == ["a", "b", "c"]


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
