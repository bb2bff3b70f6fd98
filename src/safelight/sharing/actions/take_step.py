from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.sharing.models.notices import After, Step
from safelight.sharing.notice_facts import ClockStopped
from safelight.sharing.notices import clock, rules


@action
def take_step(*, by: Actor, step_id: UUID, now: datetime) -> None:  # noqa: ARG001 - the worker acts
    """Take a step of the urgent clock.

    1. Where the question was opened, taken on, answered or ended meanwhile, the clock stops instead.
    2. A step is taken once, and not before it is due. Who was first has taken it: NotPossibleNow for everybody else.
    """
    step = Step.objects.select_related("opinion__team", "opinion__person").filter(pk=step_id).first()
    if step is None:
        raise NotFound(step_id)
    if not rules.clock_runs(step.opinion, After(step.after), now=now):  # (1)
        stopped = clock.stop(step.opinion, after=After(step.after), now=now)
        state(ClockStopped(opinion=step.opinion_id, patient=step.opinion.patient_id, steps=stopped))
        return
    clock.take(step, now=now)  # (2)
