"""One worker as the parent sees it: a process, a pipe each way, and shared memory for the file."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from safelight.photographs.pictures import answers
from safelight.photographs.pictures.answers import Hello, NotAnAnswer
from safelight.photographs.pictures.framing import LENGTHS
from safelight.photographs.pictures.nursery import Nursery
from safelight.photographs.pictures.picture import Passing
from safelight.photographs.pictures.walls import Wall

Said = TypeVar("Said")

_SOURCES = str(Path(__file__).resolve().parents[3])
ENVIRONMENT = {  # nothing of the parent's: it may hold keys and addresses
    "PYTHONPATH": _SOURCES,
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Pictures are kept in memory that is used again for the next one: fresh pages cost 11 ms of CPU a photo of 24 MP.
    "MALLOC_MMAP_THRESHOLD_": "67108864",
    "MALLOC_TRIM_THRESHOLD_": "134217728",
}
_PART = 2**20
_NOTHING = memoryview(bytes(_PART))
_MOST_KEPT = 16 * _PART  # bytes: a camera's JPEG, seldom a RAW file


def command(program: tuple[str, ...]) -> list[str]:
    """How a program is begun that knows nothing of its parent."""
    return [sys.executable, "-s", "-B", "-P", *program]


class Silent(Exception):
    """The worker did not answer in time and was ended."""


class Process:
    """A worker that has greeted. Used by one thread at a time."""

    def __init__(self, program: tuple[str, ...], *, seconds: float, nursery: Nursery | None = None) -> None:
        """Start a worker and wait for its greeting; by a nursery of its program where there is one. Raises OSError, Silent, NotAnAnswer."""
        self.files = 0
        self._nursery = nursery
        self._memory = os.memfd_create("photograph", os.MFD_CLOEXEC)
        asked, self._requests = os.pipe()
        self._answers, said = os.pipe()
        try:
            self._process = nursery.child(asked, said, self._memory) if nursery else self._begin(program, asked, said)
        except OSError:
            self._close()
            raise
        finally:
            os.close(asked)
            os.close(said)
        try:
            hello = Hello.read(self._receive(seconds, answers.LONGEST)[0])
        except (OSError, Silent, NotAnAnswer):
            self.end()
            raise
        self.walls: frozenset[Wall] = hello.walls
        self.network_is_shut = hello.network_is_shut

    def _begin(self, program: tuple[str, ...], asked: int, said: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*command(program), str(self._memory)],
            stdin=asked,
            stdout=said,
            stderr=subprocess.DEVNULL,
            pass_fds=(self._memory,),
            env=ENVIRONMENT,
            cwd="/",
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self,
        data: bytes | memoryview | Passing,
        request: bytes,
        judge: Callable[[bytes, bytes, bytes], Said],
        *,
        seconds: float,
        longest: tuple[int, int, int] = answers.LONGEST,
    ) -> Said:
        """What `judge` makes of the three parts of the answer about one file. `request` is shorter than a pipe holds (64 KiB).

        Raises Silent or NotAnAnswer, as `judge` may, and the worker has ended then.
        """
        self.files += 1
        try:
            self._lay_out(data.pieces if isinstance(data, Passing) else [data])
            self._send(request)
            return judge(*self._receive(seconds, longest))
        except (Silent, NotAnAnswer):
            self.end()
            if self._nursery:
                self._nursery.retire()
            raise
        finally:
            if self._memory >= 0:
                self._forget()

    def used_up_its_time(self) -> bool:
        """Whether the kernel ended it for computing too long."""
        return self._process.returncode == -signal.SIGXCPU

    def end(self) -> None:
        """End it at once, whatever it does, and free what it held."""
        if self._memory < 0:
            return
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        for descriptor in (self._requests, self._answers, self._memory):
            os.close(descriptor)
        self._memory = -1

    def _lay_out(self, pieces: Iterable[bytes | memoryview]) -> None:
        place = 0
        for piece in pieces:
            rest = memoryview(piece).cast("B")
            while rest:
                done = os.pwrite(self._memory, rest, place)
                place, rest = place + done, rest[done:]

    def _forget(self) -> None:
        """The file's bytes are gone from memory. Its pages stay where they are few: fresh ones cost the next photo twice as much."""
        if (size := os.fstat(self._memory).st_size) > _MOST_KEPT:
            os.ftruncate(self._memory, 0)
            return
        for place in range(0, size, _PART):
            os.pwrite(self._memory, _NOTHING[: size - place], place)

    def _send(self, request: bytes) -> None:
        try:
            os.write(self._requests, request)  # shorter than a pipe holds: it never waits
        except BrokenPipeError as fault:
            raise NotAnAnswer("ended before the request") from fault

    def _receive(self, seconds: float, longest: tuple[int, int, int]) -> tuple[bytes, bytes, bytes]:
        until = time.monotonic() + seconds
        first, second, third = answers.lengths(self._read(LENGTHS.size, until), longest)
        return self._read(first, until), self._read(second, until), self._read(third, until)

    def _read(self, length: int, until: float) -> bytes:
        waiting = select.poll()
        waiting.register(self._answers, select.POLLIN)
        parts = bytearray()
        while len(parts) < length:
            left = until - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise Silent
            part = os.read(self._answers, min(_PART, length - len(parts)))
            if not part:
                raise NotAnAnswer("ended early")
            parts += part
        return bytes(parts)
