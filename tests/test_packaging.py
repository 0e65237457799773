"""Three lists of dependencies that say the same, and a wheel that carries what it needs."""

import email
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = [Requirement(line) for lines in PROJECT["optional-dependencies"].values() for line in lines]
CONDA_NAMES = {"fastjsonschema": "python-fastjsonschema", "soundfile": "pysoundfile", "torch": "pytorch"}
CONDA_ONLY = {"python", "pip", "hatchling"}  # what `pip install --no-deps -e .` needs
CONDA = RUNTIME + [
    one for one in EXTRAS if one.name in ("nbval", "pytest", "umap-learn")
]  # a course's packages; the rest is ours
GPU_PACKAGES = re.compile(r"^(nvidia|cuda|triton|pytorch-triton)")


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line.strip() and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def conda_specs():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    return {spec.name.normalized: spec for spec in (MatchSpec(line, strict=True) for line in lines)}


def ranges(text):
    return SpecifierSet(str(text))


def test_every_dependency_is_pinned_within_its_range():
    pinned = pins()
    for requirement in RUNTIME + [one for one in EXTRAS if one.name != PROJECT["name"]]:
        assert canonicalize_name(requirement.name) in pinned, f"constraints.txt lacks {requirement.name}"
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} does not allow the tested version {version}"


def test_pins_are_portable():
    for name, version in pins().items():
        assert Version(version).local is None, f"{name}=={version} has a local tag: nobody else can install it"
        assert not GPU_PACKAGES.match(name), f"{name} is a GPU package"


def test_torch_and_torchvision_are_the_tested_pair():
    assert (pins()["torch"], pins()["torchvision"]) == ("2.13.0", "0.28.0")


def test_everything_that_gets_installed_is_pinned():
    pinned, seen, queue = pins(), set(), [(PROJECT["name"], "test")]
    while queue:
        name, extra = queue.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in importlib.metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                queue += [(canonicalize_name(needed.name), one) for one in ("", *needed.extras)]
    installed = {name for name, _ in seen} - {canonicalize_name(PROJECT["name"])}
    assert len(installed) > 100
    assert sorted(name for name in installed - set(pinned) if not GPU_PACKAGES.match(name)) == []


def test_conda_has_the_same_ranges():
    specs = conda_specs()
    for requirement in CONDA:
        name = CONDA_NAMES.get(requirement.name, requirement.name)
        assert name in specs, f"environment.yml lacks {name}"
        assert ranges(specs[name].version) == requirement.specifier, (
            f"environment.yml: {name} differs from {requirement}"
        )
    assert ranges(specs["python"].version) == SpecifierSet(PROJECT["requires-python"])
    expected = {CONDA_NAMES.get(one.name, one.name) for one in CONDA} | CONDA_ONLY
    assert set(specs) == expected
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_version_is_the_same_everywhere():
    from mmlearn_edu import __version__

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__ == importlib.metadata.version("mmlearn-edu")


def test_readme_maps_every_chapter():
    from mmlearn_edu.checks import registry

    rows = re.findall(r"^\| ([●○]) \| `([\w-]+)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [slug[:2] for _, slug in rows] == [f"{number:02}" for number in range(20)]
    assert [slug for mark, slug in rows if mark == "●"] == registry.chapter_ids()


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_documents_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), f"{document} links to {target}"


def test_licence_has_both_parts():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    for words in ("BSD 3-Clause", "Neither the name of the copyright holder", "licenses/by/4.0/legalcode"):
        assert words in text


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install the wheel into an empty environment far from the clone; return its Python."""
    folder = tmp_path_factory.mktemp("empty place 空")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    bin_folder = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([bin_folder / "python", "-c", ask], capture_output=True, text=True, check=True)
    purelib = Path(answer.stdout.strip())
    zipfile.ZipFile(wheel).extractall(purelib)
    # Dependencies are borrowed from this environment without its .pth files, so the clone stays out of sight.
    (purelib / "zz_borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return bin_folder / "python", folder, wheel


def ask(python, folder, *arguments):
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables["MMLEARN_HOME"] = str(folder / "home")
    return subprocess.run(
        [python, *arguments], cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_wheel_is_found_outside_the_clone(installed):
    python, folder, _ = installed
    done = ask(python, folder, "-c", "import mmlearn_edu; print(mmlearn_edu.__file__)")
    assert str(folder) in done.stdout, done.stderr
    assert str(ROOT) not in done.stdout


def test_wheel_finds_its_datasets(installed):
    python, folder, _ = installed
    done = ask(python, folder, "-m", "mmlearn_edu", "data", "verify", "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True), done.stderr
    code = "from mmlearn_edu.datasets import load_spoken_digits as load; print(len(load().y))"
    assert ask(python, folder, "-c", code).stdout == "1797\n"


def test_wheel_finds_its_notebooks(installed):
    python, folder, _ = installed
    done = ask(python, folder, "-m", "mmlearn_edu", "start", "mine", "--copy-only")
    assert done.returncode == 0, done.stderr
    shipped = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert sorted(path.name for path in (folder / "mine").glob("*.ipynb")) == shipped


def test_wheel_says_that_building_needs_the_clone(installed):
    python, folder, _ = installed
    done = ask(python, folder, "-m", "mmlearn_edu", "build")
    assert (done.returncode, done.stdout) == (2, "")
    assert "building needs the repository" in done.stderr


def test_wheel_holds_what_it_should_and_nothing_else(installed):
    names = zipfile.ZipFile(installed[2]).namelist()
    assert "mmlearn_edu/jupyter_config/labconfig/default_setting_overrides.json" in names
    assert any(name.startswith("mmlearn_edu/widgets/") and name.endswith(".js") for name in names)
    twins = {path.name for path in (ROOT / "mmlearn_edu" / "exercises" / "zh").glob("*.toml")}
    assert {name.rpartition("/")[2] for name in names if name.startswith("mmlearn_edu/exercises/zh/")} == twins != set()
    assert not [name for name in names if name.startswith(("tests/", "docs/")) or "__pycache__" in name]
    assert {f"mmlearn_edu/plots/fonts/{name}" for name in ("mmlearn-cjk.otf", "OFL.txt")} <= set(names)
    metadata = next(name for name in names if name.endswith("METADATA"))
    text = email.message_from_bytes(zipfile.ZipFile(installed[2]).read(metadata))
    assert text["License-Expression"] == "BSD-3-Clause AND CC-BY-4.0 AND OFL-1.1"


PANEL = ROOT / "mmlearn_edu" / "jupyter_data" / "labextensions" / "mmlearn-edu"


def shared(wheel):
    """Return what a wheel puts beside the packages, where Jupyter looks."""
    names = zipfile.ZipFile(wheel).namelist()
    return {name.partition(".data/data/")[2] for name in names if ".data/data/" in name}


def test_the_wheel_puts_the_side_panel_where_jupyter_looks(installed):
    panel = {
        f"share/jupyter/labextensions/mmlearn-edu/{file.relative_to(PANEL).as_posix()}" for file in PANEL.rglob("*.*")
    }
    assert shared(installed[2]) == panel | {"etc/jupyter/jupyter_server_config.d/mmlearn_edu.json"}
    assert sum(name.endswith(".js") for name in panel) >= 5


def test_an_editable_install_brings_the_side_panel_too(installed, tmp_path):
    code = f"from hatchling.build import build_editable as build; build({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    assert shared(next(tmp_path.glob("*.whl"))) == shared(installed[2])


def test_the_side_panel_has_the_version_of_the_package():
    from mmlearn_edu import __version__

    facts = json.loads((PANEL / "package.json").read_text(encoding="utf-8"))
    assert facts["version"] == __version__
    # browsers keep files for days: the address changes with the version
    assert facts["jupyterlab"]["_build"]["load"] == f"static/remoteEntry.js?{__version__}"


def test_a_clone_on_windows_has_the_same_bytes(tmp_path):
    """Git for Windows translates line ends unless told otherwise, and checksums would fail there."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: there is nothing to clone again")
    windows = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    shallow = ["clone", "-q", "--depth", "1", f"file://{ROOT}", "there"]
    subprocess.run(["git", *windows, *shallow], cwd=tmp_path, check=True)
    for name in ("datasets/spoken_digits/clips.csv", "datasets/spoken_digits/SHA256SUMS", "notebooks/08-pca.ipynb"):
        assert b"\r\n" not in (tmp_path / "there" / name).read_bytes(), name
