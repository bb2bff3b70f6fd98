"""What happens to cameras, cards and frames, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.digest import Digest
from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CardAnnounced(Fact):
    read_in: UUID
    station: UUID
    card: UUID | None
    manifest: Digest
    frames: int
    others: int


@dataclass(frozen=True, kw_only=True)
class FramesExpected(Fact):
    """A station is still reading a card; `part` is the digest of what it told of it so far."""

    station: UUID
    part: Digest
    frames: int


@dataclass(frozen=True, kw_only=True)
class FrameReceived(Fact):
    """`read_in` is None where the card was still being read, and not announced."""

    frame: UUID
    read_in: UUID | None
    digest: Digest
    stored: UUID
    read_back: bool


@dataclass(frozen=True, kw_only=True)
class FrameReadBack(Fact):
    """`arriving`: read back while its card is being read, so that the receipt for the card is still to come; `first`: the vault had no
    copy of it before, so that nothing can have been made of it.
    """

    frame: UUID
    whole: bool
    arriving: bool
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class FrameLeft(Fact):
    frame: UUID
    read_in: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class FrameDamaged(Fact):
    frame: UUID


@dataclass(frozen=True, kw_only=True)
class ErasurePermitted(Fact):
    read_in: UUID
    frames: int
    again: bool


@dataclass(frozen=True, kw_only=True)
class CardHeldForEvidence(Fact):
    read_in: UUID
    card: UUID | None


@dataclass(frozen=True, kw_only=True)
class ErasureConfirmed(Fact):
    read_in: UUID
    erased: int
    left: int
    residue: int
    empty: bool
    method: str


@dataclass(frozen=True, kw_only=True)
class StationCodeMade(Fact):
    code: UUID


@dataclass(frozen=True, kw_only=True)
class StationEnrolled(Fact):
    station: UUID
    code: UUID


@dataclass(frozen=True, kw_only=True)
class BrowserUsed(Fact):
    """A person reads a card with their browser. What comes of it is entered under `station`, which stands for them."""

    station: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class StationRevoked(Fact):
    station: UUID


@dataclass(frozen=True, kw_only=True)
class Registered(Fact):
    what: str
    row: UUID


@dataclass(frozen=True, kw_only=True)
class CameraOut(Fact):
    camera: UUID
    check_out: UUID
    person: UUID
    second_person: UUID | None
    due_at: datetime
    set_aside: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CameraBack(Fact):
    camera: UUID
    check_out: UUID
    with_photos: bool


@dataclass(frozen=True, kw_only=True)
class CameraChanged(Fact):
    camera: UUID
    now: str


@dataclass(frozen=True, kw_only=True)
class ClockChecked(Fact):
    camera: UUID
    ahead: int


@dataclass(frozen=True, kw_only=True)
class CardHeld(Fact):
    card: UUID | None
    check_out: UUID


@dataclass(frozen=True, kw_only=True)
class CardReleased(Fact):
    card: UUID


@dataclass(frozen=True, kw_only=True)
class LeftOverDecided(Fact):
    leftover: UUID
    decision: str


@dataclass(frozen=True, kw_only=True)
class RegisterChanged(Fact):
    what: str
    row: UUID
    now: str


@dataclass(frozen=True, kw_only=True)
class CardMoved(Fact):
    card: UUID
    was_in: UUID | None
    now_in: UUID | None


@dataclass(frozen=True, kw_only=True)
class CameraLost(Fact):
    """`known` counts frames that were read and not erased; `unread` says that there may be photos nobody has read."""

    camera: UUID
    check_out: UUID | None
    cards: tuple[UUID, ...]
    known: int
    unread: bool


@dataclass(frozen=True, kw_only=True)
class CardLost(Fact):
    card: UUID
    known: int
    unread: bool


@dataclass(frozen=True, kw_only=True)
class CardFound(Fact):
    card: UUID


@dataclass(frozen=True, kw_only=True)
class CameraOverdue(Fact):
    camera: UUID
    check_out: UUID


@dataclass(frozen=True, kw_only=True)
class CardNotSeen(Fact):
    card: UUID


@dataclass(frozen=True, kw_only=True)
class ImportReleased(Fact):
    read_in: UUID


@dataclass(frozen=True, kw_only=True)
class CardGivenUp(Fact):
    """A card that was never read to its end is not waited for any longer: what came of it is in the tray, read as `read_in`."""

    read_in: UUID
    station: UUID
    card: UUID | None
    why: str
    told: int
    frames: int


@dataclass(frozen=True, kw_only=True)
class DisposalAsked(Fact):
    disposal: UUID
    station: UUID
    card: UUID | None
    frames: int


@dataclass(frozen=True, kw_only=True)
class DisposalAgreed(Fact):
    """Two people have said so: the keys of these photos are gone."""

    disposal: UUID
    asked_by: UUID
    frames: int
