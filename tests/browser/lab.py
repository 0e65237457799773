"""Drive a real JupyterLab: open a notebook, run it, type into a cell, read what stands below."""

import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat

from tests.accessibility import violations

__all__ = ["ARTIFACTS", "TOKEN", "Notebook", "write_notebook"]

TOKEN = "a-test"
ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", ""}

READY = """(name) => {
  const app = window.jupyterapp;
  const panel = app?.shell?.currentWidget;
  if (panel?.context?.path !== name || !app.commands.hasCommand("notebook:run-all-cells")) return false;
  return panel.context.isReady && panel.sessionContext.isReady
    && panel.sessionContext.session?.kernel?.status === "idle";
}"""
LEAVE = """() => [...jupyterapp.shell.widgets("main")].forEach((each) => each.dispose())"""
FIND = """async (slug) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const index = notebook.widgets.findIndex((cell) => cell.model.id === slug);
  if (index < 0) return `no cell ${slug}; there are ${notebook.widgets.map((cell) => cell.model.id).join(", ")}`;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await notebook.scrollToCell(notebook.widgets[index], "start");
  notebook.widgets[index].node.id = `cell-${slug}`;
  return "";
}"""
ASKING = """(wanted) => window.jupyterapp.shell.currentWidget.content.widgets
  .find((cell) => cell.model.metadata.mmlearn_edu?.exercise === wanted)?.model.id"""
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON().map((output) => ({ ...output, cell: cell.model.id })))"""


def write_notebook(path, cells):
    """Write a notebook of code cells, `cells` from id to source, that starts without asking for a kernel."""
    content = nbformat.v4.new_notebook()
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content.cells = [nbformat.v4.new_code_cell(source, id=slug) for slug, source in cells.items()]
    nbformat.write(content, path)


class Notebook:
    """One notebook open in one page, with everything the page complained about or asked for elsewhere.

    In a page that showed another one, that one is left as it is, unsaved.
    """

    def __init__(self, page, address, name):
        self.page, self.name = page, name
        self.complaints, self.strangers = [], []
        if hasattr(page, "notebook"):
            page.evaluate(LEAVE)
            self.theme("JupyterLab Light")
            page.notebook = self  # what the other one still complained of is not ours
            self.command("docmanager:open", path=name)
        else:
            page.notebook = self
            page.on("pageerror", lambda error: page.notebook.complaints.append(str(error)))
            page.on("console", lambda message: page.notebook._listen(message))
            page.on("request", lambda request: page.notebook._watch(request))
            page.goto(f"{address}/lab/tree/{quote(name)}?reset&token={TOKEN}")
            page.wait_for_function("() => window.jupyterapp !== undefined", timeout=120_000)
        self.wait()

    def _listen(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _watch(self, request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and (address.hostname or "") not in LOCAL:
            self.strangers.append(request.url)

    def wait(self, timeout=120_000):
        """Wait until the kernel itself says it is idle, whatever an indicator shows."""
        self.page.wait_for_function(READY, arg=self.name, timeout=timeout, polling=200)

    def settle(self):
        """Wait until what a hand did to a widget has reached the kernel: JupyterLab sends one change at a time."""
        for _ in range(3):
            self.page.wait_for_timeout(200)
            self.wait()

    def run_all(self):
        """Run every cell from top to bottom."""
        self.command("notebook:run-all-cells")
        self.wait(120_000)

    def command(self, name, **arguments):
        """Execute one of JupyterLab's commands, and wait for what it promises."""
        self.page.evaluate(
            "([name, args]) => jupyterapp.commands.execute(name, args).then(() => null)", [name, arguments]
        )

    def theme(self, name):
        """Switch to "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)
        self.page.wait_for_timeout(300)

    def cell(self, slug):
        """Bring a cell into view, make it the active one, and return it."""
        problem = self.page.evaluate(FIND, slug)
        assert not problem, problem
        return self.page.locator(f"[id='cell-{slug}']")

    def answer(self, slug, source):
        """Type into a code cell in place of what it holds, and run it."""
        self.settle()
        cell = self.cell(slug)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(source)
        typed = self.page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source")
        assert typed == source, typed
        return self.run(slug)

    def run(self, slug):
        """Run one cell, and return it."""
        cell = self.cell(slug)
        self.command("notebook:run-cell")
        self.wait()
        return cell

    def source(self, slug):
        """Return what a cell holds now."""
        self.cell(slug)
        return self.page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source")

    def exercise(self, wanted):
        """Return the cell that asks an exercise."""
        found = self.page.evaluate(ASKING, wanted)
        assert found, f"{self.name} has no cell for {wanted}"
        return found

    def outputs(self, slug=None):
        """Return the outputs of one cell, or of all."""
        found = self.page.evaluate(OUTPUTS)
        return [output for output in found if slug in (None, output["cell"])]

    def value(self, slug):
        """Run a cell, and return the plain text it shows."""
        self.settle()
        self.run(slug)
        return self.outputs(slug)[-1]["data"]["text/plain"]

    def exceptions(self):
        """Return every exception that any cell shows."""
        return [json.dumps(output)[:2000] for output in self.outputs() if output["output_type"] == "error"]

    def violations(self, selector):
        """Return, in words, what axe-core finds wrong with what `selector` matches."""
        # JupyterLab's body is 0 pixels high and clips, so axe would take all that it holds for unseen
        self.page.add_style_tag(content="body { height: 100vh }")
        return violations(self.page, selector)

    def picture(self, name, cell=None):
        """Keep a screenshot of the page, or of one cell."""
        ARTIFACTS.mkdir(exist_ok=True)
        (cell or self.page).screenshot(path=ARTIFACTS / f"{name}.png")
