from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries, registry, rules
from safelight.custody.facts import CameraBack
from safelight.custody.lifecycle import CAMERA, CameraMove, CameraState
from safelight.custody.models import Camera, Card, CheckOut
from safelight.custody.rules import CardSaid
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow


@action
def return_camera(*, by: Actor, camera_id: UUID, card: CardSaid, now: datetime) -> CameraState:
    """Put a camera back into its cabinet. Anybody may bring it; who does is kept.

    1. It is out, and this ends it.
    2. A card said to hold photos is proved empty no longer.
    3. The camera is ready when its card was read and found empty since it went out, and locked otherwise.
    """
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    out = queries.open_check_out(by, camera_id)
    if out is None:
        raise NotPossibleNow(CAMERA.name, camera_id, CameraMove.BRING_BACK.value)
    CheckOut.objects.filter(pk=out.pk).update(back_at=now, back_by=by.id, card_came_back=card.value)  # (1)
    cards = [one for one in registry.cards_of(by, camera_id) if rules.usable(one)]
    if card is CardSaid.HAS_PHOTOS:  # (2)
        Card.objects.filter(pk__in=[one.pk for one in cards]).update(proved_empty_at=None)
    way = rules.way_back(card, proved=rules.can_unlock(cards=cards, last_out_at=registry.last_outs(by, cards)))
    move(camera, CAMERA, way, by=by, at=now, holder=None, due_at=None)  # (3)
    state(CameraBack(camera=camera_id, check_out=out.pk, with_photos=way is CameraMove.BRING_BACK_WITH_PHOTOS))
    return CameraState(camera.state)
