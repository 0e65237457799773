"""Examples are scripts, not a package: a test asks for one by its name, ``example("fusion_under_noise")``."""

import importlib.util
from functools import lru_cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples"


@pytest.fixture(scope="session")
def example():
    return load


@lru_cache
def load(name):
    """Import docs/examples/NAME.py; each test file runs a small version of its `rows`."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
