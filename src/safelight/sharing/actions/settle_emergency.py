from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.consent import queries as consents
from safelight.consent.models import Purpose
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.sharing import queries, rules
from safelight.sharing.errors import StillOwed
from safelight.sharing.facts import EmergencySettled
from safelight.sharing.models import EmergencyCall


@action
def settle_emergency(*, by: Actor, call_id: UUID, now: datetime) -> None:
    """Settle what an emergency call owes.

    1. The one who called, or an IG lead who did not; once.
    2. The patient was asked since: who called settles it when the patient agrees. Where the patient says no, an IG lead looks at it.
    """
    call = queries.call_owed(by, call_id)  # (1)
    agrees = consents.allows(by, call.patient_id, Purpose.ADVICE_HERE, at=now)
    if not agrees and not (rules.reviews(by) and call.called_by != by.id):  # (2)
        raise StillOwed(call_id)
    if not EmergencyCall.objects.filter(pk=call_id, settled_at=None).update(settled_at=now, settled_by=by.id):
        raise NotFound(call_id)
    state(EmergencySettled(patient=call.patient_id, call=call_id, late=now > call.due_at))
