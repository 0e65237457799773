"""Inside the sandbox: the root process shuts itself into name spaces of its own (the level "namespaces")."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from mmlearn_edu.grading.sandbox import kernel

__all__ = ["enter"]

_DEVICES = ("null", "zero", "full", "random", "urandom")
_OURS = kernel.NEW_MOUNTS | kernel.NEW_PIDS | kernel.NEW_NETWORK | kernel.NEW_IPC | kernel.NEW_UTS


def enter(settings: dict[str, Any]) -> None:
    """Leave for name spaces of our own: files that are listed, no network, own pids. Raises OSError if we may not."""
    uid, gid = os.getuid(), os.getgid()
    if settings["new_user"]:
        kernel.unshare(kernel.NEW_USER | _OURS)
        kernel.map_user(uid, gid)
    else:
        kernel.unshare(_OURS)
    kernel.make_private()
    _build(settings)
    _become_first()
    proc = f"{settings['new_root']}/proc"
    kernel.mount("proc", proc, "proc")
    os.chdir(settings["new_root"])
    kernel.pivot_root(settings["new_root"])
    kernel.remount_read_only("/")


def _build(settings: dict[str, Any]) -> None:
    root = settings["new_root"]
    kernel.mount("tmpfs", root, "tmpfs", options="size=4m,mode=0755")
    for name in ("/proc", "/dev", settings["folder"]):
        Path(f"{root}{name}").mkdir()
    for path in settings["shown"]:
        target = Path(f"{root}{path}")
        if os.path.islink(path):  # noqa: PTH114
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(os.readlink(path))  # noqa: PTH115
            continue
        _place(target, Path(path).is_dir())
        kernel.bind_read_only(path, str(target))
    for path in settings["hidden"]:
        kernel.mount("tmpfs", f"{root}{path}", "tmpfs", flags=1, options="size=4k,mode=0555")
    for name in _DEVICES:
        _place(Path(root, "dev", name), folder=False)
        kernel.bind(f"/dev/{name}", f"{root}/dev/{name}")


def _place(target: Path, folder: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if folder:
        target.mkdir(exist_ok=True)
    else:
        target.touch()


def _become_first() -> None:
    """Go on as the first process of the new pids; the one before only waits, and ends as we end."""
    pid = os.fork()
    if pid:
        signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGKILL))
        _, status = os.waitpid(pid, 0)
        sys.stdout.flush()
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.die_with_parent()
