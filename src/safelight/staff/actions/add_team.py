from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import guarding, rostering
from safelight.staff.errors import TeamTaken
from safelight.staff.models import Team
from safelight.staff.said import TeamSaid


@action
def add_team(*, by: Actor, said: TeamSaid, now: datetime, new_id: UUID) -> None:
    """Make a team that can be asked. An administrator does, and says the number that reaches it at any hour."""
    guarding.require_administrator(by, now=now)
    if Team.objects.filter(name__iexact=said.name.strip()).exists():
        raise TeamTaken
    state(rostering.keep_team(Team(id=new_id), said, added=True))
