from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.consent import queries
from safelight.consent.facts import ConsentSeen
from safelight.consent.models import Consent
from safelight.kernel.actor import Actor


@action
def view_consent(*, by: Actor, consent_id: UUID, now: datetime) -> Consent:
    """Look at what was said, with names, notes and signature.

    1. The actor may see the patient.
    """
    found = queries.consent(by, consent_id)
    access.require(by, found.patient_id, now=now)  # (1)
    state(ConsentSeen(patient=found.patient_id, consent=consent_id))
    return found
