"""What the IG lead sees of cameras and cards: rules set aside, what is late, lost, held, left over, and how long photos lay on cards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, F, Q

from safelight.custody import ahead, rules
from safelight.custody.ahead import BeingRead
from safelight.custody.errors import NotForYou
from safelight.custody.lifecycle import CameraState
from safelight.custody.models import Camera, Card, CheckOut, Import, Place
from safelight.custody.rules import Decision
from safelight.kernel.actor import Actor


def _require(actor: Actor) -> None:
    if not rules.may_oversee(actor):
        raise NotForYou


@dataclass(frozen=True, slots=True)
class TimesOnCard:
    """How long photos lay on cards before they were erased, over some days (A9)."""

    photos: int
    unknown: int
    middle: timedelta | None
    longest: timedelta | None
    over: int
    imports_over: tuple[UUID, ...]


def set_aside(actor: Actor, *, since: datetime) -> list[CheckOut]:
    """Check-outs where a rule was set aside, newest first. Raises NotForYou."""
    _require(actor)
    rows = CheckOut.objects.filter(out_at__gte=since).exclude(reason="").select_related("camera__cabinet", "person")
    return list(rows.order_by("-out_at")[:200])


def overdue(actor: Actor, *, now: datetime) -> list[CheckOut]:
    """Cameras that should be home, the latest first. Raises NotForYou."""
    _require(actor)
    rows = CheckOut.objects.filter(back_at=None, due_at__lt=now).select_related("camera__cabinet", "person")
    return list(rows.order_by("due_at"))


def lost_cameras(actor: Actor) -> list[Camera]:
    """Cameras that cannot be found. Raises NotForYou."""
    _require(actor)
    return list(Camera.objects.filter(state=CameraState.LOST).select_related("cabinet").order_by("code"))


def lost_cards(actor: Actor) -> list[Card]:
    """Cards that cannot be found. Raises NotForYou."""
    _require(actor)
    return list(Card.objects.filter(lost_at__isnull=False).select_related("camera").order_by("code"))


def not_seen(actor: Actor, *, now: datetime) -> list[Card]:
    """Cards that no station has read for 14 days. Raises NotForYou."""
    _require(actor)
    rows = Card.objects.filter(seen_at__lt=now - rules.NOT_SEEN, lost_at=None, retired_at=None)
    return list(rows.select_related("camera").order_by("seen_at"))


def held_cards(actor: Actor) -> list[Card]:
    """Cards that wait for a named person to release them. Raises NotForYou."""
    _require(actor)
    rows = Card.objects.filter(held_at__isnull=False).filter(Q(released_at=None) | Q(released_at__lt=F("held_at")))
    return list(rows.select_related("camera").order_by("held_at"))


def held_imports(actor: Actor) -> list[Import]:
    """Readings of cards that nobody knows, held because an evidential camera was out. Raises NotForYou."""
    _require(actor)
    return list(Import.objects.filter(held=True, card=None).select_related("station").order_by("announced_at"))


def imports_with_leftovers(actor: Actor) -> list[tuple[Import, int]]:
    """Imports whose card holds files that wait for a decision, with how many. Raises NotForYou."""
    _require(actor)
    waiting = Count("leftovers", filter=~Q(leftovers__decision=Decision.ERASE.value))
    rows = Import.objects.annotate(waiting=waiting).filter(waiting__gt=0).select_related("card", "station").order_by("announced_at")
    return [(row, row.waiting) for row in rows[:200]]


def wrong_clocks(actor: Actor) -> list[Camera]:
    """Cameras whose clock is more than two minutes off. Raises NotForYou."""
    _require(actor)
    limit = int(rules.CLOCK_LIMIT.total_seconds())
    rows = Camera.objects.exclude(state=CameraState.RETIRED).filter(Q(clock_ahead__gt=limit) | Q(clock_ahead__lt=-limit))
    return list(rows.select_related("cabinet").order_by("code"))


def times_on_card(actor: Actor, *, since: datetime) -> TimesOnCard:
    """How long each photo lay on its card, for the cards erased since some moment. Raises NotForYou."""
    _require(actor)
    rows = Place.objects.filter(erased_at__gte=since, read_in__given_up="").values_list(
        "modified", "erased_at", "read_in", "read_in__announced_at", "read_in__card__camera__clock_ahead"
    )
    found = [
        (card_import, rules.time_on_card(taken=taken, clock_ahead=ahead, announced_at=announced_at, erased_at=erased_at))
        for taken, erased_at, card_import, announced_at, ahead in rows
        if erased_at is not None
    ]
    known = [time for _, time in found if time is not None]
    over = [card_import for card_import, time in found if time is not None and time > rules.SAME_SHIFT]
    return TimesOnCard(
        photos=len(found),
        unknown=len(found) - len(known),
        middle=timedelta(seconds=median(time.total_seconds() for time in known)) if known else None,
        longest=max(known, default=None),
        over=len(over),
        imports_over=tuple(dict.fromkeys(over)),
    )


def not_read_to_their_end(actor: Actor, *, now: datetime) -> list[BeingRead]:
    """Cards that were taken out while a station read them, and have not come back. Raises NotForYou."""
    _require(actor)
    return [card for card in ahead.being_read(actor, now=now) if not card.goes_on]


def waiting_on_cards(actor: Actor, *, now: datetime) -> list[Import]:
    """Imports that began over a shift ago and have not ended: their photos lie on a card still. Raises NotForYou."""
    _require(actor)
    rows = Import.objects.filter(finished_at=None, announced_at__lt=now - rules.SAME_SHIFT).select_related("card", "station")
    return list(rows.order_by("announced_at")[:200])
