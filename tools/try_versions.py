"""Run the tests of the rooms that build on scikit-learn with several of its versions, and print a table.

Every version gets a throw-away environment with everything else as in constraints.txt, except torch: the files of
tests that compare with torch are left out.

    python tools/try_versions.py [1.6.1 1.7.2 ...]
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ["1.6.1", "1.7.2", "1.8.0", "1.9.1"]
PACKAGES = ["hypothesis", "librosa", "pandas", "pillow", "platformdirs", "pooch", "pytest", "scipy", "umap-learn"]
OF_OTHERS = "ignore:scipy.optimize:DeprecationWarning"  # scikit-learn 1.6 gives SciPy 1.17 an option that goes away
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


def main(versions: list[str]) -> int:
    print("scikit-learn  exit  seconds  result", flush=True)
    exits = [try_one(version) for version in versions]
    return int(any(exits))


def try_one(version: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        others = Path(folder, "constraints.txt")
        others.write_text("\n".join(pin for pin in pins if not pin.startswith("scikit-learn==")), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "venv", f"{folder}/env"], check=True)
        python = Path(folder, "env", "Scripts" if sys.platform == "win32" else "bin", "python")
        install = ["-m", "pip", "install", "-q", "-c", others, f"scikit-learn=={version}", *PACKAGES]
        subprocess.run([python, *install], check=True)
        start = time.monotonic()
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", OF_OTHERS, *tests_without_torch()]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = (done.stdout + done.stderr).strip().splitlines() or ["pytest said nothing"]
        print(f"{version:<12}  {done.returncode:>4}  {time.monotonic() - start:>7.0f}  {lines[-1]}", flush=True)
        for line in lines:
            if re.match(r"(FAILED|ERROR) ", line):
                print(f"    {line}", flush=True)
        return done.returncode


def tests_without_torch() -> list[Path]:
    files = [file for room in ROOMS for file in sorted((ROOT / "tests").glob(f"{room}/test_*.py"))]
    files += [ROOT / "tests" / room for room in ROOMS if room.endswith(".py")]
    return [file for file in files if "import torch" not in file.read_text(encoding="utf-8")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or VERSIONS))
