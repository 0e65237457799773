"""Inside the sandbox: the one process that runs a learner's code. It gives up everything first, then answers calls."""

import faulthandler
import gc
import os
import random
import resource
import signal
import sys
import warnings
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from mmlearn_edu.checks.answerer import Raised, raised, run_on, sendable
from mmlearn_edu.checks.muted import Output, muted
from mmlearn_edu.checks.surroundings import as_now
from mmlearn_edu.grading.sandbox import cells, inspection, kernel, landlock, reading, refusing, seccomp, stand_ins
from mmlearn_edu.grading.sandbox.wiring import receive_blocking, send_blocking

__all__ = ["analyse_cells", "answer"]


def analyse_cells(line: int, settings: Mapping[str, Any]) -> NoReturn:
    """Say of every cell what it binds and needs; one reply a cell, so that a cell that crashes Python is known."""
    try:
        _give_up(line, settings)
        for source in receive_blocking(line):
            send_blocking(line, reading.analyse(source))
    finally:
        os._exit(0)


def answer(line: int, settings: Mapping[str, Any]) -> NoReturn:
    """Run cells, then answer calls, until the trusted side hangs up."""
    try:
        _give_up(line, settings)
        with muted() as output:
            worker = _Worker(output)
            while True:
                nonce, verb, *arguments = receive_blocking(line)
                send_blocking(line, [nonce, *worker.do(verb, arguments)])
    except (EOFError, BrokenPipeError):
        pass
    finally:
        os._exit(0)  # never the root's exit handlers


class _Worker:
    """The learner's name space and what was handed in."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.captured: dict[str, list[Any]] = {}
        self.found: Any = None
        self.refused: list[str] = []
        self.put_back: Callable[[], None] | None = None
        stand_ins.install(self.captured)
        main = ModuleType("__main__")
        sys.modules["__main__"] = main  # where dataclasses, and our own tests for a learner's code, look
        self.scope = vars(main)
        self.commands = cells.Commands(self.scope)
        self.scope["get_ipython"] = lambda: self.commands

    def do(self, verb: str, arguments: list[Any]) -> list[Any]:
        """Do one thing that the trusted side asks for, and return the reply."""
        self.output.clear()
        if verb == "cell":
            return self._run_cell(*arguments)
        if verb == "analyse":
            return ["analysed", [reading.analyse(source) for source in arguments[0]]]
        if verb == "inspect":
            *asked, forbids = arguments
            self._begin(asked[0]["id"])
            self.found, facts = inspection.inspect(self.captured, self.scope, *asked)
            self._refuse(forbids)
            return ["found", facts]
        return self._told(sendable(run_on(self.found, arguments[0].tobytes())))

    def _run_cell(self, name: str, source: str, imports_only: bool) -> list[Any]:
        self.commands.left_out.clear()
        _seed(f"{name}\0{source}")
        try:
            cells.execute(name, source, self.scope, imports_only)
        except BaseException as error:  # a learner's code may raise anything, SystemExit included
            return self._told(raised(error, f"<cell {name}>"))
        return ["ran", list(self.commands.left_out), self.output.text()]

    def _begin(self, exercise: str) -> None:
        """Let every exercise find what the cells left, and not what the calls of the one before it changed."""
        if self.put_back is None:
            self.put_back = as_now()
        else:
            self.put_back()
        _seed(exercise)
        with warnings.catch_warnings():  # what was warned of once is warned of again
            pass

    def _refuse(self, forbids: list[str]) -> None:
        if forbids != self.refused:
            refusing.refuse(forbids)
            self.refused = forbids

    def _told(self, outcome: Any) -> list[Any]:
        printed = self.output.text()
        if isinstance(outcome, Raised):
            return ["raised", outcome.kind, outcome.text, outcome.line, list(outcome.bases), printed]
        return ["returned", outcome.value, outcome.changed_input, printed]


def _seed(words: str) -> None:
    """Let who draws without a seed draw the same whenever it is graded, and whatever was run before."""
    seed = zlib.crc32(words.encode("utf-8", "replace"))
    for draws_from in _SEEDS:
        draws_from(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


_SEEDS = (random.seed, np.random.seed)  # what is drawn without a generator comes from here


def _give_up(line: int, settings: Mapping[str, Any]) -> None:
    """Give up files, rights, neighbours and most of what the kernel offers; the order matters."""
    faulthandler.disable()
    gc.freeze()
    os.setsid()
    kernel.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _close_everything(line, settings["rules"])
    os.chdir(settings["folder"])
    _limit(settings["limits"])
    _change_user(settings)
    kernel.no_new_privileges()
    if settings["rules"] is not None:
        landlock.restrict(settings["rules"])
        os.close(settings["rules"])
    if seccomp.known():
        seccomp.install(os.getpid())


def _close_everything(line: int, rules: int | None) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    first = 3
    for kept in sorted(fd for fd in (line, rules) if fd is not None):
        os.closerange(first, kept)
        first = kept + 1
    os.closerange(first, 4096)


def _limit(limits: Mapping[str, int]) -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    wanted = {
        resource.RLIMIT_AS: used + limits["memory"],
        resource.RLIMIT_CPU: limits["cpu"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_NOFILE: limits["files"],
        resource.RLIMIT_FSIZE: limits["file_size"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_SIGPENDING: 64,
    }
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _change_user(settings: Mapping[str, Any]) -> None:
    user = settings["user"]
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        if settings["reads_everything"]:  # Python itself lies where only root may read; Landlock says what else is
            kernel.keep_capabilities()
        os.setresuid(user, user, user)
    kernel.drop_capabilities(*([kernel.CAP_DAC_READ_SEARCH] if settings["reads_everything"] else []))
