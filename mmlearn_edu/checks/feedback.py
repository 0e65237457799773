"""A verdict in words: one card for a notebook, and its twin in plain text."""

import html
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from mmlearn_edu.checks.display import PLAIN, STYLE, rich
from mmlearn_edu.checks.messages import HTML_LANGUAGE, catalogue, language, say
from mmlearn_edu.checks.pictures import pictures
from mmlearn_edu.checks.verdict import Item, Verdict

__all__ = ["as_html", "as_text", "named", "row_name", "worth_saying"]

_HEAD = "text-align:left;vertical-align:top;padding:.3em .8em 0 0;font-weight:600"
_SIGNS = {"passed": "✔", "partly": "◐", "failed": "✘", "not attempted": "○", "checker problem": "⚠"}
_COLOURS = {"passed": "#2e8540", "partly": "#b7791f", "failed": "#c53030", "not attempted": "#5a6577"}


def as_text(verdict: Verdict) -> str:
    """Say the verdict in plain text: the named mistake, what failed with a counterexample, the count."""
    notes = [f"  → {note}{f' [{name}]' if name else ''}" for note, name in named(verdict)]
    lines = [_headline(verdict), *notes]
    for item, also in worth_saying(verdict.items):
        words = item.message.replace("\n", "\n    ")
        lines.append(f"  ✘ {item.name}{say('colon')}{words}")
        lines += [f"      {row_name(name)}{say('colon')}{_indent(text)}" for name, text in item.example.items()]
        lines += [f"    {also}"] if also else []
    if verdict.printed:
        lines.append(f"  {say('printed')} {_indent(verdict.printed.rstrip())}")
    if verdict.items:
        lines.append(f"  {_count(verdict)}")
    if verdict.section:
        lines.append(f"  {say('read-again', chapter=verdict.section[0], section=verdict.section[-1])}")
    lines += [f"  {line}" for line in verdict.advice]
    return "\n".join(lines)


def named(verdict: Verdict) -> list[tuple[str, str]]:
    """Pair each note with the id of the mistake it names, if it names one; the chapter's table lists the same ids."""
    return list(zip_longest(verdict.notes, verdict.diagnosis[: len(verdict.notes)], fillvalue=""))


def _named(note: str, name: str) -> str:
    code = f" <code>{html.escape(name)}</code>" if name else ""
    return f'<div style="margin:.4em 0;white-space:pre-line">→ {rich(note)}{code}</div>'


def _headline(verdict: Verdict) -> str:
    words = say(verdict.status.replace(" ", "-"))
    score = "  " + say("score", score=round(verdict.score, 2), points=verdict.points) if verdict.items else ""
    return f"{_SIGNS[verdict.status]} {verdict.id}{say('colon')}{words}{score}"


def worth_saying(items: Sequence[Item]) -> list[tuple[Item, str]]:
    """Keep the first failure of each kind, and name the calls that fail alike: one counterexample is enough to read."""
    first: dict[str, Item] = {}
    alike: dict[str, list[str]] = {}
    for item in items:
        if item.problem and item.problem not in ("skipped", "law-waits"):
            first.setdefault(item.problem, item)
            alike.setdefault(item.problem, []).append(item.name)
    return [(item, _also(alike[problem][1:4]) if item.example else "") for problem, item in list(first.items())[:3]]


def _also(labels: Sequence[str]) -> str:
    quoted = [f"“{label}”" for label in labels]  # labels have commas of their own
    return say("also", labels=say("comma").join(quoted)) if labels else ""


def _count(verdict: Verdict) -> str:
    passed = sum(item.passed for item in verdict.items)
    key = "count-hidden" if verdict.hidden else "count"
    return say(key, passed=passed, total=len(verdict.items), hidden=verdict.hidden)


def _indent(text: str) -> str:
    return text if "\n" not in text else "\n" + "\n".join(f"        {line}" for line in text.splitlines())


def as_html(verdict: Verdict) -> str:
    """Say the verdict as a card; text colours come from the theme, so the contrast is the theme's own."""
    parts = [f"<strong>{html.escape(_headline(verdict))}</strong>"]
    parts += [_named(note, name) for note, name in named(verdict)]
    parts += [_failure(item, also) for item, also in worth_saying(verdict.items)]
    if verdict.printed:
        parts.append(f"<div>{say('printed')}</div><pre>{html.escape(verdict.printed)}</pre>")
    if verdict.items:
        parts.append(f'<div style="margin-top:.4em;font-size:.92em">{html.escape(_count(verdict))}</div>')
    parts += [_link(*verdict.section)] if verdict.section else []
    parts += [f'<div style="margin-top:.2em">{rich(line)}</div>' for line in verdict.advice]
    colour = _COLOURS.get(verdict.status, "#5a6577")
    return (
        f'<div role="status" lang="{HTML_LANGUAGE[language()]}" class="mmlearn-verdict" data-status="{verdict.status}" '
        f'style="{STYLE};border-left-color:{colour}">{"".join(parts)}</div>'
    )


def _failure(item: Item, also: str) -> str:
    words = f"<div style='margin-top:.4em'>✘ <em>{html.escape(item.name)}</em>{say('colon')}{rich(item.message)}</div>"
    example = _example(item.example) if item.example else ""
    picture = pictures(*item.arrays) if item.arrays else ""
    if picture and example:  # whoever looks need not read
        example = f"<details><summary>{say('the-numbers')}</summary>{example}</details>"
    return words + picture + example + (f"<div>{html.escape(also)}</div>" if also else "")


def _link(chapter: str, cell: str, heading: str) -> str:
    """Link to a cell by its id: JupyterLab does not find headings that are not plain ASCII."""
    words = html.escape(say("read-again", chapter=chapter, section=heading))
    return f'<div style="margin-top:.2em"><a href="{chapter}.ipynb#cell-id={cell}">{words}</a></div>'


def row_name(name: str) -> str:
    """Say what a row of a counterexample holds; a name of a chapter's own stays as it is."""
    return say(f"row-{name}") if f"row-{name}" in catalogue("en") else name


def _example(example: Mapping[str, str]) -> str:
    """Show the counterexample as a table: what went in, what came out, what was expected."""
    rows = "".join(
        f'<tr style="background:transparent"><th scope="row" style="{_HEAD}">{html.escape(row_name(name))}</th>'
        f'<td style="text-align:left"><pre style="overflow-x:auto;{PLAIN}">{html.escape(text)}</pre></td></tr>'
        for name, text in example.items()
    )
    return f'<table style="margin:.3em 0 .3em 1.2em;border-collapse:collapse">{rows}</table>'
