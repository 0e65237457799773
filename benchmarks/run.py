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


def loop():
    """Time what a learner waits for, in fresh processes: the first check, and a long progress file."""
    import tempfile

    print(f"\n{'the learner waits for':<28} {'median ms':>10} {'best ms':>8} {'promised':>9}")
    for name, code, limit in (("the first check", FIRST_CHECK, 1000), ("10 000 records of progress", PROGRESS, 500)):
        taken = []
        for _ in range(5):
            with tempfile.TemporaryDirectory() as home:
                environment = {**os.environ, "MMLEARN_HOME": home}
                run = [sys.executable, "-c", code]
                done = subprocess.run(run, capture_output=True, text=True, check=True, env=environment)
                taken.append(float(done.stdout.split()[-1]) * 1e3)
        print(f"{name:<28} {statistics.median(taken):>10.0f} {min(taken):>8.0f} {limit:>9}")


FIRST_CHECK = """
import time
start = time.perf_counter()
from mmlearn_edu.checks import check
assert check("pca.center", lambda X: X - X.mean(axis=0)).passed
print(time.perf_counter() - start)
"""
PROGRESS = """
import json, time
from mmlearn_edu.checks import journal, progress, registry
ids = [exercise.id for slug in registry.chapter_ids() for exercise in registry.exercises(slug)]
with (journal.home() / "progress.jsonl").open("w") as file:
    for i in range(10_000):
        record = {"format": 1, "time": float(i), "event": "check", "id": ids[i % len(ids)], "status": "failed"}
        file.write("\\n" + json.dumps(record) + "\\n")
start = time.perf_counter()
assert len(str(progress())) > 100
print(time.perf_counter() - start)
"""


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
        loop()
        print("\ncost of a check, medians in ms (promised: at most 30 beyond a bare fork)")
        check_overhead.main()
    (HERE / "results.txt").write_text(text.getvalue(), encoding="utf-8")
    print(text.getvalue(), end="")


if __name__ == "__main__":
    main()
