from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import ahead, rules
from safelight.custody.errors import CameMeanwhile, NotForYou
from safelight.custody.facts import CardGivenUp
from safelight.custody.lifecycle import DISPOSAL, DisposalMove
from safelight.custody.models import Card, Expected, Import, Place
from safelight.custody.rules import WhyGivenUp
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest


@action
def give_up_card(
    *, by: Actor, key: UUID, seen: int, why: WhyGivenUp, names: Mapping[UUID, tuple[UUID, bytes]], now: datetime, new_id: UUID
) -> Import:
    """Wait no longer for a card that came out before it was read to its end: what came of it goes into the tray.

    `names` has by note the id of a place and the sealed name of a file, made before the action.

    1. Whoever takes photos may say so, of what they were shown; not while a station reads the card.
    2. It is a reading of its own, which erases nothing. Where its photos lay on the card is not known, so none is filed by itself.
    3. Should the card come back, it is read, verified and wiped as any other; what is here already is not taken twice (D8).
    4. Who takes photos into the tray that somebody wants thrown away has said no to that.
    """
    if not rules.may_give_up(by):  # (1)
        raise NotForYou
    found, notes = ahead.claimed(by, key, seen=seen, now=now)
    came = ahead.came_of(notes)
    if not names.keys() >= {note.pk for note in came}:
        raise CameMeanwhile(key)
    made = Import.objects.create(  # (2)
        id=new_id,
        station_id=came[0].station_id,
        card=found.card,
        volume=came[0].volume,
        manifest_digest=Digest.of(b"a card that was given up|" + new_id.bytes),
        announced_at=found.last_at,
        finished_at=now,
        given_up=why.value,
    )
    Place.objects.bulk_create(_place(made, position, note, *names[note.pk]) for position, note in enumerate(came))
    Expected.objects.filter(pk__in=[note.pk for note in notes]).delete()
    if found.card is not None:  # (3)
        Card.objects.filter(pk=found.card.pk, proved_empty_at__lt=found.last_at).update(proved_empty_at=None)
    if found.disposal is not None:  # (4)
        move(found.disposal, DISPOSAL, DisposalMove.REFUSE, by=by, at=now, answered_by_id=by.id, answered_at=now)
    state(CardGivenUp(read_in=made.pk, station=made.station_id, card=made.card_id, why=why.value, told=found.told, frames=len(came)))
    return made


def _place(made: Import, position: int, note: Expected, place_id: UUID, sealed: bytes) -> Place:
    pair = Digest.of(f"{made.pk}|{note.frame_id}".encode())
    return Place(id=place_id, read_in=made, frame=note.frame, position=position, pair=pair, sealed_name=sealed)
