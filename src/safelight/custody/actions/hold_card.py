from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import registry, rules
from safelight.custody.facts import CardHeld
from safelight.custody.models import Card, CheckOut
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def hold_card(*, by: Actor, check_out_id: UUID, now: datetime) -> None:
    """Keep a camera's card from being wiped by itself: what is taken now may be evidence (C9, D5).

    1. The check-out is marked, so that an unknown card is not wiped either while the camera is out.
    2. Every card that could be in the camera is held, until a named person releases it.
    """
    out = CheckOut.objects.filter(pk=check_out_id).first()
    if out is None:
        raise NotFound(check_out_id)
    CheckOut.objects.filter(pk=check_out_id).update(evidential=True)  # (1)
    cards = [card for card in registry.cards_of(by, out.camera_id) if rules.usable(card) or card.pk == out.card_id]
    for card in cards:  # (2)
        if not rules.held(card):
            Card.objects.filter(pk=card.pk).update(held_at=now)
        state(CardHeld(card=card.pk, check_out=check_out_id))
    if not cards:
        state(CardHeld(card=None, check_out=check_out_id))
