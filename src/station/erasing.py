"""Erasing: overwrite in place, prove it by reading again, then take the name away; fill what is free.

No step is believed on its return code: each is followed by reading from the medium.
"""

import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from handover.reasons import Left
from station.blocks import BLOCK, SECTOR, Fingerprints
from station.reading import CHUNK, ZEROS


class NotErased(Exception):
    """A frame is still on the card, or may be. Says why."""

    def __init__(self, why: Left) -> None:
        self.why = why
        super().__init__(why.value)


def erase_file(path: Path, marks: Fingerprints, forget: Callable[[], None]) -> set[int]:
    """Overwrite a file with zeros in place, read it again, rename, cut and unlink it. Returns marks of frames that are still there.

    `forget` drops the caches below the file. Raises NotErased when the card takes no writes, or when bytes are still there that
    no mark explains; then, as where marks are returned, the file keeps its name.
    """
    try:
        _overwrite(path)
        forget()
        if found := _what_is_left(path, marks):
            return found
        nameless = path.with_name(f"ZZ{secrets.token_hex(3).upper()}.TMP")
        path.rename(nameless)
        os.truncate(nameless, 0)
        nameless.unlink()
        sync_folder(path.parent)
    except OSError as fault:
        raise NotErased(Left.WRITE_PROTECTED if fault.errno in {errno.EROFS, errno.EACCES, errno.EPERM} else Left.NOT_PROVED) from fault
    return set()


def _overwrite(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        size, at = os.fstat(handle).st_size, 0
        if size:  # the head first, and synced: a file that was begun is told by it after a power cut
            at = os.pwrite(handle, ZEROS[: min(BLOCK, size)], 0)
            os.fsync(handle)
        while at < size:
            at += os.pwrite(handle, ZEROS[: min(CHUNK, size - at)], at)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def _what_is_left(path: Path, marks: Fingerprints) -> set[int]:
    """Marks found on reading the file again. Raises NotErased where it is not all zeros and no known mark explains it."""
    found: set[int] = set()
    changed = False
    with path.open("rb", buffering=0) as file:
        while piece := file.read(CHUNK):
            if piece != ZEROS[: len(piece)]:
                changed = True
                found |= marks.in_stretch(piece + bytes(-len(piece) % BLOCK))
    if changed and not found:
        raise NotErased(Left.NOT_PROVED)
    return found


def remove_empty_folders(root: Path) -> None:
    """Take away folders that hold nothing, innermost first. The system itself refuses one that holds something. Raises OSError."""
    for folder, _, _ in os.walk(root, topdown=False, followlinks=False):
        if Path(folder) != root:
            Path(folder).rmdir()
    sync_folder(root)


def fill(root: Path) -> None:
    """Write zeros to the last cluster and take the fillers away: what was deleted before, and folder entries, go with it."""
    fillers: list[Path] = []
    try:
        for size, count in ((CHUNK, 1_024), (BLOCK, 1 << 18), (SECTOR, 1 << 18)):
            _until_full(root, fillers, size, count)
    finally:
        for filler in fillers:
            filler.unlink(missing_ok=True)
        os.sync()


def _until_full(root: Path, fillers: list[Path], size: int, count: int) -> None:
    """Files of at most `count` writes: FAT holds no file of 4 GiB. Ends when nothing is free, which is what it is for."""
    while True:
        filler = root / f"F{len(fillers):07d}.BIN"
        fillers.append(filler)
        try:
            with filler.open("wb", buffering=0) as file:
                try:
                    for _ in range(count):
                        rest = memoryview(ZEROS)[:size]
                        while rest:
                            rest = rest[file.write(rest) :]
                finally:
                    os.fsync(file.fileno())
        except OSError as fault:
            if not _is_full(root, fault):
                raise
            return


def _is_full(root: Path, fault: OSError) -> bool:
    """Whether a card took no more because nothing is free: not every file system in user space says it by its proper name."""
    return fault.errno == errno.ENOSPC or (fault.errno in {errno.EPERM, errno.EIO} and os.statvfs(root).f_bavail == 0)


def sync_folder(folder: Path) -> None:
    """Make names that came or went durable, where the file system can."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as fault:  # some user-space file systems do not sync folders; the medium is read again all the same
        if fault.errno not in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)
