"""A whole card at once: discarded or overwritten, read to its last byte, and given its file system anew.

1. Nothing that is to stay may be on it: wiping.py asks that first.
2. The medium is held open from before it is asked who it is, and must have this card's first sector and a block of its photos: a card
   that was pulled out meanwhile ends the work, and its successor is not touched.
3. Whether a discard was carried out is not asked of the reader but of the medium: every byte of it is read, and must be 00 or FF
   throughout. A reader that passes no discard, or a card that keeps what was discarded, gets zeros over all of it and is read again.
4. The new file system is of the old one's kind, with its serial number and cluster size: cameras and the register know it by them.
"""

import errno
import fcntl
import os
import struct
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handover.reasons import Left
from station.blocks import is_constant
from station.card import Card
from station.erasing import NotErased
from station.methods import DISCARDED, OVERWRITTEN
from station.mounting import CannotOpen, put_aside
from station.outcome import Tell
from station.reading import CHUNK, ZEROS, CardOut

HEAD = 512
_BLKDISCARD = 0x1277  # linux/fs.h: two 64-bit numbers, where and how many bytes
_PROGRAM_FOLDERS = ":/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a file system its successor is to have. `bits` is FAT's, None of exFAT; `cluster` in bytes."""

    bits: int | None
    serial: str
    cluster: int

    @classmethod
    def of(cls, head: bytes) -> Self:
        """Read it from the boot sector: exFAT specification 3.1, FAT specification 3.1 to 3.3."""
        if head[3:11] == b"EXFAT   ":
            return cls(None, f"{int.from_bytes(head[100:104], 'little'):08X}", 1 << (head[108] + head[109]))
        large = head[82:87] == b"FAT32"
        at = 67 if large else 39
        cluster = head[13] * int.from_bytes(head[11:13], "little")
        bits = 32 if large else 12 if head[54:59] == b"FAT12" else 16
        return cls(bits, f"{int.from_bytes(head[at : at + 4], 'little'):08X}", cluster)

    def commands(self, device: Path) -> list[list[str | Path]]:
        """What makes it."""
        if self.bits is None:
            return [["mkfs.exfat", "-c", str(self.cluster), device], ["tune.exfat", "-I", f"0x{self.serial}", device]]
        sectors = str(max(1, self.cluster // HEAD))
        return [["mkfs.vfat", "-I", "-F", str(self.bits), "-s", sectors, "-i", self.serial, device]]


def renew(card: Card, *, is_of_it: Callable[[bytes], bool], tell: Tell) -> str:
    """Leave nothing on a card's whole medium; returns the method. `is_of_it` says whether a stretch holds a block of its photos.

    Raises CannotOpen where somebody else reads it, and CardOut where another card is there: then nothing was done. Raises NotErased
    where something is on it still. A medium that takes no file system is left without one: the camera makes it.
    """
    if card.medium is None or not card.renewable:
        raise CannotOpen("This is no card that can be wiped as a whole.")
    with put_aside(card.medium, card.root, card.system):
        handle = _held(card.medium)
        try:
            head = os.pread(handle, HEAD, 0)
            if not card.begins_with(head) or not any(map(is_of_it, card.stretches())):
                raise CardOut
            method = _emptied(handle, card, tell)
        except OSError as fault:
            raise NotErased(Left.NOT_PROVED) from fault
        finally:
            os.close(handle)
        _format(Shape.of(head), card.medium)
    return method


def _held(device: Path) -> int:
    """The medium, for this program alone."""
    try:
        return os.open(device, os.O_RDWR | os.O_EXCL | os.O_CLOEXEC)
    except OSError as fault:
        if fault.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise NotErased(Left.WRITE_PROTECTED) from fault
        raise CannotOpen("The card is being read by another program.") from fault


def _emptied(handle: int, card: Card, tell: Tell) -> str:
    """The method after which nothing was found on the medium."""
    tell("discard", 0, 0)
    if _discard(handle) and _holds_nothing(card, tell):
        return DISCARDED
    tell("overwrite", 0, 0)
    _overwrite(handle)
    if not _holds_nothing(card, tell):
        raise NotErased(Left.NOT_PROVED)
    return OVERWRITTEN


def _discard(handle: int) -> bool:
    """Whether the reader took the order."""
    try:
        fcntl.ioctl(handle, _BLKDISCARD, struct.pack("QQ", 0, os.lseek(handle, 0, os.SEEK_END)))
    except OSError:
        return False
    return True


def _overwrite(handle: int) -> None:
    size, at = os.lseek(handle, 0, os.SEEK_END), 0
    while at < size:
        at += os.pwrite(handle, memoryview(ZEROS)[: min(CHUNK, size - at)], at)
    os.fsync(handle)


def _holds_nothing(card: Card, tell: Tell) -> bool:
    """Whether every byte of the medium, read past the caches, is 00 or FF, as far as each stretch reaches."""
    tell("prove", 0, 0)
    return all(piece[0] in {0x00, 0xFF} and is_constant(piece) for piece in card.stretches())


def _format(shape: Shape, device: Path) -> None:
    told = os.environ | {"PATH": os.environ.get("PATH", "") + _PROGRAM_FOLDERS}
    with suppress(OSError, subprocess.CalledProcessError):
        for command in shape.commands(device):
            subprocess.run(command, check=True, capture_output=True, env=told)
