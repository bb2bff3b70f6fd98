from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import NotForYou
from safelight.custody.facts import StationRevoked
from safelight.custody.models import Station
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def revoke_station(*, by: Actor, station_id: UUID, now: datetime) -> None:
    """Take a station off the list: its next request is refused."""
    if not rules.may_register(by):
        raise NotForYou
    if not Station.objects.filter(pk=station_id, revoked_at=None).update(revoked_at=now):
        raise NotFound(station_id)
    state(StationRevoked(station=station_id))
