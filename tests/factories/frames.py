"""Frames of a card in any state, brought there by the real actions and the real vault."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from tests.factories.custody import make_station, station_actor
from tests.factories.staff import actor_of, make_person

from handover.certificate import Certificate
from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine, OtherLine
from handover.part import CardPart, PartLine
from handover.reasons import Left
from safelight.custody import ahead
from safelight.custody.actions.agree_to_disposal import agree_to_disposal
from safelight.custody.actions.announce_card import Names, announce_card
from safelight.custody.actions.ask_for_disposal import ask_for_disposal
from safelight.custody.actions.confirm_erasure import confirm_erasure
from safelight.custody.actions.expect_frames import expect_frames
from safelight.custody.actions.leave_frame import leave_frame
from safelight.custody.actions.permit_erasure import permit_erasure
from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.lifecycle import FrameState
from safelight.custody.models import Frame, Station
from safelight.custody.receipts import Permission
from safelight.custody.rules import ReadBack
from safelight.custody.tasks import check_copy
from safelight.kernel.actor import WORKER, Actor, Role
from safelight.kernel.digest import Digest
from safelight.vault import objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 a photo "


def photo(number: int = 1) -> bytes:
    """Bytes that begin like a JPEG; the door and the vault look at no more of them."""
    return JPEG + str(number).encode() * 2_000


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


@dataclass
class Reading:
    """One reading of one card by one station."""

    by: Actor
    import_id: UUID
    manifest: CardManifest

    def frame(self, data: bytes) -> Frame:
        return Frame.objects.select_related("stored").get(digest=digest_of(data))

    def receive(self, data: bytes, *, now: datetime = NOW) -> Frame:
        """The vault keeps the bytes, then the record takes them."""
        kept = objects.keep([data], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 26)
        receive_frame(by=self.by, import_id=self.import_id, digest=Digest(digest_of(data)), kept=kept, now=now)
        return self.frame(data)

    def check(self, data: bytes) -> Frame:
        """The copy is read back, whatever is found."""
        check_copy(self.frame(data))
        return self.frame(data)

    def verify(self, data: bytes, *, now: datetime = NOW) -> Frame:
        """The copy is read back whole, at some moment."""
        frame = self.frame(data)
        read_back_frame(by=WORKER, frame_id=frame.pk, object_id=frame.stored.pk, found=Digest(frame.digest), now=now)
        return self.frame(data)

    def damage(self, data: bytes, *, now: datetime = NOW) -> Frame:
        frame = self.frame(data)
        read_back_frame(by=WORKER, frame_id=frame.pk, object_id=frame.stored.pk, found=None, now=now)
        return self.frame(data)

    def leave(self, data: bytes, why: Left = Left.UNSTABLE) -> Frame:
        leave_frame(by=self.by, import_id=self.import_id, digest=Digest(digest_of(data)), why=why, now=NOW)
        return self.frame(data)

    def permit(self, *, now: datetime = NOW) -> Permission:
        return permit_erasure(by=self.by, import_id=self.import_id, now=now)

    def certificate(self, *erased: str, **changed: object) -> Certificate:
        said = {
            "card_import": self.import_id,
            "station": self.by.id,
            "method": "overwrite in place, unlink, fill free space",
            "erased": erased,
            "left": (),
            "residue": 0,
            "empty": True,
            "filled": True,
            "read_again_at": NOW,
        } | changed
        return Certificate(**said)

    def confirm(self, *data: bytes, now: datetime = NOW, **changed: object) -> None:
        said = self.certificate(*[digest_of(one) for one in data], **changed)
        confirm_erasure(by=self.by, import_id=self.import_id, certificate=said, now=now)


def read_a_card(
    *data: bytes, station: Station | None = None, volume: str = "", others: tuple[OtherLine, ...] = (), now: datetime = NOW
) -> Reading:
    """A station announces a card with these photos on it."""
    by = station_actor(station or make_station()[0])
    lines = tuple(
        FrameLine(folder="100SAFEL", file=f"IMG_{number:04}.JPG", size=len(one), digest=digest_of(one), kind=FrameKind.JPEG, modified=NOW)
        for number, one in enumerate(data, 1)
    )
    manifest = CardManifest(station=by.id, kind=CardKind.IMAGE, volume=volume, frames=lines, others=others)
    names = Names(tuple((uuid4(), uuid4(), b"sealed") for _ in lines), tuple((uuid4(), b"sealed") for _ in others))
    made = announce_card(by=by, manifest=manifest, names=names, now=now, new_id=uuid4())
    return Reading(by, made.pk, manifest)


def part_of(told_by: UUID, *data: bytes, **changed: object) -> CardPart:
    """What a station tells of photos of a card that it is still reading."""
    lines = tuple(PartLine(digest=one, size=size, kind=FrameKind.JPEG, ending="jpg") for one, size in sorted(_sizes(data)))
    return CardPart(**({"station": told_by, "volume": "", "on_card": 1 << 20, "frames": lines} | changed))


def _sizes(data: tuple[bytes, ...]) -> set[tuple[str, int]]:
    return {(digest_of(one), len(one)) for one in data}


def tell_of(station: Station, *data: bytes, now: datetime = NOW, volume: str = "") -> list[Frame]:
    """A station tells of photos of a card that it is still reading."""
    part = part_of(station.pk, *data, volume=volume)
    new_ids = {line.digest: (uuid4(), uuid4()) for line in part.frames}
    return expect_frames(by=station_actor(station), part=part, new_ids=new_ids, now=now)


def come_ahead(station: Station, *data: bytes, now: datetime = NOW, volume: str = "", told: tuple[bytes, ...] = ()) -> None:
    """Photos come, and are read back, of a card that a station is still reading; of those `told` it only tells."""
    tell_of(station, *data, *told, now=now, volume=volume)
    for one in data:
        kept = objects.keep([one], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 26)
        digest = Digest(digest_of(one))
        read_back = ReadBack(digest)
        receive_frame(by=station_actor(station), import_id=None, digest=digest, kept=kept, read_back=read_back, now=now)


def disposed_of(data: bytes) -> Frame:
    """A photo of a card that never came back, thrown away by two people."""
    come_ahead(make_station()[0], data, now=NOW - timedelta(hours=1))
    asking, agreeing = (actor_of(make_person(name, f"Dr {name}", [Role.IG_LEAD])) for name in ("asking", "agreeing"))
    [card] = ahead.being_read(asking, now=NOW)
    ask_for_disposal(by=asking, key=card.key, seen=1, reason="Test shots.", now=NOW, new_id=uuid4())
    agree_to_disposal(by=agreeing, key=card.key, seen=1, now=NOW)
    return Frame.objects.get(digest=digest_of(data))


def frame_in(state: FrameState, data: bytes | None = None) -> tuple[Reading, Frame]:
    """A card whose one frame is in some state."""
    data = photo() if data is None else data
    if state is FrameState.DISPOSED:
        return read_a_card(photo(9)), disposed_of(data)
    reading = read_a_card(data)
    match state:
        case FrameState.RECEIVED:
            reading.receive(data)
        case FrameState.LEFT:
            reading.leave(data)
        case FrameState.DAMAGED:
            reading.receive(data)
            reading.damage(data)
        case FrameState.VERIFIED | FrameState.RELEASED | FrameState.ERASED:
            reading.receive(data)
            reading.verify(data)
            if state is not FrameState.VERIFIED:
                reading.permit()
            if state is FrameState.ERASED:
                reading.confirm(data)
        case FrameState.ANNOUNCED:
            pass
    frame = reading.frame(data)
    assert frame.state == state
    return reading, frame
