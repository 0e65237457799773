"""Explorables in a page without Python: state and still picture in the page, one script that mounts them all."""

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

__all__ = ["MARKER", "explorable_html", "is_known", "page_html", "page_script", "page_style"]

MARKER = '<meta name="generator" content="mmlearn-edu explorable">'
_FOLDER = Path(__file__).parent
_EXPORTS = re.compile(r"^export \{[^}]*\};\n", re.MULTILINE)


def explorable_html(explorable: Mapping[str, Any], still: str) -> str:
    """Return one explorable, ``{"kind", "state"}``, as HTML: its still picture until the script takes its place."""
    state = json.dumps(explorable, ensure_ascii=False).replace("<", "\\u003c")  # no tag can end the script
    return f'<div class="mmlearn-explorable"><script type="application/json">{state}</script>{still}</div>'


def page_html(explorable: Mapping[str, Any], still: str, lang: str, title: str) -> str:
    """Return a page with one explorable and nothing else."""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n{MARKER}\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{page_style()}</style>\n</head>\n"
        f"<body>\n<main>\n{explorable_html(explorable, still)}\n</main>\n"
        f'<script type="module">\n{page_script([explorable["kind"]])}</script>\n</body>\n</html>\n'
    )


def page_script(kinds: Iterable[str]) -> str:
    """Return the script that mounts explorables of these kinds: the kit once, each kind in a function of its own.

    Raises
    ------
    ValueError
        If this version has no such explorable.
    """
    parts = [_read("kit.js"), "const EXPLORABLES = {};"]
    for kind in sorted(set(kinds)):
        if not is_known(kind):
            raise ValueError(f"there is no explorable {kind!r} in this version")
        inside = _EXPORTS.sub("", _read(f"{kind}.js")).replace("export default", "return")
        parts.append(f"EXPLORABLES.{kind} = (() => {{\n{inside}}})();")
    return "\n".join([*parts, _read("alone.js")]).replace("</script", "<\\/script")


def page_style() -> str:
    """Return the style of every explorable."""
    return _read("kit.css")


def is_known(kind: object) -> bool:
    """Say whether this version has an explorable `kind`; a notebook may come from a newer one, or from anybody."""
    return (
        isinstance(kind, str)
        and kind.isidentifier()
        and (_FOLDER / "words" / f"{kind}.toml").exists()
        and (_FOLDER / f"{kind}.py").exists()
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
