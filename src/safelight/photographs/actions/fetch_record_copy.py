from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries, rules
from safelight.photographs.errors import IntimateStays, RecordCopyStays
from safelight.photographs.facts import RecordCopyFetched
from safelight.photographs.models import Permit
from safelight.photographs.permits import Size, grant
from safelight.photographs.reasons import CopyReason


@action
def fetch_record_copy(*, by: Actor, photograph_id: UUID, why: CopyReason, now: datetime, new_id: UUID) -> Permit:
    """Let the bytes of a record copy leave, as the camera wrote them.

    1. The actor may see its patient, and is photographer or IG lead; for an intimate picture of somebody under 18, IG lead or senior.
    2. The entry says why.
    3. The permit covers this file, for a minute, in this sign-in.
    """
    photograph = queries.photograph(by, photograph_id)
    access.require(by, photograph.patient_id, now=now)  # (1)
    if not rules.may_fetch(by):
        raise RecordCopyStays(photograph.pk)
    if queries.restricted(by, photograph) and not rules.may_fetch_restricted(by):
        raise IntimateStays(photograph.pk)
    state(RecordCopyFetched(patient=photograph.patient_id, photograph=photograph.pk, why=why))  # (2)
    shown_as = patients.patient(by, photograph.patient_id).pk
    return grant(by=by, patient=shown_as, photographs=[photograph.pk], size=Size.FULL, now=now, new_id=new_id)  # (3)
