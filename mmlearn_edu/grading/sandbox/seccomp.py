"""A filter of system calls, in the kernel's own small language: what student code asks of the kernel and need not.

Refused calls fail with EPERM, as they would for lack of a permission. Only the two machines of our users are known.

References
----------
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import ctypes
import errno
import os
import struct

from mmlearn_edu.grading.sandbox.kernel import syscall

__all__ = ["install", "known"]

_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _ARGUMENT = 0, 4, 16  # where they stand in what the filter sees
_NEW_NAME_SPACES = 0x7E020080
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # the other numbering of x86_64

_EVERYWHERE = {  # calls younger than the common numbering
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_open": 434,
    "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "process_mrelease": 448,
}  # fmt: skip
_REFUSED = {
    "x86_64": {
        **_EVERYWHERE,
        "socket": 41, "execve": 59, "execveat": 322,
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
        "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "tkill": 200,
        "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250, "add_key": 248, "request_key": 249,
        "open_by_handle_at": 304, "name_to_handle_at": 303, "init_module": 175, "finit_module": 313,
        "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320, "reboot": 169, "swapon": 167, "swapoff": 168,
        "sethostname": 170, "setdomainname": 171, "acct": 163, "settimeofday": 164, "clock_settime": 227,
        "adjtimex": 159, "clock_adjtime": 305, "quotactl": 179, "iopl": 172, "ioperm": 173, "modify_ldt": 154,
        "syslog": 103, "vhangup": 153, "memfd_create": 319, "mq_open": 240, "shmget": 29, "semget": 64, "msgget": 68,
        "setpriority": 141, "sched_setscheduler": 144, "sched_setattr": 314, "fanotify_init": 300, "inotify_init1": 294,
    },
    "aarch64": {
        **_EVERYWHERE,
        "socket": 198, "execve": 221, "execveat": 281,
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "tkill": 130,
        "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
        "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "keyctl": 219, "add_key": 217, "request_key": 218,
        "open_by_handle_at": 265, "name_to_handle_at": 264, "init_module": 105, "finit_module": 273,
        "delete_module": 106, "kexec_load": 104, "kexec_file_load": 294, "reboot": 142, "swapon": 224, "swapoff": 225,
        "sethostname": 161, "setdomainname": 162, "acct": 89, "settimeofday": 170, "clock_settime": 112,
        "adjtimex": 171, "clock_adjtime": 266, "quotactl": 60,
        "syslog": 116, "memfd_create": 279, "mq_open": 180, "shmget": 194, "semget": 190, "msgget": 186,
        "setpriority": 140, "sched_setscheduler": 119, "sched_setattr": 274, "fanotify_init": 262, "inotify_init1": 26,
    },
}  # fmt: skip
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
_SIGNALS = {"x86_64": (62, 234), "aarch64": (129, 131)}  # kill and tgkill


def known() -> bool:
    """Say whether we know this machine's numbers."""
    return os.uname().machine in _REFUSED


def install(pid: int) -> None:
    """Filter the calls of this process and its children to come; signals reach only the process `pid`, ourselves."""
    program = _program(os.uname().machine, pid)
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    kept = ctypes.create_string_buffer(code, len(code))
    syscall(_SECCOMP[os.uname().machine], 1, 0, struct.pack("HxxxxxxP", len(program), ctypes.addressof(kept)))


def _program(machine: str, pid: int) -> list[tuple[int, int, int, int]]:
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    number = (_LOAD, 0, 0, _NUMBER)
    steps = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, _AUDIT[machine]), (_RETURN, 0, 0, _KILL), number]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for refused in sorted(_REFUSED[machine].values()):
        steps += [(_EQUAL, 0, 1, refused), refuse]
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]  # its flags lie where no filter can look
    steps += [(_EQUAL, 0, 4, _CLONE[machine]), _argument(0), (_ANY_BIT, 0, 1, _NEW_NAME_SPACES), refuse, allow]
    steps += [(_EQUAL, 0, 4, _PRLIMIT[machine]), _argument(0), (_EQUAL, 1, 0, 0), refuse, allow]
    for signal in _SIGNALS[machine]:
        steps += [(_EQUAL, 0, 4, signal), _argument(0), (_EQUAL, 1, 0, pid), refuse, allow]
    return [*steps, allow]


def _argument(place: int) -> tuple[int, int, int, int]:
    return (_LOAD, 0, 0, _ARGUMENT + 8 * place)
