"""A notebook as something else: today one self-contained page of HTML, in which the explorables still move."""

from mmlearn_edu.export.finding import ExportError, find_notebook
from mmlearn_edu.export.html import MARKER, OfflineHTMLExporter, to_html, unrun

__all__ = ["MARKER", "TARGETS", "ExportError", "OfflineHTMLExporter", "find_notebook", "to_html", "unrun"]

TARGETS = ("html",)
