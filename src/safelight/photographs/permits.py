"""Permits: an action grants one, the address of the bytes asks for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.photographs.models import Permit

GOOD_FOR = timedelta(seconds=60)


class Size(StrEnum):
    """Which bytes a permit is for. `full` is the record copy, which leaves as a file and is never shown."""

    THUMB = "thumb"
    PREVIEW = "preview"
    FULL = "full"


def grant(*, by: Actor, patient: UUID, photographs: Iterable[UUID], size: Size, now: datetime, new_id: UUID) -> Permit:
    """Inside an action: leave to fetch these bytes for 60 s in the actor's sign-in. Their permits that have ended are swept."""
    Permit.objects.filter(sign_in=by.sign_in, until__lte=now).delete()
    return Permit.objects.create(
        id=new_id,
        sign_in=by.sign_in,
        patient=patient,
        photographs=[str(photograph) for photograph in photographs],
        rendition=size,
        until=now + GOOD_FOR,
    )
