"""A part of a card: frames that a station has read once, while it is still reading the others.

Nothing follows from a part but that its frames may come. Where they lay, what else is on the card, and what may be erased are told
by the manifest alone. Which card it is, and how each file's name ends, is for the photos of a card that never comes back.
"""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from handover.canonical import Json, Malformed, digest, digest_of, identifier, items, members, number, read, text, write
from handover.kinds import FrameKind, kind_of_name
from handover.manifest import FrameLine, kind_of_frame

VERSION = 2
MOST_BYTES = 64 << 10
MOST_FRAMES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One frame: the digest of its bytes, their number, what it is, and how its name ends, in small letters."""

    digest: str
    size: int
    kind: FrameKind
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPart:
    """Some frames of a card. `on_card` is the size in bytes of all that is on it, so that a full store says so at once.

    `volume` is the identity of the card's file system, as in its manifest.
    """

    station: UUID
    volume: str
    on_card: int
    frames: tuple[PartLine, ...]

    @classmethod
    def of(cls, lines: list[FrameLine], *, station: UUID, volume: str, on_card: int) -> Self:
        """The part that these lines of a manifest to come are."""
        frames = {line.digest: PartLine(digest=line.digest, size=line.size, kind=line.kind, ending=_ending(line.file)) for line in lines}
        return cls(station=station, volume=volume, on_card=on_card, frames=tuple(frames[one] for one in sorted(frames)))

    def written(self) -> bytes:
        """Canonical JSON."""
        frames: list[Json] = [
            {"sha256": line.digest, "size": line.size, "kind": line.kind.value, "ending": line.ending} for line in self.frames
        ]
        station = str(self.station)
        return write({"version": VERSION, "station": station, "volume": self.volume, "on_card": self.on_card, "frames": frames})

    @property
    def digest(self) -> str:
        return digest_of(self.written())

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a part. Raises Malformed."""
        said = members(read(raw, most=MOST_BYTES), "version", "station", "volume", "on_card", "frames")
        if said["version"] != VERSION:
            raise Malformed("another version")
        frames = tuple(_line(line) for line in items(said["frames"], most=MOST_FRAMES))
        if not frames or [line.digest for line in frames] != sorted({line.digest for line in frames}):
            raise Malformed("not in order")
        volume = text(said["volume"], most=80)
        return cls(station=identifier(said["station"]), volume=volume, on_card=number(said["on_card"]), frames=frames)


def _line(value: Json) -> PartLine:
    said = members(value, "sha256", "size", "kind", "ending")
    kind, ending = kind_of_frame(said["kind"]), text(said["ending"])
    if ending != ending.lower() or kind_of_name(f"photo.{ending}") is not kind:
        raise Malformed("not how a name of this kind ends")
    return PartLine(digest=digest(said["sha256"]), size=number(said["size"]), kind=kind, ending=ending)


def _ending(file: str) -> str:
    return file.rpartition(".")[2].lower()
