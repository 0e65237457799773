"""The forked guard: the learner's code runs in a copy of the process, which may hang, crash or eat memory alone.

The parent writes a call, the child writes what came of it, both as plain data (:mod:`mmlearn_edu.checks.wire`).
"""

import contextlib
import os
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from mmlearn_edu.checks import child, wire
from mmlearn_edu.checks.answerer import Answerer, CheckerError, Died, Hung, InPlace, Outcome, Raised, Returned
from mmlearn_edu.checks.child import LENGTH, READY
from mmlearn_edu.checks.messages import say

__all__ = ["Forked", "can_fork", "guarded", "how_ended"]

STARTS_WITHIN = 30  # seconds a copy of the process may take to be there, on a machine that swaps


def can_fork() -> bool:
    """Say whether a copy of this process is safe: on Linux. macOS's system libraries crash in a forked child."""
    return hasattr(os, "fork") and sys.platform.startswith("linux")


def guarded(function: Callable[..., Any], time_limit: float) -> "Forked | InPlace":
    """Return the safest answerer that this system has for `function`."""
    return Forked(function, time_limit) if can_fork() else InPlace(function, time_limit)


class Forked(Answerer):
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
        prepared = child.prepare()
        ask_read, self.ask_write = os.pipe()
        self.answer_read, answer_write = os.pipe()
        sys.stdout.flush()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads; the child uses none
            self.pid = os.fork()
        if self.pid == 0:
            os.close(self.ask_write)
            os.close(self.answer_read)
            child.serve(function, ask_read, answer_write, prepared)
        os.close(ask_read)
        os.close(answer_write)
        self.ready = False

    def _wait_until_ready(self) -> None:
        """Wait for the child's sign; what goes wrong before it is not the learner's doing."""
        try:
            self.ready = self.ready or self._read(1, time.monotonic() + STARTS_WITHIN) == READY
        except EOFError:
            raise CheckerError(say("no-copy", how=self.kill())) from None
        except TimeoutError:
            self.kill()
            raise CheckerError(say("no-copy", how=say("not-ready", seconds=STARTS_WITHIN))) from None

    def ask(self, message: bytes, seconds: float) -> Outcome:
        """Send one call and wait for what came of it."""
        self._wait_until_ready()
        deadline = time.monotonic() + seconds
        try:
            self._write(LENGTH.pack(len(message)) + message, deadline)
            (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
            if length > wire.MAX_BYTES + 4096:
                return Died(say("died-huge"))
            return _outcome(wire.decode(self._read(length, deadline)))
        except TimeoutError:
            return Hung(seconds)
        except (EOFError, BrokenPipeError):
            return Died(self.kill())
        except (ValueError, TypeError, struct.error):
            return Died(say("died-unreadable"))

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
        self.end = how_ended(status)
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


def how_ended(status: int | None) -> str:
    """Say in words how a process with this wait status ended; None if it had not."""
    if status is None:
        return say("died-stopped")
    if os.WIFEXITED(status):
        return say("died-exit", code=os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL:
        return say("died-killed")
    return say("died-crash", name=signal.Signals(number).name)


def _outcome(message: Any) -> Outcome:
    kind, *fields = message
    return Returned(*fields) if kind == "returned" else Raised(*fields)
