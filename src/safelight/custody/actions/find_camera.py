from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody.facts import CameraChanged
from safelight.custody.lifecycle import CAMERA, CameraMove
from safelight.custody.models import Camera
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def find_camera(*, by: Actor, camera_id: UUID, now: datetime) -> None:
    """Note that a lost camera was found. It stays locked until a station has read its card."""
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    move(camera, CAMERA, CameraMove.FIND, by=by, at=now)
    state(CameraChanged(camera=camera_id, now=camera.state))
