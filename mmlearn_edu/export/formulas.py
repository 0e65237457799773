"""Markdown of a notebook as HTML: formulas as MathML, which browsers draw by themselves."""

import re
from html import escape, unescape
from typing import Any

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer

__all__ = ["Renderer", "formula"]

LONG = 40  # characters of LaTeX that may be wider than a telephone


def formula(source: str, display: str = "inline") -> str:
    r"""Return a formula in LaTeX as MathML; as code where the converter does not know one of its commands.

    Parameters
    ----------
    source : str
        Without the dollars, for instance ``\frac{1}{n}``.
    display : {"inline", "block"}

    Returns
    -------
    str
        HTML.
    """
    try:
        found: str = convert(source, display=display)
    except Exception:  # the converter raises a dozen kinds, and IndexError besides
        found = "\\"
    if "\\" in unescape(re.sub(r"<[^>]*>", "", found)):  # a command it left as it was
        return f"<code>{escape(source.strip())}</code>"
    if display != "block":
        return found
    scrolls = ' tabindex="0"' if len(source) > LONG else ""  # by keyboard, too, where it is wider than the window
    return f'<div class="formula"{scrolls}>{found}</div>'


class Renderer(IPythonRenderer):
    """nbconvert's renderer with MathML for formulas, and headings that can be linked to but carry no sign for it."""

    def __init__(self, taken: set[str], **options: Any) -> None:
        super().__init__(exclude_anchor_links=True, **options)
        self.taken = taken

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Return a heading whose id is its words, as Jupyter makes it; a second one of the same words has none."""
        name = unescape(re.sub(r"<[^>]*>", "", text)).strip().replace(" ", "-")
        if not name or name in self.taken:
            return super().heading(text, level, **attributes)
        self.taken.add(name)
        return f'<h{level} id="{escape(name, quote=True)}">{text}</h{level}>\n'

    def block_math(self, body: str) -> str:
        """Return ``$$...$$``."""
        return formula(body, "block")

    def inline_math(self, body: str) -> str:
        """Return ``$...$``."""
        return formula(body)

    def latex_environment(self, name: str, body: str) -> str:
        r"""Return ``\begin{name}...\end{name}``."""
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")
