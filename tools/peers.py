"""Make the environments of other graders, .peers/nbgrader and .peers/otter: `make test-full` tries our exports in them.

Each has the grader at the version that `tools/peers/NAME.txt` pins, what the chapters without torch and librosa need,
at the versions of constraints.txt, and this package as it stands here.

    python tools/peers.py             both, some minutes and two gigabytes of disk
    python tools/peers.py otter       one of them
"""

import argparse
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ["nbgrader", "otter"]
CHAPTERS_NEED = [
    "anywidget", "hatchling", "ipykernel", "ipywidgets", "jupytext", "latex2mathml", "matplotlib", "nbclient",
    "nbconvert", "nbformat", "numpy", "packaging", "pandas", "pillow", "platformdirs", "pooch", "requests",
    "scikit-learn", "scipy", "soundfile", "threadpoolctl",
]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peers", nargs="*", metavar="PEER", help="nbgrader, otter (default: both)")
    parser.add_argument("--into", type=Path, default=ROOT / ".peers", help="where to make them (default: .peers)")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.peers) - set(PEERS))
    if unknown:
        parser.error(f"there is no {unknown[0]}; there is {' and '.join(PEERS)}")
    for peer in chosen.peers or PEERS:
        make(peer, chosen.into / peer)


def make(peer, folder):
    """Make one environment; a second run brings it up to date."""
    print(f"{peer}: {folder}", flush=True)
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = ["--constraint", str(ROOT / "constraints.txt")]
    run([*pip, *pinned, "--requirement", str(ROOT / "tools" / "peers" / f"{peer}.txt"), *CHAPTERS_NEED])
    run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])


def run(command):
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"this failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
