"""Keep a report of a long run of the tests: what ran, on which commit, what was left out and why, how long it took.

A plugin of pytest; `make test-full` uses it:

    python -m pytest -p tools.full_report --full-report tools/full.md
"""

import platform
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTCOMES = ["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
PACKAGES = ["numpy", "scipy", "scikit-learn", "torch", "matplotlib", "ipykernel", "pytest"]
SLOWEST = 15


def pytest_addoption(parser):
    parser.addoption("--full-report", metavar="FILE", help="write a report of this run, in Markdown")


def pytest_sessionstart(session):
    session.config._full_report_start = time.time()


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    path = config.getoption("--full-report")
    if path and not hasattr(config, "workerinput"):  # a worker that is interrupted would write of its own tests alone
        seconds = time.time() - config._full_report_start
        text = report(terminalreporter.stats, _asked(config.invocation_params.args), exitstatus, seconds)
        Path(path).write_text(text, encoding="utf-8")
        terminalreporter.write_line(f"wrote {path}")


def _asked(arguments):
    """Return what was asked of pytest, but for this plugin's own words."""
    own = {i + k for i, one in enumerate(arguments) for k in (0, 1) if one in ("-p", "--full-report")}
    return shlex.join(one for i, one in enumerate(arguments) if i not in own)


def report(stats, asked, exitstatus, seconds):
    """Return the report as Markdown; `stats` are pytest's reports by outcome."""
    found = {outcome: stats.get(outcome, []) for outcome in OUTCOMES}
    counts = ", ".join(f"{len(found[outcome])} {outcome}" for outcome in OUTCOMES if found[outcome])
    left_out = f"; {len(stats['deselected'])} deselected" if "deselected" in stats else ""
    parts = [
        "# The long tests",
        conditions(asked),
        f"**{counts or 'nothing ran'}**, exit status {int(exitstatus)}, {_length(seconds)}{left_out}.",
        _rooms(found, stats),
        _listed("Failed", [f"`{one.nodeid}`: {_reason(one)}" for one in [*found["failed"], *found["error"]]]),
        _listed("Skipped", [f"{n} x {reason}" for reason, n in Counter(map(_reason, found["skipped"])).most_common()]),
        _listed("Slowest", [f"{seconds:.0f} s `{name}`" for name, seconds in _slowest(stats)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def conditions(asked=""):
    """Say on what this was run: commit, versions, machine, and what was asked for."""
    commit = _git("rev-parse", "HEAD") or "unknown"
    changed = " with changes that are not committed" if _git("status", "--porcelain", "--untracked-files=no") else ""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    ran = f" Asked for: `pytest {asked}`." if asked else ""
    machine = f"{platform.system()} {platform.machine()}"
    day = datetime.now(UTC).date().isoformat()
    return f"Commit {commit}{changed}, {day}, Python {platform.python_version()}, {machine}, {versions}.{ran}"


def _git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _rooms(found, stats):
    """Count by the folder, or the file, below tests/."""
    counts = {}
    for outcome in OUTCOMES:
        for one in found[outcome]:
            counts.setdefault(_room(one.nodeid), Counter())[outcome] += 1
    seconds = Counter()
    for one in _timed(stats):
        seconds[_room(one.nodeid)] += one.duration
    head = ["| room | passed | failed | skipped | seconds |", "|---|---|---|---|---|"]
    rows = [
        f"| {room} | {n['passed']} | {n['failed'] + n['error']} | {n['skipped']} | {seconds[room]:.0f} |"
        for room, n in sorted(counts.items())
    ]
    return "\n".join([*head, *rows]) if rows else ""


def _room(nodeid):
    parts = nodeid.partition("::")[0].removeprefix("tests/").split("/")
    return parts[0]


def _timed(stats):
    """Return the reports of every phase of every test, each once."""
    every = {id(one): one for reports in stats.values() for one in reports if hasattr(one, "duration")}
    return list(every.values())


def _slowest(stats):
    seconds = Counter()
    for one in _timed(stats):
        seconds[one.nodeid] += one.duration
    return [(name, length) for name, length in seconds.most_common(SLOWEST) if length >= 1]


def _reason(one):
    """Return why a test was skipped or failed, in one line and without a place on this machine."""
    if isinstance(one.longrepr, tuple):
        words = one.longrepr[2].removeprefix("Skipped: ")
    else:
        crash = getattr(one.longrepr, "reprcrash", None)
        words = (crash.message if crash else str(one.longrepr)).splitlines()[0]
    return re.sub(r"(/[\w.-]+){2,}/", "", words)[:200]


def _length(seconds):
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _listed(title, lines):
    return f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


if __name__ == "__main__":
    sys.exit(__doc__)
