from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import After
from safelight.sharing.models.opinions import Opinion, Urgency
from safelight.sharing.notice_facts import ClockStopped
from safelight.sharing.notices import clock


@action
def move_clock(*, by: Actor, opinion_id: UUID, opened: bool, now: datetime) -> None:  # noqa: ARG001 - the worker acts
    """Let the urgent clock follow what happened to a question.

    1. Opened: what counted from the asking stops, and what counts from the opening begins.
    2. Taken on, answered or ended: it stops altogether.
    """
    opinion = Opinion.objects.get(pk=opinion_id)
    if opinion.urgency != Urgency.URGENT or opinion.guest_id is not None:
        return
    stopped = clock.stop(opinion, after=After.ASKED if opened else None, now=now)
    if stopped:
        state(ClockStopped(opinion=opinion.pk, patient=opinion.patient_id, steps=stopped))
    if opened:
        clock.set_going(opinion, After.OPENED, since=now, now=now)
