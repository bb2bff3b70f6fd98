from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import rostering, rules
from safelight.staff.errors import NotForYou, TeamTaken
from safelight.staff.models import Team
from safelight.staff.said import TeamSaid


@action
def change_team(*, by: Actor, team_id: UUID, said: TeamSaid, now: datetime) -> None:  # noqa: ARG001 - each action is told when
    """Change a team's name, number, lead, people and wards. It counts at once.

    1. The team's lead or an administrator does.
    2. Only an administrator hands the lead on: whoever leads decides who is asked.
    """
    team = rostering.team_to_change(by, team_id)  # (1)
    if said.lead != team.lead_id and not rules.may_look_after_people(by):  # (2)
        raise NotForYou
    if Team.objects.filter(name__iexact=said.name.strip()).exclude(pk=team_id).exists():
        raise TeamTaken
    state(rostering.keep_team(team, said, added=False))
