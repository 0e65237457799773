"""The kernel is restarted, killed or shut down while a widget is open: it says so, goes on, and comes back."""

import os
import signal

import pytest

from tests.browser.lab import write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AXIS = (
    "import numpy as np\nfrom mmlearn_edu.widgets import turn_axis\n"
    "cloud = np.random.default_rng(0).normal(size=(60, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]])\n"
    "axis = turn_axis(cloud)\naxis"
)
CELLS = {"pid": "import os\nos.getpid()", "axis": AXIS, "answer": "axis.answer"}
SESSION = "jupyterapp.shell.currentWidget.sessionContext"


@pytest.fixture(scope="module")
def opened(lab, server):
    write_notebook(server.folder / "kernel gone.ipynb", CELLS)
    return lab("kernel gone.ipynb")


def restart(notebook):
    notebook.page.evaluate(f"() => {SESSION}.session.kernel.restart()")


def kill(notebook):
    os.kill(int(notebook.value("pid")), signal.SIGKILL)


def shut_down(notebook):
    notebook.page.evaluate(f"() => {SESSION}.shutdown()")


def wake(notebook):
    """Close the dialogue that says a kernel died, and start one where none is left."""
    page = notebook.page
    if page.locator(".jp-Dialog").count():
        page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.evaluate(f"() => {SESSION}.session ? null : {SESSION}.startKernel()")
    notebook.wait()


@pytest.mark.parametrize("end", [restart, kill, shut_down], ids=lambda end: end.__name__)
def test_says_that_it_is_not_heard_goes_on_and_comes_back(opened, end):
    notebook, page = opened, opened.page
    notebook.run_all()
    axis = notebook.cell("axis")
    notice = axis.locator(".mml-deaf")
    slider = axis.get_by_role("slider")
    slider.press("ArrowRight")
    assert notebook.value("answer") == "1"
    assert notice.inner_text() == ""

    end(notebook)
    page.wait_for_function("() => document.querySelector('.mml-deaf').textContent", timeout=30_000)
    page.wait_for_timeout(500)
    if page.locator(".jp-Dialog").count():
        page.locator(".jp-Dialog button.jp-mod-accept").click()
    assert "Run this cell again" in notice.inner_text()
    before = axis.locator(".mml-rod").get_attribute("x2")
    slider.press("PageUp")
    assert slider.input_value() == "11"
    assert axis.locator(".mml-rod").get_attribute("x2") != before
    notebook.picture(f"kernel-gone-{end.__name__}", axis)
    assert notebook.violations("#cell-axis .mml") == []

    wake(notebook)
    axis = notebook.run("axis")
    axis.locator(".mml").wait_for()
    assert axis.locator(".mml").count() == 1
    assert axis.locator(".mml-deaf").inner_text() == ""
    slider = axis.get_by_role("slider")
    slider.press("PageUp")
    assert notebook.value("answer") == "10"


def test_nothing_was_complained_about(opened):
    # what the browser itself says of a socket that the server closed is no complaint of ours
    assert [words for words in opened.complaints if "WebSocket" not in words] == []
    assert opened.strangers == []
