"""Where the hostile hand-ins are graded: secrets, listeners and a neighbour around it, and a look at what is left."""

import ctypes
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import mmlearn_edu
from tests.hostile.unprivileged import as_ordinary_user

PACKAGE = Path(mmlearn_edu.__file__).parent
REPOSITORY = Path(__file__).parents[2]
SEED = 20260923
LIMITS = {
    "cell": 4.0,
    "call": 1.5,
    "submission": 20.0,
    "memory": 2**30,
    "all_memory": 3 * 2**29,
    "processes": 48,
}
PATIENCE = 180  # seconds after which a hand-in that does not come back has beaten the grader
SECRETS = ("private/ch08_pca_exam.py", "results/anna.json", "hand-ins/anna.ipynb", "progress/journal.jsonl")
_REACHABLE = ("/tmp", "/var/tmp", "/dev/shm")


class BeatenError(AssertionError):
    """The process that grades did not come back, or ended."""


class Place:
    """One process that grades one chapter at one level, and what must not change around it."""

    def __init__(self, folder, chapter, level, ordinary=False, limits=None):
        self.folder = folder
        self.chapter, self.level = chapter, level
        self._ordinary = ordinary
        self._limits = {**LIMITS, **(limits or {})}
        self._process = None
        self._count = 0
        self.bystander = None  # the honest row, once it is known
        self.twins = {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self._lay_out()
        self._listeners = Listeners(folder)
        self._start()

    # ------------------------------------------------------------------------------------------------ grading

    def grade(self, data, name="hostile"):
        """Return the row of the notebook `data`; raise BeatenError if there is none."""
        if self._process is None:
            self._start()
        self._count += 1
        path = self.home / "hand-in.ipynb"
        path.write_bytes(data)
        path.chmod(0o644)  # who grades may be another user
        self._ask({"file": str(path), "name": f"{name}-{self._count}"})
        found = self._read()
        self.memory = found.get("memory", 0)
        assert found.get("neighbour", True), "the neighbour was killed"
        return found["row"]

    def _start(self):
        wanted = {
            "chapter": self.chapter,
            "level": self.level,
            "limits": self._limits,
            "seed": SEED,
            "signals": str(self.home / "signals"),
        }
        command = [sys.executable, "-m", "tests.hostile.worker", json.dumps(wanted)]
        if self._ordinary:
            command = as_ordinary_user(command, self.home)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        ours = {
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(self.home),
            "HOSTILE_TOKEN": "s3cret",
            "MMLEARN_LANG": "en",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with (self.home / "errors").open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self.home,
                env=kept | ours,
                start_new_session=True,
            )
        self._neighbour = self._read()["neighbour"]

    def _ask(self, message):
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self._beaten("it ended before")

    def _read(self):
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self._beaten("no row came back" if ready else f"no row within {PATIENCE} s")
        return json.loads(line)

    def _beaten(self, why):
        self._process.kill()
        self._process.communicate()
        self._process = None
        raise BeatenError(f"{why}: {(self.home / 'errors').read_text()[-3000:]}")

    def close(self):
        """End the process, and take away all that was laid out."""
        if self._process is not None:
            try:
                self._process.communicate(timeout=20)  # no more questions: it ends
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.communicate()
        self._listeners.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------------------------------------------ surroundings

    def _lay_out(self):
        self.home = self.folder / "home"
        self.secrets = self.home / "teacher"
        for name in SECRETS:
            path = self.secrets / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("the answer is 42")
        for place in (self.home, *self.home.rglob("*")):
            place.chmod(0o700)
        if self._ordinary and os.geteuid() == 0:
            from tests.hostile.unprivileged import USER

            for place in (self.home, *self.home.rglob("*")):
                os.chown(place, USER, USER)

    def names(self):
        """Return what stands for ``@NAME@`` in a case."""
        return {
            "PACKAGE": str(PACKAGE),
            "REPOSITORY": str(REPOSITORY),
            "NOTEBOOKS": str(REPOSITORY / "notebooks"),
            "SECRETS": str(self.secrets),
            "SEED": str(SEED),
            "GRADER": str(self.pid),
            "NEIGHBOUR": str(self._neighbour),
            **self._listeners.names(),
        }

    @property
    def pid(self):
        """The process that grades: what a wrapper started may stand in front of it."""
        if self._process is None:
            self._start()
        return self._process.pid

    def surroundings(self):
        """Describe what a hand-in must leave as it was."""
        return {
            "secrets": sorted((str(path), path.read_bytes()) for path in self.secrets.rglob("*") if path.is_file()),
            "files": sorted(self._hostile_files()),
            "mounts": [line for line in Path(f"/proc/{self.pid}/mountinfo").read_text().splitlines() if _ours(line)],
            "processes": len(descendants(self.pid)),
            "strangers": sorted(hostile_processes()),
            "descriptors": len([*Path(f"/proc/{self.pid}/fd").iterdir()]),
            "signals": (self.home / "signals").exists(),
            "heard": list(self._listeners.heard),
        }

    def _hostile_files(self):
        for folder in (*_REACHABLE, "/", "/etc", PACKAGE, REPOSITORY, self.home, self.folder, Path.home(), sys.prefix):
            yield from (f"{folder}/{name}" for name in os.listdir(folder) if name.startswith("hostile-"))  # noqa: PTH208


def _ours(mount):
    return "mmlearn" in mount or "hostile" in mount


def _pids():
    return [int(place.name) for place in Path("/proc").iterdir() if place.name.isdigit()]


def _stat(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None


def descendants(pid):
    """List the processes that `pid` started, and theirs."""
    every = {pid: found for pid in _pids() if (found := _stat(pid))}
    family, size = {pid}, 0
    while len(family) > size:
        size = len(family)
        family |= {one for one, found in every.items() if int(found[1]) in family and found[0] != b"Z"}
    return family - {pid}


def hostile_processes():
    """List the processes that call themselves hostile."""
    for pid in _pids():
        try:
            called = Path(f"/proc/{pid}/comm").read_text()
        except OSError:
            continue
        if called.startswith("hostile"):
            yield called.strip()


class Listeners:
    """Whoever could be reached over the loopback, by a socket's name or its path, or by an old-fashioned key."""

    def __init__(self, folder):
        self.heard = []
        self._folder = folder
        self._abstract = f"hostile-{os.getpid()}-{folder.name}"
        self._tcp, self._udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
        self._port = self._tcp.getsockname()[1]
        self._udp.bind(("127.0.0.1", self._port))
        self._by_name, self._by_path = self._unix(f"\0{self._abstract}"), self._unix(str(folder / "door"))
        (folder / "door").chmod(0o777)
        self._key = 0x40000000 + os.getpid() % 0x1000000 * 16 + len(folder.name) % 16
        self._queue = ctypes.CDLL(None).msgget(self._key, 0o1666)
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @staticmethod
    def _unix(name):
        line = socket.socket(socket.AF_UNIX)
        line.bind(name)
        line.listen(50)
        return line

    def names(self):
        return {
            "PORT": str(self._port),
            "ABSTRACT": self._abstract,
            "SOCKET": str(self._folder / "door"),
            "KEY": str(self._key),
        }

    def _listen(self):
        doors = {self._tcp: "tcp", self._udp: "udp", self._by_name: "abstract socket", self._by_path: "socket by path"}
        while True:
            ready, _, _ = select.select([*doors, self._stop], [], [])
            if self._stop in ready:
                return
            for door in ready:
                self.heard.append(doors[door])
                if door is self._udp:
                    door.sendto(b"yes", door.recvfrom(100)[1])
                else:
                    door.accept()[0].close()

    def close(self):
        os.write(self._stopped, b"x")
        self._thread.join()
        for line in (self._tcp, self._udp, self._by_name, self._by_path):
            line.close()
        os.close(self._stop)
        os.close(self._stopped)
        ctypes.CDLL(None).msgctl(self._queue, 0, None)
