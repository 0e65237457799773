"""Take docs/workbook.png, the picture in the README: a wrong answer, named, beside a widget that is moved by keyboard.

    .venv/bin/python tools/take_picture.py

Needs a Chromium on this machine. Look at the picture before you commit it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.lab import TOKEN, Notebook  # noqa: E402  (found by the line above)

PORT = 8961
BESIDE = """() => {
  const [notebook, output] = [...jupyterapp.shell.widgets("main")];
  jupyterapp.shell.add(output, "main", { mode: "split-right", ref: notebook.id });
}"""
WRONG = """def center(X):
    \"\"\"Move the cloud so that every feature averages zero.\"\"\"
    mean = X.mean(axis=1, keepdims=True)
    return X - mean

check("pca.center", center)"""


def main():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no chromium, chromium-browser or google-chrome on this machine")
    folder = tempfile.mkdtemp(prefix="workbook-")
    flags = ["--IdentityProvider.token=" + TOKEN, "--LabApp.expose_app_in_browser=True"]
    start = [str(Path(sys.executable).with_name("mmlearn-edu")), "start", folder, "--no-browser", "--port", str(PORT)]
    lab = subprocess.Popen([*start, "--", *flags], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        for line in lab.stdout:
            if "http" in line:
                break
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1640, "height": 800})
            picture(page)
            browser.close()
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait()
        shutil.rmtree(folder, ignore_errors=True)


def picture(page):
    notebook = Notebook(page, f"http://127.0.0.1:{PORT}", "08-pca.ipynb")
    notebook.run_all()
    notebook.cell("turn")
    notebook.command("notebook:create-output-view")
    page.wait_for_timeout(1500)
    notebook.command("application:toggle-left-area")
    page.evaluate(BESIDE)
    slider = page.locator(".jp-LinkedOutputView input[type=range]")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("PageUp")
    page.evaluate("() => jupyterapp.shell.activateById(document.querySelector('.jp-NotebookPanel').id)")
    page.wait_for_timeout(500)
    notebook.answer("ex-center", WRONG)
    notebook.cell("ex-center")
    page.wait_for_timeout(800)
    page.screenshot(path=ROOT / "docs" / "workbook.png")


if __name__ == "__main__":
    main()
