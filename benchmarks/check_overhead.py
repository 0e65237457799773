"""What a check costs beyond a bare fork, with 0 and 4 GiB of live arrays: medians in milliseconds."""

import os
import platform
import statistics
import time

import numpy as np

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of

ROUNDS = 30


def bare_fork() -> float:
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return (time.perf_counter() - start) * 1e3


def one_check(exercise: object, answer: object) -> float:
    start = time.perf_counter()
    verdict = verdict_of(exercise, answer)
    assert verdict.passed, str(verdict)
    return (time.perf_counter() - start) * 1e3


def center(X):
    return X - X.mean(axis=0)


def main() -> None:
    exercise = registry.get("pca.center")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores, {ROUNDS} rounds")
    print(f"{'live arrays':>12} {'bare fork':>10} {'check':>8} {'beyond':>8}")
    for gib in (0, 4):
        held = [np.ones(2**27) for _ in range(gib)]  # 1 GiB each, every page written
        one_check(exercise, center)
        forks, checks = zip(*[(bare_fork(), one_check(exercise, center)) for _ in range(ROUNDS)], strict=True)
        fork, check = statistics.median(forks), statistics.median(checks)
        print(f"{gib:>8} GiB {fork:>8.1f} {check:>8.1f} {check - fork:>8.1f}")
        del held


if __name__ == "__main__":
    main()
