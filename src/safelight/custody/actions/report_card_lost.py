from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import whereabouts
from safelight.custody.facts import CardLost
from safelight.custody.models import Card
from safelight.custody.whereabouts import OnCard
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def report_card_lost(*, by: Actor, card_id: UUID, now: datetime) -> OnCard:
    """Note that a card cannot be found, and say what was on it: losing the card is a breach in itself (A8)."""
    card = Card.objects.filter(pk=card_id, lost_at=None, retired_at=None).first()
    if card is None:
        raise NotFound(card_id)
    was_on = whereabouts.on_card(by, card)
    if not Card.objects.filter(pk=card_id, lost_at=None).update(lost_at=now, proved_empty_at=None):
        raise NotFound(card_id)
    state(CardLost(card=card_id, known=was_on.known, unread=was_on.unread))
    return was_on
