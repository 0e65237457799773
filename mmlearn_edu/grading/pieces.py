"""Pieces of the pages that a teacher and a class read; whatever a stranger wrote comes in through here."""

import html
from collections.abc import Iterable, Mapping
from functools import partial
from urllib.parse import quote

from mmlearn_edu.checks.display import rich
from mmlearn_edu.checks.feedback import row_name
from mmlearn_edu.grading import words
from mmlearn_edu.grading.texts import cut, one_line, visible

__all__ = ["SIGNS", "bullets", "counterexample", "details", "link_to", "number", "person", "say", "status", "told"]

SIGNS = {
    "passed": "✓",
    "partly": "◐",
    "failed": "○",
    "not attempted": "·",
    "checker problem": "!",
    "refused": "≠",
}
MOST_LETTERS = 1500  # of one sentence or value on a page

say = partial(words.say, "report")


def told(text: str, most: int = MOST_LETTERS) -> str:
    """Return words as HTML: escaped, with what is unseen made visible, code between backticks, and an end."""
    return rich(visible(cut(text, most)))


def person(text: str) -> str:
    """Return a name as HTML; one that is written from right to left turns nothing beside it round."""
    return f"<bdi>{html.escape(one_line(text, 120) or say('nameless'))}</bdi>"


def link_to(submission: str, words: str) -> str:
    """Return a link to the feedback page of a hand-in; `words` are HTML."""
    return f'<a href="feedback/{quote(submission, safe="")}.html">{words}</a>'


def number(value: float) -> str:
    """Return points with at most two digits after the point.

    >>> number(2.0), number(1 / 3)
    ('2', '0.33')
    """
    return f"{round(value, 2):.12g}"


def status(name: str, words: str) -> str:
    """Return a status by its sign, its colour, and in words."""
    sign = SIGNS.get(name, "?")
    return f'<span class="status {name.replace(" ", "-")}"><span aria-hidden="true">{sign}</span> {words}</span>'


def bullets(items: Iterable[str]) -> str:
    """Return a list of items that are HTML already; nothing if there are none."""
    listed = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<ul>\n{listed}</ul>\n" if listed else ""


def details(summary: str, body: str) -> str:
    """Return what opens when it is asked for; `summary` is words, `body` HTML."""
    return f"<details><summary>{rich(summary)}</summary>\n{body}</details>\n" if body else ""


def counterexample(example: Mapping[str, str], caption: str) -> str:
    """Return what went in, what came out and what was expected, as a table."""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(one_line(row_name(name), 60))}</th>'
        f"<td><pre>{html.escape(visible(cut(text, MOST_LETTERS)))}</pre></td></tr>\n"
        for name, text in example.items()
    )
    return f'<table class="example">\n<caption>{told(caption, 200)}</caption>\n<tbody>{rows}</tbody>\n</table>\n'
