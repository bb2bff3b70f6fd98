from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import queries, rules
from safelight.custody.errors import NotForYou, StillInUse
from safelight.custody.facts import CardMoved
from safelight.custody.models import Camera, Card
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def move_card(*, by: Actor, card_id: UUID, camera_id: UUID | None, now: datetime) -> None:  # noqa: ARG001 - the ledger takes both
    """Give a card to another camera, or to none. The ledger keeps where it was (A8).

    1. Neither camera is out: the card in somebody's hands is the one they signed for.
    2. A card that was not proved empty takes its photos along: its new camera cannot be checked out before it is read.
    """
    if not rules.may_register(by):
        raise NotForYou
    card = Card.objects.filter(pk=card_id, retired_at=None).first()
    if card is None or (camera_id is not None and not Camera.objects.filter(pk=camera_id).exists()):
        raise NotFound(card_id)
    if any(queries.open_check_out(by, one) for one in (card.camera_id, camera_id) if one):  # (1)
        raise StillInUse(card_id)
    Card.objects.filter(pk=card_id).update(camera_id=camera_id)
    state(CardMoved(card=card_id, was_in=card.camera_id, now_in=camera_id))
