"""Workers by fork, from a process that has loaded what decodes: loading takes 230 ms of computing, a fork with its walls 10.

1. The nursery is a fresh interpreter with an empty environment, begun as a worker is: no secret, no database, no connection of the
   parent's is in it. It has one thread, and no file ever reaches it: a worker is as clean as it was when the nursery had loaded.
2. A worker gets its pipes and its memory over a socket, raises its own walls after the fork, and holds nothing of the nursery's.
3. Workers of one nursery have their memory at the same addresses. One that ends otherwise than by the parent's wish may have
   learned them, so its nursery raises no more.
4. A nursery that is retired lives until its last worker has ended: it alone can tell how.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import struct
import subprocess
import threading

WHO = struct.Struct("<i")
_PIPES_AND_MEMORY = 3


class NurseryGone(OSError):
    """The nursery did not answer in time, or has ended."""


class Raised:
    """A worker that a nursery has forked, as far as `subprocess.Popen` would tell of it."""

    def __init__(self, nursery: "Nursery", pid: int, handle: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery, self._handle = nursery, handle

    def poll(self) -> int | None:
        """What it ended with, None while it lives."""
        ended = select.poll()
        ended.register(self._handle, select.POLLIN)
        return self.wait() if self.returncode is None and ended.poll(0) else self.returncode

    def kill(self) -> None:
        """End it at once."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> int:
        """Wait until it has ended; returns how, as `Popen` does."""
        if self.returncode is None:
            self.returncode = self._nursery.ended(self.pid)
            os.close(self._handle)
        return self.returncode


class Nursery:
    """The parent's side. `command` begins the nursery; the descriptor of its socket is added to it."""

    def __init__(self, command: list[str], environment: dict[str, str], *, seconds: float) -> None:
        self.retired = False
        self._living, self._lock = 0, threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(seconds)
        with theirs:
            nothing = subprocess.DEVNULL
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                pass_fds=(theirs.fileno(),),
                env=environment,
                cwd="/",
            )

    @property
    def raises(self) -> bool:
        """Whether it can be asked for another worker."""
        return not self.retired and self._process.poll() is None

    def child(self, requests: int, answers: int, memory: int) -> Raised:
        """A new worker that reads requests, writes answers and maps the memory. Raises OSError."""
        with self._lock:
            socket.send_fds(self._socket, [b"raise"], [requests, answers, memory])
            said, handles, _, _ = socket.recv_fds(self._socket, WHO.size, 1)
            if len(said) != WHO.size or not handles:
                raise NurseryGone
            self._living += 1
        return Raised(self, WHO.unpack(said)[0], handles[0])

    def ended(self, pid: int) -> int:
        """How a worker has ended; waits for that. -SIGKILL where the nursery cannot tell any more."""
        with self._lock:
            try:
                self._socket.send(WHO.pack(pid))
                said = self._socket.recv(WHO.size)
            except OSError:
                said = b""
            self._living -= 1
            self._end_if_done()
        return int(WHO.unpack(said)[0]) if len(said) == WHO.size else -signal.SIGKILL

    def retire(self) -> None:
        """Raise no more, and end with the last worker."""
        with self._lock:
            self.retired = True
            self._end_if_done()

    def _end_if_done(self) -> None:
        if self.retired and self._living <= 0 and self._process.returncode is None:
            self._socket.close()
            self._process.kill()
            self._process.wait()


def raise_workers(control: socket.socket) -> int:
    """The nursery's side: fork a worker for each message with descriptors, tell how one ended for each with its number.

    Returns in the worker, with the descriptor of its memory; the nursery ends when nobody holds the other end.
    """
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the workers
    while said := (message := socket.recv_fds(control, WHO.size + 1, _PIPES_AND_MEMORY))[0]:
        given = message[1]
        if not given:
            ended = os.waitstatus_to_exitcode(os.waitpid(WHO.unpack(said)[0], 0)[1])
            control.send(WHO.pack(ended))
            continue
        child = os.fork()
        if child == 0:
            control.close()  # (2)
            for wanted, descriptor in enumerate(given[:2]):
                os.dup2(descriptor, wanted)
                os.close(descriptor)
            return given[2]
        for descriptor in given:
            os.close(descriptor)
        handle = os.pidfd_open(child)
        socket.send_fds(control, [WHO.pack(child)], [handle])
        os.close(handle)
    os._exit(0)
