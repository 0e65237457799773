"""JupyterLab's menu "Save and Export Notebook As" has our page, and the server makes it."""

import importlib.metadata

import nbformat
import pytest

from tests.browser.lab import TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module", autouse=True)
def installed():
    if "offline_html" not in importlib.metadata.entry_points(group="nbconvert.exporters").names:
        pytest.skip("installed before the exporter existed: run `pip install -e .` once more")


def test_the_menu_offers_it_and_the_page_moves(lab, server, chromium, tmp_path):
    content = nbformat.v4.new_notebook()
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    source = "from mmlearn_edu.widgets import broadcast_shapes\nbroadcast_shapes()"
    content.cells = [nbformat.v4.new_code_cell(source, id="shapes")]
    nbformat.write(content, server.folder / "export me.ipynb")
    notebook = lab("export me.ipynb")
    notebook.run_all()
    notebook.cell("shapes").locator(".mml").wait_for()
    notebook.command("docmanager:save")
    offered = notebook.page.request.get(f"{server.address}/api/nbconvert?token={TOKEN}").json()
    assert offered["offline_html"]["output_mimetype"] == "text/html"
    notebook.page.get_by_role("menuitem", name="File").click()
    entry = notebook.page.locator(".lm-Menu-itemLabel", has_text="Save and Export Notebook As")
    entry.hover()
    notebook.page.locator(".lm-Menu-itemLabel", has_text="Markdown").wait_for()
    notebook.picture("menu-export")
    labels = notebook.page.locator(".lm-Menu-itemLabel").all_inner_texts()
    assert "Offline_html" in labels
    notebook.page.keyboard.press("Escape")
    made = notebook.page.request.get(f"{server.address}/nbconvert/offline_html/export%20me.ipynb?token={TOKEN}")
    assert made.ok, made.text()[:500]
    path = tmp_path / "made.html"
    path.write_bytes(made.body())
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.get_by_label("Shape of a").fill("(5, 1)")
    page.get_by_label("Shape of b").fill("(5,)")
    assert page.locator(".mml-answer").inner_text() == "Your answer: (5, 5)"
    context.close()
    assert notebook.complaints == []
