from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody.facts import CardFound
from safelight.custody.models import Card
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def find_card(*, by: Actor, card_id: UUID, now: datetime) -> None:  # noqa: ARG001 - the ledger takes both
    """Note that a lost card was found. No proof outlived the loss: it counts as full until a station has read it."""
    if not Card.objects.filter(pk=card_id, lost_at__isnull=False).update(lost_at=None):
        raise NotFound(card_id)
    state(CardFound(card=card_id))
