from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import rostering
from safelight.staff.facts import ShiftsSwapped
from safelight.staff.models import Shift


@action
def swap_shifts(*, by: Actor, shift_id: UUID, other_id: UUID, now: datetime) -> None:
    """Let two people take each other's shift.

    1. The team's lead or an administrator does; neither shift is over, and both are of one team.
    2. Both change hands together. The times and levels stay.
    """
    shift = rostering.shift_to_change(by, shift_id, now=now)  # (1)
    other = rostering.shift_to_change(by, other_id, now=now)
    if shift.team_id != other.team_id:
        raise NotFound(other_id)
    for person in (shift.person_id, other.person_id):
        rostering.require_worker_here(person)
    Shift.objects.filter(pk=shift_id).update(person=other.person_id)  # (2)
    Shift.objects.filter(pk=other_id).update(person=shift.person_id)
    state(ShiftsSwapped(team=shift.team_id, shift=shift_id, other=other_id))
