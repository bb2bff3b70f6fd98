"""What lies behind a card's files: the device or image itself, read past every cache between it and this program."""

import errno
import fcntl
import io
import mmap
import os
import stat
from collections.abc import Iterator
from pathlib import Path

STRETCH = 4 << 20
OVERLAP = 4_096
_BLKFLSBUF = 0x1261  # linux/fs.h: write back and drop the device's cache


def forget(*media: Path | None) -> None:
    """Drop what the system remembers of some media, so that the next reading comes from them. What cannot be dropped is not."""
    for medium in media:
        if medium is None:
            continue
        try:
            handle = os.open(medium, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue  # the next reading says so
        try:
            _forget(handle)
        finally:
            os.close(handle)


def stretches(medium: Path, *behind: Path | None) -> Iterator[bytes]:
    """The whole medium, past the cache, in overlapping stretches: no block lies in a gap. Raises OSError."""
    forget(medium, *behind)
    handle = os.open(medium, os.O_RDONLY | os.O_CLOEXEC)
    try:
        at = 0
        while piece := os.pread(handle, STRETCH + OVERLAP, at):
            yield piece
            at += STRETCH
    finally:
        os.close(handle)


# As the vault does for its own files: the station shares nothing with the server but the format of the handover.
def past_the_cache(file: io.FileIO, *, wanted: bool) -> None:
    """Let readings of a file go straight from the medium into the reader's buffer. Where a file system cannot, its cache was dropped."""
    flags = fcntl.fcntl(file, fcntl.F_GETFL)
    try:
        fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_DIRECT if wanted else flags & ~os.O_DIRECT)
    except OSError as fault:
        if fault.errno != errno.EINVAL:
            raise


def read_into(file: io.FileIO, buffer: mmap.mmap) -> int:
    """The next bytes of a file; 0 at its end. What does not end at a sector, and what a file system refuses, comes by way of the cache."""
    try:
        return file.readinto(buffer) or 0
    except OSError as fault:
        if fault.errno != errno.EINVAL:
            raise
        past_the_cache(file, wanted=False)
        return file.readinto(buffer) or 0


def answers(medium: Path) -> bool:
    """Whether the medium still gives its first sector."""
    forget(medium)
    try:
        with medium.open("rb", buffering=0) as file:
            return bool(file.read(512))
    except OSError:
        return False


def _forget(handle: int) -> None:
    try:
        if stat.S_ISBLK(os.fstat(handle).st_mode):
            fcntl.ioctl(handle, _BLKFLSBUF)
        else:
            os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError:  # only root may flush a device; the card's own faults show at the next reading
        return
