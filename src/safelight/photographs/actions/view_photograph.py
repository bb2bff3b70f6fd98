from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries
from safelight.photographs.facts import PhotographSeen
from safelight.photographs.models import Permit
from safelight.photographs.permits import Size, grant


@action
def view_photograph(*, by: Actor, photograph_id: UUID, now: datetime, new_id: UUID) -> Permit:
    """Show one photo, large. Each larger view is an entry of its own.

    1. The actor may see its patient.
    2. The permit covers this photo's preview, for a minute, in this sign-in.
    """
    photograph = queries.photograph(by, photograph_id)
    access.require(by, photograph.patient_id, now=now)  # (1)
    state(PhotographSeen(patient=photograph.patient_id, photograph=photograph.pk))
    return grant(  # (2)
        by=by,
        patient=patients.patient(by, photograph.patient_id).pk,
        photographs=[photograph.pk],
        size=Size.PREVIEW,
        now=now,
        new_id=new_id,
    )
