"""Forked copies of this process that do one task after the other; one that dies or falls silent is replaced."""

import contextlib
import ctypes
import functools
import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any

from mmlearn_edu.checks import child
from mmlearn_edu.checks.guard import can_fork

__all__ = ["Lost", "Worker", "Workers", "can_fork"]

START = 180.0  # seconds within which a worker reports that it is ready
FAREWELL = 5.0  # seconds that workers get to tidy up at the end
_PR_SET_PDEATHSIG = 1

Work = Callable[[Connection, int], None]  # what a copy does until its pipe closes; its first message means: ready


@dataclass(frozen=True)
class Lost:
    """The end of a worker: how it came, and what it was doing."""

    how: str
    task: Any


@dataclass
class Worker:
    """A copy of this process and the pipe to it."""

    process: BaseProcess
    pipe: Connection
    slot: int
    task: Any = None
    since: float = field(default_factory=time.monotonic)
    ready: bool = False

    def give(self, task: Any) -> None:
        """Hand over a task; a worker that is gone is noticed at the next `news`."""
        self.task, self.since = task, time.monotonic()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(task)

    def end(self, until: float = 0.0) -> None:
        """Close the pipe, wait for the worker's end `until` that time, then kill it and all it started."""
        self.pipe.close()
        wait([self.process.sentinel], max(0.0, until - time.monotonic()))  # not reaped: its number is still its own
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.join()


class Workers:
    """At most `size` copies of this process; use it in a ``with`` statement.

    Fork before starting any thread, and after importing what all of them need.

    Parameters
    ----------
    work : callable
        What a copy does with its end of the pipe: send one message when it is ready, then one for each task received.
        Its second argument is a number that no other living copy has.
    size : int
    silence : float
        Seconds without a word after which a busy worker is taken for lost.
    scratch : Path
        Where each gets a folder for its temporary files, which is removed when it is gone, whatever way it went.
    """

    def __init__(self, work: Work, size: int, silence: float, scratch: Path) -> None:
        self.work, self.size, self.silence, self.scratch = work, size, silence, scratch
        self.crew: list[Worker] = []
        _libc()

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.crew:
            worker.pipe.close()
            if kind is not None:  # they are in the middle of something
                worker.process.terminate()
        until = time.monotonic() + FAREWELL
        while self.crew:
            self._end(self.crew.pop(), until)

    def fill(self, wanted: int) -> None:
        """Fork until there are `wanted` workers, or as many as there may be."""
        while len(self.crew) < min(wanted, self.size):
            self.crew.append(self._fork())

    @property
    def idle(self) -> list[Worker]:
        """The workers that wait for a task."""
        return [worker for worker in self.crew if worker.ready and worker.task is None]

    @property
    def busy(self) -> list[Worker]:
        """The workers that have one."""
        return [worker for worker in self.crew if worker.task is not None]

    def dismiss(self, worker: Worker) -> None:
        """End a worker that is not to be trusted any more."""
        self.crew.remove(worker)
        self._end(worker)

    def news(self, seconds: float) -> Iterator[tuple[Worker, Any]]:
        """Wait for at most `seconds`; yield who said what. A worker that is gone, or silent, is yielded with `Lost`."""
        heard = wait([worker.pipe for worker in self.crew], seconds)
        for worker in list(self.crew):
            if worker.pipe in heard:
                yield worker, self._message(worker)
            elif self._silent(worker):
                yield worker, self._lose(worker, "silent")

    def _message(self, worker: Worker) -> Any:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            return self._lose(worker, "died")
        if worker.ready:
            worker.task = None
        worker.ready = True
        return message

    def _silent(self, worker: Worker) -> bool:
        allowed = self.silence if worker.ready else START
        return (worker.task is not None or not worker.ready) and time.monotonic() - worker.since > allowed

    def _lose(self, worker: Worker, how: str) -> Lost:
        self.dismiss(worker)
        return Lost(how, worker.task)

    def _end(self, worker: Worker, until: float = 0.0) -> None:
        worker.end(until)
        shutil.rmtree(self.scratch / str(worker.slot), ignore_errors=True)

    def _fork(self) -> Worker:
        ours, theirs = multiprocessing.Pipe()
        others = [ours, *(worker.pipe for worker in self.crew)]
        slot = min(set(range(self.size)) - {worker.slot for worker in self.crew})
        folder = self.scratch / str(slot)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        calm = child.prepare()
        live = partial(_live, partial(self.work, theirs, slot), folder, others, os.getpid(), calm)
        process = multiprocessing.get_context("fork").Process(target=live)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads; OpenBLAS's take a fork
            process.start()
        theirs.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpgid(process.pid or 0, process.pid or 0)
        return Worker(process, ours, slot)


def _live(work: Callable[[], None], folder: Path, others: list[Connection], parent: int, calm: list[Any]) -> None:
    """Be a worker: end with the parent, whatever becomes of it, and leave Ctrl-C to it."""
    with contextlib.suppress(PermissionError):
        os.setpgid(0, 0)  # what the terminal sends goes to the parent alone
    if sys.platform.startswith("linux"):
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    gc.freeze()  # otherwise the first collection would copy the parent's whole memory
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tempfile.tempdir = str(folder)
    for other in others:
        other.close()  # only then does a worker find its pipe closed when the parent is gone
    for library in calm:
        library.set_num_threads(1)
    if os.getppid() == parent:
        work()


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)
