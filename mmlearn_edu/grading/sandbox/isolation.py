"""The levels of isolation, best first: which this machine offers, and what each does and does not defend."""

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mmlearn_edu.grading.sandbox import landlock, seccomp
from mmlearn_edu.grading.words import say

__all__ = ["LEVELS", "IsolationError", "Level", "choose", "levels"]

LEVELS = ("bubblewrap", "namespaces", "processes")
_USERS = 60_001  # the first of the users that a root becomes to run what it does not trust


class IsolationError(RuntimeError):
    """The isolation that is asked for cannot be had; the words say why."""


@dataclass(frozen=True)
class Level:
    """One way to keep a learner's code away from everything else.

    Attributes
    ----------
    name : {"bubblewrap", "namespaces", "processes"}
    missing : str
        Why this machine does not offer it, in words; "" if it does.
    """

    name: str
    missing: str = ""

    @property
    def own_files(self) -> bool:
        """Whether the sandbox sees a file system of its own."""
        return self.name != "processes"

    def defends(self) -> list[str]:
        """Say what is kept from a learner's code, in words."""
        return [say("sandbox", key) for key, kept in self._facts().items() if kept]

    def does_not_defend(self, public: bool = True) -> list[str]:
        """Say what is not, in words; with `public`, of exercises whose solutions everybody can read."""
        gaps = [say("sandbox", f"{key}-not") for key, kept in self._facts().items() if not kept]
        gaps += [] if self.own_files else [say("sandbox", "names-not")]
        return [*gaps, say("sandbox", "kernel-not"), *([say("sandbox", "public-not")] if public else [])]

    def _facts(self) -> dict[str, bool]:
        ruled = landlock.abi() > 0
        filtered = seccomp.known()
        return {
            "marks": True,
            "files": self.own_files or ruled,
            "network": self.own_files or filtered,
            "neighbours": self.own_files or filtered or landlock.abi() >= 6,
            "limits": True,
            "root": drops_root() or os.getuid() != 0 or ruled,
        }


def drops_root() -> bool:
    """Whether we are root, and become somebody else to run what we do not trust."""
    return os.getuid() == 0


def user_for(slot: int) -> int | None:
    """Return the user that runs what we do not trust, where we are root: one of its own for every worker."""
    return _USERS + slot % 1000 if drops_root() else None


def user_in_words(slot: int) -> str:
    """Say as whom we run what we do not trust."""
    user = user_for(slot)
    return say("sandbox", "user-own", user=os.getuid()) if user is None else say("sandbox", "user-dropped", user=user)


@functools.cache
def level(name: str) -> Level:
    """Return one level, with what is missing for it on this machine; it is tried once."""
    return Level(name, _missing(name))


def levels() -> tuple[Level, ...]:
    """Return every level, best first, each with what is missing for it on this machine."""
    return tuple(map(level, LEVELS))


def choose(wanted: str | None = None) -> Level:
    """Return the best level, or the one `wanted`; never a weaker one.

    Raises
    ------
    IsolationError
        If this machine does not offer it; the words say what is missing.
    """
    if wanted is not None:
        if wanted not in LEVELS:
            raise IsolationError(say("sandbox", "unknown-level", name=wanted, levels=", ".join(LEVELS)))
        if level(wanted).missing:
            raise IsolationError(say("sandbox", "level-missing", name=wanted, why=level(wanted).missing))
        return level(wanted)
    best = next((one for one in map(level, LEVELS) if not one.missing), None)  # those behind it are not tried
    if best is None:
        raise IsolationError(say("sandbox", "none-left", why=level(LEVELS[-1]).missing))
    return best


def _missing(name: str) -> str:
    if not sys.platform.startswith("linux"):
        return say("sandbox", "only-linux", system=sys.platform)
    if name == "processes":
        return ""
    if name == "bubblewrap" and shutil.which("bwrap") is None:
        return say("sandbox", "no-bwrap")
    return _tried(name)


def _tried(name: str) -> str:
    """Start a sandbox that imports nothing; return why it does not work."""
    from mmlearn_edu.grading.sandbox.launch import Launched

    try:
        launched = Launched(Level(name), imports=())
        try:
            launched.ready()
        finally:
            launched.close()
    except (OSError, IsolationError, subprocess.SubprocessError) as error:
        return say("sandbox", "tried", why=str(error)[:300])
    return ""


def reads_everything(level: Level) -> bool:
    """Whether the user we become could not read Python itself, which lies where only root may look."""
    if not drops_root() or level.own_files or not landlock.abi():
        return False
    return any(not _open_to_all(Path(path)) for path in (sys.prefix, sys.base_prefix, __file__))


def _open_to_all(path: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (path, *path.resolve().parents) if place.is_dir())
