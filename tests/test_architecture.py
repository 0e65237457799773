"""The house rules, run as tests: layers, style, types, examples that run."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
TOOLS = {
    "import-linter": (["lint-imports"], "a room imports one above it; ARCHITECTURE.md has the order"),
    "ruff check": (["ruff", "check"], "run `ruff check --fix`, then mend the rest by hand"),
    "ruff format": (["ruff", "format", "--check"], "run `ruff format`"),
    "mypy": (["mypy"], "annotate, or narrow the type; `# type: ignore[code]` only with the reason"),
}
ROOMS = [
    "modalities",
    "features",
    "representations",
    "similarity",
    "evaluation",
    "fusion",
    "anomaly",
    "classification",
    "clustering",
    "retrieval",
    "plots",
    "networks",
]


@pytest.mark.parametrize("tool", TOOLS)
def test_house_rules(tool):
    command, advice = TOOLS[tool]
    program = BIN / command[0]
    assert program.exists(), f"{program} is missing; install the tests' packages: pip install -e '.[test]'"
    run = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{tool} objects ({advice}):\n{(run.stdout + run.stderr)[-4000:]}"


def modules_of(room):
    module = importlib.import_module(f"mmlearn_edu.{room}")
    inside = [info.name for info in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}.")]
    return [module, *map(importlib.import_module, inside)]


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_has_an_example_that_runs(room):
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    for module in modules_of(room):
        results = doctest.testmod(module)
        assert results.failed == 0, f"{module.__name__}: {results.failed} examples fail; see the output above"
    plt.close("all")
    module = importlib.import_module(f"mmlearn_edu.{room}")
    public = {name: getattr(module, name) for name in module.__all__}
    bare = [
        name
        for name, thing in public.items()
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and ">>>" not in inspect.getdoc(thing)
    ]
    assert bare == NO_EXAMPLE.get(room, []), f"{room}: {', '.join(bare)} need an Examples section"


# a base class shows nothing by itself; as_modalities is used by rooms, not by people
NO_EXAMPLE = {"fusion": ["BaseFusion"], "modalities": ["as_modalities"]}


@pytest.mark.parametrize("room", ROOMS)
def test_all_is_sorted_and_true(room):
    module = importlib.import_module(f"mmlearn_edu.{room}")
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
