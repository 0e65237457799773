"""Help with an exercise: hints, a solution beside one's own code, a fresh start, the source of the package."""

import ast
import difflib
import functools
import html
import inspect
from collections.abc import Callable
from typing import Any

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.display import PLAIN, Card, in_notebook, show_now
from mmlearn_edu.checks.learner import hints_of, hints_seen, last_answer
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.source import answer_name, solution_source, stub_source

__all__ = ["hint", "reset", "show_source", "solution"]


def hint(exercise_id: str) -> None:
    """Show the next hint: where to look, then what to do, then a skeleton. Asking is recorded, never punished.

    What failed in the last check chooses the hints, where the exercise has some of its own for that.

    Parameters
    ----------
    exercise_id : str
        For instance "pca.center".
    """
    exercise = registry.get(exercise_id)
    about, hints = hints_of(exercise)
    if not hints:
        show_now(Card(say("no-hint", id=exercise_id), exercise.said(exercise.task)))
        return
    level = min(hints_seen(exercise_id, about), len(hints) - 1)
    journal.record("hint", exercise_id, level=level + 1, about=about)
    title = say("hint-title", level=level + 1, levels=len(hints), id=exercise_id)
    words = hints[level]
    show_now(Card(title, code=words) if "\n" in words else Card(title, words))


def solution(exercise_id: str, now: bool = False) -> None:
    """Show one solution beside your own code; before a first attempt only with ``now=True``.

    Parameters
    ----------
    exercise_id : str
        For instance "pca.center".
    now : bool, default=False
        Show it although nothing was tried yet.
    """
    exercise = registry.get(exercise_id)
    tried = any(
        entry["event"] == "check" and entry["id"] == exercise_id and entry.get("status") != "not attempted"
        for entry in journal.read()
    )
    if not (tried or now):
        show_now(Card(f"{exercise_id}", say("solution-unasked", id=exercise_id)))
        return
    journal.record("solution", exercise_id)
    theirs = _source_of(last_answer(exercise_id)) or stub_source(exercise)
    ours = solution_source(exercise)
    lines = [line for line in difflib.ndiff(theirs.splitlines(), ours.splitlines()) if not line.startswith("?")]
    show_now(Card(say("solution-title"), code="\n".join(lines), markup=_coloured(lines)))


def _source_of(answer: Any) -> str:
    try:
        return inspect.getsource(answer)
    except (OSError, TypeError):  # a value, or a function whose cell is gone
        return ""


def _coloured(lines: list[str]) -> str:
    """Mark lines to remove and to add by sign and colour."""
    tints = {"-": "rgba(197,48,48,.18)", "+": "rgba(46,133,64,.22)"}
    rows = "".join(
        f'<span style="display:block;background:{tints.get(line[:1], "transparent")}">{html.escape(line) or " "}</span>'
        for line in lines
    )
    return f'<pre style="overflow-x:auto;{PLAIN}">{rows}</pre>'


def reset(exercise_id: str) -> None:
    """Put a fresh stub into a new cell below; what you wrote stays where it is.

    Parameters
    ----------
    exercise_id : str
        For instance "pca.center".
    """
    exercise = registry.get(exercise_id)
    stub = f'{stub_source(exercise)}\n\ncheck("{exercise.id}", {answer_name(exercise)})'
    journal.record("reset", exercise_id)
    if in_notebook():
        from IPython import get_ipython

        get_ipython().set_next_input(stub)
        show_now(Card(say("reset-done")))
    else:
        show_now(Card(say("reset-text"), code=stub))


def show_source(thing: Callable[..., Any] | type, *, docstrings: bool = False) -> None:
    """Show the source of a function or class of the package: no black box.

    Parameters
    ----------
    thing : function or class
        Any of the package, for instance `mmlearn_edu.representations.PCA`.
    docstrings : bool, default=False
        Show docstrings whole. Else they are cut to their first paragraph: what is read here is the code, and
        ``help(thing)`` shows the rest.
    """
    target = inspect.unwrap(thing) if callable(thing) else thing
    target = target.func if isinstance(target, functools.partial) else target
    name = f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', type(thing).__name__)}"
    try:
        source = inspect.getsource(target)
    except (OSError, TypeError):
        show_now(Card(say("no-source", name=name)))
        return
    source = source if docstrings else _briefly(source)
    show_now(Card(name, code=source, markup=_highlighted(source)))


def _briefly(source: str) -> str:
    """Cut every docstring to its first paragraph."""
    block = f"class _:\n{source}" if source[:1].isspace() else source  # a method is indented
    try:
        tree = ast.parse(block)
    except SyntaxError:  # a lambda in the middle of a call, say
        return source
    lines = block.splitlines()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    told = [node.body[0] for node in ast.walk(tree) if isinstance(node, kinds) and ast.get_docstring(node)]
    for docstring in sorted(told, key=lambda node: -node.lineno):  # from below, so that the numbers above stay right
        first, last = docstring.lineno - 1, docstring.end_lineno or docstring.lineno
        gap = next((i for i in range(first, last) if not lines[i].strip()), None)
        if gap is not None:
            lines[gap - 1 : last] = [lines[gap - 1] + '"""']
    return "\n".join(lines[block.count("\n") - source.count("\n") :]) + "\n"


def _highlighted(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    body = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<div class="highlight"><pre style="overflow-x:auto;{PLAIN}">{body}</pre></div>'
