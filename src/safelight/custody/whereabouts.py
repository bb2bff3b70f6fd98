"""Where each camera is, and what lies on a card, as the pages and the actions ask it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from safelight.custody import queries, registry, rules
from safelight.custody.models import Camera, Card, CheckOut, Place
from safelight.custody.rules import CardSaid, Readiness
from safelight.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OnCard:
    """What was on a card when it was last read and is there still (`known`), and whether there may be photos nobody has read."""

    card: Card
    read_at: datetime | None
    known: int
    unread: bool


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A camera with what a page says of it. `out` is who has it, `last` who had it before, `cards` those that could be in it."""

    camera: Camera
    readiness: Readiness
    own_ward: bool
    late: bool
    out: CheckOut | None
    last: CheckOut | None
    cards: tuple[Card, ...]
    held: tuple[Card, ...]

    @property
    def ready(self) -> bool:
        return self.readiness is Readiness.READY

    @property
    def empty_since(self) -> datetime | None:
        """When its card was last read and found empty."""
        return min((card.proved_empty_at for card in self.cards if card.proved_empty_at), default=None)

    @property
    def came_back_without_card(self) -> bool:
        return self.last is not None and self.last.card_came_back == CardSaid.NOT_IN_IT.value

    @property
    def came_back_with_photos(self) -> bool:
        return self.last is not None and self.last.card_came_back == CardSaid.HAS_PHOTOS.value


def on_card(actor: Actor, card: Card) -> OnCard:
    """What is on a card, as far as anybody can know.

    1. Known are the frames which its last import found and nobody has erased.
    2. Unread is what may have been taken since: it was never read, is out now, or came back later than it was read;
       who brought it back after reading it and said "empty" is believed. So is what was on a card that was not read to its end.
    """
    last = registry.last_import(actor, card)
    given_up = last is not None and last.given_up != ""
    read_at = ((None if given_up else last.finished_at) or last.announced_at) if last else None
    known = Place.objects.filter(read_in=last, erased_at=None).count() if last else 0
    since = CheckOut.objects.filter(Q(card=card) | Q(camera=card.camera_id)) if card.camera_id else CheckOut.objects.filter(card=card)
    if read_at is not None:
        since = since.filter(Q(back_at=None) | Q(back_at__gt=read_at))
        since = since.exclude(out_at__lt=read_at, back_at__isnull=False, card_came_back=CardSaid.EMPTY.value)
    return OnCard(card=card, read_at=read_at, known=known, unread=read_at is None or given_up or since.exists())


def all_cameras(actor: Actor, *, now: datetime) -> list[Whereabouts]:
    """Every camera in use: those of the actor's wards first, and of these the ones that can be taken."""
    found = _of(actor, queries.cameras(actor), now=now)
    return sorted(found, key=lambda one: (not one.own_ward, not one.ready, one.camera.code))


def one(actor: Actor, code: str, *, now: datetime) -> Whereabouts:
    """One camera by the code on its label. Raises NotFound."""
    return _of(actor, [queries.camera(actor, code)], now=now)[0]


def _of(actor: Actor, cameras: list[Camera], *, now: datetime) -> list[Whereabouts]:
    ids = [camera.pk for camera in cameras]
    cards = list(Card.objects.filter(camera__in=ids).order_by("code"))
    outs = registry.last_outs(actor, cards)
    latest = _latest(CheckOut.objects.filter(camera__in=ids).select_related("person", "second_person").order_by("out_at"))
    return [_one(actor, camera, [card for card in cards if card.camera_id == camera.pk], outs, latest, now=now) for camera in cameras]


def _latest(rows: Iterable[CheckOut]) -> dict[tuple[UUID, bool], CheckOut]:
    return {(row.camera_id, row.back_at is None): row for row in rows}


def _one(
    actor: Actor,
    camera: Camera,
    cards: list[Card],
    outs: dict[UUID, datetime],
    latest: dict[tuple[UUID, bool], CheckOut],
    *,
    now: datetime,
) -> Whereabouts:
    out = latest.get((camera.pk, True))
    return Whereabouts(
        camera=camera,
        readiness=rules.readiness(camera, cards=cards, last_out_at=outs),
        own_ward=camera.cabinet.ward in actor.wards,
        late=out is not None and rules.overdue(out, now=now),
        out=out,
        last=latest.get((camera.pk, False)),
        cards=tuple(card for card in cards if rules.usable(card)),
        held=tuple(card for card in cards if rules.held(card)),
    )
