"""What each action on people and wards checks first, and what it does with their wards and sign-ins."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from safelight.kernel.actor import Actor, Role
from safelight.staff import rules
from safelight.staff.errors import NotForYou, ProofNeeded, TwoPeopleNeeded, UnknownWard
from safelight.staff.models import Invitation, Person, SignIn, UsedCode, Ward
from safelight.staff.said import NewFactor


def require_administrator(by: Actor, *, now: datetime) -> None:
    """An administrator who has shown a factor within five minutes. Raises NotForYou or ProofNeeded."""
    if not rules.may_look_after_people(by):
        raise NotForYou
    if not rules.proved(by, now=now):
        raise ProofNeeded


def require_two_for_administration(by: Actor, *, new: frozenset[Role], old: frozenset[Role], second: UUID | None, about: UUID) -> None:
    """Making somebody an administrator takes two people. Raises TwoPeopleNeeded."""
    if Role.ADMINISTRATOR in new - old and not rules.two_people(by, second, about=about):
        raise TwoPeopleNeeded


def wards_of(codes: frozenset[str]) -> list[Ward]:
    """The wards with these codes. Raises UnknownWard where one is missing."""
    found = list(Ward.objects.filter(code__in=codes))
    if len(found) != len(codes):
        raise UnknownWard
    return found


def end_all(person: UUID, *, why: str, now: datetime) -> int:
    """End every sign-in of a person at once; returns how many."""
    return SignIn.objects.open().filter(person=person).update(ended_at=now, ended_why=why)


def keep_factor(person: Person, factor: NewFactor, *, now: datetime) -> Authenticator:
    """Keep a new factor. The code that confirmed it is used up."""
    kept = Authenticator.objects.create(user=person, type=factor.kind, data=factor.data, created_at=now)
    if factor.step is not None:
        UsedCode.objects.create(factor=kept.pk, step=factor.step)
    return kept


def void_invitations(person: Person, *, now: datetime) -> None:
    """No link that was made before opens any more."""
    Invitation.objects.filter(person=person, used_at=None, until__gt=now).update(until=now)
