"""An answer that runs in this process has a world of its own: what it changes is put back after every call."""

import os
import random
import sys
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from mmlearn_edu.checks.answerer import Hung, InPlace, Raised, Returned


def state():
    """Everything that an answer may change for others, as comparable data."""
    return {
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "search path": list(sys.path),
        "recursion limit": sys.getrecursionlimit(),
        "random": random.getstate(),
        "NumPy's random numbers": np.random.get_state()[1].tolist(),  # noqa: NPY002
        "NumPy's errors": np.geterr(),
        "NumPy's printing": np.get_printoptions(),
        "NumPy's functions": [np.mean, np.linalg.svd, np.random.default_rng],
        "warnings": list(warnings.filters),
        "dtype": torch.get_default_dtype(),
        "gradients": torch.is_grad_enabled(),
        "torch's random numbers": torch.get_rng_state().tolist(),
        "backend": plt.get_backend(),
        "settings": dict(plt.rcParams),
        "figures": plt.get_fignums(),
        "print": [sys.stdout, sys.stderr],
        "show": plt.show,
        "input": input,
    }


def vandal(how="return"):
    os.chdir("/")
    os.environ.clear()
    os.environ["VANDAL"] = "was here"
    sys.path.clear()
    sys.setrecursionlimit(5000)
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    torch.manual_seed(1)
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    np.mean = np.linalg.svd = np.random.default_rng = None
    warnings.simplefilter("ignore")
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    plt.switch_backend("svg")
    plt.rcParams["font.size"] = 40
    plt.close("all")
    plt.figure()
    if how == "raise":
        raise ValueError("and now an error")
    while how == "loop":
        time.sleep(0.01)


@pytest.mark.parametrize(("how", "kind"), [("return", Returned), ("raise", Raised), ("loop", Hung)])
def test_everything_is_put_back(how, kind):
    plt.switch_backend("agg")
    mine = plt.figure()
    before = state()
    assert isinstance(InPlace(vandal, 1.0).call((how,), {}), kind)
    after = state()
    for name, value in before.items():
        assert after[name] == value, name
    mine.canvas.draw()
    plt.close(mine)


def test_what_was_changed_in_one_call_is_found_in_the_next_as_in_a_copy_of_the_process():
    def counts():
        os.environ["MMLEARN_COUNT"] = os.environ.get("MMLEARN_COUNT", "") + "x"
        return len(os.environ["MMLEARN_COUNT"]), np.random.normal()  # noqa: NPY002

    answerer = InPlace(counts, 5.0)
    (first, a), (second, b) = (answerer.call((), {}).value for _ in range(2))
    assert (first, second) == (1, 2)
    assert a != b
    assert "MMLEARN_COUNT" not in os.environ


def test_a_folder_that_is_gone_does_not_matter(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert InPlace(lambda: 1, 5.0).call((), {}) == Returned(1)


def test_nothing_is_printed_shown_or_asked(capfd, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("it was shown"))

    def noisy():
        print("a word")
        print("an error", file=sys.stderr)
        plt.show()
        return input("your name?")

    outcome = InPlace(noisy, 5.0).call((), {})
    assert "nobody does while a check runs" in outcome.text
    assert outcome.printed == "a word\nan error\n"
    assert capfd.readouterr() == ("", "")


class SlowToRead:
    """Takes for ever, once it is read."""

    def __repr__(self):
        while True:
            time.sleep(0.01)


def test_the_time_may_be_up_while_an_answer_is_read():
    assert InPlace(SlowToRead, 0.3).call((), {}) == Hung(0.3)
