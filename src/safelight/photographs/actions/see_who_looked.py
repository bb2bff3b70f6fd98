from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, Role
from safelight.patients import queries as patients
from safelight.photographs import looked
from safelight.photographs.facts import WhoLookedSeen


@action
def see_who_looked(*, by: Actor, patient_id: UUID, now: datetime, before: int | None = None) -> looked.Looks:
    """Show who looked at a patient's photos, changed them or was refused.

    1. For those who look after the patient, and for the IG lead.
    2. Looking at the list is an entry of its own.
    """
    patient = patients.patient(by, patient_id)
    if not by.has(Role.IG_LEAD):  # (1)
        access.require(by, patient.pk, now=now)
    state(WhoLookedSeen(patient=patient.pk))  # (2)
    return looked.of_patient(by, patient.pk, before=before)
