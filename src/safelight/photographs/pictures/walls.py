"""The walls around a worker that decodes other people's bytes. The worker raises them round itself before the first byte arrives.

1. `begin`: limits of the process, and its own empty network, users, mounts, messages and host name (namespaces(7)).
2. Everything that is needed is imported: afterwards no file can be opened any more.
3. `close`: Landlock refuses the whole file system (landlock(7)); seccomp allows a short list of system calls and
   answers EPERM to every other (seccomp(2)): no file, no socket, no new process, no tracing. A few threads are possible,
   for the decoder of HEIC begins one; what it begins stands behind the same walls.
4. What holds is tried out, not believed: a wall is named only when the attempt to pass it failed.

A kernel that lacks one of them leaves the others; without any that shuts the network the worker is not used.
"""

import contextlib
import ctypes
import errno
import os
import resource
import socket
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyseccomp import SyscallFilter

# What a photo takes may come to 1 GiB with what is resident of the libraries. Of their 420 MiB of addresses most are never touched.
ADDRESS_SPACE = 2**30 + 192 * 2**20
CPU_SECONDS = 10
OPEN_FILES = 64


class Wall(StrEnum):
    LIMITS = "limits"
    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"
    NO_NETWORK = "no network"
    NO_FILES = "no files"
    NO_PROCESSES = "no processes"


_CLONE_NEWNS, _CLONE_NEWCGROUP, _CLONE_NEWUTS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWNET = (
    0x00020000,
    0x02000000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x40000000,
)
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # the same numbers on every architecture
_LANDLOCK_VERSION = 1
# Rights that each version of Landlock added: on files, on TCP, on abstract sockets and signals.
_LANDLOCK_FILES = {1: 0x1FFF, 2: 0x2000, 3: 0x4000, 5: 0x8000}
_LANDLOCK_TCP, _LANDLOCK_SCOPES = (4, 0x3), (6, 0x3)

# What reading from a pipe, computing and answering needs, and nothing that names a file, a host or another process.
_ALLOWED_CALLS = (
    *("read", "write", "readv", "writev", "close", "lseek", "fstat", "poll", "ppoll"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk"),
    *("futex", "sched_yield", "sched_getaffinity", "getpid", "gettid", "getrandom"),
    *("clock_gettime", "clock_getres", "gettimeofday", "clock_nanosleep", "restart_syscall"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "exit", "exit_group", "rseq"),
    *("getrusage", "setitimer"),
)
# A thread as the C library begins one (clone(2)): all is shared with the process. Any other clone is a new process, and refused.
_THREAD = 0x3D0F00
_THREADS = 8
# Of fcntl only what mmap in Python asks for: a duplicate of a descriptor that is closed on exec.
_F_DUPFD_CLOEXEC = 1030


def begin(address_space: int = ADDRESS_SPACE) -> set[Wall]:
    """(1) Limits and namespaces, while the process has one thread and may still import. `address_space` is in bytes."""
    standing = {Wall.LIMITS}
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    libc = ctypes.CDLL(None, use_errno=True)
    others = _CLONE_NEWNET | _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWUTS | _CLONE_NEWCGROUP
    # A hospital's kernel may forbid users of their own to ordinary users; root can do without.
    if libc.unshare(_CLONE_NEWUSER | others) == 0 or libc.unshare(others) == 0:
        standing.add(Wall.NAMESPACES)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # no core, no tracing; new namespaces would undo it if it came before
    return standing


def close(standing: set[Wall]) -> set[Wall]:
    """(3) Shut the file system and every system call that is not needed; (4) and try. `standing` is what `begin` has raised."""
    standing = set(standing)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    seccomp = _filter()
    # Reading the list of libraries needed a process; nothing after this does. Without seccomp this limit alone refuses them, and
    # no HEIC is drawn then. It counts threads as well, and where the users are not our own those of all that the user runs.
    if not seccomp:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    elif Wall.NAMESPACES in standing:
        resource.setrlimit(resource.RLIMIT_NPROC, (_THREADS, _THREADS))
    if _landlock(libc):
        standing.add(Wall.LANDLOCK)
    if seccomp:
        seccomp.load()
        standing.add(Wall.SECCOMP)
    return standing | _tried()


def allow_cpu(seconds: int = CPU_SECONDS) -> None:
    """Let the process use so many seconds more, then be ended by the kernel (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def _landlock(libc: ctypes.CDLL) -> bool:
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return False
    ruleset = _Ruleset(
        files=sum(rights for since, rights in _LANDLOCK_FILES.items() if version >= since),
        tcp=_LANDLOCK_TCP[1] if version >= _LANDLOCK_TCP[0] else 0,
        scopes=_LANDLOCK_SCOPES[1] if version >= _LANDLOCK_SCOPES[0] else 0,
    )
    descriptor = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), 0)
    if descriptor < 0:
        return False
    shut = bool(libc.syscall(_LANDLOCK_RESTRICT_SELF, descriptor, 0) == 0)  # no rule was added, so nothing is allowed
    os.close(descriptor)
    return shut


def _filter() -> "SyscallFilter | None":
    """The list of allowed calls, not yet in force; None where libseccomp is not installed: the other walls remain."""
    try:
        import pyseccomp
    except RuntimeError:
        return None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for call in _ALLOWED_CALLS:
        with contextlib.suppress(ValueError):  # a call that this architecture does not have
            rules.add_rule(pyseccomp.ALLOW, call)
    rules.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, _F_DUPFD_CLOEXEC))
    # The C library first tries clone3, whose flags no rule can read: told that it does not exist, it takes clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.EQ, _THREAD))
    rules.add_rule(pyseccomp.ALLOW, "set_robust_list")
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(1, pyseccomp.EQ, resource.RLIMIT_CPU))
    return rules


def _tried() -> set[Wall]:
    standing: set[Wall] = set()
    try:
        socket.socket().close()
    except PermissionError:
        standing.add(Wall.NO_NETWORK)
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        standing.add(Wall.NO_FILES)
    try:
        child = os.fork()
    except PermissionError:
        standing.add(Wall.NO_PROCESSES)
    else:
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    return standing
