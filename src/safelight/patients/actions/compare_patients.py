from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import chosen, queries, rules
from safelight.patients.errors import NotForYou
from safelight.patients.facts import PatientShown


@action
def compare_patients(*, by: Actor, patient_id: UUID, into_id: UUID, now: datetime) -> None:
    """Show two entries beside each other, before somebody says that they are one person (E2).

    1. The actor treats, and looks after both.
    """
    if not rules.finds_patients(by):  # (1)
        raise NotForYou(patient_id)
    for one in (patient_id, into_id):
        found = queries.patient(by, one)
        chosen.gate()(by, found.pk, now=now)
        state(PatientShown(patient=found.pk))
