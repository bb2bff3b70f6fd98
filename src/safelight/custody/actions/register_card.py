from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import AlreadyRegistered, NotForYou
from safelight.custody.facts import Registered
from safelight.custody.models import Camera, Card
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def register_card(*, by: Actor, code: str, volume: str, camera_id: UUID | None, now: datetime, new_id: UUID) -> Card:
    """Put a memory card on the register (A8). It counts as full until a station has read it and found it empty."""
    if not rules.may_register(by):
        raise NotForYou
    if camera_id is not None and not Camera.objects.filter(pk=camera_id).exists():
        raise NotFound(camera_id)
    try:
        with transaction.atomic():
            made = Card.objects.create(id=new_id, code=code.strip().upper(), volume=volume.strip(), camera_id=camera_id, seen_at=now)
    except IntegrityError:
        raise AlreadyRegistered(new_id) from None
    state(Registered(what="card", row=new_id))
    return made
