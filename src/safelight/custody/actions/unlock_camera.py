from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import registry, rules
from safelight.custody.errors import CardNotEmpty
from safelight.custody.facts import CameraChanged
from safelight.custody.lifecycle import CAMERA, CameraMove
from safelight.custody.models import Camera
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def unlock_camera(*, by: Actor, camera_id: UUID, now: datetime) -> None:
    """Make a locked camera ready again, once a station has read every card that could be in it and found each empty."""
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    cards = registry.cards_of(by, camera_id)
    if not rules.can_unlock(cards=cards, last_out_at=registry.last_outs(by, cards)):
        raise CardNotEmpty(camera_id)
    move(camera, CAMERA, CameraMove.UNLOCK, by=by, at=now)
    state(CameraChanged(camera=camera_id, now=camera.state))
