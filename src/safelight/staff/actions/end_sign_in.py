from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import rules
from safelight.staff.facts import SignInEnded
from safelight.staff.models import SignIn


@action
def end_sign_in(*, by: Actor, sign_in_id: UUID, why: str, now: datetime) -> None:
    """End a sign-in: signed out, idle or open for too long, or ended from elsewhere.

    1. It is the actor's own, or the actor looks after people.
    2. One that has ended already is left as it was.
    """
    found = SignIn.objects.filter(pk=sign_in_id).first()
    if found is None or not (found.person_id == by.id or rules.may_look_after_people(by)):  # (1)
        raise NotFound(sign_in_id)
    SignIn.objects.open().filter(pk=sign_in_id).update(ended_at=now, ended_why=why)  # (2)
    state(SignInEnded(person=found.person_id, sign_in=sign_in_id, why=why))
