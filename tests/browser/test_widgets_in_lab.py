"""The explorables in a real JupyterLab, with a kernel behind them."""

import pytest
from nbconvert import HTMLExporter

from tests.browser.lab import ARTIFACTS, write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CELLS = {
    "imports": "import numpy as np\nfrom mmlearn_edu.widgets import broadcast_shapes, drag_centroids, turn_axis",
    "data": (
        "rng = np.random.default_rng(0)\n"
        "cloud = rng.normal(size=(60, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]]) + 3\n"
        "blobs = np.concatenate([rng.normal(c, 0.6, size=(40, 2)) for c in [(0, 0), (4, 0), (2, 4)]])"
    ),
    "shapes": "shapes = broadcast_shapes()\nshapes",
    "shapes-answer": "shapes.answer",
    "axis": 'axis = turn_axis(cloud, ("height (cm)", "weight (kg)"))\naxis',
    "axis-answer": "axis.answer",
    "centroids": "centroids = drag_centroids(blobs)\ncentroids",
    "centroids-answer": "centroids.answer",
    "spare": "",
}


@pytest.fixture(scope="module")
def opened(lab, server):
    write_notebook(server.folder / "widgets 探索.ipynb", CELLS)
    return lab("widgets 探索.ipynb")


@pytest.fixture
def notebook(opened):
    opened.run_all()  # fresh widgets, whatever the test before did
    assert opened.exceptions() == []
    return opened


def test_live_view_wins_and_answers_are_none_until_touched(notebook):
    for name in ("shapes", "axis", "centroids"):
        cell = notebook.cell(name)
        cell.locator(".mml").wait_for()
        assert cell.locator("img").count() == 0, "the still picture is for where no widget can run"
        notebook.picture(f"{name}-light", cell)
        assert notebook.outputs(f"{name}-answer") == []  # None shows nothing
    notebook.theme("JupyterLab Dark")
    for name in ("shapes", "axis", "centroids"):
        notebook.picture(f"{name}-dark", notebook.cell(name))
    notebook.theme("JupyterLab Light")
    assert notebook.complaints == []
    assert notebook.strangers == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(notebook, theme):
    notebook.theme(theme)
    found = []
    for name in ("shapes", "axis", "centroids"):
        notebook.cell(name).locator(".mml").wait_for()
        found += notebook.violations(f"#cell-{name} .mml")
    notebook.theme("JupyterLab Light")
    assert found == []


def test_keys_move_the_widget_and_not_the_notebook(notebook):
    page, cell = notebook.page, notebook.cell("axis")
    slider, rod = cell.get_by_role("slider"), cell.locator(".mml-rod")
    before = rod.get_attribute("x2")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
    assert slider.input_value() == "13"
    assert rod.get_attribute("x2") != before
    active = page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCell.model.id")
    assert active == "axis", "arrow keys in a widget must not walk through the notebook"
    assert float(notebook.value("axis-answer")) == 13


def test_letters_typed_into_a_shape_stay_in_it(notebook):
    cells = len(notebook.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.map((c) => c.model.id)"))
    field = notebook.cell("shapes").get_by_label("Shape of a")
    field.fill("")
    field.press_sequentially("(5, 1) dd")  # in a notebook, `dd` deletes a cell
    assert field.input_value() == "(5, 1) dd"
    field.fill("(5, 1)")
    notebook.cell("shapes").get_by_label("Shape of b").fill("(5,)")
    after = notebook.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.map((c) => c.model.id)")
    assert len(after) == cells
    assert notebook.value("shapes-answer") == "(5, 5)"
    notebook.picture("shapes-reached", notebook.cell("shapes"))


def test_centroids_by_mouse_reach_python(notebook):
    page, cell = notebook.page, notebook.cell("centroids")
    handle = cell.locator(".mml-handle .mml-target").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] - 80, steps=5)
    page.mouse.up()
    cell.get_by_role("button", name="Lloyd step").click()
    page.wait_for_timeout(400)
    notebook.picture("centroids-moved", cell)
    shown = cell.locator(".mml-answer").inner_text().removeprefix("Your answer: ")
    assert f"{float(notebook.value('centroids-answer')):.4g}" == shown


def test_python_moves_the_page(notebook):
    notebook.answer("spare", "axis.degrees = 77.0")
    assert notebook.cell("axis").get_by_role("slider").input_value() == "77"
    notebook.answer("spare", "")
    assert notebook.outputs("axis-answer") == []


def test_a_saved_notebook_shows_the_picture_without_a_kernel(notebook, server, chromium, tmp_path):
    notebook.command("docmanager:save")
    html, _ = HTMLExporter().from_filename(str(server.folder / notebook.name))
    (tmp_path / "exported.html").write_text(html, encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "exported.html").as_uri())
    for words in ("Two shapes", "60 points of height", "120 points and 3 centroids"):
        picture = page.locator(f"img[alt^='{words}']")
        assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    page.locator("figure").nth(1).screenshot(path=ARTIFACTS / "exported.png")
    context.close()
