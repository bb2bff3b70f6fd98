from datetime import datetime, timedelta
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody.facts import ClockChecked
from safelight.custody.models import Camera
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def check_clock(*, by: Actor, camera_id: UUID, ahead: timedelta, now: datetime) -> None:  # noqa: ARG001 - the ledger takes both
    """Note by how much a camera's clock is ahead of ours, to the second; behind is negative (A10)."""
    seconds = round(ahead.total_seconds())
    if not Camera.objects.filter(pk=camera_id).update(clock_ahead=seconds, clock_checked_at=now):
        raise NotFound(camera_id)
    state(ClockChecked(camera=camera_id, ahead=seconds))
