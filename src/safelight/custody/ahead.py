"""Photos that came ahead of a card which was never read to its end: how many, of which card, and what may be decided about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from safelight.custody import rules
from safelight.custody.errors import CameMeanwhile, Settled, StillReading
from safelight.custody.lifecycle import FrameState
from safelight.custody.models import Card, CheckOut, Disposal, Expected, Place
from safelight.kernel.actor import Actor, ActorKind

STILL_READING = timedelta(minutes=2)
CAME = (FrameState.RECEIVED, FrameState.VERIFIED, FrameState.DAMAGED)
_CAME = Q(frame__state__in=CAME, frame__places=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeingRead:
    """A card that a station has told of in part: how many photos, how many have come that are on no other, and since when until when.

    `key` names it, `card` is the one on the register, `disposal` what somebody has asked for.
    """

    key: UUID
    station_id: UUID
    station: str
    volume: str
    card: Card | None
    told: int
    came: int
    first_at: datetime
    last_at: datetime
    goes_on: bool
    disposal: Disposal | None


def being_read(actor: Actor, *, now: datetime) -> list[BeingRead]:
    """Cards that stations are reading, the newest first, and those that were taken out before they were read to their end.

    One of which nothing had come is as if it had never been in.
    """
    if actor.kind not in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}:
        return []
    found = Expected.objects.values("station", "station__name", "volume", "disposal").annotate(
        told=Count("pk", distinct=True),
        came=Count("pk", distinct=True, filter=_CAME),
        first_at=Min("expected_at"),
        told_at=Max("expected_at"),
        came_at=Max("frame__received_at", filter=_CAME),
    )
    cards = [card for row in found if (card := _of(row, now=now))]
    return sorted((card for card in cards if card.goes_on or card.came), key=lambda card: card.last_at, reverse=True)


def one(actor: Actor, key: UUID, *, now: datetime) -> BeingRead:
    """One of them. Raises Settled where its card came back, or somebody has decided."""
    row = Expected.objects.filter(pk=key).first()
    cards = being_read(actor, now=now) if row else []
    for card in cards:
        if row and (card.station_id, card.volume, card.disposal and card.disposal.pk) == (row.station_id, row.volume, row.disposal_id):
            return card
    raise Settled(key)


def claimed(actor: Actor, key: UUID, *, seen: int, now: datetime) -> tuple[BeingRead, list[Expected]]:
    """One of them with its notes, for whoever decides now, inside an action: of two people one.

    Raises Settled; StillReading; CameMeanwhile where other photos have come than the `seen` that the person was shown.
    """
    found = one(actor, key, now=now)
    if found.goes_on:
        raise StillReading(key)
    notes = Expected.objects.filter(station=found.station_id, volume=found.volume, disposal=found.disposal)
    rows = list(notes.select_for_update().order_by("expected_at", "pk"))
    came = set(Expected.objects.filter(_CAME, pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    if not came:
        raise Settled(key)
    if len(came) != seen:
        raise CameMeanwhile(key)
    return found, rows


def endings(actor: Actor, key: UUID) -> list[tuple[UUID, str]]:
    """The notes of a card, each with how its file's name ends: by what it is, where the station did not say."""
    row = Expected.objects.filter(pk=key).first()
    if row is None or not rules.may_give_up(actor):
        return []
    notes = Expected.objects.filter(station=row.station_id, volume=row.volume, disposal=row.disposal_id)
    return [(note, ending or kind) for note, ending, kind in notes.values_list("pk", "ending", "frame__kind")]


def came_of(rows: list[Expected]) -> list[Expected]:
    """The notes whose photo has come and lies on no card that is known, in the order in which the station told of them."""
    found = Expected.objects.filter(_CAME, pk__in=[row.pk for row in rows]).select_related("frame__stored")
    return list(found.distinct().order_by("expected_at", "pk"))


def on_a_card(rows: list[Expected]) -> bool:
    """Whether a card was announced meanwhile on which one of these photos lies."""
    return Place.objects.filter(frame__in=[row.frame_id for row in rows]).exists()


def may_be_evidence(found: BeingRead) -> bool:
    """Whether a camera was out for evidence when these photos may have been taken, or their card is held (D5)."""
    out = CheckOut.objects.filter(
        Q(back_at=None) | Q(back_at__gte=found.first_at - rules.SAME_SHIFT), evidential=True, out_at__lte=found.last_at
    )
    return (found.card is not None and rules.held(found.card)) or out.exists()


def _of(row: Mapping[str, Any], *, now: datetime) -> BeingRead | None:
    """One of them; its key is its oldest note. None where it was settled between two questions to the database."""
    alike = Expected.objects.filter(station=row["station"], volume=row["volume"], disposal=row["disposal"])
    key = alike.order_by("expected_at", "pk").values_list("pk", flat=True).first()
    if key is None:
        return None
    last_at = max(row["told_at"], row["came_at"] or row["told_at"])
    return BeingRead(
        key=key,
        station_id=row["station"],
        station=row["station__name"],
        volume=row["volume"],
        card=Card.objects.select_related("camera").filter(volume=row["volume"]).exclude(volume="").first(),
        told=row["told"],
        came=row["came"],
        first_at=row["first_at"],
        last_at=last_at,
        goes_on=now - last_at < STILL_READING,
        disposal=Disposal.objects.select_related("asked_by").filter(pk=row["disposal"]).first(),
    )
