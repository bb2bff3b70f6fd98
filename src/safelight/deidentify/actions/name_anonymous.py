from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import queries
from safelight.deidentify.errors import ChangedMeanwhile, SayWhy
from safelight.deidentify.facts import NamedAnonymous
from safelight.deidentify.models import CoveredCopy
from safelight.kernel.actor import Actor


@action
def name_anonymous(*, by: Actor, approval_id: UUID, why: bytes, now: datetime) -> None:
    """Say, by name and with a reason, that nobody can tell from a covered copy who the patient is (F2, F3).

    1. The copy stands, and the actor may see its patient.
    2. The reason is said in words, and sealed. Who says it first has said it.
    """
    copy = queries.standing(by, approval_id).copy  # (1)
    access.require(by, copy.patient_id, now=now)
    if not why:  # (2)
        raise SayWhy(copy.pk)
    said = CoveredCopy.objects.filter(pk=copy.pk, anonymous_by=None)
    if not said.update(anonymous_by=by.id, anonymous_at=now, anonymous_why=why):
        raise ChangedMeanwhile(copy.changed_by, copy.changed_at)
    state(NamedAnonymous(photograph=copy.photograph_id, patient=copy.patient_id, copy=copy.pk))
