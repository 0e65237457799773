"""Take every exercise through the whole gate, and keep the report.

    python tools/gate.py             every chapter: some minutes on two cores; writes tools/gate.md
    python tools/gate.py 08-pca      one chapter, only printed

Right answers pass on every seed, in double and single precision; named mistakes are named, and no other answer gets
their name; small wrong variants of the solution (mutants) fail, or are listed as equivalent with the reason; rubbish
is met with words.
"""

import argparse
import os
import platform
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.gate import gate

REPORT = Path(__file__).with_name("gate.md")
HEAD = "| exercise | kind | right answers | mistakes named | mutants killed | equivalent | answers judged | seconds |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help=", ".join(registry.chapter_ids()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    wanted = parser.parse_args()
    unknown = sorted(set(wanted.chapters) - set(registry.chapter_ids()))
    if unknown:
        parser.error(f"no chapter {', '.join(unknown)}; there is {', '.join(registry.chapter_ids())}")
    exercises = [e for slug in wanted.chapters or registry.chapter_ids() for e in registry.exercises(slug)]
    with ProcessPoolExecutor(wanted.jobs) as pool:
        reports = list(pool.map(_gated, [exercise.id for exercise in exercises]))
    text = "\n".join([*_table(exercises, reports), *_equivalents(exercises, reports), *_problems(reports)])
    print(text)
    if not wanted.chapters:
        REPORT.write_text(f"# The gate\n\n{_conditions()}\n\n{text}\n", encoding="utf-8")
    sys.exit(0 if all(report.passed for report in reports) else 1)


def _gated(exercise_id):
    return gate(registry.get(exercise_id))


def _conditions():
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scikit-learn", "torch"))
    return f"Commit {commit or 'unknown'}, Python {platform.python_version()}, {versions}. Made by `make gate`."


def _table(exercises, reports):
    rows = [
        f"| {e.id} | {e.kind} | {1 + len(e.alternatives)}, {e.seeds if e.is_called else 1} seeds | {len(e.mistakes)} | "
        f"{r.killed} of {r.mutants} | {len(r.equivalent)} | {r.judged} | {r.seconds:.0f} |"
        for e, r in zip(exercises, reports, strict=True)
    ]
    passed = sum(report.passed for report in reports)
    total = f"**{passed} of {len(reports)} exercises pass.**"
    return [total, "", HEAD, "|---|---|---|---|---|---|---|---|", *rows]


def _equivalents(exercises, reports):
    found = [
        f"- `{e.id}`: `{name}`: {e.equivalent_mutants[name]}"
        for e, r in zip(exercises, reports, strict=True)
        for name in r.equivalent
    ]
    return ["", "## Mutants that change nothing", "", *found] if found else []


def _problems(reports):
    found = [f"- {report}" for report in reports if not report.passed]
    return ["", "## What is wrong", "", *found] if found else []


if __name__ == "__main__":
    main()
