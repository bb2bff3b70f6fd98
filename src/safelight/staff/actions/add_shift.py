from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import rostering
from safelight.staff.errors import ShiftOver
from safelight.staff.facts import ShiftChanged
from safelight.staff.models import Shift
from safelight.staff.said import ShiftSaid


@action
def add_shift(*, by: Actor, team_id: UUID, said: ShiftSaid, now: datetime, new_id: UUID) -> None:
    """Put somebody on call.

    1. The team's lead or an administrator does, for somebody who works here.
    2. At each level one person is on call at a time, and nothing is added to what is over.
    """
    rostering.team_to_change(by, team_id)  # (1)
    rostering.require_worker_here(said.person)
    rostering.require_place(team_id, said)  # (2)
    if said.ends <= now:
        raise ShiftOver
    Shift.objects.create(id=new_id, team_id=team_id, person_id=said.person, rank=said.rank, begins=said.begins, ends=said.ends)
    state(ShiftChanged(team=team_id, shift=new_id, person=said.person, rank=said.rank, begins=said.begins, ends=said.ends, added=True))
