"""The line that says how a run goes: on a terminal, in a file, in Chinese, and cut to fit."""

import io
import os

import pytest

from mmlearn_edu.grading import progress_bar
from mmlearn_edu.grading.outcome import Progress
from mmlearn_edu.grading.progress_bar import ProgressBar

ROW = {"submission": "王小明", "status": "graded", "score": 12.5, "points": 18.0}


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def columns(monkeypatch):
    def wide(n):
        size = os.terminal_size((n, 24))
        monkeypatch.setattr(progress_bar.shutil, "get_terminal_size", lambda: size)

    wide(100)
    return wide


def test_on_a_terminal_one_line_is_drawn_over(columns):
    terminal = Terminal()
    with ProgressBar(terminal) as bar:
        bar(Progress(done=0, total=40, kept=0, troubled=0, seconds=0.0))
        bar(Progress(done=12, total=40, kept=2, troubled=1, seconds=5.0, row=ROW))
        bar(Progress(done=12, total=40, kept=2, troubled=1, seconds=6000.0))
    first, second, third, last = terminal.getvalue().split("\r\x1b[K")[1:]
    assert first == "[--------------------] 0/40"
    assert second == "[######--------------] 12/40  2.0/s  0:14 left  1 unreadable or stopped  王小明"
    assert "4:40:00 left" in third
    assert last == ""
    assert "\n" not in terminal.getvalue()


def test_it_is_cut_to_the_terminal_where_chinese_takes_two_columns(columns):
    columns(30)
    terminal = Terminal()
    ProgressBar(terminal)(Progress(9, 9, 9, 0, 1.0, ROW))
    assert terminal.getvalue().removeprefix("\r\x1b[K") == "[####################] 9/9  王"[:-1]
    columns(31)
    ProgressBar(terminal)(Progress(9, 9, 9, 0, 1.0, ROW))
    assert terminal.getvalue().endswith("9/9  王")


def test_without_a_terminal_each_hand_in_is_a_line(monkeypatch):
    file = io.StringIO()
    with ProgressBar(file) as bar:
        bar(Progress(0, 2, 0, 0, 0.0))
        bar(Progress(1, 2, 0, 0, 1.0, ROW))
        bar(Progress(1, 2, 0, 0, 2.0))
        monkeypatch.setenv("MMLEARN_LANG", "zh")
        bar(Progress(2, 2, 0, 1, 3.0, ROW | {"status": "unreadable", "score": 0.0}))
    assert file.getvalue() == "1/2  王小明: graded, 12.5 of 18\n2/2  王小明：无法读取，没有得分\n"


def test_an_ascii_terminal_and_none_at_all():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    ProgressBar(stream)(Progress(1, 2, 0, 0, 1.0, ROW))
    assert raw.getvalue() == b"1/2  ???: graded, 12.5 of 18\n"
    with ProgressBar(None) as quiet:
        quiet(Progress(3, 7, 0, 0, 1.0, ROW))
    assert "stopped after 3 of 7 hand-ins" in quiet.interrupted("results")


def test_a_run_without_hand_ins(columns):
    terminal = Terminal()
    ProgressBar(terminal)(Progress(0, 0, 0, 0, 0.0))
    assert terminal.getvalue().endswith("] 0/0")
