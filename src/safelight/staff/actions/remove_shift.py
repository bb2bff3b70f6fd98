from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff import rostering
from safelight.staff.facts import ShiftRemoved


@action
def remove_shift(*, by: Actor, shift_id: UUID, now: datetime) -> None:
    """Take a shift off the rota. Where it was the only one, the rota says that nobody is on call then.

    1. The team's lead or an administrator does; a shift that is over stays.
    """
    shift = rostering.shift_to_change(by, shift_id, now=now)  # (1)
    shift.delete()
    state(ShiftRemoved(team=shift.team_id, shift=shift_id, person=shift.person_id))
