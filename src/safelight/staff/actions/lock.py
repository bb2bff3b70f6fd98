from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff.facts import Locked
from safelight.staff.models import SignIn


@action
def lock(*, by: Actor, sign_in_id: UUID, idle: bool, now: datetime) -> None:
    """Lock a sign-in: its pages are shut until its person shows who they are. One that is locked already stays so."""
    if not SignIn.objects.open().filter(pk=sign_in_id, person=by.id).exists():
        raise NotFound(sign_in_id)
    SignIn.objects.open().filter(pk=sign_in_id, locked_at=None).update(locked_at=now)
    state(Locked(sign_in=sign_in_id, why="idle" if idle else "asked"))
