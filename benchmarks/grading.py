"""How long a class takes: ours beside nbgrader and Otter-Grader, in one run. `make bench-grading` writes grading.txt.

    python benchmarks/grading.py                      everything, some ten minutes on a quiet machine
    python benchmarks/grading.py --without-peers      ours alone, nothing is written

The hand-ins are made up (benchmarks/classroom.py). The other graders live in environments of their own, made by
`make peers` or named by --peers. They get the same hand-ins twice: whole, and cut down to the questions.
"""

import argparse
import compileall
import csv
import gc
import io
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path

import classroom
import peers
from report import conditions

import mmlearn_edu

CHAPTER = "08-pca"
HERE = Path(__file__).resolve().parent
PACKAGES = ["numpy", "scipy", "scikit-learn"]
COLD, FACTOR, WARM, FLAT, SPEED_UP = 6.0, 10.0, 0.040, 0.05, 1.6  # what the project promises
TOOL = [str(Path(sys.executable).with_name("mmlearn-edu")), "grade"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".peers")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    text, missed = io.StringIO(), []
    compileall.compile_dir(Path(mmlearn_edu.__file__).parent, quiet=1)  # as pip does when it installs
    with tempfile.TemporaryDirectory(prefix="mmlearn-bench-") as folder, redirect_stdout(_Both(text)):
        print(_conditions())
        ours = cold(Path(folder), asked.rounds, missed)
        if not asked.without_peers:
            beside(asked.peers, Path(folder), ours, missed)
        jobs(Path(folder), missed)
        peaceful = warm(missed)
        hostile(peaceful, missed)
        print("\n".join(["", *(f"MISSED: {words}" for words in missed)]) if missed else "\nevery target is met")
    if not asked.without_peers:
        (HERE / "grading.txt").write_text(text.getvalue(), encoding="utf-8")
    sys.exit(1 if missed else 0)


def cold(folder, rounds, missed):
    """Time a fresh process on 20 hand-ins, and return the median."""
    classroom.write(classroom.classroom(CHAPTER, 20), folder / "twenty", CHAPTER)
    print(f"\n20 hand-ins, cold: a fresh process a run, {rounds} runs, wall clock")
    median = {}
    for n_jobs in (2, 1):
        taken = [_grade(folder / "twenty", folder / f"cold-{n_jobs}-{i}", n_jobs) for i in range(rounds)]
        median[n_jobs] = statistics.median(taken)
        print(f"  {'mmlearn-edu grade --jobs ' + str(n_jobs):<44} {median[n_jobs]:>7.1f} s   (best {min(taken):.1f} s)")
    _judge(median[2] <= COLD, f"20 hand-ins cold: {median[2]:.1f} s, promised {COLD:.0f} s", missed)
    return median[2]


def beside(environments, folder, ours, missed):
    """Time nbgrader and Otter on the same hand-ins."""
    hand_ins = classroom.classroom(CHAPTER, 20)
    rows = {}
    for whole in (True, False):
        form = "whole" if whole else "the questions alone"
        for name, tool in (("nbgrader", peers.nbgrader), ("otter", peers.otter)):
            place = folder / f"{name}-{whole}"
            place.mkdir()
            seconds, marks = tool(environments / name / "bin" / "python", hand_ins, place, whole)
            _check_marks(name, hand_ins, marks)
            rows[name, whole] = seconds
            print(f"  {name + ', ' + form:<44} {seconds:>7.1f} s   {seconds / ours:.1f} times ours")
    print(f"  ({', '.join(_version(environments, name) for name in ('nbgrader', 'otter-grader'))})")
    fastest = min(rows["nbgrader", True], rows["otter", True])
    words = f"{fastest / ours:.1f} times faster than the faster of both on whole hand-ins, promised {FACTOR:.0f}"
    _judge(fastest / ours >= FACTOR, words, missed)


def jobs(folder, missed):
    """Compare one worker with two on 300 hand-ins, start and reports included."""
    classroom.write(classroom.classroom(CHAPTER, 300), folder / "class", CHAPTER)
    one, two = (_grade(folder / "class", folder / f"jobs-{n}", n) for n in (1, 2))
    print("\n300 hand-ins, start and reports included")
    print(f"  --jobs 1 {one:.1f} s, --jobs 2 {two:.1f} s: {one / two:.2f} times")
    same = _marks(folder / "jobs-1") == _marks(folder / "jobs-2")
    _judge(same, "the marks do not depend on --jobs", missed)
    _judge(one / two >= SPEED_UP, f"--jobs 2: {one / two:.2f} times, promised {SPEED_UP}", missed)


def warm(missed, size=300):
    """Time one grader that runs already, hand-in by hand-in, and look at its memory; return its results."""
    rows, seconds, memory = _one_after_another(classroom.classroom(CHAPTER, size))
    after = {n: memory[n - 1] for n in (20, 100, 200, size) if n <= size}
    print(f"\n{size} hand-ins, warm: graders that run already, their start and first hand-in not counted")
    each = sum(seconds[1:]) / (size - 1)
    print(f"  one grader: {1e3 * each:.1f} ms each (median {1e3 * statistics.median(seconds[1:]):.1f} ms)")
    both = _side_by_side(size)
    print(f"  two side by side, as two cores allow: {1e3 * both:.1f} ms each")
    for who in ("grader", "sandbox"):
        print(f"  memory of the {who}: " + ", ".join(f"{mb[who]:.0f} MB after {n}" for n, mb in after.items()))
    growth = max(after[size][who] / after[20][who] - 1 for who in ("grader", "sandbox"))
    _judge(both <= WARM, f"warm, two cores: {1e3 * both:.1f} ms each, promised {1e3 * WARM:.0f} ms", missed)
    _judge(growth <= FLAT, f"memory grew by {growth:.0%} from 20 to {size} hand-ins, flat is {FLAT:.0%}", missed)
    return rows, seconds


def hostile(peaceful, missed, size=60):
    """Look at what one hostile hand-in in ten costs itself and the others."""
    hand_ins = classroom.classroom(CHAPTER, 300, hostile=0.1)[:size]
    rows, seconds, _ = _one_after_another(hand_ins)
    others = [n for n in range(1, size) if not hand_ins[n].hostile]
    before, now = (sum(taken[n] for n in others) / len(others) for taken in (peaceful[1], seconds))
    same = all(rows[n]["marks"] == peaceful[0][n]["marks"] for n in others)
    print(
        f"\n{size} hand-ins, {sum(one.hostile for one in hand_ins)} hostile: the others take {1e3 * now:.1f} ms each, "
        f"{1e3 * before:.1f} ms without the hostile; their marks are {'the same' if same else 'NOT THE SAME'}"
    )
    for hand_in, row, taken in zip(hand_ins, rows, seconds, strict=True):
        if hand_in.hostile:
            bombs = [f"{way} in {one}" for one, way in hand_in.answers.items() if way in classroom.BOMBS]
            print(f"  {bombs[0]:<44} {taken:>7.1f} s   {row['status']}, {row['score']:g} of {row['points']:g} points")
            limit = row["limits"]["submission"]
            _judge(taken <= limit, f"{bombs[0]} took {taken:.0f} s, more than its own limit of {limit:.0f} s", missed)
    _judge(same, "the marks of the others do not depend on the hostile", missed)
    _judge(now <= 1.25 * before, f"the others took {now / before:.2f} times as long beside the hostile", missed)


def _one_after_another(hand_ins):
    """Grade in one grader; return the results, the seconds of each, and the memory after each."""
    from mmlearn_edu.grading.engine import Grader
    from mmlearn_edu.grading.submission import read_submission

    rows, seconds, memory = [], [], []
    with Grader(CHAPTER, seed=0) as grader:
        grader.sandbox(grader.handout.imports())
        gc.freeze()
        for number, hand_in in enumerate(hand_ins):
            data = json.dumps(hand_in.notebook).encode()
            start = time.perf_counter()
            name = f"learner-{number}"
            row = grader.grade(read_submission(data, name, hand_in.folder, hand_in.folder))
            seconds.append(time.perf_counter() - start)
            rows.append(_kept(row))  # a command writes a row and forgets it: the memory of all is not the grader's
            memory.append({"grader": _resident([os.getpid()]), "sandbox": _resident(_below(os.getpid()))})
    return rows, seconds, memory


def _side_by_side(size):
    """Let two processes grade half of the class each; return the seconds for each hand-in, by the clock on the wall."""
    spawned = multiprocessing.get_context("spawn")
    with spawned.Manager() as manager, ProcessPoolExecutor(2, mp_context=spawned) as pool:
        together = manager.Barrier(2)
        spans = [*pool.map(_half, [size] * 2, range(2), [together] * 2)]
    return (max(end for _, end in spans) - min(start for start, _ in spans)) / size


def _half(size, turn, together):
    """Grade every second hand-in once both are warm; return when it began and ended."""
    from mmlearn_edu.grading.engine import Grader
    from mmlearn_edu.grading.submission import read_submission

    read = [
        read_submission(json.dumps(one.notebook).encode(), f"learner-{n}", one.folder, one.folder)
        for n, one in enumerate(classroom.classroom(CHAPTER, size))
    ]
    with Grader(CHAPTER, seed=0, slot=turn) as grader:
        grader.sandbox(grader.handout.imports())
        grader.grade(read[turn])
        gc.freeze()  # as a worker does, and all these notebooks are none of its business
        together.wait()
        start = time.monotonic()
        for submission in read[turn::2]:
            grader.grade(submission)
        return start, time.monotonic()


def _below(pid):
    """List the processes that `pid` started, and those that they did."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [found for child in map(int, children) for found in (child, *_below(child))]


def _resident(pids):
    """Add up the memory of processes in MB, each with its part of what they share."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:  # it ended meanwhile
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _grade(hand_ins, out, n_jobs):
    """Run the command as a teacher does, and return the seconds it took."""
    command = [*TOOL, str(hand_ins), "--chapter", CHAPTER, "--out", str(out), "--seed", "0", "--jobs", str(n_jobs)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    seconds = time.perf_counter() - start
    if len(_marks(out)) != len(list(hand_ins.iterdir())):
        sys.exit(f"{out / 'grades.csv'} has not a row for every hand-in")
    return seconds


def _marks(out):
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted((row["submission"], row["score"]) for row in csv.DictReader(file))


def _kept(row):
    marks = [(one["id"], one["status"], one["score"]) for one in row["exercises"]]
    return {name: row[name] for name in ("status", "score", "points", "limits")} | {"marks": marks}


def _check_marks(name, hand_ins, marks):
    """See that the other grader did its work: full marks for what is right, none for what was not touched."""
    for hand_in, mark in zip(hand_ins, marks, strict=True):
        right = sum(way in ("right", "other") for way in hand_in.answers.values())
        if mark < right:
            sys.exit(f"{name} gave {mark:g} points where {right} answers are right ({hand_in.kind}): it did not run")


def _version(environments, package):
    python = environments / package.removesuffix("-grader") / "bin" / "python"
    ask = f"import importlib.metadata as m; print(m.version({package!r}))"
    return f"{package} {subprocess.run([python, '-c', ask], capture_output=True, text=True, check=True).stdout.strip()}"


def _conditions():
    from mmlearn_edu.grading.sandbox import choose

    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{conditions(PACKAGES)} {model}; isolation: {choose().name}"


def _judge(kept, words, missed):
    if not kept:
        missed.append(words)


class _Both(io.TextIOBase):
    """Write into `text` and on the screen."""

    def __init__(self, text):
        self.text, self.screen = text, sys.stdout

    def write(self, words):
        self.screen.write(words)
        self.screen.flush()
        return self.text.write(words)


if __name__ == "__main__":
    main()
