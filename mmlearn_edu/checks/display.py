"""Show something now, once: as a rich card in a notebook, as text elsewhere."""

import html
import re
import sys
from dataclasses import dataclass
from typing import Any

from mmlearn_edu.checks.messages import HTML_LANGUAGE, language

__all__ = ["PLAIN", "STYLE", "Card", "in_notebook", "rich", "shell", "show_now", "this_cell"]

# Both themes: JupyterLab's own variables where they exist. Colours are never alone: every status has a word and a sign.
STYLE = (
    "border:1px solid var(--jp-border-color1,#8c8c8c);border-left-width:6px;border-radius:4px;"
    "padding:.6em 1em;margin:.3em 0;"
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:14px;line-height:1.45;"
    "color:var(--jp-ui-font-color0,#111);background:var(--jp-layout-color0,#fff);max-width:64em"
)


PLAIN = "margin:.3em 0 0;padding:0;white-space:pre;background:transparent;color:inherit"  # code inside a card


def rich(text: str) -> str:
    """Escape `text` for a page, and set what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))


@dataclass(frozen=True)
class Card:
    """Words with a title; `code` keeps its line breaks."""

    title: str
    body: str = ""
    code: str = ""
    colour: str = "#5b6ee1"
    markup: str = ""

    def __str__(self) -> str:
        return "\n".join(part for part in (self.title, self.body, self.code) if part)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        body = f'<div style="margin-top:.3em;white-space:pre-line">{rich(self.body)}</div>' if self.body else ""
        code = f'<pre style="overflow-x:auto;{PLAIN}">{html.escape(self.code)}</pre>' if self.code else ""
        return (
            f'<div role="status" lang="{HTML_LANGUAGE[language()]}" style="{STYLE};border-left-color:{self.colour}">'
            f"<strong>{rich(self.title)}</strong>{body}{self.markup or code}</div>"
        )


def in_notebook() -> bool:
    """Say whether a notebook's front end shows what is displayed."""
    return hasattr(shell(), "kernel")


def this_cell() -> str:
    """Return the source of the cell that runs now, as it was typed; "" outside IPython."""
    cells = getattr(getattr(shell(), "history_manager", None), "input_hist_raw", [])
    return str(cells[-1]) if cells else ""


def shell() -> Any:
    """Return the running IPython, or None."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def show_now(thing: Any) -> None:
    """Display `thing`; outside IPython, print its text."""
    if shell() is None:
        sys.stdout.write(f"{thing}\n")
    else:
        from IPython.display import display

        display(thing)  # type: ignore[no-untyped-call]


def show_bundle(thing: Any) -> None:
    """Display a thing that has a ``mime_bundle``, once a cell: a cell that ends with it shows it no second time."""
    from IPython.display import display

    moment = (id(thing), getattr(shell(), "execution_count", None))
    if moment != _LAST.get("shown"):
        _LAST["shown"] = moment
        display(thing.mime_bundle(), raw=True)  # type: ignore[no-untyped-call]


_LAST: dict[str, Any] = {}
