"""Show something now, once: as a rich card in a notebook, as text elsewhere."""

import html
import sys
from dataclasses import dataclass
from typing import Any

__all__ = ["STYLE", "Card", "in_notebook", "show_now"]

# Both themes: JupyterLab's own variables where they exist. Colours are never alone: every status has a word and a sign.
STYLE = (
    "border:1px solid var(--jp-border-color1,#8c8c8c);border-left-width:6px;border-radius:4px;"
    "padding:.6em 1em;margin:.3em 0;"
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:14px;line-height:1.45;"
    "color:var(--jp-ui-font-color0,#111);background:var(--jp-layout-color0,#fff);max-width:52em"
)


@dataclass(frozen=True)
class Card:
    """Words with a title; `code` keeps its line breaks."""

    title: str
    body: str = ""
    code: str = ""
    colour: str = "#5b6ee1"
    rich: str = ""

    def __str__(self) -> str:
        return "\n".join(part for part in (self.title, self.body, self.code) if part)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        body = f'<div style="margin-top:.3em;white-space:pre-line">{html.escape(self.body)}</div>' if self.body else ""
        code = f"<pre style='margin:.5em 0 0;overflow-x:auto'>{html.escape(self.code)}</pre>" if self.code else ""
        return (
            f'<div role="status" style="{STYLE};border-left-color:{self.colour}">'
            f"<strong>{html.escape(self.title)}</strong>{body}{self.rich or code}</div>"
        )


def in_notebook() -> bool:
    """Say whether a notebook's front end shows what is displayed."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and hasattr(shell, "kernel")


def show_now(thing: Any) -> None:
    """Display `thing`; in a plain terminal, print its text."""
    if "IPython" in sys.modules:
        from IPython.display import display

        display(thing)  # type: ignore[no-untyped-call]
    else:
        sys.stdout.write(f"{thing}\n")
