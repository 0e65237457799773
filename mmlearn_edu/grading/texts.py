"""What a stranger wrote, made fit for other readers: no broken character, nothing that turns the line round, no end."""

import re

from mmlearn_edu.grading.words import say

__all__ = ["clean", "cut", "one_line", "visible"]

_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")  # halves of characters, and two that XML does not know
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff{_TURNING}]")


def clean(text: str) -> str:
    r"""Replace what no file can hold: halves of characters become the sign for "broken character".

    >>> clean("a\ud800b")
    'a\ufffdb'
    """
    return _BROKEN.sub("\ufffd", text)


def visible(text: str) -> str:
    r"""Show what is meant to be unseen: control characters, and those that turn the writing round.

    >>> visible("good\x00 \u202elive")
    'good␀ ⟨U+202E⟩live'
    """
    return _UNSEEN.sub(lambda found: _named(found.group()), clean(text.replace("\r\n", "\n")))


def one_line(text: str, most: int = 200) -> str:
    r"""Return a name as one line of at most `most` characters, with nothing unseen in it.

    >>> one_line(" Ada\n\tLovelace ")
    'Ada Lovelace'
    """
    return visible(" ".join(cut(text, most).split()))


def cut(text: str, most: int) -> str:
    """Return the beginning of a long text, and say that it goes on.

    >>> cut("a" * 1000, 3)
    'aaa … (1000 characters, cut)'
    """
    return text if len(text) <= most else text[:most] + say("report", "cut", count=len(text))


def _named(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's picture of a control character
    return f"⟨U+{code:04X}⟩"
