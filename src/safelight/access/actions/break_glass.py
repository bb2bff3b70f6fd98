from datetime import datetime
from uuid import UUID

from safelight.access import queries, rules
from safelight.access.errors import NotForYou, ProofTooOld, ReasonMissing
from safelight.access.facts import GlassBroken
from safelight.access.models import CareRelationship, Why
from safelight.access.rules import Reason
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients


@action
def break_glass(*, by: Actor, patient_id: UUID, reason: Reason, words: bytes, now: datetime, new_id: UUID) -> CareRelationship:
    """Open a record without looking after the patient, for an hour and for a reason.

    1. The account treats, photographs or governs; an administrator's does not.
    2. A factor was shown within the last five minutes: whoever sits at an unlocked PC cannot do this.
    3. A code from the closed list and words, which were sealed before this.
    4. An hour from now; a second reason begins another hour. The IG lead finds it on the list at once.
    """
    found = patients.patient(by, patient_id)
    if not rules.may_give_a_reason(by):  # (1)
        raise NotForYou(patient_id)
    if not by.proved_within(rules.PROOF_FOR, now=now):  # (2)
        raise ProofTooOld(patient_id)
    if not words:  # (3)
        raise ReasonMissing(patient_id)
    made = CareRelationship.objects.create(  # (4)
        id=new_id,
        person=by.id,
        patient=found,
        why=Why.BREAK_GLASS,
        began_at=now,
        until=now + rules.BREAK_GLASS_FOR,
        reason=reason,
        words=words,
    )
    in_week = queries.opened_in_week(by, now=now)
    often = in_week > rules.OFTEN
    state(GlassBroken(patient=found.pk, relationship=new_id, reason=reason, until=made.until, in_week=in_week, often=often))
    return made
