"""A notebook as one page of HTML: no other file, no other machine, explorables that move."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from nbconvert.exporters.html import HTMLExporter
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from mmlearn_edu.checks.messages import HTML_LANGUAGE, language, say
from mmlearn_edu.export.finding import ExportError
from mmlearn_edu.export.formulas import Renderer, formula
from mmlearn_edu.widgets.base import MIMETYPE
from mmlearn_edu.widgets.page import explorable_html, is_known, page_script, page_style

__all__ = ["MARKER", "OfflineHTMLExporter", "to_html", "unrun"]

MARKER = '<meta content="mmlearn-edu export" name="generator"/>'  # as nbconvert writes it: attributes by their names
_FOLDER = Path(__file__).parent
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FIGURE = re.compile(r"<Figure size \S+ with \d+ Axes>")


class OfflineHTMLExporter(HTMLExporter):
    """nbconvert's HTML exporter with a page of our own, in both themes, that asks no other machine for anything."""

    export_from_notebook = "Offline HTML"  # as JupyterLab's menu "Save and Export As" lists it

    @default("template_name")
    def _template_name_default(self) -> str:
        return "mmlearn"

    @default("extra_template_basedirs")
    def _template_folders(self) -> list[str]:
        return [str(_FOLDER / "templates")]

    @default("embed_images")
    def _embed_images_default(self) -> bool:
        return True

    @property
    def default_config(self) -> Config:
        """Prefer what an explorable carries to its still picture, and leave out what needs a script from elsewhere."""
        kinds = ["text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain"]
        found = super().default_config
        found.merge(Config({"NbConvertBase": {"display_data_priority": [MIMETYPE, *kinds]}}))
        return found

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add what our template uses."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield from {
            "markdown2html": self.markdown2html,
            "explorable": _explorable,
            "alternative": _alternative,
            "formula": lambda source: formula(source.strip().strip("$"), "block"),
            "say": lambda word, **values: say(word, **values),
        }.items()

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return Markdown as HTML."""
        attachments = context.get("cell", {}).get("attachments", {})
        path = context.get("resources", {}).get("metadata", {}).get("path", "")
        renderer = Renderer(
            escape=False, attachments=attachments, embed_images=self.embed_images, path=path, taken=self._taken
        )
        html: str = MarkdownWithMath(renderer=renderer).render(source)
        return html

    def from_notebook_node(  # type: ignore[override]  # its parent returns text, too, and says something else
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, and nbconvert's resources."""
        self._taken: set[str] = set()
        kinds = [each["kind"] for each in _explorables(nb)]
        resources = {**(resources or {})}
        name = resources.get("metadata", {}).get("name", "notebook")
        resources["mmlearn"] = {
            "marker": MARKER,
            "language": _language(nb),
            "spoken": HTML_LANGUAGE[language()],
            "title": _title(nb) or name,
            "about": say("export-about", name=f"{name}.ipynb"),
            "style": (_FOLDER / "page.css").read_text(encoding="utf-8") + (page_style() if kinds else ""),
            "script": page_script(kinds) if kinds else "",
        }
        html, resources = super().from_notebook_node(nb, resources, **kw)
        # a card links to the section that explains it: here that is further up on the same page
        return re.sub(rf'href="{re.escape(escape(name))}\.ipynb#cell-id=', 'href="#cell-', html), resources


def to_html(path: Path) -> str:
    """Return the notebook `path`, as it stands, as one page of HTML.

    Raises
    ------
    ExportError
        If it cannot be read as a notebook.
    """
    resources = {"metadata": {"name": path.stem, "path": str(path.parent)}}
    html: str = OfflineHTMLExporter().from_notebook_node(_read(path), resources)[0]
    return html


def unrun(path: Path) -> int:
    """Return how many code cells `path` has if none of them has an output, else 0."""
    code = [cell for cell in _read(path).cells if cell.cell_type == "code"]
    return 0 if any(cell.outputs for cell in code) else len(code)


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except Exception as error:  # nbformat takes any JSON for a notebook of some version, and fails in many ways
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ExportError(say("export-unreadable", path=path, reason=reason[:200])) from None


def _explorables(nb: NotebookNode) -> Iterator[dict[str, Any]]:
    """Yield what the outputs carry of explorables that this version has."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            found = output.get("data", {}).get(MIMETYPE, {})
            if is_known(found.get("kind")):
                yield found


def _explorable(output: NotebookNode) -> str:
    """Return an explorable that moves; one that this version does not know as its still picture."""
    still = output.data.get("text/html", "")
    found = output.data[MIMETYPE]
    return explorable_html(found, still) if is_known(found.get("kind")) else still


def _alternative(output: NotebookNode, cell: NotebookNode, mimetype: str) -> str:
    """Return what replaces a picture: the alt text it carries, else what its cell printed about it."""
    for facts in (output.metadata.get(mimetype, {}), output.metadata):
        if facts.get("alt"):
            return str(facts["alt"])
    printed = "".join(each.text for each in cell.outputs if each.output_type == "stream" and each.name == "stdout")
    named = _FIGURE.sub("", output.data.get("text/plain", "")).strip()
    return " ".join(printed.split())[:500] or named or say("export-picture")


def _title(nb: NotebookNode) -> str:
    for cell in nb.cells:
        found = re.search(r"^# +(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else None
        if found:
            return re.sub(r"[*`_$]", "", found.group(1)).strip()
    return ""


def _language(nb: NotebookNode) -> str:
    """Return the language of the notebook's text: Chinese if a tenth of its letters are, which no English text has."""
    text = "".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    letters = sum(character.isalpha() for character in text)
    return HTML_LANGUAGE["zh" if letters and len(_HAN.findall(text)) > letters / 10 else "en"]
