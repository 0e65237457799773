"""While an answer is checked it shows nothing, asks nobody, and the first words it prints are kept."""

import builtins
import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmlearn_edu.checks.display import shell
from mmlearn_edu.checks.messages import say

__all__ = ["Output", "muted", "readable"]

_PRINTED = 400  # characters of output that are kept


class Output(io.TextIOBase):
    """Keep the first characters that are printed, forget the rest."""

    def __init__(self) -> None:
        self.kept = ""
        self.buffer = io.BytesIO()

    def write(self, text: str) -> int:
        """Take `text`; nothing is refused."""
        if len(self.kept) < _PRINTED:
            self.kept += text[: _PRINTED - len(self.kept)]
        return len(text)

    def clear(self) -> None:
        """Forget what the last call printed."""
        self.kept = ""

    def text(self) -> str:
        """Return what was kept, as a page can hold it."""
        return readable(self.kept)


def readable(text: str) -> str:
    """Replace what no file and no page can hold: halves of characters (surrogates)."""
    return text.encode("utf-8", "replace").decode()


@contextmanager
def muted() -> Iterator[Output]:
    """Let nothing that is printed, logged, displayed or asked reach the notebook or the terminal."""
    output = Output()
    replaced: list[tuple[Any, str, Any]] = [
        (sys, "stdout", output),
        (sys, "stderr", output),
        (builtins, "input", _no_input),
    ]
    publisher = getattr(shell(), "display_pub", None)
    if publisher is not None:
        replaced.append((publisher, "publish", lambda data, *_args, **_more: output.write(_words(data))))
    if "matplotlib.pyplot" in sys.modules:
        replaced.append((sys.modules["matplotlib.pyplot"], "show", _no_show))
    before = [(thing, name, getattr(thing, name)) for thing, name, _ in replaced]
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # a picture shown in a copy of the process would be logged into the terminal
    try:
        for change in replaced:
            setattr(*change)
        yield output
    finally:
        for change in before:
            setattr(*change)
        logging.disable(level)


def _words(data: Any) -> str:
    """Read what ``display`` was given as it would stand in a terminal."""
    return f"{data.get('text/plain', '')}\n" if isinstance(data, dict) else ""


def _no_input(_prompt: object = "") -> str:
    raise RuntimeError(say("no-input"))


def _no_show(*_args: Any, **_kwargs: Any) -> None:
    """Stand in for ``plt.show``, which may wait until somebody closes the window."""
