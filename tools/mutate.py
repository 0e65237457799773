"""Change the numeric rooms one small thing at a time, and list the changes that no test notices.

    python tools/mutate.py               all rooms, about half an hour on two cores
    python tools/mutate.py similarity    some rooms

mutmut (https://github.com/boxed/mutmut) makes the changes and runs the tests that reach them; this script runs it in a
copy of the tracked files, and writes tools/mutants/ROOM.txt: how many of the changes were noticed, and every survivor.
A survivor that does no harm is explained in tools/mutants/harmless.toml; at least 90 % must be noticed.
"""

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
MESSAGE = re.compile(r"raise |Error\(|warn\(")
TEXT = re.compile(r"""[fr]?("[^"]*"|'[^']*')""")


def main():
    rooms = sys.argv[1:] or ROOMS
    unknown = sorted(set(rooms) - set(ROOMS))
    if unknown:
        sys.exit(f"no room {', '.join(unknown)} to change; there is {', '.join(ROOMS)}")
    weak = []
    for room in rooms:
        with tempfile.TemporaryDirectory() as folder:
            change(room, Path(folder))
            outcomes, survivors = read(Path(folder) / "mutants" / "mmlearn_edu")
        share = report(room, outcomes, survivors)
        weak += [room] if share < ENOUGH else []
    sys.exit(f"fewer than {ENOUGH:.0%} noticed in {', '.join(weak)}" if weak else 0)


def change(room, folder):
    """Run mutmut on a copy, so that nothing of it stays in the repository."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    package = (ROOT / "mmlearn_edu" / room).is_dir()
    settings = {
        "source_paths": ["mmlearn_edu"],
        "only_mutate": [f"mmlearn_edu/{room}/*" if package else f"mmlearn_edu/{room}.py"],
        "pytest_add_cli_args_test_selection": [f"tests/{room}" if package else f"tests/test_{room}.py"],
        "also_copy": ["datasets", "notebooks", "tests", "pyproject.toml"],
    }
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items()))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)  # or the tests would import the unchanged package
    subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=folder, env=environment, check=True)


def read(folder):
    """Return how many mutants met which fate, and each survivor as (file, function, line before, line after)."""
    outcomes, survivors = Counter(), []
    for meta in sorted(folder.rglob("*.meta")):
        fates = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        outcomes.update(
            "survived" if code == 0 else "not tested" if code in (5, 33) else "noticed" for code in fates.values()
        )
        alive = [name.rpartition(".")[2] for name, code in fates.items() if code in (0, 5, 33)]
        if not alive:
            continue
        source = meta.with_suffix("")
        functions = {
            node.name: ast.unparse(node).replace(f"def {node.name}", "def", 1).splitlines()
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        for name in alive:
            stem = name.rpartition("__mutmut_")[0]
            pair = functions[f"{stem}__mutmut_orig"], functions[name]
            changed = [line for line in difflib.ndiff(*pair) if line[:1] in "-+"]
            function = stem.removeprefix("x_").removeprefix("x").strip("ǁ").replace("ǁ", ".")
            before, after = (" ".join(line[2:].strip() for line in changed if line[0] == sign) for sign in "-+")
            survivors.append((str(source.relative_to(folder)), function, before, after))
    return outcomes, survivors


def report(room, outcomes, survivors):
    harmless = tomllib.loads((REPORTS / "harmless.toml").read_text(encoding="utf-8")).get(room, {})
    share = outcomes["noticed"] / max(1, outcomes.total())
    lines = [f"{room}: {outcomes['noticed']} of {outcomes.total()} changes noticed, {share:.1%}"]
    lines += [f"made by mutmut {version('mutmut')}; - is the line before, + the line that no test noticed", ""]
    for file, function, before, after in survivors:
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
