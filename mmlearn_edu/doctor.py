"""Say what this machine has, what is missing, and what to do about it."""

import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from mmlearn_edu import __version__
from mmlearn_edu._resources import resource
from mmlearn_edu.checks import guard, journal
from mmlearn_edu.datasets import CorruptDatasetError, list_datasets, verify
from mmlearn_edu.grading.sandbox import levels

__all__ = ["Finding", "Report", "examine"]

_MARKS = {"ok": "✓", "note": "·", "missing": "✗"}
_INSTALL = "install again, in a fresh virtual environment: `make start`, or the commands in the README"

# Each question is asked in a process of its own: a broken package may end the process that imports it.
_TORCH = """
import torch
gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""
print(gpu or ("mps" if torch.backends.mps.is_available() else "cpu"))
"""
_PLACE = "from mmlearn_edu.networks import device; print(device())"
_CJK = """
from matplotlib import font_manager, ft2font
likely = sorted(font_manager.fontManager.ttflist, key=lambda f: "CJK" not in f.name)
print(next((f.name for f in likely if ft2font.FT2Font(f.fname).get_char_index(0x6570)), ""))
"""
_KERNEL = """
from jupyter_client.kernelspec import KernelSpecManager
print(KernelSpecManager().get_kernel_spec("python3").argv[0])
"""
_PANEL = """
import json
from pathlib import Path
from jupyter_core.paths import jupyter_config_path, jupyter_path
from jupyter_server.extension.config import ExtensionConfigManager
from jupyterlab_server.config import get_page_config
places = jupyter_path("labextensions")
files = [Path(place, "mmlearn-edu", "package.json") for place in places]
found = [file for file in files if file.is_file()]
hidden = [name for name in get_page_config(places)["disabledExtensions"] if name.partition(":")[0] == "mmlearn-edu"]
served = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
version = json.loads(found[0].read_text(encoding="utf-8"))["version"] if found else ""
print(json.dumps({"path": str(found[0].parent) if found else "", "version": version, "hidden": hidden,
                  "served": served.get("mmlearn_edu.serverextension", False)}))
"""
_NMS = "operator torchvision::nms does not exist"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    state: str  # "ok", "note" (works, worth knowing) or "missing"
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that was looked at."""

    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether nothing is missing."""
        return all(finding.state != "missing" for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"version": __version__, "ok": self.ok, "findings": [asdict(finding) for finding in self.findings]}

    def to_text(self) -> str:
        """Return a line per finding, with what to do under it."""
        lines = [f"mmlearn-edu {__version__}"]
        for finding in self.findings:
            lines.append(f" {_MARKS[finding.state]} {finding.topic:<12} {finding.found}")
            lines += [f"{'':<16}{finding.advice}"] if finding.advice else []
        lines.append("Everything needed is here." if self.ok else "Something is missing: see the lines with ✗.")
        return "\n".join(lines)


def examine() -> Report:
    """Look at everything; a part that breaks is reported like any other finding."""
    findings: list[Finding] = []
    parts = (
        _python,
        _packages,
        _device,
        _torchvision,
        _fonts,
        _kernel,
        _panel,
        _isolation,
        _grading,
        _data,
        _notebooks,
        _progress,
    )
    for look in parts:
        findings += _looked(look)
    return Report(findings)


def _looked(look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except Exception as error:  # whatever is broken, the other findings are still wanted
        return [Finding(look.__name__.strip("_"), "missing", f"{type(error).__name__}: {error}", _INSTALL)]


def _python() -> Iterator[Finding]:
    where = "virtual environment" if sys.prefix != sys.base_prefix else "no virtual environment"
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {where} ({sys.prefix})"
    enough = sys.version_info >= (3, 11)
    yield Finding("python", "ok" if enough else "missing", found, "" if enough else "Python 3.11 or newer is needed")


def _packages() -> Iterator[Finding]:
    try:
        needed = [Requirement(line) for line in importlib.metadata.requires("mmlearn-edu") or []]
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            "packages", "missing", "mmlearn-edu itself is not installed", "run `pip install -e .` in the clone"
        )
        return
    versions: dict[str, str] = {}
    for requirement in needed:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            versions[requirement.name] = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding("packages", "missing", f"{requirement} is not installed", _INSTALL)
            continue
        if not requirement.specifier.contains(versions[requirement.name], prereleases=True):
            words = f"{requirement.name} is {versions[requirement.name]}, and {requirement} is needed"
            yield Finding("packages", "missing", words, _INSTALL)
    yield Finding("packages", "ok", ", ".join(f"{name} {version}" for name, version in versions.items()))


def _device() -> Iterator[Finding]:
    found, error = _ask(_TORCH)
    asked = os.environ.get("MMLEARN_DEVICE", "").strip()
    if error:
        yield Finding("device", "missing", f"torch cannot be used: {error}", _INSTALL)
    elif asked:
        yield _asked_for(asked, found)
    elif found == "cpu":
        yield Finding("device", "ok", "CPU; every chapter is made for it")
    else:
        yield Finding("device", "ok", f"{found}; cells marked gpu-optional use it, unless MMLEARN_DEVICE=cpu is set")


def _asked_for(asked: str, found: str) -> Finding:
    """Say what follows from the variable that overrules the choice."""
    place, complaint = _ask(_PLACE)
    if not complaint:
        return Finding("device", "ok", f"networks learn on {place}, as MMLEARN_DEVICE={asked} asks; found: {found}")
    advice = "`unset MMLEARN_DEVICE`, or remove it from where your environment is set"
    return Finding("device", "missing", complaint.removeprefix("ValueError: "), advice)


def _torchvision() -> Iterator[Finding]:
    _, error = _ask("import torchvision")
    if not error:
        yield Finding("torchvision", "ok", "can be imported")
    elif _NMS in error:
        yield Finding(
            "torchvision",
            "note",
            f"on its own it fails with {_NMS!r}; mmlearn_edu.networks mends that when it loads it",
            "it was built for a CUDA torch and stands beside a CPU one; take it from the index torch came from",
        )
    else:
        yield Finding("torchvision", "missing", error, _INSTALL)


def _fonts() -> Iterator[Finding]:
    found, error = _ask(_CJK)
    if found:
        yield Finding("fonts", "ok", f"{found} has Chinese characters")
    else:
        advice = "end a picture of your own with mmlearn_edu.plots.chinese(ax), or install Noto Sans CJK (on Debian "
        advice += "or Ubuntu `sudo apt-get install fonts-noto-cjk`)"
        found = "no font of the system has Chinese characters; pictures of mmlearn_edu.plots bring their own"
        yield Finding("fonts", "note", error or found, advice)


def _kernel() -> Iterator[Finding]:
    found, error = _ask(_KERNEL)
    if error:
        yield Finding("kernel", "missing", f"Jupyter finds no kernel: {error}", _INSTALL)
    elif re.fullmatch(r"python(\d(\.\d+)?)?", found) or _same_file(found, sys.executable):
        yield Finding("kernel", "ok", "notebooks run in this very Python")
    else:
        advice = f"remove or repair it (`jupyter kernelspec list`); this Python is {sys.executable}"
        yield Finding("kernel", "missing", f"the kernel named python3 runs another Python: {found}", advice)


def _panel() -> Iterator[Finding]:
    """Look for the side panel as any JupyterLab of this Python would; `mmlearn-edu start` needs no installed one."""
    words, error = _ask(_PANEL)
    if error:
        yield Finding("panel", "missing", f"JupyterLab cannot be asked for its extensions: {error}", _INSTALL)
        return
    found = json.loads(words)
    anew = "`mmlearn-edu start` shows it; for every other JupyterLab install again (in a clone `pip install -e .`)"
    if found["hidden"]:
        shown = ", ".join(f"`jupyter labextension enable {name}`" for name in found["hidden"])
        yield Finding("panel", "note", f"{', '.join(found['hidden'])} is disabled", f"{shown} shows it again")
    elif not found["path"]:
        yield Finding("panel", "note", "JupyterLab's side panel is not installed", anew)
    elif found["version"] != __version__:
        words = f"the side panel in {found['path']} is of version {found['version']}, and this is {__version__}"
        yield Finding("panel", "note", words, anew)
    elif not found["served"]:
        advice = "`jupyter server extension enable mmlearn_edu.serverextension`"
        yield Finding("panel", "note", "the side panel has no server that tells it the progress", advice)
    else:
        yield Finding("panel", "ok", f"in {found['path']}; `jupyter labextension disable mmlearn-edu` hides it")


def _isolation() -> Iterator[Finding]:
    if guard.can_fork():
        words = "answers run in a copy of the process, with limits on time and memory: a crash costs nothing"
    else:
        words = (
            "answers run in the notebook's own process with a timer: an answer that crashes takes the kernel with it"
        )
    yield Finding("isolation", "ok" if guard.can_fork() else "note", words)


def _grading() -> Iterator[Finding]:
    offered = [level.name for level in levels() if not level.missing]
    if offered:
        yield Finding("grading", "ok", f"a class is graded at the level {offered[0]} (here: {', '.join(offered)})")
    else:
        yield Finding("grading", "note", f"a class cannot be graded here: {levels()[-1].missing}")


def _data() -> Iterator[Finding]:
    for name in list_datasets():
        try:
            files = verify(name)
        except CorruptDatasetError as error:
            yield Finding("data", "missing", f"{name}: {error}")
        else:
            words = f"{len(files)} files as shipped" if files else "made on the spot"
            yield Finding("data", "ok", f"{name}: {words}")


def _notebooks() -> Iterator[Finding]:
    try:
        names = sorted(path.stem for path in resource("notebooks").glob("*.ipynb"))
    except FileNotFoundError:
        names = []
    if names:
        yield Finding("notebooks", "ok", ", ".join(names))
    else:
        yield Finding("notebooks", "missing", "none", "in a clone `mmlearn-edu build` makes them; else install again")


def _progress() -> Iterator[Finding]:
    home = journal.home()
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if os.access(existing, os.W_OK):
        yield Finding("progress", "ok", f"kept in {home}")
    else:
        yield Finding("progress", "note", f"cannot be kept in {home}", "start in a folder you may write to")


def _ask(code: str) -> tuple[str, str]:
    """Run `code` in a Python of its own; return what it printed, and its last line of error if it failed."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        return "", "no answer within 120 s"
    if done.returncode == 0:
        return done.stdout.strip(), ""
    lines = done.stderr.strip().splitlines()
    return "", lines[-1] if lines else f"Python ended with status {done.returncode}"


def _same_file(one: str, other: str) -> bool:
    return Path(one).exists() and Path(one).resolve() == Path(other).resolve()
