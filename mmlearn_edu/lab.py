"""Start JupyterLab in a learner's folder, without touching the user's own Lab settings."""

import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import zmq
from jupyter_client.manager import KernelManager

from mmlearn_edu.workspace import WorkspaceError, broken_chapters, first_unfinished

__all__ = ["arguments", "open_lab"]

_PACKAGE = Path(__file__).resolve().parent
# What JupyterLab looks through beside its own folders; in the first the user's settings come before ours.
_FOLDERS = {
    "JUPYTER_CONFIG_PATH": _PACKAGE / "jupyter_config",  # no news prompt; loads mmlearn_edu.serverextension
    "JUPYTER_PATH": _PACKAGE / "jupyter_data",  # the side panel, as it is in this very package
}


def open_lab(
    folder: Path, port: int | None, browser: bool, passed_on: Sequence[str], say: Callable[[str], None]
) -> int:
    """Serve `folder` until stopped, with the first unfinished chapter open; return the exit code.

    Parameters
    ----------
    folder : Path
    port : int or None
        A port that must be free; the first free one from 8888 if None.
    browser : bool
        Whether to open one.
    passed_on : sequence of str
        More arguments for JupyterLab.
    say : callable
        What prints a line.

    Raises
    ------
    WorkspaceError
        If the port is taken.
    """
    if port is not None and not _free(port):
        raise WorkspaceError(f"port {port} is taken; try --port {_next_free(port)}, or leave --port out")
    for variable, ours in _FOLDERS.items():
        os.environ[variable] = os.pathsep.join(filter(None, [os.environ.get(variable), str(ours)]))
    if _is_root():
        say("You are root, so JupyterLab gets --allow-root; an ordinary user is safer.")
    for words in broken_chapters():
        say(words)
    from jupyterlab.labapp import LabApp  # takes a second to load, and its paths are read from the environment

    say("JupyterLab starts ...")
    server = LabApp.initialize_server(argv=[*arguments(folder, port, browser), *passed_on])
    server.log.addFilter(lambda record: "To access the server" not in record.getMessage())  # we say it, once
    ready = f"JupyterLab: {server.local_url}\nStop it with Ctrl-C, twice."
    server.io_loop.add_callback(say, ready)  # the callback before it, Jupyter's own, opens the port
    server.start()
    return 0


def arguments(folder: Path, port: int | None, browser: bool) -> list[str]:
    """Return what JupyterLab is started with."""
    wanted = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{quote(first_unfinished(folder))}",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
    ]
    if port is not None:
        wanted += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if zmq.has("curve") and hasattr(KernelManager, "transport_encryption"):  # else every kernel warns of eavesdroppers
        wanted.append("--KernelManager.transport_encryption=auto")
    return [*wanted, "--allow-root"] if _is_root() else wanted


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # a port left a moment ago counts as free, as it does for JupyterLab
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _next_free(port: int) -> int:
    return next((candidate for candidate in range(port + 1, 65536) if _free(candidate)), 8888)
