from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.consent import queries, rules
from safelight.consent.errors import NotToBeAsked, NotYoursToAsk, PublicationNotNamed
from safelight.consent.facts import PublicationAsked
from safelight.consent.models import How, Publication, Purpose
from safelight.kernel.actor import Actor


@action
def record_publication(*, by: Actor, consent_id: UUID, title: str, yes: bool, how: How, now: datetime, new_id: UUID) -> Publication:
    """Record what a patient says to one named publication, for one use (B5).

    1. The actor asks patients, and may see this one.
    2. The consent stands and says that the patient may be asked.
    3. The publication has a name. A yes to "publication" in general does not exist.
    """
    found = queries.consent(by, consent_id)
    access.require(by, found.patient_id, now=now)  # (1)
    if not rules.may_ask(by):
        raise NotYoursToAsk
    stands = queries.standing(by, found.patient_id)  # (2)
    if stands is None or stands.pk != consent_id or Purpose.ASK_ABOUT_PUBLICATION not in queries.agreed(by, found.patient_id):
        raise NotToBeAsked(consent_id)
    named = " ".join(title.split())  # (3)
    if len(named) < rules.SHORTEST_TITLE:
        raise PublicationNotNamed(consent_id)
    asked = Publication.objects.create(id=new_id, consent=stands, title=named, yes=yes, how=how, asked_by=by.id, asked_at=now)
    state(PublicationAsked(patient=stands.patient_id, consent=consent_id, publication=new_id, yes=yes, how=how))
    return asked
