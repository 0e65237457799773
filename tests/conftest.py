"""What several folders of tests share: one Chromium for the whole run."""

import os
import shutil

import hypothesis
import pytest

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

ordinary_user = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs an ordinary user: the superuser may write everywhere"
)


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
