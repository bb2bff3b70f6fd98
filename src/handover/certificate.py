"""The certificate: what a station says it erased, how, and what it found on reading the card again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from handover.canonical import Json, Malformed, digest, flag, identifier, items, members, moment, number, read, text, write
from handover.reasons import Left

VERSION = 1
MOST_BYTES = 16 << 20
MOST_FRAMES = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Digests erased; what was left, each with its reason; how many frames leave a trace (`residue`), and by which method.

    `empty` says that no photo, video or unknown file is on the card any more; `filled` that the free space was overwritten.
    """

    card_import: UUID
    station: UUID
    method: str
    erased: tuple[str, ...]
    left: tuple[tuple[str, Left], ...]
    residue: int
    empty: bool
    filled: bool
    read_again_at: datetime

    def written(self) -> bytes:
        """Canonical JSON."""
        erased: list[Json] = [*sorted(set(self.erased))]
        left: list[Json] = [{"sha256": one, "why": why.value} for one, why in sorted(set(self.left))]
        return write(
            {
                "version": VERSION,
                "import": str(self.card_import),
                "station": str(self.station),
                "method": self.method,
                "erased": erased,
                "left": left,
                "residue": self.residue,
                "empty": self.empty,
                "filled": self.filled,
                "read_again_at": self.read_again_at.isoformat(),
            }
        )

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a certificate. Raises Malformed."""
        said = members(
            read(raw, most=MOST_BYTES),
            *("version", "import", "station", "method", "erased", "left", "residue", "empty", "filled", "read_again_at"),
        )
        if said["version"] != VERSION:
            raise Malformed("another version")
        return cls(
            card_import=identifier(said["import"]),
            station=identifier(said["station"]),
            method=text(said["method"], most=80),
            erased=tuple(digest(item) for item in items(said["erased"], most=MOST_FRAMES)),
            left=tuple(_left(item) for item in items(said["left"], most=MOST_FRAMES)),
            residue=number(said["residue"]),
            empty=flag(said["empty"]),
            filled=flag(said["filled"]),
            read_again_at=moment(said["read_again_at"]),
        )


def _left(value: Json) -> tuple[str, Left]:
    said = members(value, "sha256", "why")
    try:
        return digest(said["sha256"]), Left(text(said["why"]))
    except ValueError:
        raise Malformed("an unknown reason") from None
