from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import registry, rules
from safelight.custody.errors import NotForYou, StillInUse
from safelight.custody.facts import RegisterChanged
from safelight.custody.models import Card
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def retire_card(*, by: Actor, card_id: UUID, now: datetime) -> None:
    """Take a card off the register when it is destroyed at the end of its life.

    1. Who keeps the register says so.
    2. It is not held as evidence, and was read and found empty since it was last out.
    """
    if not rules.may_register(by):  # (1)
        raise NotForYou
    card = Card.objects.filter(pk=card_id, retired_at=None, lost_at=None).first()
    if card is None:
        raise NotFound(card_id)
    if rules.held(card) or not rules.proved_empty(card, last_out_at=registry.last_outs(by, [card]).get(card_id)):  # (2)
        raise StillInUse(card_id)
    Card.objects.filter(pk=card_id).update(retired_at=now)
    state(RegisterChanged(what="card", row=card_id, now="retired"))
