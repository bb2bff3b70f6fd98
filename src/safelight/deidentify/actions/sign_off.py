from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import queries, rules
from safelight.deidentify.errors import NotOpened, NotOwed, NotSenior, SayWhy
from safelight.deidentify.facts import SignedOff
from safelight.deidentify.models import SignOff
from safelight.kernel.actor import Actor
from safelight.photographs import rules as record


@action
def sign_off(*, by: Actor, photograph_id: UUID, purpose: bytes, now: datetime, new_id: UUID) -> SignOff:
    """Agree, as a second and senior person, that an intimate picture of somebody under 18 is shown to colleagues here (F6).

    1. The actor is senior, may see the patient, and has opened the photo as it is now.
    2. The photo is of an intimate site; the purpose is said in words, and sealed.
    3. Whoever signed off does not approve: that takes another person.
    """
    [photograph] = queries.locked(by, [photograph_id])
    access.require(by, photograph.patient_id, now=now)
    if not rules.is_senior(by):  # (1)
        raise NotSenior(photograph_id)
    if not queries.opened(by, photograph):
        raise NotOpened(photograph_id)
    if not record.intimate(photograph):  # (2)
        raise NotOwed(photograph_id)
    if not purpose:
        raise SayWhy(photograph_id)
    state(SignedOff(photograph=photograph.pk, patient=photograph.patient_id, sign_off=new_id))
    return SignOff.objects.create(
        id=new_id,
        photograph=photograph,
        patient_id=photograph.patient_id,
        record_copy=photograph.record_copy,
        by=by.id,
        at=now,
        purpose=purpose,
    )
