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
def change_shift(*, by: Actor, shift_id: UUID, said: ShiftSaid, now: datetime) -> None:
    """Change who is on call in a shift, as what, or its times.

    1. The team's lead or an administrator does; a shift that is over stays as it was worked.
    2. It meets no other shift of its level.
    """
    shift = rostering.shift_to_change(by, shift_id, now=now)  # (1)
    rostering.require_worker_here(said.person)
    rostering.require_place(shift.team_id, said, but=(shift_id,))  # (2)
    if said.ends <= now:
        raise ShiftOver
    Shift.objects.filter(pk=shift_id).update(person=said.person, rank=said.rank, begins=said.begins, ends=said.ends)
    state(
        ShiftChanged(
            team=shift.team_id, shift=shift_id, person=said.person, rank=said.rank, begins=said.begins, ends=said.ends, added=False
        )
    )
