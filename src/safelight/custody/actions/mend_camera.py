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
def mend_camera(*, by: Actor, camera_id: UUID, now: datetime) -> None:
    """Put a mended camera back into its cabinet. Who keeps the register says that it is mended."""
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    if not rules.may_register(by):
        raise NotForYou
    move(camera, CAMERA, CameraMove.MEND, by=by, at=now, fault="")
    state(CameraChanged(camera=camera_id, now=camera.state))
