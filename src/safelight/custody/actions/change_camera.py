from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import AlreadyRegistered, NotForYou
from safelight.custody.facts import RegisterChanged
from safelight.custody.models import Cabinet, Camera
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def change_camera(
    *,
    by: Actor,
    camera_id: UUID,
    make: str,
    model: str,
    serial: str,
    cabinet_id: UUID,
    shelf: str,
    now: datetime,  # noqa: ARG001 - every action is told the time
) -> None:
    """Correct what the register says of a camera. Its code is on its label and stays."""
    if not rules.may_register(by):
        raise NotForYou
    if not Cabinet.objects.filter(pk=cabinet_id).exists():
        raise NotFound(cabinet_id)
    make, model, serial = make.strip(), model.strip(), serial.strip()
    alike = Camera.objects.filter(make__iexact=make, model__iexact=model, serial__iexact=serial).exclude(pk=camera_id)
    if serial and alike.exists():
        raise AlreadyRegistered(camera_id)
    to = {"make": make, "model": model, "serial": serial, "cabinet_id": cabinet_id, "shelf": shelf.strip()}
    if not Camera.objects.filter(pk=camera_id).update(**to):
        raise NotFound(camera_id)
    state(RegisterChanged(what="camera", row=camera_id, now="corrected"))
