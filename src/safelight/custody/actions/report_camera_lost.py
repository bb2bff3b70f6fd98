from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries, registry, whereabouts
from safelight.custody.facts import CameraLost
from safelight.custody.lifecycle import CAMERA, CameraMove
from safelight.custody.models import Camera, Card, CheckOut
from safelight.custody.whereabouts import OnCard
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def report_camera_lost(*, by: Actor, camera_id: UUID, now: datetime) -> tuple[OnCard, ...]:
    """Note that a camera cannot be found, and say what was on its cards.

    1. What is known of its cards is worked out before anything changes.
    2. Whoever had it last stays in its history; nobody has it now.
    3. No proof of emptiness outlives the loss: if it is found, its card is read first.
    """
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    cards = [card for card in registry.cards_of(by, camera_id) if card.lost_at is None and card.retired_at is None]
    was_on = tuple(whereabouts.on_card(by, card) for card in cards)  # (1)
    out = queries.open_check_out(by, camera_id)
    move(camera, CAMERA, CameraMove.REPORT_LOST, by=by, at=now, holder=None, due_at=None)
    CheckOut.objects.filter(camera=camera_id, back_at=None).update(back_at=now, back_by=by.id)  # (2)
    Card.objects.filter(pk__in=[card.pk for card in cards]).update(proved_empty_at=None)  # (3)
    state(
        CameraLost(
            camera=camera_id,
            check_out=out.pk if out else None,
            cards=tuple(card.pk for card in cards),
            known=sum(one.known for one in was_on),
            unread=any(one.unread for one in was_on) or not was_on,
        )
    )
    return was_on
