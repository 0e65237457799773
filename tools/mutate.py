"""Change the numeric rooms one small thing at a time, and list the changes that no test notices.

    python tools/mutate.py               all rooms, about half an hour on two cores
    python tools/mutate.py similarity    some rooms
    python tools/mutate.py evaluation --files pairs.py slices.py --minutes 8
    python tools/mutate.py evaluation --files pairs.py --tests test_pairs.py    sooner and stricter: by these tests only
    python tools/mutate.py evaluation --files pairs.py --again    after new tests: try what survived last time
    python tools/mutate.py evaluation --files    only look the reasons up again

mutmut (https://github.com/boxed/mutmut) makes the changes and runs the tests that reach them; this script runs it in a
copy of the tracked files, and writes tools/mutants/ROOM.txt: how many of the changes were noticed, and every survivor.
Files that --files leaves out keep what the last report says of them. When the minutes are over, the report counts what
was tried, and says how many changes were not.
A change that ran out of time counts as a survivor: it may be an endless loop, or the machine was kept busy by others.
A survivor that does no harm is explained in tools/mutants/harmless.toml; at least 90 % must be noticed.
"""

import argparse
import ast
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = Path(__file__).parent / "mutants"
ROOMS = [
    "anomaly",
    "classification",
    "clustering",
    "evaluation",
    "features",
    "fusion",
    "representations",
    "retrieval",
    "similarity",
]
ENOUGH = 0.9
# it collects the garbage of the whole process after every mutant, which takes longer than most tests
QUICKER = ["-p", "no:unraisableexception"]
# these ask which file a warning points at, and mutmut puts a call of its own in between
WHERE_A_WARNING_POINTS = [
    "tests/classification/test_logistic.py::test_the_warning_points_at_the_line_that_fits",
    "tests/evaluation/test_slices.py::test_warns_of_tiny_groups",
    "tests/representations/test_topics.py::test_the_warning_points_at_the_line_that_fits",
]
MESSAGE = re.compile(r"raise |Error\(|warn\(")
TEXT = re.compile(r"""[fr]?("[^"]*"|'[^']*')""")
# what a report says of a file, and of a survivor
COUNTS = re.compile(r"^(\S+\.py): (\d+) of (\d+)(?:, (\d+) not tried)?$", re.MULTILINE)
SURVIVOR = re.compile(r"^(\S+\.py): (\S+)\n  - (.*)\n  \+ (.*)$", re.MULTILINE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--files", nargs="*", default=["*"], help="change only these files of the room")
    parser.add_argument("--tests", nargs="+", default=[""], help="run only these test files of the room")
    parser.add_argument("--again", action="store_true", help="try only the survivors of the last report")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes per room")
    wanted = parser.parse_args()
    rooms = wanted.rooms or ROOMS
    unknown = sorted(set(rooms) - set(ROOMS))
    if unknown:
        parser.error(f"no room {', '.join(unknown)} to change; there is {', '.join(ROOMS)}")
    weak = []
    for room in rooms:
        with tempfile.TemporaryDirectory() as folder:
            if wanted.files:
                change(room, Path(folder), wanted)
            outcomes, survivors = read(Path(folder) / "mutants" / "mmlearn_edu")
        if wanted.files != ["*"]:
            merge(room, outcomes, survivors)
        share = report(room, outcomes, survivors)
        weak += [room] if share < ENOUGH else []
    sys.exit(f"fewer than {ENOUGH:.0%} noticed in {', '.join(weak)}" if weak else 0)


def change(room, folder, wanted):
    """Run mutmut on a copy, so that nothing of it stays in the repository."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    package = (ROOT / "mmlearn_edu" / room).is_dir()
    settings = {
        "source_paths": ["mmlearn_edu"],
        "only_mutate": [f"mmlearn_edu/{room}/{name}" for name in wanted.files]
        if package
        else [f"mmlearn_edu/{room}.py"],
        "pytest_add_cli_args_test_selection": (
            [f"tests/{room}/{name}" for name in wanted.tests] if package else [f"tests/test_{room}.py"]
        ),
        "timeout_multiplier": 40,  # mutmut's own 15 gives up too early where others use the machine too
        "pytest_add_cli_args": [*QUICKER, *(f"--deselect={test}" for test in WHERE_A_WARNING_POINTS)],
        "also_copy": ["datasets", "notebooks", "tests", "pyproject.toml"],
    }
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items()))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)  # or the tests would import the unchanged package
    command = [sys.executable, "-m", "mutmut", "run"]
    if wanted.again:
        # a name that is no change: everything is prepared, nothing is tried
        subprocess.run([*command, "nothing"], cwd=folder, env=environment, capture_output=True, check=False)
        leave_out_the_noticed(room, folder / "mutants" / "mmlearn_edu")
    try:
        limit = wanted.minutes and 60 * wanted.minutes
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=limit)
    except subprocess.TimeoutExpired:
        print(f"\nstopped after {wanted.minutes:g} minutes")


def leave_out_the_noticed(room, folder):
    """Tell mutmut that everything was noticed but the survivors of the last report: those it tries again."""
    text = (REPORTS / f"{room}.txt").read_text(encoding="utf-8")
    counts = {
        file: (int(tried), int(tried) - int(noticed)) for file, noticed, tried, left in COUNTS.findall(text) if not left
    }
    for meta in folder.rglob("*.meta"):
        file, told = str(meta.with_suffix("").relative_to(folder)), json.loads(meta.read_text(encoding="utf-8"))
        names = told["exit_code_by_key"]
        if not names:
            continue
        last = {found for found in SURVIVOR.findall(text) if found[0] == file}
        alive = {name for name, found in zip(names, differences(meta, folder, names), strict=True) if found in last}
        if counts.get(file) != (len(names), len(alive)):
            sys.exit(f"{file} has changed since the last report, or not all was tried; run it without --again")
        told["exit_code_by_key"] = {name: None if name in alive else 1 for name in names}
        meta.write_text(json.dumps(told), encoding="utf-8")


def read(folder):
    """Return for each file how many mutants met which fate, and each survivor as (file, function, before, after)."""
    outcomes, survivors = {}, []
    for meta in sorted(folder.rglob("*.meta")):
        fates = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if not fates:
            continue
        file = str(meta.with_suffix("").relative_to(folder))
        outcomes[file] = Counter(map(fate, fates.values()))
        alive = [name for name, code in fates.items() if fate(code) not in ("noticed", "not tried")]
        survivors += differences(meta, folder, alive)
    return outcomes, survivors


def differences(meta, folder, names):
    """Return (file, function, line before, line after) of the mutants with these names."""
    source, found = meta.with_suffix(""), []
    functions = {
        node.name: ast.unparse(node).replace(f"def {node.name}", "def", 1).splitlines()
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    for name in names:
        stem, _, number = name.rpartition(".")[2].rpartition("__mutmut_")
        pair = functions[f"{stem}__mutmut_orig"], functions[f"{stem}__mutmut_{number}"]
        changed = [line for line in difflib.ndiff(*pair) if line[:1] in "-+"]
        function = stem.removeprefix("x_").removeprefix("x").strip("ǁ").replace("ǁ", ".")
        before, after = (" ".join(line[2:].strip() for line in changed if line[0] == sign) for sign in "-+")
        found.append((str(source.relative_to(folder)), function, before, after))
    return found


def fate(code):
    fates = {None: "not tried", 0: "survived", 5: "not tested", 33: "not tested"}
    fates |= dict.fromkeys((36, 24, -24, 152, 255), "out of time")
    return fates.get(code, "noticed")


def merge(room, outcomes, survivors):
    """Add what the last report says of the files that were not changed this time."""
    last = REPORTS / f"{room}.txt"
    text = last.read_text(encoding="utf-8") if last.exists() else ""
    for file, noticed, tried, left in COUNTS.findall(text):
        if file not in outcomes:
            counts = {"noticed": int(noticed), "survived": int(tried) - int(noticed), "not tried": int(left or 0)}
            outcomes[file] = Counter(counts)
            survivors += [found for found in SURVIVOR.findall(text) if found[0] == file]


def report(room, outcomes, survivors):
    harmless = tomllib.loads((REPORTS / "harmless.toml").read_text(encoding="utf-8")).get(room, {})
    total = sum(outcomes.values(), Counter())
    tried = total.total() - total["not tried"]
    share = total["noticed"] / max(1, tried)
    lines = [f"{room}: {total['noticed']} of {tried} changes noticed, {share:.1%}"]
    lines += [f"{total['not tried']} changes were not tried"] if total["not tried"] else []
    lines += [f"made by mutmut {version('mutmut')}; - is the line before, + the line that no test noticed", ""]
    for file, counts in sorted(outcomes.items()):
        left = counts["not tried"]
        lines += [f"{file}: {counts['noticed']} of {counts.total() - left}" + f", {left} not tried" * bool(left)]
    lines += [""]
    for file, function, before, after in sorted(survivors, key=lambda found: found[0]):
        lines += [f"{file}: {function}", f"  - {before}", f"  + {after}", f"  {why(before, after, harmless)}", ""]
    text = "\n".join(lines)
    (REPORTS / f"{room}.txt").write_text(text, encoding="utf-8")
    print(text)
    return share


def why(before, after, harmless):
    """Say why a survivor does no harm, as far as it is known."""
    if MESSAGE.search(before) and TEXT.sub("", before) == TEXT.sub("", after):
        return "Only words of a message differ; tests look for the part that tells what to do."
    found = [reason for pattern, reason in harmless.items() if pattern in (after or before)]
    return found[0] if found else "No reason known: write a test that notices it."


if __name__ == "__main__":
    main()
