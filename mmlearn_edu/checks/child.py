"""What a forked copy of the process does: it calms itself, answers calls until the pipe closes, and ends."""

import ctypes
import faulthandler
import functools
import gc
import os
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any, NoReturn

if sys.platform != "win32":  # there is none, and nothing is forked
    import resource  # here and not in the child, where an import costs a search through all folders

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.answerer import Returned, run_on, sendable
from mmlearn_edu.checks.muted import Output, muted

__all__ = ["EXTRA_MEMORY", "LENGTH", "READY", "prepare", "serve"]

EXTRA_MEMORY = 2 * 2**30  # bytes a learner's code may take on top of what the process already holds
LENGTH = struct.Struct("<Q")  # goes before every message
READY = b"R"
_PR_SET_PDEATHSIG = 1


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def prepare() -> list[Any]:
    """Look up, in the parent, what the child has to calm: a lookup in every child would cost more."""
    _libc()
    return _to_calm(sum(name in sys.modules for name in ("numpy", "scipy", "sklearn", "torch", "numba")))


@functools.lru_cache(maxsize=4)
def _to_calm(loaded: int) -> list[Any]:  # noqa: ARG001  (the key of the cache)
    """List the libraries that deadlock after a fork unless they keep to one thread.

    OpenBLAS with threads of its own is not among them: it starts them anew when they are needed,
    and telling it to use one would start them, too, to spin for nothing.
    """
    from threadpoolctl import ThreadpoolController

    libraries = ThreadpoolController().lib_controllers
    return [one for one in libraries if getattr(one, "threading_layer", "") != "pthreads"]


def serve(function: Callable[..., Any], ask_read: int, answer_write: int, to_calm: list[Any]) -> NoReturn:
    """Answer calls until the parent closes its pipe; never return into the parent's code."""
    try:
        faulthandler.disable()  # a crash is told in the verdict, not by a dump in the terminal
        gc.freeze()  # otherwise the first collection would copy the parent's whole memory
        os.setpgid(0, 0)
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _close_terminal({ask_read, answer_write})
        for library in to_calm:
            library.set_num_threads(1)
        _limit_memory()
        with muted() as output:
            os.write(answer_write, READY)
            while True:
                message = _read_exactly(ask_read, LENGTH.unpack(_read_exactly(ask_read, LENGTH.size))[0])
                _reply(answer_write, _answer(function, message, output))
    finally:
        os._exit(0)  # never the parent's exit handlers


def _answer(function: Callable[..., Any], call: bytes, output: Output) -> bytes:
    output.clear()
    outcome = sendable(run_on(function, call))
    printed = output.text()
    if isinstance(outcome, Returned):
        return wire.encode(["returned", outcome.value, outcome.changed_input, printed])
    return wire.encode(["raised", outcome.kind, outcome.text, outcome.line, outcome.bases, printed])


def _reply(fd: int, message: bytes) -> None:
    view = memoryview(LENGTH.pack(len(message)) + message)
    while view:
        view = view[os.write(fd, view) :]


def _read_exactly(fd: int, n: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < n:
        chunk = os.read(fd, min(n - len(chunks), 1 << 20))
        if not chunk:
            os._exit(0)  # the parent closed the pipe
        chunks += chunk
    return bytes(chunks)


def _close_terminal(keep: set[int]) -> None:
    """Let nothing that is written below Python reach the terminal."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        if fd not in keep:
            os.dup2(nothing, fd)


def _limit_memory() -> None:
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (a Path costs more than the read)
        pages = int(file.read().split()[0])
    limit = pages * resource.getpagesize() + EXTRA_MEMORY
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
