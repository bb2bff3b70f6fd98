from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import guarding
from safelight.staff.errors import InvitationNotGood, NotThem
from safelight.staff.facts import PersonJoined
from safelight.staff.models import Invitation, Person
from safelight.staff.said import NewFactor
from safelight.staff.shown import Shown, spend


@action
def join(*, by: Actor, invitation_id: UUID, password_hash: str, factor: NewFactor | None, shown: Shown | None, now: datetime) -> Person:
    """Set a person's password and second factor by an invitation.

    1. The invitation is unused and not over: one conditional update takes it, so that it works once.
    2. Who has a second factor already shows it; who has none brings a new one. Nobody gets by without.
    3. Whatever was signed in before is ended.
    """
    good = Invitation.objects.filter(pk=invitation_id, used_at=None, until__gt=now, person__is_active=True)
    invitation = good.select_related("person").first()
    if invitation is None or invitation.person_id != by.id or not good.update(used_at=now):  # (1)
        raise InvitationNotGood
    person = invitation.person
    if Authenticator.objects.filter(user=person).exists():  # (2)
        if shown is None or shown.person != person.pk or shown.factor is None:
            raise NotThem
        spend(shown, now=now)
        kind = "kept"
    else:
        if factor is None:
            raise NotThem
        guarding.keep_factor(person, factor, now=now)
        kind = factor.kind
    Person.objects.filter(pk=person.pk).update(password=password_hash, joined_at=person.joined_at or now)
    guarding.end_all(person.pk, why="reset", now=now)  # (3)
    state(PersonJoined(person=person.pk, invitation=invitation_id, factor=kind))
    return person
