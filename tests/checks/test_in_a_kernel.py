"""The learner's worst code in a real kernel: it is met with words, and the kernel goes on with its variables."""

import os
import signal
import time
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from mmlearn_edu.checks.guard import can_fork

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(not can_fork(), reason="needs fork (Linux); elsewhere answers run in place"),
]
ROOT = Path(__file__).parents[2]
MIME = "application/vnd.mmlearn.verdict+json"
SET_UP = """
import functools, os, sys, threading, time
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from mmlearn_edu.checks import check, registry
object.__setattr__(registry.get("pca.center"), "time_limit", 1.0)  # seconds, so that the loops below end sooner

kept = {"list": [1, 2, 3], "array": np.arange(5)}
np.random.seed(5)

def state():
    seed = np.random.get_state()[1].tolist()
    return kept["list"], kept["array"].tolist(), seed, np.geterr(), os.getcwd(), plt.get_backend(), np.mean([1, 3])

def mean_of(X):
    return X.mean(axis=0)

before = state()
"""


class Cells:
    """A kernel, and what its cells put out."""

    def __init__(self, home):
        env = {**os.environ, "MMLEARN_HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self.manager, self.client = start_new_kernel(kernel_name="python3", env=env, startup_timeout=120)

    def run(self, source, timeout=60):
        """Run a cell; return what it displayed, each by its mimetype, printed words, and the name of an error."""
        found = {"shown": [], "printed": "", "error": ""}

        def keep(message):
            content = message["content"]
            if message["msg_type"] in ("display_data", "execute_result"):
                found["shown"].append(content["data"])
            elif message["msg_type"] == "stream":
                found["printed"] += content["text"]
            elif message["msg_type"] == "error":
                found["error"] = content["ename"]

        self.client.execute_interactive(source, timeout=timeout, output_hook=keep)
        return found

    def check(self, source, answer="center"):
        """Run a cell that checks an answer; return the verdict, which must be all that is shown."""
        found = self.run(f"{source}\ncheck('pca.center', {answer});")
        assert found["error"] == ""
        assert found["printed"] == ""
        assert len(found["shown"]) == 1, found
        return found["shown"][0][MIME]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    cells = Cells(tmp_path_factory.mktemp("home"))
    assert cells.run(SET_UP, timeout=120)["error"] == ""
    yield cells
    cells.close()


def words(verdict):
    return "\n".join([*verdict["notes"], *(item["message"] for item in verdict["items"])])


def center(*lines):
    return "def center(X):\n" + "\n".join(f"    {line}" for line in lines)


SWALLOW = ["while True:", "    try:", "        while True: pass", "    except BaseException: pass"]
VANDAL = [
    "np.random.seed(0); np.seterr(all='raise'); os.chdir('/'); plt.switch_backend('svg')",
    "np.mean = np.asarray = None; kept.clear(); globals()['kept'] = None",
    "return 3",
]
BAD = {
    "endless loop": (["while True: pass"], "did not return within"),
    "loop that swallows exceptions": (SWALLOW, "did not return within"),
    "os._exit": (["os._exit(3)"], "exit code 3"),
    "sys.exit": (["sys.exit()"], "SystemExit"),
    "memory bomb": (["return [np.zeros(2**27) for _ in range(3)]"], "MemoryError"),  # 3 GiB
    "deep recursion": (["return center(X)"], "RecursionError"),
    "30 MB of prints": (["for _ in range(300): print('x' * 100_000)", "return X"], "differ"),
    "threads left": (["threading.Thread(target=time.sleep, args=(600,)).start()", "return X"], "differ"),
    "changed global state": (VANDAL, "Your answer is a whole number"),
    "crash": (["os.kill(os.getpid(), 11)"], "SIGSEGV"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_code_is_told_and_the_kernel_goes_on(kernel, name):
    lines, expected = BAD[name]
    verdict = kernel.check(center(*lines))
    assert verdict["status"] == "failed"
    assert expected in words(verdict)


@pytest.fixture(autouse=True)
def _intact(kernel):
    """After every test the kernel's variables, settings, threads and children are what they were."""
    kernel.run("threads = threading.active_count()")
    yield
    left = "open('/proc/self/task/' + str(os.getpid()) + '/children').read().split()"
    found = kernel.run(f"print(state() == before, threading.active_count() == threads, {left})")
    assert found["printed"] == "True True []\n", found


GOOD = {
    "class": ("class Center:\n    def __new__(cls, X): return X - X.mean(axis=0)", "Center"),
    "object": ("class Center:\n    def __call__(self, X): return X - X.mean(axis=0)", "Center()"),
    "bound method": ("class Center:\n    def center(self, X): return X - X.mean(axis=0)", "Center().center"),
    "partial": ("def shifted(X, axis): return X - X.mean(axis=axis)", "functools.partial(shifted, axis=0)"),
    "lambda": ("", "lambda X: X - X.mean(axis=0)"),
    "an earlier cell's function": ("def center(X): return X - mean_of(X)", "center"),
    "prints as well": ("def center(X):\n    print(X.shape)\n    return X - X.mean(axis=0)", "center"),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_of_answer_works(kernel, name):
    assert kernel.check(*GOOD[name])["status"] == "passed"


def test_what_is_the_librarys_is_recognised(kernel):
    source = "from mmlearn_edu.exercises.ch08_pca import center as center"
    verdict = kernel.check(source)
    assert verdict["diagnosis"] == ["uses-library"]
    assert "the point is to write it yourself" in words(verdict)


def test_display_inside_an_answer_shows_nothing_and_its_words_are_kept(kernel):
    """`check` above asserts that the verdict is all that is shown."""
    verdict = kernel.check(center("display(X.shape)", "plt.plot([1, 2])", "plt.show()", "return X - X.mean(axis=0)"))
    assert verdict["status"] == "passed"
    assert verdict["printed"].startswith("(")


def _wait_for(true, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_interrupting_a_check_ends_it_and_its_process(kernel, tmp_path):
    marker = tmp_path / "started"
    loop = center(f"open({str(marker)!r}, 'w').write(str(os.getpid()))", "while True: pass")
    message = kernel.client.execute(
        f"{loop}\nobject.__setattr__(registry.get('pca.center'), 'time_limit', 60.0)\ncheck('pca.center', center)"
    )
    assert _wait_for(lambda: marker.exists() and marker.read_text())
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=20)
    assert reply["parent_header"]["msg_id"] == message
    assert (reply["content"]["status"], reply["content"]["ename"]) == ("error", "KeyboardInterrupt")
    assert _wait_for(lambda: not _lives(int(marker.read_text())))
    kernel.run("object.__setattr__(registry.get('pca.center'), 'time_limit', 1.0)")


def _lives(pid):
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_killing_the_kernel_leaves_no_process_of_the_answer(tmp_path):
    own = Cells(tmp_path / "home")
    try:
        assert own.run(SET_UP, timeout=120)["error"] == ""
        marker = tmp_path / "started"
        lines = [f"open({str(marker)!r}, 'w').write(str(os.getpid()))", *SWALLOW]
        own.client.execute(
            f"object.__setattr__(registry.get('pca.center'), 'time_limit', 600.0)\n{center(*lines)}\n"
            "check('pca.center', center)"
        )
        assert _wait_for(lambda: marker.exists() and marker.read_text())
        answer = int(marker.read_text())
        assert _lives(answer)
        os.kill(own.manager.provisioner.pid, signal.SIGKILL)
        assert _wait_for(lambda: not _lives(answer))
    finally:
        own.close()
