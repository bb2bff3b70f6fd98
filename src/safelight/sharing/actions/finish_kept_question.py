from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.sharing.facts import KeptQuestionDone
from safelight.sharing.models import KeptQuestion


@action
def finish_kept_question(*, by: Actor, question_id: UUID, asked_as: UUID | None, now: datetime) -> None:
    """Note that a kept question was asked, or is not needed any more.

    1. One's own, once.
    """
    mine = KeptQuestion.objects.filter(pk=question_id, kept_by=by.id, done_at=None).select_related("visit")
    found = mine.first()
    if found is None or not mine.update(done_at=now, asked_as=asked_as):  # (1)
        raise NotFound(question_id)
    state(KeptQuestionDone(patient=found.visit.patient_id, visit=found.visit_id, question=question_id, asked=asked_as is not None))
