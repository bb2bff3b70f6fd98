from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.outbox import rules
from safelight.outbox.again import begin_again
from safelight.outbox.errors import NotYours, SettledAlready
from safelight.outbox.facts import FlowTriedAgain
from safelight.outbox.flows import enqueue
from safelight.outbox.models import Settled, Stuck


@action
def try_again(*, by: Actor, stuck_id: UUID, now: datetime) -> None:
    """Have stuck work begin once more, at the step that failed.

    1. The administrator or the IG lead says so.
    2. One update decides between two people.
    3. The work gets a key of its own, so that what failed stays there to be looked at. If it fails again, it is back on the page.
    """
    if not rules.may_mend(by):  # (1)
        raise NotYours
    found = Stuck.objects.filter(pk=stuck_id).first()
    if found is None:
        raise NotFound(stuck_id)
    still = Stuck.objects.filter(pk=stuck_id, settled="", flow=found.flow)
    if not still.update(settled=Settled.AGAIN, settled_at=now, settled_by=by.id, reason=""):  # (2)
        raise SettledAlready(stuck_id)
    again = f"{found.flow}:again"  # (3)
    enqueue(begin_again, found.flow, again, found.queue, queue=rules.CLOCK, key=f"begin:{again}")
    state(FlowTriedAgain(stuck=stuck_id, flow=found.flow, again=again))
