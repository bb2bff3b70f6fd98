from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import chosen, queries, rules
from safelight.patients.errors import NotForYou
from safelight.patients.facts import PatientShown
from safelight.patients.models import Patient


@action
def show_patient(*, by: Actor, patient_id: UUID, now: datetime) -> Patient:
    """Show all that is known of who a patient is, as the form to change it does.

    1. The actor treats, and looks after the patient.
    """
    found = queries.patient(by, patient_id)
    if not rules.finds_patients(by):  # (1)
        raise NotForYou(patient_id)
    chosen.gate()(by, found.pk, now=now)
    state(PatientShown(patient=found.pk))
    return found
