"""What the sandbox asks of the kernel: name spaces, mounts, privileges. Linux only; errors are OSError."""

import ctypes
import functools
import os
import struct
from pathlib import Path
from typing import Any

__all__ = [
    "CAP_DAC_READ_SEARCH",
    "NEW_IPC",
    "NEW_MOUNTS",
    "NEW_NETWORK",
    "NEW_PIDS",
    "NEW_USER",
    "NEW_UTS",
    "bind",
    "bind_read_only",
    "detach",
    "die_with_parent",
    "drop_capabilities",
    "hide_from_tracers",
    "keep_capabilities",
    "make_private",
    "map_user",
    "mount",
    "no_new_privileges",
    "pivot_root",
    "remount_read_only",
    "syscall",
    "take_orphans",
    "unshare",
]

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x20000, 0x4000000, 0x8000000
NEW_USER, NEW_PIDS, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

_READ_ONLY, _NO_SUID, _NO_DEVICES, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_DETACH = 2
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS, _PR_SET_SUBREAPER = 1, 4, 8, 38, 36
_SIGKILL = 9
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_MOUNT_SETATTR, _AT_RECURSIVE, _AT_FDCWD = 442, 0x8000, -100
_CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_READ_SEARCH = 2


@functools.cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)  # not at import: other systems read this file, too
    libc.syscall.restype = ctypes.c_long
    return libc


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: Any) -> int:
    """Ask the kernel for what libc has no function for."""
    return _checked(_libc().syscall(ctypes.c_long(number), *arguments), f"system call {number}")


def unshare(flags: int) -> None:
    """Leave the name spaces named by `flags` for new ones; new pids begin with the next child."""
    _checked(_libc().unshare(flags), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system of `kind`, for instance a tmpfs; a program in it gains nothing by its owner."""
    flags |= _NO_SUID | _NO_DEVICES
    done = _libc().mount(source.encode(), target.encode(), kind.encode() or None, flags, options.encode() or None)
    _checked(done, f"mount {kind or source} on {target}")


def make_private() -> None:
    """Let no mount made from now on reach the name space we came from."""
    _checked(_libc().mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None), "mount --make-rprivate /")


def bind(source: str, target: str) -> None:
    """Show the file or folder `source` at `target`, too."""
    _checked(_libc().mount(source.encode(), target.encode(), None, _BIND | _RECURSIVE, None), f"bind {source}")


def bind_read_only(source: str, target: str) -> None:
    """Show the file or folder `source` at `target`, where nobody can write to it."""
    bind(source, target)
    attributes = struct.pack("QQQQ", _READ_ONLY | _NO_SUID, 0, 0, 0)  # MOUNT_ATTR_RDONLY and _NOSUID: the same numbers
    try:
        syscall(_MOUNT_SETATTR, _AT_FDCWD, target.encode(), _AT_RECURSIVE, attributes, len(attributes))
    except OSError:  # a kernel before 5.12; what the source forbids has to be forbidden again
        kept = os.statvfs(target).f_flag & 0xE
        flags = _REMOUNT | _BIND | _READ_ONLY | kept
        _checked(_libc().mount(None, target.encode(), None, flags, None), f"make {target} read-only")


def remount_read_only(target: str) -> None:
    """Let nobody write to a file system of ours any more."""
    flags = _REMOUNT | _BIND | _READ_ONLY | (os.statvfs(target).f_flag & 0xE)
    _checked(_libc().mount(None, target.encode(), None, flags, None), f"make {target} read-only")


def detach(target: str) -> None:
    """Take a mount away, also one that is in use."""
    _checked(_libc().umount2(target.encode(), _DETACH), f"umount {target}")


def pivot_root(folder: str) -> None:
    """Make `folder`, a mount of ours, the root of everything; the old root is gone."""
    os.chdir(folder)
    syscall(_PIVOT_ROOT[os.uname().machine], b".", b".")
    detach(".")
    os.chdir("/")


def map_user(uid: int, gid: int) -> None:
    """Be the same user inside a new user name space as outside: nobody becomes root by entering."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def die_with_parent() -> None:
    """Be killed when the process that started us ends, however it ends."""
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def hide_from_tracers() -> None:
    """Let no other process of this user read or trace this one."""
    _prctl(_PR_SET_DUMPABLE, 0)


def take_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none is lost."""
    _prctl(_PR_SET_SUBREAPER, 1)


def no_new_privileges() -> None:
    """Let no program that is started from here gain anything, whatever its file says."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def keep_capabilities() -> None:
    """Keep the capabilities over the next change of user, to choose among them."""
    _prctl(_PR_SET_KEEPCAPS, 1)


def drop_capabilities(*kept: int) -> None:
    """Give up every capability but `kept`."""
    mask = sum(1 << one for one in kept)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    syscall(_CAPSET[os.uname().machine], header, struct.pack("IIIIII", mask, mask, 0, 0, 0, 0))


def _prctl(option: int, value: int) -> None:
    zero = ctypes.c_ulong(0)
    _checked(_libc().prctl(option, ctypes.c_ulong(value), zero, zero, zero), f"prctl {option}")
