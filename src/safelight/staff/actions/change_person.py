from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, Role
from safelight.kernel.errors import NotFound
from safelight.staff import guarding
from safelight.staff.errors import NotYourself
from safelight.staff.facts import PersonChanged
from safelight.staff.models import Person
from safelight.staff.said import PersonSaid


@action
def change_person(*, by: Actor, person_id: UUID, said: PersonSaid, second_person: UUID | None, now: datetime) -> None:
    """Change a person's name, mail, roles, wards and training. It counts at their next request.

    1. An administrator asks, freshly proved; for a new administrator two people do.
    2. Nobody takes administration from themselves: somebody else has to be left who can give it back.
    """
    guarding.require_administrator(by, now=now)  # (1)
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound(person_id)
    old = frozenset(Role(role) for role in person.roles)
    guarding.require_two_for_administration(by, new=said.roles, old=old, second=second_person, about=person_id)
    if person_id == by.id and Role.ADMINISTRATOR not in said.roles:  # (2)
        raise NotYourself
    wards = guarding.wards_of(said.wards)
    Person.objects.filter(pk=person_id).update(name=said.name, email=said.email, roles=sorted(said.roles), trained_until=said.trained_until)
    person.wards.set(wards)
    state(PersonChanged(person=person_id, roles=tuple(sorted(said.roles)), wards=len(wards)))
