from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, ActorKind
from safelight.staff.errors import NotForYou, NotThem
from safelight.staff.facts import SecondPersonProved
from safelight.staff.models import Method, Person
from safelight.staff.shown import Shown, spend

PROOF = {Method.PASSWORD_AND_CODE, Method.PASSKEY}


@action
def prove_second_person(*, by: Actor, shown: Shown | None, now: datetime) -> Person:
    """Note that a second person, who works here, showed password and code or a passkey beside the one who is signed in."""
    if by.kind is not ActorKind.STAFF:
        raise NotForYou
    person = Person.objects.filter(pk=shown.person, is_active=True).first() if shown else None
    if shown is None or person is None or shown.method not in PROOF:
        raise NotThem
    spend(shown, now=now)
    state(SecondPersonProved(person=person.pk, method=shown.method))
    return person
