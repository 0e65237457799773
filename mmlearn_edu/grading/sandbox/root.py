"""Inside the sandbox: the process all others are forked from. It imports once, and never runs a learner's code."""

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from mmlearn_edu.grading.sandbox import kernel, landlock

__all__ = ["main"]

_LOOKS = 0.05  # seconds between two looks at what a child uses
_MOMENT = 0.25  # seconds that a child which hung up has to end by itself


def main(fd: int) -> None:
    """Serve the trusted side on the socket `fd` until it hangs up; its first line says how."""
    control = socket.socket(fileno=fd)
    settings = json.loads(_line(control))
    kernel.die_with_parent()
    if settings["enter"]:
        from mmlearn_edu.grading.sandbox.entering import enter

        enter(settings)
    kernel.hide_from_tracers()  # not before: what is hidden may not say who it is in a name space of its own
    kernel.take_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    root = _Root(control, settings)
    root.load()
    root.serve()


def _line(control: socket.socket) -> str:
    """Read up to the end of the line, and no byte further: what follows may carry a file descriptor."""
    found = b""
    while not found.endswith(b"\n"):
        byte = control.recv(1)
        if not byte:
            raise SystemExit
        found += byte
    return found.decode()


class _Root:
    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control = control
        self.settings = settings
        self.child = 0
        self.own = 0  # pages that every child inherits
        self.status: int | None = None
        self.reason = ""

    def load(self) -> None:
        """Import what every child will need, and say that we are there."""
        self._fresh_folder()
        fonts = self.settings["fonts"]
        if fonts:
            with contextlib.suppress(OSError):
                shutil.copytree(fonts, os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
        from mmlearn_edu.checks.source import stub_instructions
        from mmlearn_edu.grading.sandbox import child, refusing  # noqa: F401  (child with all it needs)

        for source, name in self.settings["stubs"]:
            with contextlib.suppress(Exception):  # what cannot be compiled is met again, by whoever looks for it
                stub_instructions(source, name)  # which keeps them: no child has to compile them
        problems = [words for name in self.settings["imports"] if (words := _imported(name))]
        refusing.remember()
        gc.collect()
        gc.freeze()
        _, resident, shared, *_ = map(int, Path("/proc/self/statm").read_text().split())
        self.own = resident - shared
        self._reply({"ready": os.getpid(), "problems": problems})

    def serve(self) -> None:
        """Do what the trusted side asks for; meanwhile look after the child."""
        while True:
            try:
                if not self._wait():
                    continue
                request, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
            except ConnectionResetError:
                break
            if not request:
                break
            if fds:
                self._fork(request.decode().strip(), fds[0])
            else:
                if request == b"gone":
                    self._await_end()
                self._end()
                self._reply({"status": self.status, "reason": self.reason})
        self._end()
        os._exit(0)

    def _wait(self) -> bool:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        if poll.poll(_LOOKS * 1000 if self.child else None):
            return True
        self._reap()
        if self.child and not self.reason:
            self._look_after()
        return False

    def _look_after(self) -> None:
        """End a child whose processes together take too much; a limit of one process does not see the sum."""
        limits = self.settings["limits"]
        if _resident(self._family(), self.own) > limits["all_memory"]:
            self.reason = "memory"
        elif not self.settings["own_disk"] and _size(Path(self.settings["folder"])) > limits["disk"]:
            self.reason = "disk"
        if self.reason:
            self._kill()

    # ------------------------------------------------------------------------------------------------ children

    def _fork(self, kind: str, line: int) -> None:
        self._end()
        self.status, self.reason = None, ""
        self._fresh_folder()
        rules = self._rules()  # now: they name this folder, and not the one that was mounted before
        limits = dict(self.settings["limits"])
        if self.settings["shares_user"]:  # whose other processes count against the limit, and come and go
            limits["processes"] += _threads_of(os.getuid())
        pid = os.fork()
        if pid == 0:
            from mmlearn_edu.grading.sandbox import child

            settings = {**self.settings, "rules": rules, "limits": limits}
            {"analyse": child.analyse_cells, "answer": child.answer}[kind](line, settings)
        self.child = pid
        for fd in (line, rules):
            if fd is not None:
                os.close(fd)

    def _await_end(self) -> None:
        """Wait for a child that hung up: its files are closed a moment before its status is there."""
        deadline = time.monotonic() + _MOMENT
        while self.child and self.status is None and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.001)

    def _end(self) -> None:
        """Kill the child with everything it started, and wipe what it wrote."""
        if self.child:
            self._reap()
            ended = self.status
            self._kill()
            self.child, self.status = 0, ended

    def _kill(self) -> None:
        """Kill until nobody is left: who forks while we kill is found in the next round."""
        if self.status is None:  # it was not waited for: its number is still its own
            os.kill(self.child, signal.SIGKILL)
            _, self.status = os.waitpid(self.child, 0)
        for _ in range(10_000):
            if not self._reap():  # orphans become our children: without any, nobody is left
                return
            family = self._family()
            if os.getpid() == 1:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(-1, signal.SIGKILL)  # everybody in our own name space of pids, at once
            for pid in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.0005)

    def _reap(self) -> bool:
        """Take note of who ended; return whether anybody is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.child:
                self.status = status

    def _family(self) -> list[int]:
        """List every descendant: by the parent each process names, which is us where its own has ended."""
        if os.getpid() == 1:
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]  # noqa: PTH208
        parents = dict(filter(None, map(_parent, os.listdir("/proc"))))  # noqa: PTH208
        family, size = {os.getpid()}, 0
        while len(family) > size:
            size = len(family)
            family |= {pid for pid, parent in parents.items() if parent in family}
        return sorted(family - {os.getpid()})

    # ------------------------------------------------------------------------------------------------ surroundings

    def _fresh_folder(self) -> None:
        """Give the next child an empty folder; where we may mount, in memory of a limited size."""
        folder = self.settings["folder"]
        if self.settings["own_disk"]:
            if self.settings.get("mounted"):
                kernel.detach(folder)
            size = self.settings["limits"]["disk"]
            kernel.mount("tmpfs", folder, "tmpfs", options=f"size={size},nr_inodes=4096,mode=0700")
            self.settings["mounted"] = True
        else:
            _emptied(Path(folder))
        user = self.settings["user"]
        if user is not None:
            os.chown(folder, user, user)
        os.environ["MPLCONFIGDIR"] = f"{folder}/matplotlib"

    def _rules(self) -> int | None:
        if not landlock.abi():
            return None
        return landlock.rules(self.settings["readable"], self.settings["writable"])

    def _reply(self, message: dict[str, Any]) -> None:
        self.control.sendall(json.dumps(message).encode() + b"\n")


def _imported(name: str) -> str:
    module, _, function = name.partition(":")
    try:
        found = importlib.import_module(module)
        if function:
            getattr(found, function)()
    except Exception as error:  # a package that is not there: the cells that import it will say so
        return f"{name}: {type(error).__name__}: {error}"[:200]
    return ""


def _parent(name: str) -> tuple[int, int] | None:
    if not name.isdigit():
        return None
    try:
        with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
            return int(name), int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):  # it ended meanwhile
        return None


def _threads_of(user: int) -> int:
    """Count the processes and threads of a user, by what each says of itself: one that hides has files of root's."""
    total = 0
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        try:
            with open(f"/proc/{name}/status", "rb") as file:  # noqa: PTH123
                said = dict(line.split(b":", 1) for line in file.read().splitlines() if b":" in line)
        except OSError:  # it ended meanwhile
            continue
        total += int(said[b"Threads"]) if int(said[b"Uid"].split()[0]) == user else 0
    return total


def _resident(pids: list[int], inherited: int) -> int:
    """Add up the bytes that processes hold, each without the `inherited` pages that it came with."""
    pages = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123
                _, resident, shared, *_ = map(int, file.read().split())
        except (OSError, ValueError):
            continue
        pages += max(0, resident - shared - inherited)
    return pages * os.sysconf("SC_PAGE_SIZE")


def _size(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118
    return total


def _emptied(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, onerror=_insist)
        else:
            path.unlink()


def _insist(remove: Any, path: str, _error: Any) -> None:
    """Remove what a learner's code took the rights from."""
    os.chmod(os.path.dirname(path), 0o700)  # noqa: PTH101, PTH120
    os.chmod(path, 0o700)  # noqa: PTH101
    remove(path)


if __name__ == "__main__":
    main(int(sys.argv[1]))
