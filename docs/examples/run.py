"""Run the examples and set what they find beside the figures that were published.

    python docs/examples/run.py                        all of them, one after the other (`make examples`)
    python docs/examples/run.py fusion_under_noise     one or some: only their sections of RESULTS.md are replaced
    python docs/examples/run.py --seeds 2 motion       a quick look: printed, not kept

An example is a file beside this one with a function `rows(seeds)`. It returns a list of `(what, published, values)`:
what was measured, the published figure or target (a number, a few words, or None), and our value for each seed. The
interval is Student's, over the seeds: it tells how much noise, splits and starting weights move the mean, not what
other data would give.
"""

import argparse
import importlib.metadata
import importlib.util
import math
import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

from scipy.stats import t as student

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
N_SEEDS = 5
PACKAGES = ["numpy", "scipy", "scikit-learn", "librosa", "torch", "torchvision"]
INTRODUCTION = """# The published figure beside ours

Written by `make examples`; change a script, not this file. *Ours* is the mean over the seeds, and the interval is
Student's 95 % interval over them: it tells how much noise, splits and starting weights move the mean. Why a figure
differs from the published one stands in the docstring of its script.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of: " + ", ".join(names()))
    parser.add_argument("--seeds", type=int, default=N_SEEDS, help=f"{N_SEEDS} by default; others are only printed")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(names())):
        parser.error(f"no example is called {', '.join(unknown)}; there are {', '.join(names())}")
    if asked.seeds < 1:
        parser.error(f"--seeds {asked.seeds}: at least one seed is needed")
    for name in asked.names or names():
        text = section(name, range(asked.seeds))
        print(text, flush=True)
        if asked.seeds == N_SEEDS:  # after each example, so that what is done is kept when a later one fails
            RESULTS.write_text(replaced(read(RESULTS), name, text), encoding="utf-8")


def names():
    """Name every example there is, in the order of the alphabet."""
    return sorted(path.stem for path in HERE.glob("*.py") if path != Path(__file__).resolve())


def load(name):
    """Import an example by its name."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def section(name, seeds):
    """Run one example and write its part of RESULTS.md."""
    module = load(name)
    table = format_table(module.rows(seeds))
    return "\n".join([f"## {name}", "", module.__doc__.splitlines()[0], "", *table, "", conditions(len(seeds)), ""])


def format_table(rows):
    """Lay out the rows as a table in Markdown."""
    lines = ["| what | published | ours | 95 % interval | difference |", "| --- | ---: | ---: | :---: | ---: |"]
    for what, published, values in rows:
        mean, low, high = interval([float(value) for value in values])  # NaN where data could not be downloaded
        spread = "-" if math.isnan(low) else f"{low:.3f} to {high:.3f}"
        number = isinstance(published, (int, float))
        target = f"{published:.3f}" if number else published or "-"
        difference = f"{mean - published:+.3f}".replace("-0.000", "+0.000") if number else "-"
        lines.append(f"| {what} | {target} | {mean:.3f} | {spread} | {difference} |")
    return lines


def interval(values):
    """Return the mean and its 95 % interval by Student's t; one value alone has no interval (NaN)."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return mean, math.nan, math.nan
    half = student.ppf(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def conditions(n_seeds):
    """Say on what this was measured."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    changed = " with uncommitted changes" if git("status", "--porcelain", ":/", f":!{RESULTS.name}") else ""
    return (
        f"{n_seeds} seeds, commit {git('rev-parse', '--short=12', 'HEAD') or 'unknown'}{changed}, "
        f"Python {platform.python_version()}, {versions}, {platform.system()} {platform.machine()}"
    )


def git(*words):
    try:
        return subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:  # no git on this machine: the commit stays unknown
        return ""


def read(path):
    """Return the sections of RESULTS.md by name."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {part.split("\n", 1)[0]: f"## {part}" for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]}


def replaced(sections, name, text):
    """Return RESULTS.md with this section in place of the old one, and without those whose script is gone."""
    sections = {**sections, name: text}
    kept = [sections[key].strip() for key in sorted(sections) if key in names()]
    return "\n\n".join([INTRODUCTION.strip(), *kept]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
