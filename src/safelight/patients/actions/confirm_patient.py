from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import chosen, queries, rules
from safelight.patients.errors import NotForYou
from safelight.patients.facts import PatientConfirmed
from safelight.patients.models import Confirmed, Patient


@action
def confirm_patient(*, by: Actor, patient_id: UUID, how: Confirmed, now: datetime) -> UUID:
    """Note that a patient's number was made sure, by the band on their wrist or on the hospital's own system (E6).

    1. The actor treats, and looks after this patient.
    2. Who came first stands; a second time changes nothing.
    """
    found = queries.patient(by, patient_id)
    if not rules.finds_patients(by):  # (1)
        raise NotForYou(patient_id)
    chosen.gate()(by, found.pk, now=now)
    Patient.objects.filter(pk=found.pk, confirmed=Confirmed.NOT_YET).update(confirmed=how, confirmed_at=now)  # (2)
    state(PatientConfirmed(patient=found.pk, how=how))
    return found.pk
