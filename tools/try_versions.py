"""Run the tests of the rooms that build on scikit-learn with several of its versions: tools/versions.md.

Every version gets a throw-away environment with everything else as in constraints.txt, except torch: the files of
tests that compare with torch are left out.

    python tools/try_versions.py                    every version, about half an hour
    python tools/try_versions.py 1.6.1 1.7.2        some of them; the others keep their lines
    python tools/try_versions.py 1.7.2 --here FOLDER    this environment, but for scikit-learn, which is in FOLDER:
                                                    pip install --no-deps --target FOLDER scikit-learn==1.7.2
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ["1.6.1", "1.7.2", "1.8.0", "1.9.1"]
PACKAGES = ["hypothesis", "librosa", "pandas", "pillow", "platformdirs", "pooch", "pytest", "scipy", "umap-learn"]
OF_OTHERS = "ignore:scipy.optimize:DeprecationWarning"  # scikit-learn 1.6 gives SciPy 1.17 an option that goes away
REPORT = ROOT / "tools" / "versions.md"
HEAD = "| scikit-learn | exit | seconds | result | how |"
ROOMS = [
    "anomaly",
    "classification",
    "clustering",
    "evaluation",
    "features",
    "fusion",
    "representations",
    "test_similarity.py",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("versions", nargs="*", default=VERSIONS, metavar="VERSION")
    parser.add_argument("--here", metavar="FOLDER", type=Path, help="where this one version of scikit-learn is")
    asked = parser.parse_args()
    if asked.here and len(asked.versions) != 1:
        parser.error("--here takes one version: the one that is in the folder")
    print("scikit-learn  exit  seconds  result", flush=True)
    rows = [try_here(version, asked.here) if asked.here else try_one(version) for version in asked.versions]
    REPORT.write_text(report(rows), encoding="utf-8")
    return int(any(row.exit for row in rows))


@dataclass(frozen=True)
class Row:
    """What came of one version."""

    version: str
    exit: int
    seconds: float
    result: str
    failed: tuple[str, ...]
    how: str

    def __str__(self) -> str:
        return f"| {self.version} | {self.exit} | {self.seconds:.0f} | {self.result} | {self.how} |"


def report(rows: list[Row]) -> str:
    """Return the report as Markdown; versions that were not tried now keep their lines."""
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    when = f"commit {commit}, {datetime.now(UTC).date().isoformat()}"
    known = _known() | {row.version: str(replace(row, how=f"{when}, {row.how}")) for row in rows}
    lines = ["# Versions of scikit-learn", "", HEAD, "|---|---|---|---|---|", *(known[v] for v in sorted(known))]
    for row in rows:
        if row.failed:
            lines += ["", f"## Failed with {row.version}", "", *(f"- `{one}`" for one in row.failed)]
    return "\n".join(lines) + "\n"


def _known() -> dict[str, str]:
    """Read the lines of the last report."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    return {line.split("|")[1].strip(): line for line in text.splitlines() if re.match(r"\| \d", line)}


def try_here(version: str, folder: Path) -> Row:
    """Try a version that lies in `folder`, with everything else, torch too, as this environment has it."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")])}
    ask = [sys.executable, "-c", "import sklearn; print(sklearn.__version__)"]
    found = subprocess.run(ask, env=env, capture_output=True, text=True, check=True).stdout.strip()
    if found != version:
        raise SystemExit(f"{folder} gives scikit-learn {found}, not {version}")
    return _tested(version, Path(sys.executable), tests(), env, "everything else as here")


def try_one(version: str) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        others = Path(folder, "constraints.txt")
        others.write_text("\n".join(pin for pin in pins if not pin.startswith("scikit-learn==")), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "venv", f"{folder}/env"], check=True)
        python = Path(folder, "env", "Scripts" if sys.platform == "win32" else "bin", "python")
        install = ["-m", "pip", "install", "-q", "-c", others, f"scikit-learn=={version}", *PACKAGES]
        subprocess.run([python, *install], check=True)
        return _tested(version, python, tests_without_torch(), None, "an environment of its own, without torch")


def _tested(version: str, python: Path, files: list[Path], env: dict[str, str] | None, how: str) -> Row:
    start = time.monotonic()
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", OF_OTHERS, *files]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines() or ["pytest said nothing"]
    print(f"{version:<12}  {done.returncode:>4}  {time.monotonic() - start:>7.0f}  {lines[-1]}", flush=True)
    failed = [line for line in lines if re.match(r"(FAILED|ERROR) ", line)]
    print("".join(f"    {line}\n" for line in failed), end="", flush=True)
    return Row(version, done.returncode, time.monotonic() - start, lines[-1].strip("= "), tuple(failed), how)


def tests() -> list[Path]:
    files = [file for room in ROOMS for file in sorted((ROOT / "tests").glob(f"{room}/test_*.py"))]
    return files + [ROOT / "tests" / room for room in ROOMS if room.endswith(".py")]


def tests_without_torch() -> list[Path]:
    return [file for file in tests() if "import torch" not in file.read_text(encoding="utf-8")]


if __name__ == "__main__":
    sys.exit(main())
