from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import NotForYou, NotHeld
from safelight.custody.facts import CardReleased
from safelight.custody.models import Card
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def release_card(*, by: Actor, card_id: UUID, now: datetime) -> None:
    """Let a card that was held as evidence be wiped by its next import (C9, D5).

    1. The medical photographer or the IG lead says so, by name.
    2. It is held: one update decides, so that a release names one person.
    """
    if not rules.may_release(by):  # (1)
        raise NotForYou
    card = Card.objects.filter(pk=card_id).first()
    if card is None:
        raise NotFound(card_id)
    same = Card.objects.filter(pk=card_id, held_at=card.held_at, released_at=card.released_at)
    if not (rules.held(card) and same.update(released_at=now, released_by=by.id)):  # (2)
        raise NotHeld(card_id)
    state(CardReleased(card=card_id))
