from datetime import datetime
from uuid import UUID

from safelight.access import rules
from safelight.access.errors import NotForYou
from safelight.access.facts import WristbandScanned
from safelight.access.models import CareRelationship, Why
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.patients.actions.confirm_patient import confirm_patient
from safelight.patients.models import Confirmed


@action
def note_scan(*, by: Actor, patient_id: UUID, now: datetime, new_id: UUID) -> UUID:
    """Note that somebody held the scanner to a patient's wristband; returns the id of the patient.

    1. The actor treats or photographs. That the text came from a band is for who calls this to know (`Scan.scanned`).
    2. For 30 days they may see the patient. A second scan makes it 30 days from now.
    3. The hospital prints the band: a number that was typed in is confirmed by it (E6).
    """
    found = patients.patient(by, patient_id)
    if not rules.treats(by):  # (1)
        raise NotForYou(patient_id)
    until = now + rules.SCAN_FOR  # (2)
    CareRelationship.objects.begin_or_extend(person=by.id, patient_id=found.pk, why=Why.SCAN, began_at=now, until=until, new_id=new_id)
    state(WristbandScanned(patient=found.pk, until=until))
    if not found.confirmed:  # (3)
        confirm_patient(by=by, patient_id=found.pk, how=Confirmed.WRISTBAND, now=now)
    return found.pk
