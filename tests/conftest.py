"""What several folders of tests share: the command, and one Chromium for the whole run."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

from mmlearn_edu import cli
from tests.windows import Windows

# A busy machine is no failure, and a failure must come back: no deadline, and the same examples at every run.
hypothesis.settings.register_profile("workbook", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("workbook")

os.environ["MMLEARN_LANG"] = "en"  # the tests read English sentences, also where the system speaks Chinese

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
# Quiet: a test browser has no business of its own on the network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What takes minutes, the longest first: of several workers, none shall begin with one of these when the others end.
LONG = [
    "hostile/test_hostile_cases.py",
    "notebooks/test_notebooks.py",
    "browser",
    "grading",
    "exercises/test_every_chapter.py",
    "test_api.py",
    "export/test_exported_page.py",
    "test_architecture.py",
    "representations/test_umap.py",
    "exercises",
    "checks",
    "widgets",
    "notebooks",
]
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(config, items):
    """Let several workers begin with what takes long; who runs tests alone gets the files as they stand."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.path))


def _place(path):
    here = (number for number, long in enumerate(LONG) if path.is_relative_to(TESTS / long))
    return next(here, len(LONG))


ordinary_user = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs an ordinary user: the superuser may write everywhere"
)


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    """Return a function that runs mmlearn-edu in an empty folder: exit code, output and errors, never a traceback."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments):
        try:
            code = cli.main([*map(str, arguments)])
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return ran


@pytest.fixture(scope="session")
def chromium():
    """Return a headless browser; skip by name where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no chromium, chromium-browser or google-chrome on this machine: install Debian's chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _listen(page):
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: page.complaints.append(asked.url) if not asked.url.startswith("file:") else None)


@pytest.fixture(scope="module")
def pages_from_disk(chromium):
    windows = Windows(chromium, _listen)
    yield windows
    windows.close()


@pytest.fixture
def open_page(pages_from_disk):
    """Return a function that opens a page from the disk, offline; complain about anything it asks for or reports."""
    tabs, complaints = [], []

    def opened(path, theme="light", width=1100, scripts=True):
        options = {"color_scheme": theme, "java_script_enabled": scripts, "offline": True}
        tab = pages_from_disk.lend(complaints, viewport={"width": width, "height": 800}, **options)
        tabs.append(tab)
        tab.goto(path.as_uri())
        return tab

    opened.complaints = complaints
    yield opened
    for tab in tabs:
        pages_from_disk.take_back(tab)
    assert complaints == []
