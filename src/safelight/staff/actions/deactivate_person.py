from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import guarding
from safelight.staff.errors import NotYourself
from safelight.staff.facts import PersonDeactivated
from safelight.staff.models import Person


@action
def deactivate_person(*, by: Actor, person_id: UUID, now: datetime) -> None:
    """Shut a person's account: every sign-in ends at once, every link is void. What they did stays on the record."""
    guarding.require_administrator(by, now=now)
    if person_id == by.id:
        raise NotYourself
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound(person_id)
    Person.objects.filter(pk=person_id).update(is_active=False)
    guarding.void_invitations(person, now=now)
    ended = guarding.end_all(person_id, why="deactivated", now=now)
    state(PersonDeactivated(person=person_id, sign_ins_ended=ended))
