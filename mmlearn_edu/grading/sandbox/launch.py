"""Start the sandbox's root process at one level of isolation, and talk to it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mmlearn_edu
from mmlearn_edu._resources import resource
from mmlearn_edu.checks.messages import language
from mmlearn_edu.grading.sandbox import isolation
from mmlearn_edu.grading.sandbox.limits import Limits
from mmlearn_edu.grading.words import say

__all__ = ["Launched"]

_STARTS_WITHIN = 120.0  # seconds: on a cold disk the libraries take their time
_PACKAGE = Path(mmlearn_edu.__file__).resolve().parent
_HIDDEN = ("exercises", "_shipped/notebooks", "_shipped/tests")  # of the package
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
_FACTS = ("cpuinfo", "meminfo", "stat", "filesystems", "version", "sys/vm")  # in /proc, about the machine
_PROC = (*(f"/proc/{name}" for name in _FACTS), "/sys/devices/system/cpu")
_ARITHMETIC = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "MKL_CBWR", "NPY_DISABLE_CPU", "NPY_ENABLE_CPU")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


class Launched:
    """A running sandbox: its root process, and the socket to it.

    Parameters
    ----------
    level : Level
    imports : sequence of str
        Modules to import before anything is forked; ``module:function`` is called, too.
    limits : Limits
    slot : int
        Which of several sandboxes side by side this is.
    stubs : sequence of (str, str)
        Source and name of what may be handed in untouched.
    """

    def __init__(
        self,
        level: isolation.Level,
        imports: Sequence[str],
        limits: Limits | None = None,
        slot: int = 0,
        stubs: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.level = level
        self.limits = limits or Limits()
        self.user = isolation.user_for(slot)
        self.scratch = Path(tempfile.mkdtemp(prefix="mmlearn-sandbox-"))
        self.scratch.chmod(0o711)
        ours, theirs = socket.socketpair()
        self.control = ours
        self._buffer = b""
        self._is_ready = False
        settings = {**self._settings(list(imports)), "stubs": list(stubs)}
        try:
            with theirs:
                self.process = subprocess.Popen(
                    self._command(settings, theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    env=self._environment(settings["folder"]),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
            ours.sendall(json.dumps(settings).encode() + b"\n")
        except BaseException:
            self.close()
            raise

    def ready(self) -> "Launched":
        """Wait until everything is imported; raise IsolationError if it comes to nothing."""
        if not self._is_ready:
            self.problems = self.reply(_STARTS_WITHIN)["problems"]
            self._is_ready = True
        return self

    def reply(self, seconds: float) -> dict[str, Any]:
        """Return the next line of the root process; raise IsolationError if there is none."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            self.control.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                chunk = self.control.recv(1 << 16)
            except (TimeoutError, ConnectionError):
                chunk = b""
            if not chunk:
                raise isolation.IsolationError(say("sandbox", "root-gone", why=self._last_words()))
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def fork(self, kind: str) -> socket.socket:
        """Start a child that knows nothing of the one before; return the line to it."""
        self.ready()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self.control.settimeout(10)
                socket.send_fds(self.control, [kind.encode()], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
        return ours

    def end(self, gone: bool = False) -> tuple[int | None, str]:
        """End the child with all it started; return the status it had ended with before, and why we ended it.

        With `gone` it hung up: it is given a moment to end by itself, so that its status is known.
        """
        self.control.settimeout(10)
        self.control.sendall(b"gone" if gone else b"end")
        found = self.reply(60)
        return found["status"], found["reason"]

    def close(self) -> None:
        """End everything, and leave nothing behind."""
        self.control.close()
        if hasattr(self, "process"):
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            if self.process.stderr:
                self.process.stderr.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _last_words(self) -> str:
        self.process.kill()
        _, errors = self.process.communicate()
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else say("sandbox", "no-words")

    # ------------------------------------------------------------------------------------------------ what it is told

    def _settings(self, imports: list[str]) -> dict[str, Any]:
        limits = {name: int(value) for name, value in asdict(self.limits).items()}
        limits["cpu"] = max(1, round(self.limits.submission))
        folder = _private_folder() if self.level.own_files else str(self._made("work"))
        return {
            "enter": self.level.name == "namespaces",
            "new_user": os.getuid() != 0,
            "new_root": str(self._made("root")),
            "folder": folder,
            "own_disk": self.level.own_files,
            "user": self.user,
            "shares_user": self.user is None and not self.level.own_files,
            "reads_everything": isolation.reads_everything(self.level),
            "imports": imports,
            "fonts": _fonts(),
            "limits": limits,
            "shown": _shown(),
            "hidden": _hidden(),
            "readable": [*_readable(), *_PROC, *(["/proc"] if self.level.own_files else []), *_DEVICES],
            "writable": [folder, "/dev/null"],
        }

    def _made(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir(mode=0o700)
        return folder

    def _environment(self, folder: str) -> dict[str, str]:
        """Return all that the sandbox knows of our environment; sets of words have the same order every time."""
        same = {name: value for name, value in os.environ.items() if name.startswith(_ARITHMETIC)}
        threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB_MAXIMUM")
        return {
            **same,
            **{f"{name}_NUM_THREADS": "1" for name in threads},
            "HOME": folder,
            "LANG": "C.UTF-8",
            "MMLEARN_HOME": f"{folder}/.mmlearn",
            "MMLEARN_LANG": language(),
            "MPLBACKEND": "Agg",
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "TMPDIR": folder,
        }

    def _command(self, settings: dict[str, Any], fd: int) -> list[str]:
        find = f"import sys; sys.path[:0] = {_import_paths()!r}"
        code = f"{find}; from mmlearn_edu.grading.sandbox.root import main; main({fd})"
        python = [sys.executable, "-s", "-P", "-X", "frozen_modules=on", "-c", code]
        return [*self._bubblewrap(settings), *python] if self.level.name == "bubblewrap" else python

    def _bubblewrap(self, settings: dict[str, Any]) -> list[str]:
        limits = settings["limits"]
        words = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        words += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"]
        if self.user is None:
            words += ["--unshare-user"]
        else:
            words += [part for name in _ROOTS_RIGHTS for part in ("--cap-add", name)]
        for path in _above(settings["shown"]):
            words += ["--perms", "0755", "--dir", path]
        for path in settings["shown"]:
            link = os.path.islink(path)  # noqa: PTH114
            words += ["--symlink", os.readlink(path), path] if link else ["--ro-bind", path, path]  # noqa: PTH115
        for path in settings["hidden"]:
            words += ["--size", "4096", "--tmpfs", path, "--remount-ro", path]
        words += ["--size", "65536", "--tmpfs", "/dev"]
        words += [part for path in _DEVICES for part in ("--dev-bind", path, path)]
        words += [
            "--remount-ro",
            "/dev",
            "--proc",
            "/proc",
            "--size",
            str(limits["disk"]),
            "--tmpfs",
            settings["folder"],
        ]
        return [*words, "--remount-ro", "/", "--chdir", "/", "--"]


_ROOTS_RIGHTS = ("CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_KILL", "CAP_DAC_OVERRIDE", "CAP_SYS_RESOURCE")


def _import_paths() -> list[str]:
    """Return where our own package and its libraries are found, wherever this process found them."""
    return [str(_PACKAGE.parent), *(path for path in sys.path if path and Path(path).exists())]


def _hidden() -> list[str]:
    return [str(_PACKAGE / name) for name in _HIDDEN if (_PACKAGE / name).is_dir()]


def _shown() -> list[str]:
    """Return the files and folders that the sandbox sees, those above before those below."""
    libraries = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()]
    libraries += [str(Path(sys.executable).parent), sys.executable]
    paths = {*_SYSTEM, *(os.path.realpath(path) for path in libraries)}
    paths |= {sys.prefix, str(_PACKAGE), str(resource("datasets")), *map(str, _site_packages())}
    found = sorted(path for path in paths if os.path.lexists(path))
    folders = tuple(f"{path}/" for path in found if not os.path.islink(path))  # noqa: PTH114
    return [path for path in found if not path.startswith(folders)]


def _private_folder() -> str:
    """Return what the learner's code may write to: /tmp, unless Python or the package itself lies there."""
    return "/private" if any(path.startswith("/tmp/") for path in _shown()) else "/tmp"


def _above(paths: Sequence[str]) -> list[str]:
    """Return the folders above `paths`, outermost first: bubblewrap would close those it makes itself to others."""
    found = {str(parent) for path in paths for parent in Path(path).parents} - {"/"}
    return sorted(found - set(paths))


def _site_packages() -> list[Path]:
    return [Path(path).resolve() for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def _readable() -> list[str]:
    """Return what Landlock lets be read: the same, taken apart where a hidden folder lies below."""
    found: list[str] = []
    waiting = [os.path.realpath(path) for path in _shown()]
    hidden = _hidden()
    while waiting:
        path = waiting.pop()
        if path in hidden:
            continue
        if any(one.startswith(f"{path}/") for one in hidden):
            waiting.extend(str(inner) for inner in Path(path).iterdir())
        else:
            found.append(path)
    return found


def _fonts() -> str:
    """Return where matplotlib keeps its list of fonts, which takes seconds to make; "" if it has none."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("MPLCONFIGDIR") or caches / "matplotlib")
    try:
        return str(folder) if any(name.startswith("fontlist-") for name in os.listdir(folder)) else ""  # noqa: PTH208
    except OSError:  # there is none, or it is not for us to read
        return ""
