"""Ours beside the professionals', in one run on one machine. `make bench` keeps the table in benchmarks/RESULTS.md.

    python benchmarks/ratios.py                  every task
    python benchmarks/ratios.py kmeans mfcc      tasks whose name has one of these words

Both sides get the same data and must give the same answer, or the task fails. Times alternate, ours and theirs, so
that a busy moment hits both; the ratio is the median over the pairs. Memory is what a fresh process needs on top of
the data.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import tasks
from report import conditions, write_section

HERE = Path(__file__).resolve().parent
PACKAGES = ["numpy", "scipy", "scikit-learn", "torch", "librosa", "cca-zoo", "faiss-cpu"]
HEADING = """# Ours beside the professionals'

Written by `make bench`; smaller is better. Both sides of a row got the same data and gave the same answer in this
run."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--peak", nargs=2, metavar=("NUMBER", "SIDE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peak:
        print(json.dumps(peak(tasks.TASKS[int(asked.peak[0])], asked.peak[1])))
        return
    chosen = [task for task in tasks.TASKS if not asked.words or any(word in task.name for word in asked.words)]
    if not chosen:
        sys.exit(f"no task has {' or '.join(asked.words)} in its name: {', '.join(t.name for t in tasks.TASKS)}")
    rows = [measure(task) for task in chosen]
    text = "\n".join([HEADING, "", conditions(PACKAGES), "", *table(rows), ""])
    if not asked.words:
        write_section(HERE / "RESULTS.md", text + (HERE / "misses.md").read_text(encoding="utf-8"))
    print(text)


def measure(task):
    """Time both sides in turns, and look that they agree."""
    data = task.make()
    ours, theirs = task.ours(*data), task.theirs(*data)  # the first call also warms up
    task.agree(ours, theirs)
    pairs = [(seconds(task.ours, data), seconds(task.theirs, data)) for _ in range(task.rounds)]
    peaks = [memory(tasks.TASKS.index(task), side) for side in ("ours", "theirs")]
    row = {
        "task": task.name,
        "peer": task.peer,
        "ours": statistics.median(a for a, _ in pairs),
        "theirs": statistics.median(b for _, b in pairs),
        "ratio": statistics.median(a / b for a, b in pairs),
        "limit": task.limit,
        "memory": peaks[0] / peaks[1] if all(peaks) else None,
        "peaks": peaks,
    }
    print(f"{task.name} against {task.peer}: {row['ratio']:.2f} (at most {task.limit})", file=sys.stderr)
    return row


def seconds(function, data):
    start = time.perf_counter()
    function(*data)
    return time.perf_counter() - start


def memory(number, side):
    """Ask a fresh process how far its memory grows; None where the system does not tell."""
    command = [sys.executable, __file__, "--peak", str(number), side]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def peak(task, side):
    data = task.make()
    getattr(task, side)(*(task.small(*data)))  # imports and buffers that stay are not the method's
    before = high_water(reset=True)
    getattr(task, side)(*data)
    after = high_water()
    return None if before is None else max(after - before, 0.1)


def high_water(reset=False):
    """Return the most memory (MB) this process ever held; Linux lets us start counting anew."""
    if not sys.platform.startswith("linux"):
        return None
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def table(rows):
    yield "| task | against | ours, s | theirs, s | ratio | at most | peak memory, ratio |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for row in rows:
        mark = "" if row["ratio"] <= row["limit"] else " **missed**"
        memory = (
            "" if row["memory"] is None else f"{row['memory']:.2f} ({row['peaks'][0]:.0f} / {row['peaks'][1]:.0f} MB)"
        )
        yield (
            f"| {row['task']} | {row['peer']} | {row['ours']:.3g} | {row['theirs']:.3g} | "
            f"{row['ratio']:.2f}{mark} | {row['limit']} | {memory} |"
        )


if __name__ == "__main__":
    main()
