"""A time limit for code that runs in this process: the fallback where no process can be copied."""

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

__all__ = ["Clock", "timer"]


@dataclass
class Clock:
    """Whether the time is up."""

    rang: bool = False


class TimeUp(BaseException):
    """The time is up; not an Exception, so that ``except Exception`` does not swallow it."""


@contextmanager
def timer(seconds: float) -> Iterator[Clock]:
    """Interrupt the main thread after `seconds`; in another thread, run without a limit.

    Uses the system's interval timer, which rings again every 0.1 s because a bare ``except`` may swallow one ring;
    where there is none (Windows), a thread interrupts the main thread as Ctrl-C would.
    """
    clock = Clock()
    if threading.current_thread() is not threading.main_thread():
        yield clock
    elif hasattr(signal, "setitimer"):
        with _interval_timer(seconds, clock):
            yield clock
    else:
        with _interrupting_thread(seconds, clock):
            yield clock


@contextmanager
def _interval_timer(seconds: float, clock: Clock) -> Iterator[None]:
    def ring(_signum: int, _frame: FrameType | None) -> None:
        clock.rang = True
        raise TimeUp

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def _interrupting_thread(seconds: float, clock: Clock) -> Iterator[None]:
    def ring() -> None:
        clock.rang = True
        _thread.interrupt_main()

    thread = threading.Timer(seconds, ring)
    thread.daemon = True
    thread.start()
    try:
        yield
    finally:
        thread.cancel()
