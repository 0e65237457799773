"""Time what has to be quick. `make bench` prints the figures and keeps them in benchmarks/results.txt."""

import importlib.metadata
import io
import os
import platform
import statistics
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import check_overhead

ROUNDS = 11
HERE = Path(__file__).resolve().parent
COMMANDS = {  # name: (command, limit in ms that the project promises)
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "import mmlearn_edu": ([sys.executable, "-c", "import mmlearn_edu"], 200),
    "mmlearn-edu --help": ([str(Path(sys.executable).with_name("mmlearn-edu")), "--help"], 300),
    "import numpy": ([sys.executable, "-c", "import numpy"], None),
    "import mmlearn_edu.checks": ([sys.executable, "-c", "import mmlearn_edu.checks"], None),
}


def milliseconds(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1e3


def startup():
    """Interleave the commands, so that a busy moment hits all of them alike."""
    taken = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, (command, _limit) in COMMANDS.items():
            taken[name].append(milliseconds(command))
    print(f"{'start-up, wall clock':<28} {'median ms':>10} {'best ms':>8} {'promised':>9}")
    for name, values in taken.items():
        limit = COMMANDS[name][1]
        print(f"{name:<28} {statistics.median(values):>10.0f} {min(values):>8.0f} {limit or '-':>9}")


def scenes():
    """Time 1000 scenes on one core (promised: 600 ms of processor time)."""
    from mmlearn_edu.datasets import make_scenes

    make_scenes(10)
    taken = []
    for seed in range(5):
        start = time.process_time()
        make_scenes(1000, random_state=seed)
        taken.append((time.process_time() - start) * 1e3)
    print(f"\n{'make_scenes(1000), cpu':<28} {statistics.median(taken):>10.0f} {min(taken):>8.0f} {600:>9}")


def conditions():
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False).stdout
    changed = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], cwd=HERE, capture_output=True, text=True, check=False
    )
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "scipy", "scikit-learn", "torch")
    )
    print(f"commit {commit.strip() or 'unknown'}{' with uncommitted changes' if changed.stdout else ''}")
    print(f"Python {platform.python_version()}, {versions}")
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}, {ROUNDS} rounds\n")


def main():
    text = io.StringIO()
    with redirect_stdout(text):
        conditions()
        startup()
        scenes()
        print("\ncost of a check, medians in ms (promised: at most 30 beyond a bare fork)")
        check_overhead.main()
    (HERE / "results.txt").write_text(text.getvalue(), encoding="utf-8")
    print(text.getvalue(), end="")


if __name__ == "__main__":
    main()
