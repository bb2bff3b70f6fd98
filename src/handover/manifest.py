"""The manifest: what a station found on a card, before anything was sent.

Rules that hold here:
1. Names are data. They are bounded, hold no separator and no control character, and never become a path.
2. Frames stand in shooting order: DCF folder number, file number (CIPA DC-009), then the name.
3. The text is canonical JSON; its digest names the reading of the card, so that the same card read twice is one import.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from handover.canonical import Json, Malformed, digest, digest_of, identifier, items, members, moment, number, read, text, write
from handover.kinds import FrameKind
from handover.reasons import Left

VERSION = 1
MOST_BYTES = 16 << 20
MOST_FILES = 30_000  # three times what DCF numbers; a database takes so many values in one statement
_FOLDER = re.compile(r"([1-9]\d\d)[0-9A-Z_]{5}", re.IGNORECASE)
_FILE = re.compile(r"[0-9A-Z_]{4}(\d{4})", re.IGNORECASE)


class CardKind(StrEnum):
    FOLDER = "folder"
    IMAGE = "image"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLine:
    """One file: its folder below DCIM (a name, or names joined by one slash), its name, size in bytes, digest and time on the card."""

    folder: str
    file: str
    size: int
    digest: str
    kind: FrameKind
    modified: datetime | None

    @property
    def folder_number(self) -> int | None:
        """The DCF folder number, 100 to 999; None for a folder that is not named after DCF."""
        match = _FOLDER.fullmatch(self.folder)
        return int(match[1]) if match else None

    @property
    def file_number(self) -> int | None:
        """The DCF file number, 0001 to 9999; None for a file that is not named after DCF."""
        match = _FILE.fullmatch(self.file.rpartition(".")[0])
        return int(match[1]) if match else None

    @property
    def shot(self) -> str:
        """Folder and stem: the same for RAW and JPEG of one shot."""
        return f"{self.folder}/{self.file.rpartition('.')[0]}".upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLine:
    """A file that stays on the card: no frame and not one of the camera's own, or a frame that cannot be read, with the reason.

    `digest` says which bytes a person decides about; None where they could not be read: such a file is never given up.
    """

    path: str
    size: int
    why: Left
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardManifest:
    """One reading of one card. `volume` is the identity of its file system, empty where it has none."""

    station: UUID
    kind: CardKind
    volume: str
    frames: tuple[FrameLine, ...]
    others: tuple[OtherLine, ...] = ()

    def written(self) -> bytes:
        """Canonical JSON. Says nothing of when the card was read, so that reading it again gives the same bytes."""
        frames: list[Json] = [
            {
                "folder": line.folder,
                "file": line.file,
                "size": line.size,
                "sha256": line.digest,
                "kind": line.kind.value,
                "modified": line.modified.isoformat() if line.modified else None,
            }
            for line in sorted(self.frames, key=in_order)
        ]
        others: list[Json] = [
            {"path": line.path, "size": line.size, "sha256": line.digest, "why": line.why.value}
            for line in sorted(self.others, key=lambda line: line.path)
        ]
        return write(
            {
                "version": VERSION,
                "station": str(self.station),
                "kind": self.kind.value,
                "volume": self.volume,
                "frames": frames,
                "others": others,
            }
        )

    @property
    def digest(self) -> str:
        return digest_of(self.written())

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a manifest. Raises Malformed."""
        said = members(read(raw, most=MOST_BYTES), "version", "station", "kind", "volume", "frames", "others")
        if said["version"] != VERSION:
            raise Malformed("another version")
        found = cls(
            station=identifier(said["station"]),
            kind=_kind_of_card(said["kind"]),
            volume=text(said["volume"], most=80),
            frames=tuple(_frame(line) for line in items(said["frames"], most=MOST_FILES)),
            others=tuple(_other(line) for line in items(said["others"], most=MOST_FILES)),
        )
        if len({(line.folder.upper(), line.file.upper()) for line in found.frames}) != len(found.frames):
            raise Malformed("a file is named twice")
        if found.written() != raw:
            raise Malformed("not in order")
        return found


def in_order(line: FrameLine) -> tuple[int, str, int, str, str]:
    """The sort key of shooting order; what is not named after DCF comes last, by name."""
    folder, file = line.folder_number, line.file_number
    return (folder or 1_000, "" if folder else line.folder, 10_000 if file is None else file, line.file.upper(), line.file)


def kind_of_frame(value: Json) -> FrameKind:
    """A kind that frames have. Raises Malformed."""
    try:
        return FrameKind(text(value))
    except ValueError:
        raise Malformed("an unknown kind of frame") from None


def _frame(value: Json) -> FrameLine:
    said = members(value, "folder", "file", "size", "sha256", "kind", "modified")
    return FrameLine(
        folder=_path(said["folder"]),
        file=_name(said["file"]),
        size=number(said["size"]),
        digest=digest(said["sha256"]),
        kind=kind_of_frame(said["kind"]),
        modified=None if said["modified"] is None else moment(said["modified"]),
    )


def _other(value: Json) -> OtherLine:
    said = members(value, "path", "size", "sha256", "why")
    try:
        why = Left(text(said["why"]))
    except ValueError:
        raise Malformed("an unknown reason") from None
    known = None if said["sha256"] is None else digest(said["sha256"])
    return OtherLine(path=_path(said["path"], empty=False), size=number(said["size"]), why=why, digest=known)


def _kind_of_card(value: Json) -> CardKind:
    try:
        return CardKind(text(value))
    except ValueError:
        raise Malformed("an unknown kind of card") from None


def _name(value: Json) -> str:
    name = text(value)
    if not name or name in {".", ".."} or "/" in name or "\\" in name:
        raise Malformed("a name is malformed")
    return name


def _path(value: Json, *, empty: bool = True) -> str:
    path = text(value, most=1_024)
    if path == "" and empty:
        return path
    for part in path.split("/"):
        _name(part)
    return path
