from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import rules
from safelight.staff.errors import ProofNeeded
from safelight.staff.facts import PasswordChanged
from safelight.staff.models import Person, SignIn


@action
def change_password(*, by: Actor, sign_in_id: UUID, password_hash: str, now: datetime) -> None:
    """Change one's own password after a fresh proof. Every other sign-in of the person ends (ASVS 7.4.3)."""
    if not rules.proved(by, now=now):
        raise ProofNeeded
    Person.objects.filter(pk=by.id).update(password=password_hash)
    SignIn.objects.open().filter(person=by.id).exclude(pk=sign_in_id).update(ended_at=now, ended_why="password_changed")
    state(PasswordChanged(person=by.id))
