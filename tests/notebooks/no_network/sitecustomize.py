"""Put on PYTHONPATH by the notebook tests: every process they start can talk to this machine only."""

import socket

_connect, _connect_ex, _look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
_HERE = ("127.", "localhost", "::1", "0.0.0.0")


def _only_here(address):
    host = address[0] if isinstance(address, tuple) else "127.0.0.1"  # a path is a local socket
    if not str(host).startswith(_HERE):
        raise OSError(f"this test has no network, and something asked for {host}")


def connect(self, address):
    _only_here(address)
    return _connect(self, address)


def connect_ex(self, address):
    _only_here(address)
    return _connect_ex(self, address)


def getaddrinfo(host, *args, **kwargs):
    _only_here((host or "localhost",))
    return _look_up(host, *args, **kwargs)


socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect_ex, getaddrinfo
