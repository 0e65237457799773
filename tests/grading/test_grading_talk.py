"""Questions that are asked in a row: each gets its own reply, in its own time, and nobody waits for the other side."""

import contextlib
import math
import sys
import time

import numpy as np
import pytest

from mmlearn_edu.checks import registry, wire
from mmlearn_edu.checks.answerer import Died, Hung, Returned
from mmlearn_edu.checks.exercise import Case
from mmlearn_edu.grading.sandbox import Launched, Limits, choose
from mmlearn_edu.grading.sandbox.talk import Talk
from mmlearn_edu.grading.work import Work

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")
WANTED = {"id": "a.f", "kind": "function", "name": "f", "forbids": [], "stub": "def f(X):\n    ...\n"}
ANSWER = """
from mmlearn_edu.checks import check
import os, time
def f(n):
    if n == 3:
        {ends}
    return n * n
check("a.f", f)
"""


@pytest.fixture(scope="module")
def launched():
    sandbox = Launched(choose(), ["numpy"])
    yield sandbox
    sandbox.close()


@pytest.fixture
def talk(launched):
    with contextlib.closing(Talk(launched)) as made:
        yield made


def hand_in(talk, source):
    ((outcome, _),) = talk.cells([("a", source, False)], lambda: 10)
    assert outcome == Returned(None)
    assert talk.inspect(WANTED, True, [], 10)["state"] == "ready"


def asked(talk, *values, seconds=10.0):
    written = [wire.encode([[value], {}]) for value in values]
    return list(talk.calls(written, lambda: seconds))


def test_every_question_gets_its_own_reply(talk):
    hand_in(talk, ANSWER.format(ends="raise ValueError('three')"))
    outcomes = asked(talk, *range(200))
    assert [one.value for one in outcomes if isinstance(one, Returned)] == [n * n for n in range(200) if n != 3]
    assert (outcomes[3].kind, outcomes[3].text) == ("ValueError", "three")


def test_who_ends_costs_no_reply_that_came_before(talk):
    hand_in(talk, ANSWER.format(ends="os._exit(7)"))
    outcomes = asked(talk, *range(5))
    assert outcomes[:3] == [Returned(0), Returned(1), Returned(4)]
    assert outcomes[3] == outcomes[4] == Died("exit code 7")


def test_the_time_of_a_reply_begins_with_the_one_before(talk):
    hand_in(talk, ANSWER.format(ends="time.sleep(60)").replace("return", "time.sleep(0.5); return"))
    outcomes = asked(talk, *range(4), seconds=1.4)
    assert outcomes[:3] == [Returned(0), Returned(1), Returned(4)]
    assert outcomes[3] == Hung(1.4)


def test_megabytes_both_ways_stop_nobody(talk):
    hand_in(talk, "def f(X):\n    return X + 1")
    values = [np.full(2**18, float(n)) for n in range(16)]  # 2 MiB each: far more than a line holds
    for value, outcome in zip(values, asked(talk, *values, seconds=30.0), strict=True):
        np.testing.assert_array_equal(outcome.value, value + 1)


def test_cells_are_told_one_by_one(talk):
    cells = [
        ("a", "x = 1", False),
        ("b", "y = x / 0", False),
        ("c", "import math\nz = 1", True),
        ("d", "print(z)", False),
    ]
    outcomes = [outcome for outcome, _ in talk.cells(cells, lambda: 10)]
    assert outcomes[0] == outcomes[2] == Returned(None)
    assert [outcome.kind for outcome in outcomes[1::2]] == ["ZeroDivisionError", "NameError"]


class SlowTalk:
    """Take a twentieth of a second for every answer, as long as somebody listens."""

    def calls(self, calls, seconds):
        for _ in calls:
            time.sleep(0.05)
            yield Returned(1)


class Child:
    """Stand in for :class:`mmlearn_edu.grading.running.Running`."""

    deadline = math.inf
    limits = Limits(call=0.12)
    talk = SlowTalk()
    stopped = 0

    def seconds(self, wanted):
        return wanted

    def stop(self):
        self.stopped += 1


def test_who_used_up_the_time_of_all_calls_is_asked_no_more():
    work = Work(registry.get("pca.center"), Child(), [], in_a_row=True)
    work._open = True
    outcomes = work.calls([Case()] * 9)
    told = sum(isinstance(one, Returned) for one in outcomes)
    assert 0 < told < 9
    assert outcomes[told:] == [Hung(0.12, skipped=True)] * (9 - told)
    assert (work.running.stopped, work.events) == (1, [])  # the child that works on the next, and no word of it


class OddTalk:
    """Hang at some of the calls that are ever asked."""

    def __init__(self, hang):
        self.hang = hang
        self.given = []

    def calls(self, calls, seconds):
        for _ in calls:
            self.given.append(seconds())
            hangs = self.hang[len(self.given) - 1]
            yield Hung(self.given[-1]) if hangs else Returned(1)
            if hangs:
                return


@pytest.mark.parametrize("in_a_row", [True, False])
@pytest.mark.parametrize(
    ("hang", "outcomes"),
    [
        ([1, 0, 0, 1, 1, 0, 1, 0], [5, "", "", 1, 1, "", 1, ""]),
        ([0, 1, 1, 1, 0, 0], ["", 5, 1, 1, None, None]),
        ([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0], [5, "", 1, "", 1, "", 1, "", 1, "", 1, None, None, None]),
    ],
)
def test_a_call_that_hangs_costs_those_behind_it_nothing_unless_they_hang_too(monkeypatch, in_a_row, hang, outcomes):
    class Clock(Child):
        limits = Limits(call=5)
        talk = OddTalk(hang)

    clock = Clock()
    monkeypatch.setattr(Work, "open", lambda work: vars(work).update(_open=True) or {"state": "ready"})
    monkeypatch.setattr("mmlearn_edu.grading.work.time.monotonic", lambda: float(_waited(clock.talk)))
    work = Work(registry.get("pca.center"), clock, [], in_a_row)
    expected = {"": Returned(1), 5: Hung(5.0), 1: Hung(1.0, again=True), None: Hung(5.0, skipped=True)}
    assert work.calls([Case()] * len(hang)) == [expected[one] for one in outcomes]
    assert not work._open or outcomes[-1] == ""


def _waited(talk):
    """Return the seconds that the calls which hung took; the others take none."""
    return sum(given for given, hangs in zip(talk.given, talk.hang, strict=False) if hangs)


def test_who_may_not_see_the_next_question_is_asked_one_by_one():
    class Noting(Child):
        def __init__(self):
            self.asked = []
            self.talk = self

        def calls(self, calls, seconds):
            self.asked.append(len(calls))
            yield from (Returned(1) for _ in calls)

    for in_a_row, asked in ((True, [3]), (False, [1, 1, 1])):
        work = Work(registry.get("pca.center"), Noting(), [], in_a_row)
        work._open = True
        assert work.calls([Case()] * 3) == [Returned(1)] * 3
        assert work.running.asked == asked


def test_who_needs_all_the_time_for_the_last_call_keeps_the_child():
    work = Work(registry.get("pca.center"), Child(), [], in_a_row=True)
    work._open = True
    work.left = 0.01
    assert work.calls([Case()]) == [Returned(1)]
    assert work.running.stopped == 0
