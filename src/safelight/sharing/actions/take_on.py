from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing import queries, rules
from safelight.sharing.errors import TakenOnAlready
from safelight.sharing.facts import OpinionTakenOn
from safelight.sharing.models import Opinion


@action
def take_on(*, by: Actor, opinion_id: UUID, now: datetime) -> None:
    """Say "I am on it": the clock that tells the next person stops, and the asker is told.

    1. The actor is asked, and nobody has answered yet.
    2. One person is on it; one update decides between two.
    """
    opinion = queries.asked_of(by, opinion_id, now=now)  # (1)
    free = Opinion.objects.filter(pk=opinion_id, on_it_by=None, answered_at=None)
    if not rules.waits_for_answer(opinion, now=now) or not free.update(on_it_by=by.id, on_it_at=now):  # (2)
        raise TakenOnAlready(opinion_id)
    state(OpinionTakenOn(opinion=opinion_id, patient=opinion.patient_id))
