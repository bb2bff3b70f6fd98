from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff.errors import NotThem
from safelight.staff.facts import SignedIn
from safelight.staff.models import Method, Person, SignIn
from safelight.staff.shown import Shown, spend

ENOUGH = {Method.PASSWORD_AND_CODE, Method.PASSKEY}


@action
def sign_in(*, by: Actor, shown: Shown | None, browser: str, now: datetime, new_id: UUID) -> SignIn:
    """Begin a sign-in.

    1. Two factors were shown, or a passkey whose device verified its user; a code was not used before.
    2. The person works here still.
    """
    if shown is None or shown.method not in ENOUGH or shown.person != by.id:  # (1)
        raise NotThem
    spend(shown, now=now)
    person = Person.objects.filter(pk=shown.person, is_active=True).first()  # (2)
    if person is None:
        raise NotThem
    made = SignIn.objects.create(
        id=new_id, person=person, method=shown.method, browser=browser[:60], started_at=now, seen_at=now, proved_at=now
    )
    state(SignedIn(person=person.pk, sign_in=new_id, method=shown.method))
    return made
