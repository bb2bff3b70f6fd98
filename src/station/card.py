"""A card as the station sees it: a mounted folder, an image of a card, or a block device; opened and given back."""

import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from handover.manifest import CardKind
from station import chains, medium
from station.mounting import CannotOpen, looped, mounted

SECTOR = 512
# File systems that a camera writes, as the kernel and the programs in user space name them.
OF_CAMERAS = {"vfat", "msdos", "exfat", "fuseblk", "fuse.exfat", "fuse.fusefat"}


@dataclass(frozen=True, slots=True)
class Card:
    """An opened card. `medium` is the device behind it, `image` the file behind that; None where there is none.

    `volume` tells the card from another: the identity of its file system, or of the folder itself. Only a card's own file system
    is `fillable`: to fill another would fill somebody's disk. A `broken` one is read, and never written to. Only one that was mounted
    here, as `system`, can be renewed.
    """

    kind: CardKind
    root: Path
    volume: str
    medium: Path | None
    image: Path | None
    fillable: bool
    broken: bool = False
    system: str = ""

    def forget(self) -> None:
        """Drop every cache between the card and this program."""
        medium.forget(self.medium, self.image)

    def stretches(self) -> Iterator[bytes]:
        """All of the medium; nothing for a folder that has none. Raises OSError."""
        return medium.stretches(self.medium, self.image) if self.medium else iter(())

    def is_there(self) -> bool:
        """Whether this card still answers: it may have been pulled out, and another put in."""
        try:
            with os.scandir(self.root):
                return self.medium is None or (medium.answers(self.medium) and self.begins_with(_head(self.medium)))
        except (OSError, CannotOpen):
            return False

    @property
    def renewable(self) -> bool:
        """Whether the whole medium may be taken at once."""
        return bool(self.system and self.fillable)

    def begins_with(self, head: bytes) -> bool:
        """Whether a medium with this first sector is this card."""
        return _volume_of(head, _system_of(head)) == self.volume


@contextmanager
def opened(what: Path) -> Iterator[Card]:
    """Open a folder, an image or a device; mounts it where needed and gives it back. Raises CannotOpen."""
    try:
        mode = what.stat().st_mode
    except OSError:
        raise CannotOpen("There is nothing at this place.") from None
    if stat.S_ISDIR(mode):
        yield _folder(what)
        return
    if not (stat.S_ISBLK(mode) or stat.S_ISREG(mode)):
        raise CannotOpen("This is neither a folder, nor an image of a card, nor a card reader.")
    kind = CardKind.DEVICE if stat.S_ISBLK(mode) else CardKind.IMAGE
    with ExitStack() as stack:
        system, offset = _file_system(_head(what), what)
        device = what
        if kind is CardKind.IMAGE or offset:
            device = stack.enter_context(looped(what, offset))
        broken = system == "vfat" and chains.are_crossed(device)
        root = stack.enter_context(mounted(device, system, read_only=broken))
        volume = _volume(device, system)
        yield Card(kind, root, volume, device, what if kind is CardKind.IMAGE else None, not broken, broken, system)


def _folder(root: Path) -> Card:
    """A folder; where it is the place at which a card is mounted, the card itself."""
    system, device = _mount_at(root) if os.path.ismount(root) else ("", root)
    if system not in OF_CAMERAS or not device.is_block_device():
        volume = f"folder-{_disk_of(root)}-{root.stat().st_ino:X}"
        return Card(CardKind.FOLDER, root, volume, None, None, fillable=False)
    kind = _system_of(_head(device))
    broken = kind == "vfat" and chains.are_crossed(device)
    return Card(CardKind.FOLDER, root, _volume(device, kind), device, None, fillable=not broken, broken=broken)


def _disk_of(root: Path) -> str:
    """What tells the disk of a folder from another: its file system's own identity, for a device's number may change with a start."""
    command: list[str | Path] = ["findmnt", "--noheadings", "--raw", "--output", "UUID", "--target", root]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    return said or f"{root.stat().st_dev:X}"


def _mount_at(root: Path) -> tuple[str, Path]:
    """File system and device of what is mounted here."""
    command: list[str | Path] = ["findmnt", "--noheadings", "--raw", "--output", "FSTYPE,SOURCE", "--mountpoint", root]
    system, _, source = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip().partition(" ")
    return system, Path(source or root)


def _head(what: Path) -> bytes:
    try:
        with what.open("rb") as file:
            return file.read(SECTOR)
    except OSError:
        raise CannotOpen("The card cannot be read.") from None


def _file_system(head: bytes, what: Path) -> tuple[str, int]:
    """Exfat or vfat, and where it begins: at once, or in the first partition of a master boot record."""
    if found := _system_of(head):
        return found, 0
    if len(head) == SECTOR and head[510:] == b"\x55\xaa":
        offset = SECTOR * int.from_bytes(head[454:458], "little")
        with what.open("rb") as file:
            file.seek(offset)
            if offset and (found := _system_of(file.read(SECTOR))):
                return found, offset
    raise CannotOpen("The card has no file system that a camera writes. Format it in the camera.")


def _system_of(head: bytes) -> str:
    if head[3:11] == b"EXFAT   ":
        return "exfat"
    return "vfat" if head[54:57] == b"FAT" or head[82:87] == b"FAT32" else ""


def _volume(device: Path, system: str) -> str:
    return _volume_of(_head(device), system)


def _volume_of(head: bytes, system: str) -> str:
    """The serial number in the boot sector: what tells one card from another."""
    if system == "exfat":
        return f"exfat-{int.from_bytes(head[100:104], 'little'):08X}"
    at = 67 if head[82:87] == b"FAT32" else 39
    return f"fat-{int.from_bytes(head[at : at + 4], 'little'):08X}"
