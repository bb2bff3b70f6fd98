from datetime import datetime
from uuid import UUID

from safelight.access import queries, rules
from safelight.access.facts import LetIn
from safelight.access.models import CareRelationship, Why
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients


@action
def let_in(*, by: Actor, patient_id: UUID, person_id: UUID, now: datetime, new_id: UUID) -> datetime:
    """Let somebody see a patient for an hour, because their help cannot wait; returns until when.

    1. The actor looks after the patient: an hour of one's own, by a reason or let in, lets nobody else in.
    2. An hour from now; asked again, it is an hour from then. It gives no more than that, whatever the person's role.
    """
    patient = patients.patient(by, patient_id).pk
    queries.require_care(by, patient, now=now)  # (1)
    until = now + rules.LET_IN_FOR  # (2)
    CareRelationship.objects.begin_or_extend(
        person=person_id, patient_id=patient, why=Why.EMERGENCY, began_at=now, until=until, new_id=new_id
    )
    state(LetIn(patient=patient, person=person_id, until=until))
    return until
