"""Query, threshold and mixture in a real JupyterLab, and in the page exported from it."""

import pytest

from mmlearn_edu.cli import main
from tests.browser.lab import write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CELLS = {
    "imports": "import numpy as np\nfrom mmlearn_edu.widgets import move_query, move_threshold, pick_weights",
    "query": 'query = move_query([[4, 4], [2, 0.5], [0.5, 2], [1, 3.2]], ["猫", "dog", "owl", "ant"])\nquery',
    "query-answer": "query.answer",
    "threshold": (
        "rng = np.random.default_rng(0)\ny = np.arange(200) % 4 == 0\n"
        "threshold = move_threshold(y, rng.normal(1.5 * y))\nthreshold"
    ),
    "threshold-answer": "threshold.answer",
    "hue": 'hue = move_threshold(y, rng.normal(3.0 * y), goal=("iou", 0.6), names=("sky", "apple"))\nhue',
    "mixture": "mixture = pick_weights([0.5, 0.8, 0.6, 0.6, 0.7, 0.4])\nmixture",
    "mixture-answer": "mixture.answer",
}
WIDGETS = ("query", "threshold", "hue", "mixture")


@pytest.fixture(scope="module")
def notebook(lab, server):
    write_notebook(server.folder / "points.ipynb", CELLS)
    opened = lab("points.ipynb")
    opened.run_all()
    assert opened.exceptions() == []
    return opened


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_live_in_both_themes_and_axe_finds_nothing(notebook, theme):
    notebook.theme(theme)
    found = []
    for name in WIDGETS:
        cell = notebook.cell(name)
        cell.locator(".mml").wait_for()
        notebook.picture(f"points-{name}-{theme.split()[-1].lower()}", cell)
        found += notebook.violations(f"#cell-{name} .mml")
    assert found == []
    ids = notebook.page.locator(".mml [id]").evaluate_all("nodes => nodes.map((n) => n.id)")
    assert len(ids) == len(set(ids)), "every widget is a module of its own, and all share one page"


def test_keys_reach_python(notebook):
    for name, role, key in [
        ("query", "Query", "ArrowRight"),
        ("threshold", "Threshold", "PageUp"),
        ("mixture", "Mixture", "Home"),
    ]:
        handle = notebook.cell(name).get_by_role("slider", name=role, exact=True)
        handle.focus()
        handle.press(key)
        shown = notebook.cell(name).locator(".mml-answer").inner_text().removeprefix("Your answer: ")
        value = notebook.value(f"{name}-answer")
        assert [float(number) for number in _numbers(shown)] == [float(number) for number in _numbers(value)], name
    assert notebook.complaints == []
    assert notebook.strangers == []


def _numbers(words):
    return [part for part in "".join(c if c in "0123456789.-" else " " for c in words).split() if part not in ".-"]


def test_the_exported_page_moves_offline(notebook, server, chromium, tmp_path):
    notebook.command("docmanager:save")
    page_file = tmp_path / "points.html"
    assert main(["export", str(server.folder / "points.ipynb"), "--to", "html", "--out", str(page_file)]) in (0, None)
    context = chromium.new_context(offline=True)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(page_file.as_uri())
    page.locator(".mml").nth(3).wait_for()
    page.get_by_role("slider", name="Mixture").press("Home")
    assert "image 0.3334" in page.locator(".mml-answer").last.inner_text()
    page.get_by_role("slider", name="Query").press("ArrowUp")
    page.get_by_role("slider", name="Threshold", exact=True).first.press("End")
    assert page.locator(".mml-given").count() >= 3
    assert errors == []
    context.close()
