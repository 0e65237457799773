"""One question, checked in the notebook's process by Otter-Grader and by us: medians in milliseconds, in one run.

    python benchmarks/beside_otter.py /path/to/venv/bin/python     an environment with otter-grader and numpy in it

Otter runs its doctests in the learner's own process: an endless loop there costs the kernel, and a wrong answer gets
the failed doctest. Ours draws fresh inputs, runs the answer in a copy of the process, and looks for the mistake's name.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 20
ANSWERS = {"right": "X - X.mean(axis=0)", "wrong": "X - X.mean(axis=1, keepdims=True)"}
TEST = """
OK_FORMAT = True
test = {
    "name": "center", "points": 3,
    "suites": [{"scored": True, "setup": "", "teardown": "", "type": "doctest", "cases": [
        {"code": ">>> X = np.random.default_rng(%d).normal(3, size=(%d, %d))\\n"
                 ">>> np.allclose(center(X), X - X.mean(axis=0))\\nTrue", "hidden": False, "locked": False},
    ]}],
}
"""
OTTER = """
import statistics, sys, time, otter, numpy as np
def center(X):
    return {answer}
grader = otter.Notebook(tests_dir=sys.argv[1])
taken = []
for _ in range({rounds} + 1):
    start = time.perf_counter()
    text = str(grader.check("center", global_env=dict(np=np, center=center)))
    taken.append((time.perf_counter() - start) * 1e3)
print(f"{{taken[0]:.1f}} {{statistics.median(taken[1:]):.1f}}")
print(text)
"""
OURS = """
import statistics, time
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
def center(X):
    return {answer}
taken = []
for _ in range({rounds} + 1):
    start = time.perf_counter()
    text = str(verdict_of(registry.get("pca.center"), center))
    taken.append((time.perf_counter() - start) * 1e3)
print(f"{{taken[0]:.1f}} {{statistics.median(taken[1:]):.1f}}")
print(text)
"""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "center.py").write_text(TEST % (0, 30, 4), encoding="utf-8")
        print(f"{'':<8} {'':<8} {'first':>8} {'median':>8}   ({ROUNDS} rounds)")
        for name, answer in ANSWERS.items():
            for who, python, script in (("otter", sys.argv[1], OTTER), ("ours", sys.executable, OURS)):
                code = script.format(answer=answer, rounds=ROUNDS)
                done = subprocess.run(
                    [python, "-W", "ignore", "-c", code, folder], capture_output=True, text=True, check=True, cwd=folder
                )
                first, median = done.stdout.splitlines()[0].split()
                print(f"{name:<8} {who:<8} {first:>8} {median:>8}")
                if name == "wrong":
                    print("".join(f"    {line}\n" for line in done.stdout.splitlines()[1:]))


if __name__ == "__main__":
    main()
