"""What every page of ours stands in: one file, both themes, and a rule that the browser loads nothing else."""

import base64
import hashlib
import html
from pathlib import Path

from mmlearn_edu.checks.display import rich
from mmlearn_edu.checks.messages import HTML_LANGUAGE, language

__all__ = ["bar", "framed", "section"]

BASE = Path(__file__).with_name("base.css")

PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
{marker}
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}{script}</body>
</html>
"""


def framed(title: str, body: str, style: str, marker: str, script: str = "", styled: bool = False) -> str:
    """Return a whole page that asks nobody for anything: only its own style and script run, known by their hashes.

    Parameters
    ----------
    title : str
        In words.
    body, marker : str
        As HTML.
    style : str
        CSS on top of ``base.css``.
    script : str, default=""
        JavaScript for the end of the body.
    styled : bool, default=False
        Whether elements of the body have a `style` of their own: only where nothing comes from a stranger.
    """
    style = f"\n{BASE.read_text(encoding='utf-8')}\n{style}"
    policy = f"default-src 'none'; style-src-elem {_hash(style)}; base-uri 'none'; form-action 'none'"
    policy += "; style-src-attr 'unsafe-inline'" if styled else ""
    text = PAGE.format(
        lang=HTML_LANGUAGE[language()],
        marker=marker,
        policy=f"{policy}; script-src {_hash(script)}" if script else policy,
        title=html.escape(title),
        style=style,
        body=body,
        script=f"<script>{script}</script>\n" if script else "",
    )
    return text.encode("utf-8", "replace").decode("utf-8")  # half a character, from a damaged file, cannot be written


def section(name: str, heading: str, body: str) -> str:
    """Return a card with a heading, both called `name`.

    Parameters
    ----------
    name : str
    heading : str
        In words.
    body : str
        As HTML.
    """
    title = f'<h2 id="{name}">{rich(heading)}</h2>'
    return f'<section aria-labelledby="{name}" class="{name}">\n{title}\n{body}</section>\n'


def bar(percent: float) -> str:
    """Return a bar that is full as far as `percent`, 0 to 100; beside it, words say the same."""
    return (
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{min(100, max(0, percent)):.0f}" height="1"/></svg>'
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
