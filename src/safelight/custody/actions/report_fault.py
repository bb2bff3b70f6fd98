from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody.errors import SayWhy
from safelight.custody.facts import CameraChanged
from safelight.custody.lifecycle import CAMERA, CameraMove
from safelight.custody.models import Camera, CheckOut
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def report_fault(*, by: Actor, camera_id: UUID, fault: str, now: datetime) -> None:
    """Take a camera out of use until it is mended.

    1. What is wrong is said in words.
    2. Whoever had it has it no longer; its card counts as unread.
    """
    camera = Camera.objects.filter(pk=camera_id).first()
    if camera is None:
        raise NotFound(camera_id)
    if not fault.strip():  # (1)
        raise SayWhy(camera_id)
    move(camera, CAMERA, CameraMove.REPORT_FAULT, by=by, at=now, holder=None, due_at=None, fault=fault.strip())
    CheckOut.objects.filter(camera=camera_id, back_at=None).update(back_at=now, back_by=by.id)  # (2)
    state(CameraChanged(camera=camera_id, now=camera.state))
