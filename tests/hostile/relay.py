"""A man in the middle: between the trusted side and a true sandbox, every reply may be changed on its way."""

import contextlib
import json
import socket
import struct
import threading

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.child import LENGTH
from tests.hostile.mutators import mutated_bytes, mutated_tree

_HEAD = struct.Struct("<Q")


class Relay:
    """Stand in for a launched sandbox; `change` gets the bytes of every reply and returns others, or None for the end.

    ``change = None`` lets everything through as it is.
    """

    def __init__(self, launched):
        self._launched = launched
        self.change = None
        self.replies = 0
        self._threads = []

    def ready(self):
        """Wait for the true one."""
        self._launched.ready()
        return self

    def fork(self, kind):
        """Start a true child, and stand between."""
        theirs = self._launched.fork(kind)
        if kind != "answer" or self.change is None:
            return theirs
        ours, given = socket.socketpair()
        both = [(ours, theirs, None), (theirs, ours, self.change)]
        self._threads = [threading.Thread(target=self._carry, args=one, daemon=True) for one in both]
        for thread in self._threads:
            thread.start()
        self._lines = [ours, theirs]
        return given

    def end(self, gone=False):
        """End the true child, and what stands between."""
        ended = self._launched.end(gone)
        if self._threads:
            for line in self._lines:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            for thread in self._threads:
                thread.join(10)
            for line in self._lines:
                line.close()
            self._threads = []
        return ended

    def close(self):
        """End the sandbox."""
        self._launched.close()

    def _carry(self, source, target, change):
        try:
            while True:
                head = _exactly(source, LENGTH.size)
                frame = head + _exactly(source, LENGTH.unpack(head)[0])
                if change is not None:
                    self.replies += 1
                    frame = change(frame)
                if frame is None:
                    break
                target.sendall(frame)
        except (OSError, EOFError):
            pass
        finally:
            for line in (source, target):
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def _exactly(line, n):
    found = bytearray()
    while len(found) < n:
        chunk = line.recv(n - len(found))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)


def changed(frame, rng):
    """Change one reply: its frame, its bytes, its structure, or an array's header; None hangs up."""
    kind, body = rng.integers(6), frame[LENGTH.size :]
    if kind == 0:
        return mutated_bytes(frame, rng)
    if kind == 1:
        body = mutated_bytes(body, rng)
    elif kind == 2:
        return None if rng.integers(2) else frame[: int(rng.integers(len(frame)))]
    elif kind == 3:
        start = body.find(b"\x93NUMPY")
        if start >= 0:
            body = body[:start] + mutated_bytes(body[start : start + 128], rng, times=2) + body[start + 128 :]
    else:
        (length,) = _HEAD.unpack(body[: _HEAD.size])
        tree = json.loads(body[_HEAD.size : _HEAD.size + length])
        nonce, *rest = tree["v"]
        header = json.dumps({**tree, "v": [nonce, *mutated_tree(rest, rng)]}).encode()
        body = _HEAD.pack(len(header)) + header + body[_HEAD.size + length :]
    return LENGTH.pack(len(body)) + body


def frame_of(message):
    """Return what the sandbox would send for `message`."""
    body = wire.encode(message)
    return LENGTH.pack(len(body)) + body
