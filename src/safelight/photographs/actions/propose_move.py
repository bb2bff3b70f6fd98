from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import moving, queries, rules
from safelight.photographs.errors import EvidenceRoute, SamePatient
from safelight.photographs.facts import MoveProposed
from safelight.photographs.models import Visit


@action
def propose_move(*, by: Actor, photograph_id: UUID, patient_id: UUID, now: datetime) -> list[Visit]:
    """Show whose a misfiled photo might be, so that number and birth date can be confirmed; returns that patient's visits.

    1. The actor may see both patients, who are two; evidence is for the photographer.
    2. The entry is about the patient who is shown.
    """
    photograph = queries.photograph(by, photograph_id)
    patient = patients.patient(by, patient_id)
    for one in (photograph.patient_id, patient.pk):  # (1)
        access.require(by, one, now=now)
    if patients.patient(by, photograph.patient_id).pk == patient.pk:
        raise SamePatient(photograph_id)
    if not rules.may_handle(by, photograph.visit):
        raise EvidenceRoute(photograph_id)
    state(MoveProposed(patient=patient.pk, photograph=photograph.pk))  # (2)
    return moving.visits_for(by, photograph_id, patient.pk)
