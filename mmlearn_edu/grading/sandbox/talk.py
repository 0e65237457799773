"""The trusted side of one child: cells are run, the answer is looked at, calls are answered; nothing is believed."""

import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from mmlearn_edu.checks.answerer import Died, Hung, Outcome, Raised, Returned
from mmlearn_edu.checks.guard import how_ended
from mmlearn_edu.checks.messages import say as say_check
from mmlearn_edu.grading.sandbox.launch import Launched
from mmlearn_edu.grading.sandbox.wiring import Line, ProtocolError
from mmlearn_edu.grading.words import say

__all__ = ["Talk", "analysed"]

_CONTROL = re.compile("[\ud800-\udfff\0-\x08\x0b-\x1f\x7f-\x9f]")
_PATIENCE = 40.0  # seconds for the looking at all cells together


class Talk:
    """A conversation with one forked child.

    What is asked in a row is sent at once, and what is said is read one by one, each within its own time.

    Parameters
    ----------
    launched : Launched
    """

    def __init__(self, launched: Launched) -> None:
        self._launched = launched
        self._line = Line(launched.fork("answer"))
        self._asked: deque[str] = deque()
        self.ended = ""  # how it ended, in words

    def cells(
        self, cells: Sequence[tuple[str, str, bool]], seconds: Callable[[], float]
    ) -> Iterator[tuple[Outcome, list[str]]]:
        """Run cells: name, source, whether its imports alone. Yield what came of each, and commands left out."""
        for cell in cells:
            self._ask("cell", list(cell))
        yield from (self._ran(self._told(seconds())) for _ in cells)

    def _ran(self, reply: list[Any] | Hung | Died) -> tuple[Outcome, list[str]]:
        if not isinstance(reply, list):
            return reply, []
        if reply[0] == "ran" and len(reply) == 3:
            left_out = [_text(line)[:100] for line in reply[1][:20]] if isinstance(reply[1], list) else []
            return Returned(None, printed=_text(reply[2])), left_out
        return self._outcome(reply), []

    def analyse(self, sources: list[str], seconds: float) -> list[dict[str, Any]] | None:
        """Say of every source what it binds and needs; None if something went wrong, and the child is of no use."""
        self._ask("analyse", [sources])
        reply = self._told(seconds)
        if isinstance(reply, list) and isinstance(reply[1], list) and len(reply[1]) == len(sources):
            return reply[1]
        self.close()
        return None

    def inspect(
        self, wanted: dict[str, Any], by_name: bool, forbids: list[str], seconds: float
    ) -> dict[str, Any] | Hung | Died:
        """Return the facts about the answer to `wanted`; from now on what `forbids` names refuses to work."""
        self._ask("inspect", [wanted, by_name, forbids])
        reply = self._told(seconds)
        if not isinstance(reply, list):
            return reply
        facts = reply[1]
        if reply[0] != "found" or not isinstance(facts, dict) or not isinstance(facts.get("state"), str):
            return self._unreadable()
        words = {key: _text(facts.get(key))[:300] for key in ("state", "actual", "name")}
        return {**words, "blank_left": facts.get("blank_left") is True}

    def calls(self, calls: Sequence[bytes], seconds: Callable[[], float]) -> Iterator[Outcome]:
        """Call the answer with arguments as they are written; yield what came of each call."""
        for call in calls:
            self._ask("call", [np.frombuffer(call, np.uint8)])
        for _ in calls:
            reply = self._told(seconds())
            yield self._outcome(reply) if isinstance(reply, list) else reply

    def close(self, gone: bool = False) -> None:
        """End the child with all it started; with `gone`, one that hung up."""
        if not self.ended:
            self._line.close()
            status, reason = self._launched.end(gone)
            self.ended = say("sandbox", f"ended-{reason}") if reason else how_ended(status)

    # ------------------------------------------------------------------------------------------------ one exchange

    def _ask(self, verb: str, arguments: list[Any]) -> None:
        if not self.ended:
            nonce = secrets.token_hex(8)  # a reply that was written before the question is none
            self._line.send([nonce, verb, *arguments])
            self._asked.append(nonce)

    def _told(self, seconds: float) -> list[Any] | Hung | Died:
        if self.ended:
            return Died(self.ended)
        try:
            reply = self._line.receive(time.monotonic() + seconds)
        except TimeoutError:
            self.close()
            return Hung(seconds)
        except (EOFError, OSError):
            self.close(gone=True)
            return Died(self.ended)
        except ProtocolError:
            return self._unreadable()
        if not isinstance(reply, list) or len(reply) < 3 or not all(isinstance(part, str) for part in reply[:2]):
            return self._unreadable()  # an array would be compared entry by entry
        if reply[0] != self._asked.popleft():
            return self._unreadable()
        return reply[1:]

    def _unreadable(self) -> Died:
        self.close()
        self.ended = say_check("died-unreadable")
        return Died(self.ended)

    def _outcome(self, reply: list[Any]) -> Outcome:
        if reply[0] == "returned" and len(reply) == 4:
            return Returned(reply[1], reply[2] is True, _text(reply[3]))
        if reply[0] == "raised" and len(reply) == 6 and isinstance(reply[4], list):
            kind, text, line, bases, printed = reply[1:]
            return Raised(_text(kind), _text(text), _text(line), tuple(map(_text, bases[:40])), _text(printed))
        return self._unreadable()


def _text(value: Any) -> str:
    """Return a text as a page and a terminal can show it: no halves of characters, and no control characters."""
    return _CONTROL.sub("\ufffd", value[:2000]) if isinstance(value, str) else ""


def analysed(launched: Launched, sources: list[str], seconds: float = 5.0) -> list[dict[str, Any]]:
    """Say of every source what it binds and needs; only one that crashes Python's parser gets a `problem`."""
    found: list[dict[str, Any]] = []
    end = time.monotonic() + _PATIENCE
    while len(found) < len(sources):
        if time.monotonic() > end:
            unread = {"problem": say("sandbox", "not-read", seconds=_PATIENCE)}
            return found + [unread] * (len(sources) - len(found))
        line = Line(launched.fork("analyse"))
        try:
            line.send(sources[len(found) :])
            while len(found) < len(sources):
                found.append(line.receive(min(end, time.monotonic() + seconds)))
        except (TimeoutError, EOFError, OSError, ProtocolError):
            found.append({"problem": say("sandbox", "parser")})
        finally:
            line.close()
            launched.end()
    return found
