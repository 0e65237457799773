"""Messages between the trusted process and the sandbox: a length, then plain data; and how much may come back."""

import os
import select
import socket
import time
from typing import Any

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.child import LENGTH

__all__ = ["MOST_BYTES", "Line", "ProtocolError", "receive_blocking", "send_blocking"]

MOST_BYTES = 64 * 2**20  # of one reply
_AT_ONCE = 1 << 18  # bytes, of which a small reply is one read
_MOST_TREE = 4 * 2**20  # of what is not in arrays: a megabyte of JSON becomes fifty in memory


class ProtocolError(ValueError):
    """What came is no reply of the sandbox's."""


def send_blocking(fd: int, message: Any) -> None:
    """Write one message, however long it takes."""
    body = wire.encode(message)
    view = memoryview(LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def receive_blocking(fd: int) -> Any:
    """Read one message of the trusted side's; raise EOFError when it hung up."""
    (length,) = LENGTH.unpack(_exactly(fd, LENGTH.size))
    return wire.decode(_exactly(fd, length))


def _exactly(fd: int, n: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < n:
        chunk = os.read(fd, min(n - len(chunks), 1 << 20))
        if not chunk:
            raise EOFError
        chunks += chunk
    return bytes(chunks)


class Line:
    """Our end of the line to one child, which may write whatever it likes.

    Parameters
    ----------
    end : socket
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._socket.setblocking(False)
        self._buffer = bytearray()
        self._unsent = bytearray()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, message: Any) -> None:
        """Write one message, or as much of it as is taken at once; the rest is written while we wait for replies."""
        body = wire.encode(message)
        self._unsent += LENGTH.pack(len(body)) + body
        self._write()

    def _write(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent, socket.MSG_NOSIGNAL)]
        except BlockingIOError:
            pass
        except OSError:  # it hung up; what it said before can still be read
            self._unsent.clear()

    def receive(self, deadline: float) -> Any:
        """Read one reply until `deadline`, distrusting it.

        Raises
        ------
        TimeoutError
        EOFError
            If the other side is gone.
        ProtocolError
            If it is too large, or not plain data.
        """
        (length,) = LENGTH.unpack(self._some(LENGTH.size, deadline))
        if length > MOST_BYTES:
            raise ProtocolError(f"a reply of {length} bytes")
        body = self._some(length, deadline)
        if int.from_bytes(body[:8], "little") > _MOST_TREE:
            raise ProtocolError("a reply with too much that is not in arrays")
        try:
            return wire.decode(body)
        except ValueError as error:
            raise ProtocolError(str(error)[:200]) from None

    def _some(self, n: int, deadline: float) -> bytes:
        while len(self._buffer) < n:
            self._wait(deadline)
            try:
                chunk = self._socket.recv(_AT_ONCE)
            except BlockingIOError:  # there was room to write, and nothing to read
                continue
            except ConnectionResetError:
                raise EOFError from None
            if not chunk:
                raise EOFError
            self._buffer += chunk
        found = bytes(self._buffer[:n])
        del self._buffer[:n]
        return found

    def _wait(self, deadline: float) -> None:
        """Wait until there is something to read, or room for what is unsent."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(max(1, left * 1000)):
            raise TimeoutError
        self._write()
