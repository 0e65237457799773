"""A JupyterLab as `mmlearn-edu start` serves it, in a folder with a space and Chinese characters in its name."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from urllib.request import urlopen

import pytest

from tests.browser.lab import TOKEN, Notebook


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`mmlearn-edu start` in a process of its own; `said` grows while it talks."""

    def __init__(self, folder, home, **variables):
        self.folder, self.home, self.said = folder, home, []
        self.address = f"http://localhost:{(port := _free_port())}"
        command = [sys.executable, "-m", "mmlearn_edu", "start", str(folder), "--no-browser", "--port", str(port)]
        options = ["--LabApp.expose_app_in_browser=True", f"--IdentityProvider.token={TOKEN}"]
        private = {
            "HOME": home,
            "IPYTHONDIR": home / "ipython",
            "JUPYTER_CONFIG_DIR": home / "config",
            "JUPYTER_DATA_DIR": home / "data",
            "JUPYTER_RUNTIME_DIR": home / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": home / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
            "OMP_NUM_THREADS": "1",
        }
        # every two minutes JupyterLab saves what is open: a slow machine would hand one test's answers to the next
        keep = home / "settings" / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
        keep.parent.mkdir(parents=True, exist_ok=True)
        keep.write_text('{"autosave": false}')
        self.process = subprocess.Popen(
            [*command, "--", *options],
            env={**os.environ, **{name: str(value) for name, value in private.items()}, **variables},
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        self.said.extend(self.process.stdout)

    def wait(self, seconds=120):
        """Wait until it serves, or say what it said instead."""
        for _ in range(seconds * 5):
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.address}/api?token={TOKEN}", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail(f"`mmlearn-edu start` did not serve within {seconds} s; it said:\n{''.join(self.said)}")

    def stop(self):
        """End it, with the kernels it started."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def server(chromium, tmp_path_factory):  # the browser first: without one, nothing is started
    home = tmp_path_factory.mktemp("home")
    served = Server(tmp_path_factory.mktemp("lab") / "my workbook 多模态学习", home)
    try:
        served.wait()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="session")
def pages_with_lab():
    """Pages in which a JupyterLab of the server is up: to start one costs three times as much as to open a notebook."""
    return []


@pytest.fixture(scope="module")
def lab(chromium, server, pages_with_lab):
    """Return a function that opens a notebook of the served folder in a page of its own; its `leave` leaves it."""
    opened = []

    def open_notebook(name, *, width=1280, height=900, scale=1):
        options = {"viewport": {"width": width, "height": height}, "device_scale_factor": scale}
        page = next((page for page in pages_with_lab if page.options == options), None)
        if page is None:
            page = chromium.new_context(**options).new_page()
            page.options = options
        else:
            pages_with_lab.remove(page)
        opened.append(Notebook(page, server.address, name))
        return opened[-1]

    def leave(notebook):
        opened.remove(notebook)
        if notebook.complaints:  # there may be more to come, and they are not the next one's
            notebook.page.context.close()
        else:
            pages_with_lab.append(notebook.page)

    open_notebook.leave = leave
    yield open_notebook
    for notebook in [*opened]:
        leave(notebook)


@pytest.fixture(scope="session")
def said_address(server):
    """Return the address that `mmlearn-edu start` printed."""
    return re.search(r"http://\S+", "".join(server.said)).group()
