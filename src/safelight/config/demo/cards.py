"""Cards of the demonstration: a plain folder, or an exFAT image as a camera formats one; and a search for what is left on it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BLOCK, SECTOR = 4_096, 512
SIZE = 512 << 20
PROGRAMS = ("losetup", "mkfs.exfat", "mount.exfat-fuse", "umount")


@dataclass(frozen=True, slots=True)
class Card:
    """A card: `path` is what the station is given."""

    kind: str
    path: Path

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The card's files, as the camera writes them."""
        if self.kind == "folder":
            yield self.path
            return
        root = self.path.with_suffix(".mounted")
        root.mkdir()
        loop = subprocess.run(["losetup", "--find", "--show", self.path], check=True, capture_output=True, text=True).stdout.strip()
        try:
            subprocess.run(["mount.exfat-fuse", loop, root], check=True, capture_output=True)
            yield root
            subprocess.run(["umount", root], check=True)
        finally:
            if os.path.ismount(root):
                subprocess.run(["umount", "--lazy", root], check=False)
            subprocess.run(["losetup", "--detach", loop], check=False)
            root.rmdir()


def images_work_here() -> bool:
    """Whether this machine can make a card image and mount it: as root, with the programs."""
    return os.geteuid() == 0 and Path("/dev/fuse").exists() and all(shutil.which(program) for program in PROGRAMS)


@contextmanager
def new_card(folder: Path, kind: str) -> Iterator[Card]:
    """An empty card: "image", "folder", or "best" for an image where that works."""
    if kind == "best":
        kind = "image" if images_work_here() else "folder"
    if kind == "folder":
        card = Card(kind, folder / "card")
        card.path.mkdir()
    else:
        card = Card(kind, folder / "card.img")
        with card.path.open("wb") as file:
            file.truncate(SIZE)
        subprocess.run(["mkfs.exfat", card.path], check=True, capture_output=True)
    yield card


class Traces:
    """The 4 KiB blocks of every file on a card, so that a search afterwards can say whether any is still there.

    Shares no code with the station, whose own search it checks.
    """

    def __init__(self, root: Path) -> None:
        self._frames = [_blocks(path.read_bytes(), BLOCK) for path in sorted(root.rglob("*")) if path.is_file()]

    def found(self, card: Card) -> int:
        """How many of the files have a block that can still be read from the card: the whole image, or what is left in the folder."""
        there: set[int] = set()
        files = [card.path] if card.kind == "image" else [path for path in card.path.rglob("*") if path.is_file()]
        for file in files:
            there |= self._known(file)
        return sum(bool(frame & there) for frame in self._frames)

    def _known(self, file: Path) -> set[int]:
        wanted, found = set[int]().union(*self._frames), set[int]()
        with file.open("rb", buffering=0) as medium:
            os.posix_fadvise(medium.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            at = 0
            while piece := os.pread(medium.fileno(), (8 << 20) + BLOCK, at):
                if piece.count(0) < len(piece):
                    found |= _blocks(piece, SECTOR) & wanted
                at += 8 << 20
        return found


def _blocks(data: bytes, step: int) -> set[int]:
    """The hashes of the blocks at every step that are not all one byte."""
    whole = (data[at : at + BLOCK] for at in range(0, len(data) - BLOCK + 1, step))
    return {hash(block) for block in whole if block.count(block[0]) != BLOCK}
