from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import guarding
from safelight.staff.facts import WardChanged
from safelight.staff.models import Ward
from safelight.staff.said import WardSaid


@action
def change_ward(*, by: Actor, code: str, said: WardSaid, now: datetime) -> None:
    """Change a ward's name, what its consent form starts with, and after how long its screens lock."""
    guarding.require_administrator(by, now=now)
    found = Ward.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    Ward.objects.filter(pk=found.pk).update(
        name=said.name, default_site=said.default_site, default_reason=said.default_reason, lock_seconds=said.lock_seconds
    )
    state(WardChanged(ward=found.pk, added=False))
