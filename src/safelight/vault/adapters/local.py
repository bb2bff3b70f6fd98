"""A store that is a folder on a local disk.

What "kept" takes (rule by rule, as restic's local backend has them):
1. The final, random name is created exclusively, mode 0600; nobody reads it before its row exists.
2. Every short write is continued, and the length is compared at the end.
3. The file is synced, then its folder: a name without its folder's sync can vanish in a power cut.
4. A failed sync is never repeated on the same descriptor: Linux has dropped the dirty pages. The draft goes, the caller begins anew.
"""

import errno
import fcntl
import io
import mmap
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

import structlog

from safelight.vault import buffers
from safelight.vault.errors import NameInUse, ObjectMissing, StoreAway, StoreFull
from safelight.vault.ports import Stat

log = structlog.get_logger()

FULL = {errno.ENOSPC, errno.EDQUOT}
RESERVE = 1 << 30  # bytes that stay free: a full disk stops the database first


class LocalReader:
    """A file opened for reading."""

    def __init__(self, handle: int) -> None:
        self._file = io.FileIO(handle)
        self.size = os.fstat(handle).st_size

    def read_at(self, offset: int, length: int) -> bytes:
        pieces, at = [], offset
        while at < offset + length:
            try:
                piece = self._some(at, offset + length - at)
            except OSError as fault:
                raise _away(fault) from fault
            if not piece:
                break
            pieces.append(bytes(piece))
            at += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def view_at(self, offset: int, length: int) -> bytes | memoryview:
        return self.read_at(offset, length)

    def close(self) -> None:
        self._file.close()

    def _some(self, at: int, most: int) -> bytes | memoryview:
        """Some of the bytes from here on, nothing at the end of the file."""
        return os.pread(self._file.fileno(), most, at)


class FreshReader(LocalReader):
    """A file read from the medium: what the cache has of it is dropped, and what is read goes past it, straight to where it is used."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle)
        self._window: mmap.mmap | None = buffers.borrow()
        self._begin = self._end = 0
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)  # the object was synced when it was kept: its pages are clean
        self._past_the_cache(wanted=True)

    def view_at(self, offset: int, length: int) -> bytes | memoryview:
        try:
            piece = self._some(offset, length)
        except OSError as fault:
            raise _away(fault) from fault
        return piece if len(piece) == length else self.read_at(offset, length)

    def close(self) -> None:
        super().close()
        window, self._window = self._window, None
        if window is not None:
            buffers.give_back(window, clear=False)  # sealed bytes only

    def _some(self, at: int, most: int) -> memoryview:
        if self._window is None:
            raise ValueError("the object was closed")
        if not self._begin <= at < self._end:
            self._begin = self._end = at - at % mmap.PAGESIZE
            self._file.seek(self._begin)
            self._end += self._read(self._window) or 0
        found = memoryview(self._window)[at - self._begin : max(at, self._end) - self._begin]
        return found[:most]

    def _read(self, window: mmap.mmap) -> int | None:
        try:
            return self._file.readinto(window)
        except OSError as fault:
            if fault.errno != errno.EINVAL:
                raise
            self._past_the_cache(wanted=False)
            return self._file.readinto(window)

    def _past_the_cache(self, *, wanted: bool) -> None:
        """Where a file system has no such way of reading, dropping the cache has to do."""
        handle = self._file.fileno()
        flags = fcntl.fcntl(handle, fcntl.F_GETFL)
        try:
            fcntl.fcntl(handle, fcntl.F_SETFL, flags | os.O_DIRECT if wanted else flags & ~os.O_DIRECT)
        except OSError as fault:
            if fault.errno != errno.EINVAL:
                raise


class LocalStore:
    """Objects as files, 256 folders by the first byte of the random name."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = Path(folder)

    def keep(self, name: UUID, body: Iterable[bytes | memoryview]) -> int:
        place = self._place(name)
        try:
            handle = self._create(place)
        except FileExistsError:
            raise NameInUse(name) from None
        except OSError as fault:
            raise _away(fault) from fault
        try:
            size = _write(handle, body)
            _finish(handle, size, place.parent)
        except BaseException:  # whatever broke, the store or the stream: nothing that could be taken for the object stays
            _drop(place)
            raise
        finally:
            os.close(handle)
        return size

    def open(self, name: UUID, *, fresh: bool = False) -> LocalReader:
        try:
            handle = os.open(self._place(name), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise ObjectMissing(name) from None
        except OSError as fault:
            raise _away(fault) from fault
        return FreshReader(handle) if fresh else LocalReader(handle)

    def stat(self, name: UUID) -> Stat:
        try:
            return Stat(self._place(name).stat().st_size)
        except FileNotFoundError:
            raise ObjectMissing(name) from None
        except OSError as fault:
            raise _away(fault) from fault

    def purge(self, name: UUID) -> None:
        place = self._place(name)
        try:
            place.unlink(missing_ok=True)
            if place.parent.exists():
                _sync_folder(place.parent)
        except OSError as fault:
            raise _away(fault) from fault

    def room(self) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            status = os.statvfs(self.folder)
        except OSError as fault:
            raise _away(fault) from fault
        return max(0, status.f_bavail * status.f_frsize - RESERVE)

    def names(self) -> Iterator[tuple[UUID, float]]:
        for file in self.folder.glob("??/*"):
            yield UUID(file.name), file.stat().st_mtime

    def prove(self) -> None:
        """A folder has nothing of its own to get wrong beside what is tried on every store."""

    def _place(self, name: UUID) -> Path:
        return self.folder / name.hex[:2] / name.hex

    def _create(self, place: Path) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            return os.open(place, flags, 0o600)
        except FileNotFoundError:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self.folder)
            return os.open(place, flags, 0o600)


def _write(handle: int, body: Iterable[bytes | memoryview]) -> int:
    size = 0
    for piece in body:
        rest = memoryview(piece)
        while rest:
            try:
                done = os.write(handle, rest)
            except OSError as fault:  # only the store's own faults: the stream's pass through
                raise _away(fault) from fault
            size, rest = size + done, rest[done:]
    return size


def _finish(handle: int, size: int, folder: Path) -> None:
    try:
        os.fsync(handle)
        if os.fstat(handle).st_size != size:
            raise OSError(errno.EIO, "short")  # noqa: TRY301 - a short file is a fault of the disk like the others
        _sync_folder(folder)
    except OSError as fault:
        raise _away(fault) from fault


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(place: Path) -> None:
    """Take a draft away; where even that fails it is garbage without a row, which the sweeper takes."""
    try:
        place.unlink(missing_ok=True)
    except OSError:
        return


def _away(fault: OSError) -> StoreFull | StoreAway:
    """What a disk's fault means. Its name is logged, for whoever runs Safelight; people are told what to do."""
    log.warning("store.away", fault=errno.errorcode.get(fault.errno or 0, type(fault).__name__))
    return StoreFull(fault.errno) if fault.errno in FULL else StoreAway(fault.errno)
