from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.sharing import queries
from safelight.sharing.facts import CoveredCopySeen
from safelight.sharing.permits import SharedPermit


@action
def view_covered_copy(*, by: Actor, patient_id: UUID, photograph_id: UUID, now: datetime) -> SharedPermit:
    """See, as somebody who looks after the patient, what a colleague would see of a photo.

    1. The actor may see the patient.
    2. The photo is this patient's and has a covered copy that may be shown.
    """
    access.require(by, patient_id, now=now)  # (1)
    approval = queries.standing_copy(photograph_id, patient_id)
    if approval is None:  # (2)
        raise NotFound(photograph_id)
    state(CoveredCopySeen(patient=patient_id, photograph=photograph_id, approval=approval.pk))
    return SharedPermit(reader=by, patient=patient_id, photograph=photograph_id, approval=approval.pk, item=None)
