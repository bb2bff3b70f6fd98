from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import guarding
from safelight.staff.facts import PersonReactivated
from safelight.staff.models import Person


@action
def reactivate_person(*, by: Actor, person_id: UUID, now: datetime) -> None:
    """Open a person's account again, with the password and the factors that it had."""
    guarding.require_administrator(by, now=now)
    if not Person.objects.filter(pk=person_id, is_active=False).update(is_active=True):
        raise NotFound(person_id)
    state(PersonReactivated(person=person_id))
