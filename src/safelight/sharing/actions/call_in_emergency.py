from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.access.actions.let_in import let_in
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.sharing import rules
from safelight.sharing.errors import NobodyOnCall, NoEmergencyLane, NotYoursToAsk, ReasonMissing
from safelight.sharing.facts import EmergencyCalled
from safelight.sharing.models import EmergencyCall
from safelight.staff import queries as staff


@action
def call_in_emergency(
    *, by: Actor, patient_id: UUID, team_id: UUID, call_id: UUID, reason: bytes, now: datetime, new_id: UUID
) -> EmergencyCall:
    """Let whoever is on call see a patient at once, before covering or consent to share is finished (G8).

    1. The site has switched this on, and the actor asks colleagues and looks after the patient.
    2. Why it cannot wait is said, in words that were sealed before this for `call_id`.
    3. Somebody is on call now, is not the actor, and signs in here: never somebody elsewhere, and nothing is shared.
    4. They see the patient for an hour by a care relationship of their own. The actor owes the rest within 24 hours.
    """
    if not settings.SAFELIGHT_EMERGENCY_LANE:  # (1)
        raise NoEmergencyLane
    if not rules.may_ask(by):
        raise NotYoursToAsk
    if not reason:  # (2)
        raise ReasonMissing
    there = staff.on_call(by, team_id, at=now).in_turn  # (3)
    person = next((one for one in there if one.pk != by.id), None)
    if person is None:
        raise NobodyOnCall(team_id)
    until = let_in(by=by, patient_id=patient_id, person_id=person.pk, now=now, new_id=new_id)  # (4)
    call = EmergencyCall.objects.create(
        id=call_id,
        patient=patients.patient(by, patient_id),
        called_by=by.id,
        called_at=now,
        person=person,
        team_id=team_id,
        reason=reason,
        until=until,
        due_at=now + rules.CALL_DUE_IN,
    )
    state(EmergencyCalled(patient=call.patient_id, call=call_id, person=person.pk, until=until, due_at=call.due_at))
    return call
