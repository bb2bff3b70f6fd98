from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import registry
from safelight.custody.facts import CardNotSeen
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def tell_not_seen(*, by: Actor, card_id: UUID, now: datetime) -> None:
    """Raise the alert that no station has read a card for 14 days, once for each silence (A8)."""
    if not registry.silent_cards(by, now=now).filter(pk=card_id).update(not_seen_told_at=now):
        raise NotFound(card_id)
    state(CardNotSeen(card=card_id))
