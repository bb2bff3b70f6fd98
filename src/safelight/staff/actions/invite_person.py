from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.staff import guarding
from safelight.staff.errors import NameTaken
from safelight.staff.facts import PersonInvited
from safelight.staff.models import Invitation, Person
from safelight.staff.said import PersonSaid

GOOD_FOR = timedelta(hours=24)


@action
def invite_person(
    *,
    by: Actor,
    username: str,
    said: PersonSaid,
    secret_digest: Digest,
    second_person: UUID | None,
    now: datetime,
    new_id: UUID,
    new_invitation: UUID,
) -> Person:
    """Put a person on the register and let them join by a link, once, within a day.

    1. An administrator asks, freshly proved; for a new administrator two people do.
    2. The user name was never anybody's.
    3. No password is set: the person sets it. Only the digest of the link's secret is kept.
    """
    guarding.require_administrator(by, now=now)  # (1)
    guarding.require_two_for_administration(by, new=said.roles, old=frozenset(), second=second_person, about=new_id)
    wards = guarding.wards_of(said.wards)
    named = username.strip().lower()
    if Person.objects.filter(username=named).exists():  # (2) the unique column decides a race
        raise NameTaken
    person = Person.objects.create(
        id=new_id,
        username=named,
        name=said.name,
        email=said.email,
        roles=sorted(said.roles),
        trained_until=said.trained_until,
        password=make_password(None),
        invited_at=now,
    )
    person.wards.set(wards)
    Invitation.objects.create(  # (3)
        id=new_invitation, person=person, secret_digest=secret_digest, by=by.id, made_at=now, until=now + GOOD_FOR
    )
    state(PersonInvited(person=new_id, invitation=new_invitation, roles=tuple(sorted(said.roles)), wards=len(wards), again=False))
    return person
