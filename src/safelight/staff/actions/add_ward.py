from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import guarding
from safelight.staff.errors import WardTaken
from safelight.staff.facts import WardChanged
from safelight.staff.models import Ward
from safelight.staff.said import WardSaid


@action
def add_ward(*, by: Actor, code: str, said: WardSaid, now: datetime, new_id: UUID) -> None:
    """Put a ward or clinic on the list. Its code is nobody else's and never changes: it stands on patients and cabinets."""
    guarding.require_administrator(by, now=now)
    if Ward.objects.filter(code=code).exists():
        raise WardTaken
    Ward.objects.create(
        id=new_id,
        code=code,
        name=said.name,
        default_site=said.default_site,
        default_reason=said.default_reason,
        lock_seconds=said.lock_seconds,
    )
    state(WardChanged(ward=new_id, added=True))
