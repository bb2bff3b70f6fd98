from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import rules
from safelight.custody.errors import NotForYou
from safelight.custody.facts import CameraChanged
from safelight.custody.lifecycle import CAMERA, CameraMove
from safelight.custody.models import Camera
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def retire_camera(*, by: Actor, camera_id: UUID, now: datetime) -> None:
    """Take a camera off the wards for good. Its history stays."""
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    if not rules.may_register(by):
        raise NotForYou
    move(camera, CAMERA, CameraMove.RETIRE, by=by, at=now)
    state(CameraChanged(camera=camera_id, now=camera.state))
