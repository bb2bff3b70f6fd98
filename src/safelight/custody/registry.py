"""What the register holds of cabinets and cards, who had a camera, and what is due."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from safelight.custody import rules
from safelight.custody.lifecycle import CameraState
from safelight.custody.models import Cabinet, Camera, Card, CheckOut, Import, LeftOver
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound


def _insider(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def cabinets(actor: Actor) -> list[Cabinet]:
    """All cabinets on the register."""
    return list(Cabinet.objects.order_by("code")) if _insider(actor) else []


def cabinet(actor: Actor, cabinet_id: UUID) -> Cabinet:
    """One cabinet. Raises NotFound."""
    found = Cabinet.objects.filter(pk=cabinet_id).first()
    if not _insider(actor) or found is None:
        raise NotFound(cabinet_id)
    return found


def cards(actor: Actor) -> list[Card]:
    """All cards on the register, with the camera each belongs to."""
    return list(Card.objects.select_related("camera").order_by("code")) if _insider(actor) else []


def card(actor: Actor, code: str) -> Card:
    """One card by the code on its label. Raises NotFound."""
    found = Card.objects.select_related("camera").filter(code__iexact=code).first()
    if not _insider(actor) or found is None:
        raise NotFound
    return found


def cards_of(actor: Actor, camera_id: UUID) -> list[Card]:
    """The cards on the register for a camera, those that are lost, held or retired too."""
    return list(Card.objects.filter(camera=camera_id).order_by("code")) if _insider(actor) else []


def history(actor: Actor, camera_id: UUID) -> list[CheckOut]:
    """Who had a camera, newest first."""
    rows = CheckOut.objects.filter(camera=camera_id).select_related("person", "second_person").order_by("-out_at")
    return list(rows[:50]) if _insider(actor) else []


def last_outs(actor: Actor, cards: Iterable[Card]) -> dict[UUID, datetime]:
    """When each card last left its cabinet: signed for, or as one that could have been in a camera that went out."""
    if not _insider(actor):
        return {}
    cards = list(cards)
    outs = CheckOut.objects.order_by()
    by_card = dict(outs.filter(card__in=[card.pk for card in cards]).values_list("card").annotate(Max("out_at")))
    by_camera = dict(outs.filter(camera__in=[card.camera_id for card in cards]).values_list("camera").annotate(Max("out_at")))
    found = {card.pk: [at for at in (by_card.get(card.pk), by_camera.get(card.camera_id)) if at] for card in cards}
    return {card: max(times) for card, times in found.items() if times}


def last_import(actor: Actor, card: Card) -> Import | None:
    """The latest reading of a card."""
    return Import.objects.filter(card=card).order_by("-announced_at").first() if _insider(actor) else None


def silent_cards(actor: Actor, *, now: datetime) -> QuerySet[Card]:
    """Cards that no station has read for long, of which nobody was told yet."""
    silent = Card.objects.filter(seen_at__lt=now - rules.NOT_SEEN, lost_at=None, retired_at=None)
    untold = silent.filter(Q(not_seen_told_at=None) | Q(not_seen_told_at__lt=F("seen_at")))
    return untold if _insider(actor) else Card.objects.none()


def overdue_untold(actor: Actor, *, now: datetime) -> list[UUID]:
    """Check-outs whose camera should be home and of which nobody was told yet."""
    late = CheckOut.objects.filter(back_at=None, due_at__lt=now, overdue_told_at=None)
    return list(late.values_list("pk", flat=True)) if _insider(actor) else []


def lost_cards_seen(actor: Actor) -> list[UUID]:
    """Lost cards that a station has read since: they were found."""
    seen = Card.objects.filter(lost_at__isnull=False, seen_at__gt=F("lost_at"))
    return list(seen.values_list("pk", flat=True)) if _insider(actor) else []


def locked_cameras(actor: Actor) -> list[Camera]:
    """Cameras that wait for their card to be read."""
    return list(Camera.objects.filter(state=CameraState.LOCKED)) if _insider(actor) else []


def leftover(actor: Actor, leftover_id: UUID) -> LeftOver:
    """A file that an import found on its card. Raises NotFound."""
    found = LeftOver.objects.filter(pk=leftover_id).first()
    if not _insider(actor) or found is None:
        raise NotFound(leftover_id)
    return found
