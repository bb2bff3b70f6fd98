"""Names on a card, as data: a manifest takes no control character, no separator and nothing that is not Unicode.

A name is for people and for the order of shooting; which file is meant is told by its digest. So a name that cannot be
written down is written with other letters, and two that then look alike are told apart by a number.
"""

import re
from pathlib import Path

LONGEST, LONGEST_PATH = 255, 1_024
_NOT_TAKEN = re.compile("[\x00-\x1f\x7f/\\\\\ud800-\udfff]")


def clean(part: str) -> str:
    """One part of a path as a manifest takes it: bytes that are no text and control characters become an underscore."""
    return _NOT_TAKEN.sub("_", part)[:LONGEST]


def inside(root: Path, path: Path) -> str:
    """Where a file lies on the card."""
    return "/".join(clean(part) for part in path.relative_to(root).parts)[:LONGEST_PATH]


def folder_of(root: Path, path: Path) -> str:
    """The folder of a frame below DCIM."""
    parts = path.parent.relative_to(root).parts
    return "/".join(clean(part) for part in (parts[1:] if parts[:1] and parts[0].upper() == "DCIM" else parts))[:LONGEST_PATH]


class Names:
    """Gives each frame of a card a name of its own: a card knows no capitals, a folder of another disk may."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()

    def of(self, root: Path, path: Path) -> tuple[str, str]:
        """Folder and file name, as a manifest takes them."""
        folder, name = folder_of(root, path), clean(path.name)
        stem, _, ending = name.rpartition(".")
        number = 1
        while (folder.upper(), name.upper()) in self._given:
            number += 1
            name = f"{stem[: LONGEST - len(ending) - 8]}~{number}.{ending}"
        self._given.add((folder.upper(), name.upper()))
        return folder, name
