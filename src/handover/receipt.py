"""The receipt: the server's signed statement that it holds these bytes durably.

Rules that hold here:
1. It names digests, never file names: a station erases what matches, nothing else.
2. It is bound to one import, one station and one manifest; for any other it is worth nothing.
3. It is canonical JSON and a newline, carried in a C2SP signed note. Without a good signature there is no receipt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handover.canonical import Json, Malformed, digest, identifier, items, members, moment, read, text, write
from handover.note import NoteRefused, Signer, VerifierKey, sign, verify

VERSION = 1
MOST_BYTES = 8 << 20
MOST_FRAMES = 30_000


class ReceiptRefused(ValueError):
    """The receipt is not genuine, or not for this card. Nothing may be erased by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Digests that the vault holds: verified by reading back, recorded, durable."""

    origin: str
    card_import: UUID
    station: UUID
    manifest: str
    digests: tuple[str, ...]
    issued_at: datetime

    def written(self) -> str:
        """Canonical JSON and a newline."""
        held: list[Json] = [*sorted(set(self.digests))]
        said: dict[str, Json] = {
            "version": VERSION,
            "origin": self.origin,
            "import": str(self.card_import),
            "station": str(self.station),
            "manifest": self.manifest,
            "held": held,
            "issued_at": self.issued_at.isoformat(),
        }
        return write(said).decode() + "\n"

    def signed(self, signer: Signer) -> str:
        """The note that carries the receipt."""
        return sign(self.written(), signer)


def read_receipt(note: str, *, keys: Iterable[VerifierKey], card_import: UUID, station: UUID, manifest: str) -> Receipt:
    """The receipt of a note, if it is genuine and for this import, station and manifest. Raises ReceiptRefused otherwise."""
    try:
        written = verify(note, keys)
        said = members(
            read(written.removesuffix("\n").encode(), most=MOST_BYTES),
            *("version", "origin", "import", "station", "manifest", "held", "issued_at"),
        )
        receipt = Receipt(
            origin=text(said["origin"]),
            card_import=identifier(said["import"]),
            station=identifier(said["station"]),
            manifest=digest(said["manifest"]),
            digests=tuple(digest(item) for item in items(said["held"], most=MOST_FRAMES)),
            issued_at=moment(said["issued_at"]),
        )
    except (NoteRefused, Malformed) as fault:
        raise ReceiptRefused(str(fault)) from None
    if said["version"] != VERSION:
        raise ReceiptRefused("another version")
    if (receipt.card_import, receipt.station, receipt.manifest) != (card_import, station, manifest):
        raise ReceiptRefused("for another card")
    return receipt
