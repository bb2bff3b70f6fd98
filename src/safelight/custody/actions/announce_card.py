from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handover.manifest import CardManifest
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries, rules
from safelight.custody.facts import CardAnnounced, CardHeldForEvidence
from safelight.custody.lifecycle import DISPOSAL, FRAME, DisposalMove, DisposalState, FrameMove
from safelight.custody.models import Card, Disposal, Expected, Frame, Import, LeftOver, Place, Station
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest


@dataclass(frozen=True, slots=True)
class Names:
    """New ids and sealed names, made before the action: for each frame line, in order, and for each other file."""

    frames: tuple[tuple[UUID, UUID, bytes], ...]
    others: tuple[tuple[UUID, bytes], ...]


@action
def announce_card(*, by: Actor, manifest: CardManifest, names: Names, now: datetime, new_id: UUID) -> Import:
    """Note what a station found on a card.

    1. The same manifest from the same station is the same import, begun again.
    2. A card is known by its file system; until it was read to its end nobody can say that it is empty.
    3. A card that may be evidence is held from now on, until a named person releases it: one that nobody knows, too, while the photos
       of an evidential camera are on no card that was read; and one of the register with photos that its own camera cannot have taken.
    4. A frame is one for the whole site, whatever cards it is read from (D8); one that was left, or whose copy is damaged
       or was disposed of, is wanted again.
    5. Each file has its place, in shooting order; other files are named, sealed, for a person to look at. What the station told of
       its frames while it was reading them is settled.
    6. So is what somebody wanted thrown away of it, once none of it is left to decide about.
    """
    known = Import.objects.filter(station=by.id, manifest_digest=manifest.digest).first()
    made = known or _made(manifest, by=by, now=now, new_id=new_id)  # (1)
    card = queries.card_of_volume(by, manifest.volume)  # (2)
    if card is not None:
        Card.objects.filter(pk=card.pk).update(seen_at=now, proved_empty_at=None)
    Import.objects.filter(pk=made.pk).update(card=card, finished_at=None)
    Station.objects.filter(pk=by.id).update(seen_at=now)
    _hold(by, made, card, first=known is None, photos=bool(manifest.frames), now=now)  # (3)
    frames = _frames(manifest, names, by=by, now=now)  # (4)
    if known is None:
        _places(made, manifest, names, frames)  # (5)
    told = Expected.objects.filter(station=by.id, frame__in=Place.objects.filter(read_in=made).values("frame"))
    asked = set(told.exclude(disposal=None).values_list("disposal", flat=True))
    told.delete()
    _settle(asked, by=by, now=now)  # (6)
    made.refresh_from_db()
    state(
        CardAnnounced(
            read_in=made.pk,
            station=by.id,
            card=made.card_id,
            manifest=Digest(manifest.digest),
            frames=len(manifest.frames),
            others=len(manifest.others),
        )
    )
    return made


def _settle(asked: set[UUID], *, by: Actor, now: datetime) -> None:
    for disposal in Disposal.objects.filter(pk__in=asked, state=DisposalState.ASKED, expected=None):
        move(disposal, DISPOSAL, DisposalMove.SETTLE, by=by, at=now, answered_at=now)


def _made(manifest: CardManifest, *, by: Actor, now: datetime, new_id: UUID) -> Import:
    return Import.objects.create(
        id=new_id,
        station_id=by.id,
        volume=manifest.volume,
        kind=manifest.kind.value,
        manifest_digest=manifest.digest,
        announced_at=now,
    )


def _hold(by: Actor, made: Import, card: Card | None, *, first: bool, photos: bool, now: datetime) -> None:
    """A card that nobody knew when it was held, and that was registered since, is held as a card from now on. One that was released is
    not held again when it is put in again, unless a camera is out for evidence.
    """
    open_now = queries.evidential_open(by) or (first and queries.evidence_awaited(by, at=now))
    known_late = made.held and card is not None and card.held_at is None
    if card is not None and (known_late or (first and open_now and photos and not rules.held(card) and queries.strayed(by, card))):
        Card.objects.filter(pk=card.pk).update(held_at=now)
        card.held_at = now
    if not made.held and made.permitted_at is None and rules.held_for_evidence(card, evidential_open=open_now):
        Import.objects.filter(pk=made.pk).update(held=True)
        state(CardHeldForEvidence(read_in=made.pk, card=card.pk if card else None))


def _frames(manifest: CardManifest, names: Names, *, by: Actor, now: datetime) -> dict[str, Frame]:
    new = {
        line.digest: Frame(id=frame_id, digest=line.digest, size=line.size, kind=line.kind.value, announced_at=now)
        for line, (frame_id, _, _) in zip(manifest.frames, names.frames, strict=True)
    }
    Frame.objects.bulk_create(new.values(), ignore_conflicts=True)
    found = queries.frames_by_digest(by, new)
    for row in found.values():
        if rules.wanted_again(row):
            move(row, FRAME, FrameMove.ANNOUNCE, by=by, at=now, left_why="", verified_at=None, released_at=None, erased_at=None)
    return found


def _places(made: Import, manifest: CardManifest, names: Names, frames: dict[str, Frame]) -> None:
    Place.objects.bulk_create(
        Place(
            id=place_id,
            read_in=made,
            frame=frames[line.digest],
            position=position,
            folder_number=line.folder_number,
            file_number=line.file_number,
            pair=Digest.of(f"{made.pk}|{line.shot}".encode()),
            sealed_name=sealed,
            modified=line.modified,
        )
        for position, (line, (_, place_id, sealed)) in enumerate(zip(manifest.frames, names.frames, strict=True))
    )
    LeftOver.objects.bulk_create(
        LeftOver(id=left_id, read_in=made, sealed_name=sealed, size=line.size, digest=line.digest or "", why=line.why.value)
        for line, (left_id, sealed) in zip(manifest.others, names.others, strict=True)
    )
