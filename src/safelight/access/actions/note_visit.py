from datetime import datetime
from uuid import UUID

from safelight.access import queries, rules
from safelight.access.errors import NotForYou
from safelight.access.facts import VisitNoted
from safelight.access.models import CareRelationship, Why
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients


@action
def note_visit(*, by: Actor, patient_id: UUID, now: datetime, new_id: UUID) -> None:
    """Note that somebody photographs a patient: they may see the photos later, too.

    1. They treat or photograph, and may see the patient already.
    2. A later visit makes it a year from then.
    """
    found = patients.patient(by, patient_id)
    if not rules.treats(by):  # (1)
        raise NotForYou(patient_id)
    queries.require(by, found.pk, now=now)
    until = now + rules.VISIT_FOR  # (2)
    CareRelationship.objects.begin_or_extend(person=by.id, patient_id=found.pk, why=Why.VISIT, began_at=now, until=until, new_id=new_id)
    state(VisitNoted(patient=found.pk, until=until))
