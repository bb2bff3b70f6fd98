from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.staff import guarding
from safelight.staff.actions.invite_person import GOOD_FOR
from safelight.staff.facts import PersonInvited
from safelight.staff.models import Invitation, Person


@action
def start_reset(*, by: Actor, person_id: UUID, secret_digest: Digest, now: datetime, new_invitation: UUID) -> None:
    """Let a person who works here set a new password by a link, once, within a day.

    1. An administrator asks, freshly proved; they never learn or set the password (ASVS 6.4.6).
    2. Links that were made before are void.
    3. Second factors stay: the person shows one of them when the link is used (ASVS 6.4.3).
    """
    guarding.require_administrator(by, now=now)  # (1)
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound(person_id)
    guarding.void_invitations(person, now=now)  # (2)
    Invitation.objects.create(id=new_invitation, person=person, secret_digest=secret_digest, by=by.id, made_at=now, until=now + GOOD_FOR)
    wards = person.wards.count()
    state(PersonInvited(person=person_id, invitation=new_invitation, roles=tuple(person.roles), wards=wards, again=True))
