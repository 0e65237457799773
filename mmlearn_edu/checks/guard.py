"""The forked guard: the learner's code runs in a copy of the process, which may hang, crash or eat memory alone.

The parent writes a call, the child writes what came of it, both as plain data (:mod:`mmlearn_edu.checks.wire`).
"""

import contextlib
import ctypes
import faulthandler
import functools
import gc
import io
import os
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.answerer import CheckerError, Died, Hung, InPlace, Outcome, Raised, Returned, as_plain, run

__all__ = ["EXTRA_MEMORY", "Forked", "can_fork", "guarded"]

EXTRA_MEMORY = 2 * 2**30  # bytes a learner's code may take on top of what the process already holds
PRINTED = 400  # characters of output that are kept
_LENGTH = struct.Struct("<Q")
_READY = b"R"
_PR_SET_PDEATHSIG = 1


def can_fork() -> bool:
    """Say whether a copy of this process is safe: on Linux. macOS's system libraries crash in a forked child."""
    return hasattr(os, "fork") and sys.platform.startswith("linux")


def guarded(function: Callable[..., Any], time_limit: float) -> "Forked | InPlace":
    """Return the safest answerer that this system has for `function`."""
    return Forked(function, time_limit) if can_fork() else InPlace(function, time_limit)


class Forked:
    """Call `function` in a forked child with `time_limit` seconds for all calls together."""

    def __init__(self, function: Callable[..., Any], time_limit: float) -> None:
        self.function = function
        self.time_limit = time_limit
        self.left = time_limit
        self._child: _Child | None = None

    def call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Outcome:
        """Call the function; a child that died is forked again for the next call, one that hung is not."""
        if self.left <= 0:
            return Hung(self.time_limit, skipped=True)
        if self._child is None:
            self._child = _Child(self.function)
        start = time.monotonic()
        try:
            outcome = self._child.ask(wire.encode([list(args), dict(kwargs)]), self.left)
        except BaseException:
            self.close()
            raise
        self.left -= time.monotonic() - start
        if isinstance(outcome, Hung | Died):
            self.close()
        if isinstance(outcome, Hung):
            self.left = 0
            return Hung(self.time_limit)
        return outcome

    def close(self) -> None:
        """Kill the child and everything it started."""
        if self._child is not None:
            self._child.kill()
            self._child = None


class _Child:
    """One forked process and the two pipes to it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.end = ""
        prepared = _prepare()
        ask_read, self.ask_write = os.pipe()
        self.answer_read, answer_write = os.pipe()
        sys.stdout.flush()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads; the child uses none
            self.pid = os.fork()
        if self.pid == 0:
            os.close(self.ask_write)
            os.close(self.answer_read)
            _serve(function, ask_read, answer_write, prepared)
        os.close(ask_read)
        os.close(answer_write)
        if self._read(1, time.monotonic() + 30) != _READY:
            how = self.kill()
            raise CheckerError(f"the copy of the process did not start ({how})")

    def ask(self, message: bytes, seconds: float) -> Outcome:
        """Send one call and wait for what came of it."""
        deadline = time.monotonic() + seconds
        try:
            self._write(_LENGTH.pack(len(message)) + message, deadline)
            (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
            if length > wire.MAX_BYTES + 4096:
                return Died("an answer that no answer may be")
            return _outcome(wire.decode(self._read(length, deadline)))
        except TimeoutError:
            return Hung(seconds)
        except (EOFError, BrokenPipeError):
            return Died(self.kill())
        except (ValueError, TypeError, struct.error):
            return Died("an answer that cannot be read")

    def _write(self, data: bytes, deadline: float) -> None:
        os.set_blocking(self.ask_write, False)
        view = memoryview(data)
        while view:
            _wait(self.ask_write, select.POLLOUT, deadline)
            view = view[os.write(self.ask_write, view) :]

    def _read(self, n: int, deadline: float) -> bytes:
        chunks = bytearray()
        while len(chunks) < n:
            _wait(self.answer_read, select.POLLIN, deadline)
            chunk = os.read(self.answer_read, min(n - len(chunks), 1 << 20))
            if not chunk:
                raise EOFError
            chunks += chunk
        return bytes(chunks)

    def kill(self) -> str:
        """End the child and all it started; return how it had ended, in words."""
        if self.end:
            return self.end
        status = self._ended()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            _reap(self.pid, 0)
        for fd in (self.ask_write, self.answer_read):
            with contextlib.suppress(OSError):
                os.close(fd)
        self.end = _how(status)
        return self.end

    def _ended(self) -> int | None:
        """Return the child's status if it has ended; one that closed its pipe gets a moment to be gone."""
        poll = select.poll()
        poll.register(self.answer_read, 0)
        closed = bool(poll.poll(0))
        for _ in range(50 if closed else 1):
            status = _reap(self.pid, os.WNOHANG)
            if status is not None:
                return status
            time.sleep(0.01 if closed else 0)
        return None


def _wait(fd: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(fd, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(max(1, left * 1000)):
        raise TimeoutError


def _reap(pid: int, flags: int) -> int | None:
    try:
        done, status = os.waitpid(pid, flags)
    except ChildProcessError:
        return None
    return status if done else None


def _how(status: int | None) -> str:
    if status is None:
        return "stopped"
    if os.WIFEXITED(status):
        return f"exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    return "out of memory, or killed" if number == signal.SIGKILL else f"crash: {signal.Signals(number).name}"


def _outcome(message: Any) -> Outcome:
    kind, *fields = message
    return Returned(*fields) if kind == "returned" else Raised(*fields)


# What follows runs in the child, except _prepare.


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _prepare() -> Any:
    """Look up, in the parent, what the child needs: a lookup of loaded libraries in every child would cost more."""
    _libc()
    return _controller(sum(name in sys.modules for name in ("numpy", "scipy", "sklearn", "torch", "numba")))


@functools.lru_cache(maxsize=4)
def _controller(loaded: int) -> Any:  # noqa: ARG001  (the key of the cache)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _serve(function: Callable[..., Any], ask_read: int, answer_write: int, controller: Any) -> NoReturn:
    try:
        faulthandler.disable()  # a crash is told in the verdict, not by a dump in the terminal
        gc.freeze()  # otherwise the first collection would copy the parent's whole memory
        os.setpgid(0, 0)
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        output = _redirect({ask_read, answer_write})
        controller.limit(limits=1)  # a fork after OpenMP deadlocks with more than one thread
        _limit_memory()
        os.write(answer_write, _READY)
        while True:
            message = _read_exactly(ask_read, _LENGTH.unpack(_read_exactly(ask_read, _LENGTH.size))[0])
            _reply(answer_write, _answer(function, wire.decode(message), output))
    finally:
        os._exit(0)  # never the parent's exit handlers


def _answer(function: Callable[..., Any], call: Any, output: "_Output") -> bytes:
    args, kwargs = call
    output.clear()
    outcome = as_plain(run(function, tuple(args), kwargs))
    printed = output.text()
    if isinstance(outcome, Returned):
        return wire.encode(["returned", outcome.value, outcome.changed_input, printed])
    return wire.encode(["raised", outcome.kind, outcome.text, outcome.line, outcome.bases, printed])


def _reply(fd: int, message: bytes) -> None:
    view = memoryview(_LENGTH.pack(len(message)) + message)
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


class _Output(io.TextIOBase):
    """Keep the first characters that are printed, forget the rest."""

    def __init__(self) -> None:
        self.kept = ""

    def write(self, text: str) -> int:
        if len(self.kept) < PRINTED:
            self.kept += text[: PRINTED - len(self.kept)]
        return len(text)

    def clear(self) -> None:
        self.kept = ""

    def text(self) -> str:
        return self.kept


def _redirect(keep: set[int]) -> _Output:
    """Let nothing that the child prints reach the notebook's sockets or the terminal."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        if fd not in keep:
            os.dup2(nothing, fd)
    sys.stdout = sys.stderr = output = _Output()
    return output


def _limit_memory() -> None:
    import resource  # not on Windows, where nothing is forked

    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (a Path costs more than the read)
        pages = int(file.read().split()[0])
    limit = pages * resource.getpagesize() + EXTRA_MEMORY
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
