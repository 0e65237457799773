"""Run a command as an ordinary user, also where the tests run as root and Python lies in a folder of root's alone."""

import os
import shlex
import shutil
import sys
from pathlib import Path

USER = 54_321  # nobody's: whoever has this number owns no file and no process


def missing():
    """Say what this machine lacks to become an ordinary user; "" if nothing."""
    if os.geteuid() != 0:
        return ""
    lacking = [tool for tool in ("unshare", "setpriv", "mount", "sh") if shutil.which(tool) is None]
    return f"no {', no '.join(lacking)} on this machine: install Debian's util-linux and mount" if lacking else ""


def as_ordinary_user(command, home):
    """Return the command that runs `command` as an ordinary user whose home is `home`; as it is if we are one."""
    if os.geteuid() != 0:
        return command
    os.chown(home, USER, USER)
    steps = ["set -e", *_python_for_everybody(home), f"exec setpriv --reuid {USER} --regid {USER} --clear-groups"]
    steps[-1] += f" env HOME={shlex.quote(str(home))} {shlex.join(command)}"
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(steps)]


def _python_for_everybody(home):
    """List the shell's steps that show Python, and nothing else, of a folder that others may not enter.

    They run in a private name space of mounts: nobody else sees them, and they end with the command.
    """
    python = Path(sys.base_prefix).resolve()
    closed = [place for place in (python, *python.parents) if not place.stat().st_mode & 0o001]
    if not closed:
        return []
    aside, top = shlex.quote(f"{home}/python"), shlex.quote(str(closed[-1]))
    place = shlex.quote(str(python))
    return [
        f"mkdir {aside}",
        f"mount --bind {place} {aside}",
        f"mount -t tmpfs -o mode=0755 tmpfs {top}",
        f"mkdir -p {place}",
        f"mount --bind {aside} {place}",
        f"umount {aside}",
        f"rmdir {aside}",
    ]
