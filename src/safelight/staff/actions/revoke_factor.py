from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import guarding, rules
from safelight.staff.errors import NotYourself, TwoPeopleNeeded
from safelight.staff.facts import FactorRemoved


@action
def revoke_factor(*, by: Actor, person_id: UUID, factor: int, second_person: UUID | None, now: datetime) -> None:
    """Revoke one factor of somebody else, lost or stolen; the others stay (ASVS 6.5.6).

    1. An administrator asks, freshly proved, and a second person vouches for who asked them (ASVS 6.4.4).
    2. Every sign-in of its owner ends: it may have been begun with what was lost.
    """
    guarding.require_administrator(by, now=now)  # (1)
    if person_id == by.id:
        raise NotYourself
    if not rules.two_people(by, second_person, about=person_id):
        raise TwoPeopleNeeded
    found = Authenticator.objects.filter(user=person_id, pk=factor).first()
    if found is None:
        raise NotFound(person_id)
    found.delete()
    guarding.end_all(person_id, why="factor_revoked", now=now)  # (2)
    state(FactorRemoved(person=person_id, factor=factor, kind=found.type, second_person=second_person))
