"""The painter, the players and the two tones in a real JupyterLab: tasks done by keyboard reach the kernel."""

import pytest

from tests.browser.lab import write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CELLS = {
    "imports": "import numpy as np\nfrom mmlearn_edu.widgets import listen, paint_kernel, resolve_tones, watch",
    "data": (
        "X = np.full((24, 24), 60, dtype=np.uint8)\nX[6:18, 6:18] = 220\n"
        "y = np.sin(np.arange(8000) / 3) * np.linspace(0, 1, 8000)\n"
        "clip = np.zeros((12, 16, 16), dtype=np.uint8)\n"
        "for t in range(12):\n    clip[t, 6:10, min(t, 7) : min(t, 7) + 4] = 255"
    ),
    "kernel": "kernel = paint_kernel(X)\nkernel",
    "kernel-answer": "kernel.answer",
    "tones": "tones = resolve_tones()\ntones",
    "tones-answer": "tones.answer",
    "sound": "sound = listen(y, 8000)\nsound",
    "sound-answer": "sound.answer",
    "film": "film = watch(clip)\nfilm",
    "film-answer": "film.answer",
}
WIDGETS = ("kernel", "tones", "sound", "film")
ACTIVE = "() => jupyterapp.shell.currentWidget.content.activeCell.model.id"


@pytest.fixture(scope="module")
def notebook(lab, server):
    write_notebook(server.folder / "senses 感官.ipynb", CELLS)
    opened = lab("senses 感官.ipynb")
    opened.run_all()
    assert opened.exceptions() == []
    return opened


def test_keys_reach_the_widget_alone_and_answers_reach_python(notebook):
    page = notebook.page
    assert all(notebook.outputs(f"{name}-answer") == [] for name in WIDGETS)
    cell = notebook.cell("kernel")
    first = cell.get_by_role("gridcell").first
    first.focus()
    for row in range(3):
        page.keyboard.type("-1")
        page.keyboard.press("End")
        page.keyboard.type("1")
        for key in ("ArrowDown", "Home") if row < 2 else ():
            page.keyboard.press(key)
    page.keyboard.type("dd")  # in a notebook, `dd` deletes a cell
    assert page.evaluate(ACTIVE) == "kernel"
    notebook.picture("senses-kernel", cell)
    assert eval(notebook.value("kernel-answer")) == [[-1, 0, 1]] * 3

    notebook.cell("tones").get_by_role("slider").press("PageUp")
    assert float(notebook.value("tones-answer")) == 90

    head = notebook.cell("sound").get_by_role("slider")
    for key in ("Space", "ArrowRight", "Home", "ArrowRight", "ArrowRight", "Enter"):  # heard for a moment, then sought
        head.press(key)
    assert page.evaluate(ACTIVE) == "sound"
    assert float(notebook.value("sound-answer")) == 0.2

    slider = notebook.cell("film").get_by_role("slider")
    for key in ("Home", *["ArrowRight"] * 7, "Enter"):
        slider.press(key)
    assert int(notebook.value("film-answer")) == 7
    assert notebook.complaints == []
    assert notebook.strangers == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(notebook, theme):
    notebook.theme(theme)
    found = []
    for name in WIDGETS:
        cell = notebook.cell(name)
        cell.locator(".mml").wait_for()
        notebook.picture(f"senses-{name}-{theme.split()[-1].lower()}", cell)
        found += notebook.violations(f"#cell-{name} .mml")
    notebook.theme("JupyterLab Light")
    assert found == []
