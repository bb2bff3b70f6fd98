"""The workers of this process: started, fed, timed, judged, replaced.

1. A worker is never a fork of this process, which has threads and secrets that must not be copied, but a fresh interpreter, or the
   fork of one (see `nursery`).
2. A file goes into shared memory that has no name on any disk; only its length and kind go through the pipe.
3. A worker that dies, is silent for 10 seconds or answers out of form is ended, and the file has its reason in words.
4. After 50 files a worker is replaced: what a file may have left behind in it ends there.
5. A worker whose walls do not shut the network is not used.
"""

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from safelight.kernel.errors import Unavailable
from safelight.photographs.pictures import answers
from safelight.photographs.pictures.answers import NotAnAnswer
from safelight.photographs.pictures.framing import Asked, Request
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.nursery import Nursery
from safelight.photographs.pictures.picture import Passing, Picture
from safelight.photographs.pictures.process import ENVIRONMENT, Process, Silent, command
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.pictures.walls import Wall


class NoWorker(Unavailable):
    """No worker could be started behind walls, or all were busy for too long. The photograph is kept; it can be drawn later."""

    code = "photographs.pictures_unavailable"
    says = "The photos cannot be drawn just now. They are safe. Try again in a minute, and tell IT if it lasts."


@dataclass(frozen=True)
class Limits:
    """Seconds on the clock and numbers, for one sandbox."""

    seconds_a_file: float = 10.0
    seconds_to_start: float = 30.0
    seconds_to_wait: float = 120.0
    files_a_worker: int = 50
    workers: int = max(1, min(4, os.cpu_count() or 1))


class Workers:
    """A few workers of one program behind walls, shared by the threads of one process."""

    program: tuple[str, ...]

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._slots = threading.BoundedSemaphore(self.limits.workers)
        self._lock = threading.Lock()
        self._idle: list[Process] = []

    def walls(self) -> frozenset[Wall]:
        """The walls that stand around a worker."""
        with self._worker() as worker:
            return worker.walls

    def close(self) -> None:
        """End the workers that are idle; one that is busy ends with its file."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    @contextmanager
    def _worker(self) -> Iterator[Process]:
        if not self._slots.acquire(timeout=self.limits.seconds_to_wait):
            raise NoWorker("busy")
        try:
            worker = self._one()
            try:
                yield worker
            finally:
                if worker.alive and worker.files < self.limits.files_a_worker:  # (4)
                    with self._lock:
                        self._idle.append(worker)
                else:
                    worker.end()
        finally:
            self._slots.release()

    def _one(self) -> Process:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return self._start()
            if worker.alive:
                return worker
            worker.end()

    def _start(self) -> Process:
        try:
            worker = self._begin()  # (1)
        except (OSError, Silent, NotAnAnswer) as fault:
            raise NoWorker("start") from fault
        if not worker.network_is_shut:  # (5)
            worker.end()
            raise NoWorker("walls")
        return worker

    def _begin(self) -> Process:
        return Process(self.program, seconds=self.limits.seconds_to_start)


class Sandbox(Workers):
    """The workers that draw and examine photographs."""

    program = ("-m", "safelight.photographs.pictures.worker")

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._nursery: Nursery | None = None

    def close(self) -> None:
        super().close()
        with self._lock:
            ending, self._nursery = self._nursery, None
        if ending:
            ending.retire()

    def _begin(self) -> Process:
        seconds = self.limits.seconds_to_start
        with self._lock:
            if not (self._nursery and self._nursery.raises):
                self._nursery = Nursery(command(self.program), ENVIRONMENT, seconds=seconds)
            nursery = self._nursery
        try:
            return Process(self.program, seconds=seconds, nursery=nursery)
        except (OSError, Silent, NotAnAnswer):
            nursery.retire()
            raise

    def examine(self, data: bytes | memoryview | Passing, *, kind: Kind, slate_expected: bool) -> Picture:
        """Draw one file, as `pictures.examine` promises."""
        return self._ask(data, kind, Asked.DRAW_SLATE_EXPECTED if slate_expected else Asked.DRAW, answers.picture)

    def look(self, data: bytes | memoryview | Passing, *, kind: Kind) -> Picture:
        """Look for a slate in one file, as `pictures.look` promises."""
        return self._ask(data, kind, Asked.LOOK, answers.looked)

    def _ask(
        self, data: bytes | memoryview | Passing, kind: Kind, asked: Asked, judge: Callable[[bytes, bytes, bytes], Picture]
    ) -> Picture:
        if kind.video:
            return Picture(refusal=Reason.VIDEO_NOT_DRAWN)
        size = data.size if isinstance(data, Passing) else len(data)
        if not size:
            return Picture(refusal=Reason.EMPTY)
        if size > kind.largest:
            return Picture(refusal=Reason.TOO_LARGE)
        request = Request(size, kind, asked).pack()
        with self._worker() as worker:
            try:
                return worker.ask(data, request, judge, seconds=self.limits.seconds_a_file)
            except Silent:  # (3)
                return Picture(refusal=Reason.TOO_SLOW)
            except NotAnAnswer:
                return Picture(refusal=Reason.TOO_SLOW if worker.used_up_its_time() else Reason.STOPPED)


Kept = TypeVar("Kept", bound=Workers)

_guard = threading.Lock()
_shared: dict[type[Workers], Workers] = {}


def shared_workers(kind: type[Kept]) -> Kept:
    """The workers of this process of one kind, made when first needed."""
    with _guard:
        workers = _shared.setdefault(kind, kind())
    assert isinstance(workers, kind)  # noqa: S101 - for the type checker: the key says so
    return workers


def shared() -> Sandbox:
    """The sandbox of this process."""
    return shared_workers(Sandbox)


def close_shared() -> None:
    """End the workers of this process."""
    global _shared
    with _guard:
        ending, _shared = _shared, {}
    for workers in ending.values():
        workers.close()


def _forget() -> None:
    """After a fork: the workers belong to the parent, whose pipes must not be shared."""
    global _guard, _shared
    # The lock may have been held by a thread that does not exist in the child.
    _guard, _shared = threading.Lock(), {}


atexit.register(close_shared)
os.register_at_fork(after_in_child=_forget)
