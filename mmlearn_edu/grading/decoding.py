"""Bytes -> JSON, bounded in size, depth and number of parts; whatever it is instead of a notebook is said in words."""

import json
from typing import Any

from mmlearn_edu.grading.words import say

__all__ = ["MAX_BYTES", "UnreadableError", "read_json", "what_it_is"]

MAX_BYTES = 20 * 2**20
MAX_PARTS = 1_000_000  # of brackets and commas: 20 MB of empty lists would take half a gigabyte once they are read
MAX_DIGITS = 400
_BLANK = b" \t\r\n\0"
_FIRST_BYTES = {b"PK": "zip", b"%PDF": "pdf", b"<": "html", b"\x89PNG": "picture", b"\xff\xd8\xff": "picture"}
_KINDS = {
    "typed": ("onlinetext.html", "_text.html"),  # into Moodle and Canvas
    "script": (".py", ".pyw", ".r", ".jl", ".m"),
    "html": (".html", ".htm", ".mhtml"),
    "pdf": (".pdf",),
    "picture": (".png", ".jpg", ".jpeg", ".gif", ".heic", ".webp", ".svg"),
    "packed": (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"),
    "document": (".doc", ".docx", ".odt", ".rtf", ".pages", ".txt", ".md", ".tex"),
    "shortcut": (".url", ".webloc", ".lnk"),
}


class UnreadableError(ValueError):
    """A file that cannot be graded; its words say why, and what to hand in instead."""


def read_json(data: bytes, origin: str = "") -> tuple[Any, list[str]]:
    """Read a file's bytes as JSON, and say what had to be repaired.

    Parameters
    ----------
    data : bytes
    origin : str
        Where they came from; its ending helps to say what else it may be.

    Returns
    -------
    tree : object
    notes : list of str

    Raises
    ------
    UnreadableError
        If it is empty, larger than ``MAX_BYTES``, deeply nested, of too many parts, or no JSON.
    """
    if not data.strip(_BLANK):
        raise UnreadableError(say("submission", "zeros" if data.strip(b" \t\r\n") else "empty"))
    if len(data) > MAX_BYTES:
        raise UnreadableError(say("submission", "too-large", size=len(data) / 2**20, most=MAX_BYTES // 2**20))
    text, notes = _text(data)
    if text.count("[") + text.count("{") + text.count(",") > MAX_PARTS:
        raise UnreadableError(say("submission", "too-many-parts"))
    try:
        return json.loads(text, parse_int=_whole, parse_float=_decimal), notes
    except RecursionError:
        raise UnreadableError(say("submission", "too-deep")) from None
    except json.JSONDecodeError as error:
        raise UnreadableError(_no_json(data, text, origin, error.lineno)) from None
    except ValueError:
        raise UnreadableError(say("submission", "long-number", most=MAX_DIGITS)) from None


def what_it_is(origin: str) -> str:
    """Say in words what a file that is no notebook seems to be, by its ending, and what to hand in instead."""
    kinds = [kind for kind, endings in _KINDS.items() if origin.lower().endswith(endings)]
    return say("submission", f"is-{kinds[0] if kinds else 'something-else'}")


def _text(data: bytes) -> tuple[str, list[str]]:
    """Decode: UTF-8 as it should be, UTF-16 as some editors save, or what an old Windows writes."""
    try:
        return data.decode(json.detect_encoding(data)), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb2312"), [say("submission", "not-utf-8", encoding="GB2312")]
    except UnicodeDecodeError:
        return data.decode("latin-1"), [say("submission", "not-utf-8", encoding="Latin-1")]


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(digits[:20])
    return int(digits)


def _decimal(digits: str) -> float:
    if len(digits) > MAX_DIGITS:
        raise ValueError(digits[:20])
    return float(digits)


def _no_json(data: bytes, text: str, origin: str, line: int) -> str:
    for first, kind in _FIRST_BYTES.items():
        if data.lstrip(b"\xef\xbb\xbf" + _BLANK).startswith(first):
            return say("submission", f"is-{kind}")
    if text.lstrip().startswith("{"):
        return say("submission", "damaged", line=line, lines=text.count("\n") + 1)
    return what_it_is(origin)
