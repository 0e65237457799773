"""One text for all answers that differ in names, comments and layout alone.

Parsing what a student wrote may crash Python: :func:`normalised` and :func:`fingerprint` belong into the sandbox.
:func:`tokens` and :func:`runs` look at the characters alone, and may be used anywhere.
"""

import ast
import hashlib
import keyword
import re
import warnings
import zlib
from typing import Any

__all__ = ["fingerprint", "normalised", "runs", "tokens"]

RUN, ONE_IN, MOST_RUNS = 8, 4, 500
_OURS = {"check", "hint", "solution", "predict", "recall", "reset", "progress", "show_source"}
_COMMANDS = re.compile(r"^[%!].*$", re.MULTILINE)  # of the notebook's; they are no Python
_TOKEN = re.compile(  # a text that is left open ends with its line: to try again from every quote would take hours
    r"(?P<skip>\#[^\n]*|\\\n|\s+)"
    r'''|(?P<text>"""(?s:.*?)"""|\'\'\'(?s:.*?)\'\'\'|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)'''
    r"|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<sign>[-+*/%@&|^=<>!:]=|//=?|\*\*=?|->|.)",
    re.DOTALL,
)
_WORDS = {*keyword.kwlist, "match", "case"}


def fingerprint(source: str, tree: ast.Module | None = None) -> str:
    r"""Return 16 digits that are the same for answers that differ in names, comments and layout alone; "" for none.

    >>> one = "def f(X):\n    mean = X.mean(0)  # per feature\n    return X - mean"
    >>> other = "def f(data):\n  m = data.mean( 0 ); return (data - m)"
    >>> fingerprint(one) == fingerprint(other)
    True
    """
    text = normalised(source, tree)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16] if text else ""


def normalised(source: str, tree: ast.Module | None = None) -> str:
    """Return `source` without comments, docstrings, annotations and calls of our checks, its own names numbered.

    Names are own if the source itself gives them a value; ``np`` and attributes stay. Numbers follow the order of
    appearance. What is no Python is compared by its tokens.

    Parameters
    ----------
    source : str
        Code of an answer, or of its whole cell.
    tree : ast.Module, default=None
        The same, parsed, if somebody has done so; it is changed.

    Returns
    -------
    str
    """
    code = _COMMANDS.sub("", source)
    try:
        if tree is None or code != source:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of "\\d" in a text, Python warned when the cell ran
                tree = ast.parse(code)
        return ast.unparse(_Alike(_own_names(tree)).visit(tree)).strip()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(tokens(code))


def tokens(source: str) -> list[str]:
    """Return the words and signs of a source; variables all become ``V`` and texts ``S``.

    >>> " ".join(tokens("mean = X.mean(axis=0)  # per feature"))
    'V = V . mean ( V = 0 )'
    """
    found = [match for match in _TOKEN.finditer(source) if match.lastgroup != "skip"]
    names = [match["name"] for match in found]
    defined = {name for before, name in zip(["", *names], names, strict=False) if before in ("def", "class")}
    words: list[str] = []
    for match, after in zip(found, [*found, None][1:], strict=True):
        name = match["name"]
        is_called = after is not None and after[0] == "(" and name not in defined
        is_kept = name is None or name in _WORDS or is_called or words[-1:] == ["."]
        words.append("S" if match["text"] else match[0] if is_kept else "V")
    return words


def runs(source: str) -> list[int]:
    """Return numbers of the runs of 8 words and signs in a source: one run in four, and every time the same ones [1]_.

    Two sources share as large a part of these numbers as of their runs, roughly. Moving code, or exchanging a part of
    it, leaves most of them as they are.

    References
    ----------
    .. [1] Broder, A. Z. (1997). On the resemblance and containment of documents. SEQUENCES '97, 21-29.
    """
    words = tokens(source)
    texts = {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}
    numbers = {zlib.crc32(text.encode("utf-8", "replace")) for text in texts}
    return sorted(number for number in numbers if number % ONE_IN == 0)[:MOST_RUNS]


def _own_names(tree: ast.AST) -> set[str]:
    """Return the names that the code itself gives a value."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler | ast.MatchAs):
            found.add(node.name or "")
    return found


class _Alike(ast.NodeTransformer):
    """Number the own names, and drop what does nothing."""

    def __init__(self, own: set[str]) -> None:
        self.own = own
        self.numbers: dict[str, str] = {}

    def name(self, name: str) -> str:
        """Return the number of an own name; no name in Python begins with a dollar."""
        return self.numbers.setdefault(name, f"${len(self.numbers)}") if name in self.own else name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.name(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.name(node.arg))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Only our own functions know our own names as keywords: ``X.mean(axis=axis)``."""
        is_own = isinstance(node.func, ast.Name) and node.func.id in self.own
        self.generic_visit(node)
        for part in node.keywords if is_own else ():
            part.arg = self.name(part.arg) if part.arg else None
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Drop docstrings, other lonely constants, and what talks to the checks."""
        call = node.value
        is_ours = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _OURS
        return None if is_ours or isinstance(call, ast.Constant) else self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit(ast.Assign([node.target], node.value, lineno=0))

    def generic_visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler | ast.MatchAs):
            node.name = self.name(node.name) if node.name else node.name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.alias):
            node.asname = self.name(node.asname) if node.asname else None
        if isinstance(node, ast.Global | ast.Nonlocal):
            node.names = [self.name(name) for name in node.names]
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if body == [] and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node
