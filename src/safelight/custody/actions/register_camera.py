from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import AlreadyRegistered, NotForYou
from safelight.custody.facts import Registered
from safelight.custody.models import Cabinet, Camera
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def register_camera(
    *,
    by: Actor,
    code: str,
    make: str,
    model: str,
    serial: str,
    cabinet_id: UUID,
    shelf: str,
    now: datetime,  # noqa: ARG001 - every action is told the time
    new_id: UUID,
) -> Camera:
    """Put a dedicated clinical camera on the register (A1, A5).

    1. It has a lockable home (A2).
    2. Its code is new, and so is its body serial number within make and model: a photo must tell which camera took it.
    """
    if not rules.may_register(by):
        raise NotForYou
    cabinet = Cabinet.objects.filter(pk=cabinet_id).first()  # (1)
    if cabinet is None:
        raise NotFound(cabinet_id)
    make, model, serial = make.strip(), model.strip(), serial.strip()
    if serial and Camera.objects.filter(make__iexact=make, model__iexact=model, serial__iexact=serial).exists():  # (2)
        raise AlreadyRegistered(new_id)
    try:
        with transaction.atomic():
            made = Camera.objects.create(
                id=new_id, code=code.strip().upper(), make=make, model=model, serial=serial, cabinet=cabinet, shelf=shelf.strip()
            )
    except IntegrityError:
        raise AlreadyRegistered(new_id) from None
    state(Registered(what="camera", row=new_id))
    return made
