"""What a learner's code may do to itself, and must not do to the notebook."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.checks import guard
from mmlearn_edu.checks.answerer import CheckerError, Died, Hung, InPlace, Raised, Returned
from mmlearn_edu.checks.guard import Forked, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork (Linux); elsewhere answers run in place")
X = np.arange(6.0).reshape(3, 2)


def ask(function, *args, seconds=5.0, **kwargs):
    guard = Forked(function, seconds)
    try:
        return guard.call(args, kwargs)
    finally:
        guard.close()


def test_returns_plain_data_from_another_process():
    outcome = ask(lambda X, k: (X * k, os.getpid()), X, k=2)
    assert isinstance(outcome, Returned)
    np.testing.assert_array_equal(outcome.value[0], X * 2)
    assert outcome.value[1] != os.getpid()


def swallow_everything():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


@pytest.mark.parametrize("loop", [lambda: time.sleep(60), swallow_everything], ids=["sleep", "swallow"])
def test_a_loop_that_never_ends_is_stopped_and_later_calls_are_skipped(loop):
    guard = Forked(loop, 0.3)
    assert guard.call((), {}) == Hung(0.3)
    assert guard.call((), {}) == Hung(0.3, skipped=True)


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.mark.parametrize(
    ("end", "how"),
    [(lambda: os._exit(3), "exit code 3"), (crash, "SIGSEGV"), (os.abort, "SIGABRT")],
    ids=["exit", "crash", "abort"],
)
def test_a_process_that_ends_is_told_and_the_next_call_gets_a_new_one(end, how):
    guard = Forked(lambda really: end() if really else "alive", 5)
    outcome = guard.call((True,), {})
    assert isinstance(outcome, Died)
    assert how in outcome.how
    assert guard.call((False,), {}) == Returned("alive")
    guard.close()


def close_everything():
    os.closerange(0, 200)
    time.sleep(60)


def test_closing_all_files_ends_in_time():
    start = time.monotonic()
    assert isinstance(ask(close_everything, seconds=5), Died | Hung)
    assert time.monotonic() - start < 20


def cut_the_line():
    for number in range(3, 200):
        with contextlib.suppress(OSError):
            os.close(number)
    time.sleep(60)


def test_a_process_that_cuts_its_line_is_told_so_and_not_just_stopped():
    outcome = ask(cut_the_line, seconds=5)
    assert isinstance(outcome, Died)
    assert outcome.how == "it cut its line to the checker, as `os.close` and `os._exit` can"


def test_a_copy_that_is_never_ready_says_how_long_it_was_waited_for(monkeypatch):
    monkeypatch.setattr(guard, "STARTS_WITHIN", 0)
    with pytest.raises(CheckerError, match=r"did not start \(it was not ready within 0 s; close other programs"):
        ask(lambda: 1)


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), RecursionError("deep")], ids=lambda e: type(e).__name__
)
def test_every_exception_is_told(error):
    def fail():
        raise error

    outcome = ask(fail)
    assert isinstance(outcome, Raised)
    assert outcome.kind == type(error).__name__
    assert outcome.line == "raise error"


def test_a_question_to_nobody_is_answered_in_words():
    assert "nobody does while a check runs" in ask(lambda: input("your name?")).text


def test_deep_recursion_is_an_exception():
    def down(n):
        return down(n + 1) + 1

    assert ask(down, 0).kind == "RecursionError"


def test_a_memory_bomb_is_an_exception_and_two_hundred_megabytes_are_not():
    outcome = ask(lambda: [np.zeros(2**26) for _ in range(20)])  # 10 GiB; np.zeros, because writing them takes seconds
    assert outcome.kind == "MemoryError"
    assert ask(lambda: float(np.ones(25_000_000).sum())) == Returned(25_000_000.0)


def test_thirty_megabytes_of_prints_cost_nothing_and_the_first_words_are_kept(capfd):
    def shout():
        for _ in range(300):
            print("x" * 100_000)
        os.write(1, b"to the terminal")
        return 1

    outcome = ask(shout)
    assert outcome.value == 1
    assert outcome.printed.startswith("xxx")
    assert len(outcome.printed) <= 1000
    assert capfd.readouterr().out == ""


def test_nothing_changes_here():
    state = {"X": X.copy(), "seed": np.random.get_state()[1].copy(), "folder": os.getcwd(), "err": np.geterr()}  # noqa: NPY002

    def vandal(X):
        X[:] = 0
        np.random.seed(0)  # noqa: NPY002
        np.seterr(all="raise")
        os.chdir("/")
        np.mean = None
        sys.path.clear()
        return 1

    outcome = ask(vandal, X)
    assert outcome == Returned(1, changed_input=True)
    np.testing.assert_array_equal(X, state["X"])
    np.testing.assert_array_equal(np.random.get_state()[1], state["seed"])  # noqa: NPY002
    assert (os.getcwd(), np.geterr()) == (state["folder"], state["err"])
    assert np.mean is not None
    assert sys.path


def test_an_answer_that_breaks_numpy_is_read_all_the_same():
    def breaks(X):
        np.asarray = np.ndarray = np.lib.format = None
        return X

    np.testing.assert_array_equal(ask(breaks, X).value, X)
    np.testing.assert_array_equal(InPlace(breaks, 5).call((X,), {}).value, X)


def test_an_answer_that_swaps_numpys_names_is_put_right_too():
    def swap(X):
        names = vars(np)
        ours = dict(names)
        names.clear()
        names.update({("_" + name if name == "isclose" else name): part for name, part in ours.items()})
        names["isclose"] = lambda *args, **kwargs: True
        return X

    isclose, mean = np.isclose, np.mean
    np.testing.assert_array_equal(InPlace(swap, 5).call((X,), {}).value, X)
    assert (np.isclose, np.mean) == (isclose, mean)


def test_threads_and_processes_left_running_end_with_the_child():
    def leave(marker):
        threading.Thread(target=time.sleep, args=(60,)).start()
        subprocess.Popen([sys.executable, "-c", f"import time; time.sleep(60) # {marker}"])
        return 1

    marker = f"left-by-{os.getpid()}"
    assert ask(leave, marker).value == 1
    for _ in range(50):
        if marker not in _command_lines():
            return
        time.sleep(0.1)
    pytest.fail("a process of the learner's is still running")


def _command_lines():
    found = []
    for folder in os.listdir("/proc"):
        if folder.isdigit():
            try:
                with open(f"/proc/{folder}/cmdline", "rb") as file:
                    found.append(file.read().decode("utf-8", "replace"))
            except OSError:
                continue
    return " ".join(found)


def test_linear_algebra_works_after_the_parent_used_threads():
    A = np.random.default_rng(0).normal(size=(600, 600))
    expected = np.linalg.svd(A @ A.T, compute_uv=False)[0]
    assert ask(lambda: float(np.linalg.svd(A @ A.T, compute_uv=False)[0])).value == pytest.approx(expected)


def test_openmp_works_after_the_parent_used_its_threads():
    from sklearn.cluster import KMeans

    X = np.random.default_rng(0).normal(size=(4000, 8))

    def inertia():
        return KMeans(n_clusters=8, n_init=1, random_state=0).fit(X).inertia_

    assert ask(inertia, seconds=30).value == pytest.approx(inertia())
    assert ask(inertia, seconds=30).value == pytest.approx(inertia())


def test_a_grown_copy_of_the_input_is_not_a_changed_input():
    assert ask(lambda X: X + 1, X).changed_input is False


def _held():
    """List this process's children, zombies too, and count its open files."""
    children = []
    for task in Path("/proc/self/task").iterdir():
        children += (task / "children").read_text().split()
    return sorted(children), len(os.listdir("/proc/self/fd"))


def test_no_process_and_no_file_is_left_behind():
    before = _held()
    for _ in range(10):
        ask(lambda: 1)
        ask(lambda: os._exit(1))
    assert _held() == before


def test_in_place_stops_a_loop_too():
    assert InPlace(swallow_once, 0.3).call((), {}) == Hung(0.3)


def swallow_once():
    try:
        while True:
            pass
    except BaseException:
        while True:
            pass


def test_in_place_by_a_thread_where_there_is_no_interval_timer(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    assert InPlace(lambda: [time.sleep(0.01) for _ in range(1000)], 0.3).call((), {}) == Hung(0.3)
