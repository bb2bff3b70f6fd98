"""What lies behind a card's files: the device or image itself, read past every cache between it and this program."""

import fcntl
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
