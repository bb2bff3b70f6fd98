from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing import queries
from safelight.sharing.facts import OpinionsListed
from safelight.sharing.models import Opinion


@action
def view_opinions_of(*, by: Actor, patient_id: UUID, photograph_id: UUID | None, now: datetime) -> tuple[Opinion, ...]:
    """Show, to whoever looks after a patient, the opinions that are filed in the record: all, or those about one photo.

    1. The actor may see the patient by their own access; that somebody shared something is no reason.
    2. One entry lists what is shown.
    """
    access.require(by, patient_id, now=now)  # (1)
    filed = queries.filed(by, patient_id, photograph_id=photograph_id)
    state(OpinionsListed(patient=patient_id, opinions=tuple(one.pk for one in filed)))  # (2)
    return tuple(filed)
