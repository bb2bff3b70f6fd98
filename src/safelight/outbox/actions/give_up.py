from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.outbox import rules
from safelight.outbox.errors import NotYours, SayWhy, SettledAlready
from safelight.outbox.facts import FlowGivenUp
from safelight.outbox.models import Settled, Stuck


@action
def give_up(*, by: Actor, stuck_id: UUID, reason: str, now: datetime) -> None:
    """Say of stuck work that it will not be done.

    1. The administrator or the IG lead says so, with a reason that stands beside it.
    2. One update decides between two people.
    """
    if not rules.may_mend(by):  # (1)
        raise NotYours
    if not reason.strip():
        raise SayWhy(stuck_id)
    found = Stuck.objects.filter(pk=stuck_id).first()
    if found is None:
        raise NotFound(stuck_id)
    still = Stuck.objects.filter(pk=stuck_id, settled="", flow=found.flow)
    if not still.update(settled=Settled.GIVEN_UP, settled_at=now, settled_by=by.id, reason=reason.strip()):  # (2)
        raise SettledAlready(stuck_id)
    state(FlowGivenUp(stuck=stuck_id, flow=found.flow))
